"""The draw page as a person uses it, in a real Chromium with a real mouse."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from cnnviz.networks import models
from tests.browser.hand import ONE, SEVEN, canvas, canvas_box, draw, settled, stroke
from tests.browser.view import root

# The component has a second lower canvas, for a background picture.
DRAWN = ".st-key-draw .canvas-container:has(canvas.upper-canvas) canvas.lower-canvas"


def open_draw(page: Page, app: str) -> None:
    page.goto(app)
    reads(page, 7)
    expect(root(page)).to_have_attribute("data-source", "torch")
    # The buttons beside the canvas have found it, and send a stroke as soon as the pen is up.
    sample_lies_on_canvas(page)


def reading(page: Page) -> Locator:
    return page.locator(".st-key-draw_reading")


def reads(page: Page, digit: int) -> None:
    """torch has answered, with `digit`: the canvas sends a stroke only a while after pen-up."""
    sentence = reading(page).locator(".reading[data-source=torch]")
    expect(sentence).to_contain_text(f"Best guess {digit}")


def inked_pixels(page: Page) -> int:
    """How many pixels of the drawing itself, sample aside, have ink."""
    return page.locator(DRAWN).evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) inked += data[i] > 8;
          return inked;
        }"""
    )


def sample_lies_on_canvas(page: Page, lies: bool = True) -> None:
    """Wait until a sample, or whatever else isn't drawn by hand, lies on the canvas; or doesn't."""
    expect(page.locator(".st-key-draw .cnnviz-backdrop")).to_have_count(int(lies))


def photograph(digit_strokes: list[list[tuple[float, float]]], **save: str) -> bytes:
    """Dark ink on light paper."""
    picture = Image.new("L", (300, 300), 225)
    pen = ImageDraw.Draw(picture)
    for points in digit_strokes:
        pen.line(points, fill=30, width=20, joint="curve")
    file = io.BytesIO()
    picture.save(file, format=save.get("format", "PNG"))
    return file.getvalue()


