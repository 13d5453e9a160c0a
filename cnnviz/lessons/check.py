"""*Check yourself*: twelve questions before the course, twelve alike after it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cnnviz.lessons.facts import starts
from cnnviz.lessons.lesson import Asked, BankQuestion

QUESTIONS = 12
TIMES = ("before", "after")

# John Brooke, "SUS: a quick and dirty usability scale" (1996); odd ones are for it, even ones
# against it.
STATEMENTS = (
    "I think that I would like to use this system frequently.",
    "I found the system unnecessarily complex.",
    "I thought the system was easy to use.",
    "I think that I would need the support of a technical person to be able to use this system.",
    "I found the various functions in this system were well integrated.",
    "I thought there was too much inconsistency in this system.",
    "I would imagine that most people would learn to use this system very quickly.",
    "I found the system very cumbersome to use.",
    "I felt very confident using the system.",
    "I needed to learn a lot of things before I could get going with this system.",
)
LEAST, MOST = 1, 5


@dataclass(frozen=True)
class Sheet:
    """Twelve questions of the bank, by their numbers there, with a seed for what they ask; the
    answers given so far, by place."""

    seed: int
    numbers: tuple[int, ...]
    answers: Mapping[int, float] = field(default_factory=dict)

    def answered(self, place: int, given: float) -> Sheet:
        return replace(self, answers={**self.answers, place: given})


def two_sheets(bank: Sequence[BankQuestion], seed: int) -> tuple[Sheet, Sheet]:
    """One for before and one for after: the same questions, with other numbers.

    Every lesson has at least one, as far as twelve go.
    """
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(bank)).tolist()
    lessons: set[str] = set()
    first = []
    for number in order:
        if bank[number].lesson not in lessons:
            lessons.add(bank[number].lesson)
            first.append(number)
    chosen = [*first, *(number for number in order if number not in first)][:QUESTIONS]
    # In the order of the course: what builds on another comes after it.
    numbers = tuple(sorted(chosen, key=lambda number: (bank[number].lesson, bank[number].at)))
    return Sheet(2 * seed, numbers), Sheet(2 * seed + 1, numbers)


def asked(sheet: Sheet, bank: Sequence[BankQuestion]) -> list[Asked]:
    """The questions with their numbers drawn."""
    return [asked_at(sheet, bank, place) for place in range(len(sheet.numbers))]


def asked_at(sheet: Sheet, bank: Sequence[BankQuestion], place: int) -> Asked:
    """The one at a `place`, from 0."""
    return bank[sheet.numbers[place]].asked(sheet.seed * QUESTIONS + place, starts())


def as_csv(
    sheets: Mapping[str, Sheet], bank: Sequence[BankQuestion], ratings: Mapping[int, int]
) -> str:
    """What was asked and answered, a line each; then the `ratings` of statements, from 1, and the
    score where all are there."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("when", "question", "lesson", "step", "asked", "answered", "answer", "right"))
    for when, sheet in sheets.items():
        for place, each in enumerate(asked(sheet, bank)):
            question = bank[sheet.numbers[place]]
            given = sheet.answers.get(place)
            said = "" if given is None else each.said(given)
            right = each.said(each.answer)
            mark = "" if given is None else str(each.right(given)).lower()
            rows.writerow(
                (when, place + 1, question.lesson, question.at, each.text, said, right, mark)
            )
    for number, statement in enumerate(STATEMENTS, 1):
        rated = ratings.get(number, "")
        rows.writerow(("usability", number, "", "", statement, rated, "", ""))
    score = (
        usability([ratings[number] for number in range(1, len(STATEMENTS) + 1)])
        if len(ratings) == len(STATEMENTS)
        else ""
    )
    rows.writerow(("usability", "score", "", "", "System Usability Scale, 0 to 100", score, "", ""))
    return text.getvalue()


def usability(ratings: Sequence[int]) -> float:
    """The System Usability Scale's score, 0 to 100, of ten ratings from 1 to 5 in its order.

    Raises ValueError for another number of ratings, or one that isn't from 1 to 5.
    """
    if len(ratings) != len(STATEMENTS) or not all(LEAST <= r <= MOST for r in ratings):
        raise ValueError(
            f"ratings must be {len(STATEMENTS)} numbers from {LEAST} to {MOST}, got {ratings}"
        )
    points = (r - LEAST if place % 2 == 0 else MOST - r for place, r in enumerate(ratings))
    return 2.5 * sum(points)
