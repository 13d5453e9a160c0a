"""The explorer as one file, opened from disk in a browser without a network."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from cnnviz.__main__ import main
from cnnviz.drawing import sources
from cnnviz.drawing.preprocessing import prepare
from cnnviz.export.lab_page import layer_page, signal_page
from cnnviz.export.run_page import run_page
from cnnviz.labs import convolution_1d, convolution_2d, pooling, signals
from cnnviz.labs.convolution_1d import Sliding
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import as_image, trace
from cnnviz.runs import folders, history, recorder
from cnnviz.spelling import percent
from cnnviz.training.config import TrainingConfig
from cnnviz.views.explorer import Start
from cnnviz.views.network import Painting
from cnnviz.views.signal import signal_message
from tests.browser.hand import SEVEN, draw, still
from tests.browser.test_accessibility import found_by_axe, nothing_refused
from tests.browser.test_convolution_1d import drag
from tests.browser.view import click, inspector, open_view, root, walk_back

SAME = 1e-5
ALPHA = """() => {
  const both = document.querySelector(".paper").shadowRoot.querySelectorAll("canvas");
  const seen = new OffscreenCanvas(280, 280).getContext("2d");
  for (const canvas of both) seen.drawImage(canvas, 0, 0, 280, 280);
  return [...seen.getImageData(0, 0, 280, 280).data].filter((_, at) => at % 4 === 3);
}"""


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Iterator[Page]:
    """In a browser without a network: nobody is asked for anything."""
    page = open_page(fresh=True, offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert asked == [url for url in asked if url.startswith(("file:", "data:", "blob:"))]


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


def on_a_telephone(page: Page) -> None:
    """Nothing is wider than that."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => document.documentElement.scrollWidth === 390")


def on_a_telephone_and_back(page: Page) -> None:
    on_a_telephone(page)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_without_a_network_one_draws_reads_pins_and_walks_back_and_numbers_are_torchs(
    explorer: str, page: Page, problems: list[str]
) -> None:
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

    # Without centring, of the same strokes; and the steps to the network's picture say so.
    steps = page.locator("#seen figcaption:visible")
    expect(steps).to_have_text(["the ink", "20×20", "28×28"])
    page.get_by_role("checkbox", name="Centre and scale").uncheck()
    expect(steps).to_have_text(["28×28"])
    plain = trace(checkpoints.article().model, as_image(prepare(pixels, centre=False).centred))
    found = values(page, "conv1.2.9.9", "conv1 map 2")
    assert np.abs(found - plain["conv1"].values[2].numpy()).max() < SAME
    page.get_by_role("checkbox", name="Centre and scale").check()
    expect(steps).to_have_text(["the ink", "20×20", "28×28"])

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
    on_a_telephone(page)
    assert found_by_axe(page) == [], "on a telephone"
    nothing_refused(page, problems)


