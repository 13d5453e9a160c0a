"""What a step learns from: the drawing itself, or a batch of pictures with their classes."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from cnnviz.components.escaping import escaped
from cnnviz.datasets.stored import Unavailable
from cnnviz.drawing import sources
from cnnviz.networks.kinds import kind_of
from cnnviz.networks.trace import as_image
from cnnviz.reasons.examples import examples, seen
from cnnviz.reasons.rule import Rule
from cnnviz.reasons.step import Moments
from cnnviz.runs import folders, history
from cnnviz.runs import states as run_states
from cnnviz.spelling import count, short
from cnnviz.training.events import State
from cnnviz.training.loop import Coming, is_snapshot_step, replaying
from cnnviz.ui.addresses import LESSON, RUN, SAMPLES, TEST
from cnnviz.ui.teaching import desk
from cnnviz.ui.training import session
from cnnviz.ui.why.context import Context

_STATES = "why_step_states"
TEST_IMAGES = 32
MOST_DRAWINGS = 256
MOST_SECONDS = 15.0
"""That a run's steps are taken anew for at one go, to get to one of them."""

EVERY = 200
"""Steps from one report of that to the next."""


class UnfinishedError(Exception):
    """A run's steps are being taken anew, and there was no time for all of them: asked again, it
    goes on from where it has come to."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """`images` (B, C, H, W) of the classes `labels` (B,), in a few `words`; what a run's own step
    adds to that: the `rule` that it went by and the `kept` moments. `notes` are to be read."""

    images: Tensor
    labels: Tensor
    words: str
    rule: Rule | None = None
    kept: Moments = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def pictures(context: Context, learn: str, target: int) -> Pictures:
    """Raises ValueError, in words for people, where there are none, and `UnfinishedError` where a
    run's step isn't reached yet."""
    if learn == SAMPLES:
        return _samples(context)
    if learn == LESSON:
        return _lesson(context)
    if learn == TEST:
        return _test_images(context)
    if learn == RUN:
        return _of_run()
    return Pictures(context.image, torch.tensor([target]), "this drawing")


def _samples(context: Context) -> Pictures:
    found = [
        (sources.seen(sources.sample(digit), None, True, context.reads.frame).image, digit)
        for digit in range(10)
        if str(digit) in context.classes
    ]
    if not found:
        raise ValueError("the samples are digits, and this network tells no digits apart")
    images = torch.cat([as_image(image) for image, _ in found])
    labels = [context.classes.index(str(digit)) for _, digit in found]
    return Pictures(images, torch.tensor(labels), f"the {len(found)} samples")


def _lesson(context: Context) -> Pictures:
    lesson = desk.counted_here()
    drawings = [] if lesson is None else list(lesson.counted)[-MOST_DRAWINGS:]
    named = [
        (drawing, lesson.symbol(drawing.symbol).name) for drawing in drawings if lesson is not None
    ]
    known = [(drawing, name) for drawing, name in named if name in context.classes]
    if not known:
        raise ValueError(
            "there are no drawings of Teach of the classes that this network tells apart: "
            "draw some there, and use its network"
        )
    pictures = np.stack([drawing.picture for drawing, _ in known])[:, None]
    images = torch.tensor(pictures).float() / 255
    if tuple(images.shape[1:]) != tuple(context.image.shape[1:]):
        raise ValueError("the drawings of Teach are 28×28, and this network reads other pictures")
    labels = [context.classes.index(name) for _, name in known]
    return Pictures(images, torch.tensor(labels), f"{count(len(known))} drawings of Teach")


def _test_images(context: Context) -> Pictures:
    if context.reads.dataset is None:
        raise ValueError("nothing is known of the pictures that this network was trained on")
    try:
        some = examples(context.checkpoint).first(TEST_IMAGES)
    except Unavailable as error:
        raise ValueError(str(error)) from error
    words = f"the first {len(some)} test images of {escaped(some.dataset.title)}"
    return Pictures(seen(torch.from_numpy(some.images)), torch.from_numpy(some.labels), words)


def _of_run() -> Pictures:
    """The step that a run took from the snapshot that is the network in use."""
    used = session.in_use()
    if used is None:
        raise ValueError(
            "the network in use is no snapshot of a run: on Training, choose one under the "
            "scrubber and press “Use this model”"
        )
    name, step = used
    run = history.read(folders.find(name))
    key = (name, step, run.events.revision)
    kept = st.session_state.get("why_step_run")
    if kept is None or kept[0] != key:
        try:
            kept = st.session_state["why_step_run"] = (key, _coming(run, step))
        except Unavailable as error:
            raise ValueError(str(error)) from error
    return _told(run, kept[1])


def _coming(run: history.Run, step: int) -> Coming:
    """What the run's step after `step` learnt from. A snapshot keeps the weights alone; its batch
    and the optimizer's moments come from taking the steps before it anew, from the nearest state
    that is known of the run. A stroke meanwhile doesn't lose how far it has come."""
    name, revision = run.folder.name, run.events.revision
    states = st.session_state.get(_STATES)
    if states is None or states[0] != (name, revision):
        states = st.session_state[_STATES] = ((name, revision), _saved(run))
    known: dict[int, State] = states[1]
    nearest = max((at for at in known if at <= step), default=None)
    resume = None if nearest is None else known[nearest]
    end = time.perf_counter() + MOST_SECONDS
    bar = st.empty()
    latest = nearest
    for found in replaying(run.config, step, run.events.changes, resume=resume, every=EVERY):
        if isinstance(found, Coming):
            bar.empty()
            known[step] = found.state
            return found
        known[found.step] = found
        # Of those on the way only the last and the snapshots' own are gone on from.
        if latest is not None and latest != nearest and not is_snapshot_step(latest):
            known.pop(latest, None)
        latest = found.step
        said = f"{count(latest)} of the run's {count(step)} steps are taken anew"
        bar.progress(latest / step, said)
        if time.perf_counter() > end and latest < step:
            raise UnfinishedError(
                f"{said} so far; the batch and the optimizer's state follow from all of them"
            )
    raise AssertionError("what is replayed ends with what comes")


