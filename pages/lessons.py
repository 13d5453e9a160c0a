from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.ui import link, linked, page
from cnnviz.ui.addresses import LESSONS
from cnnviz.ui.lessons import checking, listing, playing

link.take(LESSONS)
page.header()
if (name := st.session_state[f"{LESSONS.page}_lesson"]) and not playing.current():
    st.session_state[f"{LESSONS.page}_lesson"] = ""  # a link begins a lesson once
    playing.begin(name, int(st.session_state[f"{LESSONS.page}_step"]) - 1)
    st.rerun()
with st.container(key="lessons", width=860):
    st.title("Lessons")
    st.markdown(
        "Ten lessons of at most five minutes, from one row of numbers to a trained network. Each "
        "leads through the app itself, and asks before it shows. What you had comes back when you "
        "leave."
    )
    linked.note(LESSONS)
    notes = listing.settings()
    listing.lessons(notes)
    checking.check_yourself()
    checking.usability()
