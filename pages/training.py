import plotly.graph_objects as go
import streamlit as st

from cnnviz import checkpoints, data, runs_queue
from cnnviz.activations import trace
from cnnviz.components import page, run_sections, run_session, training_settings
from cnnviz.components.network_view import network_view
from cnnviz.components.training_view import training_view
from cnnviz.figures import training as figures

STEP, COMPARE = "training_step", "training_compare"
ACTIVE = ("running", "queued", "paused")


def select(step: int | None) -> None:
    st.session_state[STEP] = step


def rail(status: str | None) -> None:
    run = run_session.current()
    if run is not None and run.status != status:
        st.rerun()
    if problem := st.session_state.get(run_session.PROBLEM):
        st.error(problem)
    if run is not None and run.config is not None:
        run_sections.progress(run)
        run_sections.controls(run)
        run_sections.article_table(run)
    else:
        run_sections.shipped_table(checkpoints.article())


def stage(drawn: go.Figure | None) -> None:
    run = run_session.current()
    if run is not None and run.config is None:
        st.info(f"This run can't be shown: {run.problem}")
        return
    if run is None or run.config is None or drawn is None:
        run_sections.before_any_run(checkpoints.article(), page.current_drawing())
        return
    # Streamlit would make a new chart of new data, and forget the zoom: the chart stays as it was
    # when the page was last drawn, and the strip under it gives it what has come since.
    st.plotly_chart(drawn, key="training_curve", config=run_sections.plotly_config(run))
    image = page.current_drawing()
    if run.config.shuffle_pixels is not None:
        from cnnviz.shuffling import shuffle

        image = shuffle(image, run.config.shuffle_pixels)
    frames = run_session.frames(run, image)
    steps = run_session.steps_of(frames)
    step = st.session_state.get(STEP)
    if step not in steps:
        step = steps[-1] if steps else 0
    training_view(
        frames,
        key="training_film",
        chart="training_curve",
        curve=figures.curve(run),
        last_step=run.events.last_step,
        selected=step,
        on_select=select,
    )
    if not frames:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**The network at step {step:,}**", width="content")
        if st.button("Use this model", help="On the draw page and in the labs."):
            run_session.use(run, step)
            st.rerun()  # the whole page: the picker at its top too
        other = st.selectbox(
            "Compare with step",
            [None, *steps],
            format_func=lambda s: "compare with…" if s is None else f"with step {s:,}",
            key=COMPARE,
            width=170,
            label_visibility="collapsed",
        )
    if other is None:
        network_view(trace(run_session.snapshot(run, step).model, image), key="training_network")
        run_sections.what_changed(run, step)
        return
    for side, (column, shown) in enumerate(zip(st.columns(2), (step, other), strict=True)):
        with column:
            network_view(
                trace(run_session.snapshot(run, shown).model, image),
                key=f"training_network_{side}",
                title=f"step {shown:,}",
            )


page.header()
run_session.warm_worker()
run = run_session.current()
every = 0.4 if run is not None and run.status in ACTIVE else None
left, right = page.rail_and_stage()
with left:
    preset = training_settings.preset_picker()
    # Above the settings, which are long: it's in sight whatever is set.
    place = st.container()
    config = run_sections.checked(
        lambda: training_settings.settings_of(preset, expanded=every is None)
    )
    if config is not None and config.dataset == "mnist" and not data.available():
        with place:
            run_sections.offer_mnist()
    elif place.button("Start", type="primary", width="stretch", disabled=config is None) and config:
        run_session.start(config)
        select(None)
        st.rerun()
    st.fragment(rail, run_every=every)(run.status if run is not None else None)
    run_sections.pick_run(run)
with right:
    drawn = figures.curve(run) if run is not None and run.config is not None else None
    st.fragment(stage, run_every=every)(drawn)
    run_sections.below(run)
    if problem := run and runs_queue.queue().problems.get(run.name):
        st.error(problem)
