"""Where lessons are: those that come with cnnviz, and a folder of one's own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch"})
"""Their folders, and what they call themselves."""


@dataclass(frozen=True)
class Spelling:
    """How values are written: `decimal` stands between a number's whole part and its fraction."""

    decimal: str
    yes: str
    no: str


SPELLINGS: Mapping[str, Spelling] = MappingProxyType(
    {"en": Spelling(".", "yes", "no"), "de": Spelling(",", "ja", "nein")}
)
"""In each of them."""

BANK = "bank.toml"
"""The name of a file that holds questions of *Check yourself*."""

OWN = "CNNVIZ_LESSONS"
"""The setting that names the folder of one's own lessons."""

MOST_OWN = 100


def paths(language: str = ENGLISH) -> list[Path]:
    """The files of the course, in its order."""
    return sorted((HERE / language).glob("[0-9]*.toml"))


def own_paths(language: str = ENGLISH) -> list[Path]:
    """The first MOST_OWN files in one's own folder, by their names: one's in a folder of it that is
    called by the `language` stands for the same name's beside it, or in another language's."""
    return _own(language)[:MOST_OWN]


def own_left_out() -> int:
    """How many files of one's own folder are one too many."""
    return max(0, len(_own(ENGLISH)) - MOST_OWN)


def _own(language: str) -> list[Path]:
    folder = os.environ.get(OWN)
    if not folder:
        return []
    others = [each for each in LANGUAGES if each not in (language, ENGLISH)]
    found: dict[str, Path] = {}
    for place in (*others, ".", ENGLISH, language):
        found |= {path.stem: path for path in Path(folder, place).glob("*.toml")}
    found.pop(Path(BANK).stem, None)
    return [found[name] for name in sorted(found)]


def own_is_missing() -> bool:
    """Whether the setting names what is no folder."""
    folder = os.environ.get(OWN)
    return bool(folder) and not Path(folder).is_dir()


def language_in(path: Path) -> str:
    """The language that a file's folder is called by, else English."""
    folder = path.parent.name
    return folder if folder in LANGUAGES else ENGLISH


def names() -> list[str]:
    """What every lesson is called, as in the address of a step."""
    return [path.stem for path in (*paths(), *own_paths())]
