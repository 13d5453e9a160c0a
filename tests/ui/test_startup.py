"""What a server does once: for the first visitors of one that has imported nothing yet."""

import asyncio
import re
import socket
import sys
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import uvicorn
from streamlit import config, dataframe_util
from streamlit.components.v2.bidi_component import serialization
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.NewSession_pb2 import CustomThemeConfig, NewSession
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from cnnviz.serving import turns, uploads
from cnnviz.ui import startup, switches
from tests.browser import chromium
from tests.serving.asking import run
from tests.sessions import visit

# Some come while others' pages are half way: what one imports, another may find half made.
APART = (0.0, 0.1, 0.2)  # seconds
PAGES = ["training"] * 14 + ["convolution_1d", ""]


@pytest.mark.long
@pytest.mark.parametrize("apart", APART)
def test_many_who_open_a_cold_server_at_once_get_their_pages_whole(apart):
    def come(place: int):
        time.sleep(apart * place)
        return visit(url, PAGES[place])

    with chromium.server() as (url, _), ThreadPoolExecutor(len(PAGES)) as people:
        visits = list(people.map(come, range(len(PAGES))))
    assert [shown for one in visits for shown in one.exceptions] == []
    assert all(one.elements > 10 for one in visits)


def test_no_path_and_no_traceback_reach_a_page():
    def fails():
        raise RuntimeError("/home/somebody/secret.txt can't be opened")

    script = AppTest.from_function(fails).run()
    (shown,) = script.exception
    assert "secret" not in shown.message
    assert not shown.stack_trace
    assert "RuntimeError" not in shown.proto.type


def test_startup_does_without_a_private_switch_that_is_gone(monkeypatch):
    monkeypatch.setitem(sys.modules, "streamlit.runtime.pages_manager", None)
    startup.begin()
    monkeypatch.setitem(sys.modules, "streamlit.runtime.pages_manager", SimpleNamespace())
    startup.begin()
    monkeypatch.setitem(
        sys.modules,
        "streamlit.runtime.pages_manager",
        SimpleNamespace(PagesManager=SimpleNamespace()),
    )
    startup.begin()


def test_private_parts_of_streamlit_are_used_in_one_place_and_pinned():
    root = chromium.ROOT
    sources = [*root.glob("cnnviz/**/*.py"), *root.glob("pages/*.py"), root / "app.py"]
    private = re.compile(r"streamlit\.(runtime|elements|proto|web|delta_generator_singletons)\b")
    found = [str(file.relative_to(root)) for file in sources if private.search(file.read_text())]
    assert found == ["cnnviz/ui/switches.py"]
    assert re.search(r"^streamlit~=\d+\.\d+\.\d+", (root / "requirements.txt").read_text(), re.M)


def test_what_sessions_have_uploaded_is_counted_from_streamlits_own_store(monkeypatch):
    uploaded = MemoryUploadedFileManager("/_stcore/upload_file")
    for name, content in (("a", bytes(10)), ("b", bytes(5)), ("b", bytes(7))):
        uploaded.add_file("me", UploadedFileRec(name, f"{name}.png", "image/png", content))
    runtime = SimpleNamespace(uploaded_file_mgr=uploaded)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)
    assert switches.kept_uploads() == {"me": (2, 17)}
    uploaded.remove_session_files("me")
    assert switches.kept_uploads() == {}


