"""Every page, in either theme, at 1440×900, on a projector and on a telephone: axe finds nothing of
any level, and all words can be read."""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import sight, view
from tests.browser.chromium import ROOT
from tests.browser.hand import complete, settled, still

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
# What is read from the last row: pictures with their numbers, what can be chosen, and what the page
# says of them.
LARGE = (
    f"{view.VIEWS}, .ink-map, [class*=st-key-why_ways_], .st-key-build_row, .cell-pictures, "
    ".st-key-rail [data-testid=stButtonGroup], "
    ".stMainBlockContainer [data-testid=stMarkdownContainer] p, .losses"
)
# On a telephone with a unit pinned where there is something to pin: more is to be seen then.
ON_A_TELEPHONE = {"draw": "?pin=fc.7", "convolution_2d": "?padding=1", "translation": "?pin=fc.7"}


def styled(page: Page) -> None:
    """Wait until the page has its own style.

    That comes by a module of Streamlit's that the browser may still be fetching when all words are
    there; without it a caption has Streamlit's own, lower contrast.
    """
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.stApp')).getPropertyValue('--muted')"
    )


def violations(page: Page) -> list[str]:
    styled(page)
    return found_by_axe(page)


def found_by_axe(page: Page) -> list[str]:
    # What passes is looked at all the same, but not described element by element.
    results = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{found['id']} ({found['impact']}): {found['help']}\n    "
        + "\n    ".join(
            f"{node['html'][:200]}\n      {node['failureSummary']}" for node in found["nodes"][:5]
        )
        for found in results
    ]


# A script that somebody got into the page is what the policy refuses last of all: when that is
# reported, what came before it has been, too.
REFUSED = """() => new Promise((done) => {
  const found = [];
  new ReportingObserver((reports) => {
    found.push(...reports.map(({ body }) => `${body.effectiveDirective}: ${body.blockedURL}`));
    if (found.at(-1) === "script-src-elem: inline") done([...found, typeof foul]);
  }, { types: ["csp-violation"], buffered: true }).observe();
  document.body.append(Object.assign(document.createElement("script"), { text: "foul = 1" }));
})"""


def nothing_refused(page: Page, problems: list[str]) -> None:
    """The page's Content-Security-Policy kept it from nothing, and would keep it from the worst."""
    assert page.evaluate(REFUSED) == ["script-src-elem: inline", "undefined"]
    assert len(problems) == 1
    assert "Content Security Policy" in problems.pop()


def address(app: str, name: str) -> str:
    """The first page has the bare address."""
    return app if name == "draw" else f"{app}/{name}"


def at_rest(page: Page) -> None:
    """All of it is there, and nothing moves any more."""
    settled(page)
    styled(page)
    complete(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    still(page)  # what fades in has less contrast than it will have


def in_theme(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
    at_rest(page)


@pytest.mark.parametrize("name", PAGES)
def test_in_either_theme_axe_finds_nothing_and_a_projector_shows_all_words(
    name: str, app: str, page: Page, problems: list[str]
) -> None:
    page.goto(address(app, name))
    at_rest(page)
    # Where there is a demonstration, it is gone at the first touch.
    page.mouse.move(3, 3)
    assert violations(page) == [], "in light"
    in_theme(page, "dark")
    assert violations(page) == [], "in dark"
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator("html")).to_have_attribute("data-presentation", "")
    at_rest(page)
    page.mouse.move(4, 4)
    assert sight.unreadable(page) == [], "in dark"
    assert sight.small(page, LARGE, 18) == []
    in_theme(page, "light")
    assert sight.unreadable(page) == [], "in light"
    nothing_refused(page, problems)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_telephone_axe_finds_nothing_and_all_words_can_be_read(
    name: str, app: str, phone_page: Page, problems: list[str]
) -> None:
    page = phone_page
    page.goto(f"{address(app, name)}/{ON_A_TELEPHONE.get(name, '')}".replace("/?", "?"))
    at_rest(page)
    if "pin=" in page.url:
        pinned = view.root(page).filter(has_text="logit")
        expect(pinned.first).to_be_visible()
    assert violations(page) == []
    assert sight.unreadable(page) == [], "in light"
    # What one can do first is named, and the picture comes before what changes it.
    if name != "draw":
        lead = page.locator(".st-key-rail, .st-key-lessons").locator("strong").first
        expect(lead).to_have_text(re.compile("^(Drag|Draw|Paint|Point|Start)|one number"))
    if page.locator(".st-key-lab_picture").count():
        control = ".st-key-rail [data-testid=stButtonGroup], .st-key-rail textarea"
        assert top(page, view.VIEWS) < top(page, control)
    if name == "why":
        map_of_ink = page.locator(".ink-map").first
        map_of_ink.evaluate("(it) => it.scrollIntoView({ block: 'center' })")
        # What it moves and the slider are in sight together, and other settings come later.
        expect(map_of_ink).to_be_in_viewport()
        expect(page.locator(".st-key-patch")).to_be_in_viewport(ratio=1)
        assert top(page, ".ink-map") < top(page, ".st-key-fill")
    in_theme(page, "dark")
    assert sight.unreadable(page) == [], "in dark"
    nothing_refused(page, problems)


def top(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate("(e) => e.getBoundingClientRect().top")