def test_the_page_opens_on_a_sample_all_is_in_sight_and_the_first_stroke_takes_it_away_at_once(
    app: str, page: Page
) -> None:
    open_draw(page, app)
    sample_lies_on_canvas(page)
    expect(page.get_by_role("radio", name="7", exact=True)).to_be_checked()
    for part in (canvas(page), reading(page), page.locator(".steps")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth") <= 1440
    # An icon at an address is asked for again after each stroke, which changes the page's.
    expect(page.locator("link[rel~=icon]")).to_have_attribute("href", re.compile("^data:"))

    box = canvas_box(page)
    page.mouse.move(box["x"] + 140, box["y"] + 60)
    page.mouse.down()
    sample_lies_on_canvas(page, False)
    page.mouse.move(box["x"] + 140, box["y"] + 230, steps=5)
    page.mouse.up()
    reads(page, 1)
    sample_lies_on_canvas(page, False)
    samples = page.locator(".st-key-draw_samples")
    expect(samples.get_by_role("radio", checked=True)).to_have_count(0)


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_undo_takes_back_one_stroke_clear_takes_all_and_both_can_be_undone(
    app: str, page: Page
) -> None:
    open_draw(page, app)
    expect(tool(page, "undo")).to_be_disabled()
    draw(page, ONE)
    reads(page, 1)
    one = inked_pixels(page)
    stroke(page, [(60, 140), (220, 140)])
    expect(reading(page)).not_to_contain_text("Best guess 1")
    tool(page, "undo").click()
    reads(page, 1)
    settled(page)
    assert inked_pixels(page) == one
    tool(page, "clear").click()
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    settled(page)
    assert inked_pixels(page) == 0
    draw(page, SEVEN)
    reads(page, 7)
    settled(page)
    tool(page, "undo").click()
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    settled(page)
    tool(page, "undo").click()
    reads(page, 1)
    settled(page)
    assert abs(inked_pixels(page) - one) <= one // 50
    tool(page, "undo").click()
    reads(page, 7)
    settled(page)
    sample_lies_on_canvas(page)


def test_undo_brings_back_the_sample_that_a_drawn_seven_replaced(app: str, page: Page) -> None:
    open_draw(page, app)
    page.get_by_role("radio", name="3", exact=True).click()
    reads(page, 3)
    draw(page, SEVEN)
    reads(page, 7)
    assert inked_pixels(page) > 2000
    settled(page)
    tool(page, "undo").click()
    reads(page, 3)
    settled(page)
    sample_lies_on_canvas(page)
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    # The same drawing after a sample is read again.
    for _ in range(2):
        draw(page, ONE)
        reads(page, 1)
        page.get_by_role("radio", name="5", exact=True).click()
        reads(page, 5)
        settled(page)
        assert inked_pixels(page) == 0


def test_each_source_that_another_replaced_can_be_brought_back(app: str, page: Page) -> None:
    open_draw(page, app)
    draw(page, ONE)
    reads(page, 1)
    settled(page)
    page.get_by_role("button", name="upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "seven.png", "mimeType": "image/png", "buffer": photograph(SEVEN)}
    )
    reads(page, 7)
    page.keyboard.press("Escape")
    settled(page)
    for digit in (5, 3):
        page.get_by_role("radio", name=f"{digit}", exact=True).click()
        reads(page, digit)
        settled(page)
    samples = page.locator(".st-key-draw_samples").get_by_role("radio", checked=True)
    for digit, checked, covered in ((5, 1, True), (7, 0, True), (1, 0, False), (7, 1, True)):
        tool(page, "undo").click()
        reads(page, digit)
        settled(page)
        expect(samples).to_have_count(checked)
        sample_lies_on_canvas(page, covered)
    expect(tool(page, "undo")).to_be_disabled()


def test_clear_empties_the_maps_before_the_server_knows(app: str, page: Page) -> None:
    open_draw(page, app)
    page.get_by_role("radio", name="3", exact=True).click()
    reads(page, 3)
    for of_a_drawing in (False, True):
        if of_a_drawing:
            draw(page, ONE)
            reads(page, 1)
        settled(page)
        # In one task of the browser's: nothing can have come from the server.
        emptied = page.evaluate(
            """async () => {
              const find = (root) => root.querySelector(".clear")
                ?? [...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ?? [])
                  .map(find).find(Boolean);
              const view = [...document.querySelectorAll("*")].map((e) => e.shadowRoot)
                .find((root) => root?.querySelector("[data-cnnviz=network-view]"))
                .querySelector("[data-cnnviz=network-view]");
              const heard = new Promise((done) =>
                addEventListener("cnnviz-answer", ({ detail }) => done(detail.answer)));
              find(document).click();
              const { blank, source } = await heard;
              return { blank, source, shown: view.dataset.source };
            }"""
        )
        assert emptied["blank"]
        assert emptied["source"] == "preview"
        expect(reading(page)).to_contain_text("Nothing drawn yet")
        settled(page)
        assert inked_pixels(page) == 0
    tool(page, "undo").click()
    reads(page, 1)


def test_what_is_chosen_right_after_a_stroke_stays(app: str, page: Page) -> None:
    open_draw(page, app)
    stroke(page, ONE[0])
    page.get_by_role("radio", name="3", exact=True).click()
    settled(page)
    reads(page, 3)
    sample_lies_on_canvas(page)
    assert inked_pixels(page) == 0
    # The stroke may go from beneath the sample only after torch has answered that: nobody would
    # answer what the view made of it.
    page.locator(DRAWN).evaluate(
        """async canvas => {
          canvas.getContext("2d").fillRect(20, 20, 200, 200);
          canvas.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
          for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
          canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
        }"""
    )
    reads(page, 3)
    tool(page, "undo").click()
    reads(page, 1)


def test_the_sentence_follows_the_pen(app: str, page: Page) -> None:
    open_draw(page, app)
    tool(page, "clear").click()
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    box = canvas_box(page)
    page.mouse.move(box["x"] + 75, box["y"] + 75)
    page.mouse.down()
    for x, y in SEVEN[0]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    # The pen is still down, and nothing was sent yet.
    sentence = reading(page).locator(".reading")
    expect(sentence).to_have_attribute("data-source", "preview")
    expect(sentence).to_contain_text("Best guess 7")
    # So do the pictures of what the network sees.
    seen = page.locator(".steps")
    expect(seen).to_have_attribute("data-source", "preview")
    inked = """steps => [...steps.querySelectorAll("canvas")].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, 48, 48);
      return data.filter((value, at) => at % 4 === 3 && value > 128).length;
    })"""
    assert all(100 < pixels < 48 * 48 for pixels in seen.evaluate(inked))
    page.mouse.up()
    expect(sentence).to_have_attribute("data-source", "torch")
    expect(seen).to_have_attribute("data-source", "torch")


def test_a_sample_can_be_chosen_and_cleared_by_keyboard(app: str, page: Page) -> None:
    open_draw(page, app)
    settled(page)
    page.get_by_role("radio", name="7", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    reads(page, 5)
    # Chosen once more, it stays.
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_checked()
    clear = page.get_by_role("button", name="clear")
    expect(clear).to_be_enabled()  # only then can it have the focus
    clear.focus()
    page.keyboard.press("Enter")
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    sample_lies_on_canvas(page, False)


# Where the samples stand, each frame from when the page has its style.
SAMPLES_PLACES = """
  window.places = [];
  const look = () => {
    const samples = document.querySelector(".st-key-draw_samples");
    const pad = document.querySelector(".st-key-draw");
    if (samples && pad && getComputedStyle(pad).minHeight === "280px")
      window.places.push(samples.getBoundingClientRect().top);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def test_the_samples_stand_where_they_are_first_seen(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(fresh=True)
    page.add_init_script(SAMPLES_PLACES)
    open_draw(page, app)
    settled(page)
    places = page.evaluate("() => window.places")
    # Lines of buttons above them, which come in any order, make a few pixels; the answer's place,
    # which the samples once made room for when it came, has 80.
    assert max(places) - min(places) < 60


def test_switches_and_a_reload_keep_the_drawing_and_a_link_without_one_starts_clean(
    app: str, page: Page
) -> None:
    open_draw(page, app)
    draw(page, ONE)
    reads(page, 1)
    before = inked_pixels(page)
    page.locator("label").filter(has_text="centre").click()
    settled(page)
    choose_weights(page, "untrained")
    expect(reading(page)).to_contain_text("Unsure")
    assert inked_pixels(page) == before
    choose_weights(page, "article")
    page.locator("label").filter(has_text="centre").click()
    reads(page, 1)
    assert inked_pixels(page) == before
    page.reload()
    reads(page, 1)
    settled(page)
    # Thinned strokes are painted anew: their edge may lie a fraction of a pixel further.
    assert abs(inked_pixels(page) - before) < 0.02 * before
    open_draw(page, app)
    reads(page, 7)
    assert inked_pixels(page) == 0


def choose_weights(page: Page, name: str) -> None:
    page.locator(".st-key-model_popover button").click()
    page.get_by_test_id("stPopoverBody").locator("label").filter(has_text=name).first.click()
    expect(page.locator(".st-key-model_popover > div button").first).to_contain_text(name)
    page.keyboard.press("Escape")
    settled(page)


def test_after_a_visit_to_another_page_the_drawing_is_there_and_its_strokes_can_be_undone(
    app: str, page: Page
) -> None:
    open_draw(page, app)
    draw(page, ONE)
    reads(page, 1)
    one = inked_pixels(page)
    stroke(page, [(60, 140), (220, 140)])
    settled(page)
    both = inked_pixels(page)
    assert both > one
    page.get_by_role("link", name="Pooling").click()
    expect(canvas(page)).to_have_count(0)
    settled(page)
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(canvas(page)).to_be_visible()
    settled(page)
    assert abs(inked_pixels(page) - both) <= both // 50
    tool(page, "undo").click()
    reads(page, 1)
    settled(page)
    assert abs(inked_pixels(page) - one) <= one // 50
    tool(page, "clear").click()
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    settled(page)
    assert inked_pixels(page) == 0


def test_own_weights_are_used_and_bad_ones_leave_the_model(
    app: str, page: Page, tmp_path: Path
) -> None:
    torch.save(models.untrained(seed=1).state_dict(), tmp_path / "mine.pt")
    (tmp_path / "broken.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    open_draw(page, app)
    page.locator(".st-key-model_popover button").click()
    upload = page.locator(".st-key-model_file input[type=file]")
    upload.set_input_files(tmp_path / "mine.pt")
    picker = page.locator(".st-key-model_popover > div button").first
    expect(picker).to_contain_text("mine.pt")
    expect(reading(page)).not_to_contain_text("> 99.9 %")
    upload.set_input_files(tmp_path / "broken.safetensors")
    error = page.get_by_test_id("stPopoverBody").get_by_role("alert")
    expect(error).to_contain_text("broken.safetensors")
    expect(error).to_contain_text("The model in use stays")
    expect(picker).to_contain_text("mine.pt")


def upload(page: Page, name: str, content: bytes) -> None:
    if not page.locator(".st-key-draw_file").is_visible():
        page.locator(".st-key-draw_upload button").first.click()
    page.locator(".st-key-draw_file input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": content}
    )
    settled(page)


def test_bad_files_are_explained_what_one_had_stays_and_a_photograph_is_read(
    app: str, page: Page
) -> None:
    open_draw(page, app)
    for name, content, reason in (
        ("paper.png", b"%PDF-1.7 nothing of a picture", "a PDF"),
        ("half.jpg", photograph(SEVEN, format="JPEG")[:1200], "damaged or cut off"),
    ):
        upload(page, name, content)
        expect(page.get_by_role("alert").filter(has_text=name)).to_contain_text(reason)
        reads(page, 7)
        expect(page.get_by_test_id("stException")).to_have_count(0)
    upload(page, "one.png", photograph(ONE))
    reads(page, 1)
    sample_lies_on_canvas(page)


def test_a_scribble_a_dot_and_a_black_canvas_get_an_answer(app: str, page: Page) -> None:
    open_draw(page, app)
    stroke(page, [(40, 240), (90, 40), (140, 240), (190, 40), (240, 240), (40, 60), (240, 60)])
    expect(reading(page)).to_contain_text("Unlike all that it was trained on")
    expect(reading(page)).to_contain_text("It must name one of its 10")
    settled(page)
    tool(page, "clear").click()
    expect(reading(page)).to_contain_text("Nothing drawn yet")
    settled(page)
    stroke(page, [(140, 140), (141, 140)])
    expect(reading(page)).to_contain_text("That is no more than a dot")
    there_and_back = [((2, y), (278, y), (278, y + 12), (2, y + 12)) for y in range(5, 280, 24)]
    stroke(page, [point for line in there_and_back for point in line], steps=2)
    expect(reading(page)).to_contain_text("Most of the canvas is ink")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_drawing_never_scrolls_or_fades_the_page(app: str, phone_page: Page) -> None:
    page = phone_page
    open_draw(page, app)
    page.evaluate(
        """() => {
          window.faded = 0;
          const watch = () => {
            for (const element of document.querySelectorAll("[data-stale=true]")) {
              if (getComputedStyle(element).opacity < 1) window.faded += 1;
            }
            requestAnimationFrame(watch);
          };
          watch();
        }"""
    )
    main = page.get_by_test_id("stMain")
    canvas_box(page)
    top = main.evaluate("element => element.scrollTop")
    for x in (100, 140, 180):
        stroke(page, [(x, 60), (x, 220)])
        settled(page)
    assert main.evaluate("element => element.scrollTop") == top
    assert page.evaluate("window.faded") == 0
    page.get_by_role("button", name="undo").click()
    expect(reading(page)).to_be_visible()


def test_dark_ink_is_light_and_a_change_of_theme_recolours_the_strokes(
    app: str, dark_page: Page
) -> None:
    page = dark_page
    open_draw(page, app)
    draw(page, ONE)
    reads(page, 1)
    pixel = "canvas => [...canvas.getContext('2d').getImageData(140, 140, 1, 1).data]"
    middle = page.locator(DRAWN).evaluate(pixel)
    assert middle[3] == 255
    assert min(middle[:3]) > 200
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settled(page)
        y = 250 if scheme == "light" else 30
        draw(page, [[(60, y), (220, y)]])
        settled(page)
        middle = page.locator(DRAWN).evaluate(pixel)
        assert middle[3] == 255
        assert min(middle[:3]) > 200 if scheme == "dark" else max(middle[:3]) < 60
        expect(page.get_by_role("button", name="undo")).to_be_visible()


def test_two_visitors_do_not_see_each_other(app: str, open_page: Callable[..., Page]) -> None:
    first, second = open_page(), open_page()
    open_draw(first, app)
    open_draw(second, app)
    draw(first, ONE)
    choose_weights(second, "untrained")
    expect(reading(second)).to_contain_text("Unsure")
    reads(first, 1)


def test_mnist_digits_come_by_number_by_label_and_at_random(mnist, app: str, page: Page) -> None:
    open_draw(page, app)
    menu = page.get_by_role("button", name="MNIST")
    menu.click()
    page.get_by_role("button", name="test_set[0]").click()
    reads(page, 7)
    expect(reading(page)).to_contain_text("Truly a 7")
    closed = expect(page.get_by_test_id("stPopoverBody"))
    closed.to_have_count(0)
    menu.click()
    number = page.get_by_role("spinbutton", name="Test image")
    number.fill("8")
    number.press("Enter")
    expect(reading(page)).to_contain_text("Truly a 5")
    page.get_by_test_id("stPopoverBody").get_by_role("radio", name="4", exact=True).click()
    expect(reading(page)).to_contain_text("Truly a 4")
    closed.to_have_count(0)
    menu.click()
    page.get_by_role("button", name="At random").click()
    settled(page)
    expect(reading(page)).to_contain_text("Truly a")


def test_each_first_kernel_stands_beside_its_answers_to_bars(app: str, page: Page) -> None:
    open_draw(page, app)
    expect(page.get_by_text("Answers most to this drawing")).to_contain_text("relu1")
    shown = root(page)
    orange = """(view, [x, y, side]) => {
      const surface = view.querySelector("canvas.surface");
      const frame = surface.getBoundingClientRect();
      const ratio = surface.width / frame.width;
      const at = [x - frame.x, y - frame.y, side, side].map((v) => Math.round(v * ratio));
      const { data } = surface.getContext("2d").getImageData(...at);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) found += data[i] > 200 && data[i + 2] < 120;
      return found;
    }"""
    x = y = 0.0
    for kernel in range(4):
        box = shown.evaluate("(view, name) => view.where(name)", f"conv1.weight.{kernel}.0")
        below = box["y"] + box["height"] + 4
        assert shown.evaluate(orange, [box["x"], below, box["width"]]) > 5
        x, y = box["x"] + box["width"] / 2, below + box["width"] / 2
        page.mouse.move(x, y)
        tip = shown.locator(".tooltip")
        expect(tip).to_contain_text(f"conv1 kernel {kernel}, by bars at every angle: ")
        expect(tip).to_contain_text(re.compile("Strongest for|Much the same"))
    page.mouse.click(x, y)
    words = page.get_by_role("region", name="Kernels of conv1").locator(".filter-words")
    expect(words).to_have_count(4)
    expect(words.first).to_contain_text("Strongest for")