def test_a_refused_file_has_its_sessions_page_run_again_which_says_so_until_it_is_left(monkeypatch):
    asked: list[object] = []
    # It is drawing as the file is refused: a request then would take the drawing's place.
    session = SimpleNamespace(
        request_rerun=asked.append, _client_state="on its page", _scriptrunner="busy"
    )
    here = SimpleNamespace(session=session)
    manager = SimpleNamespace(get_active_session_info={"me": here}.get)
    runtime = SimpleNamespace(_session_mgr=manager)
    monkeypatch.setattr(switches, "_refused", OrderedDict())
    refusal = uploads.Refusal("my *own*.png", 49 * uploads.MEGABYTE - 1, "It may have 1 MB.")
    monkeypatch.setattr(switches, "_ASK_AGAIN", 0)

    async def serve() -> None:
        for name in ("me", "gone"):
            switches.note_refusal(name, refusal)
        assert asked == []
        session._scriptrunner = None
        while not asked:
            await asyncio.sleep(0)

    with monkeypatch.context() as serving:
        serving.setattr("streamlit.runtime.get_instance", lambda: runtime)
        run(serve())
    assert asked == ["on its page"]
    assert switches._refused == {"me": [refusal]}

    def script():
        from cnnviz.ui import page

        page._tell_of_refused_uploads()

    monkeypatch.setattr(switches, "_refused", OrderedDict({"test session id": [refusal]}))
    page = AppTest.from_function(script).run()
    first = "my \\*own\\*.png (49 MB) isn't taken. It may have 1 MB."
    assert [toast.value for toast in page.toast] == [first]
    # What is refused later stands beside it.
    later = uploads.Refusal("", 49 * uploads.MEGABYTE, "It may have 1 MB.")
    switches._refused["test session id"] = [later]
    both = [first, "A file (49 MB) isn't taken. It may have 1 MB."]
    for _ in range(2):
        assert [toast.value for toast in page.run().toast] == both
    page.session_state["page_title"] = "Another"
    assert not page.run().toast


def test_without_a_server_nothing_is_kept():
    switches.note_refusal("me", uploads.Refusal("", 1, "It may have 1 MB."))
    assert switches.kept_uploads() == {}
    assert switches.expire_closed_sessions() == 0


def test_a_closed_session_is_over_after_the_reconnect_time_though_nobody_else_comes(monkeypatch):
    ended, given_back = [], threading.Event()
    kept = MemorySessionStorage(ttl_seconds=100)
    now = 0.0
    monkeypatch.setattr(kept._cache, "_timer", lambda: now)
    manager = SimpleNamespace(_session_storage=kept)
    monkeypatch.setattr(
        "streamlit.runtime.get_instance", lambda: SimpleNamespace(_session_mgr=manager)
    )
    monkeypatch.setitem(sys.modules, "cnnviz.runs.queue", None)  # no other test's is closed
    monkeypatch.setattr(switches, "LOOK_FOR_CLOSED", 0.001)
    monkeypatch.setattr(switches.memory, "give_back", given_back.set)

    def end(name: str) -> None:
        ended.append(name)
        if name == "broken":
            raise RuntimeError("it can't be ended")

    def close(name: str) -> None:
        session = SimpleNamespace(id=name, shutdown=lambda: end(name))
        kept.save(SimpleNamespace(session=session))  # pyright: ignore[reportArgumentType]

    async def serve() -> None:
        nonlocal now
        async with startup.lifespan(None):
            close("broken")
            close("first")
            now = 99.0
            close("second")
            assert switches.expire_closed_sessions() == 0
            assert not given_back.is_set()
            now = 101.0
            async with asyncio.timeout(60):
                while not given_back.is_set():
                    await asyncio.sleep(0.001)

    run(serve())
    assert ended == ["broken", "first"]
    assert [info.session.id for info in kept.list()] == ["second"]


def test_a_failed_import_lets_those_who_wait_go_on(monkeypatch):
    monkeypatch.setattr(startup, "_NETWORKS", ("cnnviz.no_such_module",))
    # The thread's own report goes to the server's log.
    monkeypatch.setattr(threading, "excepthook", lambda failure: None)
    imports = startup._Imports()
    imports.wait_for_torch()
    imports.wait_for_all()


def stroke(answer: str) -> RerunData:
    states = WidgetStates()
    states.widgets.add(id="canvas").json_value = answer
    return RerunData(widget_states=states, fragment_id="draw")


