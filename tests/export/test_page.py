"""The explorer as one file: what is in it, and what can't get into it."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.__main__ import main
from cnnviz.drawing import samples, sources
from cnnviz.drawing.frames import Frame
from cnnviz.export.page import page
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected
from cnnviz.views.explorer import Start
from cnnviz.views.network import Words

MOST = 500_000
CLASS = "</script><script>x()</script>"
EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def start() -> Start:
    source = sources.sample(7)
    return Start(sources.seen(source, None, centre=True), source.shown, truth="7")


@pytest.fixture(scope="module")
def made(start: Start) -> str:
    return page(checkpoints.article(), start)


def data_of(made: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', made, re.DOTALL)
    assert found
    return json.loads(found[1])


def unpacked(made: str) -> str:
    """The modules that the page runs."""
    found = re.search(r'<script [^>]*id="packed">(.*?)</script>', made, re.DOTALL)
    assert found
    return gzip.decompress(base64.b64decode(found[1])).decode()


def sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_it_has_at_most_500_kb(made: str):
    assert len(made.encode()) <= MOST


def test_all_that_runs_or_styles_is_named_by_its_hash_and_nothing_else_may(made: str):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', made)
    assert policy
    scripts = [*re.findall(r'<script type="module">(.*?)</script>', made, re.DOTALL)]
    assert len(scripts) == 1
    styles = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    for kind, texts in (("script", [*scripts, unpacked(made)]), ("style", styles)):
        allowed = re.search(rf"{kind}-src ([^;]+);", policy[1])
        assert allowed
        assert re.findall(r"'sha256-([^']+)'", allowed[1]) == [sha256(text) for text in texts]
    assert "unsafe" not in policy[1]
    assert policy[1].startswith("default-src 'none'; ")


def test_it_names_no_file_elsewhere_and_has_no_handler_in_its_markup(made: str):
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", made, flags=re.DOTALL)
    assert not re.findall(r"\s(?:src|href|on\w+)=", markup)
    assert "@import" not in made
    assert not re.findall(r"url\((?!data:|\$\{)", made + unpacked(made))


def test_the_words_of_whoever_made_the_weights_stay_words(start: Start):
    checkpoint = Checkpoint(checkpoints.article().model, {}, EVIL)
    words = Words(title=EVIL)
    classes = {"classes": json.dumps([CLASS, *"123456789"])}
    for made in (
        page(checkpoint, start),
        page(replace(checkpoint, metadata=classes), replace(start, truth=CLASS), words),
    ):
        assert made.count("<script") == 3
        assert "<img" not in made
    assert data_of(made)["trace"]["options"]["classes"][0] == CLASS
    assert data_of(made)["reading"]["truth"] == CLASS


def test_another_network_for_other_pictures_has_its_frame_and_no_digits_to_choose():
    model = FullyConnected(8, (3, 16, 16), 4)
    frame = Frame((3, 16, 16), box=None, ground="white")
    about = {"frame": frame.to_dict(), "classes": list("abcd")}
    checkpoint = Checkpoint(model, {key: json.dumps(value) for key, value in about.items()}, "mine")
    made = data_of(page(checkpoint, Start(sources.seen(None, None, centre=True, frame=frame))))
    assert made["start"] == {"ink": None, "stays": False, "samples": []}
    assert made["trace"]["live"]["frame"]["shape"] == [3, 16, 16]
    assert made["reading"]["classes"] == list("abcd")
    assert made["reading"]["blank"] is True


def test_the_command_takes_weights_and_a_drawing_and_says_what_is_wrong(tmp_path, capsys):
    picture, weights, out = (str(tmp_path / name) for name in ("3.png", "my.pt", "e.html"))
    Image.fromarray((255 - 255 * samples.ink(3)).astype(np.uint8)).save(picture)
    torch.save(checkpoints.article().model.state_dict(), weights)
    assert main(["page", "--out", out, "--weights", weights, "--drawing", picture]) == 0
    said, _ = capsys.readouterr()
    assert re.fullmatch(rf"{re.escape(out)}: \d+ kB\n", said)
    with open(out, encoding="utf-8") as file:
        probabilities = data_of(file.read())["reading"]["probabilities"]
    assert np.frombuffer(base64.b64decode(probabilities), "<f4").argmax() == 3

    for wrong, code in (
        (["--out", out, "--weights", picture], 2),
        (["--out", out, "--drawing", weights], 2),
        (["--out", out, "--drawing", str(tmp_path / "none.png")], 2),
        (["--out", str(tmp_path / "3.png" / "e.html")], 1),
        ([], 2),
    ):
        assert main(["page", *wrong]) == code
        said, complained = capsys.readouterr()
        assert said == ""
        assert len(complained.splitlines()) == 1
