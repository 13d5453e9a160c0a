"""What a page's address asks for."""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, TimeoutError


def asked_by(url: str) -> dict[str, str]:
    return {name: text for name, (text,) in parse_qs(urlsplit(url).query).items()}


def asks(page: Page, wanted: dict[str, str]) -> None:
    """The page's address comes to ask for this and nothing else, in whatever order."""
    with suppress(TimeoutError):
        page.wait_for_url(lambda url: asked_by(url) == wanted)
    assert asked_by(page.url) == wanted
