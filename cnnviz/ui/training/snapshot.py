"""The snapshot under the scrubber in words: as high at every step, so that nothing below moves."""

import streamlit as st

from cnnviz.runs.history import Run
from cnnviz.spelling import percent
from cnnviz.ui.training import session

_PLACE = "<span style='display:inline-block;min-width:{width}ch'>{words}</span>"
"""Of so many characters, whatever is in it."""

_SINCE = "weights moved since step 000,000:"
_SHARE = "0000.0 %"


def moved(run: Run, step: int, layers: list[str]) -> None:
    """How far the weights of `layers` moved since the snapshot before; a place a layer.

    Those of whom nothing can be said have a dash.
    """
    since, shares = session.changes(run, step) or (None, {})
    words = "as it was drawn at random" if step == 0 else ""
    if shares:
        words = f"weights moved since step {since:,}:"
    places = [_PLACE.format(width=len(_SINCE), words=words or "–")]
    for layer in layers:
        share = percent(shares[layer]) if layer in shares else "–"
        width = len(layer) + len(_SHARE) + 2
        places.append(_PLACE.format(width=width, words=f"{layer} {share}"))
    st.caption(" ".join(places), unsafe_allow_html=True)
