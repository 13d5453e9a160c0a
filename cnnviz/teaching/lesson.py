"""A lesson: symbols of one's own, and what was drawn of each. Nothing here is ever changed: each
step makes another lesson, so that a step back is the lesson of before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.drawing.classes import checked_classes
from cnnviz.drawing.frames import MNIST
from cnnviz.drawing.preprocessing import prepare

FEWEST_SYMBOLS, MOST_SYMBOLS = 2, 10
FEWEST_DRAWINGS = 3
"""Of each symbol, to train: one is held back for the test, and one drawing alone shows no
difference."""

MOST_DRAWINGS = 5_000
OTHER, OTHER_ID = "none of these", 0
"""The symbol, where it is wanted, of what is none of the others."""

SIDE = MNIST.height
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Symbol:
    """`id` is its own for good; `name` may change."""

    id: int
    name: str


@dataclass(frozen=True, eq=False)
class Drawing:
    """`picture` (28, 28) is the ink as a network sees it, of the symbol with the id `symbol`."""

    id: int
    symbol: int
    picture: Picture


@dataclass(frozen=True, eq=False)
class Taken:
    """What was taken out of a lesson: a symbol, its place among the others, and its drawings, of
    which those in `crossed_out` didn't count."""

    symbol: Symbol
    place: int
    drawings: tuple[Drawing, ...]
    crossed_out: frozenset[int]


@dataclass(frozen=True, eq=False)
class Lesson:
    """Two to ten `symbols` and up to 5,000 `drawings` of them, in the order in which they came.

    Those whose ids are in `crossed_out` don't count, and can be brought back until the next
    training. Besides the ten there may be one last symbol for what is none of them.

    `last_id` and `last_symbol` are the highest ids that drawings and symbols have ever had: an id
    is never given again, as what was learnt of a drawing, and a click, may come after it has gone.

    Raises ValueError naming what can't be.
    """

    symbols: tuple[Symbol, ...]
    drawings: tuple[Drawing, ...] = ()
    crossed_out: frozenset[int] = field(default=frozenset(), kw_only=True)
    last_id: int = field(default=0, kw_only=True)
    last_symbol: int = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        count = len(self.symbols) - self.other
        if not FEWEST_SYMBOLS <= count <= MOST_SYMBOLS:
            raise ValueError(
                f"there must be {FEWEST_SYMBOLS} to {MOST_SYMBOLS} symbols, got {count}"
            )
        checked_classes(self.classes)
        if len(self.drawings) > MOST_DRAWINGS:
            raise ValueError(
                f"a drawing set has room for {MOST_DRAWINGS:,} drawings, got {len(self.drawings):,}"
            )
        last = max((drawing.id for drawing in self.drawings), default=0)
        object.__setattr__(self, "last_id", max(self.last_id, last))
        last = max(symbol.id for symbol in self.symbols)
        object.__setattr__(self, "last_symbol", max(self.last_symbol, last))

    @property
    def classes(self) -> tuple[str, ...]:
        """What a network is to tell apart."""
        return tuple(symbol.name for symbol in self.symbols)

    @property
    def other(self) -> bool:
        """Whether there is a symbol for what is none of the others."""
        return self.has(OTHER_ID)

    @property
    def counted(self) -> tuple[Drawing, ...]:
        """The drawings that aren't crossed out."""
        return tuple(drawing for drawing in self.drawings if drawing.id not in self.crossed_out)

    def of(self, symbol: int) -> tuple[Drawing, ...]:
        """Its drawings, those that are crossed out too."""
        return tuple(drawing for drawing in self.drawings if drawing.symbol == symbol)

    def count(self, symbol: int) -> int:
        """Of its drawings, without those that are crossed out."""
        return sum(drawing.symbol == symbol for drawing in self.counted)

    def symbol(self, id: int) -> Symbol:
        """Raises KeyError for one that isn't there."""
        for symbol in self.symbols:
            if symbol.id == id:
                return symbol
        raise KeyError(id)

    def has(self, id: int) -> bool:
        return any(symbol.id == id for symbol in self.symbols)

    def more(self, name: str | None = None) -> "Lesson":
        """With one symbol more, called `name`, else by its number."""
        id = 1 + self.last_symbol
        free = (f"symbol {number}" for number in range(len(self.symbols) + 1 - self.other, 1000))
        called = name or next(name for name in free if name not in self.classes)
        symbols = (*self.symbols, Symbol(id, called))
        return replace(self, symbols=tuple(sorted(symbols, key=lambda s: s.id == OTHER_ID)))

    def with_other(self) -> "Lesson":
        """With a symbol for what is none of the others. Raises ValueError where there is one."""
        return replace(self, symbols=(*self.symbols, Symbol(OTHER_ID, OTHER)))

    def renamed(self, id: int, name: str) -> "Lesson":
        name = name.strip()
        return replace(
            self,
            symbols=tuple(Symbol(s.id, name) if s.id == id else s for s in self.symbols),
        )

    def without(self, id: int) -> "Lesson":
        """Without the symbol and its drawings."""
        return replace(
            self,
            symbols=tuple(symbol for symbol in self.symbols if symbol.id != id),
            drawings=tuple(drawing for drawing in self.drawings if drawing.symbol != id),
            crossed_out=self.crossed_out - {drawing.id for drawing in self.of(id)},
        )

    def taken(self, id: int) -> Taken:
        """What `without` takes out. Raises KeyError for a symbol that isn't there."""
        symbol, drawings = self.symbol(id), self.of(id)
        crossed_out = self.crossed_out & {drawing.id for drawing in drawings}
        return Taken(symbol, self.symbols.index(symbol), drawings, crossed_out)

    def with_back(self, taken: Taken) -> "Lesson":
        """With what was taken out of it, where it was; all that has come since stays."""
        symbols = list(self.symbols)
        if not self.has(taken.symbol.id):
            symbols.insert(taken.place, taken.symbol)
        return replace(
            self,
            symbols=tuple(sorted(symbols, key=lambda s: s.id == OTHER_ID)),
            # Ids grow: this is the order in which they came.
            drawings=tuple(sorted((*self.drawings, *taken.drawings), key=lambda d: d.id)),
            crossed_out=self.crossed_out | taken.crossed_out,
        )

    def drawn(self, symbol: int, *pictures: Picture) -> "Lesson":
        """With `pictures` (28, 28) of `symbol` more."""
        self.symbol(symbol)
        first = 1 + self.last_id
        more = [Drawing(first + at, symbol, picture) for at, picture in enumerate(pictures)]
        return replace(self, drawings=(*self.drawings, *more))

    def undone(self) -> "Lesson":
        """Without the drawing that came last; of none that is the lesson itself."""
        last = self.drawings[-1:]
        gone = {drawing.id for drawing in last}
        return replace(self, drawings=self.drawings[:-1], crossed_out=self.crossed_out - gone)

    def crossed(self, id: int) -> "Lesson":
        """With the drawing crossed out, or back again where it was."""
        known = {drawing.id for drawing in self.drawings}
        return replace(self, crossed_out=(self.crossed_out ^ {id}) & known)

    def tidied(self) -> "Lesson":
        """Without the drawings that are crossed out."""
        return replace(self, drawings=self.counted, crossed_out=frozenset())


