"""A thousand strokes: the heap, the page's nodes and its listeners don't grow."""

from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import browser, new_page, rest, stroke, wait_for_torch
from benchmarks.table import Row
from tests.browser import chromium

BEFORE = 100  # strokes until all has been used once
STROKES = 1000
CLEARED = 10  # strokes until the canvas is cleared


@dataclass(frozen=True)
class Held:
    """By the page, after its garbage was collected."""

    megabytes: float
    nodes: int
    listeners: int


def measure() -> list[Row]:
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/?pin=conv2.5.4.6")
        wait_for_torch(page)
        session = page.context.new_cdp_session(page)
        _strokes(page, BEFORE)
        start = _held(page, session)
        _strokes(page, STROKES)
        end = _held(page, session)
    later = f"{STROKES:,} strokes later"
    return [
        Row(f"JS heap, {later}", end.megabytes - start.megabytes, "MB", 2),
        Row(f"nodes of the page, {later}", end.nodes - start.nodes, "more", 0),
        Row(f"listeners, {later}", end.listeners - start.listeners, "more", 0),
    ]


def _strokes(page: Page, count: int) -> None:
    for index in range(count):
        stroke(page)
        if index % CLEARED == CLEARED - 1:
            page.get_by_role("button", name="clear").click()
            rest(page, 600)  # the canvas itself waits 200 ms before it sends


def _held(page: Page, session: CDPSession) -> Held:
    rest(page, 3000)
    # What only a weak reference held goes in a second round.
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    return Held(
        session.send("Runtime.getHeapUsage")["usedSize"] / 1e6,
        counters["nodes"],
        counters["jsEventListeners"],
    )
