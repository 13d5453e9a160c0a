"""What a lesson is made of: the schema of its file, as pydantic checks it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from cnnviz.lessons.expressions import Expression, Template, Value, alike
from cnnviz.lessons.facts import FACTS, PAGES
from cnnviz.lessons.files import ENGLISH, SPELLINGS
from cnnviz.lessons.functions import FUNCTIONS
from cnnviz.lessons.marks import MARKS

MOST_WORDS = 400
"""Characters of a step's text: a strip of 120 px has place for a sentence or two."""

LONGEST_MINUTES = 5
REDRAWN = 200
_GIVEN = "given"
"""What somebody answered, in the reasons for a wrong answer."""


def _expression(text: Any) -> Expression:
    if isinstance(text, bool | int | float):
        text = str(text)
    if not isinstance(text, str):
        raise ValueError(f"must be an expression in quotes, got {text!r:.40}")
    return Expression(text, FUNCTIONS)


def _template(text: Any, info: ValidationInfo) -> Template:
    """`info` has the file's language, as cnnviz.lessons.reading says it."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("must be a text")
    if len(text) > MOST_WORDS:
        raise ValueError(f"must have at most {MOST_WORDS} characters, has {len(text)}")
    language = (info.context or {}).get("language", ENGLISH)
    return Template(" ".join(text.split()), FUNCTIONS, SPELLINGS[language])


Computed = Annotated[Expression, BeforeValidator(_expression)]
Words = Annotated[Template, BeforeValidator(_template)]
Plain = Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]
Names = Mapping[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True
    )


class WholeNumber(_Part):
    """One of `least` to `most`."""

    least: int
    most: int

    def draw(self, chance: np.random.Generator) -> Value:
        return int(chance.integers(self.least, self.most, endpoint=True))


class WholeNumbers(WholeNumber):
    """A row of `count` of them, or a grid of `rows` such rows."""

    count: int = Field(ge=1, le=28)
    rows: int = Field(default=0, ge=0, le=28)

    def draw(self, chance: np.random.Generator) -> Value:
        shape = (self.rows, self.count) if self.rows else (self.count,)
        return chance.integers(self.least, self.most, shape, endpoint=True).tolist()


class OneOf(_Part):
    """One of these."""

    of: list[float | int | str] = Field(min_length=2, max_length=100)

    def draw(self, chance: np.random.Generator) -> Value:
        return self.of[int(chance.integers(len(self.of)))]


Drawn = WholeNumbers | WholeNumber | OneOf


class Varied(_Part):
    """What differs from learner to learner: numbers `vary`, drawn by chance, and what follows from
    them by name (`let`, in order), drawn again until `where` holds."""

    vary: dict[str, Drawn] = {}
    let: dict[str, Computed] = {}
    where: Computed | None = None

    @model_validator(mode="after")
    def _known(self) -> Varied:
        known = [*FACTS, *self.vary]
        for name, expression in self.let.items():
            if not name.isidentifier() or name in FACTS or name in FUNCTIONS or name == _GIVEN:
                raise ValueError(f"let: {name!r} can't be a name of one's own")
            _check(f"let.{name}", expression, known)
            known.append(name)
        _check("where", self.where, known)
        return self

    @property
    def own(self) -> tuple[str, ...]:
        """The names that it brings."""
        return (*self.vary, *self.let)

    def drawn(self, seed: int, facts: Names) -> dict[str, Any]:
        """The values of its names, and the `facts`. Raises ValueError where none will do."""
        chance = np.random.default_rng(seed)
        for _ in range(REDRAWN):
            names = {**facts, **{name: how.draw(chance) for name, how in self.vary.items()}}
            for name, expression in self.let.items():
                names[name] = expression.value(names)
            if self.where is None or self.where.value(names):
                return names
        raise ValueError(f"where: {self.where!r} held in none of {REDRAWN} draws")


class Reason(_Part):
    """What is said `when` something holds; the last of a list needs no `when`."""

    when: Computed | None = None
    say: Words


class _Question(Varied):
    """`ask`, and the `answer` that torch computes: a number, within `tolerance`; one of `choices`,
    by its number from 0, its text, or as a condition that means the first where it holds, else the
    second; or a place, [row, column], of the `picture` in which it is to be clicked, within
    `tolerance` rows and columns.

    `wrong` gives the reason for a wrong answer, the first that fits; `why` what is said after a
    right one.
    """

    ask: Words
    answer: Computed
    tolerance: float = Field(default=0.0, ge=0)
    unit: str = Field(default="", max_length=20)
    choices: list[Words] = Field(default=[], max_length=6)
    picture: Computed | None = None
    colours: Literal["signed", "ink"] = "signed"
    wrong: list[Reason] = Field(min_length=1, max_length=8)
    why: Words

    @model_validator(mode="after")
    def _fits(self) -> _Question:
        known = [*FACTS, *self.own]
        _check("ask", self.ask, known)
        _check("answer", self.answer, known)
        _check("why", self.why, known)
        for choice in self.choices:
            _check("choices", choice, known)
        if len(self.choices) == 1:
            raise ValueError("choices: there must be 2 to 6, or none where a number is asked for")
        _check("picture", self.picture, known)
        if self.picture is not None and self.choices:
            raise ValueError("picture: an answer is one of choices or a place in it, not both")
        _check_reasons("wrong", self.wrong, [*known, _GIVEN])
        return self

    @property
    def facts(self) -> frozenset[str]:
        """The names of the facts that it is asked, answered or explained by."""
        parts = [self.ask, self.answer, self.why, *self.choices, *self.let.values()]
        parts += [each for reason in self.wrong for each in (reason.when, reason.say)]
        names = (part.names for part in (*parts, self.where, self.picture) if part is not None)
        return frozenset().union(*names) & frozenset(FACTS)

    def asked(self, seed: int, facts: Names) -> Asked:
        """The question as one learner gets it: numbers drawn, choices in an order of their own.

        Raises ValueError where it can't be asked.
        """
        names = self.drawn(seed, facts)
        wanted = self.answer.value(names)
        texts = [choice.filled(names) for choice in self.choices]
        if self.picture is not None:
            picture = self.picture.value(names)
            if not _is_grid(picture):
                raise ValueError(f"picture: {self.picture.text[:60]!r} isn't rows of numbers")
            asked = Asked(self, names, self.ask.filled(names), (), wanted, picture)
            if not isinstance(wanted, list) or not asked.may_be(wanted):
                raise ValueError(f"answer: {wanted!r} isn't a place, [row, column], of the picture")
            return asked
        if not texts:
            if isinstance(wanted, str | list):
                raise ValueError(f"answer: {wanted!r} is no number")
            return Asked(self, names, self.ask.filled(names), (), wanted)
        if len(set(texts)) < len(texts):
            raise ValueError(f"choices: two are alike among {', '.join(texts)}")
        if isinstance(wanted, bool):
            wanted = 0 if wanted else 1
        place = texts.index(wanted) if wanted in texts else wanted
        if not isinstance(place, int) or not 0 <= place < len(texts):
            raise ValueError(f"answer: {wanted!r} is none of {', '.join(texts)}")
        order = np.random.default_rng([seed, len(texts)]).permutation(len(texts)).tolist()
        shown = tuple(texts[each] for each in order)
        return Asked(self, names, self.ask.filled(names), shown, order.index(place))


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with its numbers drawn.

    `answer` is a number; or a place of the `picture` as [row, column]; or which of the `choices`,
    from 0.
    """

    question: _Question
    names: Names
    text: str
    choices: tuple[str, ...]
    answer: Value
    picture: list[list[float]] | None = None

    def may_be(self, given: float | list[int]) -> bool:
        """Whether `given` is an answer of the kind that is asked for, right or wrong."""
        if self.choices:
            return not isinstance(given, list) and given in range(len(self.choices))
        if self.picture is not None:
            sizes = (len(self.picture), len(self.picture[0]))
            return (
                isinstance(given, list)
                and len(given) == len(sizes)
                and all(at in range(size) for at, size in zip(given, sizes, strict=True))
            )
        return not isinstance(given, list) and abs(given) <= sys.float_info.max

    def right(self, given: float | list[int]) -> bool:
        """Whether `given`, a number, a place or a choice's number, is the answer."""
        if isinstance(self.answer, list):
            assert isinstance(given, list)
            pairs = zip(given, self.answer, strict=True)
            return all(abs(a - float(b)) <= self.question.tolerance for a, b in pairs)  # pyright: ignore[reportArgumentType]
        assert not isinstance(self.answer, str)
        assert not isinstance(given, list)
        return abs(given - self.answer) <= self.question.tolerance + 1e-9

    def said(self, given: Value | list[int]) -> Value | list[int]:
        """`given` in words: a choice's text where it is the number of one."""
        if self.choices and isinstance(given, int | float):
            return self.choices[int(given)]
        return given

    def reason(self, given: float | list[int]) -> str:
        """Why a wrong answer is wrong."""
        return first_reason(self.question.wrong, {**self.names, _GIVEN: self.said(given)}) or ""

    @property
    def why(self) -> str:
        """Why the right answer is right."""
        return self.question.why.filled(self.names)


