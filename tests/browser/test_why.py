"""Why: maps of ink that point together and pin in the network view, and a change that is taken."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import hand, view
from tests.browser.test_accessibility import violations

SIDE = 28


def over(map_of_ink: Locator, row: int, column: int) -> tuple[float, float]:
    """The middle of a pixel, in the page."""
    map_of_ink.scroll_into_view_if_needed()
    box = map_of_ink.bounding_box()
    assert box is not None
    return (
        box["x"] + (column + 0.5) / SIDE * box["width"],
        box["y"] + (row + 0.5) / SIDE * box["height"],
    )


def test_maps_of_ink_point_together_pin_in_the_network_and_a_change_becomes_the_drawing(
    app: str, page: Page
) -> None:
    network = view.open_view(page, f"{app}/why")
    hand.settled(page)
    left = page.get_by_role("slider", name=re.compile("^Occlusion: the logit of 7"))
    right = page.get_by_role("slider", name=re.compile("^Integrated gradients: the logit of 7"))
    # What is pointed at in one is told by both.
    expect(right).to_have_attribute("aria-valuetext", re.compile("^The gradient, averaged"))
    page.mouse.move(*over(left, 11, 8))
    for each in (left, right):
        expect(each).to_have_attribute(
            "aria-valuetext", re.compile(r"^row 11, column 8: ink \d\.\d\d, .*\d$")
        )
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"pin=input\.0\.11\.8\b"))
    expect(view.inspector(page)).to_contain_text("row 11, column 8")
    # The same by keys.
    page.mouse.move(2, 2)
    right.focus()
    right.press("ArrowDown")
    right.press("ArrowRight")
    expect(left).to_have_attribute("aria-valuetext", re.compile("^row 12, column 9"))
    right.press("Enter")
    expect(page).to_have_url(re.compile(r"pin=input\.0\.12\.9\b"))
    # Another method is a click, and stands in the link with the class that is asked about.
    methods = page.get_by_role("radiogroup", name="The right map")
    methods.get_by_role("radio", name="Grad-CAM").click()
    cam = page.get_by_role("slider", name=re.compile("^Grad-CAM"))
    page.mouse.move(*over(cam, 3, 4))
    expect(cam).to_have_attribute("aria-valuetext", re.compile(r"^row 3, column 4: .*cell 0, 0 "))
    page.mouse.move(*over(cam, 1, 4))
    expect(cam).to_have_attribute("aria-valuetext", re.compile("no cell here$"))
    expect(page).to_have_url(re.compile("right=grad_cam"))
    # What is drawn takes the sample's place, and is asked about in its stead.
    hand.draw(page, [[(140, 40), (140, 240)]])
    expect(page.get_by_text(re.compile("^Asked about the logit of 1,"))).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Grad-CAM: the logit of 1"))).to_be_visible()
    # And turned into something else, which is the drawing from then on, on the next page too.
    sections = page.get_by_role("radiogroup", name="Why this answer?")
    sections.get_by_role("radio", name="Fool it").click()
    found = page.get_by_text(re.compile(r"^Found: 1 becomes \d+,"))
    expect(found).to_be_visible()
    target = found.inner_text().split("becomes ")[1].split(",")[0]
    assert violations(page) == []
    page.get_by_role("button", name="Use it as the drawing").click()
    expect(page.get_by_text(re.compile(rf"^Found: {target} becomes \d+,"))).to_be_visible()
    expect(network).to_have_attribute("data-source", "torch")
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.get_by_text(re.compile(f"Best guess {target}"))).to_be_visible()


# Of what is seen: code in an expander that is shut is coloured, and so as high as it is, later.
PLACES = """(section) => [...document.querySelectorAll(`${section} canvas, ${section} p`)]
  .filter((element) => element.checkVisibility())
  .map((element) => { const { x, y } = element.getBoundingClientRect(); return [x, y]; })"""


def opacity(element: Locator) -> float:
    """Of what is seen: of the element and all that it is in."""
    return element.evaluate("""(element) => {
      let seen = 1;
      while (element) {
        seen *= Number(getComputedStyle(element).opacity);
        element = element.parentElement ?? element.getRootNode().host;
      }
      return seen;
    }""")


def press_and_draw(page: Page, x: float = 140) -> None:
    """A one, with the pen still down at its end."""
    box = hand.canvas_box(page)
    page.mouse.move(box["x"] + x, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + x, box["y"] + 230, steps=12)


def test_the_score_follows_the_pen_and_maps_of_the_drawing_before_are_said_to_be(
    app: str, page: Page
) -> None:
    view.open_view(page, f"{app}/why")
    hand.settled(page)
    asked = page.get_by_text(re.compile("^Asked about the logit of"))
    left = page.get_by_role("slider", name=re.compile("^Occlusion: the logit of"))
    note = page.get_by_text("Dimmed: still of the drawing before.")
    expect(asked).to_have_text(re.compile(r"^Asked about the logit of 7, \d+\.\d\d\.$"))
    expect(note).to_be_hidden()
    assert opacity(left) == 1
    # Streamlit's own parts, its Markdown and its charts, come once their code has.
    expect(page.locator(".st-key-why_ink .js-plotly-plot")).to_have_count(2)
    expect(page.locator(".st-key-why_ink [data-testid=stSkeleton]")).to_have_count(0)
    before = page.evaluate(PLACES, ".st-key-why_ink")
    press_and_draw(page)
    # The pen is still down, and nothing was sent yet: words are the preview's.
    expect(asked).to_have_attribute("data-source", "preview")
    expect(asked).to_have_text(re.compile(r"^Asked about the logit of 1, \d+\.\d\d\.$"))
    expect(left).to_have_attribute("aria-label", re.compile("logit of 7"))
    expect(note).to_be_visible()
    assert opacity(left) < 0.5
    assert opacity(asked) == 1
    assert page.evaluate(PLACES, ".st-key-why_ink") == before
    page.mouse.up()
    expect(note).to_be_hidden()
    expect(left).to_have_attribute("aria-label", re.compile("logit of 1"))
    assert opacity(left) == 1
    expect(asked).to_have_attribute("data-source", "torch")
    expect(asked).to_have_text(re.compile("^Asked about the logit of 1,"))
    # What was drawn is taken back: the sample comes back with its maps.
    hand.settled(page)
    page.get_by_role("button", name="undo").click()
    expect(left).to_have_attribute("aria-label", re.compile("logit of 7"))
    expect(asked).to_have_text(re.compile("^Asked about the logit of 7,"))
    expect(note).to_be_hidden()
    # An empty canvas has nothing to be asked about, and nothing that is dimmed.
    page.get_by_role("button", name="clear").click()
    expect(page.get_by_text("Nothing is drawn yet")).to_be_visible()
    expect(note).to_be_hidden()
    # A clear can be undone, too.
    page.get_by_role("button", name="undo").click()
    expect(asked).to_have_text(re.compile("^Asked about the logit of 7,"))


def test_of_what_excites_a_map_only_what_is_of_the_drawing_before_is_dimmed(
    app: str, page: Page
) -> None:
    view.open_view(page, f"{app}/why?about=excites")
    hand.settled(page)
    note = page.get_by_text("Dimmed: still of the drawing before.")
    answer = page.get_by_text(re.compile("^Your drawing's answer is"))
    chart = page.locator(".st-key-why_distribution .js-plotly-plot")
    start = page.get_by_role("radiogroup", name="from")
    climbed = page.get_by_text(re.compile(r"^After \d+ steps its answer is"))
    others = page.locator(".st-key-why_most")
    expect(chart).to_have_count(1)
    expect(page.locator(".st-key-why_climb .js-plotly-plot")).to_have_count(1)
    expect(page.locator(".st-key-why_excites [data-testid=stSkeleton]")).to_have_count(0)
    hand.still(page)
    told, before = answer.inner_text(), page.evaluate(PLACES, ".st-key-why_excites")
    press_and_draw(page)
    expect(note).to_be_visible()
    assert answer.inner_text() == told
    for dimmed in (answer, chart):
        assert opacity(dimmed) < 0.5
    # Neither test pictures nor a climb from noise depend on the drawing.
    for same in (others, climbed):
        assert opacity(same) == 1
    assert page.evaluate(PLACES, ".st-key-why_excites") == before
    page.mouse.up()
    expect(note).to_be_hidden()
    expect(answer).not_to_have_text(told)
    assert opacity(answer) == 1
    # A climb from the drawing does.
    start.get_by_role("radio", name="my drawing").click()
    hand.settled(page)
    assert opacity(climbed) == 1
    press_and_draw(page, 200)
    expect(note).to_be_visible()
    assert opacity(climbed) < 0.5
    page.mouse.up()
    expect(note).to_be_hidden()
    assert opacity(climbed) == 1


def test_of_one_step_what_is_of_the_drawing_before_is_dimmed(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/why?about=step")
    hand.settled(page)
    note = page.get_by_text("Dimmed: still of the drawing before.")
    loss = page.get_by_text(re.compile(r"The loss is \u2212log p"))
    moved = page.get_by_role("paragraph").filter(has_text=re.compile("^What the step does"))
    network = view.root(page)
    parts = (loss, network, moved)
    expect(page.locator(".st-key-why_step_curve .js-plotly-plot")).to_have_count(1)
    hand.still(page)
    told, before = loss.inner_text(), page.evaluate(PLACES, ".st-key-why_step")
    press_and_draw(page)
    expect(note).to_be_visible()
    assert loss.inner_text() == told
    for part in parts:
        assert opacity(part) < 0.5
    assert page.evaluate(PLACES, ".st-key-why_step") == before
    page.mouse.up()
    expect(note).to_be_hidden()
    expect(loss).not_to_have_text(told)
    for part in parts:
        assert opacity(part) == 1
    # What was drawn is taken back: the sample comes back with its gradients.
    hand.settled(page)
    page.get_by_role("button", name="undo").click()
    expect(loss).to_have_text(told)
    expect(note).to_be_hidden()
    # Learnt from the samples, the way back is none of the drawing's; how it is read before and
    # after the step is.
    page.get_by_text("samples", exact=True).click()
    expect(moved).to_contain_text("It learns from the 10 samples")
    hand.settled(page)
    press_and_draw(page)
    expect(note).to_be_visible()
    assert opacity(moved) < 0.5
    for part in (loss, network):
        assert opacity(part) == 1
    page.mouse.up()
    expect(note).to_be_hidden()
    assert opacity(moved) == 1
