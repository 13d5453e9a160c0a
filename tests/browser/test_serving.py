"""The running server refuses what isn't for it, and says on every answer what a page may do."""

import http.client
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect


def ask(app: str, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=60)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=fields)
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


# As many bytes as a visit may keep, put beside the file that the browser has put at `url`.
FILL = """async ({ url, headers }) => {
  const statuses = [];
  const form = new FormData();
  form.append("a", new Blob([new Uint8Array(45e6)]), "a");
  for (const place of [1, 2, 3]) {
    const there = url.replace(/[^/]*$/, `filling-${place}`);
    const answer = await fetch(there, { method: "PUT", body: form, headers });
    statuses.push(answer.status);
  }
  return statuses;
}"""


def test_a_file_that_is_refused_is_named_on_the_page_with_its_size_and_what_is_right(
    app: str, page: Page, problems: list[str]
) -> None:
    page.goto(app)
    page.locator(".st-key-model_popover button").first.click()
    field = page.locator(".st-key-model_file input[type=file]")
    file = {"name": "small.pt", "mimeType": "application/octet-stream", "buffer": b"no weights"}
    with page.expect_request(lambda asked: asked.method == "PUT") as put:
        field.set_input_files(file)  # pyright: ignore[reportArgumentType]
    expect(
        page.get_by_role("alert").filter(has_text="small.pt is not a weights file")
    ).to_be_visible()
    token = {"X-Xsrftoken": put.value.headers.get("x-xsrftoken", "")}
    assert page.evaluate(FILL, {"url": put.value.url, "headers": token}) == [204, 204, 204]

    large = {**file, "name": "my *large* one.pt", "buffer": bytes(25_000_000)}
    field.set_input_files(large)  # pyright: ignore[reportArgumentType]
    said = page.get_by_test_id("stToast")
    expect(said).to_contain_text("my *large* one.pt (24 MB) isn't taken.")
    expect(said).to_contain_text("This visit's files may have 150 MB in all: remove one")
    assert all("413" in problem or "upload" in problem for problem in problems), problems
    problems.clear()
