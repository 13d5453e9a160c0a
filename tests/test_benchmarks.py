"""What the benchmarks count and write is what was there; what they measure isn't tested."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.recording import VIEW, Recording, Stroke
from benchmarks.replay import Seen, Visitor, close_all, draw_all, open_all
from benchmarks.table import Row, markdown, updated
from tests.serving.asking import run


def test_a_row_takes_the_place_of_the_one_of_its_name_or_comes_last():
    text = (
        f"# Measured\n\n{markdown([Row('a', 1, 'ms', 2), Row('ab', 5, 'MB')])}\n\nOf a machine.\n"
    )
    said = updated(text, [Row("a", 3, "ms", 2), Row("new", 4, "s")])
    wanted = markdown([Row("a", 3, "ms", 2), Row("ab", 5, "MB"), Row("new", 4, "s")])
    assert said == f"# Measured\n\n{wanted}\n\nOf a machine.\n"


def test_the_answer_to_a_newer_stroke_is_that_to_all_that_wait_and_the_older_are_dropped():
    seen = Seen()
    visitor = Visitor("http://127.0.0.1:1", Recording((), ()), seen)
    visitor._waiting.extend([("one", 10.0), ("two", 12.0), ("three", 14.0)])
    visitor._answer("two", 12.5)
    assert (seen.answers, seen.dropped) == ([(10.0, 2.5), (12.0, 0.5)], 1)
    assert not visitor._answered.is_set()
    visitor._answer("two", 13.0)
    assert seen.errors == ["values of a stroke that wasn't waited for"]
    visitor._answer("three", 14.25)
    assert (seen.answers[2:], seen.dropped) == ([(14.0, 0.25)], 1)
    assert visitor._answered.is_set()


def test_a_lost_page_or_one_that_never_opens_is_an_error_and_the_others_draw_on():
    """Of three visitors one finds no server, and one is left at its first stroke."""
    strokes = tuple(Stroke(name.encode(), f'"{name}",') for name in ("one", "two", "three"))
    left: list[ServerConnection] = []

    async def answer(socket: ServerConnection) -> None:
        assert await socket.recv() == b"open"
        await socket.send(
            ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
        )
        async for stroke in socket:
            assert isinstance(stroke, bytes)
            if not left:
                left.append(socket)
                return
            values = ForwardMsg()
            component = values.delta.new_element.bidi_component
            component.component_name = VIEW
            component.json = f'{{"image":"{stroke.decode()}","layers":[]}}'
            await socket.send(values.SerializeToString())

    async def visit(seen: Seen) -> None:
        async with serve(answer, "127.0.0.1", 0, subprotocols=[Subprotocol("streamlit")]) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            visitors = [
                Visitor(f"http://127.0.0.1:{at}", Recording((b"open",), strokes), seen)
                for at in (port, port, 1)
            ]
            await open_all(visitors, seen)
            await draw_all(visitors, every=0.05, seconds=0.14)
            await close_all(visitors)

    seen = Seen()
    run(visit(seen))
    refused, closed, never = seen.errors
    assert refused.startswith("not opened: ")
    assert closed.startswith("closed by the server")
    assert never == f"{seen.sent - 3} strokes were never answered"
    assert (len(seen.opening), len(seen.answers)) == (2, 3)
