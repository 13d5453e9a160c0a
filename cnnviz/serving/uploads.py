"""How much one visitor, and all together, may have lying on the server: asked before it is read."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cnnviz.serving.asgi import App, Message, Receive, Scope, Send, header, refuse

T = TypeVar("T")

MEGABYTE = 1_000_000
"""As Streamlit's page counts its setting maxUploadSize; its server takes files of a little more."""
FRAMING = 8192
"""Bytes of the boundaries and headers around a file in a form, at the most."""
_PLACE = "/_stcore/upload_file/"

# Files and bytes of a session, by its id.
Kept = Callable[[], Mapping[str, tuple[int, int]]]

# A form begins with what its file is called; a browser writes a quotation mark in it as %22.
_NAMED = re.compile(
    rb'^content-disposition:[^\r\n]{0,4000}?;\s*filename="([^"\r\n]*)"', re.I | re.M
)
_LONGEST_NAME = 80
_PATIENCE = 1.0  # seconds until a file's name has come
_REST = 30.0  # seconds until all of a refused file has


@dataclass(frozen=True)
class Bounds:
    """In bytes; `files` is for a session."""

    file: int
    session: int
    everybody: int
    files: int = 1000


@dataclass(frozen=True)
class Refusal:
    """A file that wasn't taken: its `name`, empty where none was said, the bytes of the form that
    it would have come in, and why."""

    name: str
    size: int
    reason: str

    @property
    def megabytes(self) -> str:
        return _megabytes(self.size - FRAMING)


# Whoever shows the page of a session, by its id, can say there what was refused.
Tell = Callable[[str, Refusal], None]


class Uploads:
    """Middleware: a file that is too much is refused by its announced size, and none of it kept.

    One that would be small enough, had there been room, is read before it is refused.

    Args:
        kept: what sessions have uploaded and not given back.
        tell: called with each refusal, since Streamlit's page shows its number alone.
    """

    def __init__(self, app: App, bounds: Bounds, kept: Kept, tell: Tell = lambda *_: None) -> None:
        self._app, self._bounds, self._kept, self._tell = app, bounds, kept, tell
        self._coming: Counter[str] = Counter()  # bytes that are being read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        place = path.find(_PLACE)
        if place < 0 or scope["method"] in ("GET", "HEAD", "OPTIONS", "DELETE"):
            await self._app(scope, receive, send)
            return
        session = path[place + len(_PLACE) :].partition("/")[0]
        try:
            size = _announced(scope)
        except ValueError as error:
            await refuse(scope, send, 411, f"Bad upload: {error}.")
            return
        if problem := self._problem(session, size):
            first = await _within(_PATIENCE, receive())
            self._tell(session, Refusal(_name(first), size, problem))
            if size <= self._bounds.file + FRAMING:
                await _within(_REST, _drop_rest(receive, first))
            await refuse(scope, send, 413, problem)
            return
        self._coming[session] += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming[session] -= size
            if not self._coming[session]:
                del self._coming[session]

    def _problem(self, session: str, size: int) -> str | None:
        bounds, kept = self._bounds, self._kept()
        if size > bounds.file + FRAMING:
            has = _megabytes(size - FRAMING)
            return f"A file may have {_megabytes(bounds.file)}, this one has {has}."
        files, held = kept.get(session, (0, 0))
        if files >= bounds.files:
            return f"This visit has uploaded {files} files already, which is the most."
        if held + self._coming[session] + size > bounds.session + FRAMING:
            return (
                f"This visit's files may have {_megabytes(bounds.session)} in all: "
                "remove one of them, or reload the page."
            )
        everybody = sum(held for _, held in kept.values()) + self._coming.total()
        if everybody + size > bounds.everybody:
            return "The server holds as many files as it can. Try again in a few minutes."
        return None


def _announced(scope: Scope) -> int:
    if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        # Whoever reads it goes by that, whatever length is said beside it (RFC 9112, 6.3).
        raise ValueError("it must come whole, not in chunks whose sum nobody knows beforehand")
    length = header(scope, b"content-length")
    if length is None:
        raise ValueError("its size must be said beforehand")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        raise ValueError(f"its size must be a number of bytes, got {length[:40]!r}")
    return int(length)


async def _within(seconds: float, work: Awaitable[T]) -> T | None:
    """None where it isn't done by then."""
    try:
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        return None


def _name(first: Message | None) -> str:
    """What the file is called, by the first piece of its form."""
    found = _NAMED.search((first or {}).get("body", b"")[:FRAMING])
    name = found[1].decode(errors="replace").replace("%22", '"') if found else ""
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"


async def _drop_rest(receive: Receive, piece: Message | None) -> None:
    """Read what comes after `piece`, and keep nothing of it.

    A proxy sends all of a request before it reads the answer: where the connection is closed
    meanwhile, it says 502 in place of what it was answered.
    """
    while piece is None or piece.get("more_body"):
        piece = await receive()


def _megabytes(size: int) -> str:
    """Rounded up, since less than one is shown as one."""
    return f"{max(1, -(-size // MEGABYTE))} MB"
