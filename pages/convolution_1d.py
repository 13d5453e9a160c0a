from typing import cast

import streamlit as st

from cnnviz import convolution, heat, signals, spectrum
from cnnviz.components import link, page
from cnnviz.components.number_list import change, number_list
from cnnviz.components.signal_view import Edit, signal_view
from cnnviz.convolution import Mode, Operation, Sliding
from cnnviz.figures import signals as figures

NAME = "conv1d"
VIDEO = "https://www.youtube.com/watch?v=KuXjwB4LzSA"
PLAIN = {"displayModeBar": False}
RAIL_AND_STAGE = (280, 1070)
link.asked(NAME)
page.header()
rail, stage = page.rail_and_stage()
colours = figures.DARK if st.context.theme.type == "dark" else figures.LIGHT


def edited(edit: Edit) -> None:
    for key, changes in (("signal", edit.signal), ("filter", edit.filter)):
        if changes:
            change(key, changes)


def moved(position: int) -> None:
    st.query_params["at"] = str(position)


with rail:
    st.title("1D convolution")
    signal = number_list(
        "Signal", signals.SIGNALS, signals.MAX_SAMPLES, key="signal", default="article"
    )
    kernel = number_list(
        "Filter", signals.FILTERS, signals.MAX_TAPS, key="filter", default="difference"
    )
    flip = st.toggle("Flip: convolution", True, key="flip", bind="query-params")
    st.caption("Without the flip it is **cross-correlation**, what PyTorch's Conv layers compute.")
    mode = st.segmented_control(
        "Mode",
        convolution.MODES,
        default=convolution.MODES[0],
        required=True,
        key="mode",
        bind="query-params",
        help="full: every overlap; same: as many results as samples; "
        "valid: only where the filter lies wholly inside.",
    )
    with st.container(horizontal=True, gap="small"):
        stride = st.number_input(
            "Stride", 1, convolution.MAX_STEP, key="hop", bind="query-params", width=132
        )
        dilation = st.number_input(
            "Dilation", 1, convolution.MAX_STEP, key="gap", bind="query-params", width=132
        )
    predict = st.toggle(
        "Predict, then reveal",
        key="predict",
        bind="query-params",
        help="Hides the results to come: say what's next, then look.",
    )

with stage:
    try:
        sliding = Sliding(cast(Mode, mode), stride, dilation)
        sliding.kept(len(signal.tokens), len(kernel.tokens))
        st.session_state["conv1d_good"] = sliding
    except ValueError as error:
        st.error(f"{error}. Shown is still the last setting that worked.")
        sliding = st.session_state.get("conv1d_good", Sliding())
        if sliding.mode == "valid":  # it worked for the signal or the filter of before
            sliding = Sliding("full", sliding.stride, sliding.dilation)
    f, h = signal.values, kernel.values
    convolved = convolution.convolve(f, h, sliding)
    correlated = convolution.cross_correlate(f, h, sliding)
    at = st.query_params.get("at", "")
    # Python's int would take other scripts' digits and 1_0, too.
    position = int(at) if at.isascii() and at.isdigit() and int(at) < len(convolved) else None
    link.unusable(
        NAME,
        {
            **{"signal": st.session_state["signal"], "filter": st.session_state["filter"]},
            **{"flip": flip, "mode": mode, "hop": stride, "gap": dilation, "predict": predict},
            "at": "" if position is None else position,
        },
    )
    if not h.any():
        st.info("Filter: every tap is 0, so every result is 0. Set one to 1 to let the signal by.")
    sentence = ""
    if convolution.is_symmetric(h):
        sentence = "Equal: this filter is symmetric, so flipping it changes nothing."
    elif (convolved == correlated).all():
        sentence = "Equal for this signal, though the filter isn't symmetric."
    elif not flip:
        sentence = (
            "Not equal: this filter isn't symmetric, so it matters which of its ends comes first. "
            "A network learns its filters, so it may do without the flip."
        )
    signal_view(
        signal,
        kernel,
        sliding,
        convolved if flip else correlated,
        key="conv1d_view",
        flip=flip,
        other=None if flip else convolved,
        predict=predict,
        position=position,
        sentence="" if predict or flip else sentence,
        on_edit=edited,
        on_move=moved,
    )

with rail:
    operation: Operation = "convolution" if flip else "cross-correlation"
    library = st.segmented_control(
        "The same in code", ("NumPy", "PyTorch"), default="NumPy", required=True
    )
    write = convolution.numpy_code if library == "NumPy" else convolution.pytorch_code
    code = write(operation, signal.tokens, kernel.tokens, sliding)
    st.code(code, wrap_lines=True, height=200 if len(code) > 800 else "content")

st.header("Filtering and Green's functions")
words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
with words:
    st.subheader("Impulses add up")
    st.markdown(
        "Send one unit impulse through, and the filter itself comes out: it is the **impulse "
        "response**. Any signal is a row of impulses; each leaves its own response, shifted and "
        "scaled, and they add up to the convolution. Physics calls the response to a point a "
        "**Green's function**."
    )
    st.plotly_chart(figures.impulse_response(h, colours), config=PLAIN, key="impulse_response")
with picture:
    st.plotly_chart(figures.superposition(f, h, colours), config=PLAIN, key="superposition")


@st.fragment
def heat_in_a_rod() -> None:
    words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
    with words:
        st.subheader("Heat in a rod")
        rod = st.pills(
            "At the start", list(heat.RODS), default="hot spot", required=True, key="rod", wrap=True
        )
        time = st.slider("Time t", 0.0, heat.LONGEST, 2.0, 0.1, format="%.1f s", key="time")
        state = heat.cool(heat.RODS[rod], time)
        st.markdown(
            f"One point of heat spreads into a Gaussian of width √(2Dt) = **{state.width:.1f} mm** "
            f"(iron: D = {heat.DIFFUSIVITY:g} mm²/s). So the temperature at time t is the start ∗ "
            "that Gaussian. Finite differences, which know no Gaussian, agree to "
            f"**{state.error:.2g} °C**."
        )
        st.plotly_chart(figures.heat_kernel(state.width, colours), config=PLAIN, key="heat_kernel")
    with picture:
        st.plotly_chart(figures.cooling(state, colours), config=PLAIN, key="cooling")


@st.fragment
def what_passes() -> None:
    words, picture = st.columns(RAIL_AND_STAGE, gap="medium")
    chosen = {
        "low-pass": (signals.SIGNALS["two tones"].values, signals.FILTERS["average"].values),
        "high-pass": (
            signals.SIGNALS["two tones"].values,
            signals.FILTERS["2nd derivative"].values,
        ),
        "the ones above": (f, h),
    }
    with words:
        st.subheader("What a filter lets through")
        which = st.pills(
            "Filter and signal",
            list(chosen),
            default="low-pass",
            required=True,
            key="passes",
            wrap=True,
        )
        shown, taps = chosen[which]
        st.markdown(
            f"This filter is **{spectrum.kind(taps)}**. An average blurs: slow waves stay, fast "
            "ones go. A difference does the opposite. Convolution **multiplies** spectra: at each "
            "frequency, after = before × gain."
        )
    with picture:
        st.plotly_chart(figures.filtering(shown, taps, colours), config=PLAIN, key="filtering")


heat_in_a_rod()
what_passes()
st.caption(
    "The opening example and the order of ideas are those of the article that this app follows. "
    f"It recommends 3Blue1Brown's video [But what is a convolution?]({VIDEO})"
)
