"""What docs/security.md says was tried, tried: each row of its tables comes out as it says."""

import base64
import io
import json
import os
import pickle
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import safetensors.torch
import torch
from PIL import Image

from cnnviz.drawing.pictures import open_canvas
from cnnviz.drawing.preprocessing import ink_from_picture
from cnnviz.lessons import files as course_files
from cnnviz.lessons import reading
from cnnviz.lessons.expressions import Expression
from cnnviz.lessons.functions import FUNCTIONS
from cnnviz.lessons.lesson import Lesson
from cnnviz.networks import checkpoints
from cnnviz.networks.models import untrained
from cnnviz.serving.names import Names, known_names
from cnnviz.serving.uploads import MEGABYTE, Bounds, Uploads
from cnnviz.teaching import files
from cnnviz.ui import addresses
from cnnviz.ui.link import Table
from tests.serving.asking import Answer, ask, scope
from tests.serving.tables import rows

LEAST = 100
HEADINGS = (
    *("Host", "Origin", "Announced sizes of uploads"),
    *("Links", "Lessons' expressions", "Files"),
)
SETTING = "cnn.school.example,*.lab.example"
BOUNDS = Bounds(file=50 * MEGABYTE, session=150 * MEGABYTE, everybody=1000 * MEGABYTE)
ADDRESSES: dict[str, Table] = {
    "build": addresses.BUILD,
    "convolution_1d": addresses.CONVOLUTION_1D,
    "convolution_2d": addresses.CONVOLUTION_2D,
    "pooling": addresses.POOLING,
    "translation": addresses.TRANSLATION,
    "session": addresses.SESSION,
    "training": addresses.TRAINING,
}


def test_at_least_a_hundred_inputs_are_refused():
    refused = [
        row for name in HEADINGS for row in rows(name) if row[1] not in ("passes", "taken", "26")
    ]
    assert len(refused) >= LEAST
    assert len(set(refused)) == len(refused)


def outcome(answer: Answer) -> str:
    return "passes" if answer.passed else str(answer.status)


@pytest.mark.parametrize(("host", "expected"), rows("Host"))
def test_hosts(host: str, expected: str):
    names = partial(Names, known=known_names(SETTING, "desk"))
    # On the wire a name is bytes.
    assert outcome(ask(names, scope(host=host.encode().decode("latin-1")))) == expected


@pytest.mark.parametrize(("origin", "expected"), rows("Origin"))
def test_origins(origin: str, expected: str):
    names = partial(Names, known=known_names(SETTING, "desk"))
    for kind in ("http", "websocket"):
        answer = ask(names, scope(kind=kind, origin=origin))
        assert answer.passed == (expected == "passes")
        assert answer.passed or str(answer.status) == expected


@pytest.mark.parametrize(("size", "expected"), rows("Announced sizes of uploads"))
def test_sizes_of_uploads(size: str, expected: str):
    asked = scope("/_stcore/upload_file/me/file", "PUT", content_length=size)
    assert outcome(ask(lambda app: Uploads(app, BOUNDS, dict), asked)) == expected


@pytest.mark.parametrize(("link", "expected"), rows("Links"))
def test_links(link: str, expected: str):
    page, _, query = link.partition("?")
    ((name, text),) = parse_qsl(query, keep_blank_values=True, separator="&")
    try:
        ADDRESSES[page].rows[name].parse(text)
        said = "taken"
    except ValueError as error:
        said = str(error)
    assert expected in said
    assert len(said) < 400


@pytest.mark.parametrize(("text", "expected"), rows("Lessons' expressions"))
def test_lessons_expressions(text: str, expected: str):
    tracemalloc.start()
    try:
        said = str(Expression(text, FUNCTIONS).value({}))
    except ValueError as error:
        said = str(error)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert expected in said
    assert len(said) < 600
    assert most < 50_000_000
    assert not os.path.exists("/tmp/cnnviz-was-here")


class Calls:
    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self):
        function, *arguments = self.call
        return function, tuple(arguments)


