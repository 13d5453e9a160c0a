from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components.choices import choices
from cnnviz.components.escaping import escaped
from cnnviz.ui import glossary, link, linked, page, person
from cnnviz.ui.addresses import HALVES, TEACH
from cnnviz.ui.fragments import polled
from cnnviz.ui.teaching import collecting, desk, keeping, results, training, trying
from cnnviz.ui.training import session

DOING = "teach_doing"
TEACHING, TRYING = HALVES
TITLES = {TEACHING: "Teach it", TRYING: "Try it"}


def choose(place: int) -> None:
    st.session_state[DOING] = HALVES[place]


def try_it() -> None:
    st.session_state[DOING] = TRYING


def head(shown: str) -> None:
    """The page's name and its two halves, of which `shown` is in view."""
    st.title("Teach")
    choices(
        "To do", list(TITLES.values()), HALVES.index(shown), key="teach_halves", on_choose=choose
    )
    if st.session_state[DOING] != shown:
        st.rerun()


def look_again_if_changed(status: str | None) -> None:
    """Draws the whole page anew when the run has begun, or ended."""
    run = desk.run(desk.current())
    if run is not None and run.status != status:
        st.rerun()


def going(status: str | None) -> None:
    run = desk.run(desk.current())
    if run is not None:
        training.going(run)
    look_again_if_changed(status)


def learning() -> None:
    here = desk.current()
    run = desk.run(here)
    if run is not None:
        training.film(here, run)


def teach() -> None:
    here = desk.current()
    run = desk.run(here)
    status = run.status if run is not None else None
    every = 0.35 if run is not None and run.active else None
    rail, stage = page.rail_and_stage()
    with rail:
        head(TEACHING)
        glossary.words(
            "**Draw** each of your symbols a dozen times or more: lift the pen for a second"
            "<span class='by-keyboard'>, or press Enter,</span> and it is kept. Then train a "
            "network on them."
        )
        collecting.pad(here)
        training.button(here, run)
        with st.container(horizontal=True, gap="xsmall", key="teach_sources"):
            collecting.pictures(here)
            keeping.keeping(here)
        training.options(here)
        if here.problem:
            st.error(escaped(here.problem))
        # At the end: it comes and goes, and nothing is to move for it.
        polled(going, every)(status)
    with stage:
        linked.note(TEACH)
        collecting.rows(here)
        if here.kept.taught is not None or run is not None:
            waits = every is not None or here.kept.taught is None
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Try it", type="primary", on_click=try_it, key="teach_to_try", disabled=waits
                )
                said = None if waits else results.score(here)
                st.markdown(training.state(run) if waits else said or "")
        polled(learning, every)()
        if every is None:
            results.results(here)


@st.fragment
def trial() -> None:
    """What a stroke reruns."""
    here = desk.current()
    taught = here.kept.taught
    rail, stage = page.rail_and_stage(rail_gap="xsmall")
    with rail:
        head(TRYING)
        if taught is None:
            st.info("There is no network yet: draw your symbols under *Teach it*, and *Train*.")
            return
        ink = trying.pen(taught.network)
        trying.answer(taught.network, ink, results.score(here))
    with stage:
        linked.note(TEACH)
        trying.view(taught.network, ink)


link.take(TEACH)
page.header(trying.CANVAS)
person.meet()
session.warm_worker()
link.keep(TEACH, "doing", st.session_state[DOING])
if st.session_state[DOING] == TRYING:
    trial()
else:
    teach()
