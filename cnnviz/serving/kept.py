"""How a browser gets the files of pages: from memory, compressed once, and kept where they can be.

Streamlit reads each of a page's sixty files anew for every visitor, compresses a component's each
time and its own never, and gives a browser nothing to keep a component's file by.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
import posixpath
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import Response

from cnnviz.serving.asgi import App, Message, Receive, Scope, Send

COMPONENTS = "/_stcore/bidi-components/"
FILES = re.compile(rf"{COMPONENTS}|^(?:/[^/]+)*?/static/(?:js|css|media)/")
OTHERS = re.compile(r"\.|/_stcore/|/media/")
NAMED_BY_CONTENT = re.compile(r"-[\w-]{8,}\.(?:js|css)$")
COMPRESSIBLE = re.compile(r"^(?:text/|application/(?:javascript|json|wasm)|image/svg)")

FOREVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=0, stale-while-revalidate=604800"
"""What a browser has is shown at once, and asked for meanwhile, for the next time."""

PAGE = "text/html; charset=utf-8"

ON_LOAD = b"//# allFunctionsCalledOnLoad\n"
"""Has Chromium compile a script's functions beside the page's main thread, while it comes, and not
each on that thread when it is first called: https://v8.dev/blog/explicit-compile-hints. To other
browsers it is a comment."""

MOST_FILES = 600
"""Streamlit 1.67 has 500 files; whoever invents addresses can't fill the memory."""


@dataclass(frozen=True)
class _File:
    kind: str
    cache: str
    plain: bytes
    compressed: bytes | None
    tag: str


class KeptInMemory:
    """Middleware: answers for files, which don't change while a server runs, without Streamlit.

    Args:
        dress: makes of Streamlit's HTML page the one that is sent.
        on_load: names of the scripts that are called as a page opens: they get `ON_LOAD`.
    """

    def __init__(
        self, app: App, dress: Callable[[bytes], bytes], on_load: Container[str] = ()
    ) -> None:
        self._app, self._on_load = app, on_load
        self._files: dict[str, _File] = {}
        self._page = functools.lru_cache(maxsize=4)(
            lambda html: _file(PAGE, "no-cache", dress(html))
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        is_file = FILES.search(path) is not None
        if not _is_whole(scope) or not (is_file or OTHERS.search(path) is None):
            await self._app(scope, receive, send)
            return
        file = self._files.get(path)
        if file is None:
            start, body = await _asked(self._app, scope)
            file = await anyio.to_thread.run_sync(self._found, path, start, body)
            if file is None:
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            # For an address that it doesn't know Streamlit sends its page.
            # One that is spelled in another way, as /./static/js/a.js, isn't kept a second time.
            plain = posixpath.normpath(path) == path
            if is_file and plain and file.kind != PAGE and len(self._files) < MOST_FILES:
                self._files[path] = file
        await _answer(file, Headers(raw=scope["headers"]))(scope, receive, send)

    def _found(self, path: str, start: Message, body: bytes) -> _File | None:
        headers = Headers(raw=start["headers"])
        kind, cache = headers.get("content-type", ""), headers.get("cache-control", "")
        if start["status"] != 200 or not kind:
            return None
        if kind.startswith("text/html"):
            return self._page(body)
        if posixpath.basename(path) in self._on_load:
            body = ON_LOAD + body
        if COMPONENTS in path:
            cache = FOREVER if NAMED_BY_CONTENT.search(path) else FOR_NOW
        return _file(kind, cache, body)


def _is_whole(scope: Scope) -> bool:
    """Whether something is asked for, and all of it."""
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "range" not in Headers(raw=scope["headers"])
    )


async def _asked(app: App, scope: Scope) -> tuple[Message, bytes]:
    """What the app says to a browser that has nothing yet and reads no compressed files.

    A browser that goes away in the middle isn't heard: the file would be kept half.
    """
    conditional = (b"accept-encoding", b"if-none-match", b"if-modified-since")
    headers = [pair for pair in scope["headers"] if pair[0] not in conditional]
    started: list[Message] = []
    parts: list[bytes] = []
    requests: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def stay() -> Message:
        for request in requests:
            return request
        return await asyncio.Future()  # until the app has answered

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    # No extensions: the body itself is asked for, not where on the disk it is.
    await app({**scope, "headers": headers, "extensions": {}}, stay, take)
    return started[0], b"".join(parts)


def _file(kind: str, cache: str, body: bytes) -> _File:
    compressed = gzip.compress(body, 9, mtime=0) if COMPRESSIBLE.match(kind) else None
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return _File(kind, cache, body, compressed, tag)


def _answer(file: _File, asked: Headers) -> Response:
    headers = {"Cache-Control": file.cache, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if asked.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    if file.compressed is not None and "gzip" in asked.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, headers=headers, media_type=file.kind)
    return Response(file.plain, headers=headers, media_type=file.kind)
