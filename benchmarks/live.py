"""The network view under hand: what it weighs, how soon it follows the pen and the pointer."""

import gzip

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import browser, circle, new_page, rest, wait_for_torch
from benchmarks.table import Row, median_row
from cnnviz.components.modules import together
from tests.browser import chromium

MOVES = 60
FRONTEND = chromium.ROOT / "cnnviz" / "frontend"
HOVERED = ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2")


def measure() -> list[Row]:
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/?pin=conv2.5.4.6")
        wait_for_torch(page)
        rest(page, 2000)
        return [_assets(), _repaint(page), *_highlight(page)]


def _assets() -> Row:
    files = [FRONTEND / together("network_view/index.js"), FRONTEND / "network_view" / "style.css"]
    size = sum(len(gzip.compress(file.read_bytes())) for file in files)
    return Row("the view's script and style, compressed as the server does", size / 1000, "kB", 120)


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
    """Pointer over a map → its window, its receptive field and its number shown."""
    page.get_by_role("button", name="Unpin").click()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    processor = page.context.new_cdp_session(page)
    processor.send("Performance.enable", {"timeDomain": "threadTicks"})
    script, ticks = _script_seconds(session), _script_seconds(processor)
    shown = []
    for layer in HOVERED:
        for step in range(8):
            row, col = step % 5, (2 * step) % 5
            rest(page, 40)
            box = page.evaluate(
                "(name) => probe.view().where(name)", f"{layer}.{step % 4}.{row}.{col}"
            )
            page.evaluate("() => { probe.said = probe.frameOf('pointermove') }")
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            said = page.evaluate("() => probe.said")
            shown.append(said == f"{layer} · map {step % 4}, row {row}, column {col}")
    used = 1000 * (_script_seconds(session) - script) / len(shown)
    ticked = 1000 * (_script_seconds(processor) - ticks) / len(shown)
    share = 100 * sum(shown) / len(shown)
    return [
        Row(
            "hovers that are highlighted in the frame that brings them",
            share,
            "%",
            100,
            at_least=True,
            note=f"of {len(shown)}",
        ),
        Row(
            "script for one hover, mean",
            used,
            "ms",
            4,
            note=f"the probe's own included; of processor time {ticked:.1f}",
        ),
    ]


def _script_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")
