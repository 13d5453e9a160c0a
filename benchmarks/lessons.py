"""The next step of a lesson, server warm: from the click on *Next* until the strip shows it and its
page has run and is painted."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Page

from benchmarks.browser import browser
from benchmarks.table import Row, median_row, number
from cnnviz.lessons.lesson import Lesson
from cnnviz.lessons.reading import course
from tests.browser import chromium, hand

BUDGET = 500  # ms
# Until the strip is at a step and the page has run to its end, in ms since `act` was done.
SHOWN = """([at, presses]) => new Promise((resolve) => {
  const strip = () => [...document.querySelectorAll(".st-key-course_bar_place *")]
    .map((each) => each.shadowRoot?.querySelector(".course-bar section")).find(Boolean);
  const ran = () => document.querySelector(".stApp")?.dataset.testScriptState === "notRunning";
  const begun = performance.now();
  if (presses) strip().querySelector("button.next").click();
  const look = () => requestAnimationFrame(() => {
    if (strip()?.dataset.at.startsWith(at) && ran())
      requestAnimationFrame(() => resolve(performance.now() - begun));
    else look();
  });
  look();
})"""


def measure() -> list[Row]:
    times: dict[str, float] = {}
    other_page: set[str] = set()
    with browser() as opened, chromium.server() as (url, _):
        page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
        hand.listen(page)
        for round_ in range(2):  # the first has the server and the browser read their code
            for name, lesson in course().items():
                for at, ms in _walked(page, url, name, lesson):
                    if round_:
                        times[at] = ms
                other_page |= set(_turns(name, lesson))
    slowest = sorted(times, key=times.__getitem__)[-3:]
    there = [times[at] for at in times if at not in other_page]
    turned = [times[at] for at in times if at in other_page]
    return [
        median_row("a lesson's *Next* → its next step shown", list(times.values()), "ms", BUDGET),
        Row(
            "a lesson's *Next*: slowest of all steps",
            max(times.values()),
            "ms",
            BUDGET,
            note=f"{', '.join(f'{at} {number(times[at])}' for at in reversed(slowest))}; medians: "
            f"on the same page {number(median(there))}, to another {number(median(turned))}",
        ),
    ]


def _walked(page: Page, url: str, name: str, lesson: Lesson) -> Iterator[tuple[str, float]]:
    """Each step from the second, and how long it took."""
    page.goto(f"{url}/lessons?course={name}.1")
    page.evaluate(SHOWN, [f"{name}.1.", False])
    for number_ in range(2, len(lesson.steps) + 1):
        hand.settled(page)
        yield f"{name}.{number_}", page.evaluate(SHOWN, [f"{name}.{number_}.", True])


def _turns(name: str, lesson: Lesson) -> Iterator[str]:
    """The steps that open another page."""
    here = None
    for number_, step in enumerate(lesson.steps, 1):
        if step.page not in (None, here):
            here = step.page
            if number_ > 1:
                yield f"{name}.{number_}"
