"""A page that is loaded anew, and the link to it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import hand, view
from tests.browser.addresses import asked_by, asks

# The share of a picture that is dark.
DARK = """async (image) => {
  await image.decode();
  const size = 290;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) dark += data[at] < 128;
  return dark / (size * size);
}"""


def test_a_drawing_by_hand_its_pin_and_its_scale_are_there_after_a_reload_and_in_the_link(
    open_page: Callable[..., Page], app: str
):
    page = open_page(fresh=True)
    hand.listen(page)
    # As over http, where a browser lends no clipboard: what is copied is what was selected.
    page.add_init_script(
        """Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.addEventListener("copy", () => {
          window.copied = document.activeElement.value;
        });"""
    )
    view.open_view(page, app)
    hand.settled(page)
    asks(page, {})
    hand.draw(page, [[(75, 75), (205, 75), (130, 225)], [(100, 150), (170, 150)]])
    hand.settled(page)
    page.wait_for_url(re.compile(r"drawing=s"))
    strokes = asked_by(page.url)["drawing"]
    assert len(strokes) < 200
    view.click(page, "conv2.5.4.6")
    page.get_by_text("map", exact=True).click()
    page.wait_for_url(re.compile(r"pin=conv2\.5\.4\.6.*scope=map|scope=map.*pin=conv2\.5\.4\.6"))
    hand.settled(page)
    title, place, value = view.pinned(page)
    link = page.url

    page.reload()
    expect(view.inspector(page).locator("h2")).to_have_text(title)
    hand.settled(page)
    expect(page).to_have_url(link)
    expect(view.inspector(page).locator(".place")).to_have_text(place)
    assert view.pinned(page)[:2] == (title, place)
    assert abs(view.pinned(page)[2] - value) < 0.1 * max(1, abs(value))
    expect(page.get_by_role("radio", name="map", exact=True)).to_be_checked()

    # By keyboard, without the browser's clipboard.
    copy = page.get_by_role("button", name="copy link")
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="copied")).to_be_focused()
    assert page.evaluate("window.copied") == link
    page.get_by_role("button", name="QR code").click()
    panel = page.get_by_role("dialog", name="QR code of this page")
    code = panel.get_by_role("img", name="QR code of the link to this page")
    expect(code).to_be_visible()
    assert 0.2 < code.evaluate(DARK) < 0.6
    box = code.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 500
    saved = panel.get_by_role("link", name="PNG").get_attribute("href")
    assert saved is not None
    answer = page.request.get(saved)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    # Strokes that came with the link are undone like any; the address follows, the pin stays.
    page.get_by_role("button", name="undo").click()
    hand.settled(page)
    page.wait_for_url(lambda url: asked_by(url).get("drawing") != strokes)
    page.get_by_role("button", name="clear").click()
    hand.settled(page)
    asks(page, {"drawing": "empty", "pin": "conv2.5.4.6", "scope": "map"})

    # Another page of the session has the drawing too, whatever Streamlit writes into its address.
    page.get_by_role("link", name="Pooling").click()
    expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible()
    hand.settled(page)
    page.locator(".st-key-operation").get_by_text("average").click()
    page.wait_for_url(re.compile("operation=average"))
    hand.settled(page)
    # Of what the view writes all is written at once: what it opens with is none of it.
    view.root(page).get_by_text("map", exact=True).click()
    asks(page, {"drawing": "empty", "operation": "average", "scope": "map"})
