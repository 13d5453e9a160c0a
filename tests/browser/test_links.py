"""Links straight to a page."""

from playwright.sync_api import Browser, expect

from tests.browser import chromium


def test_the_first_visitor_of_a_fresh_server_may_follow_a_link_to_a_page(browser: Browser):
    with chromium.server() as (url, _):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/pooling")
        expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible(
            timeout=60_000
        )
        # The frame of app.py: navigation on top, no sidebar.
        expect(page.get_by_role("link", name="1D convolution")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        page.close()
