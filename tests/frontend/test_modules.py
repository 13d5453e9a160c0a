"""A component's entry names every module below it: a browser asks for all of them at once."""

import re
from pathlib import Path

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


def test_the_network_views_modules_are_found_at_once() -> None:
    entry = FRONTEND / "network_view" / "index.js"
    missing = below(entry) - imports(entry)
    assert not missing, f"name in {entry.name}: {sorted(m.name for m in missing)}"
    assert len(below(entry)) > 30
