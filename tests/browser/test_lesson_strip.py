"""The strip of a lesson: by keys alone, for axe, on a telephone, from the last row, still."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from cnnviz.views.styles import style_of
from tests.browser import hand, sight
from tests.browser.test_accessibility import in_theme, violations

ANIMATED = """() => {
  const roots = [document];
  for (const root of roots)
    for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) roots.push(shadowRoot);
  const strip = roots.find((root) => root.querySelector(".course-bar section"));
  const marked = [...document.querySelectorAll(".stMain *")]
    .filter((each) => getComputedStyle(each).outlineStyle === "dashed");
  return [...strip.getAnimations(), ...marked.flatMap((each) => each.getAnimations())].length;
}"""

WITHIN = """() => {
  const bar = [...document.querySelectorAll(".st-key-course_bar_place *")]
    .map((each) => each.shadowRoot?.querySelector(".course-bar section")).find(Boolean);
  const cells = [...bar.querySelectorAll("[role=gridcell]")];
  const right = Math.max(...cells.map((each) => each.getBoundingClientRect().right));
  return cells.length > 0 && right <= innerWidth - 8;
}"""


def strip(page: Page) -> Locator:
    return page.locator(".course-bar section")


def opened(page: Page, app: str, at: str) -> Locator:
    page.goto(f"{app}/lessons?course={at}")
    here(page, at)
    hand.settled(page)
    return strip(page)


def here(page: Page, at: str) -> None:
    expect(strip(page)).to_have_attribute("data-at", re.compile(rf"^{re.escape(at)}\."))


def test_a_lesson_is_played_by_keys_and_axe_finds_nothing_covered_or_answered_in_either_theme(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page(reduced_motion="reduce")
    shown = opened(page, app, "02-flip-slide.3")
    said = shown.get_by_role("status")
    expect(shown.locator("[aria-live=polite]")).to_have_text(re.compile(r"^3 / 6\. .*third result"))
    assert violations(page) == [], "covered"

    # From one end to the other, and an answer on the way.
    shown.get_by_role("button", name="leave the lesson").focus()
    page.keyboard.press("Tab")
    expect(shown.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Type a number")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("3 · (−1) + 2 · 0 + 1 · 1 = −2")
    expect(shown.locator(".said.wrong")).to_be_visible()
    page.keyboard.press("Escape")
    here(page, "02-flip-slide.3")
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Say")).to_be_focused()
    hand.settled(page)
    assert violations(page) == [], "after a wrong answer"
    in_theme(page, "dark")
    assert violations(page) == [], "in dark"
    assert page.evaluate(ANIMATED) == 0
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Back")).to_be_focused()

    # The focus stays in the strip, also where its button can't be used any more.
    page.keyboard.press("Enter")
    here(page, "02-flip-slide.2")
    expect(shown.get_by_role("button", name="Back")).to_be_focused()
    # Where one guesses the filter begins at the first place, else where it lies on the signal.
    expect(page.get_by_role("slider", name="position").first).to_have_value("0")
    page.keyboard.press("Enter")
    here(page, "02-flip-slide.1")
    expect(shown.locator("button.next")).to_be_focused()
    page.keyboard.press("Escape")
    here(page, "02-flip-slide.1")


def test_what_a_step_marks_below_the_window_is_brought_into_view_beside_the_strip(
    open_page: Callable[..., Page], app: str
) -> None:
    for width, height in ((1440, 900), (1920, 1080), (390, 844)):
        page = open_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        shown = opened(page, app, "03-filters.5")
        at = shown.get_attribute("data-at") or ""
        expect(shown).to_have_attribute("data-settled", at)
        marked, bar = page.locator(".st-key-rod").bounding_box(), shown.bounding_box()
        assert marked is not None
        assert bar is not None
        if width > 640:
            header = page.get_by_test_id("stHeader").bounding_box()
            assert header is not None
            assert header["y"] + header["height"] <= bar["y"], "the strip is under the navigation"
            assert bar["y"] + bar["height"] <= marked["y"]
            assert marked["y"] + marked["height"] <= height
        else:
            assert marked["y"] + marked["height"] <= bar["y"]
        # Nothing of the strip is under the page's header.
        for button in shown.get_by_role("button").all():
            assert not sight.covered(button), button


def test_on_a_telephone_the_strip_is_a_sheet_that_folds_and_a_picture_is_answered_by_keys(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page(
        viewport={"width": 390, "height": 844}, color_scheme="dark", reduced_motion="reduce"
    )
    shown = opened(page, app, "01-nearness.4")
    onwards = shown.locator("button.next")
    place = onwards.bounding_box()
    box = shown.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == 844
    assert box["height"] <= 0.88 * 844, "the page is covered"
    assert not shown.locator("[data-long]").count(), "all of the picture is in sight"
    assert violations(page) == []

    # On a narrow one all of the picture is there, and on its side what the keys lead to.
    page.set_viewport_size({"width": 320, "height": 844})
    page.wait_for_function(WITHIN)
    page.set_viewport_size({"width": 844, "height": 390})
    shown.get_by_role("gridcell").first.focus()
    page.keyboard.press("Control+End")
    expect(shown.get_by_role("gridcell").last).to_be_focused()
    expect(shown.get_by_role("gridcell").last).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Control+Home")

    # Two places touch, so that a click between them is one of them.
    cells = shown.get_by_role("gridcell")
    first, right, below = (cells.nth(n).bounding_box() for n in (0, 1, 26))
    assert first is not None
    assert right is not None
    assert below is not None
    assert abs(first["x"] + first["width"] - right["x"]) < 0.1
    assert abs(first["y"] + first["height"] - below["y"]) < 0.1
    page.mouse.click(right["x"] - 0.5, right["y"] + 5)
    expect(shown.get_by_role("status")).to_contain_text("4 further each way.")

    # The one place of the picture that Tab leads to, and from there by arrow keys.
    shown.get_by_role("gridcell").first.focus()
    for key, times in (("ArrowDown", 8), ("ArrowRight", 17)):
        for _ in range(times):
            page.keyboard.press(key)
    expect(
        shown.get_by_role("gridcell", name=re.compile("^row 8, column 17: 3.749"))
    ).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown.get_by_role("status")).to_contain_text("That is where it stands before.")
    for key in ("ArrowDown", "ArrowRight"):
        for _ in range(4):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(shown.get_by_role("status")).to_contain_text("translation symmetry")
    expect(shown.get_by_role("grid")).to_have_count(0)
    expect(onwards).to_be_focused()
    assert onwards.bounding_box() == place

    # Folded, it leaves the page to be played; the next step is to be read again.
    fold = shown.get_by_role("button", name="fold", exact=True)
    fold.click()
    expect(shown.locator(".task")).to_be_hidden()
    expect(shown.get_by_role("button", name="unfold")).to_have_attribute("aria-expanded", "false")
    assert onwards.bounding_box() == place
    low = shown.bounding_box()
    assert low is not None
    assert low["height"] < 160
    onwards.click()
    here(page, "01-nearness.5")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(shown.locator(".task")).to_be_visible()
    assert onwards.bounding_box() == place
    hand.settled(page)
    assert violations(page) == []
    half = shown.bounding_box()
    assert half is not None
    assert half["height"] <= 0.45 * 844

    # From the last row all of it is 18 px at least, and the strip is no higher.
    page.set_viewport_size({"width": 1920, "height": 1080})
    hand.settled(page)
    large = shown.bounding_box()
    assert large is not None
    assert large["height"] == 120
    assert sight.small(page, ".course-bar section", 18) == []


def test_a_wrong_choice_stays_marked_as_wrong_under_the_pointer(page: Page) -> None:
    page.set_content(
        f"<style>:root {{ --st-primary-color: #00806a }} {style_of('course_bar')}</style>"
        "<button class='choice wrong'>7</button><button class='choice'>8</button>"
    )
    wrong, other = page.get_by_role("button", name="7"), page.get_by_role("button", name="8")
    other.hover()
    expect(other).to_have_css("border-top-color", "rgb(0, 128, 106)")
    wrong.hover()
    expect(wrong).to_have_css("border-top-color", "rgb(230, 85, 13)")


def test_each_field_that_a_step_means_is_framed(page: Page, app: str) -> None:
    opened(page, app, "07-pooling.4")
    framed = [page.get_by_label(name, exact=True) for name in ("Window", "Stride")]
    for field in framed:
        outlined = field.locator("xpath=ancestor::*[contains(@class, 'st-key-pooling_')][1]")
        expect(outlined).to_have_css("outline-style", "dashed")
