"""Picture files of every kind that people have, and of the kinds that break things."""

import base64
import io
import struct
import threading
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnviz.drawing import samples
from cnnviz.drawing.pictures import open_canvas
from cnnviz.drawing.preprocessing import ink_from_picture, prepare, read_picture
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace

SEVEN = samples.ink(7)
DARK_ON_LIGHT = Image.fromarray((255 - 255 * SEVEN).astype(np.uint8))
LIGHT_ON_DARK = Image.fromarray((255 * SEVEN).astype(np.uint8))


def file(picture: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def digit(content: bytes | Image.Image) -> int:
    probabilities = trace(
        checkpoints.article().model, as_image(prepare(ink_from_picture(content)).centred)
    ).probabilities
    assert probabilities is not None
    return int(probabilities.argmax())


def strokes(colour: tuple[int, int, int]) -> Image.Image:
    """A drawing on a transparent ground."""
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[:, :, :3] = colour
    rgba[:, :, 3] = 255 * SEVEN
    return Image.fromarray(rgba)


def sixteen_bit(light: np.ndarray) -> Image.Image:
    return Image.fromarray((light * 65535).astype(np.uint16))


def with_orientation(picture: Image.Image, orientation: int) -> bytes:
    """`picture` as a camera held otherwise stores it: turned, with a note to turn it back."""
    back = {
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    return file(picture.transpose(back[orientation]), "JPEG", exif=exif, quality=90)


def palette_with_transparency() -> bytes:
    picture = Image.fromarray((SEVEN > 0.5).astype(np.uint8))
    picture.putpalette([200, 30, 30, 10, 10, 90])
    return file(picture, "PNG", transparency=0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(file(DARK_ON_LIGHT, "PNG"), id="grey PNG"),
        pytest.param(file(LIGHT_ON_DARK, "PNG"), id="light on dark"),
        pytest.param(file(DARK_ON_LIGHT.convert("RGB"), "JPEG", quality=60), id="JPEG"),
        pytest.param(file(DARK_ON_LIGHT.convert("CMYK"), "JPEG"), id="CMYK JPEG"),
        pytest.param(file(DARK_ON_LIGHT.convert("CMYK"), "TIFF"), id="CMYK TIFF"),
        pytest.param(file(DARK_ON_LIGHT, "GIF"), id="GIF"),
        pytest.param(
            file(
                DARK_ON_LIGHT.convert("P"),
                "GIF",
                save_all=True,
                append_images=[Image.new("P", (280, 280), 255)],
            ),
            id="moving GIF: its first picture",
        ),
        pytest.param(file(DARK_ON_LIGHT.convert("1"), "PNG"), id="1 bit"),
        pytest.param(file(DARK_ON_LIGHT.convert("P"), "PNG"), id="palette"),
        pytest.param(palette_with_transparency(), id="palette with transparency"),
        pytest.param(file(DARK_ON_LIGHT.convert("LA"), "PNG"), id="grey with opaque alpha"),
        pytest.param(file(sixteen_bit(1 - SEVEN), "PNG"), id="16 bit"),
        pytest.param(file(sixteen_bit(1 - SEVEN), "TIFF"), id="16 bit TIFF"),
        pytest.param(file(sixteen_bit(SEVEN), "PNG"), id="16 bit, light on dark"),
        pytest.param(file(Image.fromarray(1 - SEVEN), "TIFF"), id="floating point TIFF"),
        pytest.param(file(DARK_ON_LIGHT, "BMP"), id="BMP"),
        pytest.param(file(DARK_ON_LIGHT, "WEBP"), id="WebP"),
        pytest.param(file(strokes((0, 0, 0)), "PNG"), id="black strokes, transparent ground"),
        pytest.param(file(strokes((255, 255, 255)), "PNG"), id="white strokes"),
        pytest.param(file(strokes((255, 200, 0)), "WEBP"), id="yellow strokes"),
        pytest.param(with_orientation(DARK_ON_LIGHT, 3), id="upside down by EXIF"),
        pytest.param(with_orientation(DARK_ON_LIGHT, 6), id="turned by EXIF"),
        pytest.param(with_orientation(DARK_ON_LIGHT, 8), id="turned the other way by EXIF"),
        pytest.param(file(DARK_ON_LIGHT.resize((28, 28)), "PNG"), id="28x28"),
        pytest.param(file(DARK_ON_LIGHT.resize((1500, 1500)), "PNG"), id="large"),
        pytest.param(DARK_ON_LIGHT, id="Pillow picture"),
    ],
)
def test_a_seven_is_read_from(content):
    assert digit(content) == 7


def test_exif_rotation_is_what_turns_the_picture_upright():
    # The same pixels without the note are another picture, so the tests above can fail.
    turned = file(DARK_ON_LIGHT.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=90)
    ink = ink_from_picture(turned)
    upright = ink_from_picture(with_orientation(DARK_ON_LIGHT, 6))
    assert np.abs(ink - upright).mean() > 0.1
    assert np.abs(upright - SEVEN).mean() < 0.01


def test_dark_on_light_is_inverted_and_light_on_dark_is_not():
    for dark, inverted in ((DARK_ON_LIGHT, True), (LIGHT_ON_DARK, False)):
        ink, was_inverted = read_picture(file(dark, "PNG"))
        assert was_inverted is inverted
        assert ink.dtype == np.float32
        np.testing.assert_allclose(ink, SEVEN, atol=0.1)


def test_a_cut_out_photograph_keeps_its_ground_where_it_is_transparent():
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[:, :, :3] = (40 + 190 * (1 - SEVEN))[:, :, None]
    rgba[20:260, 20:260, 3] = 255
    assert digit(file(Image.fromarray(rgba), "PNG")) == 7


def test_pictures_in_mnists_own_style_pass_as_they_are(mnist):
    for picture in mnist.load("test").images[:100, 0]:
        ink, inverted = read_picture(file(Image.fromarray(picture), "PNG"))
        np.testing.assert_array_equal(ink, (picture / 255).astype(np.float32))
        assert not inverted


def small_style_digits(real_digits):
    for ink in real_digits.ink[:50]:
        yield np.pad(np.round(ink * 255).astype(np.uint8), 1)


def test_small_light_on_black_digits_pass_as_they_are(real_digits):
    for picture in small_style_digits(real_digits):
        ink, inverted = read_picture(file(Image.fromarray(picture), "PNG"))
        np.testing.assert_array_equal(ink, (picture / 255).astype(np.float32))
        assert not inverted


def test_small_dark_on_white_digits_are_inverted(real_digits):
    for picture in small_style_digits(real_digits):
        ink, inverted = read_picture(file(Image.fromarray(255 - picture), "PNG"))
        assert inverted
        assert np.corrcoef(ink.ravel(), picture.ravel())[0, 1] > 0.99


def cut_off(content: bytes, share: float = 0.5) -> bytes:
    return content[: int(len(content) * share)]


NOISE = np.random.default_rng(0)
WHITE_PHOTOGRAPH = file(
    Image.fromarray(NOISE.normal(225, 5, (600, 800)).clip(0, 255).astype(np.uint8)), "JPEG"
)
SHADED_PHOTOGRAPH = file(
    Image.fromarray(
        (np.linspace(120, 230, 800) + NOISE.normal(0, 4, (600, 800))).clip(0, 255).astype(np.uint8)
    ),
    "JPEG",
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "file is empty", id="empty"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "a PDF; it should be a PNG", id="PDF named .png"),
        pytest.param(b"MZ" * 500, "not a picture that can be read", id="not a picture"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture", id="SVG"),
        pytest.param(
            cut_off(file(DARK_ON_LIGHT, "JPEG")), "JPEG picture is damaged or cut off", id="JPEG"
        ),
        pytest.param(cut_off(file(DARK_ON_LIGHT, "PNG")), "PNG picture is damaged", id="PNG"),
        pytest.param(cut_off(file(DARK_ON_LIGHT, "GIF")), "GIF picture is damaged", id="GIF"),
        pytest.param(cut_off(file(DARK_ON_LIGHT, "TIFF")), "damaged", id="TIFF"),
        pytest.param(file(DARK_ON_LIGHT, "JPEG")[:20], "not a picture|damaged", id="hardly begun"),
        pytest.param(
            file(Image.new("L", (1, 1)), "PNG"),
            "is 1×1 pixels; a digit needs at least 8×8",
            id="1×1",
        ),
        pytest.param(file(Image.new("L", (300, 2)), "PNG"), "is 300×2 pixels", id="a line"),
        pytest.param(
            file(Image.new("L", (9000, 20), 90), "PNG"), "9,000×20 pixels, too narrow", id="a strip"
        ),
        pytest.param(file(Image.new("L", (280, 280), 255), "PNG"), "No ink was found", id="white"),
        pytest.param(file(Image.new("L", (280, 280), 0), "PNG"), "No ink was found", id="black"),
        pytest.param(file(Image.new("RGB", (99, 80), "teal"), "PNG"), "No ink", id="one colour"),
        pytest.param(WHITE_PHOTOGRAPH, "No ink was found", id="blank photograph"),
        pytest.param(SHADED_PHOTOGRAPH, "No ink was found", id="blank photograph, uneven light"),
        pytest.param(file(Image.new("RGBA", (50, 50)), "PNG"), "transparent", id="transparent"),
        pytest.param(b"\x89PNG" + bytes(31_000_000), "more than 30 MB", id="31 MB"),
        pytest.param(
            file(Image.fromarray(np.full((50, 50), np.nan, np.float32)), "TIFF"), "NaN", id="NaN"
        ),
    ],
)
def test_a_bad_picture_is_refused_with_its_reason(content, message):
    with pytest.raises(ValueError, match=message) as refusal:
        ink_from_picture(content)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 160


