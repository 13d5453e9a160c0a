"""Sessions of a running app without a browser: what a page sends, as Streamlit's own messages."""

from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import connect


@dataclass
class Visit:
    """What one run of a page sent: the exceptions shown, and how many elements there were."""

    elements: int = 0
    exceptions: list[str] = field(default_factory=list)


def visit(url: str, page: str, timeout: float = 120) -> Visit:
    """Open `page` of the app at `url` in a session of its own, and wait until it has run."""
    with connect(
        f"{url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        request = BackMsg()
        request.rerun_script.page_name = page
        socket.send(request.SerializeToString())
        seen = Visit()
        while True:
            received = socket.recv(timeout)
            assert isinstance(received, bytes)
            message = ForwardMsg.FromString(received)
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.HasField("new_element"):
                seen.elements += 1
                if message.delta.new_element.HasField("exception"):
                    shown = message.delta.new_element.exception
                    seen.exceptions.append(f"{shown.type}: {shown.message} {shown.stack_trace}")
            # A page that is run again (`st.rerun`) hasn't finished.
            if kind == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return seen
