"""What `pip install` gives: wheel and source distribution, in an environment of their own."""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.hand import ONE, draw
from tests.browser.test_draw import open_draw, reads
from tests.programs import printed_by

ROOT = Path(__file__).parents[2]
APP = ("app.py", ".streamlit/config.toml", "pages/*.py", "checkpoints/*", "static/*")
BUILT_FROM = ("cnnviz", "pages", "checkpoints", "static", ".streamlit")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    source = tmp_path_factory.mktemp("source")
    for name in BUILT_FROM:  # building leaves files where it reads: not in the checkout
        ignored = shutil.ignore_patterns("__pycache__", "made")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in (".py", ".toml", ".txt", ".md", ""):
            shutil.copy(path, source)
    (source / "cnnviz/frontend/made").mkdir()
    (source / "cnnviz/frontend/made/old.js").touch()
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; what that depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    own = next(folder.glob("lib/python*/site-packages"))
    # Folders that a .pth adds aren't looked through for others: an editable cnnviz stays outside.
    known = {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    known.add(sysconfig.get_path("purelib"))
    (own / "borrowed.pth").write_text("\n".join(sorted(known)))
    (wheel,) = built.glob("*.whl")
    install = [*("-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet")]
    printed_by(sys.executable, *install, "--no-deps", "--no-index", str(wheel))
    return folder


def shipped() -> set[str]:
    """All files of the checkout that the app consists of."""
    core = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "cnnviz").rglob("*")
        if path.is_file() and not {"__pycache__", "made"} & set(path.parts)
    }
    return core | {path.relative_to(ROOT).as_posix() for name in APP for path in ROOT.glob(name)}


def test_wheel_and_source_distribution_hold_every_file_of_the_app(built: Path):
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        names = {name.replace("cnnviz/installed_app/", "") for name in opened.namelist()}
        inside = {name for name in names if ".dist-info/" not in name}
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        said = opened.read(metadata).decode()
    assert inside == shipped()
    with tarfile.open(sdist) as opened:
        members = {name.partition("/")[2] for name in opened.getnames()}
    assert shipped() <= members
    needed = {
        Requirement(line.partition(": ")[2])
        for line in said.splitlines()
        if line.startswith("Requires-Dist") and "extra ==" not in line
    }
    lines = (line.partition("#")[0] for line in (ROOT / "requirements.txt").read_text().split("\n"))
    assert needed == {Requirement(line) for line in lines if line.strip()}


@pytest.mark.long
def test_an_installed_app_is_started_by_its_command_opens_by_a_link_and_reads_what_one_draws(
    environment: Path, tmp_path: Path, page: Page
):
    python, command = (str(environment / "bin" / name) for name in ("python", "cnnviz"))
    where = "import cnnviz.app_folder as a; print(a.__file__, a.APP_FOLDER)"
    for place in printed_by(python, "-c", where, folder=tmp_path).split():
        assert Path(place).is_relative_to(environment), place
    paths = printed_by(python, "-c", "import sys; print(*sys.path, sep='\\n')", folder=tmp_path)
    assert str(ROOT) not in paths.splitlines(), "the checkout can be imported"

    port = chromium.free_port()
    url = f"http://127.0.0.1:{port}"
    start = [command, "app", "--port", str(port), "--address", "127.0.0.1"]
    before = contents(environment)
    with chromium.serving(start, f"{url}/_stcore/health", folder=tmp_path):
        # The first visitor of a fresh server may follow a link to a page.
        page.goto(f"{url}/pooling")
        expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible()
        # The frame of app.py: navigation on top, no sidebar.
        expect(page.get_by_role("link", name="1D convolution")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        open_draw(page, url)
        fonts = "() => document.fonts.load('14px Inter').then(found => found.length)"
        assert page.evaluate(fonts) >= 1
        draw(page, ONE)
        reads(page, 1)
    new = {path for path in contents(environment) - before if "__pycache__" not in path}
    made = "cnnviz/frontend/made/"
    assert all(made in path for path in new), "people's files don't go into the package"


def contents(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}
