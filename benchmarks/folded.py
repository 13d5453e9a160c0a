"""Frames while one draws for networks of ten layers, most of them folded, up to the most
multiplications that the browser follows the pen through."""

import asyncio
import math
from statistics import median

from playwright.async_api import Browser, async_playwright

from benchmarks.frames import idle, move, opened
from benchmarks.table import Row, p95
from cnnviz.networks.architecture import TINYVGG, Architecture
from cnnviz.networks.notation import address_of, layers_of
from tests.browser import chromium

SECONDS = 5
LARGE = (
    "conv2d 32 3, relu, conv2d 24 3, relu, maxpool2d 2, conv2d 16 3, relu, conv2d 16 3, relu, "
    "maxpool2d 2, flatten, linear 10"
)
NETWORKS = {
    "TinyVGG": Architecture(TINYVGG),
    "ten layers": Architecture(layers_of(LARGE)),
}


def measure() -> list[Row]:
    with chromium.server() as (url, _):
        return asyncio.run(_all(url))


async def _all(url: str) -> list[Row]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        rows = [
            row
            for name, network in NETWORKS.items()
            for row in await _drawing(browser, url, name, network)
        ]
        await browser.close()
    return rows


async def _drawing(browser: Browser, url: str, name: str, network: Architecture) -> list[Row]:
    async with opened(browser, f"{url}/build?layers={address_of(network.layers)}") as page:
        canvas = page.locator(".st-key-draw canvas").last
        await canvas.wait_for()
        await page.wait_for_timeout(4000)
        box = await canvas.bounding_box()
        assert box is not None
        x, y = box["x"] + 140, box["y"] + 140

        def circle(seconds: float) -> tuple[float, float]:
            angle = 2 * math.pi * seconds / 1.5
            return x + 80 * math.cos(angle), y + 80 * math.sin(angle)

        still = await idle(page)
        moved = await move(page, circle, SECONDS)
        millions = network.multiplications / 1e6
        what = f"drawing for {name}, {millions:.1f} million multiplications"
        return [
            Row(
                f"previews a second while {what}",
                len(moved.script) / SECONDS,
                "/s",
                30,
                at_least=True,
                note=f"{moved.frames_a_second:.1f} frames a second, {still:.1f} idle",
            ),
            Row(
                f"script a frame while {what}, median",
                median(moved.script),
                "ms",
                note=f"p95 {p95(moved.script):.1f}",
            ),
        ]
