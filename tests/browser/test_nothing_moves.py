"""No element of a page changes its place while one hovers, drags or plays.

The browser itself reports what moved, as layout-shift entries. The training page's test is in
test_training.py, where there is a run, and Teach's at 1440 px in test_teach.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser import shifts, view
from tests.browser.hand import SEVEN, canvas_box, complete, draw, settled

Doing = Callable[[Page], None]

NETWORK, SIGNAL = "[data-cnnviz=network-view]", "[data-cnnviz=signal-view]"


def box(target: Locator) -> FloatRect:
    target.scroll_into_view_if_needed()
    found = target.bounding_box()
    assert found is not None
    return found


def picture(page: Page, within: str = view.VIEWS) -> FloatRect:
    """What is in the window of the first picture `within`."""
    place = box(page.locator(within).first.locator("canvas").first)
    place["height"] = min(place["height"], page.evaluate("innerHeight") - place["y"] - 4)
    return place


def hover(page: Page, within: str = view.VIEWS) -> None:
    """Over the whole of the first picture `within`, and away from it."""
    place = picture(page, within)
    for down in range(4):
        for across in range(6):
            x = place["x"] + place["width"] * (across + 0.5) / 6
            page.mouse.move(x, place["y"] + place["height"] * (down + 0.5) / 4)
    page.mouse.move(2, 2)


def hover_the_network(page: Page) -> None:
    hover(page, NETWORK)


def hover_the_ink(page: Page) -> None:
    hover(page, ".ink-map")


def hover_the_points(page: Page) -> None:
    hover(page, ".st-key-why_scatter .scatter")


def drag(page: Page, points: list[tuple[float, float]]) -> None:
    first, *rest = points
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
    settled(page)


def drag_over_the_picture(page: Page) -> None:
    place = picture(page)
    y = place["y"] + place["height"] / 2
    # Within the last map: what is said of another map is longer, or shorter.
    drag(page, [(place["x"] + place["width"] * share, y) for share in (0.7, 0.75, 0.95, 0.8)])


def drag_the_slider(page: Page, name: str) -> None:
    place = box(page.get_by_role("slider", name=name))
    y = place["y"] + place["height"] / 2
    start = page.get_by_role("slider", name=name).evaluate(
        "(input) => (input.value - input.min) / (input.max - input.min)"
    )
    # The thumb's middle is half its width from either end.
    at = [place["x"] + 8 + (place["width"] - 16) * share for share in (start, 0.7, 0.95, 0.1)]
    drag(page, [(x, y) for x in at])


def play(page: Page) -> None:
    """Three steps, and then a pause."""
    target = page.locator(NETWORK).or_(page.locator(SIGNAL)).first
    button = target.get_by_role("button", name="Play")
    scrubber = target.get_by_role("slider", name="Position")
    box(button)
    button.focus()
    shifts.watch(page)  # from here: to come here the page had to scroll
    page.keyboard.press("Enter")
    seen = scrubber.input_value()
    for _ in range(3):
        expect(scrubber).not_to_have_value(seen)
        seen = scrubber.input_value()
    page.keyboard.press("Enter")
    settled(page)


def play_from_the_start(page: Page) -> None:
    page.locator(view.VIEWS).first.get_by_role("slider", name="Position").press("Home")
    settled(page)
    play(page)


def draw_a_seven(page: Page) -> None:
    place = canvas_box(page)
    scale = place["width"] / 280
    drag(page, [(place["x"] + x * scale, place["y"] + y * scale) for x, y in SEVEN[0]])


def drag_the_shift(page: Page) -> None:
    drag_the_slider(page, "Move the input to the right by")


def drag_the_time(page: Page) -> None:
    complete(page)
    box(page.get_by_role("slider", name="Time t"))
    settled(page)
    shifts.watch(page)  # from here: charts come as one comes near
    drag_the_slider(page, "Time t")


PAGES: dict[str, tuple[Doing, ...]] = {
    "": (hover, draw_a_seven, play),
    "convolution_1d": (hover, drag_over_the_picture, play_from_the_start, drag_the_time),
    "convolution_2d?padding=1": (hover, drag_over_the_picture, play),
    "pooling": (hover, drag_over_the_picture, play, drag_the_shift),
    "translation": (hover, drag_over_the_picture, hover_the_network, play),
    "build": (hover, draw_a_seven, play),
    "why": (hover_the_ink, hover_the_network, play, draw_a_seven),
    # Its nearest are others after a stroke, and stand in another order.
    "why?about=among": (hover_the_points,),
}


def at_rest(page: Page) -> None:
    expect(page.locator(view.VIEWS).first).to_be_visible()
    for root in view.root(page).all():
        expect(root).to_have_attribute("data-source", "torch")
    settled(page)
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("name", PAGES)
def test_hovering_dragging_and_playing_move_nothing(name: str, app: str, page: Page) -> None:
    page.goto(f"{app}/{name}")
    at_rest(page)
    # Where there is a demonstration, it is gone at the first touch.
    page.mouse.move(3, 3)
    for size in ("1440×900", "390×844"):
        width, height = map(int, size.split("×"))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light" if width == 1440 else "dark")
        at_rest(page)
        for doing in PAGES[name]:
            # Scrolling to what is used moves the page, but nothing in it.
            shifts.watch(page)
            doing(page)
            found = "\n".join(shifts.moved(page)[:12])
            assert not found, f"{size}, {doing.__name__}\n{found}"


@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
def test_collecting_drawings_moves_nothing_in_a_narrow_window(
    size: tuple[int, int], app: str, page: Page
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{app}/teach")
    settled(page)
    paper = page.locator("canvas.paper")
    box(paper)
    shifts.watch(page)
    for number in range(1, 4):
        draw(page, SEVEN, steps=2, on=paper)
        page.keyboard.press("Enter")
        expect(page.locator("[role=radio] .count").first).to_have_text(str(number))
    settled(page)
    found = "\n".join(shifts.moved(page)[:12])
    assert not found, found


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_list_of_lessons_stays_as_its_fields_come_and_under_the_pointer(
    size: tuple[int, int], app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(fresh=True, viewport={"width": size[0], "height": size[1]})
    held: list[Route] = []
    # Streamlit's code for the language's field comes after the rows, as over a slow network.
    page.route(re.compile(r"/static/js/ButtonGroup\."), lambda route: held.append(route))
    page.goto(f"{app}/lessons")
    starts = page.locator(".st-key-lessons").get_by_role("button", name="Start", exact=True)
    expect(starts.first).to_be_visible()
    settled(page)
    page.evaluate("document.fonts.ready")
    starts.first.hover()
    before = box(starts.first)
    assert held
    for route in held:
        route.continue_()
    page.unroute_all()
    expect(page.get_by_role("radio", name="Deutsch")).to_be_visible()
    assert box(starts.first) == before
    settled(page)
    page.mouse.move(2, 2)
    shifts.watch(page)
    for place in [start.bounding_box() for start in starts.all()]:
        if place and place["y"] + place["height"] < size[1]:
            page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            page.mouse.move(place["x"] + 3 * place["width"], place["y"] + place["height"] / 2)
    for field in page.locator(".st-key-lesson_settings").get_by_role("radio").all():
        field.hover()
    found = "\n".join(shifts.moved(page)[:12])
    assert not found, found
