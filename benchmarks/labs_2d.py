"""The labs: a changed setting until its result is painted, robustness maps, opening pages."""

from time import perf_counter

from playwright.sync_api import Page

from benchmarks.browser import browser, new_page, rest
from benchmarks.table import Row, median_row
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image
from tests.browser import chromium

CHANGES = 20
OPENINGS = 5
PAGES = {
    "convolution_1d": "1D convolution",
    "convolution_2d": "2D convolution",
    "pooling": "Pooling",
    "translation": "Translation",
}
# Painted, with the server's values.
VIEW = "[data-cnnviz=network-view][data-source=torch], [data-cnnviz=signal-view][data-source=numpy]"

# In milliseconds, from the click to the second frame after the view's next paint.
CHANGE = """async (name) => {
    const view = document.querySelector("[data-cnnviz=network-view]") ?? find(document);
    function find(root) {
        for (const element of root.querySelectorAll("*")) {
            const inside = element.shadowRoot;
            if (!inside) continue;
            const found = inside.querySelector("[data-cnnviz=network-view]") ?? find(inside);
            if (found) return found;
        }
        return null;
    }
    const pills = [...document.querySelectorAll(".st-key-conv2d_preset button")];
    const pill = pills.find((button) => button.textContent.trim() === name);
    const frame = () => new Promise(requestAnimationFrame);
    const before = view.dataset.revision;
    const start = performance.now();
    pill.click();
    while (view.dataset.revision === before) {
        await frame();
        if (performance.now() - start > 30000) throw new Error("nothing was painted");
    }
    await frame();
    await frame();
    return performance.now() - start;
}"""


def measure() -> list[Row]:
    rows = [_robustness()]
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(url)
        page.locator("[data-cnnviz=network-view][data-source=torch]").first.wait_for()
        for name in PAGES:
            _open(page, f"{url}/{name}")
        for name, title in PAGES.items():
            times = [_open(page, f"{url}/{name}") for _ in range(OPENINGS)]
            rows.append(median_row(f"{title}: opened, warm → maps painted", times, "ms", 1500))
        _open(page, f"{url}/convolution_2d?input=digit")
        rest(page, 1500)
        times = []
        for step in range(CHANGES):
            times.append(page.evaluate(CHANGE, ("blur", "Laplacian")[step % 2]))
            rest(page, 200)
        rows.append(median_row("2D convolution: another kernel → painted", times, "ms", 300))
    return rows


def _open(page: Page, address: str) -> float:
    start = perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(VIEW).first.wait_for()
    return 1000 * (perf_counter() - start)


def _robustness() -> Row:
    networks = [
        checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors").model
        for name in ("article", "fully_connected")
    ]
    image = as_image(prepare(samples.ink(7)).centred)
    times = []
    for _ in range(CHANGES):
        start = perf_counter()
        translation.robustness(networks, image)
        times.append(1000 * (perf_counter() - start))
    return median_row("Robustness map, 441 shifts, two networks, on the server", times, "ms", 300)
