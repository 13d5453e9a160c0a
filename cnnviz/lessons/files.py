"""Where the shipped lessons are."""

from pathlib import Path

HERE = Path(__file__).parent
ENGLISH = "en"
LANGUAGES = ("en", "de")


def paths(language: str = ENGLISH) -> list[Path]:
    """The files of the course, in its order."""
    return sorted((HERE / language).glob("[0-9]*.toml"))
