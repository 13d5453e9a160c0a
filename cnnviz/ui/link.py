"""A set-up in the page's address: what a link asked for, and what of it can't be used.

What a page's address may have is a `Table`: a row a name, with its type and what it may be. `take`
holds the address against it before a widget does, since Streamlit's own reading of a widget's
parameter (`bind="query-params"`) stops at an empty or infinite one. Grids of numbers are kept by
`parameter` and `remember`. `unusable` says, once, what was refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.errors import StreamlitAPIException

from cnnviz.components.escaping import escaped
from cnnviz.spelling import count

T = TypeVar("T")

# Kept by the network view itself.
OF_THE_VIEW = {"pin", "scope"}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 30  # characters
_LARGE = 1_000_000  # from here on its digits are grouped


class Row(Protocol):
    """One parameter: `parse` raises ValueError, saying what would do, for a text it can't be;
    `may_be` says in general what would."""

    @property
    def may_be(self) -> str: ...

    def parse(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Choice:
    """One of `options`, spelled as it is shown."""

    options: Sequence[Any]

    @property
    def may_be(self) -> str:
        return ", ".join(f"`{option}`" for option in self.options)

    def parse(self, text: str) -> Any:
        for option in self.options:
            if text == str(option):
                return option
        raise ValueError(f"must be one of {', '.join(map(str, self.options))}, got {_short(text)}")


@dataclass(frozen=True)
class Switch:
    """true or false."""

    may_be = "`true`, `false`"

    def parse(self, text: str) -> bool:
        return Choice(("true", "false")).parse(text.lower()) == "true"


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`."""

    least: float
    most: float
    whole: bool = False

    @property
    def may_be(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        most = count(int(self.most)) if self.most >= _LARGE else f"{self.most:g}"
        return f"{kind} from {self.least:g} to {most}"

    def parse(self, text: str) -> float:
        wanted = f"must be {self.may_be}, got {_short(text)}"
        # Python's float would take other scripts' digits, 1_0, and infinity, too.
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise ValueError(wanted)
        value = float(text)
        if not self.least <= value <= self.most or (self.whole and not value.is_integer()):
            raise ValueError(wanted)
        return int(value) if self.whole else value


@dataclass(frozen=True)
class Name:
    """A name of something that only the page knows: any text; none where it may be `empty`."""

    empty: bool = False

    may_be = "a name that the page has"

    def parse(self, text: str) -> str:
        if (not text and not self.empty) or len(text) > 200:
            raise ValueError(f"must be a name, got {_short(text)}")
        return text


@dataclass(frozen=True)
class Written:
    """Numbers as somebody writes them; their field on the page reads them, and says what's wrong.

    `reads` raises ValueError for what it can't read; without it, any text goes to the field.
    """

    reads: Callable[[str], Any] | None = None

    may_be = "as it is typed on the page"

    def parse(self, text: str) -> Any:
        return self.reads(text) if self.reads else text


@dataclass(frozen=True)
class Table:
    """What the address of a `page` may have, by name.

    `starts` are what those begin with that Streamlit's own widgets don't keep there: `take` puts
    what the link asks for, or else these, into the session as `{page}_{name}`.
    """

    page: str
    rows: Mapping[str, Row]
    starts: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


def take(table: Table) -> None:
    """Take from the address what a page's widgets can use; call before any of them.

    What they can't goes out of the address, and the page runs again without it.
    """
    page = table.page
    st.session_state.setdefault(f"{page}_asked", st.query_params.to_dict())
    _, refused = read(table, texts(table))
    if _without(refused):
        # Of the first run alone: the note is about the link that brought somebody here.
        st.session_state.setdefault(f"{page}_refused", {}).update(refused)
        st.rerun()
    for name, start in table.starts.items():
        parameter(page, name, table.rows[name].parse, start)


def texts(table: Table) -> dict[str, list[str]]:
    """What the address has of the table's parameters, by name."""
    found = {name: st.query_params.get_all(name) for name in table.rows}
    return {name: texts for name, texts in found.items() if texts}


def read(
    table: Table, texts: Mapping[str, str | Sequence[str]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that `texts` spell, and of those that spell none the reason, both by name."""
    values, refused = {}, {}
    for name, row in table.rows.items():
        given = texts.get(name, ())
        given = [given] if isinstance(given, str) else given
        if not given:
            continue
        try:
            if len(given) > 1:
                raise ValueError(f"is there {len(given)} times")
            values[name] = row.parse(given[0])
        except ValueError as error:
            refused[name] = str(error)
    return values, refused


def _without(names: Mapping[str, str]) -> bool:
    """Take these out of the address; whether there was one."""
    gone = False
    for name in names:
        # A widget that has a value already keeps to it, and to its parameter.
        with suppress(StreamlitAPIException):
            del st.query_params[name]
            gone = True
    return gone


def asked(page: str) -> dict[str, str]:
    """The address's parameters when this session first came to `page`."""
    return st.session_state.get(f"{page}_asked", {})


def parameter(page: str, name: str, parse: Callable[[str], T], default: T) -> T:
    """What this session has for `name`, at first what the link asks for, if `parse` takes it.

    `parse` raises ValueError for what can't be used; then it's `default`, and the note of
    `unusable` gives the reason.
    """
    key = f"{page}_{name}"
    if key not in st.session_state:
        st.session_state[key] = default
        text = asked(page).get(name)
        if text is not None:
            try:
                st.session_state[key] = parse(text)
            except ValueError as error:
                refuse(page, name, str(error))
    return st.session_state[key]


def refuse(page: str, name: str, reason: str) -> None:
    """Have the note say why `name` can't be what the link asks for."""
    st.session_state.setdefault(f"{page}_refused", {}).setdefault(name, reason)


def remember(name: str, text: str, default: str) -> None:
    """Put `name` into the address, or take it out where it is the default."""
    if text == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != text:
        st.query_params[name] = text


def keep(table: Table, name: str, value: str | float) -> None:
    """Put what `name` is now into the address, or take it out where the page starts with that."""
    start = table.starts[name]
    remember(name, *(v if isinstance(v, str) else f"{v:g}" for v in (value, start)))


def unusable(table: Table, every: Table, now_in_view: object) -> None:
    """Say which of the link's parameters aren't in use; call after the widgets that are in sight.

    `every` is the table of what the address of any page may have. The note goes away with the first
    change of a setting, or of what is `now_in_view`.
    """
    page, note = table.page, f"{table.page}_note"
    now = {name: value for name in table.rows if (value := _current(page, name)) is not None}
    now["now in view"] = repr(now_in_view)
    first: dict[str, str] = st.session_state.setdefault(f"{page}_first", {})
    if any(first.setdefault(name, value) != value for name, value in now.items()):
        st.session_state[note] = ""
    if note not in st.session_state:
        refused: dict[str, str] = {
            **st.session_state.get(f"{every.page}_refused", {}),
            **st.session_state.get(f"{page}_refused", {}),
        }
        parts = []
        for name, text in asked(page).items():
            if name in OF_THE_VIEW or (name in every.rows and name not in refused):
                continue
            if name not in table.rows and name not in every.rows:
                parts.append(f"`{_plain(name)}` isn't a setting of this page")
            elif name in refused:
                parts.append(f"`{name}={_plain(text)}`: {escaped(_plain(refused[name], 200))}")
            elif name in st.session_state and not _same(text, st.session_state[name]):
                parts.append(f"`{name}={_plain(text)}` is no value it can have")
        st.session_state[note] = "; ".join(parts)
    if said := st.session_state[note]:
        st.info(f"Part of the link was ignored: {said}.", icon=":material/link_off:")


def _current(page: str, name: str) -> str | None:
    """What a setting is now, to compare: its widget's value, or what the session keeps."""
    for key in (name, f"{page}_{name}"):
        if key in st.session_state:
            return repr(st.session_state[key])
    return None


def _same(text: str, value: Any) -> bool:
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, int | float):
        with suppress(ValueError):
            return float(text) == float(value)
    return text == str(value)


def _short(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def _plain(text: str, most: int = 60) -> str:
    """Short, and without what Markdown would read as more than text."""
    kept = "".join(c if c.isalnum() or c in " .,;:+-−_'()/×|" else "?" for c in text)
    return kept if len(kept) <= most else kept[:most] + "…"
