"""What a server does once, before pages need it; and every private switch of Streamlit we use.

torch and Plotly take seconds to import. They are imported here, in one thread: pages that imported
them at the same time would find one another's modules half made.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib
import logging
import os
import socket
import sys
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cnnviz import people
from cnnviz.serving import headers, kept, limits, memory, names, qr, uploads
from cnnviz.serving.chosen import Chosen
from cnnviz.serving.turns import Turns
from cnnviz.ui import first_html

_log = logging.getLogger(__name__)

HEAD_START = 0.7  # seconds
LOOK_FOR_CLOSED = 5.0  # seconds
_NETWORKS = ("torch", "cnnviz.networks.checkpoints")
# plotly looks for pandas among the modules that are there, and takes one that is half made.
_CHARTS = ("pandas", "plotly.graph_objects", "cnnviz.figures.signals", "cnnviz.figures.training")
_REASONS = "captum.attr"

_starting = threading.Lock()
_explaining = threading.Lock()


def begin() -> None:
    """Start importing in the background, once a server; return at once."""
    _leave_pages_directory_mode()
    _imports()


def ready() -> None:
    """Return once a page may import anything: what is slow has been imported."""
    begin()
    _imports().wait_for_all()


def wait_for_torch() -> None:
    """Return once torch can be imported at no cost: at once, but for a server's first visitor."""
    _imports().wait_for_torch()


def wait_for_captum() -> None:
    """Return once Captum can be imported at no cost; the first time that takes seconds.

    Only those who ask why an answer is what it is need it, so nobody else waits for it.
    """
    ready()
    # A lock of its own: other pages that open meanwhile don't wait.
    with _explaining:
        if _REASONS not in sys.modules:
            _import((_REASONS,))


class _Imports:
    """The thread that imports, and how far it has come.

    Importing holds Python's lock for seconds, and the browser of the first visitor has yet to
    fetch what the page shows from this very process: it gets a head start, unless the page itself
    waits.
    """

    def __init__(self) -> None:
        self._hurry, self._torch = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)
        self._thread.start()

    def wait_for_torch(self) -> None:
        self._hurry.set()
        self._torch.wait()

    def wait_for_all(self) -> None:
        self._hurry.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._hurry.wait(HEAD_START)
            _import(_NETWORKS)
            # A stroke's maps are too small to share out: threads would wait for one another.
            sys.modules["torch"].set_num_threads(1)
        finally:
            self._torch.set()  # whoever waits meets the same error, and can say it
        _import(_CHARTS)


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)
    # Streamlit collects garbage after every run, before the browser gets the last messages:
    # walking torch's 300,000 objects would hold each stroke's maps up by 170 ms.
    gc.freeze()


def _imports() -> _Imports:
    with _starting:  # sessions come at the same time, and a cache alone would start a thread each
        return _only_imports()


@functools.cache
def _only_imports() -> _Imports:
    return _Imports()


# --- the server, before Streamlit sees a request --------------------------------------------------


def middleware() -> list[Middleware]:
    """What every request passes on its way to Streamlit, the outermost first.

    Raises:
        ValueError: when CNNVIZ_HOSTS, CNNVIZ_VISITORS or CNNVIZ_TEACHER_KEY can't be what it is.
    """
    file = int(st.get_option("server.maxUploadSize")) * uploads.MEGABYTE
    bounds = uploads.Bounds(file=file, session=3 * file, everybody=20 * file)
    page = _index_page()
    policy = headers.content_security_policy(page)
    people.teacher_key()
    known = names.known_names(os.environ.get(names.SETTING, ""))
    visitors = limits.visitors(os.environ.get(limits.SETTING, ""))
    _leave_caches_alone()
    _go_to_chosen_pages()
    _run_few_at_once()
    _read_theme_once()
    _look_for_no_data_frames()
    _send_at_once()
    return [
        Middleware(headers.Headers, headers.security_headers(policy)),
        Middleware(names.Names, known),
        Middleware(limits.Limits, visitors),
        Middleware(uploads.Uploads, bounds, _kept_uploads, _note_refusal),
        Middleware(kept.KeptInMemory, first_html.dressed, first_html.called_on_load(page)),
    ]


