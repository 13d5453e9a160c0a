"""How fast one visitor may ask, so that there is something left for the others.

A whole class often has one address, that of its school: limits by address leave room for it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cnnviz.serving.asgi import App, Message, Receive, Scope, Send, refuse

SETTING = "CNNVIZ_VISITORS"
VISITORS = 400
# Of one page: a slider that is dragged sends as many as the screen has frames.
MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 60, 600
_FORGET_AT = 10_000  # addresses


@dataclass
class Bucket:
    """A token bucket: `most` at once, `rate` a second on the long run.

    https://en.wikipedia.org/wiki/Token_bucket
    """

    rate: float
    most: float
    _level: float = field(init=False)
    _since: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._level = self.most

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0 where there is one."""
        self._level = min(self.most, self._level + (now - self._since) * self.rate)
        self._since = now
        return max(0.0, (1 - self._level) / self.rate)

    def take(self, now: float) -> float:
        """Take a token, which may be one to come: seconds until it is there."""
        wait = self.wait(now)
        self._level -= 1
        return wait

    def full(self, now: float) -> bool:
        self.wait(now)
        return self._level >= self.most


def visitors(setting: str) -> int:
    """`CNNVIZ_VISITORS`: pages that one address may open in a minute, and have open.

    Raises:
        ValueError: when it is no whole number above 0.
    """
    if not setting:
        return VISITORS
    if not (setting.isascii() and setting.isdigit() and 0 < int(setting) < 10**9):
        raise ValueError(f"{SETTING} must be a whole number from 1, got {setting!r}")
    return int(setting)


def network_of(address: str) -> str:
    """Whom an address belongs to: itself, or with IPv6 the /64 that one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Limits:
    """Middleware: pages by address, and the messages of each page.

    A message that comes too fast waits, so none is lost; a page too many is told when to try again.
    """

    def __init__(
        self,
        app: App,
        visitors: int = VISITORS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app, self._visitors = app, visitors
        self._clock, self._sleep = clock, sleep
        self._opening: dict[str, Bucket] = {}
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and _is_page(scope) and (wait := self._wait(_visitor(scope))):
            seconds = str(int(wait) + 1)
            await refuse(
                scope,
                send,
                429,
                "Very many pages are being opened from your network. "
                f"This one tries again by itself in {seconds} s.",
                {"retry-after": seconds, "refresh": seconds},
            )
        else:
            await self._app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = _visitor(scope)
        if self._wait(visitor):
            await refuse(scope, send, 429, "too many pages from one network")
            return
        self._bucket(visitor).take(self._clock())
        self._open[visitor] += 1
        try:
            await self._app(scope, self._slowed(receive), send)
        finally:
            self._open[visitor] -= 1
            if not self._open[visitor]:
                del self._open[visitor]

    def _slowed(self, receive: Receive) -> Receive:
        bucket = Bucket(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)

        async def slowed() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and (wait := bucket.take(self._clock())):
                await self._sleep(wait)
            return message

        return slowed

    def _wait(self, visitor: str) -> float:
        """Seconds until another page may be opened; 0 for at once."""
        if self._open[visitor] >= self._visitors:
            return 10.0
        return self._bucket(visitor).wait(self._clock())

    def _bucket(self, visitor: str) -> Bucket:
        if visitor not in self._opening:
            self._forget()
            self._opening[visitor] = Bucket(self._visitors / 60, self._visitors)
        return self._opening[visitor]

    def _forget(self) -> None:
        """Whoever hasn't come for a while is as good as new."""
        if len(self._opening) < _FORGET_AT:
            return
        now = self._clock()
        self._opening = {
            visitor: bucket for visitor, bucket in self._opening.items() if not bucket.full(now)
        }
        if len(self._opening) >= _FORGET_AT:  # more than could be told apart: memory comes first
            self._opening = {}


def _visitor(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(client[0]) if client else ""


def _is_page(scope: Scope) -> bool:
    """Whether it is a page that is opened, and none of the files that it consists of."""
    return scope["method"] == "GET" and "." not in scope["path"] and "/_st" not in scope["path"]
