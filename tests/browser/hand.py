"""What a person's hand does: draw on the canvas with a real mouse, and wait for what follows."""

import time
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import FloatRect, Locator, Page, Request, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

Point = tuple[float, float]

PATIENCE = 60  # seconds, on a machine that is busy with something else

# In canvas pixels, 280×280.
SEVEN: list[list[Point]] = [[(75, 75), (205, 75), (130, 225)]]
ONE: list[list[Point]] = [[(140, 50), (140, 230)]]


def canvas(page: Page) -> Locator:
    """The canvas that takes the pointer (the drawing component's upper one)."""
    return page.locator(".st-key-draw canvas").last


def canvas_box(page: Page, on: Locator | None = None) -> FloatRect:
    """Where `on` lies, or else the canvas, scrolled into sight."""
    target = on or canvas(page)
    expect(target).to_be_visible()
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box


def stroke(page: Page, points: Iterable[Point], steps: int = 6) -> None:
    draw(page, [points], steps)


def draw(
    page: Page, strokes: Iterable[Iterable[Point]], steps: int = 6, on: Locator | None = None
) -> None:
    """On the canvas or `on`: press at a stroke's first point, move through the others, and lift."""
    box = canvas_box(page, on)
    for points in strokes:
        first, *rest = ((box["x"] + x, box["y"] + y) for x, y in points)
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point, steps=steps)
        page.mouse.up()


# The drawing component waits 200 ms before it sends. The page's own clock measures the time: on a
# busy machine it stands still together with the component's.
SENT = """() => new Promise(done => setTimeout(done, 250))"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def settled(page: Page) -> None:
    """Wait until the server has answered all that the page has asked it, and it is shown.

    A page that shows more after the browser's first paint (`cnnviz.components.later`) is run again
    for it.
    """
    page.evaluate(SENT)
    talk = _talks[page]
    end = time.monotonic() + PATIENCE
    while True:
        while not talk.over:
            assert time.monotonic() < end, f"{page.url} hasn't settled in {PATIENCE} s: {talk}"
            page.wait_for_timeout(10)
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning"
        )
        page.evaluate(PAINTED)
        expect(page.locator("[class*='_later']")).to_have_count(0, timeout=60_000)
        page.evaluate(PAINTED)
        if talk.over:
            return


def complete(page: Page) -> None:
    """Scroll to where charts wait for it (`cnnviz.components.later`), if any do, and back up."""
    below = page.locator("[class*='_below']")
    if below.count():
        below.scroll_into_view_if_needed()
        expect(page.locator(".js-plotly-plot").last).to_be_visible()
        settled(page)
        page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")


def still(page: Page) -> None:
    """Wait until nothing fades in or slides any more, in the page or in a component's shadow."""
    page.wait_for_function(
        """() => {
          const roots = [document];
          for (const root of roots)
            for (const { shadowRoot } of root.querySelectorAll("*"))
              if (shadowRoot) roots.push(shadowRoot);
          return roots.flatMap((root) => root.getAnimations()).every((animation) =>
            animation.playState !== "running"
            || animation.effect?.getComputedTiming().endTime === Infinity);
        }"""
    )


def listen(page: Page) -> None:
    """From now on follow what this page and its server tell one another, for `settled`."""
    _talks[page] = _Talk(page)


@dataclass
class _Talk:
    """Whose turn it is between a page and its server, read from their messages."""

    page: InitVar[Page]
    asked: bool = False
    running: bool = True
    socket: WebSocket | None = None

    def __post_init__(self, page: Page) -> None:
        page.on("request", lambda request: self._begin(page, request))
        page.on("websocket", self._open)

    @property
    def over(self) -> bool:
        return self.socket is not None and not self.asked and not self.running

    def _begin(self, page: Page, request: Request) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            self.socket = None

    def _open(self, socket: WebSocket) -> None:
        if "/_stcore/" not in socket.url:  # a notebook's
            return
        self.socket, self.asked, self.running = socket, False, True
        socket.on("framesent", lambda frame: self._sent(socket, frame))
        socket.on("framereceived", lambda frame: self._received(socket, frame))

    def _sent(self, socket: WebSocket, frame: bytes | str) -> None:
        if socket is self.socket and isinstance(frame, bytes):
            self.asked |= BackMsg.FromString(frame).WhichOneof("type") == "rerun_script"

    def _received(self, socket: WebSocket, frame: bytes | str) -> None:
        if socket is not self.socket or not isinstance(frame, bytes):
            return
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.asked, self.running = False, True
        elif kind == "script_finished":
            # After a run that a newer wish cut short comes another.
            self.running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


_talks: WeakKeyDictionary[Page, _Talk] = WeakKeyDictionary()