@pytest.mark.parametrize(("kind", "most"), [("PNG", "12.5"), ("JPEG", "25"), ("GIF", "12.5")])
@pytest.mark.filterwarnings("error")
def test_twelve_thousand_pixels_a_side_are_refused_before_they_are_decoded(kind, most):
    content = file(Image.new("L", (12_000, 12_000), 255), kind)
    tracemalloc.start()
    with pytest.raises(
        ValueError, match=f"12,000×12,000 pixels, 144 million; at most {most} million"
    ):
        ink_from_picture(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_header_that_promises_a_huge_picture_is_refused():
    content = bytearray(file(Image.new("L", (16, 16)), "PNG"))
    content[16:24] = (200_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    with pytest.raises(ValueError, match="more than 25,000,000 pixels"):
        ink_from_picture(bytes(content))


def tiles_of(width: int, length: int) -> bytes:
    """A TIFF of 64×64 pixels, in one tile that says it is larger."""
    content = bytearray(file(Image.new("L", (64, 64), 90), "TIFF", compression="tiff_lzw"))
    start = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[start : start + 2], "little")
    # Tags of 12 bytes: rows a strip become the tile's width, and how bands lie its length.
    for old, new, size in ((278, 322, width), (284, 323, length)):
        for place in range(start + 2, start + 2 + 12 * count, 12):
            if int.from_bytes(content[place : place + 2], "little") == old:
                content[place : place + 12] = struct.pack("<HHII", new, 4, 1, size)
    return bytes(content)


def test_a_tiff_whose_tiles_are_larger_than_a_picture_may_be_is_refused():
    with pytest.raises(ValueError, match="tiles of 900 million pixels"):
        ink_from_picture(tiles_of(30_000, 30_000))


def resident_memory() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("needs /proc/self/status to see the memory in use")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def largest(kind: str, mode: str, side: int, **options) -> bytes:
    """A picture of `side`² pixels in one colour, and a seven in its middle."""
    if mode == "I;16":
        light = np.ones((side, side), np.float32)
        start, size = side // 4, side // 2
        ink = DARK_ON_LIGHT.resize((size, size))
        light[start : start + size, start : start + size] = np.asarray(ink) / 255
        return file(sixteen_bit(light), kind, **options)
    ink = DARK_ON_LIGHT.resize((side // 2, side // 2)).convert(mode)
    picture = Image.new(mode, (side, side), "white" if mode != "CMYK" else (0, 0, 0, 0))
    picture.paste(ink, (side // 4, side // 4))
    return file(picture, kind, **options)


@pytest.mark.parametrize(
    ("kind", "mode", "side", "options"),
    [
        ("JPEG", "RGB", 5000, {}),
        ("JPEG", "RGB", 5000, {"progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", 4330, {"progressive": True}),
        ("PNG", "RGBA", 3500, {}),
        ("PNG", "LA", 3500, {}),
        ("PNG", "RGB", 3500, {}),
        ("PNG", "I;16", 3500, {}),
        ("TIFF", "CMYK", 3500, {"compression": "tiff_lzw"}),
        ("WEBP", "RGBA", 2990, {"lossless": True, "method": 0}),
        ("GIF", "L", 3500, {}),
    ],
)
def test_the_largest_pictures_that_are_read_stay_within_bounds_of_memory(kind, mode, side, options):
    content = largest(kind, mode, side, **options)
    digit(DARK_ON_LIGHT)  # what is loaded once isn't the picture's
    before, highest, done = resident_memory(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            highest[0] = max(highest[0], resident_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        assert digit(content) == 7
    finally:
        done.set()
        watcher.join()
    assert highest[0] - before < 200_000_000


def test_a_picture_that_costs_little_to_send_and_much_to_read_is_refused():
    content = file(Image.new("RGBA", (7000, 7000), "white"), "PNG")  # 49 megapixels
    assert len(content) < 250_000
    with pytest.raises(ValueError, match=r"7,000×7,000 pixels, 49 million; at most 12\.5 million"):
        ink_from_picture(content)


def test_a_large_picture_is_turned_upright_too():
    large = DARK_ON_LIGHT.resize((2400, 2400))
    assert digit(with_orientation(large, 6)) == 7
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = large.transpose(Image.Transpose.ROTATE_90)
    assert digit(file(turned, "PNG", exif=exif)) == 7


def sent(picture: Image.Image, kind: str = "PNG") -> str:
    return "data:image/png;base64," + base64.b64encode(file(picture, kind)).decode()


def test_a_canvas_gives_its_pixels():
    drawn = strokes((29, 39, 51))
    np.testing.assert_array_equal(open_canvas(sent(drawn), 280), np.asarray(drawn))
    noise = np.random.default_rng(1).integers(0, 256, (280, 280, 4), np.uint8)  # packs worst
    np.testing.assert_array_equal(open_canvas(sent(Image.fromarray(noise)), 280), noise)


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        (lambda: sent(Image.new("RGBA", (4000, 4000))), "4,000×4,000 pixels, the canvas 280×280"),
        (lambda: sent(Image.new("1", (13_000, 13_000))), "13,000×13,000 pixels, the canvas"),
        (lambda: sent(strokes((0, 0, 0))) + "A" * 500_000, "isn't a PNG of the canvas"),
        (lambda: sent(Image.new("RGB", (280, 280)), "JPEG"), "its PNG can't be read"),
        (lambda: sent(strokes((0, 0, 0)))[:2000], "its PNG can't be read"),
        (lambda: "data:image/png;base64,####", "its PNG can't be read"),
        (lambda: "data:text/html,hello", "isn't a PNG of the canvas"),
        (lambda: {"length": 1}, "isn't a PNG of the canvas"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_no_canvas_sends_is_refused_before_it_is_decoded(forged, message):
    url = forged()
    tracemalloc.start()
    with pytest.raises(ValueError, match=message):
        open_canvas(url, 280)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@settings(max_examples=60)
@given(
    st.integers(8, 90),
    st.integers(8, 90),
    st.sampled_from(["L", "RGB", "RGBA", "LA", "I;16", "1", "CMYK"]),
    st.integers(0, 2**20),
    st.booleans(),
)
def test_any_small_picture_gives_ink_or_a_reason(width, height, mode, seed, blocks):
    generator = np.random.default_rng(seed)
    shape = (height, width, len(Image.new(mode, (1, 1)).getbands()))
    values = generator.integers(0, 256, (2, 2, shape[2]) if blocks else shape).astype(np.uint8)
    if blocks:
        values = values.repeat(height, axis=0).repeat(width, axis=1)[:height, :width]
    if mode == "I;16":
        picture = Image.fromarray(values[:, :, 0].astype(np.uint16) * 257)
    elif mode == "1":
        picture = Image.fromarray(values[:, :, 0]).convert("1")
    else:
        picture = Image.frombytes(mode, (width, height), values.tobytes())
    try:
        ink, _ = read_picture(picture)
    except ValueError as error:
        assert "No ink was found" in str(error)  # noqa: PT017 - either of two endings is right
        return
    assert ink.shape == (height, width)
    assert ink.dtype == np.float32
    assert not prepare(ink).empty


def test_reading_leaves_the_callers_pillow_picture_alone():
    picture = DARK_ON_LIGHT.resize((800, 800))
    before = picture.tobytes()
    ink_from_picture(picture)
    assert picture.size == (800, 800)
    assert picture.tobytes() == before
