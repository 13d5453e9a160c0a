"""A page opened, server warm: ours beside a Streamlit page with one line of text, in turn."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from benchmarks.browser import PROBE, browser, wait_for_torch
from benchmarks.table import Row
from tests.browser import chromium

OPENINGS = 9
BUDGET = 1.4
LINE = "One line of text."
# The time, in ms since the navigation began, by when the text has been on screen for a frame.
SHOWN = """(text) => new Promise((resolve) => {
  const look = () => {
    if (document.body?.innerText.includes(text)) {
      requestAnimationFrame(() => resolve(performance.now()));
    } else requestAnimationFrame(look);
  };
  look();
})"""
# A round trip of 100 ms and 10 Mbit/s each way, as DevTools names them.
FAR = {
    "offline": False,
    "latency": 100,
    "downloadThroughput": 10e6 / 8,
    "uploadThroughput": 10e6 / 8,
}


def measure() -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        browser() as opened,
        chromium.server() as (ours, _),
    ):
        script = Path(folder) / "line.py"
        script.write_text(f"import streamlit as st\n\nst.write({LINE!r})\n", encoding="utf-8")
        with chromium.server(script=script) as (plain, _):
            _open(_page(_context(opened)), ours, maps=True)  # the first visitor waits for torch
            return [
                _row(opened, ours, plain, "page opened → all maps painted"),
                _row(opened, ours, plain, "the same, the browser's cache warm", cached=True),
                _row(opened, ours, plain, "the same over 100 ms and 10 Mbit/s", far=True),
            ]


def _row(
    opened: Browser, ours: str, plain: str, what: str, *, cached: bool = False, far: bool = False
) -> Row:
    times: dict[str, list[float]] = {ours: [], plain: []}
    processor: dict[str, list[float]] = {ours: [], plain: []}
    for _ in range(OPENINGS):
        for url in (ours, plain):
            context = _context(opened)
            if cached:
                _open(_page(context), url, maps=url == ours)
            page = _page(context)
            session = context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            if far:
                session.send("Network.enable")
                session.send("Network.emulateNetworkConditions", FAR)
            times[url].append(_open(page, url, maps=url == ours))
            processor[url].append(_worked(session))
            context.close()
    mine, theirs = median(times[ours]), median(times[plain])
    worked = f"{median(processor[ours]):.2f} : {median(processor[plain]):.2f} s"
    return Row(
        f"{what}, beside a page with one line of text",
        mine / theirs,
        "",
        BUDGET,
        note=f"medians of {OPENINGS}: {mine / 1000:.2f} : {theirs / 1000:.2f} s; "
        f"of processor time, the page's main thread {worked}",
    )


def _worked(session: CDPSession) -> float:
    """Seconds of processor time that the page's main thread has taken so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def _context(opened: Browser) -> BrowserContext:
    return opened.new_context(viewport={"width": 1440, "height": 900})


def _page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.add_init_script(PROBE)
    return page


def _open(page: Page, url: str, *, maps: bool) -> float:
    page.goto(url, wait_until="commit")
    return wait_for_torch(page) if maps else page.evaluate(SHOWN, LINE)
