"""EMNIST's zip, CIFAR-10's pickles and the others, read as torchvision reads them."""

import gzip
import pickle

import numpy as np
import pytest
import torchvision

from cnnviz.datasets.cifar import CifarBatches
from cnnviz.datasets.idx import EmnistLetters, IdxFiles
from cnnviz.datasets.stored import Split, Unavailable
from tests.datasets import formats
from tests.datasets.formats import idx, put

ZIP = formats.emnist_zip()
BATCHES = formats.cifar_batches()
TAR = formats.cifar_tar(BATCHES)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is asked for where nobody listens."""
    nowhere = "http://127.0.0.1:9/"
    monkeypatch.setenv("no_proxy", "*")
    for kind in ("EMNIST", "CIFAR10"):
        monkeypatch.setattr(getattr(torchvision.datasets, kind), "url", f"{nowhere}file")
    monkeypatch.setattr(torchvision.datasets.KMNIST, "mirrors", [nowhere])


def letters() -> EmnistLetters:
    return EmnistLetters("EMNIST", formats.file_of("gzip.zip", ZIP), 52, 26)


def cifar() -> CifarBatches:
    return CifarBatches("CIFAR-10", formats.file_of("cifar-10-python.tar.gz", TAR))


def test_letters_stand_upright_and_are_counted_from_0(tmp_path):
    put(tmp_path / "EMNIST" / "raw", {"gzip.zip": ZIP})
    stored = letters()
    assert stored.available(tmp_path)
    stored.fetch(tmp_path)  # all there: nothing is asked for
    test = stored.load("test", tmp_path)
    on_their_side = formats.letters()["emnist-letters-test-images-idx3-ubyte"]
    np.testing.assert_array_equal(test.images[:, 0], on_their_side.transpose(0, 2, 1))
    assert test.labels.tolist() == list(range(26))
    assert stored.load("train", tmp_path).images.shape == (52, 1, 28, 28)


def test_letters_that_torchvision_has_unpacked_are_read_alike(tmp_path):
    raw = tmp_path / "EMNIST" / "raw"
    put(raw, {name: idx(array) for name, array in formats.letters().items()})
    stored = letters()
    assert stored.available(tmp_path)
    test = stored.load("test", tmp_path)
    theirs = torchvision.datasets.EMNIST(tmp_path, "letters", train=False)
    np.testing.assert_array_equal(test.images[:, 0], theirs.data.mT.numpy())
    np.testing.assert_array_equal(test.labels, theirs.targets.numpy() - 1)
    assert theirs.classes[1] == "a"


def test_half_of_the_letters_unpacked_are_not_taken_for_all(tmp_path):
    content = {name: idx(array) for name, array in formats.letters().items()}
    name = "emnist-letters-test-images-idx3-ubyte"
    put(tmp_path / "EMNIST" / "raw", {**content, name: content[name][:-1000]})
    assert not letters().available(tmp_path)
    with pytest.raises(Unavailable, match="EMNIST could not be downloaded"):
        letters().load("test", tmp_path)


def test_half_an_archive_is_asked_for_again(tmp_path):
    put(tmp_path / "EMNIST" / "raw", {"gzip.zip": ZIP[: len(ZIP) // 2]})
    put(tmp_path, {"cifar-10-python.tar.gz": TAR[:-1] + b"?"})  # as long, but not the same
    for stored in (letters(), cifar()):
        with pytest.raises(Unavailable, match=f"{stored.title} could not be downloaded"):
            stored.fetch(tmp_path)


def test_colour_pictures_are_those_of_torchvision(tmp_path, monkeypatch):
    put(tmp_path, {"cifar-10-python.tar.gz": TAR})
    packed = cifar()
    assert packed.available(tmp_path)
    put(tmp_path / "unpacked" / "cifar-10-batches-py", BATCHES | {"batches.meta": meta()})
    torch_s = torchvision.datasets.CIFAR10
    sums = {name: formats.md5(content) for name, content in BATCHES.items()}
    monkeypatch.setattr(torch_s, "train_list", [[n, s] for n, s in sums.items() if n[0] == "d"])
    monkeypatch.setattr(torch_s, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(torch_s, "meta", {**torch_s.meta, "md5": formats.md5(meta())})
    unpacked = cifar()
    assert unpacked.available(tmp_path / "unpacked")
    unpacked.fetch(tmp_path / "unpacked")
    counts: list[tuple[Split, int]] = [("train", 20), ("test", 3)]
    for split, count in counts:
        theirs = torch_s(tmp_path / "unpacked", train=split == "train")
        for ours in (packed.load(split, tmp_path), unpacked.load(split, tmp_path / "unpacked")):
            assert ours.images.shape == (count, 3, 32, 32)
            np.testing.assert_array_equal(ours.images.transpose(0, 2, 3, 1), theirs.data)
            assert ours.labels.tolist() == theirs.targets


def test_a_batch_that_would_run_something_is_not_read(tmp_path):
    class Bad:
        def __reduce__(self):
            return (tmp_path.joinpath("ran").touch, ())

    tar = formats.cifar_tar({**BATCHES, "test_batch": pickle.dumps({"data": Bad(), "labels": []})})
    put(tmp_path, {"cifar-10-python.tar.gz": tar})
    stored = CifarBatches("CIFAR-10", formats.file_of("cifar-10-python.tar.gz", tar))
    with pytest.raises(Unavailable, match="CIFAR-10 could not be read"):
        stored.load("test", tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_kind_like_mnist_is_read_from_its_own_folder(tmp_path):
    arrays = [
        *(formats.pictures(6, (28, 28)), np.arange(6, dtype=np.uint8)),
        *(formats.pictures(2, (28, 28)), np.arange(2, dtype=np.uint8)),
    ]
    names = [
        f"{split}-{kind}-ubyte"
        for split in ("train", "t10k")
        for kind in ("images-idx3", "labels-idx1")
    ]
    contents = [gzip.compress(idx(array), mtime=0) for array in arrays]
    files = [
        formats.file_of(f"{name}.gz", content)
        for name, content in zip(names, contents, strict=True)
    ]
    stored = IdxFiles("KMNIST", "KMNIST", (files[0], files[1], files[2], files[3]))
    raw = tmp_path / "KMNIST" / "raw"
    put(raw, {file.name: content for file, content in zip(files, contents, strict=True)})
    np.testing.assert_array_equal(stored.load("test", tmp_path).images[:, 0], arrays[2])
    # Unpacked, nobody says its checksum: it is believed when it is as long as its header says.
    unpacked = {name: idx(array) for name, array in zip(names, arrays, strict=True)}
    put(tmp_path / "other" / "KMNIST" / "raw", unpacked)
    other = IdxFiles("KMNIST", "KMNIST", stored.files)  # type: ignore[arg-type]  # the same four
    theirs = torchvision.datasets.KMNIST(tmp_path / "other", train=True)
    read = other.load("train", tmp_path / "other")
    np.testing.assert_array_equal(read.images[:, 0], theirs.data.numpy())
    np.testing.assert_array_equal(read.labels, theirs.targets.numpy())
    put(tmp_path / "half" / "KMNIST" / "raw", {n: c[:-5] for n, c in unpacked.items()})
    with pytest.raises(Unavailable, match="KMNIST could not be downloaded"):
        IdxFiles("KMNIST", "KMNIST", stored.files).load("test", tmp_path / "half")  # type: ignore[arg-type]
    images, labels = names[2:]
    for name, swapped in (
        ("labels for pictures", {images: unpacked[labels]}),
        ("pictures for labels", {labels: unpacked[images]}),
        ("labels of others", {labels: unpacked[names[1]]}),
    ):
        put(tmp_path / name / "KMNIST" / "raw", unpacked | swapped)
        with pytest.raises(Unavailable, match="KMNIST could not be read"):
            IdxFiles("KMNIST", "KMNIST", stored.files).load("test", tmp_path / name)  # type: ignore[arg-type]


def meta() -> bytes:
    return pickle.dumps({"label_names": [str(digit) for digit in range(10)]}, protocol=2)
