"""A component's entry names every module below it: a browser asks for all of them at once."""

import os
import re
import time
from pathlib import Path

import pytest

from cnnviz.components import modules
from cnnviz.views.modules import FRONTEND, bundle
from tests.javascript import Node

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


@pytest.mark.parametrize("entry", sorted(FRONTEND.glob("*/index.js")), ids=lambda e: e.parent.name)
def test_a_component_is_sent_as_one_file(entry: Path) -> None:
    path = modules.together(f"{entry.parent.name}/index.js")
    assert path.startswith(f"made/{entry.parent.name}-")
    text = (FRONTEND / path).read_text(encoding="utf-8")
    assert not re.findall(r"^(?:import|export(?! default))\b", text, re.MULTILINE)
    for module in [entry, *below(entry)]:
        assert f"// {module.relative_to(FRONTEND).as_posix()}\n" in text


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "index.js"


def test_modules_in_one_file_see_what_they_import_and_nothing_else(
    tmp_path: Path, node: Node
) -> None:
    entry = written(
        tmp_path,
        index='import { half as h, TWO } from "./a.js";\nimport * as a from "./a.js";\n'
        "const secret = 1;\nexport default function show() {\n"
        '  return [h(TWO), a.half(6), secret, "export"];\n}\n',
        a='import "./b.js";\nconst secret = 2;\n/** Of two. */\nexport const TWO = secret;\n'
        "export function half(x) {\n  return x / secret;\n}\n",
        b="export {};\n",
    )
    made = tmp_path / "made.mjs"
    made.write_text(bundle(entry), encoding="utf-8")
    shown = node.run("const { default: show } = await load(sent); return show();", made.as_uri())
    assert shown == [1, 3, 1, "export"]


def test_modules_that_import_one_another_are_named(tmp_path: Path) -> None:
    entry = written(tmp_path, index='import "./a.js";\n', a='import "./index.js";\n')
    with pytest.raises(ValueError, match=r"index\.js → a\.js → index\.js"):
        bundle(entry)


def test_an_export_in_another_form_is_named(tmp_path: Path) -> None:
    entry = written(tmp_path, index='export * from "./a.js";\n', a="export {};\n")
    with pytest.raises(ValueError, match=r"index\.js: 'export \* from"):
        bundle(entry)


@pytest.mark.parametrize("sheet", sorted(FRONTEND.glob("*/style.css")), ids=lambda s: s.parent.name)
def test_a_components_style_is_sent_as_one_sheet(sheet: Path) -> None:
    path = modules.sheet(sheet.parent.name)
    assert path.startswith(f"made/{sheet.parent.name}-")
    text = (FRONTEND / path).read_text(encoding="utf-8")
    own = sheet.read_text(encoding="utf-8")
    for imported in re.findall(r'@import "([^"]+)";', own):
        assert (sheet.parent / imported).read_text(encoding="utf-8") in text
    assert "@import" not in text
    assert text.endswith(re.sub(r"@import [^;]+;\n", "", own))


def test_where_nothing_can_be_written_modules_are_sent_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(modules, "MADE", tmp_path / "file" / "made")
    assert modules.together("page/index.js") == "page/index.js"
    assert modules.sheet("choices") == "choices/style.css"


def test_what_was_made_of_older_modules_goes_after_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules, "FRONTEND", tmp_path)
    monkeypatch.setattr(modules, "MADE", tmp_path / "made")
    (tmp_path / "view").mkdir()
    paths = []
    for text in ("1", "2", "3"):
        written(tmp_path / "view", index=f"export default function show() {{ return {text}; }}\n")
        paths.append(tmp_path / modules.together("view/index.js"))
        age = 8 * 24 * 3600 if text == "1" else 3600
        then = time.time() - age
        os.utime(paths[-1], (then, then))
    assert [path.exists() for path in paths] == [False, True, True]
