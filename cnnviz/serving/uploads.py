"""How much one visitor, and all together, may have lying on the server: asked before it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cnnviz.serving.asgi import App, Receive, Scope, Send, header, refuse

MEGABYTE = 1_048_576  # as Streamlit counts its setting maxUploadSize
# Boundaries and headers around a file in a form, at the most.
FRAMING = MEGABYTE
_PLACE = "/_stcore/upload_file/"

# Files and bytes of a session, by its id.
Kept = Callable[[], Mapping[str, tuple[int, int]]]


@dataclass(frozen=True)
class Bounds:
    """In bytes; `files` is for a session."""

    file: int
    session: int
    everybody: int
    files: int = 1000


class Uploads:
    """Middleware: a file that is too much is refused by its announced size.

    Args:
        kept: what sessions have uploaded and not given back.
    """

    def __init__(self, app: App, bounds: Bounds, kept: Kept) -> None:
        self._app, self._bounds, self._kept = app, bounds, kept
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
            return f"A file may have {_megabytes(bounds.file)}, this one has {_megabytes(size)}."
        files, held = kept.get(session, (0, 0))
        if files >= bounds.files:
            return f"This visit has uploaded {files} files already, which is the most."
        if held + self._coming[session] + size > bounds.session:
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


def _megabytes(size: int) -> str:
    return f"{-(-size // MEGABYTE)} MB"
