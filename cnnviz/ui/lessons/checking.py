"""*Check yourself*, and the ten statements on how the app is to use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.lessons import check, reading
from cnnviz.lessons.answers import number_in
from cnnviz.lessons.expressions import spelled
from cnnviz.lessons.files import SPELLINGS
from cnnviz.lessons.lesson import BankQuestion
from cnnviz.lessons.words import WORDS, Words
from cnnviz.ui.lessons import kept, playing
from cnnviz.ui.tables import download_csv


def check_yourself() -> None:
    """Twelve questions, one at a time, before the course or after it."""
    language = playing.language()
    words, bank = WORDS[language], reading.bank(language)
    record = kept.current()
    st.header(words.check, anchor=False)
    about = words.check_about.format(check.QUESTIONS)
    where = words.stays if kept.stays() else words.stays_not
    st.markdown(f"{about} {where}")
    kept.note()
    time = st.segmented_control(
        words.when,
        check.TIMES,
        default="before",
        format_func=words.times.__getitem__,
        key="check_time",
        required=True,
    )
    assert time is not None
    if not kept.is_known():
        st.caption(words.looking)
        return
    sheet = record.sheets[time]
    left = [place for place in range(check.QUESTIONS) if place not in sheet.answers]
    if left:
        _question(time, sheet, left[0], bank, words)
    else:
        _result(sheet, bank, words)
    with st.container(horizontal=True, gap="small"):
        download_csv(
            lambda: check.as_csv(record.sheets, bank, record.ratings),
            "check-yourself",
            words.table_help,
            key="check_csv",
        )
        # By another key once it has erased: it closes then.
        with st.popover(words.erase, key=f"check_erase_{record.seed}"):
            st.markdown(words.erase_sure)
            st.button(words.erase_it, key="check_erase", on_click=kept.erase)


def _question(
    time: str, sheet: check.Sheet, place: int, bank: Sequence[BankQuestion], words: Words
) -> None:
    asked = check.asked_at(sheet, bank, place)
    of = words.place.format(place + 1, check.QUESTIONS)
    st.markdown(f"**{of}** {escaped(asked.text)}")
    # By the seed, too: what was typed for a question of another record is no answer to this one.
    with st.form(f"check_{sheet.seed}_{place}", border=False):
        if asked.choices:
            given = st.radio(
                words.answer,
                range(len(asked.choices)),
                index=None,
                format_func=lambda place: escaped(asked.choices[place]),
                label_visibility="collapsed",
            )
        else:
            # Not a field of Streamlit's for numbers: Chromium reads 0,5 as 5 there, in German too.
            typed = st.text_input(words.answer, max_chars=40, label_visibility="collapsed")
            given = number_in(typed, playing.language())
        if st.form_submit_button(words.answer):
            if given is None:
                st.warning(words.answer_first)
            else:
                kept.change(kept.current().answered(time, place, float(given)))
                st.rerun()


def _result(sheet: check.Sheet, bank: Sequence[BankQuestion], words: Words) -> None:
    questions = check.asked(sheet, bank)
    right = [asked.right(sheet.answers[place]) for place, asked in enumerate(questions)]
    st.markdown(f"**{words.right.format(sum(right), check.QUESTIONS)}**")
    titles = reading.course(playing.language())
    for place, asked in enumerate(questions):
        given = sheet.answers[place]
        question = bank[sheet.numbers[place]]
        if right[place]:
            st.markdown(f":material/check: {escaped(asked.text)} {escaped(asked.why)}")
            continue
        st.markdown(f":material/close: {escaped(asked.text)} **{escaped(asked.reason(given))}**")
        st.button(
            words.again.format(escaped(titles[question.lesson].title), question.at),
            key=f"check_again_{sheet.seed}_{place}",
            on_click=playing.begin,
            args=(question.lesson, question.at - 1),
            type="tertiary",
        )


def usability() -> None:
    """The System Usability Scale, for whoever likes to."""
    words, record = WORDS[playing.language()], kept.current()
    with st.expander(words.use):
        st.caption(words.use_about)
        rated: dict[int, int] = {}
        for number, statement in enumerate(words.statements, 1):
            key = kept.rating_key(number)
            st.session_state.setdefault(key, record.ratings.get(number))
            rating = st.segmented_control(
                f"{number}. {statement}", range(check.LEAST, check.MOST + 1), key=key
            )
            if rating is not None:
                rated[number] = rating
        if rated != record.ratings:
            kept.change(replace(record, ratings=rated))
        left = len(words.statements) - len(rated)
        if left:
            st.caption(words.to_go.format(left))
        else:
            score = check.usability(list(rated.values()))
            st.markdown(words.score.format(spelled(score, spelling=SPELLINGS[playing.language()])))
