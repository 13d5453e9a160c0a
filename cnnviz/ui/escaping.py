"""Names that somebody gave, where Streamlit reads Markdown: labels, captions, tables, messages."""


def escaped(name: str) -> str:
    """`name` as Markdown that shows it to the letter, also in a cell of a table."""
    return "".join(f"\\{c}" if c in "\\`*_[]:$<>#~|" else c for c in name)


def as_sentence(error: ValueError) -> str:
    """What the core says is wrong, as a sentence in Markdown."""
    text = escaped(str(error))
    return f"{text[:1].upper()}{text[1:]}."
