"""*Check yourself*, and the ten statements on how the app is to use."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import streamlit as st

from cnnviz.lessons import check, reading
from cnnviz.lessons.lesson import BankQuestion
from cnnviz.spelling import short
from cnnviz.ui.escaping import escaped
from cnnviz.ui.lessons import playing
from cnnviz.ui.tables import download_csv

_SHEETS = "check_sheets"


def check_yourself() -> None:
    """Twelve questions, one at a time, before the course or after it."""
    bank = reading.bank()
    if _SHEETS not in st.session_state:
        before, after = check.two_sheets(bank, secrets.randbelow(2**31))
        st.session_state[_SHEETS] = dict(zip(check.TIMES, (before, after), strict=True))
    sheets: dict[str, check.Sheet] = st.session_state[_SHEETS]
    st.header("Check yourself", anchor=False)
    st.markdown(
        f"{check.QUESTIONS} questions before the course and {check.QUESTIONS} alike after it, with "
        "numbers of your own. They stay in this session of the app, and go when it ends."
    )
    time = st.segmented_control(
        "When", check.TIMES, default="before", key="check_time", required=True
    )
    assert time is not None
    sheet = sheets[time]
    left = [place for place in range(check.QUESTIONS) if place not in sheet.answers]
    if left:
        _question(time, sheet, left[0], bank)
    else:
        _result(sheet, bank)
    with st.container(horizontal=True, gap="small"):
        download_csv(
            lambda: check.as_csv(sheets, bank),
            "check-yourself",
            "What was asked, answered, and whether it was right.",
            key="check_csv",
        )
        st.button("Erase", key="check_erase", on_click=_erase)


def _erase() -> None:
    st.session_state.pop(_SHEETS, None)


def _question(time: str, sheet: check.Sheet, place: int, bank: Sequence[BankQuestion]) -> None:
    asked = check.asked_at(sheet, bank, place)
    st.markdown(f"**{place + 1} of {check.QUESTIONS}.** {escaped(asked.text)}")
    with st.form(f"check_{time}_{place}", border=False):
        if asked.choices:
            given = st.radio(
                "Answer",
                range(len(asked.choices)),
                index=None,
                format_func=asked.choices.__getitem__,
                label_visibility="collapsed",
            )
        else:
            given = st.number_input(
                "Answer", value=None, step=None, format="%g", label_visibility="collapsed"
            )
        if st.form_submit_button("Answer"):
            if given is None:
                st.warning("Answer first: choose one, or type a number.")
            else:
                sheets = st.session_state[_SHEETS]
                sheets[time] = sheet.answered(place, float(given))
                st.rerun()


def _result(sheet: check.Sheet, bank: Sequence[BankQuestion]) -> None:
    questions = check.asked(sheet, bank)
    right = [asked.right(sheet.answers[place]) for place, asked in enumerate(questions)]
    st.markdown(f"**{sum(right)} of {check.QUESTIONS} right.**")
    titles = reading.course(playing.language())
    for place, asked in enumerate(questions):
        given = sheet.answers[place]
        question = bank[sheet.numbers[place]]
        if right[place]:
            st.markdown(f":material/check: {escaped(asked.text)} {escaped(asked.why)}")
            continue
        st.markdown(f":material/close: {escaped(asked.text)} **{escaped(asked.reason(given))}**")
        st.button(
            f"Again: {titles[question.lesson].title}",
            key=f"check_again_{sheet.seed}_{place}",
            on_click=playing.begin,
            args=(question.lesson, question.at - 1),
            type="tertiary",
        )


def usability() -> None:
    """The System Usability Scale, for whoever likes to."""
    with st.expander("How was it to use? Ten statements (optional)"):
        st.caption(
            "The System Usability Scale (John Brooke, 1996). 1 is “I don't agree at all”, 5 is “I "
            "agree wholly”. Nothing is sent anywhere."
        )
        ratings = [
            st.segmented_control(
                f"{number}. {statement}", range(check.LEAST, check.MOST + 1), key=f"sus_{number}"
            )
            for number, statement in enumerate(check.STATEMENTS, 1)
        ]
        rated = [rating for rating in ratings if rating is not None]
        if len(rated) == len(ratings):
            st.markdown(f"**{short(check.usability(rated), 4)} of 100.** 68 is the usual middle.")
        else:
            st.caption(f"{len(ratings) - len(rated)} to go.")
