"""Many visitors in one process: each a WebSocket that speaks Streamlit's own protocol."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import ConnectionClosed, Subprotocol, WebSocketException
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.recording import Recording, picture_in

PATIENCE = 60.0
"""Seconds after which a page that hasn't opened, or values that haven't come, are an error."""

_OPENED_AT_ONCE = 4


@dataclass
class Seen:
    """What all of them have seen. Times are in seconds; a stroke is `dropped` where the values of a
    newer one of the same visitor came in its place, and is as old as they are then."""

    opening: list[float] = field(default_factory=list)
    answers: list[tuple[float, float]] = field(default_factory=list)  # when sent, how long it took
    sent: int = 0
    dropped: int = 0
    errors: list[str] = field(default_factory=list)


class Visitor:
    """One session: it opens the draw page, and draws the recorded strokes over and over."""

    def __init__(self, url: str, recording: Recording, seen: Seen) -> None:
        self._url = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self._recording, self._seen = recording, seen
        self._waiting: deque[tuple[str, float]] = deque()  # picture, when its stroke was sent
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opened, self._answered = asyncio.Event(), asyncio.Event()

    async def open(self) -> None:
        started = time.perf_counter()
        self._socket = await connect(
            self._url,
            subprotocols=[Subprotocol("streamlit")],
            compression=None,  # Streamlit's server has none
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,  # as a browser
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        for frame in self._recording.opening:
            await self._socket.send(frame)
        await asyncio.wait_for(self._opened.wait(), PATIENCE)
        self._seen.opening.append(time.perf_counter() - started)

    async def draw(self, first: float, every: float, until: float) -> None:
        """A stroke at `first` and `every` so many seconds, whether or not the last was answered.

        Whoever's page never opened, or is lost, draws no more: that is an error, which is counted.
        """
        at, count = first, 0
        while at < until:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            if self._lost() or not self._opened.is_set():
                return
            strokes = self._recording.strokes
            if len(self._waiting) == len(strokes):
                # One more, and it couldn't be told which of two equal strokes was answered.
                self._seen.errors.append(f"{len(strokes)} strokes behind")
            else:
                stroke, count = strokes[count % len(strokes)], count + 1
                self._waiting.append((stroke.picture, time.perf_counter()))
                self._answered.clear()
                self._seen.sent += 1
                await self._send(stroke.frame)
            at += every
        if self._waiting:
            try:
                await asyncio.wait_for(self._answered.wait(), PATIENCE)
            except TimeoutError:
                self._seen.errors.append(f"{len(self._waiting)} strokes were never answered")

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    def _lost(self) -> bool:
        return self._reader is None or self._reader.done()

    async def _send(self, frame: bytes) -> None:
        assert self._socket is not None
        with contextlib.suppress(ConnectionClosed):  # the reader sees it, too, and counts it
            await self._socket.send(frame)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                assert isinstance(frame, bytes)
                self._take(ForwardMsg.FromString(frame), time.perf_counter())
            self._seen.errors.append("closed by the server")  # in an orderly way
        except ConnectionClosed as closed:
            self._seen.errors.append(f"closed by the server: {closed}")
        if self._waiting:
            self._seen.errors.append(f"{len(self._waiting)} strokes were never answered")
            self._waiting.clear()
            self._answered.set()

    def _take(self, message: ForwardMsg, now: float) -> None:
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self._opened.set()
            elif message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self._seen.errors.append("a page that can't be compiled")
        elif kind == "delta" and message.delta.new_element.HasField("exception"):
            self._seen.errors.append(message.delta.new_element.exception.message)
        elif kind == "delta" and self._waiting and (picture := picture_in(message)):
            self._answer(picture, now)

    def _answer(self, picture: str, now: float) -> None:
        if all(picture != waiting for waiting, _ in self._waiting):
            self._seen.errors.append("values of a stroke that wasn't waited for")
            return
        while self._waiting:
            waiting, sent = self._waiting.popleft()
            self._seen.answers.append((sent, now - sent))
            if waiting == picture:
                break
            self._seen.dropped += 1
        if not self._waiting:
            self._answered.set()


async def open_all(visitors: Sequence[Visitor], seen: Seen) -> None:
    """Open their pages, a few at once."""
    places = asyncio.Semaphore(_OPENED_AT_ONCE)

    async def one(visitor: Visitor) -> None:
        async with places:
            try:
                await visitor.open()
            except (OSError, TimeoutError, WebSocketException) as error:
                seen.errors.append(f"not opened: {error!r}")

    await asyncio.gather(*(one(visitor) for visitor in visitors))


async def close_all(visitors: Sequence[Visitor]) -> None:
    await asyncio.gather(*(visitor.close() for visitor in visitors))


async def draw_all(visitors: Sequence[Visitor], every: float, seconds: float) -> None:
    """Let each draw a stroke `every` so many seconds, for `seconds`; they begin one by one."""
    start = time.perf_counter()
    await asyncio.gather(
        *(
            visitor.draw(start + every * place / len(visitors), every, start + seconds)
            for place, visitor in enumerate(visitors)
        )
    )
