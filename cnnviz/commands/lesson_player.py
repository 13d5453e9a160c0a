"""Lessons played in a browser, step by step, in an app of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnviz.lessons.facts import starts
from cnnviz.lessons.faults import wrong_answers
from cnnviz.lessons.files import LANGUAGES, OWN
from cnnviz.lessons.lesson import Asked, Do, Lesson, Question
from cnnviz.lessons.marks import MARKS
from cnnviz.lessons.reading import read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 60.0  # seconds for a step to open, or an answer to come
QUIET_MS = 400
"""How long a page must have been still to be taken for ready."""


class NoBrowserError(Exception):
    """There is nothing to play lessons in."""


@contextmanager
def app(paths: Sequence[Path]) -> Iterator[Callable[[Path], list[str]]]:
    """What plays one of the lessons at `paths`: step by step, each question answered wrongly and
    rightly. It gives a line a fault, which names the step.

    The app is one of their own, which keeps nothing. Raises NoBrowserError without Playwright or
    Chromium, or where the app doesn't start.
    """
    with ExitStack() as opened:
        browser = opened.enter_context(_browser())
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="cnnviz-lessons-")))
        names = {path: f"checked-{number}" for number, path in enumerate(paths, 1)}
        for path, name in names.items():
            language = path.resolve().parent.name
            place = folder / "lessons" / (language if language in LANGUAGES else "en")
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place / f"{name}.toml")
        url = opened.enter_context(_server(folder))
        yield lambda path: _played(browser, url, names[path], read(path))


@contextmanager
def _browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowserError("Playwright isn't there: pip install 'cnnviz[lessons]'") from None
    installed = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as playwright:
        try:
            # It opens nothing but the app on this machine; in a container there is no sandbox.
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, installed), None), args=["--no-sandbox"]
            )
        except Error as error:
            said = error.message.splitlines()[0]
            raise NoBrowserError(f"{said} (playwright install chromium brings one)") from None
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        name: str(folder / name.lower()) for name in ("CNNVIZ_OWN", "CNNVIZ_KEPT", "CNNVIZ_RUNS")
    }
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "cnnviz", "app", "--port", str(port), "--address", "127.0.0.1"],
            env={
                **os.environ,
                **own,
                OWN: str(folder / "lessons"),
                "STREAMLIT_SERVER_HEADLESS": "true",
            },
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 2 * PATIENCE
        while not _answers(f"{url}/_stcore/health"):
            if process.poll() is not None or time.monotonic() > end:
                last = log.read_text(errors="replace").strip().splitlines()[-1:]
                raise NoBrowserError(f"the app doesn't start: {' '.join(last) or 'no answer'}")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except OSError:
        return False


def _played(browser: Browser, url: str, name: str, lesson: Lesson) -> list[str]:
    from playwright.sync_api import Error

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    faults: list[str] = []
    number = 0
    page.on(
        "pageerror",
        lambda error: faults.append(f"step {number}: the page reports: {error.message}"),
    )
    try:
        for number in range(1, len(lesson.steps) + 1):
            try:
                _go(page, url, name, number)
                found = _step(page, lesson, number)
            except Error as error:
                found = [f"doesn't go on: {error.message.splitlines()[0]}"]
            faults += [f"step {number}: {fault}" for fault in found]
    finally:
        context.close()
    return faults


def _go(page: Page, url: str, name: str, number: int) -> None:
    """On from the step before, as a learner comes; where that isn't open, by the step's link."""
    before = page.locator(f'.course-bar section[data-at^="{name}.{number - 1}."] .next')
    if number > 1 and before.count():
        before.click()
    else:
        page.goto(f"{url}/lessons?course={name}.{number}")
    page.locator(f'.course-bar section[data-at^="{name}.{number}."]').wait_for()
    _settle(page)


def _settle(page: Page) -> None:
    """Wait until the app has been still for a while."""
    page.wait_for_function(
        """(quiet) => {
          const app = document.querySelector('[data-testid="stApp"]');
          const still = app?.dataset.testScriptState === "notRunning";
          const since = window.cnnvizStillSince ?? performance.now();
          window.cnnvizStillSince = still ? since : undefined;
          return still && performance.now() - since > quiet;
        }""",
        arg=QUIET_MS,
    )
    page.evaluate("() => { window.cnnvizStillSince = undefined; }")


def _step(page: Page, lesson: Lesson, number: int) -> list[str]:
    step = lesson.steps[number - 1]
    strip = page.locator(".course-bar section")
    faults: list[str] = []
    for stopped in page.get_by_test_id("stException").all_inner_texts():
        faults.append(f"the page stops: {stopped.splitlines()[0]}")
    for ignored in page.get_by_text("Part of the link was ignored:").all_inner_texts():
        faults.append(f"set_up: {ignored}")
    if (task := strip.locator(".task").inner_text()).startswith("This step can't be shown"):
        return [*faults, task]
    if step.mark and not all(page.locator(each).count() for each in MARKS[step.mark].found):
        faults.append(f"mark: {step.mark} isn't on the page as it is set up")
    if isinstance(step, Do) and not strip.locator(".next.open").count():
        faults.append("until: holds as the step opens, before anything has been done")
    if not isinstance(step, Question):
        return faults
    at = strip.get_attribute("data-at") or ""
    try:
        asked = step.asked(int(at.rpartition(".")[2]) + number - 1, _facts(page, step))
    except ValueError as error:
        return [*faults, str(error)]
    if asked.text != task:
        return [*faults, f"ask: “{asked.text}” should be asked, it is “{task}”"]
    assert not isinstance(asked.answer, str)
    wrong = wrong_answers(asked)[0]
    # A picture goes once its place was found, which may have been at the first try.
    if asked.picture is None or strip.get_by_role("grid").count():
        faults += _answered(page, asked, wrong, "wrong", asked.reason(wrong))
    faults += _answered(page, asked, asked.answer, "right", asked.why)
    return faults


def _facts(page: Page, step: Question) -> dict[str, Any]:
    """What the page shows of what the question is about: the strip says so once there is an answer,
    whichever it is."""
    if not step.facts:
        return starts()
    strip = page.locator(".course-bar section")
    _give(strip, [0, 0] if step.picture is not None else 0, chosen=bool(step.choices))
    strip.locator(".said.right, .said.wrong").wait_for()
    return starts() | json.loads(strip.get_attribute("data-facts") or "")


def _give(strip: Locator, given: float | list[Any], *, chosen: bool) -> None:
    """As a person does; a picture goes once its place was found, and can't be answered in again."""
    if isinstance(given, list):
        row, column = given
        if strip.get_by_role("grid").count():
            strip.get_by_role("row").nth(row).get_by_role("gridcell").nth(column).click()
    elif chosen:
        strip.locator("button.choice").nth(int(given)).click()
    else:
        strip.locator("form input").fill(repr(given))
        strip.locator("form button[type=submit]").click()


def _answered(
    page: Page, asked: Asked, given: float | list[Any], how: str, reply: str
) -> list[str]:
    from playwright.sync_api import TimeoutError as TakesTooLong

    strip = page.locator(".course-bar section")
    _give(strip, given, chosen=bool(asked.choices))
    try:
        # By its words: an answer before may have been as right, or as wrong.
        whole = re.compile(rf"^\s*{re.escape(reply)}\s*$")
        strip.locator(f".said.{how}", has_text=whole).wait_for()
    except TakesTooLong:
        text = strip.locator(".said").inner_text()
        return [f"{how}: for {asked.said(given)} “{reply}” should be said, it is “{text}”"]
    return []
