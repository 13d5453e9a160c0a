"""Every private switch of Streamlit that we use.

Each does without where a later Streamlit has it no more; requirements.txt pins the one that has.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib
import logging
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import streamlit as st

from cnnviz.serving import memory, uploads
from cnnviz.serving.chosen import Chosen
from cnnviz.serving.delivered import Delivered
from cnnviz.serving.turns import Turns

_log = logging.getLogger(__name__)

LOOK_FOR_CLOSED = 5.0  # seconds


def _pages_manager() -> Any:
    try:
        from streamlit.runtime.pages_manager import PagesManager
    except ImportError:
        return None
    return PagesManager


def leave_pages_directory_mode() -> None:
    """Run app.py where Streamlit has run the page alone.

    Until a server has called `st.navigation` once, Streamlit takes a `pages/` folder for its older
    kind of multipage app: the first visitor of a fresh server who follows a link to a page would
    get it without app.py's frame.
    """
    manager = _pages_manager()
    if getattr(manager, "uses_pages_directory", False):
        manager.uses_pages_directory = False
        st.rerun()


def index_page() -> str:
    """The one HTML page that Streamlit sends, whatever is asked for."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def kept_uploads() -> dict[str, tuple[int, int]]:
    """Files and bytes that each session has uploaded and not given back."""
    try:
        from streamlit.runtime import get_instance

        stored = get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    except (ImportError, AttributeError, RuntimeError):
        return {}
    return {
        session: (len(files), sum(len(file.data) for file in [*files.values()]))
        for session, files in [*stored.items()]
    }


async def let_go_of_closed_sessions() -> None:
    """Give back what a closed page's session took once it may not be come back to any more."""
    while True:
        await asyncio.sleep(LOOK_FOR_CLOSED)
        if expire_closed_sessions():
            await asyncio.to_thread(memory.give_back)


def expire_closed_sessions() -> int:
    """How many closed sessions were over: they and their uploads are gone.

    Streamlit keeps them for `server.disconnectedSessionTTL` seconds, and then until another page is
    closed: those of the last class of a day would stay for the night.
    """
    try:
        from streamlit.runtime import get_instance

        stored = get_instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
        expire = stored.expire
    except (ImportError, AttributeError, RuntimeError):
        return 0
    over = expire()
    for name, kept_for_return in over:
        try:
            kept_for_return.session.shutdown()
        except Exception:  # one that can't be ended doesn't keep the others here
            _log.exception("The session %s couldn't be ended.", name)
    return len(over)


_refused: OrderedDict[str, list[uploads.Refusal]] = OrderedDict()
_MOST_REFUSED = 5  # of one session
_MOST_TOLD = 1000  # sessions
_ASK_AGAIN = 0.2  # seconds
_MOST_ASKED = 150  # times


def note_refusal(session: str, refusal: uploads.Refusal) -> None:
    """Have the session's page run again, and say there what was refused (`refused_uploads`)."""
    try:
        from streamlit.runtime import get_instance

        known = get_instance()._session_mgr.get_active_session_info(session)  # type: ignore[attr-defined]
    except (ImportError, AttributeError, RuntimeError):
        return
    if known is None:
        return
    _refused[session] = [*_refused.get(session, []), refusal][-_MOST_REFUSED:]
    while len(_refused) > _MOST_TOLD:  # of those who have gone before they could be told
        _refused.popitem(last=False)
    _run_again(session, known.session, _MOST_ASKED)


def _run_again(name: str, session: Any, times: int) -> None:
    """Have a session's page run once nothing of it runs, unless what was refused is told by then.

    While something runs, one more request would take the place of what waits, a click for one.
    Without the state that the session had last, it would be the first page that ran.
    """
    if name not in _refused or times == 0:
        return
    try:
        if session._scriptrunner is None:
            session.request_rerun(session._client_state)
            return
    except AttributeError:
        return
    asyncio.get_running_loop().call_later(_ASK_AGAIN, _run_again, name, session, times - 1)


def _context() -> Any:
    """Of the run that this thread is at; None where there is none."""
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx
    except ImportError:
        return None
    return get_script_run_ctx(suppress_warning=True)


