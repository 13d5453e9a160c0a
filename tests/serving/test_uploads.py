"""What may lie on the server: refused by its announced size, and nothing of it kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from cnnviz.serving import uploads as module
from cnnviz.serving.asgi import Message, Receive, Scope, Send
from cnnviz.serving.uploads import FRAMING, MEGABYTE, Bounds, Refusal, Uploads
from tests.serving.asking import Answer, ask, run, scope

BOUNDS = Bounds(file=50 * MEGABYTE, session=150 * MEGABYTE, everybody=1000 * MEGABYTE, files=3)


def put(size: int | str | None, kept: Mapping[str, tuple[int, int]] | None = None) -> Answer:
    length = {} if size is None else {"content_length": str(size)}
    asked = scope("/_stcore/upload_file/me/file", "PUT", **length)
    return ask(lambda app: Uploads(app, BOUNDS, lambda: kept or {}), asked)


def test_a_file_of_the_largest_size_passes_and_a_larger_one_is_told_both_sizes():
    assert put(50 * MEGABYTE + 300).passed
    answer = put(60 * MEGABYTE)
    assert (answer.status, answer.passed) == (413, False)
    assert answer.words == "A file may have 50 MB, this one has 60 MB.\n"
    answer = put(50 * MEGABYTE + FRAMING + 1)
    assert (answer.words, answer.passed) == (
        "A file may have 50 MB, this one has 51 MB.\n",
        False,
    )


def test_a_size_must_be_said_and_be_one():
    for size in (None, "", "-1", "1e3", "²", "0x10", "9" * 40):
        answer = put(size)
        assert (answer.status, answer.passed) == (411, False)
        assert answer.words.startswith("Bad upload: its size must be")


def test_a_size_beside_chunks_which_may_be_more_is_not_believed():
    asked = scope(
        "/_stcore/upload_file/me/file", "PUT", content_length="10", transfer_encoding="chunked"
    )
    answer = ask(lambda app: Uploads(app, BOUNDS, dict), asked)
    assert (answer.status, answer.passed) == (411, False)
    assert "it must come whole" in answer.words


def test_a_visit_keeps_so_many_megabytes_and_files_whatever_other_visits_keep():
    kept = {"me": (2, 100 * MEGABYTE), "other": (3, 150 * MEGABYTE)}
    assert put(50 * MEGABYTE + 200, kept).passed
    answer = put(50 * MEGABYTE, {"me": (2, 101 * MEGABYTE)})
    assert answer.words.startswith("This visit's files may have 150 MB in all: remove one")
    assert put(1, {"me": (3, 3)}).words.startswith("This visit has uploaded 3 files")
    full = {str(place): (1, 100 * MEGABYTE) for place in range(10)}
    assert put(1, full).words.startswith("The server holds as many files as it can.")


def test_what_is_on_its_way_counts_and_gives_its_room_back_however_it_ends(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(module, "_PATIENCE", 0.01)

    async def talk() -> tuple[list[int], dict[str, int]]:
        arrived, statuses = asyncio.Event(), []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await arrived.wait()
            raise ConnectionError("the line was cut")

        async def receive() -> Message:
            return await asyncio.Future()  # it announces much, and sends nothing

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        uploads = Uploads(app, BOUNDS, dict)
        size = str(50 * MEGABYTE)
        asked = scope("/base/_stcore/upload_file/me/x", "PUT", content_length=size)
        coming = [asyncio.create_task(uploads(asked, receive, send)) for _ in range(3)]
        await asyncio.sleep(0)
        await uploads(asked, receive, send)
        arrived.set()
        await asyncio.gather(*coming, return_exceptions=True)
        return statuses, dict(uploads._coming)

    assert run(talk()) == ([413], {})


def test_other_requests_and_taking_a_file_back_are_not_held_up():
    for method, path in (("PUT", "/elsewhere"), ("DELETE", "/_stcore/upload_file/me/x")):
        assert ask(lambda app: Uploads(app, BOUNDS, dict), scope(path, method)).passed
    assert ask(lambda app: Uploads(app, BOUNDS, dict), scope(kind="websocket")).passed


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="my.png"; filename="my.png"', "my.png"),
        ('form-data; name="a"; filename="über %22<b>*.png"', 'über "<b>*.png'),
        ('form-data; name="a"; filename="' + "n" * 5000 + '.png"', "n" * 80 + "…"),
        ('form-data; name="a"', ""),
        ("form-data; name=" + "x" * 20_000, ""),
    ],
)
def test_whoever_shows_the_page_is_told_what_is_refused(disposition: str, name: str):
    form = f"--x\r\nContent-Disposition: {disposition}\r\n\r\n\x89PNG"
    refused = refuse(50 * MEGABYTE, [form.encode(), b""])
    ((session, refusal),) = refused.told
    assert (session, refusal.name, refusal.megabytes) == ("me", name, "50 MB")
    assert refusal.reason.startswith("This visit's files may have 150 MB in all")


def test_what_there_is_no_room_for_is_read_and_dropped_since_proxies_read_no_answer_before():
    assert refuse(50 * MEGABYTE, [b"a", b"b", b"c"]).happened == [*["read"] * 3, "answered"]
    assert refuse(50 * MEGABYTE, [b"all"]).happened == ["read", "answered"]
    # More than any file may have: by its name alone.
    assert refuse(60 * MEGABYTE, [b"a", b"b", b"c"]).happened == ["read", "answered"]


def test_who_sends_the_rest_of_it_never_is_answered_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_REST", 0.05)
    assert refuse(50 * MEGABYTE, [b"a", None]).happened == ["read", "answered"]
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    refused = refuse(50 * MEGABYTE, [None])
    assert refused.happened == ["answered"]
    assert [refusal.name for _, refusal in refused.told] == [""]


@dataclass
class Refused:
    told: list[tuple[str, Refusal]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)


def refuse(size: int, pieces: list[bytes | None]) -> Refused:
    """An upload that is refused, which comes in these pieces; None: never."""
    refused = Refused()
    coming = list(pieces)

    async def receive() -> Message:
        piece = coming.pop(0)
        if piece is None:
            coming.insert(0, None)
            await asyncio.Event().wait()
        refused.happened.append("read")
        return {"type": "http.request", "body": piece, "more_body": bool(coming)}

    async def send(message: Message) -> None:
        if "status" in message:
            assert message["status"] == 413
            refused.happened.append("answered")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("it is refused")

    kept = {"me": (2, 101 * MEGABYTE)}
    uploads = Uploads(app, BOUNDS, lambda: kept, lambda *told: refused.told.append(told))
    asked = scope("/_stcore/upload_file/me/x", "PUT", content_length=str(size))
    run(uploads(asked, receive, send))
    return refused
