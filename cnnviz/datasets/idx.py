"""MNIST and those made like it: IDX files, packed, in a folder or together in a zip.

IDX (http://yann.lecun.com/exdb/mnist/): a header of big-endian numbers, then plain bytes.
"""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.datasets.stored import File, Pictures, Split, Stored, is_file, md5_of, size_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_IMAGES, _LABELS = 2051, 2049  # unsigned bytes in three dimensions, and in one


class IdxFiles(Stored):
    """Four files, as `torchvision.datasets.<kind>` has them: packed (.gz) or unpacked.

    `files` are the training images and labels, then those of the test.
    """

    def __init__(self, title: str, kind: str, files: tuple[File, File, File, File]) -> None:
        super().__init__(title, f"{kind}/raw", files)
        self.kind = kind

    def urls(self, file: File) -> list[str]:
        # Not needed before a download, and it takes a second to import.
        from torchvision import datasets

        return [f"{mirror}{file.name}" for mirror in getattr(datasets, self.kind).mirrors]

    def seems_there(self, where: Path, file: File) -> bool:
        return size_of(where / file.name) == file.size or bool(size_of(_unpacked(where, file)))

    def is_whole(self, where: Path, file: File) -> bool:
        return _content(where, file) is not None

    def read(self, split: Split, where: Path) -> Pictures | None:
        images, labels = self.files[:2] if split == "train" else self.files[2:]
        return _pictures(_content(where, images), _content(where, labels))

    def lines(self) -> str:
        return f"""\
root = os.environ.get("CNNVIZ_DATA", "data")
train = datasets.{self.kind}(root, train=True, download=True)
test = datasets.{self.kind}(root, train=False, download=True)
images, labels = train.data.unsqueeze(1).float() / 255, train.targets
test_images, test_labels = test.data.unsqueeze(1).float() / 255, test.targets"""


class EmnistLetters(Stored):
    """The letters in EMNIST's one large zip, or as torchvision has unpacked them.

    There the pictures lie on their side, and the letters are counted from 1.
    """

    def __init__(self, title: str, archive: File, train: int, test: int) -> None:
        super().__init__(title, "EMNIST/raw", (archive,))
        self.archive = archive
        self.counts: dict[Split, int] = {"train": train, "test": test}

    def urls(self, file: File) -> list[str]:
        from torchvision.datasets import EMNIST

        return [EMNIST.url]

    def seems_there(self, where: Path, file: File) -> bool:
        return size_of(where / file.name) == file.size or self._is_unpacked(where)

    def is_whole(self, where: Path, file: File) -> bool:
        return self._is_unpacked(where) or is_file(where, file)

    def read(self, split: Split, where: Path) -> Pictures | None:
        names = [f"emnist-letters-{split}-{kind}-ubyte" for kind in ("images-idx3", "labels-idx1")]
        if self._is_unpacked(where):
            images, labels = ((where / name).read_bytes() for name in names)
        elif is_file(where, self.archive):
            try:
                with zipfile.ZipFile(where / self.archive.name) as archive:
                    images, labels = (
                        gzip.decompress(archive.read(f"gzip/{name}.gz")) for name in names
                    )
            except (zipfile.BadZipFile, KeyError, EOFError, zlib.error, gzip.BadGzipFile):
                return None
        else:
            return None
        pictures = _pictures(images, labels)
        if pictures is None:
            return None
        upright = pictures.images.transpose(0, 1, 3, 2).copy()
        return Pictures(upright, pictures.labels - 1)

    def _is_unpacked(self, where: Path) -> bool:
        """Whether torchvision's four files are there, each as long as its pictures need: nobody
        says what their checksums would be."""
        return all(
            size_of(where / f"emnist-letters-{split}-{kind}-ubyte") == header + count * each
            for split, count in self.counts.items()
            for kind, header, each in (("images-idx3", 16, 28 * 28), ("labels-idx1", 8, 1))
        )

    def lines(self) -> str:
        return """\
root = os.environ.get("CNNVIZ_DATA", "data")
train = datasets.EMNIST(root, "letters", train=True, download=True)
test = datasets.EMNIST(root, "letters", train=False, download=True)
# They lie on their side, and the letters are counted from 1.
images, labels = train.data.mT.unsqueeze(1).float() / 255, train.targets - 1
test_images, test_labels = test.data.mT.unsqueeze(1).float() / 255, test.targets - 1"""


def _unpacked(where: Path, file: File) -> Path:
    return where / file.name.removesuffix(".gz")


def _content(where: Path, file: File) -> bytes | None:
    """The unpacked content if a file with the right checksum is there, else None."""
    if size_of(where / file.name) == file.size:
        packed = (where / file.name).read_bytes()
        if md5_of(packed) == file.md5:
            return gzip.decompress(packed)
    if size_of(path := _unpacked(where, file)):
        content = path.read_bytes()
        if md5_of(content) == file.unpacked if file.unpacked else _as_long_as_it_says(content):
            return content
    return None


def _as_long_as_it_says(content: bytes) -> bool:
    """Whether there are as many bytes as an IDX header says."""
    kind = int.from_bytes(content[:4], "big")
    if kind not in (_IMAGES, _LABELS):
        return False
    header = 16 if kind == _IMAGES else 8
    if len(content) <= header:
        return False
    sizes = struct.unpack(f">{header // 4 - 1}I", content[4:header])
    return len(content) == header + prod(sizes)


def _pictures(images: bytes | None, labels: bytes | None) -> Pictures | None:
    if images is None or labels is None:
        return None
    kinds = tuple(int.from_bytes(content[:4], "big") for content in (images, labels))
    counts = {content[4:8] for content in (images, labels)}
    if kinds != (_IMAGES, _LABELS) or len(counts) > 1:
        return None
    rows, columns = struct.unpack(">II", images[8:16])
    return Pictures(
        _bytes(images, 16).reshape(-1, 1, rows, columns), _bytes(labels, 8).astype("int64")
    )


def _bytes(content: bytes, header: int) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(content, np.uint8, offset=header)
