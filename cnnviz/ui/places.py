"""Numbers within a text that leave the words around them where they are when they change."""


def place(words: str, most: int) -> str:
    """`words` as HTML in a place as wide as `most` digits, whatever is in it."""
    return (
        "<span style='display:inline-block;font-variant-numeric:tabular-nums;"
        f"min-width:{most}ch'>{words}</span>"
    )
