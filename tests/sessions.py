"""Sessions of a running app without a browser: what a page sends, as Streamlit's own messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect


@dataclass
class Visit:
    """What one run of a page sent: the exceptions shown, and how many elements there were."""

    elements: int = 0
    exceptions: list[str] = field(default_factory=list)


def visit(url: str, page: str, timeout: float = 120) -> Visit:
    """Open `page` of the app at `url` in a session of its own, and wait until it has run."""
    with opened(url, page) as socket:
        seen = Visit()
        for message in run(socket, timeout):
            if message.WhichOneof("type") == "delta" and message.delta.HasField("new_element"):
                seen.elements += 1
                if message.delta.new_element.HasField("exception"):
                    shown = message.delta.new_element.exception
                    seen.exceptions.append(f"{shown.type}: {shown.message} {shown.stack_trace}")
        return seen


@contextmanager
def opened(url: str, page: str, query: str = "") -> Iterator[ClientConnection]:
    """`page` of the app at `url`, asked for in a session of its own."""
    with connect(
        f"{url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        request = BackMsg()
        request.rerun_script.page_name = page
        request.rerun_script.query_string = query
        socket.send(request.SerializeToString())
        yield socket


def run(socket: ClientConnection, timeout: float = 120) -> Iterator[ForwardMsg]:
    """What is sent until the page has run; one that is run again (`st.rerun`) hasn't finished."""
    while True:
        received = socket.recv(timeout)
        assert isinstance(received, bytes)
        message = ForwardMsg.FromString(received)
        yield message
        if message.WhichOneof("type") == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
        ):
            return
