"""The few words of ASGI (https://asgi.readthedocs.io) that the middleware here shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> str | None:
    """A header of the request by its lower-case name; None without it.

    Raises:
        ValueError: when it is there twice: servers and proxies differ in which one counts.
    """
    values = [value for key, value in scope["headers"] if key == name]
    if len(values) > 1:
        raise ValueError(f"the header {name.decode()} must be there once, got {len(values)}")
    return values[0].decode("latin-1") if values else None


async def refuse(
    scope: Scope, send: Send, status: int, words: str, headers: dict[str, str] | None = None
) -> None:
    """Answer in plain text, or close a WebSocket before it is accepted (which HTTP shows as 403).

    What is left of a request's body isn't read: the connection is closed instead.
    """
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": words[:100]})
        return
    body = f"{words}\n".encode()
    plain = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **(headers or {}),
    }
    fields = [(name.encode(), value.encode()) for name, value in plain.items()]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
