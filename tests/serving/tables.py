"""docs/security.md as data: what its tables say was sent, and what came of it."""

import re
from pathlib import Path

SECURITY = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)


def rows(heading: str) -> list[tuple[str, str]]:
    """The rows of the first table under `heading`, without its own head."""
    _, _, after = SECURITY.partition(f"\n### {heading}\n")
    table = re.split(r"^#", after, maxsplit=1, flags=re.MULTILINE)[0]
    return [(sent.strip("`"), outcome) for sent, outcome in _ROW.findall(table)[2:]]
