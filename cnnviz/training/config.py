"""What a training run is told: a row for every setting. No torch here."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cnnviz.datasets import own
from cnnviz.datasets.catalogue import Dataset, everything, named, of_own
from cnnviz.datasets.outlines import Outline, is_name
from cnnviz.datasets.stored import Unavailable
from cnnviz.networks.architecture import (
    ARTICLE,
    Architecture,
    has_convolutions_of_article,
    normalised,
)
from cnnviz.networks.notation import text_of
from cnnviz.training import network
from cnnviz.training.settings import (
    Choice,
    Number,
    Option,
    Setting,
    Share,
    Whole,
    choice,
    row,
    setting_of,
)

PRESET = choice(
    Option(
        "article",
        help="As in “Convolutional Neural Networks”: seed 42, Adam 0.001, batches of 64, "
        "ten epochs.",
    ),
    Option(
        "fast",
        help="For a live audience: the learning rate climbs and falls once; "
        "98\u00a0% in two epochs.",
    ),
    Option("tiny", help="A few seconds on 1,437 small digits from scikit-learn: needs no MNIST."),
    Option("own", label="own…", help="Your own settings, below."),
)
MOST_IMAGES = 1_000_000
EPOCHS = Whole(1, 100)
BATCH_SIZE = Whole(1, 4096)
LEARNING_RATE = Number(1e-6, 10.0, step=0.001)

_MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class TrainingConfig:
    """Every setting of a run; the defaults are the article's own recipe.

    A field is a setting, and its metadata the setting's row (see `cnnviz.training.settings`):
    this is the one place that says what a setting may be and what it is called. `outline` alone is
    none: it is what is known of a person's own data set, kept so that a run can still say what it
    learnt when that has been deleted.

    Raises:
        ValueError: naming the setting, its value and its range.
    """

    preset: str = field(default="article", metadata=row(PRESET, help="The settings to begin with."))
    dataset: str = field(
        default="mnist",
        metadata=row(
            Choice(lambda: tuple(Option(d.name, d.label, said=d.title) for d in everything())),
            "Images",
            "What to train on.",
        ),
    )
    train_size: int | None = field(
        default=None,
        metadata=row(
            Whole(
                1,
                MOST_IMAGES,
                most=lambda others: _images_of(others).train,
                none="all",
            ),
            "How many",
            "Of these images, the first. Fewer make a worse network, and show why data matters.",
        ),
    )
    epochs: int = field(default=10, metadata=row(EPOCHS, "Epochs", "Times through all the images."))
    batch_size: int = field(
        default=64,
        metadata=row(
            BATCH_SIZE,
            "Batch size",
            "Images a step averages over: larger is smoother, but fewer steps.",
            said="batches of {}",
        ),
    )
    learning_rate: float = field(
        default=1e-3,
        metadata=row(
            LEARNING_RATE,
            "Learning rate",
            "How far a step goes, the peak with one-cycle. Too small: slow. Too large: the loss "
            "explodes.",
        ),
    )
    optimizer: str = field(
        default="adam",
        metadata=row(
            choice(Option("adam", "Adam", said="Adam"), Option("sgd", "SGD", said="SGD")),
            "Optimizer",
            "Adam gives every weight a step size of its own; SGD rolls like a ball.",
        ),
    )
    schedule: str = field(
        default="constant",
        metadata=row(
            choice("constant", Option("one-cycle", said="one-cycle up to ")),
            "Schedule",
            "One-cycle climbs to the learning rate, then falls to nothing.",
        ),
    )
    augmentation: str = field(
        default="none",
        metadata=row(
            choice(
                "none",
                "shifts",
                Option("affine", "shifts, turns, sizes", said="shifts, turns and sizes"),
            ),
            "Augmentation",
            "Shifts: every image is moved by up to two pixels, anew each time. Turns and sizes: by "
            "up to 12 degrees and 15 % besides.",
            said="random {}",
        ),
    )
    momentum: float = field(
        default=0.9,
        metadata=row(
            Share(),
            "Momentum",
            "How much of a step of SGD is kept for the next.",
            said="momentum {:g}",
            only_with=("optimizer", "sgd"),
        ),
    )
    model: str = field(default="SimpleCNN", metadata=network.MODEL)
    hidden: int = field(default=3, metadata=network.HIDDEN)
    channels: tuple[int, int] = field(default=(4, 8), metadata=network.CHANNELS)
    kernel_size: int = field(default=3, metadata=network.KERNEL_SIZE)
    activation: str = field(default="relu", metadata=network.ACTIVATION)
    pooling: str = field(default="max", metadata=network.POOLING)
    layers: str = field(default=text_of(ARTICLE), metadata=network.LAYERS)
    start: str = field(default="random", metadata=network.START)
    shuffle_pixels: int | None = field(
        default=None,
        metadata=row(
            Whole(0, _MOST_SEED, none="no"),
            help="Every image's pixels in one random order, drawn from this seed.",
            said="pixels shuffled",
        ),
    )
    seed: int = field(
        default=42,
        metadata=row(
            Whole(0, _MOST_SEED), "Seed", "Another seed, another start and order.", said="seed {}"
        ),
    )
    threads: int = field(
        default=1,
        metadata=row(
            Whole(1, 64),
            "Threads",
            "That torch computes with. The network is small: one is nearly as fast.",
            said="{} threads",
        ),
    )

    outline: Outline | None = None

    def __post_init__(self) -> None:
        if self.outline is not None and self.outline.name != self.dataset:
            object.__setattr__(self, "outline", None)
        if self.outline is None and is_name(self.dataset):
            object.__setattr__(self, "outline", _outline(self.dataset))
        for setting in SETTINGS.values():
            if setting.name == "dataset" and self.outline is not None:
                continue  # it is known, be it there or not
            checked = setting.check(getattr(self, setting.name), vars(self))
            object.__setattr__(self, setting.name, checked)
        architecture = self.architecture  # which must fit the pictures
        if self.starts_with_shipped and not has_convolutions_of_article(architecture):
            raise ValueError(
                "start: the shipped convolutions are 4 and 8 kernels of 3×3, with relu and max "
                f"pooling, for pictures of one channel; these are {self.channels[0]} and "
                f"{self.channels[1]} of {self.kernel_size}×{self.kernel_size}, with "
                f"{self.activation} and {self.pooling} pooling, for {self.images.shape[0]}"
            )

    @property
    def images(self) -> Dataset:
        """What it trains on."""
        return _images_of(vars(self))

    @property
    def architecture(self) -> Architecture:
        """The network that it trains, for the pictures and classes of its data set."""
        images = self.images
        plain = network.architecture(vars(self), images.shape, len(images.classes))
        return normalised(plain, images.frame)

    @property
    def starts_with_shipped(self) -> bool:
        """Whether its convolutions are the shipped network's to begin with."""
        return self.start == "article" and SETTINGS["start"].applies(vars(self))

    @property
    def samples(self) -> int:
        """Training images in an epoch."""
        return self.train_size or self.images.train

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.samples / self.batch_size)

    @property
    def compares_with_article(self) -> bool:
        """Whether the article's printed losses are this run's too (threads aside)."""
        recipe = replace(self, preset="article", epochs=10, threads=1)
        return recipe == TrainingConfig()

    def to_dict(self) -> dict[str, Any]:
        settings = {name: getattr(self, name) for name in SETTINGS}
        if self.outline is not None:
            settings["outline"] = self.outline.to_dict()
        return settings

    def to_json(self) -> str:
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> "TrainingConfig":
        """Raises ValueError for a setting that doesn't exist, besides those of the class."""
        outline = settings.get("outline")
        for name in settings:
            if name not in SETTINGS and name != "outline":
                raise ValueError(
                    f"{name!r} is not a setting; there are {', '.join(sorted(SETTINGS))}"
                )
        if isinstance(outline, Mapping):
            settings = {**settings, "outline": Outline.from_dict(outline)}
        elif outline is not None:
            raise ValueError(f"outline must say what is known of a data set, got {outline!r:.60}")
        return cls(**settings)


def _outline(name: str) -> Outline:
    """Of a collection that must be there. Raises ValueError."""
    try:
        return own.outline(name)
    except Unavailable as error:
        raise ValueError(f"dataset {name}: {error}") from None


def _images_of(settings: Mapping[str, Any]) -> Dataset:
    """The data set among the `settings`. Raises ValueError for one that isn't there."""
    outline = settings.get("outline")
    return named(settings["dataset"]) if outline is None else of_own(outline)


SETTINGS: dict[str, Setting] = {
    row.name: setting_of(row) for row in fields(TrainingConfig) if row.metadata
}
"""The rows, by name, in the order in which a form asks for them."""


def check(name: str, value: Any) -> Any:
    """`value` of the setting `name`, which doesn't depend on others, as a configuration keeps it.

    Raises:
        ValueError: naming the setting, its value and its range.
    """
    return SETTINGS[name].check(value, {})
