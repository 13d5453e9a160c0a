from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.ui import link, linked, page
from cnnviz.ui.addresses import LESSONS
from cnnviz.ui.lessons import checking, kept, listing

link.take(LESSONS)
page.header(presents=True)
with st.container(key="lessons", width=860):
    faults = listing.faults()
    if not faults:
        kept.hear()
    listing.title()
    linked.note(LESSONS)
    listing.stop_at(faults)
    notes = listing.settings()
    listing.lessons(notes)
    checking.check_yourself()
    checking.usability()
    kept.tell()
