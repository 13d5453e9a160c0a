"""What the draw page can start from: samples, test images, files and the camera."""

import random

import streamlit as st

from cnnviz.components.choices import choices
from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.datasets import gallery
from cnnviz.datasets.catalogue import DATASETS, Dataset
from cnnviz.datasets.stored import Unavailable
from cnnviz.drawing import sources
from cnnviz.drawing.frames import Frame
from cnnviz.spelling import fixed
from cnnviz.ui.fields import followed
from cnnviz.ui.model import Reads

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


def label_among(reads: Reads, source: sources.Source | None) -> int | None:
    """Which of the classes that the network tells apart `source` is known to be of."""
    if source is None or source.label is None:
        return None
    name = source.classes[source.label]
    return reads.classes.index(name) if name in reads.classes else None


def named_in_words(reads: Reads) -> str:
    """What there is to draw, from the first class to the last."""
    first, last = reads.classes[0], reads.classes[-1]
    return escaped(f"{first} … {last}" if len(reads.classes) > 2 else f"{first} or {last}")


def numbered(dataset: str, number: int) -> sources.Source:
    """A data set's test image. Raises ValueError, in a sentence, where it isn't on this machine:
    nothing is fetched."""
    row = DATASETS[dataset]
    if not row.stored.available():
        raise ValueError(f"{row.title} isn't on this machine")
    try:
        source = gallery.test_image(dataset, number)
    except Unavailable as reason:
        raise ValueError(str(reason)) from None
    st.session_state[_NUMBER] = number
    return source


def _take_number(dataset: str, number: int) -> None:
    st.session_state[_NUMBER] = number
    take(gallery.test_image(dataset, number))


def _choose_number(dataset: str, number: int) -> None:
    """The same, and away with the menu: what was chosen lies under it."""
    _take_number(dataset, number)
    st.session_state["draw_mnist"] = False


def _take_picture(key: str, frame: Frame) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        take(sources.picture_for(frame, file.getvalue(), file.name))
    except ValueError as error:
        st.session_state[_PROBLEM] = f"{file.name}: {error}"


def starting_points(reads: Reads) -> None:
    """Samples of digits where the network reads such, test images, files and the camera."""
    source = st.session_state[_SOURCE]
    digit = source.digit if source else None
    colour, what = reads.frame.channels == 3, "digit" if reads.digits else "thing"
    if reads.digits:
        choices("or start from", range(10), digit, key="draw_samples", on_choose=_take_sample)
    else:
        st.empty()  # what comes next is the same element still: none is made anew beside the old
    with st.container(horizontal=True, gap="xsmall", key="draw_sources"):
        if reads.dataset is not None:
            title = reads.dataset.title
            with st.popover(title, on_change="rerun", key="draw_mnist") as numbered:
                if numbered.open:
                    _gallery(reads.dataset)
        with st.popover("upload", on_change="rerun", key="draw_upload") as upload:
            if upload.open:
                st.file_uploader(
                    f"A picture of one {what}",
                    type=["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"],
                    key="draw_file",
                    on_change=_take_picture,
                    args=("draw_file", reads.frame),
                    help="A photograph of ink on paper, a scan, or a drawing.",
                )
                _problem()
        with st.popover("camera", on_change="rerun", key="draw_camera") as camera:
            if camera.open:
                st.camera_input(
                    "Hold up one thing" if colour else f"Hold up one {what} on paper",
                    key="draw_photo",
                    on_change=_take_picture,
                    args=("draw_photo", reads.frame),
                )
                _problem()
    # A popover covers what lies under it, so an open one says it itself.
    if not (upload.open or camera.open):
        _problem()


def _problem() -> None:
    if problem := st.session_state[_PROBLEM]:
        st.error(escaped(problem))


def _gallery(dataset: Dataset) -> None:
    stored, is_mnist = dataset.stored, dataset.name == "mnist"
    if not stored.available():
        st.info(
            f"{escaped(stored.title)} isn't on this machine. "
            f"{'The samples and your' if is_mnist else 'Your'} own pictures work without it."
        )
        if not st.button(f"Fetch it ({fixed(stored.total_bytes / 1e6, 0)} MB)"):
            return
    try:
        count = _fetched_test_images(dataset)
    except Unavailable as reason:
        st.warning(as_sentence(reason))
        return
    number = st.session_state.setdefault(_NUMBER, 0)
    if number >= count:
        number = st.session_state[_NUMBER] = 0  # it was of a larger data set
    if is_mnist:
        st.button(
            "As in “Convolutional Neural Networks”: test_set[0]",
            on_click=_choose_number,
            args=("mnist", 0),
        )
    key = followed.key(_NUMBER, number)
    typed = st.number_input(
        f"Test image, 0 to {count - 1}",
        0,
        count - 1,
        number,
        key=key,
        on_change=_take_typed,
        args=(dataset.name, key),
    )
    if typed is not None and typed != number:
        # Typed into the menu as it was shown before, while this run made it anew: Streamlit knew of
        # no field then that could have changed.
        _take_number(dataset.name, typed)
        st.rerun()
    st.button("At random", on_click=lambda: _choose_number(dataset.name, random.randrange(count)))
    choices(
        "The next one that is a",
        dataset.classes,
        None,
        key="draw_label",
        on_choose=lambda label: _take_label(dataset.name, label),
    )


def _fetched_test_images(dataset: Dataset) -> int:
    """How many there are; a progress bar while they come over the network."""
    stored, bar = dataset.stored, st.empty()

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"Fetching {escaped(stored.title)}")

    count = len(stored.load("test", progress=show).labels)
    bar.empty()
    return count


def _take_typed(dataset: str, key: str) -> None:
    number = followed.set_by_hand(_NUMBER, key)
    if number is not None:
        _take_number(dataset, number)


def _take_label(dataset: str, label: int) -> None:
    number = gallery.next_with_label(dataset, label, st.session_state[_NUMBER])
    _choose_number(dataset, number)