def routes() -> list[BaseRoute]:
    """Addresses that Streamlit doesn't know: it has its first page at `/` alone, and no codes."""

    def first_page(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{query}")

    return [Route("/draw", first_page), *qr.routes()]


@contextlib.asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Around a server's life: told to end, it ends its worker, and runs stay resumable.

    Uvicorn ends its process by the signal that it was sent, so no hook at Python's end is called.
    """
    memory.share_arenas()
    memory.open_more_files()
    letting_go = asyncio.create_task(_let_go_of_closed_sessions())
    yield
    letting_go.cancel()
    queue = sys.modules.get("cnnviz.runs.queue")
    if queue is not None:
        queue.server_queue().close()


# --- Streamlit's private switches ----------------------------------------------------------------
# Each does without where a later Streamlit has it no more; requirements.txt pins the one that has.


def _pages_manager() -> Any:
    try:
        from streamlit.runtime.pages_manager import PagesManager
    except ImportError:
        return None
    return PagesManager


def _leave_pages_directory_mode() -> None:
    """Run app.py where Streamlit has run the page alone.

    Until a server has called `st.navigation` once, Streamlit takes a `pages/` folder for its older
    kind of multipage app: the first visitor of a fresh server who follows a link to a page would
    get it without app.py's frame.
    """
    manager = _pages_manager()
    if getattr(manager, "uses_pages_directory", False):
        manager.uses_pages_directory = False
        st.rerun()


def _index_page() -> str:
    """The one HTML page that Streamlit sends, whatever is asked for."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def _kept_uploads() -> dict[str, tuple[int, int]]:
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


async def _let_go_of_closed_sessions() -> None:
    """Give back what a closed page's session took once it may not be come back to any more."""
    while True:
        await asyncio.sleep(LOOK_FOR_CLOSED)
        if _expire_closed_sessions():
            await asyncio.to_thread(memory.give_back)


def _expire_closed_sessions() -> int:
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


def _note_refusal(session: str, refusal: uploads.Refusal) -> None:
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


def refused_uploads() -> list[uploads.Refusal]:
    """Files of this session that weren't taken, each told of once."""
    if not _refused:
        return []
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx
    except ImportError:
        return []
    context = get_script_run_ctx()
    return _refused.pop(context.session_id, []) if context else []


def _leave_caches_alone() -> None:
    """Let no visitor's message empty the caches of all: the menu that sends it isn't shown."""
    try:
        from streamlit.runtime.app_session import AppSession
    except ImportError:
        return
    if hasattr(AppSession, "_handle_clear_cache_request"):
        AppSession._handle_clear_cache_request = lambda self: None  # type: ignore[method-assign]


def _go_to_chosen_pages() -> None:
    """Let nothing that a page tells while it is being left take its visitor back to it."""
    try:
        from streamlit.runtime.app_session import AppSession
    except ImportError:
        return
    ask = getattr(AppSession, "_handle_rerun_script_request", None)
    begin = getattr(AppSession, "_create_new_session_message", None)
    if ask is None or begin is None or hasattr(ask, "chosen"):
        return
    chosen: WeakKeyDictionary[Any, Chosen] = WeakKeyDictionary()

    def ask_for_chosen(self: Any, client_state: Any = None) -> None:
        if client_state is not None:
            client_state = chosen.setdefault(self, Chosen()).told(client_state)
        ask(self, client_state)

    # Streamlit calls it when a run has begun.
    def begin_and_note(self: Any, page_script_hash: str, *others: Any, **named: Any) -> Any:
        chosen.setdefault(self, Chosen()).runs(page_script_hash)
        return begin(self, page_script_hash, *others, **named)

    ask_for_chosen.chosen = chosen  # type: ignore[attr-defined]
    AppSession._handle_rerun_script_request = ask_for_chosen  # type: ignore[method-assign]
    AppSession._create_new_session_message = begin_and_note  # type: ignore[method-assign]


def _run_few_at_once() -> None:
    """Let a page's run wait for its turn before it learns what is asked of it.

    What comes while it waits is put together with what it waits for: of several strokes it draws
    the newest.
    """
    try:
        from streamlit.runtime.scriptrunner_utils.script_requests import (
            ScriptRequests,
            ScriptRequestType,
        )
    except ImportError:
        return
    ready = getattr(ScriptRequests, "on_scriptrunner_ready", None)
    if ready is None or hasattr(ready, "turns"):
        return
    turns = Turns()

    # Streamlit calls it when a run may begin, and once more when that run is over.
    def ready_in_turn(self: Any) -> Any:
        turns.give_back(self)
        if getattr(self, "_state", None) == ScriptRequestType.RERUN:
            turns.take(self)
        return ready(self)

    ready_in_turn.turns = turns  # type: ignore[attr-defined]
    ScriptRequests.on_scriptrunner_ready = ready_in_turn  # type: ignore[method-assign]


def _read_theme_once() -> None:
    """Fill in the theme that each run begins with from what it was the first time.

    It is some hundred settings, looked up one by one: a tenth of what a stroke costs.
    """
    try:
        from streamlit.runtime import app_session
    except ImportError:
        return
    fill = getattr(app_session, "_populate_theme_msg", None)
    if fill is None or hasattr(fill, "filled"):
        return
    filled: dict[str, Any] = {}

    def fill_from_first(theme: Any, section: str = "theme") -> None:
        if section not in filled:
            first = type(theme)()
            fill(first, section)
            filled[section] = first
        if filled[section].ByteSize():  # else there is no such section, and none is to be sent
            theme.MergeFrom(filled[section])

    fill_from_first.filled = filled  # type: ignore[attr-defined]
    app_session._populate_theme_msg = fill_from_first


def _look_for_no_data_frames() -> None:
    """Take each list and dict that a component is sent for what it is.

    Streamlit asks of each in turn whether it is one of twenty kinds of data frame, which takes
    longer than to write it as JSON; no component here is sent one.
    """
    try:
        from streamlit.components.v2.bidi_component import serialization
    except ImportError:
        return
    looks = getattr(serialization, "is_dataframe_like", None)
    if looks is None or hasattr(looks, "plain"):
        return

    def looks_unless_plain(value: object) -> bool:
        return not isinstance(value, dict | list) and looks(value)

    looks_unless_plain.plain = (dict, list)  # type: ignore[attr-defined]
    serialization.is_dataframe_like = looks_unless_plain  # pyright: ignore[reportPrivateImportUsage]


def _send_at_once() -> None:
    """Let what is written to a browser leave at once, as asyncio has it for sockets of its own.

    Streamlit makes the listening one, and as it doesn't say that it is TCP, asyncio leaves it as it
    is: by Nagle's algorithm a message that follows another then waits until the browser's system
    has acknowledged that one, which systems put off for 40 ms. A page's first element is one.
    """
    try:
        from uvicorn import Server
    except ImportError:
        return
    start = getattr(Server, "startup", None)
    if start is None or hasattr(start, "at_once"):
        return

    async def start_at_once(self: Any, sockets: list[socket.socket] | None = None) -> None:
        for listening in sockets or ():
            if listening.family in (socket.AF_INET, socket.AF_INET6):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await start(self, sockets)

    start_at_once.at_once = True  # type: ignore[attr-defined]
    Server.startup = start_at_once  # type: ignore[method-assign]