def refused_uploads() -> list[uploads.Refusal]:
    """Files of this session that weren't taken, each told of once."""
    if not _refused:
        return []
    context = _context()
    return _refused.pop(context.session_id, []) if context else []


def _replace(module: str, name: str, make: Callable[[Any], Any]) -> bool:
    """Put what `make` makes of a module's function, or of a method as `Class.method`, in its place.

    Whether it was done: not where `make` has been before, nor where there is none of that name.
    """
    try:
        holder: Any = importlib.import_module(module)
    except ImportError:
        return False
    *owners, last = name.split(".")
    for owner in owners:
        holder = getattr(holder, owner, None)
    was = getattr(holder, last, None)
    makers = getattr(was, "makers", ())
    if was is None or make.__qualname__ in makers:
        return False
    now = make(was)
    now.makers = (*makers, make.__qualname__)
    setattr(holder, last, now)
    return True


_SESSION = "streamlit.runtime.app_session"
_RUNNER = "streamlit.runtime.scriptrunner.script_runner"
_RUN_CONTEXT = "streamlit.runtime.scriptrunner_utils.script_run_context"


def leave_caches_alone() -> None:
    """Let no visitor's message empty the caches of all: the menu that sends it isn't shown."""
    _replace(_SESSION, "AppSession._handle_clear_cache_request", lambda clear: lambda self: None)


def go_to_chosen_pages() -> None:
    """Let nothing that a page tells while it is being left take its visitor back to it."""
    chosen: WeakKeyDictionary[Any, Chosen] = WeakKeyDictionary()

    # Streamlit calls it when a run has begun.
    def noting(begin: Any) -> Any:
        def begin_and_note(self: Any, page_script_hash: str, *others: Any, **named: Any) -> Any:
            chosen.setdefault(self, Chosen()).runs(page_script_hash)
            return begin(self, page_script_hash, *others, **named)

        return begin_and_note

    def asking_for_chosen(ask: Any) -> Any:
        def ask_for_chosen(self: Any, client_state: Any = None) -> None:
            if client_state is not None:
                client_state = chosen.setdefault(self, Chosen()).told(client_state)
            ask(self, client_state)

        return ask_for_chosen

    # Without the first the second would hold on to a page that a script has left by itself.
    if _replace(_SESSION, "AppSession._create_new_session_message", noting):
        _replace(_SESSION, "AppSession._handle_rerun_script_request", asking_for_chosen)
    _replace(_RUNNER, "ScriptRunner._run_script", _of_this_page)


def _of_this_page(run: Any) -> Any:
    """Have no part of a page run that a script has left (`st.switch_page`).

    Where one is asked for while that page ends, the next is run again. The browser would take it
    for a wish to go back, and show neither.
    """

    def run_of_this_page(self: Any, asked: Any) -> None:
        context = _context()
        page = context.page_script_hash if context else ""
        if page and asked.fragment_id_queue and asked.page_script_hash not in ("", page):
            asked = dataclasses.replace(
                asked,
                fragment_id_queue=[],
                is_fragment_scoped_rerun=False,
                page_script_hash=page,
                page_name="",
                query_string=context.query_string,
            )
        run(self, asked)

    return run_of_this_page


def begin_at_the_top() -> None:
    """Let each run of a page write where a page begins.

    A part that was run by itself leaves the thread at the place of that part, where the whole page
    would then be written if it was run next.
    """

    def at_the_top(reset: Any) -> Any:
        def reset_to_the_top(self: Any, *others: Any, **named: Any) -> None:
            reset(self, *others, **named)
            with contextlib.suppress(ImportError):
                from streamlit import delta_generator_singletons as places

                places.context_dg_stack.set(places.get_default_dg_stack_value())

        return reset_to_the_top

    _replace(_RUN_CONTEXT, "ScriptRunContext.reset", at_the_top)


