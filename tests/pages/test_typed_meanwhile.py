"""What one types or presses while a page's run is on its way stays.

A value that a script sets is sent to the browser as one to take, even where the browser has told it
itself: what came in between would be taken back.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from tests.pages.conftest import PAGES


def elements(block: Block) -> Iterator[Any]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def set_by_script(script: AppTest) -> list[str]:
    """The labels of what the last run told the browser to take."""
    protos: list[Any] = [getattr(element, "proto", None) for element in elements(script._tree)]
    return [proto.label for proto in protos if getattr(proto, "set_value", False)]


def test_what_a_script_sets_is_told_from_what_the_browser_has(
    open_script: Callable[..., AppTest],
) -> None:
    script = open_script("translation", dx=1000)
    assert set_by_script(script) == ["Right by"]  # brought into the field
    assert set_by_script(script.run()) == []


@pytest.mark.parametrize("name", sorted(page.stem for page in PAGES.glob("*.py")))
def test_a_page_that_is_run_again_sets_nothing_anew(
    open_script: Callable[..., AppTest], name: str
) -> None:
    script = open_script(name, **{f"{name}_painted": True}).run()
    assert not script.exception
    assert set_by_script(script) == []


def test_one_slider_moves_and_no_other_is_set(open_script: Callable[..., AppTest]) -> None:
    script = open_script("translation", translation_painted=True)
    script.slider("dx").set_value(2).run()
    assert script.slider("dx").value == 2
    assert set_by_script(script) == []
