"""Where the shipped lessons are."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch"})
"""Their folders, and what they call themselves."""

BANK = "bank.toml"
"""The name of a file that holds questions of *Check yourself*."""


def paths(language: str = ENGLISH) -> list[Path]:
    """The files of the course, in its order."""
    return sorted((HERE / language).glob("[0-9]*.toml"))
