"""The training page as a person uses it: start, watch, pause, scrub, use, come back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz import runs, runs_recording
from cnnviz.training_config import TrainingConfig
from tests.browser import chromium

SOON, LATER = 30_000, 120_000
SMALL = TrainingConfig(preset="own", dataset="digits", train_size=320, epochs=4, batch_size=32)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def training(root: Path) -> Iterator[str]:
    """The training page of an app with runs of its own, and one finished run."""
    folder = runs.create(SMALL, "finished before", name="before", runs=root)
    runs_recording.record(folder)
    with chromium.server({"CNNVIZ_RUNS": str(root), "CNNVIZ_NICENESS": "0"}) as (url, _):
        yield f"{url}/training"


def film(page: Page) -> Locator:
    return page.locator('[data-cnnviz="training-view"]')


def network(page: Page) -> Locator:
    return page.locator('[data-cnnviz="network-view"]').first


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Snapshot")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_run(page: Page, training: str, name: str = "before") -> None:
    page.goto(f"{training}?run={name}")
    expect(network(page)).to_be_visible(timeout=LATER)


def test_a_run_is_started_watched_paused_stopped_and_found_again(
    training: str, page: Page, open_page: Callable[..., Page]
) -> None:
    open_run(page, training)
    page.get_by_role("radio", name="own…").click()
    page.get_by_label("Images", exact=True).click()
    page.get_by_role("option", name=re.compile("scikit-learn")).click()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("100")
    epochs.press("Enter")
    press(page, "Start")
    expect(page.get_by_text("images/s")).to_be_visible(timeout=LATER)
    expect(film(page)).to_have_attribute("data-step", re.compile(r"^[1-9]"), timeout=LATER)

    # The curve grows in place: the same plot, with more and more points.
    plot = page.locator(".st-key-training_curve .js-plotly-plot")
    points = (
        "() => document.querySelector('.st-key-training_curve .js-plotly-plot').data[0].x.length"
    )
    page.wait_for_function(f"({points})() > 3")
    expect(plot).to_have_count(1, timeout=SOON)
    plot.evaluate("plot => { plot.mine = true; }")
    before = page.evaluate(points)
    page.wait_for_function(f"({points})() > {before}")
    assert plot.evaluate("plot => plot.mine === true")

    # A zoom outlives what comes in.
    plot.scroll_into_view_if_needed()
    box = page.locator(".st-key-training_curve .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 90, steps=8)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('.st-key-training_curve .js-plotly-plot')"
        "._fullLayout.xaxis.range[0] > -0.3"
    )
    zoomed = plot.evaluate("plot => plot._fullLayout.xaxis.range")
    revision = int(film(page).get_attribute("data-revision") or 0)
    grown = page.evaluate(points)
    page.wait_for_function(f"({points})() > {grown}")
    assert plot.evaluate("plot => plot._fullLayout.xaxis.range") == pytest.approx(zoomed)
    assert int(film(page).get_attribute("data-revision") or 0) >= revision

    # Another browser looks at the same run.
    name = re.search(r"run=([\w.-]+)", page.url)
    assert name is not None
    other = open_page()
    open_run(other, training, name[1])
    press(page, "Pause")
    expect(page.get_by_text("paused at step")).to_be_visible(timeout=SOON)
    expect(other.get_by_text("paused at step")).to_be_visible(timeout=SOON)
    press(other, "Go on")
    expect(page.get_by_text("images/s")).to_be_visible(timeout=SOON)
    press(page, "Stop")
    expect(page.get_by_text("stopped at step")).to_be_visible(timeout=SOON)
    expect(other.get_by_role("button", name="Resume", exact=True)).to_be_visible(timeout=SOON)
    press(other, "Resume")
    expect(other.get_by_text("images/s")).to_be_visible(timeout=LATER)
    press(other, "Stop")
    expect(other.get_by_text("stopped at step")).to_be_visible(timeout=SOON)


def test_the_filmstrip_is_scrubbed_with_keys_and_pointer_and_the_network_follows(
    training: str, page: Page
) -> None:
    open_run(page, training)
    expect(scrubber(page)).to_have_attribute("aria-valuenow", "40")
    page.get_by_text("The network at step 40").wait_for()
    scrubber(page).focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("The network at step 0")).to_be_visible(timeout=SOON)
    page.keyboard.press("ArrowRight")
    expect(scrubber(page)).to_have_attribute("aria-valuetext", re.compile("^step 1, your drawing"))
    cell = film(page).locator('.cell.kernels[data-step="10"]').first
    cell.click()
    expect(page.get_by_text("The network at step 10")).to_be_visible(timeout=SOON)
    page.keyboard.press("End")
    expect(page.get_by_text("The network at step 40")).to_be_visible(timeout=SOON)


def test_two_steps_are_compared_side_by_side(training: str, page: Page) -> None:
    open_run(page, training)
    page.get_by_label("Compare with step").click()
    page.get_by_role("option", name="with step 0", exact=True).click()
    views = page.locator('[data-cnnviz="network-view"]')
    expect(views).to_have_count(2, timeout=SOON)
    expect(page.get_by_text("step 40", exact=True).last).to_be_visible()


def test_the_model_is_used_on_the_draw_page(training: str, page: Page) -> None:
    open_run(page, training)
    press(page, "Use this model")
    expect(page.locator(".st-key-model")).to_contain_text("finished before · step 40", timeout=SOON)
    page.get_by_role("link", name="Draw").click()
    expect(page.locator(".st-key-draw_reading")).to_contain_text(
        re.compile("Reads a|Unsure"), timeout=SOON
    )
    expect(page.locator(".st-key-model")).to_contain_text("finished before · step 40")


def test_a_mistake_is_sent_to_the_draw_page(training: str, page: Page) -> None:
    open_run(page, training)
    page.get_by_role("radio", name="What it gets wrong").click()
    mistake = page.get_by_role("button", name=re.compile(r"\d → \d, [\d.> ]+ %")).first
    expect(mistake).to_be_visible(timeout=LATER)
    mistake.click()
    expect(page.locator(".st-key-draw_reading")).to_contain_text(
        re.compile("Reads a|Unsure"), timeout=SOON
    )


def test_a_bad_name_in_the_url_is_a_message_and_nothing_else(training: str, page: Page) -> None:
    page.goto(f"{training}?run=../../etc")
    expect(page.get_by_text("a run's name is letters")).to_be_visible(timeout=LATER)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()


def test_on_a_phone_everything_is_under_one_another(training: str, phone_page: Page) -> None:
    open_run(phone_page, training)
    beyond = phone_page.evaluate(
        """() => ["html", ".stApp", ".stMain"].map(name => document.querySelector(name))
        .map(part => part.scrollWidth - part.clientWidth)"""
    )
    rail = phone_page.locator(".st-key-rail").bounding_box()
    stage = phone_page.locator(".st-key-stage").bounding_box()
    assert rail is not None
    assert stage is not None
    assert stage["y"] >= rail["y"] + rail["height"] - 1
    assert stage["width"] <= 400
    assert beyond == [0, 0, 0]
