"""What each page's address may have: one table a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnviz.datasets.catalogue import DATASETS, named
from cnnviz.drawing import compact
from cnnviz.labs import convolution_1d, convolution_2d, grids, heat, pooling, signals, translation
from cnnviz.labs.appearance import RANGES
from cnnviz.labs.convolution_2d import pair
from cnnviz.lessons.files import LANGUAGES
from cnnviz.lessons.files import names as lessons
from cnnviz.networks.architecture import ARTICLE
from cnnviz.networks.notation import address_of, layers_in_address
from cnnviz.reasons.rule import LEAST_RATE, MOST_RATE, OPTIMIZERS
from cnnviz.ui.link import Choice, Name, Number, Row, Switch, Table, Written
from cnnviz.ui.why.sections import CHANGES, LARGEST_PATCH, MAPS, SECTIONS, WAYS

PLACE = re.compile(r"([0-9]{1,4})[.]([0-9]{1,4})")

DIGITS = Choice(range(10))
CHANNELS = Choice((1, 2, 3))

DRAWING = "my drawing"
THIS, SAMPLES, LESSON, TEST, RUN = "this drawing", "samples", "my lesson", "test images", "the run"
AS_DRAWN = ""
"""Which no class is called: the one that the drawing is of."""
LEARN_FROM = (THIS, SAMPLES, LESSON, TEST, RUN)
SOURCES = ("grid", "digit", DRAWING, "picture", "upload")
FEATURES = "feature map"
LIBRARIES = ("NumPy", "PyTorch")
PASSES: tuple[str, ...] = ("low-pass", "high-pass", "the ones above")

# What the labs open with.
_SLIDING, _POOLING = convolution_2d.Settings(), pooling.Settings()


ARTICLES, UNTRAINED = "article", "untrained"
HALVES = ("teach", "try")
_DIGEST = re.compile(r"[0-9a-f]{20}")
_NUMBERED = re.compile(r"([a-z][a-z0-9-]{0,40})[.]([0-9]{1,6})")
_MOST_STEPS = 10**9


@dataclass(frozen=True)
class Drawing:
    """What was drawn, as `cnnviz.drawing.compact` has it."""

    may_be = f"`empty`, strokes `s…`, a picture `p…`; at most {compact.MOST_CHARACTERS} characters"

    def parse(self, text: str) -> compact.Compact:
        return compact.read(text)


@dataclass(frozen=True)
class TestImage:
    """One of a data set's test images: its name and a number, mnist.123."""

    __test__ = False  # pytest would take it for a test
    may_be = f"{', '.join(f'`{name}.`' for name in DATASETS)} and a number, as `mnist.123`"

    def parse(self, text: str) -> tuple[str, int]:
        found = _NUMBERED.fullmatch(text)
        if found is None or found[1] not in DATASETS:
            names = ", ".join(DATASETS)
            raise ValueError(f"must be one of {names}, and a number: mnist.0, got {text!r:.20}")
        return found[1], int(found[2])


@dataclass(frozen=True)
class Weights:
    """A network that comes with cnnviz by its name, any other by the digest of its weights."""

    may_be = f"`{ARTICLES}`, `{UNTRAINED}`, or the digest of somebody's own weights"

    def parse(self, text: str) -> str:
        if text not in (ARTICLES, UNTRAINED) and not _DIGEST.fullmatch(text):
            raise ValueError(
                f"must be {ARTICLES}, {UNTRAINED} or the digest of weights, got {text!r:.30}"
            )
        return text


@dataclass(frozen=True)
class StepOfLesson:
    """A lesson and its step, from 1: 02-flip-slide.3."""

    may_be = "a lesson's name and a step: `02-flip-slide.3`"

    def parse(self, text: str) -> tuple[str, int]:
        name, _, step = text.rpartition(".")
        names = lessons()
        if name not in names or not re.fullmatch("[0-9]{1,2}", step) or step == "0":
            raise ValueError(f"must be a lesson and a step, {names[1]}.3, got {text!r:.30}")
        return name, int(step)


@dataclass(frozen=True)
class Pair:
    """A setting called `name` as it is typed: one number or two, rows and columns."""

    name: str
    least: int

    @property
    def may_be(self) -> str:
        return f"one number or two, as `2` or `2, 1`, from {self.least}"

    def parse(self, text: str) -> str:
        """`text` itself, if it can be read."""
        self.numbers(text)
        return text

    def numbers(self, text: str) -> tuple[int, int]:
        """Rows and columns. Raises ValueError that says what would do."""
        return pair(self.name, text, self.least)


def _image(*more: str) -> dict[str, Row]:
    """What `image_source` keeps."""
    return {"input": Choice((*SOURCES, *more)), "digit": DIGITS, "grid": Written(grids.planes)}


