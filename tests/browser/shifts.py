"""What changes its place by itself: the browser's own layout-shift entries."""

from playwright.sync_api import Page

# Each entry's sources, as words; also of those that the browser forgives, since they follow a key
# or a click: here nothing may move then, too. Entries come a little after what they tell of.
WATCH = """() => {
    window.moved = [];
    window.watching?.disconnect();
    window.noted = (entries) => {
        for (const entry of entries)
            for (const { node, previousRect: from, currentRect: to } of entry.sources) {
                const element = node?.nodeType === 1 ? node : node?.parentElement;
                // As text changes in its place the browser tells of it, too, and of a focus ring.
                if (Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y)) < 4) continue;
                if (!from.width || !to.width) continue; // it has come, or gone
                // A slider's thumb is there to move.
                if (element?.closest("[data-testid=stSlider]")) continue;
                const where = (r) => `${r.x.toFixed()},${r.y.toFixed()} ${r.width.toFixed()}\\u00d7`
                    + r.height.toFixed();
                const words = (element?.textContent ?? "").slice(0, 60);
                window.moved.push(`${element?.tagName}.${element?.className}: ${words}: `
                    + `${where(from)} to ${where(to)}`);
            }
    };
    window.watching = new PerformanceObserver((list) => window.noted(list.getEntries()));
    window.watching.observe({ type: "layout-shift", buffered: false });
}"""
MOVED = """async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    window.noted(window.watching.takeRecords());
    return window.moved;
}"""


def watch(page: Page) -> None:
    """From now on note what moves, until the page is left."""
    page.evaluate(WATCH)


def moved(page: Page) -> list[str]:
    """What has moved since `watch`, a line each."""
    return page.evaluate(MOVED)
