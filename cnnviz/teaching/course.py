"""From a lesson to what trains on it: the pictures, which of them are held back, the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cnnviz.datasets.collection import Collection, held_out
from cnnviz.drawing import scribbles
from cnnviz.teaching.lesson import (
    FEWEST_DRAWINGS,
    MOST_DRAWINGS,
    OTHER_ID,
    Lesson,
    Picture,
    as_picture,
    missing,
    stacked,
)
from cnnviz.training.config import SETTINGS, TrainingConfig

ASKED = ("start", "augmentation")
"""Settings of training that a lesson has of its own; what it has for the others is found here."""

STEPS = 240
"""Of training, about: enough for a few symbols, in a second or two."""

MOST_OTHERS = 200
_TITLE = "my symbols"


@dataclass(frozen=True)
class Choices:
    """What may be chosen for the training of a lesson. Raises ValueError as `TrainingConfig`."""

    start: str = "article"
    augmentation: str = "affine"

    def __post_init__(self) -> None:
        for name in ASKED:
            SETTINGS[name].check(getattr(self, name), {})


@dataclass(frozen=True, eq=False)
class Course:
    """What a lesson is trained on: a collection; by a drawing's id `labels`, the number of its
    class; and the ids of those that are `held` back for the test."""

    collection: Collection
    labels: Mapping[int, int]
    held: frozenset[int]


def course(lesson: Lesson, owner: str | None = None) -> Course:
    """Of a lesson that the person of the digest `owner` gives: nobody else's menus list what it is
    trained on. Raises ValueError, in a sentence, where there are too few drawings of a symbol."""
    if problem := missing(lesson):
        raise ValueError(problem)
    place = {symbol.id: at for at, symbol in enumerate(lesson.symbols)}
    drawings = lesson.counted
    labels = {drawing.id: place[drawing.symbol] for drawing in drawings}
    numbers = np.array(list(labels.values()), np.int64)
    images = stacked(drawings)[:, None]  # (n, 1, 28, 28)
    held = held_out(images, numbers)
    collection = Collection(_TITLE, lesson.classes, images, numbers, held, owner=owner)
    ids = (drawing.id for drawing, back in zip(drawings, held, strict=True) if back)
    return Course(collection, labels, frozenset(ids))


def with_scribbles(lesson: Lesson) -> Lesson:
    """Where it has a symbol for what is none of the others, with as many scribbles as the others
    have drawings, about; those that are there already count."""
    if not lesson.other:
        return lesson
    there = lesson.count(OTHER_ID)
    usual = round((len(lesson.counted) - there) / (len(lesson.symbols) - 1))
    room = MOST_DRAWINGS - len(lesson.drawings)
    lacking = min(max(usual, FEWEST_DRAWINGS), MOST_OTHERS) - there
    known = {drawing.picture.tobytes() for drawing in lesson.of(OTHER_ID)}
    new = [picture for picture in scribbled(MOST_OTHERS) if picture.tobytes() not in known]
    return lesson.drawn(OTHER_ID, *new[: max(0, min(lacking, room))])


def settings(course: Course, choices: Choices) -> TrainingConfig:
    """The settings of a run on its collection, which must have been saved."""
    return TrainingConfig.from_dict(
        {
            "preset": "own",
            "dataset": course.collection.name,
            **recipe(int((~course.collection.held).sum())),
            **vars(choices),
        }
    )


def recipe(learnt: int) -> dict[str, Any]:
    """How to train on `learnt` pictures: as many steps for few as for many, about, so that neither
    takes long. Of thousands each is seen five times at least."""
    batch = 16 if learnt <= 400 else 64
    epochs = STEPS * batch / learnt
    return {
        "epochs": max(5, min(40, round(epochs))),
        "batch_size": batch,
        "learning_rate": 0.01,
        "schedule": "one-cycle",
    }


@lru_cache(maxsize=8)
def scribbled(count: int) -> tuple[Picture, ...]:
    """`count` pictures (28, 28) of what is nobody's symbol: scribbles, and every fifth a few dots.
    Letters and shapes may well be somebody's."""
    inks = list(scribbles.ink("scribbles", count, 11))
    inks[::5] = scribbles.ink("dots", len(inks[::5]), 11)
    return tuple(picture for ink in inks if (picture := as_picture(ink)) is not None)
