"""A component's entry names every module below it: a browser asks for all of them at once."""

import re
from pathlib import Path

import pytest

from tests.browser.chromium import ROOT

FRONTEND = ROOT / "cnnviz" / "frontend"
IMPORT = re.compile(r'^(?:import|export)\b(?:[^;"]*?\bfrom)?\s*"(\.[^"]+)"', re.MULTILINE)


def imports(module: Path) -> set[Path]:
    text = module.read_text(encoding="utf-8")
    return {(module.parent / name).resolve() for name in IMPORT.findall(text)}


def below(entry: Path) -> set[Path]:
    found: set[Path] = set()
    waiting = [entry]
    while waiting:
        for module in imports(waiting.pop()) - found:
            found.add(module)
            waiting.append(module)
    return found


@pytest.mark.parametrize("entry", sorted(FRONTEND.glob("*/index.js")), ids=lambda e: e.parent.name)
def test_a_components_modules_are_found_at_once(entry: Path) -> None:
    missing = below(entry) - imports(entry)
    names = sorted(str(module.relative_to(FRONTEND)) for module in missing)
    assert not missing, f"name in {entry.parent.name}/{entry.name}: {names}"


def test_the_search_for_modules_finds_them() -> None:
    assert len(below(FRONTEND / "network_view" / "index.js")) > 30