def send_parts_whole() -> None:
    """Let nothing of a part of a page be left among what waits to be sent once it is run again.

    Streamlit drops what waits of that part, by its name, and keeps what is but a reference to what
    the browser has, which names no part. The browser would be told to put that where nothing before
    it has come, and shows no more of the page.
    """

    def whole_part(clear: Any) -> Any:
        def clear_whole_part(
            self: Any,
            retain_lifecycle_msgs: bool = False,
            fragment_ids_this_run: list[str] | None = None,
        ) -> None:
            clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
            places = _places(self)
            if fragment_ids_this_run is not None:
                again = [places[part] for part in fragment_ids_this_run if part in places]
                self._queue = [each for each in self._queue if not _refers_within(each, again)]
            elif retain_lifecycle_msgs:
                places.clear()  # the whole page is run, and its parts may lie elsewhere

        return clear_whole_part

    def noting(enqueue: Any) -> Any:
        def enqueue_and_note(self: Any, message: Any) -> None:
            if message.HasField("delta") and message.delta.fragment_id:
                # The first is the container of all others.
                place = tuple(message.metadata.delta_path)
                _places(self).setdefault(message.delta.fragment_id, place)
            enqueue(self, message)

        return enqueue_and_note

    if _replace("streamlit.runtime.forward_msg_queue", "ForwardMsgQueue.enqueue", noting):
        _replace("streamlit.runtime.forward_msg_queue", "ForwardMsgQueue.clear", whole_part)


def _places(queue: Any) -> dict[str, tuple[int, ...]]:
    """Where each part of a page lies in it, as far as its queue of messages has seen."""
    return queue.__dict__.setdefault("places_of_parts", {})


def _refers_within(message: Any, places: list[tuple[int, ...]]) -> bool:
    path = tuple(message.metadata.delta_path)
    return message.HasField("ref_hash") and any(path[: len(place)] == place for place in places)


def hear_every_click() -> None:
    """Let no run of a page be cut short before it has done what it was asked for.

    Streamlit looks whether something newer is asked whenever its session state is used, in what
    a click calls, too: the newer run doesn't know of the click, which would be lost.
    """
    at = threading.local()

    def whole(tell: Any) -> Any:
        def tell_whole(self: Any, *told: Any, **named: Any) -> Any:
            at.telling = True
            try:
                return tell(self, *told, **named)
            finally:
                at.telling = False

        return tell_whole

    def later(look: Any) -> Any:
        def look_later(self: Any) -> None:
            if not getattr(at, "telling", False):
                look(self)

        return look_later

    if _replace(_RUNNER, "ScriptRunner._maybe_handle_execution_control_request", later):
        _replace(
            "streamlit.runtime.state.safe_session_state",
            "SafeSessionState.on_script_will_rerun",
            whole,
        )


def keep_what_waits_at_a_stop() -> None:
    """Let a page that ends early (`st.stop`) leave what was asked for while it ran.

    Streamlit's own stops all that waits for that run, too: a click for one, if it is in a part of
    the page that is run by itself.
    """
    try:
        from streamlit.runtime.scriptrunner import StopException
    except ImportError:
        return

    def this_run_alone(stop: Any) -> Any:
        def stop_this_run_alone() -> NoReturn:
            raise StopException

        return stop_this_run_alone

    _replace("streamlit", "stop", this_run_alone)


def hear_runs_out() -> None:
    """Let all be sent of a run that has ended, though another has been asked for since.

    A thread that has no more to run makes room for another. What it has told last, the end of its
    run for one, may only be read after that, and Streamlit would take it for a thread's that was
    told to stop.
    """
    _replace(_SESSION, "AppSession._handle_scriptrunner_event_on_event_loop", _of_former_runs)


def _of_former_runs(handle: Any) -> Any:
    def handle_of_former_runs(
        self: Any, sender: Any, event: Any, *others: Any, **named: Any
    ) -> Any:
        now = self._scriptrunner
        if sender is now or sender is None or event.name == "SHUTDOWN":
            return handle(self, sender, event, *others, **named)
        self._scriptrunner = sender
        try:
            return handle(self, sender, event, *others, **named)
        finally:
            self._scriptrunner = now

    return handle_of_former_runs


