"""The grid of numbers, with a real mouse, keyboard and clipboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import PAINTED, settled
from tests.browser.view import root

ROUTE = "convolution_2d"


@pytest.fixture
def lab(app: str, page: Page) -> Page:
    return opened(page, app)


def opened(page: Page, app: str, query: str = "") -> Page:
    page.goto(f"{app}/{ROUTE}?{query}")
    expect(grid(page, "input")).to_be_visible(timeout=60_000)
    expect(root(page).first).to_have_attribute(
        "data-revision", re.compile(r"[1-9]"), timeout=60_000
    )
    settled(page)
    return page


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def editor(page: Page, name: str) -> Locator:
    """The brush, undo and sizes of a grid, in the rail; its cells are over the picture."""
    key = {"input": "conv2d_input_0", "kernel": "conv2d_kernel_0_0"}[name]
    return page.locator(f".st-key-{key} [data-cnnviz=grid-editor]")


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    """By its place, counted from 0 as everywhere."""
    return grid(page, name).get_by_role(
        "gridcell", name=re.compile(rf"^row {row}, column {column}: ")
    )


VALUES = """grid => [...grid.querySelectorAll("[role=row]")].map(row =>
  [...row.querySelectorAll("[role=gridcell]")].map(cell =>
    Number(cell.ariaLabel.split(": ")[1].replace("−", "-"))))"""


def values(page: Page, name: str) -> list[list[float]]:
    # An editor that is made anew has no cells for a moment.
    expect(grid(page, name).get_by_role("gridcell").first).to_be_visible()
    return grid(page, name).evaluate(VALUES)


def output(page: Page) -> str:
    """What the page says of the output's size."""
    return page.locator(".st-key-stage table").filter(has_text="stride").inner_text()


def paste(page: Page, name: str, text: str) -> None:
    grid(page, name).evaluate(
        """(grid, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
            grid.dispatchEvent(event);
        }""",
        text,
    )


def test_dragging_paints_and_is_one_step_to_undo_and_to_redo(lab: Page):
    before = values(lab, "input")
    start, end = (cell(lab, "input", 7, c).bounding_box() for c in (0, 3))
    assert start is not None
    assert end is not None
    lab.mouse.move(start["x"] + 5, start["y"] + 5)
    lab.mouse.down()
    lab.mouse.move(end["x"] + 5, end["y"] + 5, steps=8)
    lab.mouse.up()
    expect(cell(lab, "input", 7, 3)).to_have_accessible_name("row 7, column 3: 1")
    painted = values(lab, "input")
    assert painted[7] == [1, 1, 1, 1, 0, 0, 0, 0]
    assert painted != before
    settled(lab)
    expect(lab).to_have_url(re.compile("grid="))
    undo = editor(lab, "input").get_by_role("button", name="Undo")
    undo.click()
    assert values(lab, "input") == before
    settled(lab)
    expect(undo).to_be_disabled()
    editor(lab, "input").get_by_role("button", name="Redo").click()
    assert values(lab, "input") == painted
    settled(lab)
    assert values(lab, "input") == painted
    # Pressing on what is painted rubs it out.
    cell(lab, "input", 7, 0).click()
    expect(cell(lab, "input", 7, 0)).to_have_accessible_name("row 7, column 0: 0")


def test_the_keyboard_does_everything(lab: Page):
    cell(lab, "kernel", 0, 0).focus()
    for key in ("ArrowDown", "ArrowRight"):
        lab.keyboard.press(key)
    expect(cell(lab, "kernel", 1, 1)).to_be_focused()
    lab.keyboard.type("1/4")
    lab.keyboard.press("Enter")
    expect(cell(lab, "kernel", 1, 1)).to_have_accessible_name("row 1, column 1: 0.25")
    expect(cell(lab, "kernel", 2, 1)).to_be_focused()
    lab.keyboard.press("Space")
    expect(cell(lab, "kernel", 2, 1)).to_have_accessible_name("row 2, column 1: 1")
    lab.keyboard.press("Delete")
    expect(cell(lab, "kernel", 2, 1)).to_have_accessible_name("row 2, column 1: 0")
    lab.keyboard.press("Control+z")
    lab.keyboard.press("Control+z")
    lab.keyboard.press("Control+z")
    expect(cell(lab, "kernel", 1, 1)).to_have_accessible_name("row 1, column 1: 0")
    settled(lab)
    assert values(lab, "kernel") == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


