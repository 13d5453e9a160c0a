"""The README's pictures, from the running app: python docs/screenshots.py"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser import chromium  # noqa: E402
from tests.browser.hand import draw, listen, settled  # noqa: E402

# A seven as many write it, with a bar.
SEVEN = [[(72, 66), (120, 72), (196, 66), (168, 130), (136, 224)], [(112, 146), (186, 142)]]


def take(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/?pin=conv2.5.4.6")
    reading = page.locator(".st-key-draw_reading")
    expect(reading).to_contain_text("Best guess 7", timeout=60_000)
    draw(page, SEVEN)
    page.mouse.move(1430, 890)
    settled(page)
    expect(reading).to_contain_text("Best guess")
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / name)


def main() -> None:
    with chromium.server() as (url, _), chromium.browser() as browser:
        for name in ("draw.png", "draw-dark.png"):
            page = browser.new_page(
                viewport={"width": 1440, "height": 900},
                color_scheme="dark" if "dark" in name else "light",
            )
            listen(page)
            take(page, url, name)
            page.close()


if __name__ == "__main__":
    main()
