"""What a browser is told to keep, what it gets compressed, and what stands in the pages' HTML."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from cnnviz.components.modules import FRONTEND
from cnnviz.serving import kept
from cnnviz.serving.asgi import App, Message, Receive, Scope, Send
from cnnviz.ui import first_html
from tests.serving.asking import run

ROOT = Path(__file__).parents[2]
NAMED = f"{kept.COMPONENTS}cnnviz.page/made/page-0123456789ab.js"
BY_HAND = f"{kept.COMPONENTS}drawable.canvas/index-style.css"
STREAMLITS = "/static/js/index.DormvYxC.js"
HTML = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


@dataclass
class Answer:
    status_code: int
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.content) if packed else self.content).decode()


class Client:
    """A browser as the server sees it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def get(self, path: str, method: str = "GET", stays: bool = True, **headers: str) -> Answer:
        """One that doesn't stay has gone away before the answer."""
        sent = {"host": "here", "accept_encoding": "gzip, br", **headers}
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [
                (name.replace("_", "-").encode(), text.encode()) for name, text in sent.items()
            ],
        }
        messages = []

        async def receive() -> Message:
            return {"type": "http.request" if stays else "http.disconnect"}

        async def send(message: Message) -> None:
            messages.append(message)

        async def answer() -> None:
            await self._app(scope, receive, send)

        run(answer())
        start, *parts = messages
        body = b"".join(part["body"] for part in parts)
        return Answer(start["status"], Headers(raw=start["headers"]), body)


@pytest.fixture
def asked() -> list[str]:
    """The addresses that Streamlit was asked for."""
    return []


