"""`cnnviz.show` in a real marimo, which runs the example as a reader would: torch answers."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium
from tests.browser.hand import SEVEN, draw
from tests.browser.view import root

EXAMPLES = Path(__file__).parents[2] / "examples"


@contextmanager
def served(folder: Path, *command: str, answers: str) -> Iterator[str]:
    """A server of notebooks in `folder`, with nothing of the user's own settings."""
    port = chromium.free_port()
    url = f"http://127.0.0.1:{port}"
    homes = {name: str(folder / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    started = [sys.executable, "-m", *command, "--port", str(port)]
    with chromium.serving(started, url + answers, homes, folder=folder):
        yield url


def is_answered(page: Page, view: Locator, digit: int) -> None:
    """torch has answered what was drawn, and it agrees with what the browser computed."""
    expect(page.locator(".reading[data-source=torch]")).to_contain_text(f"Best guess {digit}")
    expect(view).to_have_attribute("data-source", "torch")
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-5


@pytest.mark.long
def test_marimo_runs_the_example_draws_and_its_other_cells_follow(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    path = Path(shutil.copy(EXAMPLES / "digits_marimo.py", tmp_path))
    options = ("run", str(path), "--headless", "--no-token", "--no-sandbox")
    page = open_page(fresh=True, viewport={"width": 1440, "height": 1200}, service_workers="allow")
    with served(tmp_path, "marimo", *options, answers="/health") as url:
        page.goto(url)
        view = root(page)
        expect(view).to_have_attribute("data-source", "torch")
        # All cells have run, in their own fonts: nothing moves any more.
        expect(page.get_by_text("Read as 2, with")).to_be_visible()
        page.evaluate("() => document.fonts.ready.then(() => null)")
        draw(page, SEVEN, on=page.get_by_label("Drawing canvas"))
        is_answered(page, view, 7)
        expect(page.get_by_text("Read as 7, with")).to_be_visible()
