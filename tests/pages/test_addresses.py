"""Whatever a link asks for, the page is there: as asked, or with a note that says why not."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.ui import addresses
from cnnviz.ui.link import Number, Switch, Table

PAGES = Path(__file__).parents[2] / "pages"
TABLES = {
    "build": addresses.BUILD,
    "convolution_1d": addresses.CONVOLUTION_1D,
    "convolution_2d": addresses.CONVOLUTION_2D,
    "pooling": addresses.POOLING,
    "translation": addresses.TRANSLATION,
    "why": addresses.WHY,
}
NINES = "9" * 5000
ODD = [
    "",
    " ",
    "inf",
    "-inf",
    "nan",
    "1e999",
    "-1",
    "0",
    "1",
    "2.5",
    "1_0",
    "٣",
    "\x00",
    "true",
    "None",
    "🙂",
    "1,2|3,4",
    "1;2,3",
    "1/0",
    "x" * 3000,
    NINES,
]


def opened(name: str, query: Mapping[str, str | list[str]]) -> AppTest:
    script = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
    for key, text in query.items():
        script.query_params[key] = text
    for painted in (name, TABLES[name].page if name in TABLES else name):
        script.session_state[f"{painted}_painted"] = True
    script.run()
    assert not script.exception, (query, script.exception)
    return script


def notes(script: AppTest) -> str:
    return " ".join(info.value for info in script.info if "Part of the link" in info.value)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("convolution_2d", {"in": ""}),
        ("convolution_2d", {"out": ""}),
        ("convolution_2d", {"input": ""}),
        ("convolution_2d", {"digit": "", "input": "digit"}),
        ("convolution_2d", {"padding_mode": ""}),
        ("convolution_2d", {"stride": NINES}),
        ("convolution_2d", {"in": ["1", "2"]}),
        ("pooling", {"input": ""}),
        ("pooling", {"digit": ""}),
        ("pooling", {"operation": ""}),
        ("pooling", {"layer": "", "input": "feature map"}),
        ("pooling", {"shift": "inf"}),
        ("translation", {"digit_at": ""}),
        ("translation", {"digit_at": NINES}),
        ("translation", {"dx": "inf"}),
        ("convolution_1d", {"hop": "inf"}),
        ("convolution_1d", {"hop": "1e999"}),
        ("convolution_1d", {"gap": "inf"}),
        ("convolution_1d", {"gap": "-1e999"}),
        ("convolution_1d", {"at": NINES}),
        ("convolution_1d", {"time": "inf"}),
        ("convolution_1d", {"mode": ""}),
        ("convolution_1d", {"rod": ""}),
    ],
)
def test_what_no_widget_can_take_is_refused_by_name_before_one_sees_it(name, query):
    script = opened(name, query)
    refused = next(iter(query))
    assert f"`{refused}=" in notes(script)
    assert "must " in notes(script) or "is there 2 times" in notes(script)
    assert not script.query_params.get(refused)


def test_a_link_that_is_refused_in_part_is_taken_for_the_rest():
    script = opened("convolution_1d", {"hop": "inf", "gap": "2", "time": "7", "bogus": "1"})
    assert script.number_input(key="gap").value == 2
    assert script.number_input(key="hop").value == 1
    assert script.session_state["conv1d_time"] == 7
    assert "`hop=inf`: must be a whole number from 1 to 16, got 'inf'" in notes(script)
    assert "`bogus` isn't a setting" in notes(script)
    script.number_input(key="hop").set_value(3).run()
    assert not notes(script)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@given(text=st.text(max_size=40) | st.sampled_from(ODD) | st.floats().map(str))
def test_a_row_reads_a_text_or_says_what_would_do(table: Table, text: str):
    for name, row in table.rows.items():
        try:
            value = row.parse(text)
        except ValueError as error:
            assert str(error), name  # noqa: PT017 - either ending is right
            continue
        if isinstance(row, Number):
            assert row.least <= value <= row.most
            assert isinstance(value, int) or not row.whole
        if isinstance(row, Switch):
            assert isinstance(value, bool)


@pytest.mark.parametrize("name", TABLES)
def test_what_a_page_starts_with_is_something_that_its_rows_take_and_not_in_its_address(name: str):
    table = TABLES[name]
    for parameter, start in table.starts.items():
        assert table.rows[parameter].parse(str(start)) == start
    assert not opened(name, {}).query_params.keys() & table.starts.keys()


@pytest.mark.parametrize("name", [*TABLES, "draw", "training"])
def test_no_address_ends_in_a_traceback(name, tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path))
    chance = random.Random(f"addresses of {name}")
    names = [*(TABLES[name].rows if name in TABLES else ()), "run", "pin", "scope", "bogus"]
    for _ in range(8):
        query = {each: chance.choice(ODD) for each in chance.sample(names, min(4, len(names)))}
        opened(name, query)
