"""What each page's address may have: one table a page."""

from types import MappingProxyType

from cnnviz.labs import convolution_1d, convolution_2d, grids, heat, pooling, signals, translation
from cnnviz.labs.appearance import RANGES
from cnnviz.labs.convolution_2d import pair
from cnnviz.ui.link import Choice, Name, Number, Row, Switch, Table, Written

DIGITS = Choice(range(10))
CHANNELS = Choice((1, 2, 3))

DRAWING = "my drawing"
SOURCES = ("grid", "digit", DRAWING, "picture", "upload")
FEATURES = "feature map"
LIBRARIES = ("NumPy", "PyTorch")
PASSES: tuple[str, ...] = ("low-pass", "high-pass", "the ones above")
START_TIME = 2.0  # seconds


def _pair(name: str, least: int) -> Written:
    return Written(lambda text: pair(name, text, least))


def _image(*more: str) -> dict[str, Row]:
    """What `image_source` keeps."""
    return {"input": Choice((*SOURCES, *more)), "digit": DIGITS, "grid": Written(grids.planes)}


CONVOLUTION_1D = Table(
    "conv1d",
    MappingProxyType(
        {
            "signal": Written(),
            "filter": Written(),
            "flip": Switch(),
            "mode": Choice(convolution_1d.MODES),
            "hop": Number(1, convolution_1d.MAX_STEP, whole=True),
            "gap": Number(1, convolution_1d.MAX_STEP, whole=True),
            "predict": Switch(),
            "at": Number(0, signals.MAX_SAMPLES + signals.MAX_TAPS, whole=True),
            "code": Choice(LIBRARIES),
            "rod": Choice(tuple(heat.RODS)),
            "time": Number(0, heat.LONGEST),
            "passes": Choice(PASSES),
        }
    ),
    starts={"time": START_TIME},
)

CONVOLUTION_2D = Table(
    "conv2d",
    MappingProxyType(
        {
            **_image(),
            "in": CHANNELS,
            "out": CHANNELS,
            "kernels": Written(),
            "bias": Written(),
            "stride": _pair("stride", 1),
            "padding": _pair("padding", 0),
            "dilation": _pair("dilation", 1),
            "padding_mode": Choice(convolution_2d.PADDING_MODES),
            "both": Switch(),
        }
    ),
)

POOLING = Table(
    "pooling",
    MappingProxyType(
        {
            **_image(FEATURES),
            "layer": Name(),
            "operation": Choice(pooling.POOLINGS),
            "window": _pair("window", 1),
            "pool_stride": _pair("stride", 1),
            "pool_padding": _pair("padding", 0),
            "pool_dilation": _pair("dilation", 1),
            "ceil_mode": Switch(),
            "weights": Written(),
            "shift": Number(0, pooling.FURTHEST, whole=True),
        }
    ),
    starts={"shift": 1},
)

TRANSLATION = Table(
    "translation",
    MappingProxyType(
        {
            "digit_at": Choice((*(str(digit) for digit in DIGITS.options), DRAWING)),
            "label": DIGITS,
            "dx": Number(-translation.RADIUS, translation.RADIUS, whole=True),
            "dy": Number(-translation.RADIUS, translation.RADIUS, whole=True),
            **{name: Number(span.start, span.stop) for name, span in RANGES.items()},
        }
    ),
)
