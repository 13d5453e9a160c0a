"""One server behind nginx, as docs/running.md has it for a class."""

import http.client
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cnnviz.serving.uploads import MEGABYTE
from tests import sessions
from tests.browser import chromium, hand, proxy

NAME = "cnn.school.example"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(proxy.NGINX is None, reason="needs nginx (apt-get install nginx-light)"),
]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proxy, in front of a server that is started as the page says."""
    folder = tmp_path_factory.mktemp("nginx")
    settings = {"CNNVIZ_RUNS": str(folder / "runs"), "CNNVIZ_HOSTS": NAME}
    with chromium.server(settings) as (url, _), proxy.nginx(folder, [url]) as address:
        yield address


def ask(
    url: str, path: str, method: str = "GET", body: bytes | None = None, **fields: str
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_a_page_is_drawn_on_through_it(behind: str, open_page: Callable[..., Page]) -> None:
    page = open_page(fresh=True)
    page.goto(behind)
    hand.draw(page, hand.ONE)
    hand.settled(page)
    view = page.locator('[data-cnnviz="network-view"]').first
    expect(view).to_have_attribute("data-source", "torch")


def test_sessions_run_through_it_and_names_and_origins_arrive_as_they_were_sent(
    behind: str,
) -> None:
    seen = sessions.visit(behind, "pooling")
    assert seen.elements > 10
    assert not seen.exceptions
    assert ask(behind, "/", Host=NAME)[0] == 200
    assert ask(behind, "/", Host=NAME, Origin=f"https://{NAME}")[0] == 200
    assert ask(behind, "/", Host="evil.example")[0] == 421
    assert ask(behind, "/", Origin="http://evil.example")[0] == 403


def test_large_files_pass_it_and_one_that_is_too_large_or_one_too_many_is_refused(
    behind: str,
) -> None:
    with urllib.request.urlopen(f"{behind}/_stcore/health") as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]

    def put(session: str, name: str, megabytes: int) -> tuple[int, str]:
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.png"\r\n\r\n'
        return ask(
            behind,
            f"/_stcore/upload_file/{session}/{name}",
            "PUT",
            head + bytes(megabytes * MEGABYTE) + b"\r\n--x--\r\n",
            Content_Type="multipart/form-data; boundary=x",
            Cookie=cookie,
            X_Xsrftoken=cookie.split("=", 1)[1],
        )

    # Of this, the announced size alone is sent: the proxy doesn't wait for the rest.
    status, words = ask(behind, "/_stcore/upload_file/me/file", "PUT", Content_Length="60000000")
    assert status == 413
    assert "nginx" in words
    with sessions.opened(behind, "translation", "letter=A") as socket:
        first = list(sessions.run(socket))
        session = first[0].new_session.initialize.session_id
        for name in ("first", "second", "third"):
            assert put(session, name, 49) == (204, "")
        status, words = put(session, "fourth", 5)
        assert status == 413
        assert words.startswith("This visit's files may have 150 MB in all")