def archive(pickled: bytes, names: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("archive/data.pkl", pickled)
        for index in range(names):
            made.writestr(str(index), b"")
    return file.getvalue()


def state(**changes: torch.Tensor) -> bytes:
    return safetensors.torch.save({**untrained().state_dict(), **changes})


def headed(text: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(text) if length is None else length) + text


def declared() -> bytes:
    tensors = {"fc.bias": {"dtype": "F32", "shape": [10**10], "data_offsets": [0, 4 * 10**10]}}
    return headed(json.dumps(tensors).encode()) + bytes(16)


def many_tensors() -> bytes:
    one = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return headed(json.dumps({f"t{index}": one for index in range(60_000)}).encode())


def picture(width: int, height: int, mode: str = "L") -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(file, "PNG")
    return file.getvalue()


def huge() -> bytes:
    content = bytearray(picture(16, 16))
    content[16:24] = (200_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


def canvas(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


FIRST_LESSON = course_files.paths()[0]
WEB_PAGE = b"<!doctype html><script>alert(1)</script>"
FILES: dict[str, Callable[[], object]] = {
    "weights: a pickle that calls os.system": lambda: archive(
        pickle.dumps({"fc.bias": Calls(os.system, "touch /tmp/cnnviz-was-here")})
    ),
    "weights: a pickle that opens a file": lambda: archive(
        pickle.dumps({"fc.bias": Calls(open, "/etc/passwd")})
    ),
    "weights: nothing": lambda: b"",
    "weights: 45 million lists, packed": lambda: archive(b"\x80\x02" + b"]" * 45_000_000 + b"."),
    "weights: a storage larger than its record": declared,
    "weights: a zip of 20,001 records": lambda: archive(pickle.dumps({}), 20_001),
    "weights: a header of a terabyte": lambda: headed(b"{}", 2**40),
    "weights: 60,000 tensors": many_tensors,
    "weights: of another network": lambda: safetensors.torch.save({"a": torch.zeros(3)}),
    "weights: not a number": lambda: state(**{"fc.bias": torch.full((10,), float("nan"))}),
    "weights: cut off": lambda: state()[:-100],
    "weights: a web page": lambda: WEB_PAGE,
    "ONNX: a web page": lambda: WEB_PAGE,
    "picture: nothing": lambda: b"",
    "picture: 31 MB": lambda: bytes(31_000_000),
    "picture: SVG with a script": lambda: (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
    ),
    "picture: a PDF": lambda: b"%PDF-1.7\n",
    "picture: a PNG of 200,000 × 200,000": huge,
    "picture: cut off": lambda: picture(280, 280)[:120],
    "picture: 1 × 1": lambda: picture(1, 1),
    "picture: 300 × 2": lambda: picture(300, 2),
    "drawing: a web page": lambda: "data:text/html,<script>alert(1)</script>",
    "drawing: no base64": lambda: "data:image/png;base64,####",
    "drawing: of another size": lambda: canvas(picture(400, 400, "RGBA")),
    "drawing: no text": lambda: {"length": 1},
    "course: nothing": lambda: b"",
    "course: bytes that are no text": lambda: bytes(range(256)),
    "course: 90,000 lists in one another": lambda: b"a = " + b"[" * 90_000 + b"]" * 90_000,
    "course: a name of 60,000 parts": lambda: b".".join([b"a"] * 60_000) + b" = 1",
    "course: a number of 100,000 digits": lambda: b"minutes = " + b"9" * 100_000,
    "course: 201 kB": lambda: b"#" * 201_000,
    "course: a link to a device": lambda: None,
    "course: words that compute with code": lambda: FIRST_LESSON.read_bytes().replace(
        b"A picture is", b"{().__class__.mro()} A picture is"
    ),
    "lesson: nothing": lambda: b"",
    "lesson: a pickle": lambda: pickle.dumps([1]),
    "lesson: no lesson": lambda: safetensors.torch.save({"a": torch.zeros(1)}),
}


def course(content: bytes | None) -> Lesson:
    """Read from a file, as `cnnviz lessons check` does; None is a link to what never ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lesson.toml"
        if content is None:
            path.symlink_to("/dev/zero")
        else:
            path.write_bytes(content)
        try:
            return reading.read(path)
        except ValueError as error:
            raise ValueError(str(error).splitlines()[0]) from None


READERS: dict[str, Callable] = {
    "course": course,
    "weights": lambda content: checkpoints.load(content, "my.pt"),
    "ONNX": lambda content: checkpoints.load(content, "my.onnx"),
    "picture": ink_from_picture,
    "drawing": lambda url: open_canvas(url, 280),
    "lesson": lambda content: files.from_bytes(content, "a file"),
}


@pytest.mark.parametrize(("name", "expected"), rows("Files"))
def test_files(name: str, expected: str):
    content = FILES[name]()
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the table says which
        READERS[name.partition(":")[0]](content)
    said = str(refusal.value)
    assert expected in said
    assert "\n" not in said.strip()
    assert len(said) < 400
    assert not os.path.exists("/tmp/cnnviz-was-here")
