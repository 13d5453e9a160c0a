"""Frames while something moves: drawing with a unit pinned, dragging a digit, a slow processor."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.browser import PROBE
from benchmarks.table import Row, p95
from tests.browser import chromium

SECONDS = 10
TRACED_SECONDS = 5
PENS_HERTZ = 125  # moves a second, as a common mouse reports
THROTTLE = 4
CATEGORIES = ["devtools.timeline", "toplevel", "cc", "viz"]
# The renderer's main thread, from the animation frames' callbacks to the commit.
MAIN_FRAME = "ProxyMain::BeginMainFrame"
VIEW = "/cnnviz.network_view/"  # in the address of its script

Path = Callable[[float], tuple[float, float]]


@dataclass(frozen=True)
class Moved:
    """What a page did while a pointer moved; times in ms."""

    frames_a_second: float
    moves_a_second: float
    script: list[float]

    @property
    def moves_a_frame(self) -> float:
        return self.moves_a_second / self.frames_a_second


@dataclass(frozen=True)
class MainFrames:
    """In ms: by the clock, and without what other programs took of the processor meanwhile; of
    that, what the view's own `script` took."""

    wall: list[float]
    processor: list[float]
    script: list[float]


def measure() -> list[Row]:
    return measured([_drawing, _dragging])


def measured(parts: Sequence[Callable[[Browser, str], Awaitable[list[Row]]]]) -> list[Row]:
    """The rows of each part, one after another; a part is given the browser and the app's URL."""

    async def rows_of(url: str) -> list[Row]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGUMENTS
            )
            rows = [row for part in parts for row in await part(browser, url)]
            await browser.close()
        return rows

    with chromium.server() as (url, _):
        return asyncio.run(rows_of(url))


async def _drawing(browser: Browser, url: str) -> list[Row]:
    async with opened(browser, f"{url}/?pin=conv2.5.4.6") as page:
        circle = await circling(page, 2000)
        return await _rows(browser, page, circle, "drawing with a pinned unit")


async def circling(page: Page, rest: float) -> Path:
    """Around on the drawing canvas, once the page has rested for so many ms."""
    canvas = page.locator(".st-key-draw canvas").last
    await canvas.wait_for()
    await page.wait_for_timeout(rest)
    box = await canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + 140, box["y"] + 140

    def circle(seconds: float) -> tuple[float, float]:
        angle = 2 * math.pi * seconds / 1.5
        return x + 80 * math.cos(angle), y + 80 * math.sin(angle)

    return circle


async def _dragging(browser: Browser, url: str) -> list[Row]:
    async with opened(browser, f"{url}/translation") as page:
        # The whole network's: the last of the page's views whose input can be dragged.
        await page.wait_for_timeout(6000)
        views = page.locator("[data-cnnviz=network-view]:has(.stage.draggable)")
        view = views.last
        await view.scroll_into_view_if_needed()
        await view.evaluate("view => { probe.found = view }")
        group = view.get_by_role("group", name="input: ").first
        await group.scroll_into_view_if_needed()
        await page.wait_for_timeout(1000)
        box = await view.evaluate("view => view.where('input.0')")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def sway(seconds: float) -> tuple[float, float]:
            angle = 2 * math.pi * seconds / 1.5
            return x + 30 * math.sin(angle), y + 30 * math.sin(2 * angle)

        return await _rows(browser, page, sway, "dragging the digit on Translation")


async def _rows(browser: Browser, page: Page, path: Path, what: str) -> list[Row]:
    still = await idle(page)
    moved = await move(page, path, SECONDS)
    main = await _main_frames(browser, page, path)
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    slow = await move(page, path, SECONDS)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [
        Row(
            f"frames while {what}, beside idle",
            moved.frames_a_second / still,
            "",
            0.97,
            at_least=True,
            note=f"{moved.frames_a_second:.1f} : {still:.1f} a second, for {SECONDS} s; "
            f"{moved.moves_a_frame:.1f} moves a frame",
        ),
        Row(
            f"main frame while {what}, median",
            median(main.wall),
            "ms",
            6,
            note=f"p95 {p95(main.wall):.1f}; of processor time {median(main.processor):.1f}",
        ),
        Row(
            f"script a frame while {what}, median",
            median(moved.script),
            "ms",
            2,
            note=f"of processor time {median(main.script):.1f}",
        ),
        Row(
            f"script a frame while {what}, p95",
            p95(moved.script),
            "ms",
            4,
            note=f"of processor time {p95(main.script):.1f}",
        ),
        Row(
            f"frames while {what}, processor {THROTTLE}× slower",
            slow.frames_a_second,
            "/s",
            30,
            at_least=True,
            note=f"{slow.moves_a_frame:.1f} moves a frame",
        ),
    ]


