"""A middleware asked without a server: what it answered, and whether the app behind it was."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cnnviz.serving.asgi import App, Message, Receive, Scope, Send

T = TypeVar("T")


@dataclass
class Answer:
    """`status` is 200 where the app itself answered, and 403 for a WebSocket that was refused."""

    status: int = 0
    words: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    passed: bool = False


def scope(
    path: str = "/", method: str = "GET", kind: str = "http", client: str = "192.0.2.1", **headers
) -> Scope:
    """A request; `host` is localhost:8501 unless given, and None leaves a header out."""
    given: dict[str, Any] = {"host": "localhost:8501", **headers}
    fields = [
        (name.replace("_", "-").encode(), each.encode("latin-1"))
        for name, value in given.items()
        if value is not None
        for each in ([value] if isinstance(value, str) else value)
    ]
    asked = {"type": kind, "path": path, "headers": fields, "client": (client, 5000)}
    return {**asked, "method": method} if kind == "http" else asked


def ask(middleware: Callable[[App], App], asked: Scope) -> Answer:
    """The whole answer to one request."""
    answer = Answer()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answer.passed = True
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"the app"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): v.decode() for name, v in message["headers"]}
        elif message["type"] == "http.response.body":
            answer.words += message["body"].decode(errors="replace")
        elif message["type"] == "websocket.close":
            answer.status, answer.words = 403, message["reason"]

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    run(middleware(app)(asked, receive, send))  # type: ignore[arg-type]
    return answer


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end in a thread of its own: Playwright's loop runs on in a test's thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
