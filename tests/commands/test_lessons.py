"""`cnnviz lessons check` as a teacher types it."""

import sys
from pathlib import Path

import pytest

from cnnviz.__main__ import main
from cnnviz.lessons import files

SHIPPED = files.HERE / "en" / "02-flip-slide.toml"


def changed(folder: Path, *changes: tuple[str, str]) -> str:
    """A file in `folder`: the second lesson with some of its texts changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_shipped_lessons_and_the_bank_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(SHIPPED), str(files.HERE / "de" / SHIPPED.name)]
    assert (
        main(["lessons", "check", "--no-browser", *names, str(files.HERE / "en" / "bank.toml")])
        == 0
    )
    out, err = capsys.readouterr()
    assert [line.endswith(": no fault found") for line in out.splitlines()] == [True] * 3
    assert err == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('mark = "play"', 'mark = "plai"', "step 2: mark: there is no plai; there is play"),
        ('mark = "play"', 'mark = "rod"\nwhere = "1"', "step 2, where"),
        ('mark = "play"', 'mark = "canvas"', "step 2: mark: canvas is on draw, not convolution_1d"),
        ('answer = "len(y)"', 'answer = "len(y) / 0"', "step 1, answer: “len(y) / 0” can't be"),
        ('answer = "len(y)"', 'answer = "len(x)"', "step 1: answer: “len(x)”: there is no x"),
        ('why = "4 + 3', 'why = "{y[9]} + 3', "step 1, why: “y[9]” can't be computed"),
        ('words = "All results: {', 'words = "{line.results[4]}, {', "step 4, words: “line.res"),
        ('until = "line.position > 0', 'until = "line.position < 0 or 1', "step 4, until: holds"),
        ('where = "y[1] != z[1]', 'where = "0 == 1', "step 6, vary, let and where: where: "),
        ('say = "{given} comes without the flip. F', 'say = "{y[7]} F', "step 6, wrong: “y[7]”"),
        ('page = "convolution_1d"', 'page = ""', "step 1, page: "),
        ('filter = "1, 0, -1"', 'flter = "1"', "step 1, set_up.flter: isn't a setting of convol"),
        ('predict = "true"', 'hop = "soon"', "step 1, set_up.hop: must be a whole number from 1"),
    ],
)
def test_a_fault_is_a_line_that_names_file_step_and_field(
    old: str, new: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lessons", "check", "--no-browser", changed(tmp_path, (old, new))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith(f"cnnviz lessons: mine.toml: {said}")


def test_every_fault_of_a_file_is_told_and_a_good_file_beside_it_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = changed(tmp_path, ('mark = "play"', 'mark = "x"'), ("minutes = 5", "minutes = 9"))
    missing = str(tmp_path / "none.toml")
    assert main(["lessons", "check", "--no-browser", bad, missing, str(SHIPPED)]) == 2
    out, err = capsys.readouterr()
    assert out == f"{SHIPPED}: no fault found\n"
    assert len(err.splitlines()) == 3
    assert "none.toml: can't be read: No such file or directory" in err


def test_without_playwright_a_good_file_is_good_and_it_is_said_that_it_was_not_played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main(["lessons", "check", str(SHIPPED)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{SHIPPED}: no fault found\n"
    assert err == (
        "cnnviz lessons: not played in a browser: Playwright isn't there: pip install "
        "'cnnviz[lessons]'\n"
    )
