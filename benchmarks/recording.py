"""What a real browser tells the server while somebody draws, to be replayed by many.

It is recorded anew each time, so it is never of another app than the one that is measured.
"""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import hand

VIEW = "cnnviz.network_view"

# In canvas pixels: a seven, a bar through it, and what becomes of it by and by.
STROKES: list[list[hand.Point]] = [
    [(75, 75), (205, 75), (130, 225)],
    [(100, 150), (190, 150)],
    *([(80 + 12 * at, 60), (70 + 12 * at, 90 + 10 * at)] for at in range(10)),
]


@dataclass(frozen=True)
class Stroke:
    """The frame that tells the server of a stroke, and the picture that the view then shows."""

    frame: bytes
    picture: str


@dataclass(frozen=True)
class Recording:
    """One visitor's frames: those that open the page, and a stroke each."""

    opening: tuple[bytes, ...]
    strokes: tuple[Stroke, ...]


def picture_in(message: ForwardMsg) -> str | None:
    """The picture in a message that carries the view's trace, as it is encoded; else None."""
    element = message.delta.new_element
    if element.WhichOneof("type") != "bidi_component":
        return None
    component = element.bidi_component
    if component.component_name != VIEW:
        return None
    _, image, rest = component.json.partition('"image":')
    return rest.partition('"layers":')[0] if image else None


def record(opened: Browser, url: str) -> Recording:
    """Open the draw page of the app at `url`, draw a few strokes, and keep what was sent.

    Raises:
        RuntimeError: when a stroke isn't one frame that brings one picture of its own.
    """
    context = opened.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    sent: list[bytes] = []
    pictures: list[str] = []
    _listen(page, sent, pictures)
    page.goto(url)
    hand.settled(page)
    opening = tuple(sent)
    strokes = []
    for points in STROKES:
        sent.clear()
        pictures.clear()
        hand.stroke(page, points)
        hand.settled(page)
        if len(sent) != 1 or len(pictures) != 1:
            raise RuntimeError(f"a stroke was {len(sent)} frames and {len(pictures)} pictures")
        strokes.append(Stroke(sent[0], pictures[0]))
    context.close()
    if len({stroke.picture for stroke in strokes}) != len(strokes):
        raise RuntimeError("two strokes have the same picture: their answers can't be told apart")
    return Recording(opening, tuple(strokes))


def _listen(page: Page, sent: list[bytes], pictures: list[str]) -> None:
    def took(frame: bytes | str) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            sent.append(frame)

    def received(frame: bytes | str) -> None:
        if isinstance(frame, bytes) and (picture := picture_in(ForwardMsg.FromString(frame))):
            pictures.append(picture)

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", took)
        socket.on("framereceived", received)

    hand.listen(page)
    page.on("websocket", opened)
