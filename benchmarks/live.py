"""The network view while the pen moves: frames, highlights, memory, size."""

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import browser, circle, new_page, rest, stroke, wait_for_torch
from benchmarks.table import Row, median_row, p95
from tests.browser import chromium

MOVES = 60
STROKES = 1000
FRONTEND = chromium.ROOT / "cnnviz" / "frontend" / "network_view"


def measure() -> list[Row]:
    rows = [_assets()]
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/?pin=conv2.5.4.6")
        wait_for_torch(page)
        rest(page, 2000)
        rows += _frames(page)
        rows.append(_repaint(page))
        rows += _highlight(page)
        rows += _steadiness(page)
        rows.append(_heap(page))
    return rows


def _assets() -> Row:
    size = sum(file.stat().st_size for file in FRONTEND.rglob("*") if file.is_file())
    return Row("the view's files, as served", size / 1000, "kB", 120)


def _frames(page: Page) -> list[Row]:
    """Script time of the preview's frames, which the view itself notes."""
    page.evaluate("() => { probe.view().frameTimes.length = 0 }")
    for _ in range(4):
        for _ in circle(page, 60):
            rest(page, 16)
    times = page.evaluate("() => [...probe.view().frameTimes]")
    return [
        Row("one live frame, p95", p95(times), "ms", 8, note=f"of {len(times)}"),
    ]


def _repaint(page: Page) -> Row:
    """Pen moved → second animation frame, by when every map has been repainted."""
    times = []
    moves = circle(page, MOVES)
    next(moves)
    for _ in range(MOVES - 2):
        rest(page, 60)
        page.evaluate("() => { probe.moved = probe.next('pointermove') }")
        next(moves)
        moved = page.evaluate("() => probe.moved")
        if moved["repainted"]:
            times.append(moved["ms"])
    for _ in moves:
        pass
    row = median_row("pen moved → every map repainted", times, "ms", 26)
    missed = MOVES - 2 - len(times)
    return row if not missed else Row(**{**vars(row), "note": f"{row.note}; {missed} not in time"})


def _highlight(page: Page) -> list[Row]:
    """Pointer over a map → its window and receptive field shown."""
    page.keyboard.press("Escape")
    boxes = page.evaluate(
        """() => [...probe.view().querySelectorAll("canvas")].map((canvas) => {
          const { x, y, width, height } = canvas.getBoundingClientRect();
          return { x, y, width, height };
        }).filter(({ width, height }) => width > 40 && height > 40 && width < 130)"""
    )
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    times = []
    script = _script_seconds(session)
    count = 0
    for box in boxes[1:11]:
        for step in range(1, 6):
            rest(page, 50)
            page.evaluate("() => { probe.moved = probe.next('pointermove') }")
            page.mouse.move(box["x"] + box["width"] * step / 6, box["y"] + box["height"] * step / 6)
            times.append(page.evaluate("() => probe.moved")["ms"])
            count += 1
    used = 1000 * (_script_seconds(session) - script) / count
    return [
        median_row("hover → highlight", times, "ms", 26),
        Row("script for one hover, mean", used, "ms", 4, note="the probe's own included"),
    ]


def _script_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")


def _steadiness(page: Page) -> list[Row]:
    idle = page.evaluate("() => probe.framesIn(3000)")
    page.evaluate("() => { probe.drawing = probe.framesIn(10000) }")
    page.evaluate("() => { probe.done = false; probe.drawing.then(() => { probe.done = true }) }")
    while not page.evaluate("() => probe.done"):
        for _ in circle(page, 120):
            pass
    drawing = page.evaluate("() => probe.drawing")
    return [
        Row(
            "frames a second, drawing for ten seconds with a pinned unit",
            drawing,
            "/s",
            55,
            at_least=True,
            note=f"idle {idle:.1f}",
        )
    ]


def _heap(page: Page) -> Row:
    """What a thousand strokes leave behind; the first hundred fill caches."""
    session = page.context.new_cdp_session(page)

    def megabytes() -> float:
        page.get_by_role("button", name="clear").click()
        rest(page, 1500)
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 1e6

    start = 0.0
    for index in range(STROKES):
        if index == STROKES // 10:
            start = megabytes()
        stroke(page)
        if index % 10 == 9:
            page.get_by_role("button", name="clear").click()
    return Row("JS heap, 900 strokes later", megabytes() - start, "MB", 2)
