"""What the server tells browsers about its pages: what they may load, and who may frame them."""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

from cnnviz.serving.asgi import App, Message, Receive, Scope, Send

# Each source beyond 'self', and why the pages need it.
EXCEPTIONS = {
    ("script-src", "'wasm-unsafe-eval'"): "Streamlit reads tables by Arrow's WebAssembly",
    ("style-src", "'unsafe-inline'"): "Streamlit's style library and Plotly write style elements",
    ("img-src", "data:"): "maps, icons and Plotly's snapshots are pictures inside of the page",
    ("font-src", "data:"): "Plotly and KaTeX bring symbols inside of their style sheets",
    ("connect-src", "data:"): "a component's pictures are fetched from data: addresses",
}
_SOURCES = ("script-src", "style-src", "img-src", "font-src", "connect-src")


def content_security_policy(page: str) -> str:
    """The policy for a `page` (HTML) whose inline scripts may run, each named by its hash.

    https://www.w3.org/TR/CSP3/
    """
    hashes = [*map(hash_source, inline_scripts(page))]
    rules = ["default-src 'self'"]
    for directive in _SOURCES:
        more = [source for name, source in EXCEPTIONS if name == directive]
        allowed = ["'self'", *(hashes if directive == "script-src" else []), *more]
        rules.append(" ".join([directive, *allowed]))
    rules += ["object-src 'none'", "base-uri 'self'", "form-action 'self'"]
    return "; ".join([*rules, "frame-ancestors 'none'"])


def hash_source(text: str) -> str:
    """How a policy names a script, or a style: by its SHA-256 in base64, in quotes."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def inline_scripts(page: str) -> list[str]:
    """What stands in the script elements of an HTML page that load no file."""
    reader = _Scripts()
    reader.feed(page)
    reader.close()
    return reader.found


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def security_headers(policy: str) -> list[tuple[bytes, bytes]]:
    fields = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",  # for browsers that don't know frame-ancestors
        # Our own requests say where they come from, and nobody else learns what is in a link.
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(self), clipboard-write=(self), microphone=(), "
        "geolocation=(), display-capture=(), payment=(), usb=()",
    }
    return [(name.encode(), value.encode()) for name, value in fields.items()]


class Headers:
    """Middleware: every answer carries the headers, whoever gave it."""

    def __init__(self, app: App, fields: list[tuple[bytes, bytes]]) -> None:
        self._app, self._fields = app, fields
        self._names = {name for name, _ in fields}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    field for field in message["headers"] if field[0].lower() not in self._names
                ]
                message["headers"] = [*kept, *self._fields]
            await send(message)

        await self._app(scope, receive, with_headers)
