"""Training: beside the article's own loop, from a click to a loss, and what drawing notices.

Both loops run in this process, on one thread, in turn. Needs MNIST.
"""

import contextlib
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil
import torch
from playwright.sync_api import Browser
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from benchmarks import drawing
from benchmarks.browser import browser, circle, new_page, rest
from benchmarks.table import Row
from cnnviz.datasets import images as training_data
from cnnviz.datasets.stored import folder
from cnnviz.networks.models import SimpleCNN
from cnnviz.runs import folders, history, locks, pruning, recorder
from cnnviz.runs.queue import Queue, make_executor
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train
from cnnviz.training.presets import PRESETS
from tests.browser import chromium
from tests.locks import holder

ROUNDS = 3


def measure() -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    training_data.load("mnist")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        rows = [*_beside_the_article(root), _recording(root), *_size(root)]
        torch.set_num_threads(threads)
        with browser() as opened, _server(root / "served") as url:
            rows += [_first_loss(opened, url), *_drawing(opened, url, root / "served")]
        with browser() as opened:
            return [*rows, _ending(opened, root / "ending")]


def _beside_the_article(root: Path) -> list[Row]:
    """An epoch of each, in turn; then each until it reads 98.0 % of the test images."""
    ratios, losses = [], []
    loop = _ArticleLoop(root)
    for _ in range(ROUNDS):
        loop.reset()
        theirs, their_loss = loop.epoch()
        (ours,) = _epochs(replace(PRESETS["article"], epochs=1))
        ratios.append(theirs / ours.seconds)
        losses.append(abs(their_loss - ours.loss_sum))
    loop.reset()
    spent = 0.0
    count = 0
    while count < 20:
        count += 1
        spent += loop.epoch()[0]
        if loop.accuracy() >= 0.98:
            break
    started = time.perf_counter()
    reached = next(
        (
            time.perf_counter() - started
            for event in train(PRESETS["fast"])
            if isinstance(event, Epoch) and event.test_accuracy >= 0.98
        ),
        float("inf"),
    )
    return [
        Row("images a second, beside the loop of “Convolutional Neural Networks”",
            median(ratios), "×", 3, True,
            f"of {ROUNDS} epochs each; summed losses at most {max(losses):.2f} apart"),
        Row("time to 98.0 %, of that of the same loop", reached / spent, "×", 0.1,
            note=f"{reached:.1f} s with tests and snapshots, against {spent:.0f} s "
            f"({count} epochs, training alone)"),
    ]  # fmt: skip


def _epochs(config) -> list[Epoch]:
    return [event for event in train(config) if isinstance(event, Epoch)]


class _ArticleLoop:
    """As the article writes it: a dataset with ToTensor, a DataLoader of 64, Adam."""

    def __init__(self, root: Path) -> None:
        # torchvision unpacks beside what it finds.
        shutil.copytree(folder() / "MNIST", root / "MNIST", dirs_exist_ok=True)
        self.train_set, self.test_set = (
            datasets.MNIST(root, train=split, transform=transforms.ToTensor(), download=True)
            for split in (True, False)
        )

    def reset(self) -> None:
        torch.manual_seed(42)
        self.model = SimpleCNN()
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.001)
        self.loader = DataLoader(self.train_set, batch_size=64, shuffle=True)

    def epoch(self) -> tuple[float, float]:
        started, total = time.perf_counter(), 0.0
        for images, labels in self.loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(images), labels)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return time.perf_counter() - started, total

    def accuracy(self) -> float:
        right = 0
        with torch.no_grad():
            for images, labels in DataLoader(self.test_set, batch_size=1000):
                right += int((self.model(images).argmax(1) == labels).sum())
        return right / len(self.test_set)


def _recording(root: Path) -> Row:
    """The article's first two epochs, told to a folder and told to nobody, in turn.

    Most snapshots come early, so the share only falls in the eight epochs after them.
    """
    config = replace(PRESETS["article"], epochs=2)
    shares = []
    for index in range(ROUNDS):
        started = time.perf_counter()
        for _ in train(config):
            pass
        silent = time.perf_counter() - started
        folder = folders.create(config, name=f"recorded-{index}", runs=root / "recording")
        started = time.perf_counter()
        recorder.record(folder)
        shares.append(100 * ((time.perf_counter() - started) / silent - 1))
    return Row("recording a run", median(shares), "% of training", 3, note=f"of {ROUNDS} each")


