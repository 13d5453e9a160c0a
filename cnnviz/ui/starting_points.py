"""What the draw page can start from: samples, MNIST's test digits, files and the camera."""

import random

import streamlit as st

from cnnviz.components.choices import choices
from cnnviz.datasets import gallery, mnist
from cnnviz.drawing import sources
from cnnviz.ui.fields import followed

_SOURCE, _PROBLEM, _NUMBER = "draw_source", "draw_problem", "draw_number"


def take(source: sources.Source | None) -> None:
    """Show `source` in place of the drawing; None is the drawing itself."""
    st.session_state[_SOURCE] = source
    st.session_state[_PROBLEM] = None


def take_drawing(shown: sources.Source | None, source: sources.Source | None) -> None:
    """A stroke, or an undone one, on a canvas that showed `shown`; `source` lies on it now.

    What has been chosen in the same moment came after it, and stays.
    """
    if st.session_state[_SOURCE] is shown:
        take(source)


def source_in_view() -> sources.Source | None:
    """What the session shows in place of the drawing: at first a sample, a seven."""
    if _SOURCE not in st.session_state:
        take(sources.sample(7))
    return st.session_state[_SOURCE]


def _take_sample(digit: int) -> None:
    take(sources.sample(digit))


def _take_number(number: int) -> None:
    st.session_state[_NUMBER] = number
    take(gallery.test_digit(number))


def _choose_number(number: int) -> None:
    """The same, and away with the menu: what was chosen lies under it."""
    _take_number(number)
    st.session_state["draw_mnist"] = False


def _take_picture(key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        take(sources.picture(file.getvalue(), file.name))
    except ValueError as error:
        st.session_state[_PROBLEM] = f"{file.name}: {error}"


def starting_points() -> None:
    """Samples, MNIST's test digits, files and the camera."""
    source = st.session_state[_SOURCE]
    digit = source.digit if source else None
    choices("or start from", range(10), digit, key="draw_samples", on_choose=_take_sample)
    with st.container(horizontal=True, gap="xsmall", key="draw_sources"):
        with st.popover("MNIST", on_change="rerun", key="draw_mnist") as numbered:
            if numbered.open:
                _mnist_gallery()
        with st.popover("upload", on_change="rerun", key="draw_upload") as upload:
            if upload.open:
                st.file_uploader(
                    "A picture of one digit",
                    type=["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"],
                    key="draw_file",
                    on_change=_take_picture,
                    args=("draw_file",),
                    help="A photograph of ink on paper, a scan, or a drawing.",
                )
                _problem()
        with st.popover("camera", on_change="rerun", key="draw_camera") as camera:
            if camera.open:
                st.camera_input(
                    "Hold up one digit on paper",
                    key="draw_photo",
                    on_change=_take_picture,
                    args=("draw_photo",),
                )
                _problem()
    # A popover covers what lies under it, so an open one says it itself.
    if not (upload.open or camera.open):
        _problem()


def _problem() -> None:
    if problem := st.session_state[_PROBLEM]:
        st.error(problem)


def _mnist_gallery() -> None:
    if not mnist.available():
        st.info("MNIST isn't on this machine. The samples and your own pictures work without it.")
        if not st.button(f"Fetch it ({mnist.TOTAL_BYTES / 1e6:.0f} MB)"):
            return
    try:
        count = _fetched_test_digits()
    except mnist.Unavailable as reason:
        st.warning(str(reason))
        return
    number = st.session_state.setdefault(_NUMBER, 0)
    st.button(
        "As in “Convolutional Neural Networks”: test_set[0]", on_click=_choose_number, args=(0,)
    )
    key = followed.key(_NUMBER, number)
    st.number_input(
        f"Test image, 0 to {count - 1}",
        0,
        count - 1,
        number,
        key=key,
        on_change=_take_typed,
        args=(key,),
    )
    st.button("At random", on_click=lambda: _choose_number(random.randrange(count)))
    choices("The next one that is a", range(10), None, key="draw_label", on_choose=_take_label)


def _fetched_test_digits() -> int:
    """How many there are; a progress bar while they come over the network."""
    if mnist.available():
        return len(mnist.load("test").labels)
    bar = st.progress(0.0, "Fetching MNIST")

    def show(done: int, total: int) -> None:
        bar.progress(done / total, "Fetching MNIST")

    count = len(mnist.load("test", progress=show).labels)
    bar.empty()
    return count


def _take_typed(key: str) -> None:
    number = followed.set_by_hand(_NUMBER, key)
    if number is not None:
        _take_number(number)


def _take_label(label: int) -> None:
    _choose_number(gallery.next_with_label(label, st.session_state[_NUMBER]))
