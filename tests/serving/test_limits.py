"""One visitor can't take what the others need, and a class behind one address can work."""

import asyncio

import pytest

from cnnviz.serving import limits
from cnnviz.serving.asgi import Message, Receive, Scope, Send
from cnnviz.serving.limits import MESSAGES_A_SECOND, MESSAGES_AT_ONCE, Bucket, Limits
from tests.serving.asking import ask, run, scope


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_most_at_once_and_then_its_rate():
    bucket = Bucket(rate=2, most=3)
    assert [bucket.take(10.0) for _ in range(5)] == [0, 0, 0, 0.5, 1]
    assert bucket.take(100.0) == 0
    assert not bucket.full(100.0)
    assert bucket.full(101.0)


@pytest.mark.parametrize("setting", ["0", "-1", "many", "1.5", "٣", "9" * 40])
def test_a_number_of_visitors_that_is_none_says_what_would_be_right(setting: str):
    with pytest.raises(ValueError, match="CNNVIZ_VISITORS must be a whole number from 1, got '"):
        limits.visitors(setting)
    assert limits.visitors("") == limits.VISITORS
    assert limits.visitors("30") == 30


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_household_has_one_network(address: str, network: str):
    assert limits.network_of(address) == network


def test_pages_beyond_those_of_a_minute_are_told_when_to_try_again_and_others_arent():
    clock = Clock()
    limited = Limits(_nothing, visitors=60, clock=clock)

    def open_page(client: str = "192.0.2.1"):
        return ask(
            lambda app: _before(limited, app), scope("/_stcore/stream", "", "websocket", client)
        )

    assert all(open_page().passed for _ in range(60))
    assert not open_page().passed
    assert open_page("192.0.2.2").passed
    page = ask(lambda app: _before(limited, app), scope("/training"))
    assert page.status == 429
    assert page.words.startswith("Very many pages are being opened from your network. ")
    assert page.words.endswith("tries again by itself in 2 s.\n")
    assert page.headers["refresh"] == page.headers["retry-after"] == "2"
    # What an open page loads isn't counted.
    assert ask(lambda app: _before(limited, app), scope("/static/js/a.js")).passed
    clock.now += 2
    assert ask(lambda app: _before(limited, app), scope("/training")).passed
    assert open_page().passed


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    return None


def _before(limited: Limits, app):
    limited._app = app
    return limited


def test_so_many_may_be_open_and_one_that_closes_makes_room():
    clock = Clock()

    async def visits() -> list[int]:
        leave = asyncio.Event()
        refused: list[Message] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await leave.wait()

        async def send(message: Message) -> None:
            refused.append(message)

        limited = Limits(app, visitors=3, clock=clock)
        asked = scope("/_stcore/stream", "", "websocket")
        opened = [asyncio.create_task(_run(limited, asked, send)) for _ in range(3)]
        await asyncio.sleep(0)
        clock.now += 3600
        await _run(limited, asked, send)
        before = len(refused)
        leave.set()
        await asyncio.gather(*opened)
        await _run(limited, asked, send)
        return [before, len(refused)]

    assert run(visits()) == [1, 1]


async def _run(limited: Limits, asked: Scope, send: Send) -> None:
    async def receive() -> Message:
        return {"type": "websocket.connect"}

    await limited(asked, receive, send)


def test_messages_that_come_too_fast_wait_and_none_is_lost():
    clock, waits, got = Clock(), [], []
    many = MESSAGES_AT_ONCE + MESSAGES_A_SECOND

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.now += seconds

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        got.extend([(await receive())["bytes"] for _ in range(many)])

    async def talk() -> None:
        sent = iter(range(many))

        async def receive() -> Message:
            return {"type": "websocket.receive", "bytes": next(sent)}

        limited = Limits(app, clock=clock, sleep=sleep)
        await limited(scope("/_stcore/stream", "", "websocket"), receive, _nothing_sent)

    run(talk())
    assert got == list(range(many))
    assert len(waits) == MESSAGES_A_SECOND
    assert sum(waits) == pytest.approx(1, abs=0.05)


async def _nothing_sent(message: Message) -> None:
    return None


def test_addresses_that_havent_come_for_a_while_take_no_memory(monkeypatch):
    monkeypatch.setattr(limits, "_FORGET_AT", 10)
    clock = Clock()
    limited = Limits(_nothing, visitors=60, clock=clock)
    for place in range(100):
        ask(lambda app: _before(limited, app), scope(client=f"192.0.2.{place}"))
        assert len(limited._opening) <= 10
