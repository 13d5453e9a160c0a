"""The steps of every lesson on the pages that they set up, where there is no MNIST."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons import reading
from cnnviz.lessons.lesson import Do, Question
from cnnviz.ui.addresses import SESSION, TABLES
from tests.pages.telling import components, sent, tell

PAGES = Path(__file__).parents[2] / "pages"
COURSE = reading.course()


def visits(name: str) -> list[tuple[str, list[int]]]:
    """The pages of that lesson, one after the other, with the steps from 0 that a page is open
    for."""
    found: list[tuple[str, list[int]]] = []
    for number, step in enumerate(COURSE[name].steps):
        page = step.page or (found[-1][0] if found else "lessons")
        if not found or found[-1][0] != page:
            found.append((page, []))
        found[-1][1].append(number)
    return found


def opened(page: str, name: str, step: int) -> AppTest:
    """As app.py runs it, at a step of a lesson that begins there."""
    script = AppTest.from_string(
        "import runpy\n"
        "from cnnviz.ui import lesson\n"
        "lesson.follow()\n"
        f"runpy.run_path({str(PAGES / f'{page}.py')!r})",
        default_timeout=60,
    )
    script.session_state["page_path"] = page
    script.query_params["course"] = f"{name}.{step + 1}"
    return script.run()


@pytest.mark.usefixtures("without_mnist")
@pytest.mark.parametrize("name", COURSE)
def test_no_step_breaks_its_page_where_there_is_no_mnist(name: str) -> None:
    for page, numbers in visits(name):
        script = opened(page, name, numbers[0])
        for number in numbers:
            if number != numbers[0]:
                ((strip, _),) = components(script, "course_bar")
                script = tell(script, strip, "move", "next")
            assert not script.exception, (page, number, script.exception)
            assert not script.error, (page, number, script.error[0].value)
            for table in (TABLES.get(page, SESSION), SESSION):
                assert f"{table.page}_refused" not in script.session_state
            (shown,) = sent(script, "course_bar")
            step = COURSE[name].steps[number]
            assert shown["step"] == number + 1
            assert "can't be shown" not in shown["task"]
            if isinstance(step, Do):
                assert shown["state"]["left"], "something is to be done as it opens"
            assert shown["asks"] == isinstance(step, Question)
