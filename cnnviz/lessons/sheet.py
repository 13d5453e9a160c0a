"""A lesson on paper: its tasks with space to write, and with the answers for the teacher."""

from __future__ import annotations

from html import escape

from cnnviz.lessons.expressions import spelled
from cnnviz.lessons.facts import starts
from cnnviz.lessons.files import SPELLINGS, Spelling
from cnnviz.lessons.lesson import Do, Lesson, Look, Step
from cnnviz.lessons.words import WORDS

MOST_WITH_NUMBERS = 10
"""Rows or columns of a picture; from here on a cell is too small for its number."""

_STYLE = """
body { font: 12pt/1.45 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin: 0 0 .2em; }
li { margin: 0 0 1.2em; break-inside: avoid; }
.space { border-bottom: 1px solid #888; height: 2.2em; }
.answer { border-left: 3px solid #00806a; padding-left: .6em; }
.notes { background: #f6f7f9; padding: .6em 1em; }
table { border-collapse: collapse; margin: .4em 0; }
td { border: 1px solid #888; width: 1.8em; height: 1.8em; padding: 0; text-align: center; }
table.fine td { width: 10px; height: 10px; border-width: 0; print-color-adjust: exact; }
ul.choices { list-style: "\\2610  "; }
"""


def sheet(lesson: Lesson, seed: int, answers: bool) -> str:
    """An HTML page to print; with the `answers` it has the teacher's notes, too.

    The numbers of its questions are drawn by `seed`: the same on both sheets.
    """
    rows = "".join(
        f"<li>{_step(step, seed + number, answers, SPELLINGS[lesson.language])}</li>"
        for number, step in enumerate(lesson.steps)
    )
    words = WORDS[lesson.language]
    notes = ""
    if answers:
        told = lesson.notes
        likely = "".join(f"<li>{escape(each)}</li>" for each in told.likely)
        notes = (
            f'<div class="notes"><p><b>{words.aim}</b> {escape(told.aim)}</p>'
            f"<p><b>{words.likely}.</b></p>"
            f"<ul>{likely}</ul><p><b>{words.room}</b> {escape(told.room)}</p></div>"
        )
    return (
        f'<!doctype html><html lang="{lesson.language}"><head><meta charset="utf-8">'
        f"<title>{escape(lesson.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(lesson.title)}</h1><p>{escape(lesson.about)} "
        f"{words.about_minutes.format(lesson.minutes)}</p>{notes}<ol>{rows}</ol></body></html>"
    )


def _step(step: Step, seed: int, answers: bool, spelling: Spelling) -> str:
    facts = starts()
    space = "" if answers else '<div class="space"></div><div class="space"></div>'
    if isinstance(step, Look | Do):
        words = escape(step.words.filled(facts))
        do = f" <b>{escape(step.do.filled(facts))}</b>" if step.do is not None else ""
        return f"<p>{words}{do}</p>" + (space if isinstance(step, Do) else "")
    asked = step.asked(seed, facts)
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in asked.choices)
    listed = f'<ul class="choices">{choices}</ul>' if choices else _table(asked.picture, spelling)
    if answers:
        said = f"{asked.said(asked.answer)}. {asked.why}" if asked.choices else asked.why
        return f'<p>{escape(asked.text)}</p>{listed}<p class="answer">{escape(said)}</p>'
    return f"<p>{escape(asked.text)}</p>{listed}" + ("" if listed else space)


def _table(picture: list[list[float]] | None, spelling: Spelling) -> str:
    """A picture to mark a place in: its numbers, or where they are many, dark for what is large."""
    if picture is None:
        return ""
    fine = max(len(picture), len(picture[0])) > MOST_WITH_NUMBERS
    most = max(abs(value) for row in picture for value in row) or 1.0
    rows = "".join(
        "<tr>" + "".join(_cell(value, most if fine else None, spelling) for value in row) + "</tr>"
        for row in picture
    )
    return f'<table class="{"fine" if fine else "numbers"}">{rows}</table>'


def _cell(value: float, most: float | None, spelling: Spelling) -> str:
    if most is None:
        return f"<td>{escape(spelled(value, spelling=spelling))}</td>"
    grey = round(255 * (1 - abs(value) / most))
    return f'<td style="background:rgb({grey},{grey},{grey})"></td>'
