from functools import partial

from cnnviz.components.escaping import escaped
from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components import later, theme
from cnnviz.components.signal_view import Edit, signal_view
from cnnviz.export import lab_page
from cnnviz.labs import convolution_1d, signals
from cnnviz.labs.convolution_1d import Mode, Operation, Sliding
from cnnviz.ui import addresses, lesson, link, linked, page
from cnnviz.ui import convolution_1d as sections
from cnnviz.ui.fields.number_list import change, number_list
from cnnviz.ui.fields.one_of import segments
from cnnviz.ui.one_page import save_lab_as_one_page
from cnnviz.views.signal import signal_message

TABLE = addresses.CONVOLUTION_1D
NAME = TABLE.page
POSITION = "conv1d_position"
VIDEO = "https://www.youtube.com/watch?v=KuXjwB4LzSA"
link.take(TABLE)
page.header()
rail, stage = page.rail_and_stage()
colours = theme.current()


def edited(edit: Edit) -> None:
    for key, changes in (("signal", edit.signal), ("filter", edit.filter)):
        if changes:
            change(key, changes)


def moved(position: int) -> None:
    st.query_params["at"] = st.session_state[POSITION] = str(position)


with rail:
    page.lab_title(
        "1D convolution",
        "A filter slides along a signal; at each place their products add up to one number of "
        "the result. **Drag a stem** up or down, and play.",
    )
    signal = number_list(
        "Signal", signals.SIGNALS, signals.MAX_SAMPLES, key="signal", default="article"
    )
    kernel = number_list(
        "Filter", signals.FILTERS, signals.MAX_TAPS, key="filter", default="difference"
    )
    flip = st.toggle("Flip the filter first", True, key="flip", bind="query-params")
    st.caption(
        "Flipped: this is **convolution**. PyTorch's Conv layers don't flip."
        if flip
        else "Not flipped: this is **cross-correlation**, what PyTorch's Conv layers compute."
    )
    mode: Mode = segments(
        TABLE,
        "mode",
        "Mode",
        help="full: every overlap; same: as many results as samples; "
        "valid: only where the filter lies wholly inside.",
    )
    with st.container(horizontal=True, gap="small"):
        stride = st.number_input(
            "Stride", 1, convolution_1d.MAX_STEP, key="hop", bind="query-params", width=132
        )
        dilation = st.number_input(
            "Dilation", 1, convolution_1d.MAX_STEP, key="gap", bind="query-params", width=132
        )
    predict = st.toggle(
        "Predict, then reveal",
        key="predict",
        bind="query-params",
        help="Hides the results to come: say what's next, then look.",
    )

with stage:
    try:
        sliding = Sliding(mode, stride, dilation)
        sliding.check(len(signal.tokens), len(kernel.tokens))
        st.session_state["conv1d_good"] = sliding
    except ValueError as error:
        st.error(f"{escaped(error)}. Shown is still the last setting that worked.")
        sliding = st.session_state.get("conv1d_good", Sliding())
        if sliding.mode == "valid":  # it worked for the signal or the filter of before
            sliding = Sliding("full", sliding.stride, sliding.dilation)
    f, h = signal.values, kernel.values
    convolved = convolution_1d.convolve(f, h, sliding)
    correlated = convolution_1d.cross_correlate(f, h, sliding)
    # Another page drops it from the address, the session keeps it.
    at = st.query_params.get("at") or st.session_state.get(POSITION, "")
    position = TABLE.rows["at"].parse(at) if at else None
    if position is not None and position >= len(convolved):
        position = None
        link.refuse(NAME, "at", f"must be from 0 to {len(convolved) - 1}")
    linked.note(TABLE)
    if not h.any():
        st.info(
            "Filter: every tap is 0, so every result is 0. Set one to 1 to let the signal through."
        )
    sentence = ""
    if convolution_1d.is_symmetric(h):
        sentence = "Equal: this filter is symmetric, so flipping it changes nothing."
    elif (convolved == correlated).all():
        sentence = "Equal for this signal, though the filter isn't symmetric."
    elif not flip:
        sentence = (
            "Not equal: this filter isn't symmetric, so it matters which of its ends comes first. "
            "A network learns its filters, so it may do without the flip."
        )
    with st.container(key="lab_picture"):
        signal_view(
            signal,
            kernel,
            sliding,
            convolved if flip else correlated,
            key="conv1d_view",
            other=None if flip else convolved,
            predict=predict,
            position=position,
            sentence="" if predict or flip else sentence,
            on_edit=edited,
            on_move=moved,
        )

lesson.told(
    NAME,
    lambda: {
        "line.signal": f.tolist(),
        "line.filter": h.tolist(),
        "line.flip": flip,
        "line.mode": mode,
        "line.stride": stride,
        "line.dilation": dilation,
        "line.results": (convolved if flip else correlated).tolist(),
        "line.position": -1 if position is None else position,
    },
)
if not later.painted(NAME):
    st.stop()

with rail:
    operation: Operation = "convolution" if flip else "cross-correlation"
    library = segments(TABLE, "code", "The same in code")
    write = convolution_1d.numpy_code if library == "NumPy" else convolution_1d.pytorch_code
    code = write(operation, signal.tokens, kernel.tokens, sliding)
    st.code(code, wrap_lines=True, height=200 if len(code) > 800 else "content")

later.heading(NAME, "Filtering and Green's functions")
# What somebody is about to predict would stand in these pictures.
sections.impulses_add_up(f, h, colours, hidden=predict)
sections.heat_in_a_rod(colours)
sections.what_passes(f, h, colours, hidden=predict)
st.caption(
    "The opening example and the order of ideas are those of the article *Convolutional Neural "
    f"Networks*. It recommends 3Blue1Brown's video [But what is a convolution?]({VIDEO})"
)
save_lab_as_one_page(
    "convolution_1d",
    partial(
        lab_page.signal_page,
        signal_message(
            signal,
            kernel,
            sliding,
            convolved if flip else correlated,
            other=None if flip else convolved,
            predict=predict,
            position=position,
            sentence="" if predict or flip else sentence,
        ),
    ),
)
