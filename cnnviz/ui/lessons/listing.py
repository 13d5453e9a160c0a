"""The course as a list: what each lesson is about, its start, and a teacher's notes."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.files import LANGUAGES
from cnnviz.lessons.lesson import Lesson
from cnnviz.lessons.reading import bank, course
from cnnviz.lessons.sheet import sheet
from cnnviz.ui.escaping import escaped
from cnnviz.ui.lessons import playing

SEED_OF_SHEETS = 1


def settings() -> bool:
    """The language, and whether the teacher's notes are shown."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        chosen = st.segmented_control(
            "Language",
            list(LANGUAGES),
            default=playing.language(),
            format_func=LANGUAGES.__getitem__,
            key="lesson_language_field",
            required=True,
            label_visibility="collapsed",
        )
        st.session_state["lesson_language"] = chosen
        return st.toggle(
            "For the teacher",
            key="lesson_notes",
            persist_state="session",
            help="Notes to each lesson, a link to it, and a sheet to print.",
        )


def stop_at_a_fault() -> None:
    """Say what is wrong with a lesson's file or the questions', and stop: without all of them there
    is no course."""
    try:
        course(playing.language())
        bank()
    except ValueError as error:
        st.error("\n\n".join(map(escaped, str(error).splitlines())))
        st.stop()


def lessons(notes: bool) -> None:
    """All lessons, a row each."""
    played = playing.played_to_the_end()
    for number, (name, lesson) in enumerate(course(playing.language()).items(), 1):
        with st.container(key=f"lesson_{number}", gap="xsmall"):
            # The buttons first: they stand under one another, however long a title is.
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", wrap=False
            ):
                st.button(
                    "Start",
                    key=f"lesson_start_{name}",
                    on_click=playing.begin,
                    args=(name,),
                    help=f"Start “{lesson.title}”",
                )
                tick = " :material/check:" if name in played else ""
                st.markdown(f"**{number} · {lesson.title}**{tick}")
            st.caption(f"{lesson.minutes} min · {lesson.about}")
            if notes:
                _notes(name, lesson)


def _notes(name: str, lesson: Lesson) -> None:
    told = lesson.notes
    likely = "\n".join(f"- {each}" for each in told.likely)
    st.markdown(
        f"**Aim.** {told.aim}\n\n**Likely mistakes**\n{likely}\n\n**To the room.** {told.room}"
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, answers in (("Sheet to print", False), ("… with answers", True)):
            st.download_button(
                label,
                lambda answers=answers: sheet(lesson, SEED_OF_SHEETS, answers),
                f"{name}{'-answers' if answers else ''}.html",
                "text/html",
                on_click="ignore",
                key=f"lesson_sheet_{name}_{answers}",
            )
        st.caption(f"Link: `/lessons?course={name}.1`")