class _Place(_Part):
    """Where a step takes place: on a `page`, set up as a link to it with the parameters `set_up`
    would; `mark` is what is marked there."""

    page: Literal[PAGES] | None = None  # pyright: ignore[reportInvalidTypeForm]
    set_up: dict[str, str] = {}
    mark: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _there(self) -> _Place:
        if self.set_up and self.page is None:
            raise ValueError("set_up: needs a page")
        if not self.mark:
            return self
        if self.mark not in MARKS:
            raise ValueError(f"mark: there is no {alike(self.mark, MARKS)}")
        pages = MARKS[self.mark].pages
        if self.page is not None and self.page not in pages:
            raise ValueError(f"mark: {self.mark} is on {' and '.join(pages)}, not {self.page}")
        return self


class Look(_Place):
    """Something to see."""

    kind: Literal["look"]
    words: Words
    do: Words | None = None

    @model_validator(mode="after")
    def _known(self) -> Look:
        _check("words", self.words, FACTS)
        _check("do", self.do, FACTS)
        return self


class Do(_Place):
    """Something to do, done when `until` holds; `missing` says what is still to be done."""

    kind: Literal["do"]
    words: Words
    do: Words
    until: Computed
    missing: list[Reason] = Field(min_length=1, max_length=8)
    done: Words

    @model_validator(mode="after")
    def _known(self) -> Do:
        for name in ("words", "do", "until", "done"):
            _check(name, getattr(self, name), FACTS)
        _check_reasons("missing", self.missing, FACTS)
        return self

    def left(self, facts: Names) -> str | None:
        """What is still missing; None when it is done.

        A fact that a page hasn't told yet may leave nothing to compute: then it isn't done.
        """
        try:
            if self.until.value(facts):
                return None
            return first_reason(self.missing, facts) or ""
        except ValueError:
            return ""


