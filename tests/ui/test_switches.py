"""Nothing that somebody asks for gets lost where a page is asked for several things at once."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunContext, ScriptRunnerEvent
from streamlit.runtime.state import SafeSessionState, SessionState
from websockets.sync.client import ClientConnection

from cnnviz.ui import switches
from tests import sessions
from tests.browser import chromium

# What a click calls takes a while, and uses the session's state all the time.
SCRIPT = """
import time
import streamlit as st
from cnnviz.ui import switches

switches.go_to_chosen_pages()
switches.hear_every_click()
switches.keep_what_waits_at_a_stop()
switches.hear_runs_out()
switches.refer_to_what_is_kept()

def click():
    for _ in range(10):
        time.sleep(0.02)
        st.session_state.setdefault("clicks", 0)
    st.session_state.clicks += 1

@st.fragment
def part():
    st.button("click", key="click", on_click=click)
    if st.button("go", key="go"):
        st.switch_page(second)

@st.fragment(run_every=3600)
def polled():
    st.text("polled")

def one():
    time.sleep(0.2)
    part()
    polled()
    st.text(f"clicks {st.session_state.get('clicks', 0)}")
    ENDS

def two():
    st.text("the second page")
    time.sleep(0.5)
    st.text("its end")

first, second = st.Page(one, title="first"), st.Page(two, title="second")
st.navigation([first, second]).run()
"""


@dataclass
class Tab:
    """What a browser knows of its page, and what it tells."""

    socket: ClientConnection
    page: str = ""
    text: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    polled: str = ""
    seen: list[str] = field(default_factory=list)

    def take(self, message: ForwardMsg) -> str:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page = message.new_session.page_script_hash
            self.seen.append(self.page)
        elif kind == "auto_rerun":
            self.polled = message.auto_rerun.fragment_id
        elif kind == "delta" and message.delta.HasField("new_element"):
            element = message.delta.new_element
            if element.HasField("text"):
                self.text = element.text.body
            elif element.HasField("button"):
                self.buttons[element.button.label] = element.button.id
                self.fragments[element.button.label] = message.delta.fragment_id
        return kind or ""

    def until(self, text: str) -> None:
        """Wait until `text` is shown; TimeoutError where it isn't, a minute after the last word."""
        while self.text != text:
            received = self.socket.recv(60)
            assert isinstance(received, bytes)
            self.take(ForwardMsg.FromString(received))

    def until_idle(self) -> None:
        """Wait until nothing has been said for a while."""
        while True:
            try:
                received = self.socket.recv(2)
            except TimeoutError:
                return
            assert isinstance(received, bytes)
            self.take(ForwardMsg.FromString(received))

    def press(self, label: str) -> None:
        state = ClientState(page_script_hash=self.page, fragment_id=self.fragments[label])
        state.widget_states.widgets.add(id=self.buttons[label], trigger_value=True)
        self.tell(state)

    def ask_for_all(self) -> None:
        """As a component does that has something to tell, and is no part of a fragment."""
        state = ClientState(page_script_hash=self.page)
        state.widget_states.widgets.add(id="a component", json_value="{}")
        self.tell(state)

    def poll(self, page: str) -> None:
        state = ClientState(page_script_hash=page, fragment_id=self.polled, is_auto_rerun=True)
        state.widget_states.widgets.add(id="a component", json_value="{}")
        self.tell(state)

    def tell(self, state: ClientState) -> None:
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())


@pytest.fixture(scope="module", params=["pass", "st.stop()"])
def url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """An app whose first page ends so."""
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(SCRIPT.replace("ENDS", request.param), encoding="utf-8")
    with chromium.server(script=Path(script)) as (url, _):
        yield url


@pytest.fixture
def tab(url: str) -> Iterator[Tab]:
    with sessions.opened(url, "") as socket:
        opened = Tab(socket)
        opened.until("clicks 0")
        opened.until_idle()
        yield opened


