"""A newcomer's lesson: how long it takes by mouse, how long its training, how well it reads."""

import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Browser, Page, expect

from benchmarks.table import Row
from cnnviz.datasets import own
from cnnviz.networks.models import SimpleCNN
from cnnviz.runs import folders, recorder
from cnnviz.runs.history import Reader
from cnnviz.teaching.course import Choices, course, settings
from cnnviz.teaching.lesson import stacked
from cnnviz.training.events import Saved
from cnnviz.training.loop import train
from cnnviz.training.testing import readings
from tests.browser import chromium, hand
from tests.browser.hand import settled
from tests.browser.view import root
from tests.teaching import pen
from tests.teaching.lessons import lesson

EACH, FRESH, NAMES = 20, 10, pen.SETS[4]


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as home:
        os.environ["CNNVIZ_OWN"] = home  # nothing of it is to stay on this machine
        try:
            return [*_sets(), _seconds(Path(home)), _newcomer(home), _built(home)]
        finally:
            del os.environ["CNNVIZ_OWN"]


def _sets() -> list[Row]:
    """Of ten drawings a symbol that came after, how many are read right."""
    rows = []
    for start in ("article", "random"):
        shares = []
        for seed, names in enumerate(pen.SETS):
            plan = course(lesson(names, EACH, seed=100 * seed))
            own.save(plan.collection)
            config = settings(plan, Choices(start=start))
            *_, last = train(config)
            assert isinstance(last, Saved)
            model = SimpleCNN(config.architecture)
            model.load_state_dict(dict(last.state.weights))
            fresh = lesson(names, FRESH, seed=100 * seed + 50)
            images = torch.from_numpy(stacked(fresh.drawings)).float().div(255).unsqueeze(1)
            labels = torch.arange(len(names)).repeat_interleave(FRESH)
            shares.append(100 * readings(model, images, labels).accuracy)
        begun = "the shipped convolutions" if start == "article" else "nothing"
        rows.append(
            Row(
                f"{FRESH} new drawings a symbol read right, {EACH} drawn, from {begun}, median",
                statistics.median(shares),
                "%",
                90,
                at_least=True,
                note="sets of three: " + ", ".join(f"{share:.0f}" for share in shares),
            )
        )
    return rows


def _seconds(home: Path) -> Row:
    """A run of three symbols, its folder and snapshots written."""
    plan = course(lesson(NAMES, EACH))
    own.save(plan.collection)
    times = []
    for number in range(4):
        folder = folders.create(settings(plan, Choices()), runs=home / f"runs-{number}")
        begun = time.perf_counter()
        recorder.record(folder)
        times.append(time.perf_counter() - begun)
        assert Reader(folder).update().ending == "finished"
    what = f"training of 3 symbols, {EACH} drawings each, the run written"
    return Row(what, statistics.median(times[1:]), "s", 3)


def _newcomer(home: str) -> Row:
    """From the empty page to a live network that has read the three symbols."""
    environment = {"CNNVIZ_OWN": home, "CNNVIZ_RUNS": f"{home}/runs"}
    with chromium.browser() as opened, chromium.server(environment) as (url, _):
        page = _opened(opened, f"{url}/teach")
        begun = time.perf_counter()
        page.get_by_role("button", name="Add a symbol").click()
        names = page.get_by_role("textbox", name="Name of the symbol")
        expect(names).to_have_count(len(NAMES))
        for place, name in enumerate(NAMES):
            names.nth(place).fill(name)
            names.nth(place).press("Enter")
            expect(page.get_by_role("radio", name=name)).to_be_visible()
        draws = np.random.default_rng(4)
        paper = page.locator("canvas.paper")
        trying = page.locator(".st-key-teach_try canvas").last
        for name in NAMES:
            page.get_by_role("radio", name=name).click()
            for number in range(1, EACH + 1):
                hand.draw(page, pen.strokes(name, draws), steps=8, on=paper)
                page.keyboard.press("Enter")  # as the page says: else each waits for a second
                count = page.get_by_role("radio", name=name).locator(".count")
                expect(count).to_have_text(str(number))
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_role("button", name="Try it", exact=True).click()
        settled(page)
        right = 0
        for name in NAMES:
            hand.draw(page, pen.strokes(name, draws), steps=8, on=trying)
            settled(page)
            # A locator's text looks into the component; the container's own text doesn't.
            said = page.locator(".st-key-draw_reading").get_by_text(f"Best guess {name}")
            right += said.count() > 0
            page.get_by_role("button", name="clear").click()
            settled(page)
        took = time.perf_counter() - begun
    what = f"a newcomer: 3 symbols named, {EACH} drawings each, trained, three read live"
    return Row(what, took, "s", 90, note=f"{right} of {len(NAMES)} read right")


def _built(home: str) -> Row:
    """From the Build page's first network to a trained one of one's own that follows the pen."""
    with (
        chromium.browser() as opened,
        chromium.server({"CNNVIZ_RUNS": f"{home}/built"}) as (url, _),
    ):
        page = _opened(opened, f"{url}/build?data=digits")
        begun = time.perf_counter()
        tools = page.get_by_role("toolbar", name="Add a layer")
        for kind in ("BatchNorm2d", "ReLU"):
            tools.get_by_text(kind, exact=True).click()
        settled(page)
        page.get_by_role("button", name="Train it").click()
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_role("button", name="Use this model").click()
        expect(page.locator(".st-key-model")).not_to_contain_text("article")
        page.get_by_role("link", name="Draw").first.click()
        view = root(page)
        # Its layers, not the article's.
        expect(view.get_by_role("group", name="norm1: ")).to_be_visible()
        settled(page)
        hand.stroke(page, hand.SEVEN[0])
        settled(page)
        expect(view).to_have_attribute("data-source", "torch")
        said = page.locator(".st-key-draw_reading").get_by_text("Best guess").inner_text()
        took = time.perf_counter() - begun
    what = "built, trained on scikit-learn's digits, explored with a drawing"
    return Row(what, took, "s", 60, note=f"ten layers; a 7: {said}")


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(180_000)
    hand.listen(page)
    page.goto(url)
    settled(page)
    return page
