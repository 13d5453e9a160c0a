"""A drawing as a short text: what is kept of it, and what a text that somebody made up can do."""

import base64
import tracemalloc
import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.drawing import compact, samples, scribbles
from cnnviz.drawing.preprocessing import prepare
from cnnviz.drawing.samples import Stroke

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

place = st.floats(-40, 320).map(lambda at: round(at, 3))
strokes = st.lists(st.lists(st.tuples(place, place), min_size=1, max_size=30), max_size=5)


def on_canvas(drawn: list[Stroke], offset: float = 0.28) -> list[dict[str, object]]:
    """As the canvas sends them: from the middle of two points to the next, bent at each point."""
    sent: list[dict[str, object]] = []
    for stroke in drawn:
        points = np.round(np.array(stroke, dtype=float)) + offset
        middles = (points[:-1] + points[1:]) / 2
        bends = zip(points.tolist(), middles.tolist(), strict=False)
        path = [["M", *points[0].tolist()], *(["Q", *bend, *middle] for bend, middle in bends)]
        sent.append({"path": [*path, ["L", *points[-1].tolist()]]})
    return sent


def test_strokes_that_would_take_seconds_to_thin_are_refused_before_they_are_made() -> None:
    pen = np.random.default_rng(2)
    hand = on_canvas([list(map(tuple, pen.uniform(0, 280, (50, 2)).tolist()))])
    assert compact.strokes_of_paths(5 * hand)
    wild = [["M", 0, 0], *(["Q", *pen.uniform(-400, 600, 4).tolist()] for _ in range(3900))]
    for many in ([{"path": wild}], 2000 * hand):
        tracemalloc.start()
        with pytest.raises(ValueError, match="must be shorter"):
            compact.strokes_of_paths(many)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 4_000_000


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_comes_back_within_the_stated_tolerance(digit: int) -> None:
    drawn = compact.strokes_of_paths(on_canvas(list(samples.STROKES[digit])))
    text = compact.of_strokes(drawn)
    assert text is not None
    assert len(text) < 500
    before, after = samples.paint(drawn), compact.read(text).ink
    difference = np.abs(prepare(before, False).centred - prepare(after, False).centred)
    assert difference.max() <= compact.INPUT_TOLERANCE


@pytest.mark.parametrize("kind", ["scribbles", "letters", "dots"])
def test_any_drawing_comes_back_or_is_known_not_to_fit(kind: str) -> None:
    pen = np.random.default_rng(1)
    fitted = 0
    for _ in range(6):
        drawn = compact.strokes_of_paths(on_canvas(scribbles.KINDS[kind](pen)))
        text = compact.of_strokes(drawn)
        if text is None:
            continue
        fitted += 1
        assert len(text) <= compact.MOST_CHARACTERS
        after = prepare(compact.read(text).ink, False).centred
        difference = np.abs(prepare(samples.paint(drawn), False).centred - after)
        assert difference.max() <= compact.INPUT_TOLERANCE
    assert fitted >= 4


@given(strokes)
def test_what_was_read_is_spelled_as_before(drawn: list[list[tuple[float, float]]]) -> None:
    text = compact.of_strokes(drawn)
    if text is not None:
        assert compact.of_strokes(compact.read(text).strokes) == text
        again = compact.paths_of_strokes(compact.read(text).strokes, "#000")
        assert compact.of_strokes(compact.strokes_of_paths(again)) == text


def test_the_thinned_path_stays_near_the_pens() -> None:
    angles = np.linspace(0, 6, 400)
    points = np.stack([140 + 15 * angles * np.cos(angles), 140 + 15 * angles * np.sin(angles)], 1)
    thin = compact.thinned(points, 0.5)
    assert 10 < len(thin) < 60
    along = np.linspace(0, 1, 200)[:, None]
    line = np.concatenate([start + along * (end - start) for start, end in pairwise(thin)])
    assert max(np.hypot(*(line - point).T).min() for point in points) <= 0.51