def _pictures(text: str) -> str:
    """A data set that is there, the catalogue's or one of somebody's own."""
    return named(text).name


def _layers(text: str) -> str:
    """`text` itself, if it lists layers."""
    layers_in_address(text)
    return text


def _place(text: str) -> str:
    """`text` itself, if it is a row and a column, 4.6, or neither."""
    if text and not PLACE.fullmatch(text):
        raise ValueError(f"must be a row and a column such as 4.6, got {text!r:.20}")
    return text


# What the address of any page may have.
SESSION = Table(
    "session",
    MappingProxyType(
        {
            "drawing": Drawing(),
            "test": TestImage(),
            "sample": DIGITS,
            "centre": Switch(),
            "model": Weights(),
            "run": Name(),
            "course": StepOfLesson(),
            "language": Choice(tuple(LANGUAGES)),
        }
    ),
)

DRAW = Table("draw", MappingProxyType({"changes": Written()}))

TRAINING = Table(
    "training",
    MappingProxyType(
        {
            "step": Number(0, _MOST_STEPS, whole=True),
            "compare": Number(0, _MOST_STEPS, whole=True),
        }
    ),
)

TEACH = Table(
    "teach",
    MappingProxyType({"lesson": Name(), "doing": Choice(HALVES)}),
    starts={"doing": HALVES[0]},
)

LESSONS = Table("lessons", MappingProxyType({}))

BUILD = Table(
    "build",
    MappingProxyType(
        {"layers": Written(_layers), "data": Written(_pictures)},
    ),
    starts={"layers": address_of(ARTICLE), "data": "mnist"},
    beside=("build_draft", "build_fitting", "build_weights", "build_weights_problem"),
)

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
    starts={"time": 2.0},
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
            "stride": Pair("stride", 1),
            "padding": Pair("padding", 0),
            "dilation": Pair("dilation", 1),
            "padding_mode": Choice(convolution_2d.PADDING_MODES),
            "both": Switch(),
        }
    ),
    starts={name: str(getattr(_SLIDING, name)[0]) for name in ("stride", "padding", "dilation")},
)

POOLING = Table(
    "pooling",
    MappingProxyType(
        {
            **_image(FEATURES),
            "layer": Name(),
            "operation": Choice(pooling.POOLINGS),
            "window": Pair("window", 1),
            "pool_stride": Pair("stride", 1),
            "pool_padding": Pair("padding", 0),
            "pool_dilation": Pair("dilation", 1),
            "ceil_mode": Switch(),
            "weights": Written(),
            "shift": Number(0, pooling.FURTHEST, whole=True),
        }
    ),
    starts={
        "window": str(_POOLING.kernel[0]),
        "pool_stride": str(_POOLING.stride[0]),
        "pool_padding": str(_POOLING.padding[0]),
        "pool_dilation": str(_POOLING.dilation[0]),
        "shift": 1,
    },
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

# Of any layer, flattened maps included: what a network really has bounds the page's field.
MOST_UNITS = 9_999_999

# What a pixel without ink is taken for.
FILLS = ("paper", "ink", "grey")

WHY = Table(
    "why",
    MappingProxyType(
        {
            "about": Choice(tuple(SECTIONS)),
            "why": Name(),
            "not": Name(),
            "left": Choice(WAYS),
            "right": Choice(WAYS),
            "patch": Number(1, LARGEST_PATCH, whole=True),
            "fill": Choice(FILLS),
            "cam": Name(),
            "into": Name(),
            "by": Choice(CHANGES),
            "true": Name(empty=True),
            "learn": Choice(LEARN_FROM),
            "rule": Choice(OPTIMIZERS),
            "rate": Number(LEAST_RATE, MOST_RATE),
            "weight": Name(),
            "picture": Number(0, MOST_UNITS, whole=True),
            "layer": Written(),
            "channel": Number(0, MOST_UNITS, whole=True),
            "unit": Written(_place),
            "map": Choice(MAPS),
        }
    ),
    starts={
        "about": "ink",
        "left": "occlusion",
        "right": "integrated",
        "by": "pixels",
        "true": AS_DRAWN,
        "picture": 0,
        "layer": "",
        "channel": 0,
        "unit": "",
        "map": MAPS[0],
    },
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "draw": DRAW,
        "why": WHY,
        "convolution_1d": CONVOLUTION_1D,
        "convolution_2d": CONVOLUTION_2D,
        "pooling": POOLING,
        "translation": TRANSLATION,
        "build": BUILD,
        "training": TRAINING,
    }
)
"""Those of the pages on which a lesson can take place, by the page's path."""
