"""The 1D lab: dragging a stem of 512 samples under 64 taps, the picture repainted.

A synthetic pointer moves once a frame, as a fast hand's does; counted are the picture's own
repaints (its `data-revision`), each with all results computed anew.
"""

from benchmarks.browser import browser, new_page, rest
from benchmarks.table import Row
from tests.browser import chromium

SECONDS = 3

DRAG = """async (root, seconds) => {
    const canvas = root.querySelector("canvas");
    const box = canvas.getBoundingClientRect();
    const { x, y } = root.tipOf("signal", 256);
    const send = (type, dx, dy) => canvas.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1, button: 0, isPrimary: true,
        clientX: box.left + x + dx, clientY: box.top + y + dy,
    }));
    canvas.setPointerCapture = () => {};  // a synthetic pointer can't be captured
    send("pointerdown", 0, 0);
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const first = Number(root.dataset.revision);
    const start = performance.now();
    let frames = 0;
    for (; performance.now() - start < seconds * 1000; frames += 1) {
        send("pointermove", 40 * Math.sin(frames / 20), 30 + 25 * Math.sin(frames / 7));
        await frame();
    }
    const passed = (performance.now() - start) / 1000;
    const painted = Number(root.dataset.revision) - first;
    send("pointerup", 0, 0);
    return { painted: painted / passed, screen: frames / passed };
}"""


def measure() -> list[Row]:
    signal = ",".join(f"{n % 17 / 4}" for n in range(512))
    taps = ",".join(f"{1 / (n + 1):.3f}" for n in range(64))
    with browser() as opened, chromium.server() as (url, _):
        page = new_page(opened)
        page.goto(f"{url}/convolution_1d?signal={signal}&filter={taps}")
        page.locator("[data-cnnviz=signal-view][data-source=numpy]").wait_for()
        rest(page, 2000)
        figures = page.locator("[data-cnnviz=signal-view]").evaluate(DRAG, SECONDS)
    return [
        Row(
            "1D lab, a stem dragged at 512 samples and 64 taps: repaints",
            figures["painted"],
            "a second",
            30,
            at_least=True,
            note=f"the screen itself made {figures['screen']:.0f}",
        )
    ]