def test_a_press_of_the_pen_comes_back_as_a_dot() -> None:
    sent = [{"path": [["M", 99.98, 149.75], ["L", 100.02, 149.75]]}]
    text = compact.of_strokes(compact.strokes_of_paths(sent))
    assert text is not None
    assert compact.read(text).strokes == (((100.0, 149.75),),)
    (again,) = compact.paths_of_strokes(compact.read(text).strokes, "#123456")
    assert again["path"] == [["M", 100.0, 149.75], ["L", 100.01, 149.75]]


def test_an_empty_canvas_has_a_word() -> None:
    assert compact.of_strokes([]) == compact.EMPTY
    assert compact.read(compact.EMPTY).strokes == ()


def test_a_picture_comes_back_within_half_a_step() -> None:
    chance = np.random.default_rng(3)
    smooth = prepare(samples.ink(8)).centred
    noise = chance.random((28, 28), dtype=np.float32)
    for picture, levels in ((smooth, 255), (noise, 31)):
        text = compact.of_picture(picture)
        assert text is not None
        assert len(text) <= compact.MOST_CHARACTERS
        found = compact.read(text).picture
        assert found is not None
        assert np.abs(found - picture).max() <= 0.5 / levels + 1e-6
    assert compact.of_picture(np.zeros((65, 65), np.float32)) is None


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"path": None},
        {"path": []},
        {"path": [["M", 1]]},
        {"path": [["M", "a", "b"], ["L", 1, 2]]},
        {"path": [["M", float("nan"), 1.0], ["L", 1, 2]]},
        {"path": [["M", 1e300, 1.0], ["Q", 1e300, -1e300, 1, 2]]},
        {"path": [["M", 1, 2]] * 5000},
        {"path": "MLQ"},
    ],
)
def test_strokes_that_no_pen_made_are_refused(sent: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        compact.of_strokes(compact.strokes_of_paths([sent]))


def letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return bytes((64, 64, 255)) + packer.compress(bytes(size)) + packer.flush()


MADE_UP = [
    "",
    "s",
    "p",
    "x",
    "empty ",
    "s====",
    "s\x00",
    "sä",
    "s" + "_" * 999,
    "s" + "A" * 998,
    "sgICA",
    "p" + letters(bytes((0, 0, 255, 0))),
    "p" + letters(bytes((64, 64, 255)) + b"\xff" * 20),
    "p" + letters(bomb(64 * 64 + 1)),
    "p" + letters(bomb(600_000)),
    "p" + letters(bytes((1, 1, 31)) + zlib.compress(b"\xff", wbits=-15)),
    "p" * 100_000,
]


@pytest.mark.parametrize("text", MADE_UP, ids=range(len(MADE_UP)))
def test_a_text_that_is_no_drawing_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"must .*(drawing|picture|characters)"):
        compact.read(text)


GOOD = [compact.of_strokes(list(samples.STROKES[3])), compact.of_picture(samples.ink(3, 28))]


@given(
    st.text(alphabet=LETTERS, max_size=1100).map(lambda body: "s" + body)
    | st.text(alphabet=LETTERS, max_size=1100).map(lambda body: "p" + body)
    | st.text(max_size=60)
    | st.builds(
        lambda text, at, letter: text[: at % len(text)] + letter + text[at % len(text) + 1 :],
        st.sampled_from([text for text in GOOD if text]),
        st.integers(0, 10_000),
        st.sampled_from(LETTERS),
    )
)
def test_whatever_a_link_holds_is_a_drawing_or_a_sentence_in_bounded_memory(text: str) -> None:
    tracemalloc.start()
    try:
        found = compact.read(text)
        assert sum(map(len, found.strokes)) <= compact.MOST_POINTS
        if found.picture is not None:
            assert max(found.picture.shape) <= compact.MOST_SIDE
            assert 0 <= found.picture.min() <= found.picture.max() <= 1
    except ValueError as error:
        assert "must" in str(error)  # noqa: PT017 - either ending is right
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 200_000