@asynccontextmanager
async def opened(browser: Browser, address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(180_000)
    await page.add_init_script(PROBE)
    await page.goto(address)
    await page.evaluate("() => probe.torch()")
    yield page
    await context.close()


async def idle(page: Page) -> float:
    return await page.evaluate("() => probe.framesIn(3000)")


async def move(page: Page, path: Path, seconds: float) -> Moved:
    """Down, along `path` (seconds since the start to a place) as often as a mouse reports, up."""
    await page.evaluate(
        """(ms) => {
          probe.view().frameTimes.length = 0;
          probe.moves = 0;
          const count = (event) => { probe.moves += event.getCoalescedEvents().length || 1 };
          addEventListener("pointermove", count, { capture: true });
          probe.moving = probe.framesIn(ms).then((frames) => {
            removeEventListener("pointermove", count, { capture: true });
            return { frames, moves: probe.moves, script: [...probe.view().frameTimes] };
          });
        }""",
        1000 * seconds,
    )
    made = asyncio.create_task(page.evaluate("() => probe.moving"))
    await _along(page, path, seconds + 0.1)
    given: dict[str, Any] = await made
    return Moved(given["frames"], given["moves"] / seconds, given["script"])


async def _along(page: Page, path: Path, seconds: float) -> None:
    """Moves are sent on time, whether or not the page has dealt with the one before."""
    session = await page.context.new_cdp_session(page)

    def send(kind: str, at: float, buttons: int) -> asyncio.Task[Any]:
        x, y = path(at)
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons}
        extra = {} if kind == "mouseMoved" else {"clickCount": 1}
        return asyncio.create_task(session.send("Input.dispatchMouseEvent", {**event, **extra}))

    await send("mouseMoved", 0, 0)
    await send("mousePressed", 0, 1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    sent = []
    while (at := loop.time() - start) < seconds:
        sent.append(send("mouseMoved", at, 1))
        await asyncio.sleep(max(0, start + len(sent) / PENS_HERTZ - loop.time()))
    await asyncio.gather(*sent)
    await send("mouseReleased", seconds, 0)
    await page.wait_for_timeout(1500)


async def _main_frames(browser: Browser, page: Page, path: Path) -> MainFrames:
    """How long the main thread took for each frame, from a trace of the DevTools."""
    await browser.start_tracing(page=page, categories=CATEGORIES)
    await _along(page, path, TRACED_SECONDS)
    trace = json.loads(await browser.stop_tracing())
    frames = [
        event
        for event in trace["traceEvents"]
        if event.get("name") == MAIN_FRAME and event.get("ph") == "X"
    ]
    if not frames:
        raise RuntimeError(f"the trace has no {MAIN_FRAME}: has this browser another name for it?")
    return MainFrames(
        [frame["dur"] / 1000 for frame in frames],
        [_processor(frame) for frame in frames],
        _scripts(trace["traceEvents"], frames),
    )


def _processor(event: dict[str, Any]) -> float:
    return event.get("tdur", event["dur"]) / 1000


def _scripts(events: list[dict[str, Any]], frames: list[dict[str, Any]]) -> list[float]:
    """Of each frame in which the view's script ran, how long it did."""
    calls = [
        event
        for event in events
        if event.get("name") == "FunctionCall"
        and event.get("ph") == "X"
        and VIEW in event["args"].get("data", {}).get("url", "")
    ]
    sums = [
        sum(
            _processor(call)
            for call in calls
            if call["tid"] == frame["tid"]
            and frame["ts"] <= call["ts"] < frame["ts"] + frame["dur"]
        )
        for frame in frames
    ]
    return [each for each in sums if each > 0]
