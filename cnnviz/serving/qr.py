"""QR codes of links to the app's own pages.

A class that looks at the projector gets to what is shown with a telephone. The code is made by
segno, which follows ISO/IEC 18004.
"""

from __future__ import annotations

import io
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

MOST_CHARACTERS = 1500
KINDS = {"svg": "image/svg+xml", "png": "image/png"}
_QUIET_ZONE = 4  # modules of white around it, as the standard asks for
_PNG_SIDE = 1200  # pixels, about


def routes() -> list[Route]:
    return [Route(f"/qr.{kind}", _answer) for kind in KINDS]


def _answer(request: Request) -> Response:
    kind = request.url.path.rpartition(".")[2]
    try:
        link = checked(request.query_params.get("link", ""), request.headers.get("host", ""))
        made = code(link, kind)
    except ValueError as error:
        return PlainTextResponse(f"{error}\n", 400)
    return Response(made, media_type=KINDS[kind], headers={"cache-control": "private, max-age=600"})


def checked(link: str, host: str) -> str:
    """`link` itself. Raises ValueError for what is too long, or no link to the pages of `host`:
    nobody is to have codes made here that lead elsewhere."""
    if len(link) > MOST_CHARACTERS:
        raise ValueError(f"link must have at most {MOST_CHARACTERS} characters, got {len(link)}")
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.netloc != host:
        raise ValueError("link must lead to a page of this app")
    if not link.isascii() or any(letter <= " " for letter in link):
        raise ValueError("link must be written as a browser writes it, without spaces")
    return link


@lru_cache(maxsize=32)
def code(link: str, kind: str) -> bytes:
    """The picture: modules as large as they can be, with the standard's white around them."""
    # The lowest correction makes the largest modules: a projector's picture is far, not dirty.
    made = segno.make(link, error="l", micro=False, boost_error=False)
    content = io.BytesIO()
    if kind == "svg":
        made.save(content, kind=kind, border=_QUIET_ZONE, light="#fff", omitsize=True)
    else:
        width, _ = made.symbol_size(border=_QUIET_ZONE)
        scale = max(1, _PNG_SIDE // int(width))
        made.save(content, kind=kind, border=_QUIET_ZONE, light="#fff", scale=scale)
    return content.getvalue()
