"""The course as a list: what each lesson is about, its start, and a teacher's notes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.components.step_links import step_links
from cnnviz.lessons.files import LANGUAGES
from cnnviz.lessons.lesson import Lesson
from cnnviz.lessons.reading import bank, course, own_lessons
from cnnviz.lessons.sheet import sheet
from cnnviz.lessons.words import WORDS, Words
from cnnviz.ui.lesson import LANGUAGE
from cnnviz.ui.lessons import kept, playing

SEED_OF_SHEETS = 1


def title() -> None:
    """What the page is about."""
    words = WORDS[playing.language()]
    st.title(words.title)
    st.markdown(words.about)


def settings() -> bool:
    """The language, and whether the teacher's notes are shown."""
    with st.container(
        horizontal=True, gap="medium", vertical_alignment="center", key="lesson_settings"
    ):
        chosen = st.segmented_control(
            "Language",
            list(LANGUAGES),
            default=playing.language(),
            format_func=LANGUAGES.__getitem__,
            key="lesson_language_field",
            required=True,
            label_visibility="collapsed",
        )
        if chosen != playing.language():
            st.session_state[LANGUAGE] = chosen
            kept.change(replace(kept.current(), language=chosen))
            st.rerun()  # the page above is in the other language
        words = WORDS[chosen]
        return st.toggle(
            words.teacher,
            key="lesson_notes",
            persist_state="session",
            help=words.teacher_help,
        )


def faults() -> list[str]:
    """What is wrong with a lesson's file or the questions', a line each: without all of them there
    is no course."""
    try:
        course(playing.language())
        bank(playing.language())
    except ValueError as error:
        return str(error).splitlines()
    return []


def stop_at(faults: list[str]) -> None:
    """Say them, if there are any, and stop."""
    if faults:
        st.error("\n\n".join(map(escaped, faults)))
        st.stop()


def lessons(notes: bool) -> None:
    """All lessons, a row each."""
    played, words = kept.current().played, WORDS[playing.language()]
    for number, (name, lesson) in enumerate(course(playing.language()).items(), 1):
        with st.container(key=f"lesson_{number}", gap="xsmall"):
            # The buttons first: they stand under one another, however long a title is.
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", wrap=False
            ):
                st.button(
                    words.start,
                    key=f"lesson_start_{name}",
                    on_click=playing.begin,
                    args=(name,),
                    help=words.start_that.format(escaped(lesson.title)),
                )
                tick = " :material/check:" if name in played else ""
                st.markdown(f"**{number} · {escaped(lesson.title)}**{tick}")
            st.caption(f"{words.minutes.format(lesson.minutes)} · {escaped(lesson.about)}")
            if notes:
                _notes(name, lesson, words)

    if faults := own_lessons(playing.language())[1]:
        st.warning("\n\n".join(map(escaped, faults)))


def _notes(name: str, lesson: Lesson, words: Words) -> None:
    told = lesson.notes
    likely = "\n".join(f"- {escaped(each)}" for each in told.likely)
    st.markdown(
        f"**{words.aim}** {escaped(told.aim)}\n\n**{words.likely}**\n{likely}\n\n"
        f"**{words.room}** {escaped(told.room)}"
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, answers in ((words.sheet, False), (words.sheet_with_answers, True)):
            st.download_button(
                label,
                lambda answers=answers: sheet(lesson, SEED_OF_SHEETS, answers),
                f"{name}{'-answers' if answers else ''}.html",
                "text/html",
                on_click="ignore",
                key=f"lesson_sheet_{name}_{answers}",
            )
        steps = [
            words.step.format(number, words.kinds[step.kind])
            for number, step in enumerate(lesson.steps, 1)
        ]
        step_links(
            name,
            steps,
            language=playing.language(),
            label=words.link_to.format(lesson.title),
            key=f"lesson_links_{name}",
        )
