import json
from dataclasses import replace

import streamlit as st
import torch

from cnnviz import checkpoints, grids, samples, shuffling, translation
from cnnviz.activations import trace
from cnnviz.appearance import RANGES, Appearance, change, curves
from cnnviz.components import link, page
from cnnviz.components.grid_editor import grid_picker
from cnnviz.components.network_view import Drag, network_view
from cnnviz.figures import robustness
from cnnviz.models import parameter_count
from cnnviz.preprocessing import prepare
from cnnviz.reading import percent

NAME = "translation"
R = translation.RADIUS
WORDS = {"rotation": "Rotation", "size": "Size", "stroke": "Stroke width", "noise": "Noise"}
START = {"rotation": 0.0, "size": 1.0, "stroke": 0.0, "noise": 0.0}
link.asked(NAME)
page.header()
rail, stage = page.rail_and_stage()


@st.cache_resource(show_spinner=False)
def shipped(name: str) -> checkpoints.Checkpoint:
    return checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors")


def move_to(dx: int, dy: int) -> None:
    st.session_state["dx"] = max(-R, min(R, dx))
    st.session_state["dy"] = max(-R, min(R, dy))


def accuracy_of(checkpoint: checkpoints.Checkpoint) -> str:
    accuracy = checkpoint.test_accuracy
    return "not known" if accuracy is None else f"{100 * accuracy:.1f} %"


def reset() -> None:
    st.session_state.update(START)
    move_to(0, 0)


with rail:
    st.title("Translation")
    st.markdown(
        "**Drag the digit** over its field. A convolution's maps go along with it; what the "
        "classifier says need not stay."
    )
    sources = [*(str(digit) for digit in range(10)), "my drawing"]
    source = st.pills(
        "Digit", sources, default="7", required=True, key="digit_at", bind="query-params"
    )
    assert source is not None
    if source == "my drawing":
        original = page.current_drawing()
        guess = int(trace(page.current_model().model, original).layers[-1].values.argmax())
        label = st.selectbox(
            "It is meant to be a", range(10), index=guess, key="label", bind="query-params"
        )
    else:
        label = int(source)
        original = prepare(samples.ink(label)).image
    dx = st.slider("Right by", -R, R, -4, format="%d px", key="dx", bind="query-params")
    dy = st.slider("Down by", -R, R, -4, format="%d px", key="dy", bind="query-params")
    st.markdown("**Beyond shifts**")
    chosen = {
        name: st.slider(
            WORDS[name],
            float(span.start),
            float(span.stop),
            START[name],
            float(span.step),
            format=f"%g{span.unit}",
            key=name,
            bind="query-params",
        )
        for name, span in RANGES.items()
    }
    st.button("Back to the middle, unchanged", on_click=reset)

appearance = Appearance(**chosen)
image = change(original, appearance)
here = translation.shift(image, dx, dy)
model = page.current_model()
middle_trace, here_trace = trace(model.model, image), trace(model.model, here)
answers_middle, answers_here = middle_trace.probabilities, here_trace.probabilities
assert answers_middle is not None
assert answers_here is not None

