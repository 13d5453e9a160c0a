import errno
import gzip
import hashlib
import http.server
import os
import threading
from pathlib import Path

import numpy as np
import pytest
import torchvision

from cnnviz import files
from cnnviz.datasets import stored
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.idx import IdxFiles
from cnnviz.datasets.stored import File, Unavailable, folder


def header(*sizes: int) -> bytes:
    """Of an IDX file of unsigned bytes."""
    return bytes([0, 0, 8, len(sizes)]) + np.asarray(sizes, ">u4").tobytes()


# Four small files in place of MNIST's, with their own sizes and checksums; the code is the same.
CONTENTS = {
    "train-images-idx3-ubyte": header(16, 28, 28) + bytes(range(256)) * 49,
    "train-labels-idx1-ubyte": header(16) + bytes(range(10)) + bytes(6),
    "t10k-images-idx3-ubyte": header(3, 28, 28) + bytes([0, 255]) * 392 * 3,
    "t10k-labels-idx1-ubyte": header(3) + bytes([7, 2, 1]),
}
PACKED = {name: gzip.compress(content, mtime=0) for name, content in CONTENTS.items()}


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


class Mirror:
    """A web server of one's own: what it sends can be changed, and it counts what it was asked."""

    def __init__(self) -> None:
        self.files = {f"{name}.gz": content for name, content in PACKED.items()}
        self.asked: list[str] = []
        self.promised: int | None = None
        mirror = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.removeprefix("/")
                mirror.asked.append(name)
                if name not in mirror.files:
                    self.send_error(404)
                    return
                self.send_response(200)
                length = mirror.promised or len(mirror.files[name])
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(mirror.files[name])

            def log_message(self, format, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def mirror(monkeypatch):
    mirror = Mirror()
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [mirror.url])
    # A proxy would be asked for 127.0.0.1 too.
    monkeypatch.setenv("no_proxy", "*")
    yield mirror
    mirror.server.shutdown()
    mirror.server.server_close()


@pytest.fixture
def small() -> IdxFiles:
    """MNIST's four files as the catalogue has them, but small ones."""
    first, second, third, fourth = (
        File(f"{name}.gz", len(PACKED[name]), md5(PACKED[name]), md5(content))
        for name, content in CONTENTS.items()
    )
    return IdxFiles("MNIST", "MNIST", (first, second, third, fourth))


def raw(root: Path) -> Path:
    return root / "MNIST" / "raw"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.mark.parametrize("name", ["mnist", "fashion", "kmnist"])
def test_the_checksums_are_torchvisions(name):
    files = DATASETS[name].stored
    assert isinstance(files, IdxFiles)
    ours = [(file.name, file.md5) for file in files.files]
    assert ours == getattr(torchvision.datasets, files.kind).resources


def test_the_archives_are_torchvisions():
    cifar, emnist = torchvision.datasets.CIFAR10, torchvision.datasets.EMNIST
    (batches,) = DATASETS["cifar10"].stored.files
    (letters,) = DATASETS["letters"].stored.files
    assert (batches.name, batches.md5) == (cifar.filename, cifar.tgz_md5)
    assert (letters.name, letters.md5) == (emnist.url.rsplit("/")[-1], emnist.md5)


def test_what_is_missing_is_fetched_once_and_kept(mirror, small, tmp_path):
    assert not small.available(tmp_path)
    assert small.fetch(tmp_path) == raw(tmp_path)
    assert small.available(tmp_path)
    assert names(raw(tmp_path)) == set(mirror.files)
    assert len(mirror.asked) == 4
    small.fetch(tmp_path)
    assert len(mirror.asked) == 4


def test_digits_are_loaded_into_memory_and_kept_there(mirror, small, tmp_path):
    test = small.load("test", tmp_path)
    assert test.images.shape == (3, 1, 28, 28)
    assert test.images.dtype == np.uint8
    assert test.labels.dtype == np.int64
    assert test.labels.tolist() == [7, 2, 1]
    assert test.images[0, 0, 0, :4].tolist() == [0, 255, 0, 255]
    train = small.load("train", tmp_path)
    assert train.images.shape == (16, 1, 28, 28)
    assert train.labels.tolist() == [*range(10), 0, 0, 0, 0, 0, 0]
    assert small.load("test", tmp_path) is test
    assert len(mirror.asked) == 4