# As Streamlit does where edits come quickly on a busy machine.
SET_UP_ANEW = """async ([url, data]) => {
    const { default: render } = await import(url);
    const setUp = () => {
        const host = document.body.appendChild(document.createElement("div"));
        const parentElement = host.attachShadow({ mode: "open" });
        parentElement.innerHTML = '<div class="root"></div>';
        const setStateValue = (name, value) => { window.told = value.text; };
        const takeDown = render({ data, parentElement, setStateValue });
        return () => { takeDown(); host.remove(); };
    };
    let takeDown = setUp();
    window.setUpAnew = () => { takeDown(); takeDown = setUp(); };
}"""


def test_what_one_types_goes_on_where_streamlit_sets_the_editor_up_anew(lab: Page):
    scripts = "() => performance.getEntriesByType('resource').map((entry) => entry.name)"
    url = next(name for name in lab.evaluate(scripts) if re.search(r"grid_editor-\w+\.js", name))
    data = {
        **{"id": "another", "label": "another", "values": "1,2;3,4", "paint": False, "brush": 1},
        **{"scale": None, "shown": False, "sequence": 0},
        **{"leastRows": 1, "leastColumns": 1, "mostRows": 8, "mostColumns": 8},
        "place": {"view": "conv2d", "box": "kernel", "at": [0, 0], "others": []},
    }
    lab.evaluate(SET_UP_ANEW, [url, data])
    cell(lab, "another", 0, 1).focus()
    lab.keyboard.type("1")
    lab.evaluate("() => setUpAnew()")
    lab.keyboard.type("/4")
    lab.keyboard.press("Enter")
    lab.evaluate("() => setUpAnew()")
    lab.keyboard.press("Delete")
    expect(cell(lab, "another", 1, 1)).to_have_accessible_name("row 1, column 1: 0")
    assert values(lab, "another") == [[1, 0.25], [3, 0]]
    lab.wait_for_function("() => window.told === '1,0.25;3,0'")


def test_a_block_larger_than_the_grid_makes_it_grow(lab: Page):
    cell(lab, "kernel", 2, 2).focus()
    paste(lab, "kernel", "1 2 3\n4 5 6")
    settled(lab)
    assert [len(row) for row in values(lab, "kernel")] == [5] * 4
    assert "⌊(8 + 2·0 − 1·(4 − 1) − 1) / 1 + 1⌋ = ⌊5⌋ = 5" in output(lab)


def test_what_cannot_be_used_is_named_and_changes_nothing_and_a_spreadsheets_columns_are_pasted(
    lab: Page,
):
    before = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    message = editor(lab, "kernel").get_by_role("alert")
    for typed, reason in (("abc", "is not a number"), ("1/0", "can’t be used")):
        cell(lab, "kernel", 1, 2).click()
        lab.keyboard.type(typed)
        lab.keyboard.press("Enter")
        expect(message).to_contain_text(reason)
        expect(message).to_contain_text("Row 1, column 2: ")
        expect(message).to_contain_text("It is still 2")
        assert values(lab, "kernel") == before, typed
    for block, reason in (
        ("1\t2\n3\tx", "Row 1, column 1: “x” is not a number"),
        ("\n".join(["1"] * 10_000), "10000 × 1"),
    ):
        cell(lab, "kernel", 0, 0).focus()
        paste(lab, "kernel", block)
        expect(message).to_contain_text(reason)
        expect(message).to_contain_text("Nothing was changed")
        assert values(lab, "kernel") == before, reason
    cell(lab, "kernel", 0, 0).focus()
    paste(lab, "kernel", "0,5\t1\r\n-2\t1/3\r\n")
    settled(lab)
    assert values(lab, "kernel") == [[0.5, 1, 1], [-2, 0.33333334, 2], [-1, 0, 1]]