with stage:
    link.unusable(
        NAME,
        {
            **{"digit_at": source, "dx": dx, "dy": dy, **chosen},
            "label": label if source == "my drawing" else link.asked(NAME).get("label", ""),
        },
    )
    if source == "my drawing" and not bool(original.any()):
        st.info("Your drawing is empty. Draw a digit on the Draw page, or pick one at the left.")
    st.header(f"The {label}, {translation.in_words(dx, dy)}", anchor=False)
    network_view(
        here_trace,
        key="translation",
        drag=Drag(image[0], (dx, dy), R),
        on_drag=move_to,
        linked=True,
    )

    st.header("The same digit in two places", anchor=False)
    if middle_trace.layers[0].values.ndim == 3:
        columns = st.columns(2, gap="medium")
        for column, words, steps in zip(
            columns, ("In the middle", "Moved"), (middle_trace, here_trace), strict=True
        ):
            with column:
                first = replace(steps, layers=steps.layers[:1], logits=None, probabilities=None)
                network_view(first, key=f"place_{words}", title=words)
    places, classifier = st.columns(2, gap="large")
    with places:
        st.subheader("What follows, what stays", anchor=False)
        answers = translation.drifts(middle_trace, here_trace, dx, dy)
        lines = "\n".join(
            f"| {drift.name} | {drift.moved[0]}, {drift.moved[1]}"
            f"{'' if drift.whole else ' (rounded)'} | {100 * drift.changed:.0f} % "
            f"| {100 * drift.residual:.2g} % |"
            for drift in answers
        )
        if answers:
            st.markdown(
                "| maps | moved by, in cells | as they stand, change | shifted back, differ |\n"
                f"| --- | --- | ---: | ---: |\n{lines}"
            )
        st.caption(
            "The difference to the maps of the digit in the middle, as a share of their length. "
            "Shifted back, conv1 and relu1 differ by nothing: that is **equivariance**. A pooled "
            "map moves by whole cells only, so from pool1 on this is exact for multiples of 2 "
            "pixels, in pool2 of 4. Move it by 1: the pooled maps nearly stay, but not quite."
        )
    with classifier:
        st.subheader("What the classifier says", anchor=False)
        lines = "\n".join(
            f"| {where} | **{int(answer.argmax())}** | {percent(float(answer.max()))} "
            f"| {percent(float(answer[label]))} |"
            for where, answer in (("in the middle", answers_middle), ("moved", answers_here))
        )
        st.markdown(
            f"| place | says | with | probability of {label} |\n"
            f"| --- | --- | ---: | ---: |\n{lines}"
        )
        st.caption(
            "No centring here: the network gets the digit where it lies. The Draw page centres "
            "every drawing first, and so never sees this."
        )

    st.header("The robustness map", anchor=False)
    try:
        dense = shipped("fully_connected")
    except ValueError as error:
        st.error(f"{error} Without it there is nothing to compare with.")
        st.stop()
    networks = {
        f"CNN ({model.name}, {parameter_count(model.model):,} parameters)": model.model,
        f"fully connected ({parameter_count(dense.model):,} parameters)": dense.model,
    }
    maps = translation.robustness(list(networks.values()), image, label)
    kept = translation.ink_kept(image)
    cut = kept < 0.995
    st.markdown(
        f"The probability of **{label}** at every shift up to {R} pixels. Choose a cell, and the "
        "digit goes there."
    )
    for column, (index, (name, probabilities)) in zip(
        st.columns(2, gap="large"), enumerate(zip(networks, maps, strict=True)), strict=True
    ):
        with column:
            whole = probabilities[~cut]
            mean = (
                f", {100 * float(whole.mean()):.0f} % where the whole digit is in"
                if len(whole)
                else ""
            )
            st.markdown(f"**{name}**  \n{100 * float(probabilities.mean()):.0f} % on average{mean}")
            grid_picker(
                f"probability of {label} by shift, {name}",
                probabilities,
                key=f"robustness_{index}",
                selected=(dy + R, dx + R),
                on_pick=lambda row, cell: move_to(cell - R, row - R),
                names=("down", "right"),
                origin=(-R, -R),
                marked=cut,
                cell=22,
            )
    st.markdown(
        "Dots: part of the digit has left the field; there a high value says little, since a "
        f"network may say {label} with hardly any ink left. **A CNN of this kind is not shift "
        "invariant.** Convolution moves its maps along, pooling forgives a pixel or two; but then "
        "`flatten` and `fc` give every place weights of its own, and those were learnt from "
        "digits in the middle. The fully connected network has such weights from the start."
    )
    st.download_button(
        "CSV",
        lambda: grids.csv(torch.stack(maps).numpy()),
        "robustness.csv",
        "text/csv",
        on_click="ignore",
        help="Both maps: channel 0 is the CNN, 1 the fully connected network; a row a shift down.",
    )

    st.header("Beyond shifts", anchor=False)
    st.markdown(
        f"The probability of **{label}** over each slider's whole range, the others as they are."
    )
    names = iter(RANGES)
    for columns in (st.columns(2, gap="large"), st.columns(2, gap="large")):
        for column in columns:
            name = next(names)
            with column:
                values, lines = curves(
                    list(networks.values()),
                    image=original,
                    label=label,
                    appearance=appearance,
                    name=name,
                    place=(dx, dy),
                )
                st.markdown(f"**{WORDS[name]}**")
                st.plotly_chart(
                    robustness.curves(
                        values,
                        {"CNN": lines[0].tolist(), "fully connected": lines[1].tolist()},
                        chosen[name],
                        RANGES[name].unit,
                    ),
                    key=f"curve_{name}",
                    config={"displayModeBar": False},
                )

    st.header("Shuffled pixels", anchor=False)
    try:
        shuffled = {name: shipped(f"{name}_shuffled") for name in ("article", "fully_connected")}
    except ValueError as error:
        st.error(f"{error} Without it this part can't be shown.")
        st.stop()
    seed = json.loads(shuffled["article"].metadata["recipe"])["shuffle_pixels"]
    plain = {"article": shipped("article"), "fully_connected": dense}
    lines = "\n".join(
        f"| {words} | {accuracy_of(plain[name])} | {accuracy_of(shuffled[name])} |"
        for name, words in (("article", "CNN"), ("fully_connected", "fully connected"))
    )
    st.markdown(
        "The same permutation of the pixels for every picture, in training and in testing.\n\n"
        f"| right on test digits | plain pixels | shuffled pixels |\n| --- | ---: | ---: |\n{lines}"
    )
    permutation = shuffling.permutation(seed)
    scrambled = shuffling.shuffle(original, seed)
    same = translation.for_shuffled_pixels(dense.model, permutation)
    with torch.inference_mode():
        difference = float((same(scrambled) - dense.model(original)).abs().max())
    st.markdown(
        "A fully connected network can't mind: put the columns of its first layer in the same "
        "order, and on shuffled pictures it computes what it did before (here the logits differ "
        f"by {difference:.1g}). If its two accuracies differ, that is the luck of the start. A CNN "
        "loses its neighbourhoods, and with them what it is built on. That is what exploiting a "
        "symmetry means."
    )
    network_view(
        trace(shuffled["article"].model, scrambled),
        key="shuffled",
        title="The unmoved digit, shuffled, in the CNN trained on shuffled pixels",
    )
