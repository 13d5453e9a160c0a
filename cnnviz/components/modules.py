"""All ES modules of a component in one file, so that a browser asks for it once.

Streamlit serves each module by itself, compresses it anew for every visitor and gives a browser
nothing to keep it by: fetching the network view's eighty took a third of the time that its page
took to open. So they are put one after the other into a file, each in a function of its own. What
one edits, tests and reads stays the modules; nothing has to be built.
"""

import contextlib
import hashlib
import logging
import re
import time
from pathlib import Path

from cnnviz.files import write_atomically

FRONTEND = Path(__file__).parents[1] / "frontend"
MADE = FRONTEND / "made"

# Biome writes all of them alike, and what is written otherwise is refused below.
IMPORT = re.compile(
    r'^import (?:(?P<names>\{[^}]*\}|\* as \w+) from )?"(?P<path>\.[^"]+)";', re.MULTILINE
)
DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
NOTHING = re.compile(r"^export \{\};$", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$", re.MULTILINE | re.DOTALL)

OLD = 7 * 24 * 3600.0
"""Seconds after which no server sends a file made of modules as they once were."""

_log = logging.getLogger(__name__)


def together(entry: str) -> str:
    """The path, from the frontend's folder, of one file with `entry` and every module below it.

    It is `entry` itself where the folder can't be written or a module can't be put into a function.
    """
    component = Path(entry).parent.name
    try:
        text = bundle(FRONTEND / entry)
        digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        path = MADE / f"{component}-{digest}.js"
        if not path.exists():
            write_atomically(path, text.encode())
            _remove_old(component)
    except (OSError, ValueError) as error:
        _log.warning("%s: modules are sent one by one (%s)", component, error)
        return entry
    return path.relative_to(FRONTEND).as_posix()


def _remove_old(component: str) -> None:
    for made in MADE.glob(f"{component}-*.js"):
        with contextlib.suppress(OSError):
            if time.time() - made.stat().st_mtime > OLD:
                made.unlink()


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
    parts = ["// Made by cnnviz/components/modules.py: edit the modules themselves."]
    parts += [_as_function(module, text, place) for module, text in modules.items()]
    return "\n".join([*parts, f"export default m{place[entry.resolve()]}.main;", ""])


def _as_function(module: Path, text: str, place: dict[Path, int]) -> str:
    """`m<its place>`: a module's exports by name, the default one as `main`."""

    def bound(found: re.Match[str]) -> str:
        names = found["names"]
        if names is None:
            return ""
        held = f"m{place[(module.parent / found['path']).resolve()]}"
        if names.startswith("*"):
            return f"const {names.removeprefix('* as ')} = {held};"
        return f"const {names.replace(' as ', ': ')} = {held};"

    text = IMPORT.sub(bound, COMMENT.sub("", text))
    exports = [found[2] for found in DECLARED.finditer(text)]
    text = NOTHING.sub("", DECLARED.sub(r"\1 \2", text))
    text, defaults = DEFAULT.subn("const main = ", text)
    if defaults:
        exports.append("main")
    if other := OTHER.search(text):
        raise ValueError(f"{module.name}: {other[0]!r} is a form of import or export unknown here")
    name = module.relative_to(FRONTEND).as_posix()
    body = re.sub(r"\n{2,}", "\n", text).strip()
    return (
        f"// {name}\nconst m{place[module]} = (() => {{\n{body}\n"
        f"return {{ {', '.join(exports)} }};\n}})();"
    )
