"""preprocess.js against cnnviz.preprocessing, and with forward.js behind it: the live preview."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file

from cnnviz.drawing import samples, sources
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import ink_from_canvas, prepare
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.trace import trace
from tests.frontend.networks import encode, evaluate
from tests.javascript import Node

ROOT = Path(__file__).parents[3]

# `alphas` are the drawings' alpha channels, one after the other, in base64.
PREPARE = """
const { prepare } = await load("network_view/preprocess.js");
const { createRunner } = await load("network_view/forward.js");
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const runner = sent.network && createRunner(decode(sent.network).network);
const alphas = bytes(sent.alphas);
let at = 0;
const images = new Float32Array(sent.sizes.length * 784);
const made = sent.sizes.map(({ width, height, centre }, picture) => {
  // A pen of some colour: only the alpha may count.
  const rgba = new Uint8ClampedArray(width * height * 4).fill(99);
  for (let pixel = 0; pixel < width * height; pixel += 1) rgba[pixel * 4 + 3] = alphas[at++];
  const out = images.subarray(picture * 784, (picture + 1) * 784);
  const { image, empty, from, to } = prepare(rgba, width, height, { centre }, out);
  if (image !== out) throw new Error("the image must be written into what was given");
  return { empty, from, to, logits: runner ? [...runner.run(image).at(-1)] : null };
});
let text = "";
for (const byte of new Uint8Array(images.buffer)) text += String.fromCharCode(byte);
return { made, images: btoa(text) };
"""


@pytest.fixture(scope="module")
def article() -> SimpleCNN:
    model = SimpleCNN()
    model.load_state_dict(load_file(ROOT / "checkpoints" / "article.safetensors"))
    return model.eval()


def in_javascript(
    node: Node, alphas: list[np.ndarray], centres: list[bool], model: SimpleCNN | None = None
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Prepared images (N, 28, 28), and what else JavaScript says of each."""
    network = None if model is None else encode(trace(model, torch.zeros(1, 1, 28, 28)))
    images: list[np.ndarray] = []
    made: list[dict[str, Any]] = []
    for start in range(0, len(alphas), 100):
        batch = alphas[start : start + 100]
        sent = {
            "network": network,
            "alphas": base64.b64encode(b"".join(a.tobytes() for a in batch)).decode(),
            "sizes": [
                {"height": a.shape[0], "width": a.shape[1], "centre": centre}
                for a, centre in zip(batch, centres[start : start + 100], strict=True)
            ],
        }
        result = evaluate(node, PREPARE, sent)
        made += result["made"]
        images.append(np.frombuffer(base64.b64decode(result["images"]), dtype="<f4"))
    return np.concatenate(images).reshape(-1, 28, 28), made


def in_python(alpha: np.ndarray, centre: bool) -> Any:
    rgba = np.zeros((*alpha.shape, 4), dtype=np.uint8)
    rgba[..., 3] = alpha
    return prepare(ink_from_canvas(rgba), centre)


def compare(node: Node, alphas: list[np.ndarray], centres: list[bool], model: SimpleCNN) -> None:
    """The promise of the live preview, in full."""
    images, made = in_javascript(node, alphas, centres, model)
    expected = [in_python(a, c) for a, c in zip(alphas, centres, strict=True)]
    pictures = np.stack([prepared.centred for prepared in expected])
    off = np.abs(images - pictures).max(axis=(1, 2))
    worst = int(off.argmax())
    assert off[worst] < 1 / 255, (
        f"picture {worst} ({alphas[worst].shape}, centre={centres[worst]}): {off[worst]}"
    )
    # In fact both sum in float64, so that hardly anything remains.
    assert off.max() < 1e-6
    assert [m["empty"] for m in made] == [prepared.empty for prepared in expected]
    with torch.no_grad():
        of_same = model(torch.from_numpy(images)[:, None])
        of_python = model(torch.from_numpy(pictures)[:, None])
    logits = np.array([m["logits"] for m in made])
    np.testing.assert_allclose(logits, of_same.numpy(), rtol=0, atol=1e-3)
    agree = np.mean(logits.argmax(axis=1) == of_python.argmax(dim=1).numpy())
    assert agree >= 0.999