def refer_to_what_is_kept() -> None:
    """Let a browser be sent no reference to a message that it has let go by then."""
    delivered: dict[str, Delivered] = {}

    def noting_sent(flush: Any) -> Any:
        def flush_and_note(self: Any) -> Any:
            messages = flush(self)
            if self.id not in delivered:
                delivered[self.id] = Delivered(int(st.get_option("global.maxCachedMessageAge")))
            delivered[self.id].sent(messages)
            return messages

        return flush_and_note

    def forgetting(end: Any) -> Any:
        def end_and_forget(self: Any) -> None:
            delivered.pop(self.id, None)
            end(self)

        return end_and_forget

    def noting_ends(finish: Any) -> Any:
        def note_and_finish(self: Any, context: Any, event: Any, *others: Any) -> None:
            run = others[-1]
            known = delivered.get(context.session_id)  # a page that was closed is forgotten
            if known and event.name != "SCRIPT_STOPPED_FOR_RERUN":
                known.ended(run.script_run_id, run.fragment_ids)
            finish(self, context, event, *others)

        return note_and_finish

    def keeping(reset: Any) -> Any:
        def reset_to_kept(
            self: Any,
            *others: Any,
            cached_message_hashes: frozenset[str] | None = None,
            **named: Any,
        ) -> None:
            known = delivered.get(self.session_id)
            hashes = known.kept(cached_message_hashes or ()) if known else frozenset()
            reset(self, *others, cached_message_hashes=hashes, **named)

        return reset_to_kept

    if _replace(_SESSION, "AppSession.flush_browser_queue", noting_sent):
        _replace(_SESSION, "AppSession.shutdown", forgetting)
        _replace(_RUNNER, "ScriptRunner._on_script_finished", noting_ends)
        _replace(_RUN_CONTEXT, "ScriptRunContext.reset", keeping)


def run_few_at_once() -> None:
    """Let a page's run wait for its turn before it learns what is asked of it.

    What comes while it waits is put together with what it waits for: of several strokes it draws
    the newest.
    """
    turns = Turns()

    # Streamlit calls it when a run may begin, and once more when that run is over.
    def in_turn(ready: Any) -> Any:
        def ready_in_turn(self: Any) -> Any:
            turns.give_back(self)
            if getattr(getattr(self, "_state", None), "name", "") == "RERUN":
                turns.take(self)
            return ready(self)

        ready_in_turn.turns = turns  # type: ignore[attr-defined]
        return ready_in_turn

    _replace(
        "streamlit.runtime.scriptrunner_utils.script_requests",
        "ScriptRequests.on_scriptrunner_ready",
        in_turn,
    )


def read_theme_once() -> None:
    """Fill in the theme that each run begins with from what it was the first time.

    It is some hundred settings, looked up one by one: a tenth of what a stroke costs.
    """
    filled: dict[str, Any] = {}

    def once(fill: Any) -> Any:
        def fill_from_first(theme: Any, section: str = "theme") -> None:
            if section not in filled:
                first = type(theme)()
                fill(first, section)
                filled[section] = first
            if filled[section].ByteSize():  # else there is no such section, and none is to be sent
                theme.MergeFrom(filled[section])

        return fill_from_first

    _replace(_SESSION, "_populate_theme_msg", once)


def look_for_no_data_frames() -> None:
    """Take each list and dict that a component is sent for what it is.

    Streamlit asks of each in turn whether it is one of twenty kinds of data frame, which takes
    longer than to write it as JSON; no component here is sent one.
    """

    def unless_plain(looks: Any) -> Any:
        def looks_unless_plain(value: object) -> bool:
            return not isinstance(value, dict | list) and looks(value)

        return looks_unless_plain

    _replace(
        "streamlit.components.v2.bidi_component.serialization", "is_dataframe_like", unless_plain
    )


def send_at_once() -> None:
    """Let what is written to a browser leave at once, as asyncio has it for sockets of its own.

    Streamlit makes the listening one, and as it doesn't say that it is TCP, asyncio leaves it as it
    is: by Nagle's algorithm a message that follows another then waits until the browser's system
    has acknowledged that one, which systems put off for 40 ms. A page's first element is one.
    """

    def at_once(start: Any) -> Any:
        async def start_at_once(self: Any, sockets: list[socket.socket] | None = None) -> None:
            for listening in sockets or ():
                if listening.family in (socket.AF_INET, socket.AF_INET6):
                    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await start(self, sockets)

        return start_at_once

    _replace("uvicorn", "Server.startup", at_once)
