"""The snapshot under the scrubber in words: as high at every step, so that nothing below moves."""

import streamlit as st

from cnnviz.runs.history import Run
from cnnviz.spelling import count, percent
from cnnviz.ui.places import place
from cnnviz.ui.training import session

_SINCE = "weights moved since step 000,000:"
_SHARE = "0000.0 %"


def moved(run: Run, step: int, layers: list[str]) -> None:
    """How far the weights of `layers` moved since the snapshot before; a place a layer.

    Those of whom nothing can be said have a dash.
    """
    since, shares = session.changes(run, step) or (None, {})
    words = "as it was drawn at random" if step == 0 else ""
    if since is not None and shares:
        words = f"weights moved since step {count(since)}:"
    places = [place(words or "–", len(_SINCE))]
    for layer in layers:
        share = percent(shares[layer]) if layer in shares else "–"
        places.append(place(f"{layer} {share}", len(layer) + len(_SHARE) + 2))
    st.caption(" ".join(places), unsafe_allow_html=True)
