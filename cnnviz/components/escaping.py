"""Names that somebody gave, where Streamlit reads Markdown: labels, captions, tables, messages."""

import re

# What Streamlit makes of text once the Markdown has been read, a backslash or not: icons, its logo,
# links, and arrows and dashes. A word joiner, which isn't seen, keeps the two sides apart.
_JOINER = "\u2060"
_MADE_LATER = re.compile(
    r"(?<=:)(?=material|streamlit:|//)"
    r"|(?<=www)(?=\.)"
    r"|(?<=[\w.+-])(?=@\w)"
    r"|(?<=(?<!\S)[<>~-])(?=(?:->|[>=-])(?!\S))",
    re.IGNORECASE,
)
# A list's item or a line across, where text begins with it.
_BLOCK = re.compile(r"^( ?\d*)([-+=.)])(?![\w.])")


def escaped(said: str | Exception) -> str:
    """A name or an error's message as Markdown that shows it to the letter, in one line, also in a
    cell of a table."""
    text = _MADE_LATER.sub(_JOINER, re.sub(r"\s+", " ", str(said)))
    text = "".join(f"\\{c}" if c in "\\`*_[]:$<>#~|&" else c for c in text)
    return _BLOCK.sub(r"\1\\\2", text)


def as_sentence(error: str | Exception) -> str:
    """What the core says is wrong, as a sentence in Markdown."""
    text = escaped(error).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
