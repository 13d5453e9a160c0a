"""A thousand strokes: the heap, the page's nodes and its listeners don't grow.

What is told is how far the median of the last readings lies above that of those a thousand strokes
before, each taken after the page's garbage was collected.
"""

from dataclasses import astuple, dataclass
from statistics import median

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import browser, circle, new_page, rest, wait_for_torch
from benchmarks.table import Row
from tests.browser import chromium
from tests.browser.hand import canvas_box

BEFORE = 100  # strokes until all has been used once
STROKES = 1000
READINGS = 5  # whose median is taken, before and after
EVERY = 20  # strokes from one to the next
CLEARED = 10  # strokes until the canvas is cleared, as a person does


@dataclass(frozen=True)
class Held:
    """By the page, after its garbage was collected. `objects` are the megabytes of what the browser
    keeps for it outside of JavaScript's heap: nodes, styles, entries of its timeline."""

    megabytes: float
    objects: float
    nodes: float
    listeners: float


def measure() -> list[Row]:
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/?pin=conv2.5.4.6")
        wait_for_torch(page)
        session = page.context.new_cdp_session(page)
        _strokes(page, BEFORE)
        start = _read(page, session)
        _strokes(page, STROKES - READINGS * EVERY)
        end = _read(page, session)
    later = f"{STROKES:,} strokes later"
    note = (
        f"{BEFORE} strokes before; medians of {READINGS} readings, "
        f"{EVERY} strokes from one to the next"
    )
    return [
        Row(f"JS heap, {later}", end.megabytes - start.megabytes, "MB", 2, note=note),
        Row(f"the browser's objects for the page, {later}", end.objects - start.objects, "MB", 2),
        Row(f"nodes of the page, {later}", end.nodes - start.nodes, "more", 0),
        Row(f"listeners, {later}", end.listeners - start.listeners, "more", 0),
    ]


def _read(page: Page, session: CDPSession) -> Held:
    """The medians of several readings, with strokes before each."""
    read = []
    for _ in range(READINGS):
        _strokes(page, EVERY)
        read.append(astuple(_held(page, session)))
    return Held(*map(median, zip(*read, strict=True)))


def _strokes(page: Page, count: int) -> None:
    box = canvas_box(page)
    for index in range(count):
        for _ in circle(page, 4, box):
            pass
        if index % CLEARED == CLEARED - 1:
            page.get_by_role("button", name="clear").click()
            rest(page, 600)  # the canvas itself waits 200 ms before it sends


def _held(page: Page, session: CDPSession) -> Held:
    rest(page, 1500)
    page.evaluate("() => { probe.messages.length = 0; }")  # ours, not the page's
    # What only a weak reference held goes in a second round.
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")
    return Held(
        heap["usedSize"] / 1e6,
        heap["embedderHeapUsedSize"] / 1e6,
        counters["nodes"],
        counters["jsEventListeners"],
    )
