"""What servers take of the machine while people use them, seen from outside."""

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median

import psutil

from benchmarks.table import Row, number

SETTLING = 120.0
"""Seconds after which memory is meant to stay as it is."""

RECONNECT = 120.0
"""Seconds for which Streamlit keeps the session of a page that was closed."""

LETTING_GO = 10.0
"""Seconds in which the server sees that they are over, and gives back what the session took."""


@dataclass
class Watched:
    """The servers' memory (MB) and processor time (s), second by second."""

    servers: list[psutil.Process]
    at: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    async def watch(self) -> None:
        while True:
            self.at.append(time.perf_counter())
            self.megabytes.append(self.memory())
            await asyncio.sleep(1)

    def memory(self) -> float:
        return sum(server.memory_info().rss for server in self.servers) / 1e6

    def processor(self) -> float:
        return sum(sum(server.cpu_times()[:2]) for server in self.servers)

    def files(self) -> int:
        """Open files: a session has three of its own for as long as there is one, seen from
        outside. Memory alone doesn't tell: Python keeps freed pages for what comes next."""
        return sum(server.num_fds() for server in self.servers)


@dataclass(frozen=True)
class Gone:
    """Megabytes and open files of the servers once everybody's session is over; `again`: megabytes
    once as many others have come and drawn."""

    megabytes: float
    files: int
    again: float


def memory_rows(who: str, watched: Watched, started: float, empty: float, each: float) -> list[Row]:
    settled = [
        megabytes
        for at, megabytes in zip(watched.at, watched.megabytes, strict=True)
        if at - started >= SETTLING
    ]
    rows = [
        Row(
            f"{who}: memory a session",
            each,
            "MB",
            10,
            note=f"{number(empty)} MB with nobody, {number(watched.megabytes[-1])} in the end",
        )
    ]
    if len(settled) > 10:
        middle = median(settled)
        off = max(max(settled) - middle, middle - min(settled))
        rows.append(
            Row(
                f"{who}: memory after two minutes, farthest from its median",
                100 * off / middle,
                "%",
                5,
                note=f"{number(min(settled))} to {number(max(settled))} MB",
            )
        )
    return rows


def given_back_rows(who: str, watched: Watched, empty: float, files: int, gone: Gone) -> list[Row]:
    most, last = max(watched.megabytes), watched.megabytes[-1]
    return [
        Row(
            f"{who}, have gone: open files more than before they came",
            gone.files - files,
            "",
            0,
            note=f"each session has three; {files} before, three of them the recording browser's; "
            f"{number(RECONNECT + LETTING_GO)} s after the last page was closed",
        ),
        Row(
            f"{who}, have gone: memory given back to the machine",
            100 * (last - gone.megabytes) / (last - empty),
            "%",
            note=f"{number(empty)} MB before they came, {number(last)} in the end, "
            f"{number(gone.megabytes)} then",
        ),
        Row(
            f"{who}, have gone and as many come: memory beside the most before",
            gone.again / most,
            "×",
            1.05,
            note=f"{number(gone.again)} against {number(most)} MB",
        ),
    ]