def placed(digit: np.ndarray, random: np.random.Generator, side: int) -> np.ndarray:
    """A digit (uint8) of random size, shape and place on a canvas, at times partly off it."""
    height, width = (int(side * random.uniform(0.15, 1.05)) for _ in range(2))
    resized = Image.fromarray(digit).resize((width, height), Image.Resampling.BICUBIC)
    canvas = Image.new("L", (side, side))
    left, top = (int(random.uniform(-0.1, 0.7) * side) for _ in range(2))
    canvas.paste(resized, (left, top))
    return np.asarray(canvas)


def scribbles(random: np.random.Generator, count: int) -> Iterator[np.ndarray]:
    for _ in range(count):
        height, width = (int(side) for side in random.integers(60, 201, 2))
        picture = Image.new("L", (width * 2, height * 2))
        draw = ImageDraw.Draw(picture)
        for _ in range(random.integers(1, 4)):
            points = random.uniform(-20, 420, (random.integers(2, 7), 2))
            draw.line(
                [(float(x), float(y)) for x, y in points],
                fill=int(random.integers(1, 256)),
                width=int(random.integers(1, 60)),
            )
        yield np.asarray(picture.reduce(2))  # soft edges, as a canvas has them


def edge_cases() -> Iterator[np.ndarray]:
    empty = np.zeros((280, 280), dtype=np.uint8)
    yield empty
    yield np.full_like(empty, 255)
    for row, column in [(0, 0), (0, 279), (279, 0), (279, 279), (140, 140), (13, 200)]:
        for value in (8, 9, 255):  # the faintest that counts is 9
            one = empty.copy()
            one[row, column] = value
            yield one
    for sides in ((0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)):
        border = empty.copy()
        border[sides] = 255
        yield border
    frame = empty.copy()
    frame[[0, -1], :] = frame[:, [0, -1]] = 255
    yield frame
    faint = np.full_like(empty, 8)  # no ink, and yet it counts where it lies in the ink's box
    yield faint
    box = faint.copy()
    box[50:120, 60:100] = 200
    yield box
    yield from (np.full((1, 1), 255, np.uint8), np.full((1, 90), 255, np.uint8))
    yield from (np.full((90, 1), 200, np.uint8), np.eye(28, dtype=np.uint8) * 255)
    yield np.eye(7, 31, dtype=np.uint8) * 255


def test_a_thousand_pictures_are_prepared_and_read_as_in_python(
    node: Node, article: SimpleCNN, real_digits: Any
) -> None:
    random = np.random.default_rng(5)
    alphas = [np.round(samples.ink(digit) * 255).astype(np.uint8) for digit in range(10)]
    alphas += list(scribbles(random, 500))
    chosen = random.choice(len(real_digits.ink), 490, replace=False)
    alphas += [
        placed(np.round(real_digits.ink[i] * 255).astype(np.uint8), random, 120) for i in chosen
    ]
    centres = [bool(at % 3) for at in range(len(alphas))]
    assert len(alphas) >= 1000
    compare(node, alphas, centres, article)


def test_every_edge_case_with_and_without_centring(node: Node, article: SimpleCNN) -> None:
    alphas = list(edge_cases())
    for centre in (True, False):
        compare(node, alphas, [centre] * len(alphas), article)


def test_mnists_digits_at_any_size_and_place(node: Node, article: SimpleCNN, mnist: Any) -> None:
    random = np.random.default_rng(6)
    images = mnist.load("test").images[:400, 0]
    alphas = [placed(image, random, 280 if at % 4 == 0 else 140) for at, image in enumerate(images)]
    compare(node, alphas, [bool(at % 4) for at in range(400)], article)


def test_ink_as_numbers_is_prepared_as_ink_of_a_canvas(node: Node) -> None:
    """The samples and uploads come as ink in [0, 1]."""
    ink = samples.ink(4, 100)
    code = """
    const { prepare } = await load("network_view/preprocess.js");
    return [true, false].map((centre) =>
      [...prepare(Float32Array.from(sent), 100, 100, { centre }).image]);
    """
    made = evaluate(node, code, ink.flatten().tolist())
    for values, centre in zip(made, (True, False), strict=True):
        expected = prepare(ink, centre).centred.flatten()
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-6)


