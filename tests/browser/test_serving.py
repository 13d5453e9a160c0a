"""The running server refuses what isn't for it, and says on every answer what a page may do."""

import http.client
import http.server
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.serving.uploads import MEGABYTE
from tests import sessions


def ask(
    app: str, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=60)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, fields)
    return connection.getresponse()


def test_every_answer_has_the_headers_and_no_other_sites_page_gets_one(app: str) -> None:
    for path in ("/", "/training", "/_stcore/health", "/app/static/icon.png", "/media/none", "//x"):
        headers = ask(app, path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    assert ask(app, "/", Host="evil.example").status == 421
    assert ask(app, "/", Origin="http://evil.example").status == 403
    put = "/_stcore/upload_file/somebody/file"
    assert ask(app, put, "PUT", Content_Length="99999999").status == 413
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert ask(app, "/_stcore/stream", **upgrade).status == 101
    for foreign in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
        assert ask(app, "/_stcore/stream", **upgrade, **foreign).status == 403


def test_a_file_that_is_refused_is_named_on_the_page_that_it_was_for(app: str) -> None:
    def pages(messages: list[ForwardMsg]) -> set[str]:
        # A session's own hash is at first the app's, where nobody has opened a page yet.
        chosen = [each for each in messages if each.WhichOneof("type") == "navigation"]
        return {each.navigation.page_script_hash for each in chosen}

    with sessions.opened(app, "translation", "letter=A") as socket:
        first = list(sessions.run(socket))
        session = first[0].new_session.initialize.session_id
        put = f"/_stcore/upload_file/{session}/file"
        assert ask(app, put, "PUT", Content_Length="99999999").status == 413
        again = list(sessions.run(socket))
    (toast,) = [
        each.delta.new_element.toast.body
        for each in again
        if each.delta.new_element.HasField("toast")
    ]
    assert toast.startswith("A file (100 MB) isn't taken.")
    assert pages(again) == pages(first)
    assert len(pages(again)) == 1


NAMES = (
    "holiday in the mountains, the third day, seen from the hut above the lake (copy 2).png",
    ":material/delete: www.evil.example [l](https://evil.example) me@evil.example",
    "a -> b -- $x^2$ **bold** :red[red] :streamlit: <b>b</b> &lt; `code`",
)


def page_with_refusals(app: str, page: Page, names: Iterable[str]) -> Page:
    """Shown to `page`: what wasn't taken of a file of each name."""
    sessions_opened: list[str] = []

    def received(frame: str | bytes) -> None:
        if isinstance(frame, bytes) and not sessions_opened:
            message = ForwardMsg.FromString(frame)
            if message.HasField("new_session"):
                sessions_opened.append(message.new_session.initialize.session_id)

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.goto(f"{app}/translation")
    expect(page.get_by_role("heading", name="Through all layers")).to_be_visible()
    for name in names:
        form = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        put = f"/_stcore/upload_file/{sessions_opened[0]}/file"
        assert ask(app, put, "PUT", form, Content_Length="99999999").status == 413
    return page


def test_what_was_refused_on_a_page_goes_with_it(app: str, open_page: Callable[..., Page]) -> None:
    page = page_with_refusals(app, open_page(fresh=True), NAMES)
    expect(page.get_by_test_id("stToast")).to_have_count(len(NAMES))
    page.get_by_role("link", name="Pooling").click()
    expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stToast")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_refused_file_is_named_to_the_letter_and_the_whole_sentence_is_in_sight(
    app: str, open_page: Callable[..., Page], width: int
) -> None:
    opened = open_page(fresh=True, viewport={"width": width, "height": 844})
    page = page_with_refusals(app, opened, NAMES)
    toasts = page.get_by_test_id("stToastText")
    expect(toasts).to_have_count(len(NAMES))
    said = {*toasts.all_text_contents()}
    why = "(100 MB) isn't taken. A file may have 50 MB, this one has 100 MB."
    shown = (name if len(name) <= 80 else f"{name[:80]}…" for name in NAMES)
    assert said == {f"{name} {why}" for name in shown}
    for toast in toasts.all():
        assert toast.evaluate("each => each.scrollHeight <= each.clientHeight")
        assert toast.locator("a, img, strong, code, [role=img], .katex").count() == 0
        box, window = toast.bounding_box(), page.viewport_size
        assert box is not None
        assert window is not None
        assert 0 <= box["x"] <= window["width"] - box["width"]
        assert 0 <= box["y"] <= window["height"] - box["height"]
    expect(page.locator("[data-testid=stToastViewButton]:visible")).to_have_count(0)


def test_a_file_of_the_very_bound_is_taken_and_a_byte_more_is_not_even_sent(
    app: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    page.goto(f"{app}/build")
    page.get_by_role("button", name="Weights from a file").click()
    menu = page.get_by_test_id("stPopoverBody")
    for name, size in (("full", 50 * MEGABYTE), ("over", 50 * MEGABYTE + 1)):
        file = tmp_path / f"{name}.safetensors"
        with file.open("wb") as sparse:
            sparse.truncate(size)
        menu.locator("input[type=file]").set_input_files(file)
        # The sentence of what read it, or of the page.
        said = f"{name}.safetensors" if size == 50 * MEGABYTE else "must be 50.0MB or smaller"
        expect(menu.get_by_role("alert").filter(has_text=said)).to_be_visible()


def test_the_first_page_is_found_by_its_name_too(app: str) -> None:
    answer = ask(app, "/draw?digit=7&pin=fc+0")
    assert (answer.status, answer.headers["location"]) == (307, "/?digit=7&pin=fc+0")


def test_a_page_comes_with_its_style_and_names_a_file_that_browsers_keep(app: str) -> None:
    html = ask(app, "/").read().decode()
    assert ".stApp {" in html
    (address,) = re.findall(r'src="\.([^"]*network_view[^"]*)"', html)
    answer = ask(app, address, Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """The address of a page of another origin: what Playwright makes up counts as far away."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{site.server_port}/"
        finally:
            site.shutdown()


def test_no_other_sites_page_has_the_app_in_a_frame(
    app: str, open_page: Callable[..., Page], problems: list[str]
) -> None:
    page = open_page(fresh=True)
    framed = f"<p>foreign</p><iframe src='{app}/training' width=900 height=600></iframe>"
    with another_site(framed) as foreign:
        with page.expect_event("requestfailed", lambda r: r.url == f"{app}/training") as refused:
            page.goto(foreign)
        assert refused.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
        assert page.frames[1].locator(".stApp").count() == 0
    problems.clear()  # the console says why