def test_rows_and_columns_can_be_added_and_taken_away(lab: Page):
    bar = editor(lab, "kernel")
    bar.get_by_role("button", name="One row fewer").click()
    bar.get_by_role("button", name="One row fewer").click()
    expect(bar.get_by_role("button", name="One row fewer")).to_be_disabled()
    bar.get_by_role("button", name="One column more").click()
    settled(lab)
    assert values(lab, "kernel") == [[-1, 0, 1, 0]]
    assert "rows\t⌊(8 + 2·0 − 1·(1 − 1) − 1) / 1 + 1⌋ = ⌊8⌋ = 8" in output(lab)
    assert "columns\t⌊(8 + 2·0 − 1·(4 − 1) − 1) / 1 + 1⌋ = ⌊5⌋ = 5" in output(lab)


def test_a_preset_can_be_undone_in_the_grid_and_a_reload_keeps_what_was_edited(lab: Page):
    lab.get_by_role("radio", name="blur").or_(lab.get_by_role("button", name="blur")).first.click()
    settled(lab)
    assert values(lab, "kernel")[1][1] == 0.25
    editor(lab, "kernel").get_by_role("button", name="Undo").click()
    settled(lab)
    assert values(lab, "kernel") == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    cell(lab, "kernel", 0, 0).click()
    lab.keyboard.type("7.5")
    lab.keyboard.press("Enter")
    settled(lab)
    expect(lab).to_have_url(re.compile("kernels=7.5"))
    lab.reload()
    expect(cell(lab, "kernel", 0, 0)).to_have_accessible_name(
        "row 0, column 0: 7.5", timeout=60_000
    )


def test_fingers_paint_too(app: str, open_page: Callable[..., Page]):
    phone = opened(open_page(viewport={"width": 400, "height": 800}, has_touch=True), app)
    cell(phone, "input", 0, 0).tap()
    expect(cell(phone, "input", 0, 0)).to_have_accessible_name("row 0, column 0: 1")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 400


