"""ES modules put one after the other into one: each in a function of its own.

What one edits, tests and reads stays the modules; nothing has to be built.
"""

import re
from pathlib import Path

FRONTEND = Path(__file__).parents[1] / "frontend"

# Biome writes all of them alike, and what is written otherwise is refused below.
IMPORT = re.compile(
    r'^import (?:(?P<names>\{[^}]*\}|\* as \w+) from )?"(?P<path>\.[^"]+)";', re.MULTILINE
)
DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
NOTHING = re.compile(r"^export \{\};$", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(
    r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$|^[ \t]*//[^\n]*$", re.MULTILINE | re.DOTALL
)


def in_order(entry: Path) -> dict[Path, str]:
    """The modules of `entry` with their texts, each after those that it imports.

    Raises ValueError where modules import one another in a circle.
    """
    done: dict[Path, str] = {}
    above: list[Path] = []

    def visit(module: Path) -> None:
        if module in done:
            return
        if module in above:
            names = " → ".join(each.name for each in [*above[above.index(module) :], module])
            raise ValueError(f"modules import one another: {names}")
        above.append(module)
        text = module.read_text(encoding="utf-8")
        for found in IMPORT.finditer(text):
            visit((module.parent / found["path"]).resolve())
        done[above.pop()] = text

    visit(entry.resolve())
    return done


def bundle(entry: Path) -> str:
    """One module that runs `entry` and all below it, and exports what `entry` exports by default.

    Raises ValueError for an import or export in a form that isn't known here.
    """
    modules = in_order(entry)
    place = {module: at for at, module in enumerate(modules)}
    root = entry.resolve().parents[1]
    parts = ["// Made by cnnviz/views/modules.py: edit the modules themselves."]
    parts += [_as_function(module, text, place, root) for module, text in modules.items()]
    return "\n".join([*parts, f"export default m{place[entry.resolve()]}.main;", ""])


def _as_function(module: Path, text: str, place: dict[Path, int], root: Path) -> str:
    """`m<its place>`: a module's exports by name, the default one as `main`."""

    def bound(found: re.Match[str]) -> str:
        names = found["names"]
        if names is None:
            return ""
        held = f"m{place[(module.parent / found['path']).resolve()]}"
        if names.startswith("*"):
            return f"const {names.removeprefix('* as ')} = {held};"
        names = names.replace("default as ", "main as ").replace(" as ", ": ")
        return f"const {names} = {held};"

    text = IMPORT.sub(bound, COMMENT.sub("", text))
    exports = [found[2] for found in DECLARED.finditer(text)]
    text = NOTHING.sub("", DECLARED.sub(r"\1 \2", text))
    text, defaults = DEFAULT.subn("const main = ", text)
    if defaults:
        exports.append("main")
    if other := OTHER.search(text):
        raise ValueError(f"{module.name}: {other[0]!r} is a form of import or export unknown here")
    name = module.relative_to(root).as_posix()
    body = re.sub(r"\n{2,}", "\n", text).strip()
    return (
        f"// {name}\nconst m{place[module]} = (() => {{\n{body}\n"
        f"return {{ {', '.join(exports)} }};\n}})();"
    )
