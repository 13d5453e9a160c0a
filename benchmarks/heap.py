"""What a thousand strokes leave behind in the browser; the first hundred fill caches."""

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import browser, new_page, rest, stroke, wait_for_torch
from benchmarks.table import Row
from tests.browser import chromium

STROKES = 1000
CLEARED = 10  # strokes until the canvas is cleared


def measure() -> list[Row]:
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/?pin=conv2.5.4.6")
        wait_for_torch(page)
        session = page.context.new_cdp_session(page)
        start = 0.0
        for index in range(STROKES):
            if index == STROKES // 10:
                start = _megabytes(page, session)
            stroke(page)
            if index % CLEARED == CLEARED - 1:
                page.get_by_role("button", name="clear").click()
                rest(page, 600)  # the canvas itself waits 200 ms before it sends
        grown = _megabytes(page, session) - start
    return [Row(f"JS heap, {STROKES - STROKES // 10} strokes later", grown, "MB", 2)]


def _megabytes(page: Page, session: CDPSession) -> float:
    rest(page, 3000)
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
