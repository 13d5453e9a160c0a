"""What a row of the table of settings is made of: kinds of values, each with its range.

The table itself is `cnnviz.training.config.TrainingConfig`: a field a setting. The checks, the
command line, the form on the page and the words about a run all read the same row.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass
from functools import lru_cache
from typing import Any, TypeGuard

from cnnviz.drawing.frames import is_whole
from cnnviz.networks.architecture import ARTICLE, Architecture
from cnnviz.networks.notation import layers_of, text_of


@dataclass(frozen=True)
class Option:
    """One value of a `Choice`.

    `label` is what a menu calls it, `flag` the command line, `said` a sentence about a run ("" is
    not said at all); each is the value itself where it isn't given. `help` says what it is.
    """

    value: str | int
    label: str | None = None
    flag: str | None = None
    said: str | None = None
    help: str = ""


@dataclass(frozen=True)
class Choice:
    """One of a few values: `listed`, or those that it lists when it is asked."""

    listed: tuple[Option, ...] | Callable[[], tuple[Option, ...]]

    @property
    def options(self) -> tuple[Option, ...]:
        return self.listed() if callable(self.listed) else self.listed

    @property
    def values(self) -> tuple[str | int, ...]:
        return tuple(option.value for option in self.options)

    @property
    def flags(self) -> dict[str | int, str | int]:
        """What the command line calls each value, and the value."""
        return {option.flag or option.value: option.value for option in self.options}

    def option(self, value: str | int) -> Option:
        return next(option for option in self.options if option.value == value)

    def check(self, name: str, value: Any) -> str | int:
        if not any(value == known and type(value) is type(known) for known in self.values):
            known = ", ".join(map(str, self.values))
            raise ValueError(f"{name} must be one of {known}, got {value!r}")
        return value

    def shown(self, value: Any) -> str:
        return self.option(value).label or str(value)


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, or to what `most` makes of the other settings.

    `none` is what None means, in a word, where that is allowed.
    """

    low: int
    high: int
    most: Callable[[Mapping[str, Any]], int] | None = None
    none: str | None = None

    def among(self, others: Mapping[str, Any]) -> "Whole":
        """The same with its upper end settled by the `others`."""
        return self if self.most is None else Whole(self.low, self.most(others), none=self.none)

    def check(self, name: str, value: Any) -> int | None:
        if value is None and self.none is not None:
            return value
        if not (is_whole(value) and self.low <= value <= self.high):
            raise ValueError(
                f"{name} must be a whole number from {self.low} to {self.high}, got {value!r}"
            )
        return value

    def shown(self, value: Any) -> str:
        return str(self.none if value is None else value)


@dataclass(frozen=True)
class Wholes:
    """Several whole numbers from `low` to `high`, each with a name of its own."""

    names: tuple[str, ...]
    low: int
    high: int

    def check(self, name: str, value: Any) -> tuple[int, ...]:
        if (
            not isinstance(value, tuple | list)
            or len(value) != len(self.names)
            or not all(is_whole(part) and self.low <= part <= self.high for part in value)
        ):
            raise ValueError(
                f"{name} must be {len(self.names)} whole numbers from {self.low} to {self.high}, "
                f"got {value!r}"
            )
        return tuple(value)

    def shown(self, value: Any) -> str:
        return " and ".join(map(str, value))


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`; `step` is what a field's arrows move it by."""

    low: float
    high: float
    step: float

    def check(self, name: str, value: Any) -> float:
        if not _is_number(value) or not self.low <= value <= self.high:
            raise ValueError(
                f"{name} must be a number from {self.low:g} to {self.high:g}, got {value!r}"
            )
        return float(value)

    def shown(self, value: Any) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class Share:
    """A number from 0 to below 1."""

    def check(self, name: str, value: Any) -> float:
        if not _is_number(value) or not 0 <= value < 1:
            raise ValueError(f"{name} must be a number from 0 to below 1, got {value!r}")
        return float(value)

    def shown(self, value: Any) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class Layers:
    """A network's layers as text (`cnnviz.networks.notation`)."""

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a text such as {text_of(ARTICLE)!r}, got {value!r}")
        try:
            return text_of(layers_of(value))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    def shown(self, value: Any) -> str:
        return value


@lru_cache(maxsize=64)
def network_of(layers: str, picture: tuple[int, int, int], classes: int) -> Architecture:
    """The network that `layers` lists, for such pictures and classes. Raises ValueError."""
    try:
        return Architecture(layers_of(layers), picture, classes)
    except ValueError as error:
        raise ValueError(f"layers: {error}") from None


Kind = Choice | Whole | Wholes | Number | Share | Layers


@dataclass(frozen=True)
class Setting:
    """A row: all that is known of one setting.

    `label` stands over its field in the form, and None keeps it out of there; `help` says what it
    does. `said` is a format for its value in a sentence about a run that isn't the article's.
    `only_with` is another setting and the one value of it with which this one has any effect.
    """

    name: str
    default: Any
    kind: Kind
    label: str | None
    help: str
    said: str
    only_with: tuple[str, str] | None

    @property
    def words(self) -> str:
        """Its name as people write it."""
        return self.name.replace("_", " ")

    def applies(self, settings: Mapping[str, Any]) -> bool:
        """Whether it has an effect among the other `settings`."""
        return self.only_with is None or settings[self.only_with[0]] == self.only_with[1]

    def check(self, value: Any, others: Mapping[str, Any]) -> Any:
        """`value`, as a configuration keeps it.

        Raises:
            ValueError: naming the setting, its value and what it may be among the `others`.
        """
        kind = self.kind.among(others) if isinstance(self.kind, Whole) else self.kind
        return kind.check(self.name, value)

    def in_words(self, value: Any) -> str:
        if isinstance(self.kind, Choice):
            said = self.kind.option(value).said
            value = value if said is None else said
            return "" if value == "" else self.said.format(value)
        return self.said.format(*value) if isinstance(value, tuple) else self.said.format(value)


def row(
    kind: Kind,
    label: str | None = None,
    help: str = "",
    said: str = "{}",
    only_with: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """The metadata of a dataclass field: everything of a `Setting` but its name and default."""
    return {"kind": kind, "label": label, "help": help, "said": said, "only_with": only_with}


def setting_of(field: Field) -> Setting:
    return Setting(field.name, field.default, **field.metadata)


def choice(*options: str | int | Option) -> Choice:
    return Choice(tuple(o if isinstance(o, Option) else Option(o) for o in options))


def _is_number(value: Any) -> TypeGuard[float]:
    # NaN, infinity and whole numbers too large for a float: the comparison with a range refuses.
    return isinstance(value, int | float) and not isinstance(value, bool)
