"""Why this answer: methods, costs and fooling on the server; and from pen-up to paint."""

from time import perf_counter

import torch
from playwright.sync_api import Page

from benchmarks.browser import browser, new_page, rest, stroke, wait_for_torch
from benchmarks.table import Row, median_row
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image
from cnnviz.reasons import fooling
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.costs import Behind
from cnnviz.reasons.examined import examined, others_like
from cnnviz.reasons.examples import examples
from cnnviz.reasons.methods import METHODS, Asked
from cnnviz.reasons.question import Question
from tests.browser import chromium

TIMES = 20
STROKES = 12
CHANGES = (
    "conv1.2=0",
    "conv2.3=0",
    "conv2.5.4.6=1",
    "conv1.weight.0.0=-1,0,1,-2,0,2,-1,0,1",
    "fc.weight.7.31=2",
    "input.0.3.4=1;conv1.0=0;conv2.1=0",
)


def measure() -> list[Row]:
    """On one thread, as the server has it, for the article's network."""
    torch.set_num_threads(1)
    rows = [*_methods(), *_costs(), *_fooling()]
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/why")
        wait_for_torch(page)
        page.get_by_text("in reverse").nth(1).wait_for()
        return [*rows, _painted(page)]


def _drawing(number: int) -> torch.Tensor:
    return as_image(prepare(samples.ink(number)).centred)


def _methods() -> list[Row]:
    """The map alone, then with its tests: ink taken away, and the networks that learnt nothing."""
    model = checkpoints.article().model
    others = others_like(model)
    rows = []
    asked = {
        title: (name, Asked(Question(7, 1), patch=patch, layer="relu2"))
        for title, name, patch in (
            *((METHODS[name].title, name, 3) for name in METHODS),
            ("Occlusion of single pixels, 28×28 positions", "occlusion", 1),
        )
    }
    for title, (name, put) in asked.items():
        alone, tested = [], []
        for at in range(TIMES + 1):
            image = _drawing(at % 10)
            start = perf_counter()
            METHODS[name].compute(model, image, put)
            middle = perf_counter()
            examined(name, model, image, put, others)
            if at:  # the first imports Captum
                alone.append(1000 * (middle - start))
                tested.append(1000 * (perf_counter() - middle))
        rows.append(median_row(f"{title}, on the server", alone, "ms", 300))
        rows.append(median_row(f"{title} with its tests, on the server", tested, "ms"))
    return rows


def _costs() -> list[Row]:
    tests = examples(checkpoints.article())
    base = Behind(checkpoints.article().model, tests)
    took = []
    for text in CHANGES * 3:
        changes = Changes.parse(text)
        start = perf_counter()
        base.cost(changes)
        took.append(1000 * (perf_counter() - start))
    start = perf_counter()
    for channel in base.channels():
        base.cost(Changes.parse(f"{channel}=0"))
    table = perf_counter() - start
    many = f"{len(base.tests):,} pictures of {tests.dataset.title}"
    return [
        median_row(f"what a change costs, {many}", took, "ms", 500),
        Row(f"what each of {len(base.channels())} maps costs, {many}", table, "s", 6),
    ]


def _fooling() -> list[Row]:
    model = checkpoints.article().model
    rows = []
    for search, title in (
        (fooling.fewest_pixels, "fewest pixels"),
        (fooling.smallest_change, "smallest change"),
    ):
        took = []
        for at in range(TIMES):
            image = _drawing(at % 10)
            start = perf_counter()
            search(model, image, (at + 3) % 10)
            took.append(perf_counter() - start)
        rows.append(median_row(f"fooled by the {title}, on the server", took, "s", 1))
    return rows


def _painted(page: Page) -> Row:
    """Pen up → both maps and their tests are others: the sentence after a map comes after it."""
    took = []
    for at in range(STROKES):
        page.evaluate(
            """() => {
              const said = () => [...document.querySelectorAll("p")]
                .map((each) => each.textContent)
                .filter((text) => text.includes("in reverse"));
              const before = said();
              probe.after = new Promise((resolve) => {
                addEventListener("pointerup", async () => {
                  const up = performance.now();
                  const fresh = () => {
                    const now = said();
                    return now.length === 2 && now.every((text, i) => text !== before[i]);
                  };
                  while (!fresh()) await new Promise(requestAnimationFrame);
                  resolve(performance.now() - up);
                }, { once: true, capture: true });
              });
            }"""
        )
        stroke(page, 3 + at % 5)
        took.append(page.evaluate("() => probe.after"))
        rest(page, 700)
        if at % 3 == 2:
            page.get_by_role("button", name="clear").click()
            page.get_by_text("Nothing is drawn yet").wait_for()
            stroke(page, 4)
            page.get_by_text("in reverse").nth(1).wait_for()
            rest(page, 700)
    return median_row(
        "Why, which ink: pen-up → both maps and their tests on screen", took[1:], "ms"
    )
