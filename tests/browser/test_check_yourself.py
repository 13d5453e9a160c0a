"""*Check yourself* as a person answers it: what the browser keeps, and what it forgets."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import hand


def opened(page: Page, app: str) -> None:
    page.goto(f"{app}/lessons")
    expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
    hand.settled(page)


def at(page: Page, place: int) -> None:
    shown = page.locator(".st-key-lessons strong", has_text=re.compile(r"^\d+ of 12\.$"))
    expect(shown).to_have_text(f"{place} of 12.")


def fill(page: Page) -> None:
    hand.settled(page)  # the number of a question is there before its choices
    form = page.get_by_test_id("stForm")
    choices = form.locator("label:has(input[type=radio])")
    if choices.count():
        choices.first.click()
    else:
        form.locator("input").fill("3")


def answer(page: Page) -> None:
    fill(page)
    page.get_by_test_id("stForm").get_by_role("button", name="Answer").click()


def kept(page: Page) -> dict[str, float | str]:
    """By name; nothing of what was answered, rated or played where it is empty."""
    return page.evaluate("() => JSON.parse(localStorage.getItem('cnnviz.course')).entries")


def test_answers_stay_in_the_browser_over_a_reload_and_in_its_tabs_until_they_are_erased(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page()
    opened(page, app)
    assert kept(page) == {}
    for place in (1, 2):
        at(page, place)
        answer(page)
    at(page, 3)
    hand.settled(page)
    assert "before.2" in kept(page)

    opened(page, app)
    at(page, 3)
    other = page.context.new_page()
    hand.listen(other)
    opened(other, app)
    at(other, 3)
    answer(other)
    at(other, 4)
    at(page, 4)  # the other tab's answer comes by itself

    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("button", name="Erase all").click()
    for each in (page, other):
        at(each, 1)
        hand.settled(each)
    assert kept(page) == {}
    other.close()

    page.evaluate("() => localStorage.setItem('cnnviz.course', '{junk')")
    opened(page, app)
    expect(page.get_by_text("can't be read and was dropped")).to_be_visible()
    at(page, 1)
    hand.settled(page)
    assert kept(page) == {}


def test_what_two_fresh_tabs_answer_at_the_same_moment_is_both_kept(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page()
    other = page.context.new_page()
    hand.listen(other)
    for each in (page, other):
        opened(each, app)
        at(each, 1)
    other.locator(".st-key-check_time").get_by_text("after").click()
    for each in (page, other):
        hand.settled(each)
        fill(each)
    for each in (page, other):
        each.get_by_test_id("stForm").get_by_role("button", name="Answer").evaluate(
            "(button) => setTimeout(() => button.click(), 2000 - (Date.now() % 2000))"
        )
    for each in (page, other):
        at(each, 2)
        each.wait_for_function(
            """() => ["before.1", "after.1"].every(
              (name) => name in JSON.parse(localStorage.getItem("cnnviz.course")).entries)"""
        )
        hand.settled(each)
    other.close()
    opened(page, app)
    assert {"before.1", "after.1"} <= set(kept(page))
