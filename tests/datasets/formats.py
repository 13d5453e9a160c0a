"""Data sets in small, in the files that torchvision's own are in."""

import gzip
import hashlib
import io
import pickle
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.datasets.stored import File


def idx(array: NDArray[np.uint8]) -> bytes:
    """An IDX file of unsigned bytes."""
    head = bytes([0, 0, 8, array.ndim]) + np.asarray(array.shape, ">u4").tobytes()
    return head + array.tobytes()


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def file_of(name: str, content: bytes) -> File:
    return File(name, len(content), md5(content))


def pictures(count: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.random.default_rng(count).integers(0, 256, (count, *shape), np.uint8)


def letters() -> dict[str, NDArray[np.uint8]]:
    """By the names of EMNIST's files: 52 training and 26 test letters, on their side."""
    return {
        f"emnist-letters-{split}-{kind}-ubyte": array
        for split, count in (("train", 52), ("test", 26))
        for kind, array in (
            ("images-idx3", pictures(count, (28, 28))),
            ("labels-idx1", (np.arange(count) % 26 + 1).astype(np.uint8)),
        )
    }


def emnist_zip() -> bytes:
    """`gzip.zip`, with a file of another split beside the letters."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in {
            **letters(),
            "emnist-digits-test-labels-idx1-ubyte": letters()[
                "emnist-letters-test-labels-idx1-ubyte"
            ],
        }.items():
            archive.writestr(f"gzip/{name}.gz", gzip.compress(idx(array), mtime=0))
    return content.getvalue()


def cifar_batches() -> dict[str, bytes]:
    """By name, five batches of four pictures and one of three, as CIFAR-10's pickles."""
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    made = {}
    for at, name in enumerate(names):
        count = 3 if name == "test_batch" else 4
        batch = {
            "batch_label": name,
            "labels": [(at + i) % 10 for i in range(count)],
            "data": pictures(count + at, (3072,))[:count],
            "filenames": [f"{i}.png" for i in range(count)],
        }
        made[name] = pickle.dumps(batch, protocol=2)
    return made


def cifar_tar(batches: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, batch in batches.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(batch)
            archive.addfile(member, io.BytesIO(batch))
    return content.getvalue()


def put(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
