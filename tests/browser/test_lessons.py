"""The course, played through as a person does: drawing, dragging, typing, answering."""

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz.lessons.facts import starts
from cnnviz.lessons.functions import unit
from cnnviz.lessons.lesson import Asked, Do, Predict, Step, Transfer
from cnnviz.lessons.marks import MARKS
from cnnviz.lessons.reading import course
from tests.browser import hand, sight, view

PATIENCE = 60_000  # ms
COURSE = course()

# A wild scribble, over and over.
SCRIBBLE: list[list[hand.Point]] = [
    [(30 + 220 * (n % 2), 20 + 12 * n) for n in range(20)],
    [(20 + 12 * n, 30 + 220 * (n % 2)) for n in range(20)],
]


def strip(page: Page) -> Locator:
    return page.locator(".course-bar section")


def here(page: Page) -> tuple[str, int, int]:
    """The lesson, the step from 1, and the seed of its numbers."""
    at = strip(page).get_attribute("data-at")
    assert at
    name, step, seed = at.rsplit(".", 2)
    return name, int(step), int(seed)


def asked(page: Page) -> Asked:
    name, step, seed = here(page)
    question = COURSE[name].steps[step - 1]
    assert isinstance(question, Predict | Transfer)
    return question.asked(seed + step - 1, starts())


def place_in_picture(page: Page, row: int, column: int) -> Locator:
    return strip(page).get_by_role("gridcell", name=re.compile(rf"^row {row}, column {column}: "))


def give(page: Page, answer: object, question: Asked) -> None:
    if isinstance(answer, list):
        place_in_picture(page, *answer).click()
    elif question.choices:
        strip(page).get_by_role(
            "button", name=question.choices[int(str(answer))], exact=True
        ).click()
    else:
        strip(page).get_by_role("textbox").fill(str(answer))
        strip(page).get_by_role("button", name="Say").click()


def answer_wrongly_then_rightly(page: Page) -> None:
    question = asked(page)
    said = strip(page).get_by_role("status")
    expect(strip(page).locator(".task")).to_have_text(question.text)
    wrong: float | list[int]
    if isinstance(question.answer, list):
        wrong = [0, 0]
    else:
        assert isinstance(question.answer, int | float)
        wrong = (
            (question.answer + 1) % len(question.choices)
            if question.choices
            else question.answer + 2 * question.question.tolerance + 1
        )
    give(page, wrong, question)
    expect(said).to_have_text(question.reason(wrong), timeout=PATIENCE)
    shown_as_wrong(page, wrong, question)
    give(page, question.answer, question)
    expect(said).to_have_text(question.why, timeout=PATIENCE)
    expect(strip(page).get_by_role("grid")).to_have_count(0)


def shown_as_wrong(page: Page, wrong: float | list[int], question: Asked) -> None:
    """What was given is marked, also once the focus has left it."""
    strip(page).locator(".next").focus()
    if question.choices:
        given = strip(page).get_by_role("button", pressed=True)
        expect(given).to_have_text(question.choices[int(str(wrong))])
        expect(given).to_have_css("text-decoration-line", "line-through")
    elif not isinstance(wrong, list):
        expect(strip(page).get_by_role("textbox")).to_have_attribute("aria-invalid", "true")


