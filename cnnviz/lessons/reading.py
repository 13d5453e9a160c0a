"""Lessons from their files."""

import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cnnviz.lessons.files import (
    BANK,
    ENGLISH,
    HERE,
    LANGUAGES,
    MOST_OWN,
    OWN,
    language_in,
    own_is_missing,
    own_left_out,
    own_paths,
    paths,
)
from cnnviz.lessons.lesson import Bank, BankQuestion, Lesson

LARGEST_FILE = 200_000  # bytes
MOST_DOTS = 200
_NAME = re.compile("[A-Za-z0-9_-]{1,40}")

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path) -> Lesson:
    """The lesson in a file, in the language that its folder is called by.

    Raises ValueError with a line for each fault, which names the file, the step and the field.
    """
    update = {"name": path.stem, "language": language_in(path)}
    return _read(path, Lesson).model_copy(update=update)


def read_bank(path: Path) -> Bank:
    """The questions of *Check yourself*. Raises ValueError as `read`."""
    return _read(path, Bank)


def course(language: str = ENGLISH) -> Mapping[str, Lesson]:
    """The shipped lessons by their names, in order, then those of one's own folder that have no
    fault; where one isn't there in `language`, it is in English. Raises ValueError as `read`, for a
    shipped one."""
    own = own_lessons(language)[0]
    return {**shipped(language), **own} if own else shipped(language)


@cache
def shipped(language: str = ENGLISH) -> Mapping[str, Lesson]:
    """Those that come with cnnviz."""
    found = {path.stem: path for path in paths()}
    if language in LANGUAGES:
        found |= {path.stem: path for path in paths(language)}
    return MappingProxyType({name: read(path) for name, path in found.items()})


def own_lessons(language: str = ENGLISH) -> tuple[Mapping[str, Lesson], list[str]]:
    """The lessons in one's own folder (`CNNVIZ_LESSONS`) by their names, and what is wrong with
    those that are left out, a line a fault. A file that has been changed is read again."""
    found: dict[str, Lesson] = {}
    faults: list[str] = []
    if own_is_missing():
        faults.append(f"{OWN} names no folder: there are no lessons of one's own")
    if left_out := own_left_out():
        faults.append(
            f"{OWN} names a folder of {MOST_OWN + left_out} lessons: there may be {MOST_OWN}, so "
            f"the last {left_out} by their names are left out"
        )
    for path in own_paths(language):
        try:
            if path.stem in shipped(ENGLISH):
                raise ValueError(f"{path.name}: is what a lesson that comes with cnnviz is called")
            if not _NAME.fullmatch(path.stem):
                raise ValueError(f"{path.name}: must be called by 1 to 40 letters, digits, - and _")
            state = path.stat()
            found[path.stem] = _as_it_is(path, state.st_mtime_ns, state.st_size)
        except OSError as error:
            faults.append(f"{path.name}: can't be read: {error.strerror}")
        except ValueError as error:
            faults += str(error).splitlines()
    return found, faults


@lru_cache(maxsize=2 * MOST_OWN)
def _as_it_is(path: Path, changed: int, size: int) -> Lesson:
    return read(path)


@cache
def bank(language: str = ENGLISH) -> Sequence[BankQuestion]:
    """The shipped questions of *Check yourself*, in the same places in every language; in English
    where the language has no file of them. Raises ValueError as `read`, and where that file has
    others than the English one."""
    english = _english_bank()
    path = HERE / language / BANK
    if language not in LANGUAGES or language == ENGLISH or not path.exists():
        return english
    questions = tuple(read_bank(path).question)
    if len(questions) != len(english):
        raise ValueError(
            f"{path.name}: must have {len(english)} questions as in English, has {len(questions)}"
        )
    for number, (own, other) in enumerate(zip(questions, english, strict=True), 1):
        if own.answer.text != other.answer.text or len(own.choices) != len(other.choices):
            raise ValueError(
                f"{path.name}: question {number}, answer: must be {other.answer.text!r} with "
                f"{len(other.choices)} choices as in English, got {own.answer.text!r} with "
                f"{len(own.choices)}"
            )
    return questions


@cache
def _english_bank() -> Sequence[BankQuestion]:
    return tuple(read_bank(HERE / ENGLISH / BANK).question)


def language_of(accepted: str | None) -> str:
    """The language for a browser whose locale is `accepted`, such as "de-AT"."""
    first = (accepted or "").split("-")[0].lower()
    return first if first in LANGUAGES else ENGLISH


def _read(path: Path, model: type[Model]) -> Model:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{path.name}: must be a file")
        if found.st_size > LARGEST_FILE:
            raise ValueError(f"{path.name}: must have at most {LARGEST_FILE:,} bytes")
        written = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path.name}: can't be read: {error.strerror}") from None
    # tomllib's memory grows with the square of a key's parts, and its calls with what is nested.
    if any(line.count(b".") > MOST_DOTS for line in written.splitlines()):
        raise ValueError(f"{path.name}: a line must have at most {MOST_DOTS} dots")
    try:
        content: dict[str, Any] = tomllib.loads(written.decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: isn't TOML: {error}") from None
    except RecursionError:
        raise ValueError(f"{path.name}: is nested too deep to be read") from None
    try:
        return model.model_validate(content, context={"language": language_in(path)})
    except ValidationError as error:
        raise ValueError(
            "\n".join(f"{path.name}: {_where(each['loc'])}{_said(each)}" for each in error.errors())
        ) from None


def _where(places: tuple[int | str, ...]) -> str:
    """ "step 3, answer: ", counted from 1."""
    words: list[str] = []
    for place in places:
        if isinstance(place, int) and words:
            words[-1] += f" {place + 1}"
        elif str(place) not in {"look", "do", "predict", "transfer"} or words[-1:] != words[:1]:
            words.append(str(place))
    return f"{', '.join(words)}: " if words else ""


def _said(error: Any) -> str:
    """pydantic's sentence, without its way of saying that we raised it."""
    return str(error["msg"]).removeprefix("Value error, ")
