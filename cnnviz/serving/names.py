"""Who the server is: requests for another name, or from another's page, go no further.

A page elsewhere can have its own name lead to this machine (DNS rebinding), and then reads the app
as if it were its own. Its requests still say that name, so a name must be one we know. An address
is always good: no name can be made to look like one.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from cnnviz.serving.asgi import App, Receive, Scope, Send, header, refuse

SETTING = "CNNVIZ_HOSTS"
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_-]{1,63})*")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]]+)(:(?P<port>[0-9]{1,5}))?", re.ASCII)


def known_names(setting: str = "", machine: str | None = None) -> KnownNames:
    """Names from a setting like `cnn.school.example, *.example.org`, beside this machine's own.

    Raises:
        ValueError: when a part of the setting is no name.
    """
    machine = (socket.gethostname() if machine is None else machine).lower()
    own = {"localhost", machine, f"{machine}.local"} - {""}
    given = [part.strip().lower() for part in setting.split(",") if part.strip()]
    for part in given:
        if part != "*" and not _NAME.fullmatch(part.removeprefix("*.")):
            raise ValueError(
                f"{SETTING} must be names like cnn.school.example or *.school.example, "
                f"with commas between them, got {part!r}"
            )
    return KnownNames(
        frozenset(own | {part for part in given if not part.startswith("*")}),
        tuple(part[1:] for part in given if part.startswith("*.")),
        "*" in given,
    )


@dataclass(frozen=True)
class KnownNames:
    """`exact` names, `endings` like `.school.example`, or `every` name."""

    exact: Iterable[str]
    endings: tuple[str, ...] = ()
    every: bool = False

    def know(self, host: str) -> bool:
        """Whether a Host header, lower case, with or without a port, may be ours."""
        found = _HOST.fullmatch(host)
        if found is None or int(found["port"] or 0) > 65535:
            return False
        name = found["name"]
        if _is_address(name):
            return True
        if not _NAME.fullmatch(name.removesuffix(".")):
            return False
        name = name.removesuffix(".")
        return self.every or name in self.exact or name.endswith(self.endings)


def _is_address(name: str) -> bool:
    try:
        if name.startswith("["):
            ipaddress.IPv6Address(name[1:-1])
        else:
            ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


class Names:
    """Middleware: answers 421 for a name that isn't ours, 403 to a page that isn't ours."""

    def __init__(self, app: App, known: KnownNames) -> None:
        self._app, self._known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            host, origin = header(scope, b"host"), header(scope, b"origin")
        except ValueError as error:
            await refuse(scope, send, 400, f"Bad request: {error}.")
            return
        if host is None or not self._known.know(host.lower()):
            await refuse(
                scope,
                send,
                421,
                "This server isn't known by that name. Whoever runs it can allow names with "
                f"the setting {SETTING}.",
            )
        elif origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            await refuse(scope, send, 403, "Pages of another site may not use this server.")
        else:
            await self._app(scope, receive, send)
