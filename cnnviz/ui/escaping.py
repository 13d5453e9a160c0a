"""Names that somebody gave, where Streamlit reads Markdown: labels, captions, tables."""


def escaped(name: str) -> str:
    """`name` as Markdown that shows it to the letter, also in a cell of a table."""
    return "".join(f"\\{c}" if c in "\\`*_[]:$<>#~|" else c for c in name)