@pytest.mark.parametrize("pause", [0, 0.03, 0.1, 0.2, 0.3])
def test_a_click_counts_though_the_whole_page_is_asked_for_at_once(tab: Tab, pause: float):
    """Whatever the page is at by then: waiting, at what the click calls, or after it."""
    for times in range(1, 4):
        tab.ask_for_all()  # the page has enough to do: the click has to wait
        time.sleep(pause)
        tab.press("click")
        time.sleep(pause)
        tab.ask_for_all()
        tab.until(f"clicks {times}")
        tab.until_idle()
        assert tab.text == f"clicks {times}"


def test_what_a_left_page_asks_for_takes_nobody_back_to_it(tab: Tab):
    first = tab.page
    tab.press("go")
    tab.until("the second page")
    second = tab.page
    assert second != first
    tab.poll(first)
    tab.until("its end")
    tab.text = ""
    tab.until_idle()
    begun = tab.seen[tab.seen.index(second) :]
    assert set(begun) == {second}


@pytest.mark.parametrize("page", ["first", "second", ""])
def test_no_part_of_a_page_that_was_left_is_run(monkeypatch: pytest.MonkeyPatch, page: str):
    """What asked for it is known only once the next page has run, whose address is kept."""
    context = SimpleNamespace(page_script_hash="second", query_string="pin=1")
    monkeypatch.setattr(switches, "_context", lambda: context)
    run: list[RerunData] = []
    asked = RerunData(query_string="run=a", page_script_hash=page, fragment_id_queue=["part"])
    switches._of_this_page(lambda _, data: run.append(data))(None, asked)
    if page == "first":
        (whole,) = run
        assert not whole.fragment_id_queue
        assert (whole.page_script_hash, whole.query_string) == ("second", "pin=1")
    else:
        assert run == [asked]


def test_each_run_begins_at_the_top_of_its_page_wherever_the_last_has_ended():
    switches.begin_at_the_top()
    context = ScriptRunContext(
        session_id="a",
        _enqueue=lambda message: None,
        query_string="",
        session_state=SafeSessionState(SessionState(), lambda: None),
        uploaded_file_mgr=MemoryUploadedFileManager(""),
        main_script_path="",
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager(""),
    )
    top = context_dg_stack.get()
    context_dg_stack.set((*top, *top))
    context.reset()
    assert context_dg_stack.get() == top


def delta(part: str, *path: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = part
    message.delta.new_element.text.body = "text"
    message.metadata.delta_path.extend(path)
    return message


def reference(*path: int) -> ForwardMsg:
    message = ForwardMsg(ref_hash="known")
    message.metadata.delta_path.extend(path)
    return message


def test_nothing_is_left_of_a_part_that_is_run_again_before_it_was_sent():
    switches.send_parts_whole()
    queue = ForwardMsgQueue()
    other = [delta("other", 0, 2), reference(0, 2, 1), reference(0, 10)]
    first = [delta("part", 0, 1), delta("part", 0, 1, 0), reference(0, 1, 4)]
    for message in [*other, *first]:
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    assert queue.flush() == other
    # What has been sent is out of reach, and the place is known all the same.
    queue.enqueue(reference(0, 1, 4))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    assert queue.is_empty()
    # In a run of the whole page the part may come to lie elsewhere.
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(delta("part", 0, 3))
    queue.flush()
    queue.enqueue(reference(0, 1, 4))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    assert queue.flush() == [reference(0, 1, 4)]


@pytest.mark.parametrize("event", ScriptRunnerEvent)
def test_what_a_run_has_told_last_is_heard_though_another_thread_has_begun(
    event: ScriptRunnerEvent,
):
    former, now = object(), object()
    session = SimpleNamespace(_scriptrunner=now)
    heard: list[bool] = []

    def handle(session: SimpleNamespace, sender: object, event: ScriptRunnerEvent) -> str:
        heard.append(sender is session._scriptrunner)
        return "handled"

    for_all = switches._of_former_runs(handle)
    assert for_all(session, former, event) == "handled"
    # The one that has begun isn't taken for the one that ends.
    assert heard == [event is not ScriptRunnerEvent.SHUTDOWN]
    for_all(session, now, event)
    assert heard[1:] == [True]
    assert session._scriptrunner is now
