"""A server that has room for many pages gives back what they took."""

import gc
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
