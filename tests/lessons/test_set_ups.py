"""What the shipped lessons set up is what a link to the page may have."""

import pytest

from cnnviz.lessons import files, reading
from cnnviz.lessons.facts import PAGES
from cnnviz.lessons.lesson import Lesson
from cnnviz.lessons.marks import MARKS
from cnnviz.ui.addresses import TABLES
from cnnviz.ui.lessons import set_ups

LESSONS = [
    pytest.param(lesson, id=f"{language}-{name}")
    for language in files.LANGUAGES
    for name, lesson in reading.course(language).items()
    if lesson.language == language
]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_set_up_is_one_that_its_page_takes(lesson: Lesson) -> None:
    assert set_ups.faults(lesson) == []


def test_every_page_of_a_step_has_a_table_and_every_mark_a_page() -> None:
    assert set(PAGES) <= set(TABLES)
    assert {page for mark in MARKS.values() for page in mark.pages} <= set(PAGES)