def _saved(run: history.Run) -> dict[int, State]:
    """The state that the run itself goes on from, by its step, where there is one."""
    with contextlib.suppress(folders.RunError):
        if (state := run_states.load(run.folder)) is not None:
            return {state.step: state}
    return {}


def _told(run: history.Run, coming: Coming) -> Pictures:
    state, config = coming.state, run.config
    model = session.snapshot(run, state.step).model
    same = all(torch.equal(state.weights[n], t) for n, t in model.state_dict().items())
    notes = []
    if not same:
        notes.append(
            "Taken anew, the steps before gave other last digits than the run's own snapshot: "
            "another number of threads or another machine. Batch and learning rate are the run's."
        )
    if any(kind_of(module).kind in ("dropout", "batchnorm2d") for module in model):
        notes.append(
            "In training dropout and batch normalisation do something else than in use, which is "
            "how the step is taken here: the run's own step was another."
        )
    optimizer = "Adam" if config.optimizer == "adam" else "momentum" if config.momentum else "SGD"
    recorded = dict(zip(run.events.steps, run.events.losses, strict=True)).get(state.step + 1)
    if recorded is not None:
        notes.append(f"The run wrote down a loss of {short(recorded, 4)} for it.")
    return Pictures(
        coming.images,
        coming.labels,
        f"the batch of step {count(state.step + 1)} of “{escaped(run.about.title)}”",
        Rule(optimizer, coming.learning_rate, config.momentum),
        _by_parameter(state.optimizer),
        tuple(notes),
    )


def _by_parameter(tensors: object) -> Moments:
    assert isinstance(tensors, dict)
    kept: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        parameter, _, name = key.rpartition(".")
        kept.setdefault(parameter, {})[name] = value
    return kept
