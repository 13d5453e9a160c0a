"""A server that has room for many pages gives back what they took."""

import ctypes
import gc
import re
import subprocess
import sys
import weakref

import pytest

from cnnviz.serving import memory

resource = pytest.importorskip("resource", reason="Windows has no bound on open files")


class Ring:
    """What refers to itself, and is there until somebody looks for garbage."""

    def __init__(self) -> None:
        self.itself = self


def test_what_nothing_refers_to_any_more_is_freed():
    gc.disable()
    try:
        ring = weakref.ref(Ring())
        assert ring() is not None
        memory.give_back()
        assert ring() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("of_windows", [TypeError("NoneType is not iterable"), OSError("no")])
def test_where_the_c_library_is_another_a_server_does_without(
    of_windows: Exception, monkeypatch: pytest.MonkeyPatch
):
    def library(name: str | None) -> None:
        assert name is None
        raise of_windows

    monkeypatch.setattr(ctypes, "CDLL", library)
    memory.share_arenas()
    memory.give_back()


def test_a_server_may_open_more_files_than_the_1024_it_begins_with():
    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or (hard != resource.RLIM_INFINITY and hard <= 1024):
        pytest.skip("this machine allows no other bound")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
        memory.open_more_files()
        raised = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert raised[0] > 1024
        assert raised[1] == hard
        memory.open_more_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == raised
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


# In a process of its own: how many arenas there may be is set once.
ARENAS = """
import ctypes, sys, threading
from cnnviz.serving import memory
memory.share_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = libc.malloc.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
all_there = threading.Barrier(9)
def take():
    libc.malloc(5000)
    all_there.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads:
    thread.start()
all_there.wait()
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="glibc's")
def test_threads_take_their_memory_from_the_same_few_arenas(tmp_path):
    told = tmp_path / "arenas.xml"
    subprocess.run([sys.executable, "-c", ARENAS, told], check=True, timeout=120)
    arenas = re.findall(r"<heap nr=", told.read_text())
    assert len(arenas) == memory.ARENAS
