"""What the server took from the machine and needs no more."""

from __future__ import annotations

import contextlib
import ctypes
import gc

FILES = 65_536
ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h

# Where the C library has none of it, or, as on Windows, isn't to be had without a name.
_NOT_GLIBC = (OSError, AttributeError, TypeError)


def give_back() -> None:
    """Free what nothing refers to any more, and hand free memory back to the machine.

    Where the C library has no `malloc_trim` (it is glibc's), that is left to it.
    https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    gc.collect()
    with contextlib.suppress(*_NOT_GLIBC):
        ctypes.CDLL(None).malloc_trim(0)


def share_arenas() -> None:
    """Let all threads take memory from the same two arenas.

    Each of a page's runs is a thread of its own, and glibc gives threads up to eight arenas a
    processor, of which none can use what is free in another: with forty people who draw the server
    grew by four megabytes a minute, all of them free. Python runs one thread at a time, so nobody
    waits for an arena.
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    with contextlib.suppress(*_NOT_GLIBC):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def open_more_files() -> None:
    """Raise this process's own bound on open files, as far as the machine lets it.

    Each open page takes four (its connection, and its event loop's three), and each closed one
    three for as long as it may come back. Most systems begin with 1024: too few for 300 pages.
    """
    try:
        import resource
    except ImportError:  # Windows, which has no such bound
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # macOS says "any number", and has a bound all the same.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
