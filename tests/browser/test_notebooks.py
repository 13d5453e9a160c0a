"""`cnnviz.show` in a real JupyterLab and a real marimo, which run the examples: torch answers."""

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium
from tests.browser.hand import SEVEN, draw
from tests.browser.view import root

EXAMPLES = Path(__file__).parents[2] / "examples"

# JupyterLab has opened the notebook, and its Python waits for cells.
READY = """() => {
  const shown = window.jupyterapp?.shell.currentWidget;
  return shown?.sessionContext?.session?.kernel?.status === "idle" && shown.content.widgets.length;
}"""
# The cell that says what was drawn last is run once more; what it prints.
ASKED = """async () => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const asks = (cell) => cell.model.sharedModel.getSource().startsWith("print(pad.image");
  notebook.activeCellIndex = notebook.widgets.findIndex(asks);
  const cell = notebook.activeCell;
  await jupyterapp.commands.execute("notebook:run-cell");
  return cell.model.outputs.toJSON().map(({ text }) => [text].flat().join("")).join("");
}"""
# The Python of every notebook ends.
ENDED = """async () => {
  await jupyterapp.serviceManager.sessions.shutdownAll();
  await jupyterapp.serviceManager.kernels.shutdownAll();
}"""
DARK_MAPS = """(view) => {
  const context = view.querySelector("canvas.surface").getContext("2d");
  const [red, green, blue, opacity] = context.getImageData(1, 1, 1, 1).data;
  return opacity === 255 && Math.max(red, green, blue) < 90;
}"""


@contextmanager
def served(
    folder: Path, *command: str, answers: str, settings: dict[str, str] | None = None
) -> Iterator[str]:
    """A server of notebooks in `folder`, with nothing of the user's own settings."""
    port = chromium.free_port()
    url = f"http://127.0.0.1:{port}"
    homes = {name: str(folder / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    started = [sys.executable, "-m", *command, "--port", str(port)]
    environment = {**homes, **(settings or {})}
    with chromium.serving(started, url + answers, environment, folder=folder):
        yield url


def of_jupyter(folder: Path) -> dict[str, str]:
    """JupyterLab as it is when it is new, without its news, which ask the network."""
    found = importlib.util.find_spec("jupyterlab")
    assert found is not None
    assert found.origin is not None
    # An environment may borrow its packages: what they have in share/ lies beside them.
    share = Path(found.origin).parents[4] / "share" / "jupyter"
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    settings = {name: str(folder / name.lower()) for name in own}
    config = Path(settings["JUPYTER_CONFIG_DIR"]) / "labconfig"
    config.mkdir(parents=True)
    disabled = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "page_config.json").write_text(json.dumps(disabled), "utf-8")
    return settings | {"JUPYTER_PATH": str(share), "JUPYTERLAB_DIR": str(share / "lab")}


def kept(path: Path) -> dict[str, str]:
    """The pictures (PNG, base64) in a notebook's outputs, by the widget that each stands for."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    widget = "application/vnd.jupyter.widget-view+json"
    return {
        data[widget]["model_id"]: before["image/png"]
        for before, data in pairwise(shown)
        if widget in data
    }


def has_pictures(page: Page, count: int) -> None:
    """So many pictures stand in for widgets, and nothing is said of these."""
    pictures = page.locator(".jp-OutputArea img")
    expect(pictures.filter(visible=True)).to_have_count(count)
    for picture in pictures.filter(visible=True).all():
        assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 1000
    expect(page.get_by_text("model not found").filter(visible=True)).to_have_count(0)


def is_answered(page: Page, view: Locator, digit: int) -> None:
    """torch has answered what was drawn, and it agrees with what the browser computed."""
    expect(page.locator(".reading[data-source=torch]")).to_contain_text(f"Best guess {digit}")
    expect(view).to_have_attribute("data-source", "torch")
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-5


@pytest.mark.long
def test_jupyterlab_shows_saved_pictures_runs_the_example_and_draws_in_its_own_theme(
    tmp_path: Path, open_page: Callable[..., Page], problems: list[str]
) -> None:
    path = Path(shutil.copy(EXAMPLES / "digits.ipynb", tmp_path))
    options = (
        *("--no-browser", "--IdentityProvider.token=", "--allow-root", "--log-level=ERROR"),
        "--LabApp.expose_app_in_browser=True",
    )
    # So tall that the notebook fits: it isn't scrolled while one draws.
    page = open_page(fresh=True, viewport={"width": 1440, "height": 3000}, service_workers="allow")
    as_it_came, settings = kept(path), of_jupyter(tmp_path)
    with served(tmp_path, "jupyterlab", *options, answers="/api", settings=settings) as url:
        page.goto(f"{url}/doc/tree/{path.name}")
        page.wait_for_function(READY)

        # As somebody gets it, not run yet: both widgets are pictures.
        has_pictures(page, 2)

        page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        still, live = root(page).nth(0), root(page).nth(1)
        for view in (still, live):
            expect(view).to_have_attribute("data-source", "torch")
        draw(page, SEVEN, on=page.get_by_label("Drawing canvas"))
        is_answered(page, live, 7)
        has_pictures(page, 0)
        printed = re.search(r"tensor\(\[(.*)\]\)", page.evaluate(ASKED), re.DOTALL)
        assert printed is not None
        shares = [float(share) for share in printed[1].split(",")]
        assert shares.index(max(shares)) == 7

        dark = "() => jupyterapp.commands.execute('apputils:change-theme', {theme: '%s'})"
        page.evaluate(dark % "JupyterLab Dark")
        for view in (still, live):
            page.wait_for_function(DARK_MAPS, arg=view.element_handle())

        page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        saved = kept(path)
        assert len(saved) == 2
        assert saved.keys().isdisjoint(as_it_came)

        # One's own, opened again when its Python has gone: it is trusted, and has no model.
        page.evaluate(ENDED)
        page.reload()
        page.wait_for_function(READY)
        expect(page.get_by_text("model not found")).to_have_count(2)
        has_pictures(page, 2)
        expect(root(page)).to_have_count(0)
    # JupyterLab asks for language servers, and nobody has installed one.
    # Of a widget whose Python has gone its manager says so on the console, too.
    told = ("/lsp/status", "widget model not found")
    problems[:] = [problem for problem in problems if not any(words in problem for words in told)]


@pytest.mark.long
def test_marimo_runs_the_example_draws_and_its_other_cells_follow(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    path = Path(shutil.copy(EXAMPLES / "digits_marimo.py", tmp_path))
    options = ("run", str(path), "--headless", "--no-token", "--no-sandbox")
    page = open_page(fresh=True, viewport={"width": 1440, "height": 1200}, service_workers="allow")
    with served(tmp_path, "marimo", *options, answers="/health") as url:
        page.goto(url)
        view = root(page)
        expect(view).to_have_attribute("data-source", "torch")
        # All cells have run, in their own fonts: nothing moves any more.
        expect(page.get_by_text("Read as 2, with")).to_be_visible()
        page.evaluate("() => document.fonts.ready.then(() => null)")
        draw(page, SEVEN, on=page.get_by_label("Drawing canvas"))
        is_answered(page, view, 7)
        expect(page.get_by_text("Read as 7, with")).to_be_visible()