@pytest.mark.long
def test_the_pages_of_a_run_and_of_the_labs_do_offline_what_they_show(
    tmp_path: Path, page: Page
) -> None:
    # A run: its snapshots' networks read what is drawn, each with its own weights.
    small = TrainingConfig(preset="own", dataset="digits", train_size=320, epochs=2, batch_size=32)
    folder = folders.create(small, "small", runs=tmp_path)
    recorder.record(folder)
    run = history.read(folder)

    def opened(step: int) -> Checkpoint:
        return checkpoints.load_safetensors(folders.read_snapshot(folder, step), f"step {step}")

    sample = sources.sample(7)
    begun = Start(sources.seen(sample, None, centre=True), sample.shown, truth="7")
    (tmp_path / "run.html").write_text(run_page(run, opened, begun), "utf-8")
    view = open_view(page, (tmp_path / "run.html").as_uri())
    last, first = run.events.snapshots[-1].step, run.events.snapshots[0].step
    strip = page.locator("[data-cnnviz=training-view]")
    expect(strip).to_have_attribute("data-step", str(last))
    draw(page, SEVEN, on=page.get_by_label("Drawing canvas"))
    expect(view).to_have_attribute("data-source", "preview")
    pixels = np.array(page.evaluate(ALPHA), np.float32).reshape(280, 280) / 255
    drawn = as_image(prepare(pixels).centred)
    handle = page.get_by_role("slider", name="Snapshot")
    handle.focus()
    page.keyboard.press("Home")
    expect(strip).to_have_attribute("data-step", str(first))
    torchs = trace(opened(first).model, drawn)
    assert torchs.probabilities is not None
    best = torchs.probabilities.max()
    share = percent(float(best))
    digit = int(torchs.probabilities.argmax())
    expect(strip.locator(".title")).to_contain_text(
        f"your drawing: {digit}, with {share} of the vote"
    )
    # The network below follows the strip, and reads the same.
    expect(page.locator("#reading")).to_contain_text(f"{digit}, with {share} of the vote")
    found = values(page, "conv2.3.2.2", "conv2 map 3")
    assert np.abs(found - torchs["conv2"].values[3].numpy()).max() < SAME
    assert found_by_axe(page) == []
    on_a_telephone_and_back(page)

    # 2D convolution: a kernel is set to another, and the map is torch's of that.
    ink = torch.tensor(begun.prepared.image)[None]
    kernels = torch.arange(18.0).reshape(2, 1, 3, 3) / 9
    layer = convolution_2d.layer(kernels, convolution_2d.Settings(), torch.tensor([0.0, 1.0]))
    lab = layer_page(trace(layer, ink), "2D convolution", Painting(), "conv.1.3.4")
    (tmp_path / "convolution_2d.html").write_text(lab, "utf-8")
    view = open_view(page, (tmp_path / "convolution_2d.html").as_uri())
    expect(inspector(page).locator("h2")).to_have_text("conv · map 1")
    view.get_by_role("button", name="what if").click()
    panel = view.get_by_role("region", name="What if")
    panel.get_by_role("button", name="Sobel x").click()
    expect(panel).to_contain_text("With 1 change")
    panel.get_by_role("button", name="Close").click()
    kernels[1, 0] = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    torchs = convolution_2d.layer(kernels, convolution_2d.Settings(), torch.tensor([0.0, 1.0]))(ink)
    found = values(page, "conv.1.9.9", "conv map 1")
    assert np.abs(found - torchs[0, 1].detach().numpy()).max() < SAME
    assert found_by_axe(page) == []
    on_a_telephone_and_back(page)

    # Pooling: a unit names the window that it stands for.
    pooled = trace(pooling.layer(pooling.Settings(), 1, None), ink)
    lab = layer_page(pooled, "Max pooling", Painting(winners=True), None)
    (tmp_path / "pooling.html").write_text(lab, "utf-8")
    open_view(page, (tmp_path / "pooling.html").as_uri())
    name = pooled.layers[0].name
    assert np.array_equal(values(page, f"{name}.0.5.6", f"{name} map 0"), pooled[name].values[0])
    on_a_telephone_and_back(page)

    # 1D convolution: a stem is dragged, and every result is NumPy's of what there is then.
    f, h = signals.Numbers(("3", "2", "1", "0")), signals.Numbers(("1", "0", "-1"))
    result = convolution_1d.convolve(f.values, h.values, Sliding())
    lab = signal_page(signal_message(f, h, Sliding(), result))
    (tmp_path / "convolution_1d.html").write_text(lab, "utf-8")
    page.goto((tmp_path / "convolution_1d.html").as_uri())
    signal = page.locator("[data-cnnviz=signal-view]")
    expect(signal).to_have_attribute("data-source", "numpy")
    drag(page, "signal", 1, 20)
    page.mouse.up()
    expect(signal).to_contain_text("computed by this page")
    with page.expect_download() as download:
        signal.get_by_role("button", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))[1:]
    columns = [[float(cell) for cell in column if cell] for column in zip(*rows, strict=True)]
    assert columns[1] != f.values.tolist()
    assert np.allclose(np.convolve(columns[1], columns[2]), columns[3])
    assert found_by_axe(page) == []
