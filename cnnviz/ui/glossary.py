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
    rf"`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>"
    rf"|(?<![\w-])(?P<word>{_WORDS})(?![\w-])(?P<after>[.,;:!?)]*)",
    re.IGNORECASE,
)


# The little of Markdown that such texts have.
_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(.+?)\*"), r"<em>\1</em>"),
)


@lru_cache(maxsize=64)
def marked(text: str) -> str:
    """`text`, HTML, with the first of each word explained.

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
            f'<a href="{entry.page or "."}" target="_self">{PLACES[entry.page]}</a></span>'
            f"{found['after']}</span>"  # with the word: no line begins with a full stop
        )

    return _FOUND.sub(explain, text)


def words(text: str) -> None:
    """HTML that looks like `st.markdown`, with its words explained; **bold** and *italic* are too.

    HTML in Markdown makes Streamlit fetch a parser for it before it shows anything at all, and what
    stands below is pushed down as it comes.
    """
    for pattern, tag in _INLINE:
        text = pattern.sub(tag, text)
    st.html(f'<div class="explained said">{marked(text)}</div>')


def html(text: str) -> None:
    """HTML that looks like `st.caption`, with its words explained."""
    st.html(f'<div class="explained">{marked(text)}</div>')
