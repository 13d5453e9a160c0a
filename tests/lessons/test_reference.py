"""The tables in docs/lessons.md are those of the schema, and its example is a step."""

import re
from pathlib import Path

from cnnviz.lessons import reference
from cnnviz.lessons.faults import faults
from cnnviz.lessons.files import HERE

DOCS = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")


def test_the_docs_have_every_field_function_fact_and_mark() -> None:
    assert DOCS.endswith(reference.tables())


def test_the_example_in_the_docs_is_a_step_without_a_fault(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    lesson = (HERE / "en" / "02-flip-slide.toml").read_text(encoding="utf-8")
    path = tmp_path / "example.toml"
    path.write_text(f"{lesson}\n{example}", encoding="utf-8")
    assert faults(path) == []
