"""The 1D lab's second half: impulses that add up, heat in a rod, and what a filter lets through."""

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components import later
from cnnviz.components.live_slider import live_slider
from cnnviz.figures import signals as figures
from cnnviz.labs import heat, signals, spectrum
from cnnviz.palette import Theme
from cnnviz.spelling import fixed, short
from cnnviz.ui import lesson, link
from cnnviz.ui.addresses import CONVOLUTION_1D as TABLE
from cnnviz.ui.addresses import PASSES
from cnnviz.ui.fields.one_of import pills
from cnnviz.ui.fragments import fragment
from cnnviz.ui.places import place

Values = NDArray[np.float64]

RAIL_AND_STAGE = (280, 1070)


def impulses_add_up(signal: Values, kernel: Values, colours: Theme, *, hidden: bool) -> None:
    """That a `signal` (samples,) is a sum of impulses, and its result one of their responses.

    Their sum is `hidden` while somebody is to predict it.
    """
    words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
    with words:
        st.subheader("Impulses add up")
        st.markdown(
            "Send one unit impulse through, and the filter itself comes out: it is the **impulse "
            "response**. Any signal is a row of impulses; each leaves its own response, shifted "
            "and scaled, and they add up to the convolution. Physics calls the response to a point "
            "a **Green's function**."
        )
        _chart("impulse_response", lambda: figures.impulse_response(kernel, colours))
    with picture:
        if hidden:
            _hidden()
            return
        _chart("superposition", lambda: figures.superposition(signal, kernel, colours))


@fragment
def heat_in_a_rod(colours: Theme) -> None:
    """Temperature as a convolution with a Gaussian, beside a solution that knows none."""
    words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
    with words:
        st.subheader("Heat in a rod")
        rod = pills(TABLE, "rod", "At the start", wrap=True)
        time = live_slider(
            "Time t", 0.0, heat.LONGEST, 0.1, key=f"{TABLE.page}_time", digits=1, unit=" s"
        )
        link.keep(TABLE, "time", time)
        lesson.told("conv1d_rod", lambda: {"line.time": time})
        state = heat.cool(heat.RODS[rod], time)
        # While time is dragged the numbers change, and no line may break elsewhere.
        width, error = place(fixed(state.width, 1), 4), place(short(state.error, 2), 7)
        st.markdown(
            f"One point of heat spreads into a Gaussian of width √(2Dt) = **{width}\u00a0mm** "
            f"(iron: D = {short(heat.DIFFUSIVITY)} mm²/s). So the temperature at time t is the "
            "start ∗ that Gaussian. Finite differences, which know no Gaussian, agree to "
            f"**{error}\u00a0°C**.",
            unsafe_allow_html=True,
        )
        _chart("heat_kernel", lambda: figures.heat_kernel(state.width, colours))
    with picture:
        _chart("cooling", lambda: figures.cooling(state, colours))


@fragment
def what_passes(signal: Values, kernel: Values, colours: Theme, *, hidden: bool) -> None:
    """A `signal` (samples,) and its spectrum, before and after a filter `kernel` (taps,).

    Where that is the result which somebody is to predict, it is `hidden`.
    """
    words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
    tones, filters = signals.SIGNALS["two tones"].values, signals.FILTERS
    pairs = (
        (tones, filters["average"].values),
        (tones, filters["2nd derivative"].values),
        (signal, kernel),
    )
    with words:
        st.subheader("What a filter lets through")
        which = pills(TABLE, "passes", "Filter and signal", wrap=True)
        shown, taps = dict(zip(PASSES, pairs, strict=True))[which]
        st.markdown(
            f"This filter is **{spectrum.kind(taps)}**. An average blurs: slow waves stay, fast "
            "ones go. A difference does the opposite. Convolution **multiplies** spectra: at each "
            "frequency, after = before × gain."
        )
    with picture:
        if hidden and which == PASSES[-1]:
            _hidden()
            return
        _chart("filtering", lambda: figures.filtering(shown, taps, colours))


def _chart(name: str, draw: Callable[[], go.Figure]) -> None:
    height, config = figures.HEIGHTS[name], {"displayModeBar": False}
    later.chart(TABLE.page, draw, height, key=name, config=config)


def _hidden() -> None:
    st.info("The result would stand here. It is back once *Predict, then reveal* is off.")
