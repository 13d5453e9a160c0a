import re

import pytest
import torch

from cnnviz.glossary import ENTRIES, PLACES, of_columns
from cnnviz.networks.models import untrained
from cnnviz.networks.trace import trace
from cnnviz.ui.glossary import marked
from tests.browser.chromium import ROOT


def test_the_first_of_each_word_is_explained_and_no_other() -> None:
    text = marked("A kernel makes a feature map; two kernels make two.")
    assert re.findall(r'<button type="button"[^>]*>(.*?)</button>', text) == [
        "kernel",
        "feature map",
    ]
    assert text.endswith("two kernels make two.")


def test_no_line_begins_with_what_follows_a_word() -> None:
    assert re.search(r'<span class="term">.*\.</span>$', marked("Set the (old) stride."))


@pytest.mark.parametrize(
    "text", ["a `kernel` in code", "[kernel](https://example.org)", "kernelled"]
)
def test_code_links_and_longer_words_are_left_alone(text: str) -> None:
    assert marked(text) == text


def test_two_texts_of_a_page_never_share_an_id() -> None:
    ids = re.findall(r' id="(.*?)"', marked("One kernel, one stride.") + marked("This kernel."))
    assert len(ids) == len(set(ids)) == 3


def test_each_entry_is_one_sentence_with_a_place_that_is_there() -> None:
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert len(ENTRIES) >= 20
    spellings = [spelling.lower() for entry in ENTRIES for spelling in entry.spellings]
    assert len(spellings) == len(set(spellings))
    for entry in ENTRIES:
        assert entry.page in PLACES
        assert entry.page == "" or entry.page in pages
        assert re.fullmatch(r"[A-Z][^.]*\.", entry.sentence.replace("Conv2d", "")), entry


def test_every_column_of_the_articles_network_has_a_meaning() -> None:
    heads = {layer.kind for layer in trace(untrained(), torch.rand(1, 1, 28, 28)).layers}
    meanings = of_columns(heads | {"logits", "softmax"})
    assert set(meanings) == heads | {"logits", "softmax"}
    assert meanings["relu"]["place"] == "See it on Draw"
