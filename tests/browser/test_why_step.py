"""One step of learning: gradients in the view, followed from a pixel to the loss and back."""

import re

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Page, expect

from cnnviz.networks import checkpoints
from cnnviz.reasons.backward import backward
from tests.browser.hand import settled
from tests.browser.test_accessibility import at_rest, violations
from tests.browser.view import click, number, point_at, root
from tests.reasons.small import digit

POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def gradient(text: str) -> float:
    """−1.234·10⁻³"""
    value, _, power = text.partition("·10")
    return number(value) * 10.0 ** int(power.translate(POWERS) or 0)


def test_a_gradient_is_followed_to_the_loss_and_down_to_a_pixel_and_a_step_changes_it(
    app: str, page: Page
):
    seven = digit(7)
    found = backward(checkpoints.article().model, seven, 1)
    strongest = int(found.gradients[1].flatten().abs().argmax())
    place = torch.unravel_index(torch.tensor(strongest), found.gradients[1].shape)
    channel, row, col = (int(i) for i in place)
    page.goto(f"{app}/why?about=step&true=1&pin=conv1.{channel}.{row}.{col}")
    view = root(page)
    expect(view).to_have_attribute("data-source", "torch")
    expect(view).to_contain_text("Gradient of the loss, true class 1")
    expect(view.locator(".legend .source")).to_have_text("PyTorch")
    panel = page.get_by_role("region", name=re.compile("^How the number came about"))
    big, title = panel.locator(".big"), panel.locator("h2")
    expect(title).to_have_text(f"conv1 · map {channel}")
    exact = float(found.gradients[1].flatten()[strongest])
    assert gradient(big.inner_text()) == pytest.approx(exact, rel=1e-3)
    # Up to the loss, a click a layer: whatever read the value with the largest product.
    for name in ("relu1", "pool1"):
        panel.get_by_role("button", name=re.compile(f"^{name} map")).first.click()
        expect(title).to_contain_text(name)
    cells = panel.get_by_role("button", name=re.compile("^gradient at conv2 map"))
    expect(cells.first).to_be_visible()
    cells.nth(4).click()
    expect(title).to_contain_text("conv2")
    # And down to a pixel of the drawing, always to what it weighs most.
    on = panel.locator(".onwards").get_by_role("button")
    for name in ("pool1", "relu1", "conv1", "input"):
        on.click()
        expect(title).to_contain_text(name)
    assert re.search(r"The gradient of the loss at input", panel.inner_text())
    # Mouse and keyboard as ever.
    page.get_by_role("group", name=re.compile("^logits: ")).scroll_into_view_if_needed()
    point_at(page, "fc.7")
    expect(view.locator(".tooltip")).to_contain_text("gradient ")
    click(page, "fc.1")
    expect(big).to_have_text(re.compile(r"^−1\.000$|^−0\.99"))
    page.get_by_role("group", name=re.compile(r"^pool2: .*gradient")).focus()
    page.keyboard.press("Enter")
    expect(title).to_contain_text("pool2")
    # A kernel's cell chooses its weight, and each of its terms is a click from where it happened.
    click(page, "conv1.weight.2.0")
    weight = page.get_by_label("Weight", exact=True)
    expect(weight).to_have_value("conv1.weight[2,0,1,1]")
    terms = page.get_by_role("table", name=re.compile(r"^The largest terms of .*\[2,0,1,1\]"))
    term = terms.get_by_role("button").first
    _, _, row, column = term.inner_text().split(".")
    term.click()
    expect(title).to_have_text("conv1 · map 2")
    expect(panel).to_contain_text(f"row {row}, column {column}")
    before = view.get_attribute("data-revision")
    page.get_by_role("button", name="Take the step").click()
    expect(page.get_by_text("1 step taken so far")).to_be_visible()
    expect(view).not_to_have_attribute("data-revision", str(before))
    at_rest(page)
    # The step is torch's: its loss is that of the page's sentence.
    model = checkpoints.load("checkpoints/article.safetensors").model
    optimizer = torch.optim.SGD(model.parameters(), 0.05)
    F.cross_entropy(model(seven), torch.tensor([1])).backward()
    optimizer.step()
    shown = page.get_by_text("The loss is −log p").inner_text()
    told = re.search(r"−log p = ([\d.e−-]+)", shown)
    assert told is not None
    after = F.cross_entropy(model(seven), torch.tensor([1])).item()
    assert number(told[1]) == pytest.approx(after, rel=2e-3, abs=1e-6)
    assert not violations(page)


def test_on_a_telephone_the_terms_of_a_batch_fit_the_window(app: str, phone_page: Page) -> None:
    page = phone_page
    page.goto(f"{app}/why?about=step&learn=samples&weight=conv1.weight[0,0,0,0]")
    settled(page)
    terms = page.get_by_role("table", name=re.compile("^The largest terms of "))
    expect(terms.get_by_role("button").first).to_contain_text("picture ")
    room = terms.evaluate("table => [table.parentElement.clientWidth, table.offsetWidth]")
    assert room[1] <= room[0]
