"""The page that somebody has chosen stays chosen, whatever the one that they leave still says.

A browser names the page that it shows with all that it tells, and it shows the old one until the
new one's run has begun: what a widget tells meanwhile (a drawing's canvas does so 200 ms after the
pen was lifted) would be taken for a wish to stay.
"""

from __future__ import annotations

import copy
from typing import Any, Protocol, TypeVar


class Told(Protocol):
    """What a browser tells: Streamlit's protocol buffer `ClientState`."""

    page_script_hash: str
    fragment_id: str
    query_string: str
    is_history_navigation: bool

    @property
    def widget_states(self) -> Any: ...


T = TypeVar("T", bound=Told)


class Chosen:
    """Which page one session is to be on, until its browser tells something of it."""

    def __init__(self) -> None:
        self._choice: tuple[str, str] | None = None  # the page, and what its address asks for
        self._running = ""

    def told(self, state: T) -> T:
        """What the server is to do at this message: where it is of a page that is being left, its
        widgets' values count, for the page that was chosen."""
        if _is_choice(state):
            self._choice = (state.page_script_hash, state.query_string)
            return state
        choice, self._choice = self._choice, None
        if choice is None or state.page_script_hash in ("", choice[0]):
            return state
        self._choice = choice
        late = copy.deepcopy(state)
        late.fragment_id = ""
        late.page_script_hash, late.query_string = choice
        return late

    def runs(self, page: str) -> None:
        """A run of the page with this hash has begun: another than before, and than was chosen, is
        where a script has gone by itself (`st.switch_page`, which empties the address).

        The first is no other than before: Streamlit begins it as the app's first page, and learns
        in it which page the address names.
        """
        chosen = self._choice is not None and self._choice[0] == page
        if self._running and page != self._running and not chosen:
            self._choice = (page, "")
        self._running = page


def _is_choice(state: Told) -> bool:
    """Whether somebody went to a page: a widget that tells something is among the values told, and
    app.py, all that stays as pages change, has none."""
    return bool(
        state.page_script_hash
        and not state.fragment_id
        and (state.is_history_navigation or not state.widget_states.widgets)
    )
