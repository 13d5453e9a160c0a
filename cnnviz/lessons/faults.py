"""What is wrong with a lesson's file, beyond its schema: each question is really asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cnnviz.lessons.facts import starts
from cnnviz.lessons.files import BANK
from cnnviz.lessons.lesson import Asked, Bank, BankQuestion, Do, Lesson, Look, Question
from cnnviz.lessons.reading import read, read_bank

SEEDS = 20


def faults(path: Path) -> list[str]:
    """A line a fault, which names the file, the step and the field; none for a good file.

    Each question is asked with `SEEDS` seeds, and answered rightly and wrongly.
    """
    try:
        content = read_bank(path) if path.name == BANK else read(path)
    except ValueError as error:
        return str(error).splitlines()
    return [f"{path.name}: {fault}" for fault in _faults(content)]


def _faults(content: Lesson | Bank) -> Iterator[str]:
    if isinstance(content, Bank):
        for number, question in enumerate(content.question, 1):
            yield from (f"question {number}, {fault}" for fault in _of_question(question))
        return
    for number, step in enumerate(content.steps, 1):
        found = _of_question(step) if isinstance(step, Question) else _of_task(step)
        yield from (f"step {number}, {fault}" for fault in found)


def _of_task(step: Look | Do) -> Iterator[str]:
    facts = starts()
    for name in ("words", "do"):
        text = getattr(step, name)
        if text is not None:
            yield from _fault(name, lambda text=text: text.filled(facts))
    if isinstance(step, Do) and step.left(facts) is None:
        yield "until: holds before anything has been done"


def _of_question(question: Question | BankQuestion) -> list[str]:
    """The first fault of each field."""
    found: dict[str, str] = {}
    for seed in range(SEEDS):
        for fault in _with_seed(question, seed):
            found.setdefault(fault.partition(":")[0], fault)
    return list(found.values())


def _with_seed(question: Question | BankQuestion, seed: int) -> Iterator[str]:
    names: dict[str, Any] = {}
    yield from _fault("vary, let and where", lambda: names.update(question.drawn(seed, starts())))
    if not names:
        return
    yield from _fault("answer", lambda: question.answer.value(names))
    for name, text in {"ask": question.ask, "why": question.why}.items():
        yield from _fault(name, lambda text=text: text.filled(names))
    for number, choice in enumerate(question.choices, 1):
        yield from _fault(f"choices {number}", lambda choice=choice: choice.filled(names))
    try:
        asked = question.asked(seed, starts())
    except ValueError as error:
        # Of a field that has been told it has no name in front.
        if str(error).partition(":")[0] in ("answer", "choices"):
            yield str(error)
        return
    wrong = wrong_answers(asked)
    if not wrong:
        yield "tolerance: no place of the picture is wrong"
    for given in wrong:
        yield from _fault("wrong", lambda given=given: asked.reason(given))


def wrong_answers(asked: Asked) -> Sequence[float | list[int]]:
    """Some answers that are wrong; all places that are, where one is asked for."""
    if asked.picture is not None:
        rows, columns = len(asked.picture), len(asked.picture[0])
        places = ([row, column] for row in range(rows) for column in range(columns))
        return [place for place in places if not asked.right(place)]
    if asked.choices:
        return [place for place in range(len(asked.choices)) if place != asked.answer]
    assert isinstance(asked.answer, int | float)
    apart = 2 * asked.question.tolerance + 1
    return [asked.answer - apart, asked.answer + apart, -asked.answer - apart]


def _fault(field: str, compute: Callable[[], object]) -> Iterator[str]:
    try:
        compute()
    except ValueError as error:
        yield f"{field}: {error}"
