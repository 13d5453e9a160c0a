"""Any picture file to a plain grey picture: opened within bounds, upright, without transparency."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_BYTES = 30 * 1000 * 1000
# A telephone's largest picture; in memory at most 4 bytes a pixel while it is made smaller.
MAX_PIXELS = 50_000_000
MIN_SIDE = 8
MAX_ASPECT = 20
# A digit in a corner of a photograph still has more than the 20 pixels that the network sees.
WORKING_SIDE = 384


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
        with warnings.catch_warnings():
            # Pillow warns of large pictures; here they are refused in plain words below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.UnidentifiedImageError as error:
        kind = "a PDF" if data.startswith(b"%PDF") else "not a picture that can be read"
        raise ValueError(
            f"This file is {kind}; it should be a PNG, JPEG, GIF, BMP, TIFF or WebP picture."
        ) from error
    except Image.DecompressionBombError as error:
        raise ValueError(f"The picture has more than {MAX_PIXELS:,} pixels.") from error
    except Exception as error:  # a broken header can fail in any way
        raise ValueError("The picture is damaged: its header can't be read.") from error
    _check_size(picture)
    # JPEG can be decoded at an eighth of its size straight away.
    picture.draft(None, (WORKING_SIDE * 2, WORKING_SIDE * 2))
    try:
        picture.load()
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, struct.error ...
        raise ValueError(
            f"The {picture.format} picture is damaged or cut off, so it can't be read whole."
        ) from error
    return picture


def grey(picture: Image.Image) -> tuple[np.ndarray, np.ndarray | None]:
    """Lightness (H, W) in [0, 1], upright, at most 384 pixels a side; and alpha (H, W) or None.

    Reads every mode: palette, 1, 8, 16 and 32 bit grey, CMYK, with or without transparency.
    Raises ValueError for a picture with a side under 8 pixels, over 50 million pixels, or more than
    20 times as long as it is wide.
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


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if min(width, height) < MIN_SIDE:
        raise ValueError(
            f"The picture is {width}×{height} pixels; "
            f"a digit needs at least {MIN_SIDE}×{MIN_SIDE} to be seen."
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ValueError(f"The picture is {width:,}×{height:,} pixels, too narrow to hold a digit.")
    if width * height > MAX_PIXELS:
        raise ValueError(
            f"The picture is {width:,}×{height:,} pixels, {width * height / 1e6:.0f} million; "
            f"at most {MAX_PIXELS // 10**6} million can be read. Make it smaller first."
        )


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