def begun(names: Sequence[str] = ("symbol 1", "symbol 2")) -> Lesson:
    """Without a drawing yet. Raises ValueError for names that can't be."""
    return Lesson(tuple(Symbol(id, name.strip()) for id, name in enumerate(names, start=1)))


def missing(lesson: Lesson) -> str | None:
    """What there must be before it can be trained, in a sentence; None where all is there."""
    few = [
        f"{symbol.name} has {lesson.count(symbol.id)}"
        for symbol in lesson.symbols
        if lesson.count(symbol.id) < FEWEST_DRAWINGS
    ]
    if not few:
        return None
    said = ", ".join(few[:3]) + (f" and {len(few) - 3} more have too few" if few[3:] else "")
    return f"Each symbol needs {FEWEST_DRAWINGS} drawings at least: {said}."


def as_picture(ink: NDArray[np.floating]) -> Picture | None:
    """Ink (H, W) in [0, 1] as a network sees it: (28, 28); None where there is none."""
    prepared = prepare(ink)
    if prepared.empty:
        return None
    picture = np.round(prepared.centred * 255).astype(np.uint8)
    picture.flags.writeable = False
    return picture


def stacked(drawings: Iterable[Drawing]) -> Picture:
    """(n, 28, 28)."""
    pictures = [drawing.picture for drawing in drawings]
    return np.stack(pictures) if pictures else np.zeros((0, SIDE, SIDE), np.uint8)
