"""The explorer as one file, opened from disk in a browser without a network."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnnviz.__main__ import main
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace
from tests.browser.hand import SEVEN, draw, still
from tests.browser.test_accessibility import found_by_axe, nothing_refused
from tests.browser.view import click, inspector, open_view, root, walk_back

SAME = 1e-5
ALPHA = """() => {
  const both = document.querySelector(".paper").shadowRoot.querySelectorAll("canvas");
  const seen = new OffscreenCanvas(280, 280).getContext("2d");
  for (const canvas of both) seen.drawImage(canvas, 0, 0, 280, 280);
  return [...seen.getImageData(0, 0, 280, 280).data].filter((_, at) => at % 4 === 3);
}"""


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "explorer.html"
    assert main(["page", "--out", str(path)]) == 0
    return path.as_uri()


def values(page: Page, unit: str, name: str) -> np.ndarray:
    """The map that `unit` is in, by its CSV."""
    click(page, unit)
    expect(inspector(page).locator("h2")).to_have_text(name.replace(" ", " · ", 1))
    page.get_by_role("button", name="enlarge").click()
    panel = page.get_by_role("region", name=f"{name}, enlarged")
    with page.expect_download() as download:
        panel.get_by_role("button", name="CSV").click()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    return np.array(rows, dtype=np.float32)


def test_without_a_network_one_draws_reads_pins_and_walks_back_and_numbers_are_torchs(
    explorer: str, open_page: Callable[..., Page], problems: list[str]
) -> None:
    asked: list[str] = []
    page = open_page(fresh=True, offline=True)
    page.on("request", lambda request: asked.append(request.url))
    open_view(page, explorer)
    said = page.locator("#reading")
    expect(said).to_contain_text("Best guess 7")
    # Of all values of all layers, torch's beside the page's own.
    assert float(root(page).get_attribute("data-preview-error") or "nan") < SAME

    draw(page, SEVEN, on=page.get_by_label("Drawing canvas"))
    expect(root(page)).to_have_attribute("data-source", "preview")
    expect(root(page)).to_contain_text("this page")
    expect(said).to_contain_text("Best guess 7")
    pixels = np.array(page.evaluate(ALPHA), np.float32).reshape(280, 280) / 255
    steps = trace(checkpoints.article().model, as_image(prepare(pixels).centred))
    for unit, name in (("conv1.2.9.9", "conv1 map 2"), ("pool2.3.2.2", "pool2 map 3")):
        layer, channel = unit.split(".")[:2]
        torchs = steps[layer].values[int(channel)].numpy()
        assert np.abs(values(page, unit, name) - torchs).max() < SAME

    click(page, "softmax.7")
    expect(inspector(page).locator("h2")).to_contain_text("softmax")
    walk_back(page)

    # The sample that the first stroke took away comes back with its undo, and torch's values.
    page.get_by_role("button", name="undo").click()
    expect(root(page)).to_have_attribute("data-source", "torch")
    page.get_by_role("button", name="3", exact=True).click()
    expect(said).to_contain_text("Best guess 3")
    page.get_by_role("button", name="clear").click()
    expect(said).not_to_contain_text("Best guess")

    for theme in ("dark", "light"):
        page.get_by_role("button", name="light or dark").click()
        expect(page.locator("html")).to_have_css("color-scheme", theme)
        still(page)
        assert found_by_axe(page) == [], theme
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert found_by_axe(page) == [], "on a telephone"

    assert asked == [url for url in asked if url.startswith(("file:", "data:", "blob:"))]
    nothing_refused(page, problems)