def _size(root: Path) -> list[Row]:
    folder = folders.create(PRESETS["article"], name="ten-epochs", runs=root / "size")
    recorder.record(folder)
    times = []
    for _ in range(7):
        started = time.perf_counter()
        history.read(folder)
        times.append(time.perf_counter() - started)
    return [
        Row("a run of ten epochs on disk", pruning.size(folder) / 1e6, "MB", 20),
        Row("opening it", median(times), "s", 0.5),
    ]


@contextlib.contextmanager
def _server(root: Path) -> Iterator[str]:
    with chromium.server({"CNNVIZ_RUNS": str(root)}) as (url, _):
        yield url


def _first_loss(opened: Browser, url: str) -> Row:
    """Start clicked → a point in the curve, the worker warm."""
    page = new_page(opened)
    page.goto(f"{url}/training")
    start = page.get_by_role("button", name="Start", exact=True)
    start.wait_for()
    page.get_by_role("radio", name="article", exact=True).click()
    times = []
    for index in range(4):
        rest(page, 20_000 if index == 0 else 1000)
        address = page.url
        started = time.perf_counter()
        start.click()
        page.wait_for_function(
            """address => location.href !== address
            && document.querySelector(".st-key-training_curve .js-plotly-plot")?.data?.[0]?.x
                .length > 0
            && document.body.innerText.includes("images/s")""",
            arg=address,
        )
        times.append(time.perf_counter() - started)
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("stopped at step").wait_for()
    page.context.close()
    return Row("Start clicked → first loss on screen", median(times), "s", 1, note="of 4")


def _ending(opened: Browser, root: Path) -> Row:
    """The server told to end, a page open → its worker gone and the run resumable."""
    config = replace(PRESETS["tiny"], preset="own", epochs=100, batch_size=8)
    times = []
    for sent in (signal.SIGTERM, signal.SIGINT) * ROUNDS:
        folder = folders.create(config, runs=root)
        with chromium.server({"CNNVIZ_RUNS": str(root)}) as (url, process):
            page = new_page(opened)
            page.goto(f"{url}/training?run={folder.name}")
            page.get_by_role("button", name="Resume", exact=True).click()
            page.get_by_text("images/s").wait_for()
            worker = holder(folder / locks.TRAINING)
            started = time.perf_counter()
            process.send_signal(sent)
            psutil.wait_procs([worker])
            while history.read(folder).status != "interrupted":
                time.sleep(0.005)
            times.append(time.perf_counter() - started)
            page.context.close()
    return Row("server told to end → worker gone, run resumable", max(times), "s", 2,
        note=f"the longest of {len(times)}, SIGTERM and SIGINT")  # fmt: skip


def _drawing(opened: Browser, url: str, root: Path) -> list[Row]:
    """Drawing while a run trains on both cores, beside drawing while nothing does."""
    idle = drawing._strokes(opened, url)[0].value
    config = replace(PRESETS["article"], epochs=100, threads=2)
    folder = folders.create(config, name="in-the-background", runs=root)
    queue = Queue(make_executor)
    queue.submit(folder)
    while history.read(folder).events.last_step < 10:
        time.sleep(0.1)
    busy = drawing._strokes(opened, url)[0].value
    page = new_page(opened)
    page.goto(url)
    rest(page, 4000)
    page.evaluate(
        """() => { window.frames_ = 0; const count = () => { frames_ += 1;
        requestAnimationFrame(count) }; requestAnimationFrame(count) }"""
    )
    started = time.perf_counter()
    before = page.evaluate("() => frames_")
    for _ in circle(page, 180):
        rest(page, 16)
    rate = (page.evaluate("() => frames_") - before) / (time.perf_counter() - started)
    page.context.close()
    queue.close()
    note = f"{busy:.0f} ms against {idle:.0f} ms; the worker yields (nice 10)"
    return [
        Row("pen-up → painted while a run trains on both cores, of idle", busy / idle, "×", 2,
            note=note),
        Row("live drawing meanwhile", rate, "frames a second", 50, True),
    ]  # fmt: skip
