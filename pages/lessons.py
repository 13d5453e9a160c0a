from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.ui import link, linked, page
from cnnviz.ui.addresses import LESSONS
from cnnviz.ui.lessons import checking, listing

link.take(LESSONS)
page.header()
with st.container(key="lessons", width=860):
    st.title("Lessons")
    st.markdown(
        "**Start** with the first, or with any: ten lessons of at most five minutes, from one row "
        "of numbers to a trained network. Each leads through the app itself, and asks before it "
        "shows. What you had comes back when you leave."
    )
    linked.note(LESSONS)
    notes = listing.settings()
    listing.stop_at_a_fault()
    listing.lessons(notes)
    checking.check_yourself()
    checking.usability()
