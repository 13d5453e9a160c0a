"""What a server does once, before pages need it.

torch and Plotly take seconds to import. They are imported here, in one thread: pages that imported
them at the same time would find one another's modules half made.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib
import os
import sys
import threading
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cnnviz import people
from cnnviz.serving import headers, kept, limits, memory, names, qr, uploads
from cnnviz.ui import first_html, switches

HEAD_START = 0.7  # seconds
_NETWORKS = ("torch", "cnnviz.networks.checkpoints")
# plotly looks for pandas among the modules that are there, and takes one that is half made.
_CHARTS = ("pandas", "plotly.graph_objects", "cnnviz.figures.signals", "cnnviz.figures.training")
_REASONS = "captum.attr"

_starting = threading.Lock()
_explaining = threading.Lock()


def begin() -> None:
    """Start importing in the background, once a server; return at once."""
    switches.leave_pages_directory_mode()
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
    page = switches.index_page()
    policy = headers.content_security_policy(page)
    people.teacher_key()
    known = names.known_names(os.environ.get(names.SETTING, ""))
    visitors = limits.visitors(os.environ.get(limits.SETTING, ""))
    switches.leave_caches_alone()
    switches.go_to_chosen_pages()
    switches.hear_every_click()
    switches.keep_what_waits_at_a_stop()
    switches.hear_runs_out()
    switches.begin_at_the_top()
    switches.send_parts_whole()
    switches.refer_to_what_is_kept()
    switches.run_few_at_once()
    switches.read_theme_once()
    switches.look_for_no_data_frames()
    switches.send_at_once()
    return [
        Middleware(headers.Headers, headers.security_headers(policy)),
        Middleware(names.Names, known),
        Middleware(limits.Limits, visitors),
        Middleware(uploads.Uploads, bounds, switches.kept_uploads, switches.note_refusal),
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
    letting_go = asyncio.create_task(switches.let_go_of_closed_sessions())
    yield
    letting_go.cancel()
    queue = sys.modules.get("cnnviz.runs.queue")
    if queue is not None:
        queue.server_queue().close()
