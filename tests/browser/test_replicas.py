"""Two servers behind nginx, as docs/running.md has it: one queue, and either may go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cnnviz.runs import folders, history, locks
from cnnviz.training.config import TrainingConfig
from tests.browser import chromium, hand, proxy
from tests.waiting import wait_for

LONG = TrainingConfig(preset="own", dataset="digits", epochs=100, batch_size=4, channels=(16, 32))

TRAINED = 180_000
"""Milliseconds for all of *tiny*, on a busy machine."""


def place(page: Page, url: str) -> str:
    """Which of the two servers the page has come to."""
    kept = {cookie.get("name"): cookie.get("value", "") for cookie in page.context.cookies(url)}
    return kept["cnnviz_at"]


@pytest.mark.long
@pytest.mark.skipif(proxy.NGINX is None, reason="needs nginx (apt-get install nginx-light)")
def test_two_servers_have_one_queue_and_a_killed_one_s_visitors_go_on_at_the_other(
    tmp_path: Path, open_page: Callable[..., Page], problems: list[str]
) -> None:
    root = tmp_path / "runs"
    shared = folders.create(LONG, "shared", name="shared", runs=root)
    settings = {"CNNVIZ_RUNS": str(root), "CNNVIZ_NICENESS": "0"}
    with (
        chromium.server(settings) as (first, first_process),
        chromium.server(settings) as (second, second_process),
        proxy.nginx(tmp_path, [first, second]) as url,
    ):
        page, other = open_page(fresh=True), open_page(fresh=True)
        page.goto(url)
        hand.draw(page, hand.ONE)
        hand.settled(page)
        view = page.locator('[data-cnnviz="network-view"]').first
        expect(view).to_have_attribute("data-source", "torch")
        here = place(page, url)

        page.goto(f"{url}/training?run=shared")
        page.get_by_role("button", name="Resume", exact=True).click()
        expect(page.get_by_text("images/s")).to_be_visible()
        assert place(page, url) == here
        # The other server's visitor watches it, and waits for it.
        there = "b" if here == "a" else "a"
        other.context.add_cookies([{"name": "cnnviz_at", "value": there, "url": url}])
        other.goto(f"{url}/training?run=shared")
        expect(other.get_by_text("images/s")).to_be_visible()
        expect(other.get_by_text("You look on")).to_be_visible()
        other.get_by_role("radio", name="tiny").click()
        expect(other.get_by_text("A few seconds on")).to_be_visible()
        other.get_by_role("button", name="Start", exact=True).click()
        expect(other.get_by_text("next in line")).to_be_visible()

        (first_process if here == "a" else second_process).kill()
        expect(other.get_by_text("finished")).to_be_visible(timeout=TRAINED)
        page.reload()
        expect(page.get_by_text("interrupted at step")).to_be_visible()
        reached = history.read(shared).events.last_step
        page.get_by_role("button", name="Resume", exact=True).click()
        expect(page.get_by_text("images/s")).to_be_visible()
        wait_for(lambda: history.read(shared).events.last_step > reached)
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("stopped at step")).to_be_visible()
        assert not locks.is_training(shared)
        for opened in (page, other):
            opened.goto("about:blank")
    # While its server was gone a page said so on the console.
    gone = ("/_stcore/", "disconnected from server")
    problems[:] = [said for said in problems if not any(words in said for words in gone)]
