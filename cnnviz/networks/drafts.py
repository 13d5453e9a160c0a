"""A network as somebody builds it: layers whose numbers are still text, and may not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields

from cnnviz.networks import advice
from cnnviz.networks.advice import Wanted
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.kinds.layer import Layer, range_of, written
from cnnviz.networks.notation import number_of
from cnnviz.networks.steps import Step, names_of, walk

MOST_CHARACTERS = 24
"""Of a number that is typed: as many as one of double precision has at most."""


@dataclass(frozen=True)
class Typed:
    """A layer of a `kind`, with what is typed for each of its numbers, by name."""

    kind: str
    numbers: Mapping[str, str]

    @classmethod
    def of(cls, layer: Layer) -> "Typed":
        """As one would type `layer`: an optional number that isn't given is empty."""
        values = {part.name: getattr(layer, part.name) for part in fields(layer)}
        return cls(layer.kind, {n: "" if v is None else written(v) for n, v in values.items()})

    def layer(self) -> Layer:
        """Raises ValueError, naming the number that isn't one, or can't be that."""
        row = KINDS[self.kind]
        values: dict[str, int | float | None] = {}
        for part in fields(row):
            text = self.numbers.get(part.name, "").strip()
            if not text and range_of(part).optional:
                values[part.name] = None
            elif not text and part.name not in self.numbers and part.default is not MISSING:
                values[part.name] = part.default
            else:
                values[part.name] = number_of(text, f"{self.kind} {part.name}")
        return row(**values)


Draft = tuple[Typed, ...]


@dataclass(frozen=True)
class Judged:
    """A draft as far as it fits: its `steps`, and all `names`; `problem` says what is wrong at the
    layer of number `at`. Without a problem it is an `architecture`."""

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    architecture: Architecture | None = None
    problem: str | None = None
    at: int | None = None


def draft_of(layers: Sequence[Layer]) -> Draft:
    return tuple(map(Typed.of, layers))


def draft_from(sent: object) -> Draft:
    """What a browser sent: a list of pairs, a kind and its numbers as text.

    Raises ValueError for whatever else it may be.
    """
    if not isinstance(sent, list) or len(sent) > advice.MOST_LAYERS + 1:
        raise ValueError(f"layers must be a list of up to {advice.MOST_LAYERS}")
    return tuple(map(_typed, sent))


def _typed(pair: object) -> Typed:
    match pair:
        case [str(kind), dict(numbers)] if kind in KINDS and all(
            isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in numbers.values()
        ):
            names = [part.name for part in fields(KINDS[kind])]
            return Typed(kind, {name: str(numbers.get(name, "")) for name in names})
    raise ValueError(f"a layer must be its kind and its numbers as text, got {pair!r:.60}")


def judge(draft: Draft, wanted: Wanted) -> Judged:
    """How far it fits, and what stands in the way, with a change that would do."""
    names = tuple(names_of([KINDS[typed.kind] for typed in draft]))
    layers: list[Layer] = []
    unread = None
    for typed in draft:
        try:
            layers.append(typed.layer())
        except ValueError as error:
            unread = str(error)
            break
    steps, stuck = _as_far_as_it_fits(layers, wanted)
    if unread is not None and not stuck:
        at = len(layers)
        return Judged(names, steps, None, f"{names[at]}: {unread}", at)
    found = advice.problem(layers, wanted)
    if found is None:
        channels, rows, columns = wanted.picture
        picture = channels, rows, columns
        return Judged(names, steps, Architecture(tuple(layers), picture, wanted.classes))
    words = advice.in_words(tuple(layers), wanted, found)
    return Judged(names, steps, None, words, max(found.index, 0))


def _as_far_as_it_fits(layers: Sequence[Layer], wanted: Wanted) -> tuple[tuple[Step, ...], bool]:
    """The steps up to the first layer that can't read what is made before it; if there is one."""
    for count in range(len(layers), -1, -1):
        try:
            return tuple(walk(layers[:count], wanted.picture)), count < len(layers)
        except ValueError:
            continue
    return (), True
