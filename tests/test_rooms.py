"""The rooms of the house: who may import whom, as docs/architecture.md has it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "cnnviz"

# From the ground up: a room may import those below it and no other.
FLOORS = (
    ("cnnviz", "app_folder", "files", "glossary", "palette", "people", "spelling"),
    ("plain_files", "serving"),
    ("drawing",),
    ("datasets", "networks"),
    ("images", "labs", "training", "reasons"),
    ("runs", "teaching", "lessons"),
    ("figures", "views"),
    ("export",),
    ("components", "notebook"),
    ("ui",),
    ("commands",),
    ("__main__", "pages", "app"),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
STREAMLIT_ROOMS = {"components", "ui", "pages", "app"}


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] != "cnnviz":
        return parts[0]
    return "cnnviz" if parts[1] == "__init__" else parts[1]


def imports(path: Path) -> Iterator[str]:
    """Dotted names that the file imports, wherever in it; those for types alone left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    for node in for_types:
        node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def rooms_imported(path: Path) -> set[str]:
    ours = (name.split(".") for name in imports(path) if name.split(".")[0] == "cnnviz")
    return {parts[1] if len(parts) > 1 and parts[1] in FLOOR_OF else "cnnviz" for parts in ours}


SOURCES = [*CORE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards_only(path: Path):
    room = room_of(path)
    assert room in FLOOR_OF, f"{room} is in no row of FLOORS"
    above = {other for other in rooms_imported(path) - {room} if FLOOR_OF[other] >= FLOOR_OF[room]}
    assert not above, f"{path.relative_to(ROOT)} imports {', '.join(sorted(above))} from above"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_streamlit_is_known_in_components_and_ui_alone(path: Path):
    if room_of(path) in STREAMLIT_ROOMS:
        return
    known = {name.split(".")[0] for name in imports(path)} & {
        "streamlit",
        "streamlit_drawable_canvas",
    }
    assert not known


def test_the_house_has_a_row_for_every_room():
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in {room_of(path) for path in SOURCES} - {"cnnviz"}:
        places = (f"cnnviz/{room}/", f"cnnviz/{room}.py", f"{room}/", f"{room}.py")
        assert any(f"`{place}`" in table for place in places), f"{room} has no row"


def test_no_room_has_two_rows():
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `cnnviz/")]
    assert sorted(rooms) == sorted(set(rooms))
