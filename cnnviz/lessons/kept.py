"""What a person's browser keeps of the course: answers, ratings, what was played, the language.

It is written as texts and numbers by name. Whoever has the browser can change them there, so what
comes back is checked, entry by entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cnnviz.lessons.check import LEAST, MOST, STATEMENTS, TIMES, Sheet, asked_at, two_sheets
from cnnviz.lessons.files import LANGUAGES
from cnnviz.lessons.lesson import BankQuestion

SEEDS = 2**31
"""A seed is below that."""

MOST_ENTRIES = 200

_QUESTIONS, _LANGUAGE, _RATING, _PLAYED = "questions", "language", "sus", "played"


@dataclass(frozen=True)
class Record:
    """Two sheets of *Check yourself* by TIMES, ratings from 1 to 5 by statement from 1, the names
    of the lessons played to the end, and the language chosen, "" for the browser's."""

    seed: int
    sheets: Mapping[str, Sheet]
    ratings: Mapping[int, int] = field(default_factory=dict)
    played: frozenset[str] = frozenset()
    language: str = ""

    def answered(self, time: str, place: int, given: float) -> Record:
        sheet = self.sheets[time].answered(place, given)
        return replace(self, sheets={**self.sheets, time: sheet})


def new(seed: int, bank: Sequence[BankQuestion]) -> Record:
    """One without an answer."""
    return Record(seed, dict(zip(TIMES, two_sheets(bank, seed), strict=True)))


def entries(record: Record, bank: Sequence[BankQuestion]) -> dict[str, str | float]:
    """`record` as a browser keeps it: nothing where nothing was done."""
    found: dict[str, str | float] = {}
    for time, sheet in record.sheets.items():
        found |= {f"{time}.{place + 1}": given for place, given in sheet.answers.items()}
        if sheet.answers:
            marks = _marks(bank)
            found[_QUESTIONS] = " ".join(marks[number] for number in sheet.numbers)
    found |= {f"{_RATING}.{number}": rating for number, rating in record.ratings.items()}
    found |= {f"{_PLAYED}.{name}": 1 for name in record.played}
    return found | ({_LANGUAGE: record.language} if record.language else {})


def read(
    seed: int, kept: Mapping[str, Any], bank: Sequence[BankQuestion], lessons: Collection[str]
) -> tuple[Record, list[str]]:
    """The record in what a browser has `kept`, and the names of entries that can't be used.

    Raises ValueError for a seed that can't be one.
    """
    if not 0 <= seed < SEEDS:
        raise ValueError(f"seed must be from 0 to {SEEDS - 1}, got {seed}")
    record, dropped = new(seed, bank), []
    numbers = _numbers(kept.get(_QUESTIONS), bank)
    if numbers is not None:
        record = replace(
            record,
            sheets={time: replace(each, numbers=numbers) for time, each in record.sheets.items()},
        )
    for name, value in kept.items():
        if name == _QUESTIONS:
            continue
        with_it = _with(record, name, value, bank if numbers is not None else None, lessons)
        if with_it is None:
            dropped.append(name)
        else:
            record = with_it
    return record, dropped


def _with(
    record: Record,
    name: str,
    value: Any,
    bank: Sequence[BankQuestion] | None,
    lessons: Collection[str],
) -> Record | None:
    """`record` with one entry more; None where it can't be used. Without the `bank` no answer can:
    what was asked isn't there any more."""
    kind, _, which = name.partition(".")
    if name == _LANGUAGE:
        known = isinstance(value, str) and value in LANGUAGES
        return replace(record, language=value) if known else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == _PLAYED:
        # One that has been renamed or taken away is no longer there to be ticked.
        return replace(record, played=record.played | {which}) if which in lessons else None
    if not which.isascii() or not which.isdigit() or len(which) > 2:
        return None
    number = int(which)
    if kind == _RATING:
        if number not in range(1, len(STATEMENTS) + 1) or value not in range(LEAST, MOST + 1):
            return None
        return replace(record, ratings={**record.ratings, number: int(value)})
    if kind not in TIMES or bank is None or not 1 <= number <= len(record.sheets[kind].numbers):
        return None
    question = asked_at(record.sheets[kind], bank, number - 1)
    return record.answered(kind, number - 1, float(value)) if question.may_be(value) else None


def _marks(bank: Sequence[BankQuestion]) -> list[str]:
    """What tells each question from others, and from what it was in another release."""
    return [
        hashlib.blake2b(
            f"{each.lesson}|{each.ask.text}|{each.answer.text}|{len(each.choices)}".encode(),
            digest_size=4,
        ).hexdigest()
        for each in bank
    ]


def _numbers(text: Any, bank: Sequence[BankQuestion]) -> tuple[int, ...] | None:
    """Which questions of the `bank` are meant; None where they aren't all there."""
    places = {mark: number for number, mark in enumerate(_marks(bank))}
    marks = text.split() if isinstance(text, str) else []
    found = [places[mark] for mark in marks if mark in places]
    wanted = len(two_sheets(bank, 0)[0].numbers)
    return tuple(found) if len(found) == len(marks) == len(set(found)) == wanted else None
