"""Frames while one draws for networks of ten layers, most of them folded, up to the most
multiplications that the browser follows the pen through."""

from functools import partial
from statistics import median

from playwright.async_api import Browser

from benchmarks.frames import circling, idle, measured, move, opened
from benchmarks.table import Row, p95
from cnnviz.networks.architecture import TINYVGG, Architecture
from cnnviz.networks.notation import address_of, layers_of

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
    return measured(
        [partial(_drawing, name=name, network=network) for name, network in NETWORKS.items()]
    )


async def _drawing(browser: Browser, url: str, name: str, network: Architecture) -> list[Row]:
    async with opened(browser, f"{url}/build?layers={address_of(network.layers)}") as page:
        circle = await circling(page, 4000)
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
