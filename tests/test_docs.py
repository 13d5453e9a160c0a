"""What README and docs say is so: links lead somewhere, commands exist, code blocks run."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz import __main__ as command_line

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def commands(text: str) -> list[str]:
    blocks = [
        line for kind, body in BLOCK.findall(text) if kind == "sh" for line in body.splitlines()
    ]
    found = [line.split("#")[0].strip() for line in blocks] + INLINE.findall(BLOCK.sub("", text))
    return [command for command in found if command]


def blocks(kind: str) -> list[object]:
    return [
        pytest.param(body, id=f"{path.name}-{number}")
        for path in PAGES
        for number, (language, body) in enumerate(BLOCK.findall(path.read_text("utf-8")))
        if language == kind
    ]


@pytest.mark.parametrize("path", named(PAGES))
def test_links_lead_to_a_file_and_a_heading(path: Path):
    for first, second in LINK.findall(path.read_text("utf-8")):
        target, _, anchor = (first or second).partition("#")
        if "://" in target:
            continue
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), f"{path.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{path.name} links to #{anchor}"


@pytest.mark.parametrize("path", named(PAGES))
def test_paths_in_backticks_are_there(path: Path):
    text = BLOCK.sub("", path.read_text("utf-8"))
    for word in INLINE.findall(text):
        if re.fullmatch(r"(cnnviz|tests|pages|docs|benchmarks|checkpoints|static)/[\w./-]*", word):
            assert (ROOT / word).exists() or word == "pages/name.py", f"{path.name} names {word}"


@pytest.mark.parametrize("path", named(PAGES))
def test_make_targets_and_commands_exist(path: Path):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for command in commands(path.read_text("utf-8")):
        words = shlex.split(command) if command.count('"') % 2 == 0 else command.split()
        if words[:1] == ["make"] and len(words) > 1:
            assert words[1] in targets, f"{path.name}: {command}"
        elif words[:1] == ["cnnviz"] and len(words) > 1 and words[1].isidentifier():
            assert command_line.main([words[1], "--help"]) == 0, f"{path.name}: {command}"


@pytest.mark.parametrize("code", blocks("python"))
def test_code_blocks_run(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # one writes a file
    if "import streamlit" in code:
        script = tmp_path / "name.py"
        script.write_text(code, encoding="utf-8")
        run = AppTest.from_file(script, default_timeout=60).run()
        assert not run.exception, run.exception
        return
    if "import ray" in code:
        pytest.importorskip("ray", reason="opt-in, as tests/runs/test_ray.py, which runs it all")
    if "tcp://scheduler:8786" not in code:
        exec(code, {})
        return
    from distributed import LocalCluster, default_client

    cluster: Any = LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    )
    with cluster:
        module: dict[str, Any] = {}
        exec(code.replace("tcp://scheduler:8786", cluster.scheduler_address), module)
        try:
            assert module["executor"]().submit(pow, 2, 5).result(timeout=60) == 32
        finally:
            default_client().close()


def measured(what: str) -> tuple[float, str]:
    """What docs/measured.md says of it: the value, in its unit, and the note."""
    (row,) = (
        line.split(" | ")
        for line in (ROOT / "docs" / "measured.md").read_text("utf-8").splitlines()
        if line.startswith(f"| {what} |")
    )
    return float(row[1].split()[0].replace(",", "")), row[-1]


def test_how_many_people_are_served_is_said_as_it_was_measured():
    waits, cost, answered = (
        "stroke sent → values received, p95",
        "the server's processor time for a stroke",
        "strokes answered",
    )
    p95, note = measured(f"100 people who draw: {waits}")
    _, crowded = measured(f"200 people who draw: {waits}")
    middle, long = (
        float(re.findall(r"median ([\d,.]+)", said)[0].replace(",", "")) for said in (note, crowded)
    )
    wanted = {
        "README.md": [f"within {p95 / 1000:.2g} s"],
        "docs/running.md": [
            f"{middle:.0f} ms after their stroke in the median",
            f"within {p95:.0f} ms in 19 of 20 cases",
            f"{measured(f'100 people who draw: {answered}')[0]:.0f} strokes a second",
            f"{measured(f'200 people who draw: {answered}')[0]:.0f} strokes a second are answered",
            f"after {long / 1000:.1f} s in the median",
            f"A stroke takes {measured(f'100 people who draw: {cost}')[0]:.0f} ms of one processor",
        ],
    }
    for page, sentences in wanted.items():
        text = " ".join((ROOT / page).read_text("utf-8").split())
        for sentence in sentences:
            assert sentence in text, f"{page} doesn't say what docs/measured.md does: {sentence}"