class Predict(_Question, _Place):
    """To be said before the app shows it; while it stays closed it shows nothing at all."""

    kind: Literal["predict"]
    open: bool = False


class Transfer(_Question, _Place):
    """A question on something that wasn't shown; with the app `open` to look things up, or closed
    to peeking."""

    kind: Literal["transfer"]
    open: bool


Question = Predict | Transfer
Step = Annotated[Look | Do | Question, Field(discriminator="kind")]


class Notes(_Part):
    """For the teacher."""

    aim: Plain
    likely: list[Plain] = Field(min_length=1, max_length=6)
    room: Plain


class Lesson(_Part):
    """A lesson: it opens with a question that a learner can't answer yet, and closes with one that
    shows they can."""

    title: Plain
    minutes: int = Field(ge=1, le=LONGEST_MINUTES)
    about: Plain
    notes: Notes
    step: list[Step] = Field(min_length=3, max_length=20)
    name: str = ""
    language: str = ENGLISH

    @property
    def steps(self) -> list[Step]:
        return self.step


class BankQuestion(_Question):
    """A question of *Check yourself*, and the lesson and step (from 1) to go back to."""

    lesson: str
    at: int = Field(default=1, ge=1, alias="step")

    @model_validator(mode="after")
    def _has_no_picture(self) -> BankQuestion:
        if self.picture is not None:
            raise ValueError("picture: *Check yourself* has none to click in")
        return self


class Bank(_Part):
    """The questions of *Check yourself*."""

    question: list[BankQuestion] = Field(min_length=1)


def _is_grid(value: Any) -> bool:
    """Whether it is rows of as many numbers each."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, list) and row and len(row) == len(value[0]) for row in value)
        and all(isinstance(each, int | float) for row in value for each in row)
    )


def first_reason(reasons: list[Reason], names: Names) -> str | None:
    """The first of `reasons` that holds, as a text."""
    for reason in reasons:
        if reason.when is None or reason.when.value(names):
            return reason.say.filled(names)
    return None


def _check(name: str, part: Expression | Template | None, known: Collection[str]) -> None:
    if part is not None:
        try:
            part.check(known)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None


def _check_reasons(name: str, reasons: list[Reason], known: Collection[str]) -> None:
    for reason in reasons:
        _check(f"{name}.when", reason.when, known)
        _check(f"{name}.say", reason.say, known)
    if reasons[-1].when is not None:
        raise ValueError(f"{name}: the last one needs to fit always, so it has no `when`")