def field(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(text)
    box.press("Control+Enter" if "Filter" in label or "Signal" in label else "Enter")


def keys(page: Page, label: str, key: str, times: int = 1) -> None:
    slider = page.get_by_role("slider", name=label).first
    slider.scroll_into_view_if_needed()
    slider.focus()
    for _ in range(times):
        before = slider.input_value()
        slider.press(key)
        expect(slider).not_to_have_value(before)
        hand.settled(page)


def pin_a_large_one(page: Page) -> None:
    for place in ("4.1.2", "0.1.3", "1.1.3", "5.3.2", "2.1.3", "3.3.2", "4.2.2", "5.2.2"):
        view.click(page, f"pool2.{place}")
        page.wait_for_url(re.compile(rf"pin=pool2\.{re.escape(place)}"))
        _, row, column = place.split(".")
        expect(view.inspector(page).locator(".place")).to_contain_text(
            re.compile(rf"{row}\D+{column}")
        )
        if view.pinned(page)[2] > 2:
            return


def pin_an_empty_one(page: Page) -> None:
    empty = next(
        (m, r, c)
        for m in range(4)
        for r in range(2, 24)
        for c in range(2, 24)
        if unit(7, "relu1", m, r, c) == 0
    )
    view.click(page, "relu1.{}.{}.{}".format(*empty))


def type_an_upright_edge(page: Page) -> None:
    """Row by row, from cell to cell."""
    kernel = page.get_by_role("grid", name="kernel", exact=True)
    for row in range(3):
        for column, weight in enumerate(("1", "0", "-1")):
            cell = kernel.get_by_role(
                "gridcell", name=re.compile(rf"^row {row}, column {column}: ")
            )
            cell.focus()
            page.keyboard.type(weight)
            page.keyboard.press("Enter")
            shown = weight.replace("-", view.MINUS)
            expect(cell).to_have_accessible_name(f"row {row}, column {column}: {shown}")


def train_on_small_digits(page: Page) -> None:
    """By scikit-learn's, which are there for everybody."""
    page.get_by_role("radio", name="own…").click()
    page.get_by_label("Images", exact=True).click()
    page.get_by_role("option", name=re.compile("scikit-learn")).click()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("1")
    epochs.press("Enter")
    hand.settled(page)
    page.get_by_role("button", name="Start", exact=True).click()


def turn_into_a_two(page: Page) -> None:
    page.get_by_label("Turn it into").click()
    page.get_by_role("option", name="2", exact=True).click()


DONE_BY: dict[str, Callable[[Page], None]] = {
    "01-nearness.3": lambda page: keys(page, "Right by", "ArrowRight", 6),
    "02-flip-slide.4": lambda page: keys(page, "position", "End"),
    "02-flip-slide.5": lambda page: field(page, "Filter", "0, 1"),
    "03-filters.2": lambda page: field(page, "Signal", "2, 0, 1, 0, 0"),
    "03-filters.4": lambda page: field(page, "Filter", "1/3, 1/3, 1/3"),
    "03-filters.5": lambda page: keys(page, "Time t", "End"),
    "04-two-dimensions.4": lambda page: view.click(page, "conv.0.0.0"),
    "04-two-dimensions.5": type_an_upright_edge,
    "05-stride-padding-size.2": lambda page: field(page, "Padding", "1"),
    "05-stride-padding-size.3": lambda page: field(page, "Stride", "4"),
    "06-channels.3": lambda page: view.click(page, "conv2.3.5.5"),
    "06-channels.5": pin_an_empty_one,
    "07-pooling.3": lambda page: keys(page, "Move the input", "ArrowRight"),
    "07-pooling.4": lambda page: field(page, "Stride", "5"),
    "08-pen-to-probability.2": lambda page: hand.draw(page, hand.SEVEN),
    "08-pen-to-probability.3": pin_a_large_one,
    "08-pen-to-probability.4": lambda page: view.click(page, "input.0.9.12"),
    "09-training.4": train_on_small_digits,
    "10-where-it-fails.2": lambda page: hand.draw(page, [[(255, 20), (255, 120)]]),
    "10-where-it-fails.3": lambda page: hand.draw(page, SCRIBBLE),
    "10-where-it-fails.4": turn_into_a_two,
}
"""How a person does what a step asks for."""


def shows(page: Page, name: str, number: int) -> Step:
    """The strip, at that step from 1, on its page."""
    step = COURSE[name].steps[number - 1]
    expect(strip(page)).to_have_attribute(
        "data-at", re.compile(rf"^{name}\.{number}\."), timeout=PATIENCE
    )
    expect(page).to_have_url(re.compile(rf"course={name}\.{number}\b"), timeout=PATIENCE)
    if step.page is not None:
        path = "" if step.page == "draw" else step.page
        expect(page).to_have_url(re.compile(rf"^[^/]+//[^/]+/{path}(\?|$)"), timeout=PATIENCE)
    return step


def stands(page: Page) -> None:
    """Nothing is scrolled to any more."""
    at = strip(page).get_attribute("data-at") or ""
    expect(strip(page)).to_have_attribute("data-settled", at, timeout=PATIENCE)


def next_button(page: Page) -> Locator:
    return strip(page).locator("button.next")


def open_lesson(page: Page, name: str) -> None:
    page.get_by_role("link", name="Lessons", exact=True).click()
    page.locator(f".st-key-lesson_start_{name}").get_by_role("button").click()
    shows(page, name, 1)


def go_back_and_on(page: Page, name: str, number: int) -> None:
    """The step before begins afresh where it sets up its page; an answer stays."""
    *_, seed = here(page)
    strip(page).get_by_role("button", name="Back").click()
    step = shows(page, name, number - 1)
    assert here(page)[2] == seed, "with the same numbers"
    said = strip(page).get_by_role("status")
    if isinstance(step, Do) and step.set_up:
        hand.settled(page)
        expect(strip(page).locator(".said.right")).to_have_count(0)
        expect(said).not_to_be_empty()
    elif isinstance(step, Predict | Transfer):
        expect(said).to_have_text(asked(page).why)
    next_button(page).click()
    shows(page, name, number)


def reload(page: Page, name: str, number: int) -> None:
    """It goes on at the same step, with other numbers, and nothing answered."""
    page.reload()
    shows(page, name, number)
    expect(strip(page).locator(".said.right, .said.wrong")).to_have_count(0)


def leave_and_come_back(page: Page, name: str, number: int) -> None:
    """Out of the lesson in its midst, and on from its beginning, where nothing is done yet."""
    strip(page).get_by_role("button", name="leave the lesson").click()
    expect(strip(page)).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Lessons", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"sample=3\b"), timeout=PATIENCE)
    open_lesson(page, name)
    for each in range(1, number):
        step = shows(page, name, each)
        if isinstance(step, Do) and step.set_up:
            expect(strip(page).locator(".said.right")).to_have_count(0)
        next_button(page).click()
    shows(page, name, number)


# Where a button lies in the strip, whose height it also tells; both move while the page scrolls.
IN_STRIP = """button => {
  const strip = button.closest("section").getBoundingClientRect();
  const { x, y, width } = button.getBoundingClientRect();
  return {
    height: strip.height,
    place: [x - strip.x, y - strip.y, width].map(Math.round),
  };
}"""
HAPPENS = (go_back_and_on, reload, leave_and_come_back)


def chance(name: str) -> dict[int, Callable[[Page, str, int], None]]:
    """What happens to somebody in that lesson, by the step (from 1) that it happens at."""
    random_ = random.Random(name)
    count = len(COURSE[name].steps)
    places = random_.sample(range(2, count + 1), 2)
    return dict(zip(places, random_.sample(HAPPENS, 2), strict=True))


@pytest.mark.parametrize("names", [list(COURSE)[::2], list(COURSE)[1::2]], ids=("odd", "even"))
def test_each_lesson_is_played_through_and_what_one_had_comes_back(
    names: list[str], open_page: Callable[..., Page], app: str
):
    """At random, the same each time, somebody goes back, reloads the page or leaves meanwhile."""
    page = open_page()
    hand.listen(page)
    view.open_view(page, f"{app}?sample=3")
    for name in names:
        events = chance(name)
        open_lesson(page, name)
        onwards = None
        for number, step in enumerate(COURSE[name].steps, 1):
            shows(page, name, number)
            expect(strip(page)).to_have_attribute("aria-label", COURSE[name].title)
            expect(strip(page).locator("[aria-live=polite]")).to_contain_text(
                f"{number} / {len(COURSE[name].steps)}. ", timeout=PATIENCE
            )
            if step.mark:
                for each in MARKS[step.mark].found:
                    marked = page.locator(each).first
                    expect(marked).to_have_css("outline-style", "dashed", timeout=PATIENCE)
            stands(page)
            if number in events:
                events[number](page, name, number)
            if isinstance(step, Predict | Transfer):
                answer_wrongly_then_rightly(page)
            elif isinstance(step, Do):
                hand.settled(page)
                stands(page)
                DONE_BY[f"{name}.{number}"](page)
                expect(strip(page).locator(".said.right")).to_be_visible(timeout=PATIENCE)
            lies = next_button(page).evaluate(IN_STRIP)
            assert lies["height"] == 120
            assert onwards in (None, lies), "a second click would meet another thing"
            onwards = lies
            assert not sight.covered(next_button(page))
            next_button(page).click()
        expect(strip(page)).to_have_count(0, timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Lessons", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(view.root(page)).to_have_attribute("data-source", "torch", timeout=PATIENCE)
    expect(page.locator(".st-key-draw_reading")).to_contain_text("3", timeout=PATIENCE)
