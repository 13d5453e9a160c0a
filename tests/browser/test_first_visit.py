"""A first visit: the course is offered once, and moves nothing as it comes and goes."""

from collections.abc import Callable, Iterable

from playwright.sync_api import Locator, Page, expect

from tests.browser import hand, shifts, view


def offer(page: Page) -> Locator:
    return page.get_by_role("group", name="New here?")


def opened(page: Page, url: str) -> None:
    hand.listen(page)
    view.open_view(page, url)
    hand.settled(page)


def places(page: Page) -> list[object]:
    """Where what stands on the page is."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
             '.stAppHeader a, [class*="st-key-"], .cnnviz-share .copy, h1, h2, p')]
           .filter((each) => !each.closest(".cnnviz-offer"))
           .map((each) => each.getBoundingClientRect())
           .map(({ x, y, width, height }) => [x, y, width, height])"""
    )


# It lies over nothing that is to be read or pressed, and is wholly in the window; a click on it is
# one on nothing else.
FREE = """() => {
  const place = (element) => element.getBoundingClientRect();
  const offer = document.querySelector(".cnnviz-offer");
  const mine = place(offer);
  const others = [...document.querySelectorAll(
    '[data-testid=stTopNavLink], .cnnviz-share > button, .st-key-model, [data-testid=stMainMenu], '
      + '[data-testid=stExpandSidebarButton], .st-key-page_name p, h1'
  )].filter((it) => getComputedStyle(it).visibility === "visible");
  const middles = [...offer.querySelectorAll("a, button")].map((it) => [it, place(it)]);
  return mine.width > 0 && mine.left >= 0 && mine.right <= innerWidth && mine.top >= 0
    && middles.every(([it, { x, y, width, height }]) =>
      it === document.elementFromPoint(x + width / 2, y + height / 2))
    && others.map(place).every((it) => !it.width || it.right <= mine.left
      || it.left >= mine.right || it.bottom <= mine.top || it.top >= mine.bottom);
}"""
WIDTHS = (
    1920,
    1850,
    1849,
    1761,
    1760,
    1600,
    1599,
    1440,
    1411,
    1410,
    1330,
    1329,
    1280,
    1210,
    1209,
    1050,
    1024,
    800,
    768,
    767,
    600,
)
NARROW = (480, 360, 320)


def lies_over_nothing(page: Page, widths: Iterable[int]) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FREE)


def met(page: Page) -> str | None:
    return page.evaluate("() => localStorage.getItem('cnnviz.met')")


def test_who_opens_the_app_for_the_first_time_is_offered_the_course_once(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page()
    # Who follows a link to something specific has come for that, and a later visit is the first.
    opened(page, f"{app}?sample=3")
    expect(page.get_by_role("button", name="copy link")).to_be_visible()
    assert offer(page).is_hidden()
    assert met(page) is None

    opened(page, app)
    decline = offer(page).get_by_role("button", name="no, thanks")
    expect(offer(page)).to_be_visible()
    shown, menu = (
        offer(page).bounding_box(),
        page.get_by_role("link", name="Lessons", exact=True).bounding_box(),
    )
    assert shown
    assert menu
    # Within the navigation's line, between its last name and the link's button.
    assert menu["x"] + menu["width"] <= shown["x"]
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= 60
    lies_over_nothing(page, WIDTHS)
    # Where it stands in the place of the link's buttons.
    page.set_viewport_size({"width": 1280, "height": 900})
    hand.settled(page)
    before = places(page)
    decline.focus()
    shifts.watch(page)
    page.keyboard.press("Enter")
    expect(offer(page)).to_be_hidden()
    expect(page.get_by_role("button", name="copy link")).to_be_focused()
    assert shifts.moved(page) == []
    assert places(page) == before
    opened(page, app)
    assert offer(page).is_hidden()
    assert places(page) == before  # it had pushed nothing as it came

    page.evaluate("() => localStorage.clear()")
    opened(page, app)
    offer(page).get_by_role("link", name="Start with the lessons").press("Enter")
    expect(page.get_by_role("heading", name="Lessons", exact=True)).to_be_visible()
    hand.settled(page)
    expect(page.get_by_role("link", name="Lessons", exact=True)).to_be_focused()
    assert offer(page).is_hidden()
    page.get_by_role("link", name="Pooling", exact=True).click()
    expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible()
    hand.settled(page)
    assert offer(page).is_hidden()


def test_on_a_telephone_it_stands_in_the_top_bar_until_something_is_drawn(
    phone_page: Page, app: str
) -> None:
    page = phone_page
    opened(page, app)
    expect(offer(page)).to_be_visible()
    shown = offer(page).bounding_box()
    name = page.locator(".st-key-page_name p").bounding_box()
    assert shown
    assert name
    assert name["x"] + name["width"] <= shown["x"]
    assert shown["x"] + shown["width"] <= 390 - 40
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= 53
    lies_over_nothing(page, NARROW)
    page.set_viewport_size({"width": 390, "height": 844})
    hand.settled(page)
    hand.canvas_box(page)  # scrolled into sight
    shifts.watch(page)
    hand.draw(page, hand.ONE)
    expect(offer(page)).to_be_hidden()
    hand.settled(page)
    assert shifts.moved(page) == []
    assert met(page) == "1"


# Where the link's button is in each frame in which the offer is shown.
WATCH_THE_BUTTON = """() => {
  window.places = new Set();
  const look = () => {
    const offer = document.querySelector(".cnnviz-offer:not([hidden])");
    const button = document.querySelector(".cnnviz-share .copy");
    if (offer && button) window.places.add(button.getBoundingClientRect().x);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_in_presentation_size_it_comes_in_one_line_and_pushes_nothing(
    open_page: Callable[..., Page], app: str
) -> None:
    page = open_page(fresh=True, viewport={"width": 1920, "height": 1080})
    page.add_init_script(f"({WATCH_THE_BUTTON})()")
    opened(page, app)
    expect(offer(page)).to_be_visible()
    ask, decline = (
        offer(page).get_by_role("link", name="Start with the lessons").bounding_box(),
        offer(page).get_by_role("button", name="no, thanks").bounding_box(),
    )
    assert ask
    assert decline
    assert abs(ask["y"] + ask["height"] / 2 - decline["y"] - decline["height"] / 2) < 3
    assert page.evaluate("() => window.places.size") == 1
    # By the key, in a window that is no wider than usual, the line's names keep apart, too.
    lies_over_nothing(page, (1600, 1500))
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("html")).not_to_have_attribute("data-presentation", "")
    page.keyboard.press("p")
    expect(page.locator("html")).to_have_attribute("data-presentation", "")
    lies_over_nothing(page, (1599, 1500, 1499, 1440, 1330, 1329, 1300))
    offer(page).get_by_role("button", name="no, thanks").click()
    page.set_viewport_size({"width": 1440, "height": 900})
    names = page.get_by_test_id("stTopNavLink").last.bounding_box()
    button = page.get_by_role("button", name="copy link").bounding_box()
    assert names
    assert button
    assert names["x"] + names["width"] <= button["x"]
