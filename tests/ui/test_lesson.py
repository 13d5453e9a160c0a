"""What pages tell a lesson, while there is none."""

from typing import NoReturn

import pytest

from cnnviz.ui import lesson


def test_facts_are_not_worked_out_while_no_lesson_is_played() -> None:
    def facts() -> NoReturn:
        pytest.fail("worked out for nobody")

    lesson.told("draw", facts)