def test_progress_counts_bytes_up_to_the_total(mirror, small, tmp_path):
    seen = []
    small.fetch(tmp_path, lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {small.total_bytes}
    done = [done for done, _ in seen]
    assert done == sorted(done)
    assert done[-1] == small.total_bytes


def test_files_that_torchvision_has_unpacked_are_used_as_they_are(mirror, small, tmp_path):
    raw(tmp_path).mkdir(parents=True)
    for name, content in CONTENTS.items():
        (raw(tmp_path) / name).write_bytes(content)
    assert small.available(tmp_path)
    assert small.load("test", tmp_path).labels.tolist() == [7, 2, 1]
    assert mirror.asked == []


def test_torchvision_finds_what_we_have_fetched(mnist, tmp_path):
    for file in mnist.files:
        content = gzip.decompress((mnist.fetch() / file.name).read_bytes())
        (raw(tmp_path)).mkdir(parents=True, exist_ok=True)
        (raw(tmp_path) / file.name.removesuffix(".gz")).write_bytes(content)
    theirs = torchvision.datasets.MNIST(tmp_path, train=False)
    ours = mnist.load("test")
    np.testing.assert_array_equal(ours.images[:, 0], theirs.data.numpy())
    np.testing.assert_array_equal(ours.labels, theirs.targets.numpy())


@pytest.mark.parametrize("promised", [None, 10**6], ids=["ends early", "breaks off"])
def test_a_half_finished_download_is_never_taken_for_a_whole_one(mirror, small, tmp_path, promised):
    name = "t10k-images-idx3-ubyte.gz"
    whole = mirror.files[name]
    mirror.files[name] = whole[: len(whole) // 2]
    mirror.promised = promised
    with pytest.raises(Unavailable, match=r"t10k-images.*(ended after|IncompleteRead|bytes)"):
        small.load("test", tmp_path)
    assert name not in names(raw(tmp_path))
    assert not any(".part" in kept for kept in names(raw(tmp_path)))
    assert not small.available(tmp_path)
    mirror.files[name], mirror.promised = whole, None
    assert small.load("test", tmp_path).labels.tolist() == [7, 2, 1]


def test_half_a_file_left_by_somebody_else_is_fetched_anew(mirror, small, tmp_path):
    raw(tmp_path).mkdir(parents=True)
    name = "t10k-images-idx3-ubyte"
    (raw(tmp_path) / f"{name}.gz").write_bytes(PACKED[name][:-10])
    (raw(tmp_path) / name).write_bytes(CONTENTS[name][:100])
    assert small.load("test", tmp_path).images.shape == (3, 1, 28, 28)
    assert (raw(tmp_path) / f"{name}.gz").read_bytes() == PACKED[name]


def test_a_file_with_a_flipped_byte_is_fetched_anew(mirror, small, tmp_path):
    small.fetch(tmp_path)
    path = raw(tmp_path) / "train-labels-idx1-ubyte.gz"
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    small.fetch(tmp_path)
    assert mirror.asked.count(path.name) == 2
    assert path.read_bytes() == PACKED["train-labels-idx1-ubyte"]


def test_a_mirror_with_another_file_is_not_believed(mirror, small, tmp_path):
    name = "train-images-idx3-ubyte.gz"
    mirror.files[name] = bytes(len(mirror.files[name]))
    with pytest.raises(Unavailable, match=r"train-images.*the checksum is wrong"):
        small.fetch(tmp_path)
    assert names(raw(tmp_path)) == set()


def test_an_endless_file_is_cut_short(mirror, small, tmp_path):
    name = "train-images-idx3-ubyte.gz"
    mirror.files[name] = bytes(5_000_000)
    seen = []
    with pytest.raises(Unavailable, match="the checksum is wrong"):
        small.fetch(tmp_path, lambda done, total: seen.append(done))
    assert max(seen) <= small.total_bytes


def test_a_second_mirror_is_asked_when_the_first_has_nothing(mirror, small, tmp_path, monkeypatch):
    monkeypatch.setattr(
        torchvision.datasets.MNIST, "mirrors", [f"{mirror.url}elsewhere/", mirror.url]
    )
    small.fetch(tmp_path)
    assert names(raw(tmp_path)) == {f"{name}.gz" for name in CONTENTS}


def test_without_a_network_the_reason_is_told(mirror, small, tmp_path, monkeypatch):
    mirror.server.shutdown()
    mirror.server.server_close()
    with pytest.raises(Unavailable, match=r"MNIST could not be downloaded .*refused"):
        small.load("train", tmp_path)


def test_a_mirror_that_falls_silent_is_given_up(mirror, small, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "TIMEOUT", 0.2)
    monkeypatch.setattr(Mirror, "silent", threading.Event(), raising=False)

    def wait(handler):
        Mirror.silent.wait(20)  # type: ignore[attr-defined]

    monkeypatch.setattr(mirror.server.RequestHandlerClass, "do_GET", wait)
    with pytest.raises(Unavailable, match="timed out"):
        small.fetch(tmp_path)
    Mirror.silent.set()  # type: ignore[attr-defined]


def fails_with(number: int):
    def failing(*arguments, **options):
        raise OSError(number, os.strerror(number))

    return failing


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the folder is read-only"),
        (errno.EACCES, "the folder is read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_will_not_take_it_is_named(
    mirror, small, tmp_path, monkeypatch, number, message
):
    monkeypatch.setattr(files.os, "fsync", fails_with(number))
    with pytest.raises(Unavailable, match=message) as refusal:
        small.fetch(tmp_path)
    assert str(raw(tmp_path)) in str(refusal.value)
    assert "CNNVIZ_DATA" in str(refusal.value)
    assert names(raw(tmp_path)) == set()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(mirror, small, tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(Unavailable, match="the folder is read-only"):
            small.fetch(tmp_path)
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_really_full_disk_is_named(mirror, small, tmp_path, monkeypatch):
    """/dev/full answers every write as a full disk does."""
    plain_open = os.open

    def onto_full(path, flags, *arguments, **options):
        if str(path).endswith(".part"):
            return plain_open("/dev/full", os.O_WRONLY)
        return plain_open(path, flags, *arguments, **options)

    monkeypatch.setattr(files.os, "open", onto_full)
    with pytest.raises(Unavailable, match="the disk is full"):
        small.fetch(tmp_path)


def test_a_file_in_the_folders_place_is_named(mirror, small, tmp_path):
    (tmp_path / "MNIST").write_text("not a folder")
    with pytest.raises(Unavailable, match="can't be kept in"):
        small.fetch(tmp_path)
    assert not small.available(tmp_path)


def test_two_at_once_fetch_it_once(mirror, small, tmp_path):
    loaded = []
    threads = [
        threading.Thread(target=lambda: loaded.append(small.load("test", tmp_path)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 8
    assert all(digits is loaded[0] for digits in loaded)
    assert len(mirror.asked) == 4


def test_a_split_that_is_not_there_is_refused(small, tmp_path):
    with pytest.raises(ValueError, match="split must be 'train' or 'test', got 'validation'"):
        small.load("validation", tmp_path)  # type: ignore[arg-type]


def test_the_folder_is_chosen_by_argument_environment_or_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "chosen"))
    assert folder(tmp_path / "given") == tmp_path / "given"
    assert folder() == tmp_path / "chosen"
    monkeypatch.delenv("CNNVIZ_DATA")
    monkeypatch.setattr(stored.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folder() == tmp_path / "cache" / "cnnviz"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder() == tmp_path / ".cache" / "cnnviz"


def test_the_real_mnist_has_its_digits(mnist):
    train, test = mnist.load("train"), mnist.load("test")
    assert train.images.shape == (60_000, 1, 28, 28)
    assert test.images.shape == (10_000, 1, 28, 28)
    assert np.bincount(test.labels).tolist() == [
        *(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)
    ]
    assert train.labels[:5].tolist() == [5, 0, 4, 1, 9]
