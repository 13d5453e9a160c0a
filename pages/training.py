from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.components.network_view import Painting, Words, network_view
from cnnviz.datasets.shuffling import shuffle
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import trace
from cnnviz.runs import queue
from cnnviz.runs.history import BrokenRun, Run
from cnnviz.spelling import count
from cnnviz.ui import glossary, lesson, link, linked, page, person
from cnnviz.ui.addresses import TRAINING
from cnnviz.ui.drawing import current_drawing, current_truth
from cnnviz.ui.fragments import polled
from cnnviz.ui.training import (
    comparison,
    film,
    losses,
    management,
    mistakes,
    progress,
    session,
    settings,
    snapshot,
    welcome,
)

COMPARE = "training_compare"
PLOTLY = {
    "displaylogo": False,
    "modeBarButtons": [["zoom2d", "resetScale2d", "toImage"]],
    "toImageButtonOptions": {"format": "png", "filename": "training", "scale": 2},
}


def rail(status: str | None) -> None:
    run = session.current()
    if problem := st.session_state.get(session.PROBLEM):
        st.error(escaped(problem))
    if isinstance(run, Run):
        progress.progress(run)
        progress.controls(run)
        losses.of_run(run)
        progress.changeable(run)
    else:
        welcome.rail(checkpoints.article())
    look_again_if_changed(status)


def look_again_if_changed(status: str | None) -> None:
    """Draws the whole page anew, which then looks at a run that trains again and again."""
    run = session.current()
    if isinstance(run, Run) and run.status != status:
        st.rerun()


def stage() -> None:
    run = session.current()
    epochs = run.events.epochs if isinstance(run, Run) else []
    lesson.told(
        "training",
        lambda: {
            "training.running": isinstance(run, Run) and run.active,
            "training.epochs": len(epochs),
            "training.accuracy": epochs[-1].test_accuracy if epochs else 0.0,
        },
    )
    if isinstance(run, BrokenRun):
        st.info(f"This run can't be shown: {escaped(run.problem)}")
        return
    if run is None:
        welcome.stage(checkpoints.article(), current_drawing())
        return
    images = run.config.images
    image = current_drawing(images.frame)
    if run.config.shuffle_pixels is not None:
        image = shuffle(image, run.config.shuffle_pixels)
    truth = current_truth(images.classes)
    frames, step = film.film(
        run,
        image,
        key="training",
        truth=truth,
        config=PLOTLY,
        linked=film.in_link("training", COMPARE),
    )
    if not frames:
        return
    checkpoint = session.snapshot(run, step)
    # Whatever the step, each of these is as wide: none moves while one scrubs.
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**The network at step {count(step)}**", width=240)
        used = session.in_use() == (run.name, step)
        if st.button(
            "In use" if used else "Use this model",
            key="training_use",
            disabled=used,
            help="The model on the draw page and in the labs.",
            width=150,
        ):
            session.use(run, step)
            st.rerun()  # the whole page: the picker at its top too
        other = st.selectbox(
            "Compare with step",
            [frame.step for frame in frames],
            index=None,
            placeholder="compare with…",
            format_func=lambda s: f"with step {count(s)}",
            key=COMPARE,
            width=200,
            label_visibility="collapsed",
        )
    weights = (name for name in checkpoint.model.state_dict() if name.endswith(".weight"))
    snapshot.moved(run, step, [name.removesuffix(".weight") for name in weights])
    painting = Painting(frame=images.frame)
    classes = None if images.named_by_number else images.classes
    if other is None:
        network_view(
            trace(checkpoint.model, image),
            key="training_network",
            painting=painting,
            words=Words(classes=classes),
        )
        return
    for side, (column, compared) in enumerate(zip(st.columns(2), (step, other), strict=True)):
        with column:
            network_view(
                trace(session.snapshot(run, compared).model, image),
                key=f"training_network_{side}",
                painting=painting,
                words=Words(f"step {count(compared)}", classes),
            )


link.take(TRAINING)
page.header(presents=True)
person.meet()
session.warm_worker()
run = session.current()
run_status = run.status if isinstance(run, Run) else None
every = 0.35 if isinstance(run, Run) and run.active else None
left, right = page.rail_and_stage()
with left:
    st.title("Training")
    glossary.words(
        "Press **Start** and watch a network learn: its loss falls, its kernels take shape, and "
        "your drawing is read better step by step."
    )
    preset = settings.preset_picker()
    # Above the settings, which are long: it's in sight whatever is set.
    place = st.container(key="training_start")
    config = settings.settings_of(preset, expanded=every is None)
    dataset = None if config is None else config.images
    if dataset is not None and not dataset.stored.available():
        with place:
            settings.offer(dataset)
    elif place.button("Start", type="primary", width="stretch", disabled=config is None) and config:
        session.start(config)
        film.follow_the_last("training")
        st.rerun()
    if run is None:
        management.pick(None)
        management.teacher()
    else:
        # From here on the rail is about a run that there is, whatever is chosen above for the next.
        with st.container(key="training_in_view", gap="small"):
            management.pick(run)
            # High up: a menu opens downwards, and takes what room the window has left.
            management.manage(run)
            if isinstance(run, Run):
                management.describe(run)
    polled(rail, every)(run_status)
    if run is not None and every is None:
        # Somebody else may set it going.
        polled(look_again_if_changed, 3.0)(run_status)
with right:
    if isinstance(run, Run):
        film.begin_with_the_links(run, "training", COMPARE)
    linked.note(TRAINING)
    polled(stage, every)()
    if isinstance(run, Run) and run.events.snapshots:
        more = st.segmented_control(
            "More",
            ["What it gets wrong", "Compare runs"],
            key="training_more",
            label_visibility="collapsed",
        )
        if more == "What it gets wrong":
            mistakes.what_it_gets_wrong(run)
        elif more == "Compare runs":
            comparison.comparison(run)
    if problem := run and queue.server_queue().problems.get(run.name):
        st.error(escaped(problem))
