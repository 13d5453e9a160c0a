"""CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html): pickled batches of colour pictures."""

import io
import pickle
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnnviz.datasets.stored import File, Pictures, Split, Stored, is_file, md5_of_file, size_of

_FOLDER = "cifar-10-batches-py"
_BATCHES: dict[Split, tuple[str, ...]] = {
    "train": tuple(f"data_batch_{number}" for number in range(1, 6)),
    "test": ("test_batch",),
}
_HARMLESS = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("_codecs", "encode"),
}
"""All that a batch's pickle may name: an array's parts."""


class CifarBatches(Stored):
    """One packed archive, or the batches as torchvision has unpacked them beside it."""

    def __init__(self, title: str, archive: File) -> None:
        super().__init__(title, "", (archive,))
        self.archive = archive

    def urls(self, file: File) -> list[str]:
        from torchvision.datasets import CIFAR10

        return [CIFAR10.url]

    def seems_there(self, where: Path, file: File) -> bool:
        return size_of(where / file.name) == file.size or all(
            size_of(where / _FOLDER / name) for names in _BATCHES.values() for name in names
        )

    def is_whole(self, where: Path, file: File) -> bool:
        return is_file(where, file) or all(
            self._unpacked(split, where) is not None for split in _BATCHES
        )

    def read(self, split: Split, where: Path) -> Pictures | None:
        contents = self._packed(split, where) or self._unpacked(split, where)
        if contents is None:
            return None
        import numpy as np

        try:
            batches = [
                _Unpickler(io.BytesIO(content), encoding="latin1").load() for content in contents
            ]
            images = np.vstack([batch["data"] for batch in batches])
            labels = np.concatenate([batch["labels"] for batch in batches])
        except (pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError):
            return None
        return Pictures(
            images.astype(np.uint8, copy=False).reshape(-1, 3, 32, 32), labels.astype(np.int64)
        )

    def _packed(self, split: Split, where: Path) -> list[bytes] | None:
        if not is_file(where, self.archive):
            return None
        try:
            with tarfile.open(where / self.archive.name, "r:gz") as archive:
                return list(_members(archive, _BATCHES[split]))
        except (tarfile.TarError, KeyError, EOFError, zlib.error):
            return None

    def _unpacked(self, split: Split, where: Path) -> list[bytes] | None:
        paths = [where / _FOLDER / name for name in _BATCHES[split]]
        if not all(map(size_of, paths)):
            return None
        from torchvision.datasets import CIFAR10

        sums = dict(CIFAR10.train_list + CIFAR10.test_list)
        if any(md5_of_file(path) != sums[path.name] for path in paths):
            return None
        return [path.read_bytes() for path in paths]

    def lines(self) -> str:
        return """\
root = os.environ.get("CNNVIZ_DATA", "data")
train = datasets.CIFAR10(root, train=True, download=True)
test = datasets.CIFAR10(root, train=False, download=True)
images = torch.from_numpy(train.data).permute(0, 3, 1, 2).float() / 255
test_images = torch.from_numpy(test.data).permute(0, 3, 1, 2).float() / 255
labels, test_labels = torch.tensor(train.targets), torch.tensor(test.targets)"""


def _members(archive: tarfile.TarFile, names: tuple[str, ...]) -> Iterator[bytes]:
    for name in names:
        member = archive.extractfile(f"{_FOLDER}/{name}")
        if member is None:
            raise KeyError(name)
        yield member.read()


class _Unpickler(pickle.Unpickler):
    """Makes arrays, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a batch of pictures")
        return super().find_class(module, name)
