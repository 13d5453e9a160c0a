"""Any picture file to a plain grey picture: opened within bounds, upright, without transparency."""

import base64
import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from cnnviz.spelling import count, fixed, short

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_BYTES = 30 * 1000 * 1000
# A telephone's usual 12 and 24 megapixels. Decoded and converted, a picture may take 12 bytes a
# pixel, WebP 19. JPEG is decoded small, but where it comes in several passes all of it is kept
# until the last: 2 bytes a pixel and band.
MAX_PIXELS = 12_500_000
MAX_WEBP_PIXELS = 9_000_000
MAX_JPEG_PIXELS = 25_000_000
MIN_SIDE = 8
MAX_ASPECT = 20
# A digit in a corner of a photograph still has more than the 20 pixels that the network sees.
WORKING_SIDE = 384
_TILE_WIDTH, _TILE_LENGTH = 322, 323  # tags of TIFF


def open_picture(data: bytes) -> Image.Image:
    """The first picture in `data`, checked before it is decoded.

    Raises ValueError, saying why, for what isn't a picture, is cut off, or is too large.
    """
    if not data:
        raise ValueError("The file is empty.")
    if len(data) > MAX_BYTES:
        raise ValueError(
            f"The file has more than {MAX_BYTES // 10**6} MB, the most that a picture may have."
        )
    try:
        picture = _opened(data, FORMATS)
    except Image.UnidentifiedImageError as error:
        kind = "a PDF" if data.startswith(b"%PDF") else "not a picture that can be read"
        raise ValueError(
            f"This file is {kind}; it should be a PNG, JPEG, GIF, BMP, TIFF or WebP picture."
        ) from error
    except Image.DecompressionBombError as error:
        raise ValueError(f"The picture has more than {count(MAX_JPEG_PIXELS)} pixels.") from error
    except Exception as error:  # a broken header can fail in any way
        raise ValueError("The picture is damaged: its header can't be read.") from error
    _check_size(picture)
    _check_tiles(picture)
    # JPEG can be decoded at an eighth of its size straight away.
    picture.draft(None, (WORKING_SIDE * 2, WORKING_SIDE * 2))
    try:
        picture.load()
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, struct.error ...
        raise ValueError(
            f"The {picture.format} picture is damaged or cut off, so it can't be read whole."
        ) from error
    return _reduced(picture)


def open_canvas(url: str, side: int) -> np.ndarray:
    """RGBA (side, side, 4) uint8 of what a canvas of that size has sent: a PNG as a data URL.

    Raises ValueError, before it is decoded, for anything else: it came from a browser, where
    anybody can send anything.
    """
    head = "data:image/png;base64,"
    # A PNG that packs nothing has 4 bytes a pixel, one a row and some headers; base64 adds a third.
    if not isinstance(url, str) or not url.startswith(head) or len(url) > 6 * side * side + 4000:
        raise ValueError("The drawing isn't a PNG of the canvas.")
    try:
        picture = _opened(base64.b64decode(url[len(head) :]), ("PNG",))
    except Exception as error:  # binascii.Error, UnidentifiedImageError, a header that is broken
        raise ValueError("The drawing is damaged: its PNG can't be read.") from error
    if picture.size != (side, side):
        width, height = picture.size
        raise ValueError(
            f"The drawing is {count(width)}×{count(height)} pixels, the canvas {side}×{side}."
        )
    try:
        return np.asarray(picture.convert("RGBA"))
    except Exception as error:
        raise ValueError("The drawing is damaged: its PNG can't be read.") from error


def grey(picture: Image.Image) -> tuple[np.ndarray, np.ndarray | None]:
    """Lightness (H, W) in [0, 1], upright, at most 384 pixels a side; and alpha (H, W) or None.

    Reads every mode: palette, 1, 8, 16 and 32 bit grey, CMYK, with or without transparency.
    Raises ValueError for a picture with a side under 8 pixels, too many pixels, or more than 20
    times as long as it is wide.
    """
    _check_size(picture)
    try:
        # A turned picture is a new one; the caller's stays as it was.
        picture = ImageOps.exif_transpose(picture)
    except Exception:
        picture = picture.copy()  # unreadable EXIF: as it lies
    if picture.mode.startswith(("I", "F")):
        return _shrunk(_deep(picture)), None
    if picture.has_transparency_data:
        colour = picture.convert("RGBA").convert(
            "RGBa"
        )  # premultiplied, so that shrinking weighs by alpha
        colour.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
        light, alpha = colour.convert("RGBA").convert("L"), colour.getchannel("a")
        return _unit(light), _unit(alpha)
    light = picture.convert("L") if picture.mode in ("L", "1", "RGB") else _luminance(picture)
    light.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return _unit(light), None


def _opened(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    """Its header is read, and no pixel."""
    with warnings.catch_warnings():
        # Pillow warns of large pictures; here they are refused in plain words.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=formats)


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if min(width, height) < MIN_SIDE:
        raise ValueError(
            f"The picture is {width}×{height} pixels; "
            f"a digit needs at least {MIN_SIDE}×{MIN_SIDE} to be seen."
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ValueError(
            f"The picture is {count(width)}×{count(height)} pixels, too narrow to hold a digit."
        )
    most = _most_pixels(picture)
    if width * height > most:
        raise ValueError(
            f"The picture is {count(width)}×{count(height)} pixels, "
            f"{fixed(width * height / 1e6, 0)} million; at most "
            f"{short(most / 1e6)} million can be read. Make it smaller first."
        )


def _most_pixels(picture: Image.Image) -> int:
    if picture.format == "WEBP":
        return MAX_WEBP_PIXELS
    if picture.format != "JPEG":
        return MAX_PIXELS
    return MAX_JPEG_PIXELS * 3 // max(3, len(picture.getbands()))


def _check_tiles(picture: Image.Image) -> None:
    """A TIFF's tiles have a size of their own, and room is made for a whole one."""
    tags = getattr(picture, "tag_v2", {})
    if (tile := tags.get(_TILE_WIDTH, 0) * tags.get(_TILE_LENGTH, 0)) > MAX_PIXELS:
        raise ValueError(f"The picture has tiles of {fixed(tile / 1e6, 0)} million pixels.")


def _reduced(picture: Image.Image) -> Image.Image:
    """A large picture at a fraction of its size: what is done with it next makes copies."""
    factor = max(picture.size) // (2 * WORKING_SIDE)
    if factor < 2:
        return picture
    if picture.mode.startswith("I;"):
        picture = picture.convert("I")
    elif picture.has_transparency_data:
        # Premultiplied, so that colours under what is transparent don't show.
        picture = picture.convert("RGBA").convert("RGBa")
    elif picture.mode not in ("L", "RGB", "I", "F"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    small = picture.reduce(factor)
    return small.convert("RGBA") if small.mode == "RGBa" else small


def _luminance(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").convert("L")


def _unit(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.float64) / 255


def _deep(picture: Image.Image) -> np.ndarray:
    """Grey of 16 or 32 bits, or floating point, to [0, 1]."""
    values = np.asarray(picture).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("The picture holds NaN or infinite values.")
    lowest, highest = float(values.min()), float(values.max())
    if lowest < 0 or highest > 65535:
        # Nothing says what white is: the picture's own range has to.
        return (values - lowest) / max(highest - lowest, 1e-12)
    return values / (65535 if highest > 255 else 255 if highest > 1 else 1)


def _shrunk(values: np.ndarray) -> np.ndarray:
    picture = Image.fromarray(values)
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(picture, dtype=np.float64).clip(0, 1)
