"""The draw page: from a stroke to torch's values, from a start to a page."""

import time
from statistics import median

import psutil
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from benchmarks.browser import browser, circle, new_page, rest, stroke, wait_for_torch
from benchmarks.table import Row, median_row
from tests.browser import chromium

STROKES = 25
OPENINGS = 7
SESSIONS = 8


def measure() -> list[Row]:
    rows = [_server_time()]
    with browser() as opened:
        rows.append(_start(opened))
        with chromium.server() as (url, process):
            new_page(opened).goto(url)  # the first visitor waits for torch
            time.sleep(8)
            for context in opened.contexts:
                context.close()
            rows.append(_opening(opened, url))
            rows += _strokes(opened, url)
            rows += _memory(opened, url, psutil.Process(process.pid))
    return rows


def _server_time() -> Row:
    """Decode, preprocess, trace, encode for the view: what the page does at each stroke."""
    script = AppTest.from_function(_stroke_script, default_timeout=120).run()
    if script.exception:
        raise RuntimeError(script.exception[0].message)
    return median_row("server time for one stroke", script.session_state["times"], "ms", 10)


def _stroke_script() -> None:
    import base64
    import io
    import time

    import numpy as np
    import streamlit as st
    import torch
    from PIL import Image

    from cnnviz.components.network_view import network_view
    from cnnviz.drawing import samples
    from cnnviz.drawing.preprocessing import ink_from_canvas, prepare
    from cnnviz.networks import checkpoints
    from cnnviz.networks.trace import as_image, trace

    torch.set_num_threads(1)  # as cnnviz.components.page does
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[:, :, 3] = (samples.ink(7) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, format="PNG")
    sent = base64.b64encode(file.getvalue())
    model = checkpoints.article().model

    times = []
    for index in range(120):
        start = time.perf_counter()
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sent))))
        prepared = prepare(ink_from_canvas(picture))
        network_view(trace(model, as_image(prepared.centred)), key=f"network-{index}")
        times.append(1000 * (time.perf_counter() - start))
    st.session_state["times"] = times[20:]


def _start(opened: Browser) -> Row:
    """`streamlit run app.py` to a canvas on screen, with everything installed and used before."""
    times = []
    for _ in range(3):
        page = new_page(opened)
        start = time.perf_counter()
        with chromium.server() as (url, _):
            page.goto(url)
            page.locator(".st-key-draw canvas.upper-canvas").wait_for()
            times.append(time.perf_counter() - start)
            page.context.close()
    return Row("start → canvas usable, median", median(times), "s", 5, note=f"of {len(times)}")


def _opening(opened: Browser, url: str) -> Row:
    times = []
    for _ in range(OPENINGS):
        page = new_page(opened)
        page.goto(url)
        times.append(wait_for_torch(page) / 1000)
        page.context.close()
    return median_row("page opened, server warm → all maps painted", times, "s", 1.6)


def _strokes(opened: Browser, url: str) -> list[Row]:
    page = new_page(opened)
    page.goto(url)
    wait_for_torch(page)
    painted, served, payloads = [], [], []
    for index in range(STROKES):
        moves = circle(page, 6)
        for _ in range(6):
            next(moves)
        page.evaluate(
            """() => {
              probe.messages.length = 0;
              probe.after = new Promise((resolve) => {
                addEventListener("pointerup", async () => {
                  const up = performance.now();
                  const revision = Number(probe.view().dataset.revision);
                  // The preview may still be repainted: torch's values come by message.
                  while (!probe.messages.some(({ sent, bytes }) => !sent && bytes > 8000)) {
                    await new Promise(requestAnimationFrame);
                  }
                  resolve((await probe.torch(revision)) - up);
                }, { once: true, capture: true });
              });
            }"""
        )
        next(moves, None)
        took = page.evaluate("() => probe.after")
        rest(page, 300)
        messages = page.evaluate("() => probe.messages")
        asked = next(message["at"] for message in messages if message["sent"])
        received = [message for message in messages if not message["sent"]]
        largest = max(received, key=lambda message: message["bytes"])
        if index:  # the first stroke also takes the sample away
            painted.append(took)
            served.append(largest["at"] - asked)
            payloads.append(sum(message["bytes"] for message in received) / 1000)
        if index % 5 == 4:
            page.get_by_role("button", name="clear").click()
            rest(page, 800)
    page.context.close()
    return [
        median_row("pen-up → torch's values painted", painted, "ms", 350),
        median_row("stroke sent → values received, Streamlit included", served, "ms"),
        median_row("payload for one stroke", payloads, "kB", 60),
    ]


def _memory(opened: Browser, url: str, process: psutil.Process) -> list[Row]:
    def megabytes() -> float:
        return process.memory_info().rss / 1e6

    def visit() -> None:
        page = new_page(opened)
        page.goto(url)
        wait_for_torch(page)
        stroke(page)
        rest(page, 700)

    visit()
    one = megabytes()
    for _ in range(SESSIONS):
        visit()
    more = megabytes()
    for context in opened.contexts:
        context.close()
    return [
        Row("server memory, one session", one, "MB", 700),
        Row("each further session", (more - one) / SESSIONS, "MB", 10, note=f"of {SESSIONS}"),
    ]