def test_of_strokes_that_wait_for_their_turn_the_newest_is_drawn_and_the_older_are_dropped(
    monkeypatch,
):
    ready = ScriptRequests.on_scriptrunner_ready
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", ready)
    switches.run_few_at_once()
    others = [ScriptRequests() for _ in range(turns.PLACES)]
    for other in others:
        other.request_rerun(stroke("another's"))
        assert other.on_scriptrunner_ready().type is ScriptRequestType.RERUN
    mine = ScriptRequests()
    mine.request_rerun(stroke("old"))
    taken = []
    line = ScriptRequests.on_scriptrunner_ready.turns._line  # type: ignore[attr-defined]
    # Whoever runs keeps the place for the whole of this test.
    monkeypatch.setattr(ScriptRequests.on_scriptrunner_ready.turns, "_patience", 3600)  # type: ignore[attr-defined]
    waits = threading.Thread(target=lambda: taken.append(mine.on_scriptrunner_ready()))
    waits.start()
    while not line:
        time.sleep(0.001)
    for answer in ("newer", "newest"):
        mine.request_rerun(stroke(answer))
    assert taken == []
    assert others[0].on_scriptrunner_ready().type is ScriptRequestType.STOP
    waits.join(60)
    (request,) = taken
    (canvas,) = request.rerun_data.widget_states.widgets
    assert canvas.json_value == "newest"
    # Nothing is left of the older ones.
    assert mine.on_scriptrunner_ready().type is ScriptRequestType.STOP


def test_no_run_is_followed_by_a_search_for_garbage_in_all_that_there_is():
    assert config.get_option("runner.postScriptGC") is False


def test_the_theme_that_a_run_begins_with_is_the_same_from_the_second_time_on(monkeypatch):
    fill = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", fill)
    switches.read_theme_once()
    again = app_session._populate_theme_msg
    assert again is not fill
    sections = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.dark.sidebar")
    for section in sections * 2:
        wanted, got = CustomThemeConfig(), CustomThemeConfig()
        fill(wanted, section)
        again(got, section)
        assert got == wanted, section
    whole = NewSession()
    again(whole.custom_theme)
    again(whole.custom_theme.sidebar, "theme.sidebar")
    assert not whole.custom_theme.HasField("sidebar")
    assert whole.custom_theme.body_font.startswith("Inter")


def test_what_a_component_is_sent_is_written_as_before_and_not_taken_for_data_frames(monkeypatch):
    data = {"image": {"shape": [1, 2], "values": "AAAA"}, "layers": [{"name": "conv1"}], "key": "a"}
    looks = dataframe_util.is_dataframe_like
    monkeypatch.setattr(serialization, "is_dataframe_like", looks)
    before, after = BidiComponent(), BidiComponent()
    serialization.serialize_mixed_data(data, before)
    switches.look_for_no_data_frames()
    asked = []
    monkeypatch.setattr(
        "streamlit.dataframe_util.determine_data_format", lambda value: asked.append(value)
    )
    serialization.serialize_mixed_data(data, after)
    assert after == before
    assert asked == []


def test_what_is_written_to_a_browser_leaves_before_the_last_has_been_acknowledged(monkeypatch):
    monkeypatch.setattr(uvicorn.Server, "startup", uvicorn.Server.startup)
    switches.send_at_once()

    async def nodelay_of_a_connection() -> int:
        async def app(scope, receive, send) -> None:
            (connection,) = server.server_state.connections
            browser = connection.transport.get_extra_info("socket")
            found.append(browser.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})

        found: list[int] = []
        config = uvicorn.Config(app, lifespan="off", log_config=None, log_level="critical")
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        with socket.socket() as listening:  # without a word of TCP, as Streamlit makes it
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            await server.startup(sockets=[listening])
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            await reader.read()
            writer.close()
            await server.shutdown(sockets=[listening])
        return found[0]

    assert run(nodelay_of_a_connection())


def test_pages_that_need_no_captum_open_while_it_is_imported(monkeypatch):
    startup.ready()
    importing, go_on = threading.Event(), threading.Event()

    def slow(names: tuple[str, ...]) -> None:
        importing.set()
        assert go_on.wait(60)

    monkeypatch.setattr(startup, "_REASONS", "captum.none_such")
    monkeypatch.setattr(startup, "_import", slow)
    with ThreadPoolExecutor(2) as pages:
        why = pages.submit(startup.wait_for_captum)
        try:
            assert importing.wait(60)
            pages.submit(startup.ready).result(30)
            assert not why.done()
        finally:
            go_on.set()
        why.result(60)