@pytest.fixture
def client(asked: list[str]) -> Client:
    """A server that answers as Streamlit does, behind the middleware."""

    def script(request: Request) -> Response:
        asked.append(request.url.path)
        assert "gzip" not in request.headers.get("accept-encoding", "")
        cache = "public, immutable, max-age=31536000" if "static" in request.url.path else "public"
        headers = {"Cache-Control": cache}
        return Response("let a = 1;\n" * 200, media_type="text/javascript", headers=headers)

    def other(request: Request) -> Response:
        asked.append(request.url.path)
        if request.url.path == "/_stcore/health":
            return PlainTextResponse("ok")
        return HTMLResponse(HTML, headers={"Cache-Control": "no-cache"})

    routes = [
        *(Route(path, script) for path in (NAMED, BY_HAND, STREAMLITS)),
        Route("/{path:path}", other, methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes)
    return Client(kept.KeptInMemory(app, first_html.dressed))


@pytest.mark.parametrize("path", [NAMED, STREAMLITS])
def test_a_file_named_by_its_content_is_read_once_and_kept_for_ever(client, asked, path) -> None:
    first, second = client.get(path), client.get(path)
    assert asked == [path]
    assert first.text == second.text == "let a = 1;\n" * 200
    assert second.headers["content-encoding"] == "gzip"
    assert int(second.headers["content-length"]) < 200
    assert second.headers["content-type"].startswith("text/javascript")
    assert {"immutable", "max-age=31536000"} <= set(re.split(", ", second.headers["cache-control"]))


def test_a_browser_that_goes_away_leaves_no_half_file_for_the_next(tmp_path: Path) -> None:
    (tmp_path / "long.js").write_text("let a = 1;\n" * 100_000, encoding="utf-8")
    app = Starlette(routes=[Route(STREAMLITS, lambda _: FileResponse(tmp_path / "long.js"))])
    client = Client(kept.KeptInMemory(app, first_html.dressed))
    client.get(STREAMLITS, stays=False)
    assert client.get(STREAMLITS).text == "let a = 1;\n" * 100_000


def test_an_address_spelled_in_many_ways_is_kept_once() -> None:
    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("let a = 1;", media_type="text/javascript")(scope, receive, send)

    server = kept.KeptInMemory(streamlit, first_html.dressed)
    client = Client(server)
    name = STREAMLITS.removeprefix("/static/js/")
    for path in (STREAMLITS, f"/.{STREAMLITS}", f"/static/js/././{name}", f"/static/js//{name}"):
        assert client.get(path).text == "let a = 1;"
    assert list(server._files) == [STREAMLITS]


def test_who_reads_no_compressed_files_gets_them_plain(client) -> None:
    answer = client.get(NAMED, accept_encoding="identity")
    assert "content-encoding" not in answer.headers
    assert answer.text.startswith("let a")


def test_a_file_whose_name_says_nothing_is_asked_for_again(client, asked) -> None:
    first = client.get(BY_HAND)
    assert "max-age=0" in first.headers["cache-control"]
    again = client.get(BY_HAND, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(BY_HAND, if_none_match='"older"').status_code == 200
    assert asked == [BY_HAND]


def test_a_page_comes_with_its_style_and_with_the_address_of_the_network_view(client) -> None:
    html = client.get("/draw").text
    style = first_html.STYLE.read_text(encoding="utf-8")
    assert html.index('<div id="root">') < html.index(style) < html.index("</body>")
    (address,) = re.findall(r'<script type="module" async src="\.(/_stcore/[^"]+)"', html)
    component, _, file = address.removeprefix(kept.COMPONENTS).partition("/")
    assert component == "cnnviz.network_view"
    assert (FRONTEND / file).exists()
    left = html.replace(f"<style>\n{style}</style>", "").replace(first_html.needed_beside(HTML), "")
    assert left == HTML


def test_a_page_names_the_fonts_and_parts_that_streamlit_would_look_for_later(client) -> None:
    root = Path(streamlit.__file__).parent / "static" / "static" / "js"
    html = client.get("/draw").text
    parts = re.findall(r'rel="modulepreload" href="\./static/js/([^"]+)"', html)
    assert {part.partition(".")[0] for part in parts} >= set(first_html.PARTS)
    assert all((root / part).is_file() for part in parts)
    assert len(parts) == len(set(parts))
    style = first_html.STYLE.read_text(encoding="utf-8")
    for font in first_html.FONTS:
        assert f'href="./app/static/{font}" as="font"' in html
        assert f'url("app/static/{font}")' in style
        assert (ROOT / "static" / font).is_file()


def test_scripts_that_are_called_as_a_page_opens_say_so_to_the_browser_and_others_do_not() -> None:
    static = Path(streamlit.__file__).parent / "static"
    html = (static / "index.html").read_text(encoding="utf-8")
    names = first_html.called_on_load(html)
    (view,) = re.findall(r"network_view-\w+\.js", first_html.needed_beside(html))
    starts = re.findall(r'<script type="module" crossorigin src="\./static/js/([^"]+)"', html)
    assert {view, *starts} < names
    of_streamlit = {file.name: file for file in (static / "static" / "js").glob("*.js")}
    assert names - {view} < of_streamlit.keys()
    charts = next(name for name in of_streamlit if name.startswith("PlotlyChart."))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        file = of_streamlit[scope["path"].rpartition("/")[2]]
        await FileResponse(file)(scope, receive, send)

    assert charts not in names
    client = Client(kept.KeptInMemory(app, first_html.dressed, names))
    for name, hint in ((starts[0], kept.ON_LOAD), (charts, b"")):
        sent = client.get(f"/static/js/{name}", accept_encoding="identity").content
        assert sent == hint + of_streamlit[name].read_bytes()


def test_a_page_that_has_not_changed_is_not_sent_again(client) -> None:
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/", if_none_match=first.headers["etag"])
    assert again.status_code == 304


def test_invented_addresses_fill_no_memory(client, asked, monkeypatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 0)
    invented = "/static/js/nothing.js"
    for path in (invented, invented, NAMED, NAMED):
        assert client.get(path).status_code == 200
    assert asked == [invented, invented, NAMED, NAMED]


def test_all_else_is_left_to_streamlit(client, asked) -> None:
    assert client.get("/_stcore/health").text == "ok"
    assert client.get("/draw", method="POST").text == HTML
    assert "etag" not in client.get("/draw", range="bytes=0-9").headers
    assert len(asked) == 3
