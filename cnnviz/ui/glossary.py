"""Words of `cnnviz.glossary` explained where they stand in a page."""

import re
import zlib
from functools import lru_cache
from html import escape

import streamlit as st

from cnnviz.glossary import ENTRIES, PLACES, Entry

_BY_SPELLING = {spelling.lower(): entry for entry in ENTRIES for spelling in entry.spellings}
# The longest first: "feature maps" before "map". Not within a word, a code span, a link or a tag.
_WORDS = "|".join(map(re.escape, sorted(_BY_SPELLING, key=len, reverse=True)))
_FOUND = re.compile(
    rf"`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>|(?<![\w-])(?P<word>{_WORDS})(?![\w-])", re.IGNORECASE
)


@lru_cache(maxsize=64)
def marked(text: str) -> str:
    """HTML, or Markdown for `unsafe_allow_html=True`, with the first of each word explained.

    The word is a button, so that it's reached by keyboard and by touch; `page.css` shows its
    meaning while it, or the link in it, is pointed at or focused.
    """
    known: set[Entry] = set()

    def explain(found: re.Match[str]) -> str:
        word = found["word"]
        entry = word and _BY_SPELLING[word.lower()]
        if not entry or entry in known:
            return found[0]
        known.add(entry)
        name = f"meaning-{zlib.crc32((text + word).encode()):08x}"
        return (
            f'<span class="term"><button type="button" aria-describedby="{name}">{word}</button>'
            f'<span class="meaning" role="tooltip" id="{name}">{escape(entry.sentence)} '
            f'<a href="{entry.page or "."}" target="_self">{PLACES[entry.page]}</a></span></span>'
        )

    return _FOUND.sub(explain, text)


def caption(text: str) -> None:
    """`st.caption` with its words explained."""
    st.caption(marked(text), unsafe_allow_html=True)


def markdown(text: str) -> None:
    """`st.markdown` with its words explained."""
    st.markdown(marked(text), unsafe_allow_html=True)


def html(text: str) -> None:
    """HTML that looks like `st.caption`, with its words explained.

    For the page that is opened first: HTML in Markdown makes Streamlit fetch a parser for it before
    it shows anything at all.
    """
    st.html(f'<div class="explained">{marked(text)}</div>')