def centre(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_size_buttons_stay_under_the_pointer_click_after_click(
    size: tuple[int, int], app: str, dark_page: Page
):
    lab = dark_page
    lab.set_viewport_size({"width": size[0], "height": size[1]})
    opened(lab, app, "padding=1")
    # From eight columns to eleven: the words between the buttons grow, too.
    for name, words in (("input", "row"), ("input", "column"), ("kernel", "row")):
        more = editor(lab, name).get_by_role("button", name=f"One {words} more")
        before = values(lab, name)
        more.scroll_into_view_if_needed()
        place = centre(more)
        for _ in range(3):  # at the same place, whatever is there by then
            lab.mouse.click(*place)
            settled(lab)
        assert centre(more) == place, (name, words)
        now = values(lab, name)
        grown = len(now) - len(before) if words == "row" else len(now[0]) - len(before[0])
        assert grown == 3, (name, words)
        assert sum(map(sum, now)) == sum(map(sum, before)), name  # no click has painted a cell


def test_cells_lie_on_the_pictures_own_and_are_painted_there(lab: Page):
    view = root(lab)
    for row, column in ((0, 0), (7, 7), (2, 5)):
        there = view.evaluate("(root, name) => root.where(name)", f"input.0.{row}.{column}")
        here = cell(lab, "input", row, column).bounding_box()
        assert here is not None
        for side in ("x", "y", "width", "height"):
            assert here[side] == pytest.approx(there[side], abs=0.6)
    # The numbers are in one place: where the picture shows them, a cell shows nothing of its own.
    expect(grid(lab, "input").locator(".cell:not(.below)")).to_have_count(0)
    cell(lab, "input", 7, 0).click()
    expect(cell(lab, "input", 7, 0)).to_have_accessible_name("row 7, column 0: 1")
    expect(lab).to_have_url(re.compile("grid="))
    settled(lab)
    expect(grid(lab, "input").locator(".cell:not(.below)")).to_have_count(0)
    assert (
        view.evaluate(
            "root => root.at(...(({x, y, width, height}) => [x + width / 2, "
            "y + height / 2])(root.where('input.0.7.0')))"
        )
        == "input.0.7.0"
    )


def test_another_kernel_is_edited_by_a_click_on_it(app: str, page: Page):
    opened_page = page
    opened_page.goto(f"{app}/{ROUTE}?in=2&out=2")
    settled(opened_page)
    chosen = "kernel of map 0, channel 0"
    expect(grid(opened_page, chosen)).to_be_visible(timeout=60_000)
    opened_page.get_by_role("button", name="Edit the kernel of map 1, channel 0").click()
    expect(grid(opened_page, "kernel of map 1, channel 0")).to_be_visible(timeout=30_000)
    expect(grid(opened_page, chosen)).to_have_count(0)
    settled(opened_page)
    assert values(opened_page, "kernel of map 1, channel 0") == [
        *([-1, -2, -1], [0, 0, 0], [1, 2, 1])  # Sobel y
    ]


def test_where_the_picture_cannot_follow_the_cells_show_their_own_numbers(lab: Page):
    dilation = lab.get_by_role("textbox", name="Dilation")
    dilation.fill("9")
    dilation.press("Enter")
    expect(lab.get_by_role("alert").first).to_contain_text("reaches over 19")
    settled(lab)
    # The picture still shows both grids: only what it doesn't show is the cells' own.
    expect(grid(lab, "kernel").locator(".cell:not(.below)")).to_have_count(0)
    editor(lab, "kernel").get_by_role("button", name="One row fewer").click()
    expect(grid(lab, "kernel").locator(".cell:not(.below)")).to_have_count(6, timeout=30_000)


def test_a_cell_whose_picture_has_no_place_for_a_while_is_focused_again(lab: Page):
    cell(lab, "kernel", 0, 0).focus()
    picture = root(lab).first
    painted = "view.dataset.revision = Number(view.dataset.revision) + 1;"
    picture.evaluate(
        f"view => {{ view.placed = view.kernelBox; view.kernelBox = () => null; {painted} }}"
    )
    expect(cell(lab, "kernel", 0, 0)).to_be_hidden()
    lab.evaluate(PAINTED)
    picture.evaluate(f"view => {{ view.kernelBox = view.placed; {painted} }}")
    expect(cell(lab, "kernel", 0, 0)).to_be_focused()


def test_keys_go_on_to_the_cell_when_the_picture_under_it_is_made_anew(lab: Page):
    cell(lab, "kernel", 0, 0).focus()
    lab.keyboard.press("Space")
    lab.keyboard.press("ArrowRight")
    settled(lab)
    first = root(lab).element_handle()
    assert first is not None
    # Pressed without the pointer and without the focus, as by the server or a link.
    lab.get_by_role("switch", name="With the flip, beside it").evaluate("input => input.click()")
    expect(root(lab)).to_have_count(2)
    settled(lab)
    assert not first.evaluate("view => view.isConnected")
    expect(cell(lab, "kernel", 0, 1)).to_be_focused()
    lab.keyboard.press("Control+z")
    expect(cell(lab, "kernel", 0, 0)).to_have_accessible_name("row 0, column 0: \u22121")
    # Nor does the focus come back to who has gone on.
    flip = lab.get_by_role("switch", name="With the flip, beside it")
    flip.focus()
    lab.keyboard.press("Space")
    expect(root(lab)).to_have_count(1)
    settled(lab)
    expect(grid(lab, "kernel")).to_be_visible()
    expect(flip).to_be_focused()