def test_it_is_told_which_part_of_the_drawing_went_where(node: Node) -> None:
    """So a pixel of the network's picture can be shown on the drawing."""
    alpha = np.zeros((280, 280), dtype=np.uint8)
    alpha[40:240, 100:150] = 255
    _, (centred, whole) = in_javascript(node, [alpha, alpha], [True, False])
    assert centred["from"] == {"top": 40, "left": 100, "height": 200, "width": 50}
    assert centred["to"] == {"top": 4, "left": 12, "height": 20, "width": 5}
    assert whole["from"] == {"top": 0, "left": 0, "height": 280, "width": 280}
    assert whole["to"] == {"top": 0, "left": 0, "height": 28, "width": 28}
    _, (tall,) = in_javascript(node, [np.full((90, 30), 255, np.uint8)], [False])
    assert tall["from"] == {"top": 0, "left": -30, "height": 90, "width": 90}


FRAMES = [
    Frame((1, 8, 8), box=6),
    Frame((1, 64, 40), box=28, middle="box"),
    Frame((1, 28, 28), box=28, middle="box"),
    Frame((3, 32, 32), box=None, ground="white"),
    Frame((3, 12, 20), box=9, ground="white"),
]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: f"{frame.shape}")
def test_pictures_of_other_shapes_grounds_and_places_are_made_alike(
    node: Node, frame: Frame
) -> None:
    code = """
    const { prepare } = await load("network_view/preprocess.js");
    return sent.inks.map((ink) => {
      const made = prepare(Float32Array.from(ink.flat()), ink[0].length, ink.length, sent);
      return { ...made, image: [...made.image] };
    });
    """
    random = np.random.default_rng(8)
    inks = [np.zeros((30, 50), np.float32)]
    for height, width in ((100, 100), (40, 90), (77, 13)):
        ink = np.zeros((height, width), np.float32)
        ink[5 : height // 2, 3 : width - 4] = random.random((height // 2 - 5, width - 7))
        inks.append(ink)
    for centre in (True, False):
        sent = {"inks": [i.tolist() for i in inks], "centre": centre, "frame": frame.to_dict()}
        for ink, made in zip(inks, evaluate(node, code, sent), strict=True):
            expected = prepare(ink, centre, frame=frame)
            assert expected.image.shape == frame.shape
            np.testing.assert_allclose(made["image"], expected.image.ravel(), atol=1e-6)
            assert made["empty"] == expected.empty


def test_a_drawing_whose_size_and_values_do_not_fit_is_refused(node: Node) -> None:
    code = """
    const { prepare } = await load("network_view/preprocess.js");
    try { prepare(new Uint8ClampedArray(40), 3, 3); } catch (error) { return error.message; }
    """
    assert evaluate(node, code, None) == "a drawing of 3×3 doesn't have 40 values"


def test_strokes_over_a_picture_take_its_light_away_as_in_python(node: Node) -> None:
    frame = Frame((3, 12, 16), box=None, ground="white")
    random = np.random.default_rng(0)
    light = random.random((3, 12, 16), np.float32)
    source = sources.Source("a", light[0], light[0], light=light, normalised=True)
    ink = np.zeros((280, 280), np.float32)
    ink[90:130, 40:220] = 1
    ink[130:140, 40:220] = 0.5
    for drawn in (ink, np.zeros_like(ink)):
        seen = sources.seen(None, drawn, True, frame, beneath=source)
        made = node.run(
            """
            const { prepare } = await load("network_view/preprocess.js");
            const options = { frame: sent.frame, beneath: Float32Array.from(sent.beneath) };
            const { image, empty } = prepare(Float32Array.from(sent.ink), 280, 280, options);
            return { image: [...image], empty };
            """,
            {
                "frame": frame.to_dict(),
                "beneath": light.flatten().tolist(),
                "ink": drawn.flatten().tolist(),
            },
        )
        np.testing.assert_allclose(made["image"], seen.image.flatten(), atol=1e-6)
        assert made["empty"] == (not drawn.any())
    seen = sources.seen(None, ink, True, frame, beneath=source).image
    np.testing.assert_array_equal(seen[:, 0], light[:, 0])
    assert seen[:, 4, 7].max() == 0
    # A network without colours sees the strokes alone.
    alone = sources.seen(None, ink, True, beneath=source).image
    np.testing.assert_array_equal(alone, sources.seen(None, ink, True).image)
