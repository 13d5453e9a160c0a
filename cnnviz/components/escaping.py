"""Names that somebody gave, where Streamlit reads Markdown: labels, captions, tables, messages."""

import re

# A colon that nothing follows begins neither a colour nor an icon.
_MARKUP = re.compile(r"[\\`*_\[\]$<>#~|&]|:(?=\S)")
# What Streamlit makes of text once the Markdown has been read, a backslash or not: icons, emoji,
# links, arrows and dashes. Small text without a letter keeps the two sides apart: who copies what
# is shown gets what was said.
_APART = ":small[]"
_HERE = "\0"  # in its place while the rest is escaped; Markdown has no such character
_MADE_LATER = re.compile(
    r"(?<=:)(?=material|[\w+-]+:|//)"
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
    text = re.sub(r"\s+", " ", str(said)).replace(_HERE, "\N{REPLACEMENT CHARACTER}")
    text = _MARKUP.sub(r"\\\g<0>", _MADE_LATER.sub(_HERE, text))
    return _BLOCK.sub(r"\1\\\2", text).replace(_HERE, _APART)


def as_sentence(error: str | Exception) -> str:
    """What the core says is wrong, as a sentence in Markdown; a parameter's name keeps its case."""
    text = escaped(error).rstrip(".")
    first = text.partition(" ")[0]
    return f"{text}." if "_" in first else f"{text[:1].upper()}{text[1:]}."
