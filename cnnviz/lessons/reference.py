"""What a lesson's file may have, in words: the tables in docs/lessons.md, made from the schema.

`python -m cnnviz.lessons.reference` prints them, and a test holds the two together.
"""

import inspect
from collections.abc import Iterable

from pydantic import BaseModel

from cnnviz.lessons.expressions import spelled
from cnnviz.lessons.facts import FACTS
from cnnviz.lessons.functions import FUNCTIONS
from cnnviz.lessons.lesson import Do, Lesson, Look, Notes, Predict, Reason, Transfer
from cnnviz.lessons.marks import MARKS

PARTS: dict[str, type[BaseModel]] = {
    "lesson": Lesson,
    "notes": Notes,
    "look": Look,
    "do": Do,
    "predict": Predict,
    "transfer": Transfer,
    "wrong, missing": Reason,
}
"""By what stands in a file, in the order in which it is explained."""

_NOT_WRITTEN = {"name", "language"}
"""Of a lesson: its file's name and its folder's."""

MEANINGS: dict[str, str] = {
    "title": "the lesson's title",
    "minutes": "how long it takes, 1 to 5",
    "about": "a sentence for the list",
    "notes": "for the teacher: `[notes]`",
    "step": "the steps, 3 to 20: each a `[[step]]`",
    "aim": "what a learner can do afterwards",
    "likely": "likely mistakes, 1 to 6 of them",
    "room": "a question to the room",
    "kind": "`look`, `do`, `predict` or `transfer`",
    "page": "the page that it takes place on; without it, the one that is open",
    "set_up": "what a link to that page would have: names and texts, as in [links](links.md)",
    "mark": "what is marked in the page",
    "words": "a sentence or two",
    "do": "what to do, in bold",
    "until": "the condition under which it is done",
    "missing": "what is still to be done: the first that holds is said",
    "done": "what is said once it is done",
    "vary": "numbers drawn for each learner, by name: `{ least, most }`, with `count` a list and "
    "with `rows` a grid, or `{ of = […] }`",
    "let": "what follows from them, by name, in order",
    "where": "a condition that they must meet, else they are drawn again",
    "ask": "the question",
    "answer": "the answer, as an expression: a number; or which of the `choices`, from 0, by its "
    "text, or as a condition (the first where it holds); or `[row, column]` of the `picture`",
    "tolerance": "how far off a number, a row and a column may be; 0 unless told otherwise",
    "picture": "the rows of numbers to click in: the answer is a place",
    "colours": "of the picture: `signed`, orange and blue, or `ink`, from 0 to 1",
    "unit": "what stands behind the field for a number",
    "choices": "2 to 6 to choose from; each learner gets them in another order",
    "wrong": "the reason for a wrong answer: the first that holds; the last has no `when`",
    "why": "what is said after a right answer",
    "open": "whether the app may be used meanwhile; if not, the page is covered",
    "when": "a condition; in `wrong`, `given` is what was answered",
    "say": "what is said then",
}

_BUILT_IN = {
    "abs": "A number without its sign.",
    "len": "How many a list has.",
    "max": "The largest of a list, or of some numbers.",
    "min": "The smallest of a list, or of some numbers.",
    "round": "The nearest whole number, or with so many digits.",
    "sum": "The sum of a list.",
}


def fields() -> str:
    """Every field, part by part."""
    return _table(
        ("part", "field", "must be there", "what it is"),
        (
            (f"`{part}`", f"`{name}`", "yes" if field.is_required() else "", MEANINGS[name])
            for part, model in PARTS.items()
            for name, field in model.model_fields.items()
            if not (model is Lesson and name in _NOT_WRITTEN)
        ),
    )


def facts() -> str:
    """Every fact that the app tells."""
    return _table(
        ("fact", "told by", "what it is", "at first"),
        (
            (f"`{name}`", fact.page or "every page", fact.words, spelled(fact.start) or "empty")
            for name, fact in FACTS.items()
        ),
    )


def functions() -> str:
    """Every function."""
    return _table(
        ("function", "what it gives"),
        ((f"`{name}{_arguments(name)}`", _first_sentence(name)) for name in sorted(FUNCTIONS)),
    )


def marks() -> str:
    """What can be marked."""
    return _table(
        ("mark", "on", "what it is"),
        ((f"`{name}`", ", ".join(mark.pages), mark.words) for name, mark in MARKS.items()),
    )


def tables() -> str:
    """All of them, under their headings."""
    parts = {
        "Fields": fields(),
        "Functions": functions(),
        "Facts": facts(),
        "Marks": marks(),
    }
    return "\n".join(f"### {title}\n\n{table}" for title, table in parts.items())


def _arguments(name: str) -> str:
    if name in _BUILT_IN:
        return "(…)"
    arguments = inspect.signature(FUNCTIONS[name]).parameters.values()
    return "(" + ", ".join(str(each.replace(annotation=each.empty)) for each in arguments) + ")"


def _first_sentence(name: str) -> str:
    told = _BUILT_IN.get(name) or inspect.getdoc(FUNCTIONS[name]) or ""
    return " ".join(told.split("\n\n")[0].split())


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    print(tables(), end="")
