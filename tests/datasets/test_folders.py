"""Folders and zips of pictures become collections; what can't be trusted is refused by name."""

import contextlib
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz import people
from cnnviz.datasets import folders
from cnnviz.datasets.folders import collection_of
from cnnviz.drawing import sources
from cnnviz.drawing.frames import Frame


def stroke(at: int, side: int = 40) -> bytes:
    """A black bar on white, at another place each time."""
    picture = np.full((side, side), 255, np.uint8)
    picture[5 : side - 5, 4 + at % 20 : 9 + at % 20] = 0
    picture[5 + at // 20 : 10 + at // 20, 4 : side - 4] = 0
    return png(picture)


def png(picture: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def colour(rgb: tuple[int, int, int], at: int = 0) -> bytes:
    picture = np.full((30, 40, 3), rgb, np.uint8)
    picture[15, 10 + at] = 0
    return png(picture)


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return content


def unpacked(root: Path, files: dict[str, bytes]) -> Path:
    for name, inside in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(inside)
    return root


SYMBOLS = {f"{name}/{at}.png": stroke(at) for name in ("2", "10", "1") for at in range(6)}


@pytest.mark.parametrize("above", ["", "my symbols/"])
def test_a_zip_and_a_folder_give_the_same_collection(above, tmp_path):
    files = {above + name: content for name, content in SYMBOLS.items()}
    files |= {"__MACOSX/._1": b"x", above + ".DS_Store": b"x", above + "1/Thumbs.db": b"x"}
    made = collection_of(packed(files), "symbols")
    again = collection_of(unpacked(tmp_path / "folder", files), "symbols")
    assert made.skipped == again.skipped == ()
    assert made.collection.outline == again.collection.outline
    assert made.collection.classes == ("1", "2", "10")
    assert made.collection.images.shape == (18, 1, 28, 28)
    assert (made.collection.outline.train, made.collection.outline.test) == (15, 3)
    path = tmp_path / "a.zip"
    path.write_bytes(packed(files).getvalue())
    assert collection_of(path, "symbols").collection.name == made.collection.name


@pytest.mark.parametrize(("channels", "side"), [(1, 28), (1, 16), (3, 32)])
def test_a_picture_is_made_as_an_upload_on_the_draw_page_is(channels, side):
    files = {f"{n}/{at}.png": stroke(at) for n in ("a", "b") for at in range(3)}
    made = collection_of(packed(files), "two", channels, side).collection
    frame = Frame.like_mnist((channels, side, side))
    upload = sources.picture_for(frame, stroke(1), "a/1.png")
    seen = sources.seen(upload, None, True, frame).image
    assert made.frame == frame
    np.testing.assert_allclose(made.images[1] / 255, seen, atol=0.5 / 255 + 1e-6)


def test_colours_stay():
    files = {f"red/{at}.png": colour((200, 20, 30), at) for at in range(3)}
    files |= {f"blue/{at}.png": colour((10, 20, 220), at) for at in range(3)}
    made = collection_of(packed(files), "lights", 3, 32).collection
    assert made.classes == ("blue", "red")
    assert made.images[0, :, 9, 9].tolist() == [10, 20, 220]
    assert made.images[3, :, 9, 9].tolist() == [200, 20, 30]


def test_what_is_no_picture_is_left_out_by_name():
    odd = {
        "1/notes.txt": b"hello",
        "1/deep/er.png": stroke(1),
        "1/white.png": png(np.full((30, 30), 255, np.uint8)),
        "1/cut.png": stroke(3)[:60],
        "1/empty.png": b"",
        "readme.md": b"# hello",
        "none/notes.txt": b"hello",
    }
    made = collection_of(packed(SYMBOLS | odd), "symbols")
    assert len(made.collection.images) == 18
    assert made.collection.classes == ("1", "2", "10")
    said = dict(sentence.split(": ", 1) for sentence in made.skipped)
    assert set(said) == set(odd)
    assert "not a picture" in said["1/notes.txt"]
    assert "No ink" in said["1/white.png"]
    assert "in a folder within a class's folder" in said["1/deep/er.png"]
    assert "no class's folder" in said["readme.md"]


def entry(name: str, mode: int = 0, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = compression
    return info


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (entry("../../etc/passwd"), r"'\.\./\.\./etc/passwd' would lead out"),
        (entry("1/../../x.png"), "would lead out"),
        (entry("/1/x.png"), "would lead out"),
        (entry("C:/1/x.png"), "would lead out"),
        (entry("1\\..\\x.png"), "would lead out"),
        (entry("1/link.png", stat.S_IFLNK | 0o777), "'1/link.png' is a link"),
        (entry("1/0.png"), "'1/0.png' is in the zip twice"),
        (entry("./1//0.png"), "is in the zip twice"),
        (entry("1/x.png", compression=zipfile.ZIP_BZIP2), "packed in a way that isn't read"),
        (entry("1/x.png", compression=zipfile.ZIP_LZMA), "packed in a way that isn't read"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_what_nobody_packs_by_mistake_is_refused_by_name(odd, said):
    content = packed(SYMBOLS)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(odd, stroke(7))
    with pytest.raises(ValueError, match=said):
        collection_of(content, "symbols")


def test_an_encrypted_entry_is_refused_by_name():
    content = bytearray(packed(SYMBOLS).getvalue())
    place = content.rfind(b"PK\x01\x02")
    content[place + 8] |= 1
    with pytest.raises(ValueError, match=r"'1/5.png' is encrypted; pack it without a password"):
        collection_of(io.BytesIO(content), "symbols")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    zeros = b"\0" * 31_000_000
    made = collection_of(packed(SYMBOLS | {"1/bomb.png": zeros}), "symbols")
    assert made.skipped == ("1/bomb.png: it has more than 30 MB, the most of a picture",)
    three = packed({f"1/{at}.png": zeros[:21_000_000] for at in range(3)})
    monkeypatch.setattr(folders, "MOST_UNPACKED", 60_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(ValueError, match="would have more than 60 MB"):
        collection_of(three, "symbols")


def test_a_size_that_an_entry_lies_about_does_not_count():
    """A bomb that says it is small: no more is unpacked than it says."""
    content = bytearray(packed(SYMBOLS | {"z/bomb.png": b"\0" * 40_000_000}).getvalue())
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 100)
    made = collection_of(io.BytesIO(content), "symbols")
    (said,) = made.skipped
    assert said.startswith("z/bomb.png: it is damaged in the zip")


def zip64(content: bytes) -> bytes:
    """The same zip with the second end record, which may say of its list what it likes."""
    end = content[-22:]
    entries, length, place = struct.unpack("<HII", end[10:20])
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, length, place)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(content) - 22, 1)
    return content[:-22] + record + locator + end


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: b"", "no zip file"),
        (lambda c: b"hello", "no zip file"),
        (lambda c: c[:-10], "no zip file"),
        (lambda c: c[len(c) // 2 :], r"damaged|no picture|2 to 100 classes"),
        (lambda c: c[:-10] + struct.pack("<I", 2**31) + c[-6:], "more than 100,000 files"),
        (zip64, r"65,535 files or 4 GB \(zip64\)"),
        # With the longest comment that there can be.
        (lambda c: zip64(c)[:-2] + b"\xff\xff" + bytes(0xFFFF), "zip64"),
        (lambda c: c[:-12] + b"\xff\xff" + c[-10:], "more than 100,000 files"),
    ],
)
def test_what_is_no_zip_is_said(spoil, said):
    with pytest.raises(ValueError, match=said):
        collection_of(io.BytesIO(spoil(packed(SYMBOLS).getvalue())), "symbols")


def test_bytes_changed_at_random_never_raise_anything_else():
    whole = packed({f"{n}/{at}.png": stroke(at) for n in "ab" for at in range(2)}).getvalue()
    random = np.random.default_rng(0)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(random.integers(1, 6)):
            content[random.integers(len(content))] = random.integers(256)
        with contextlib.suppress(ValueError):
            collection_of(io.BytesIO(content), "two")


def test_limits_on_size_and_count_are_said(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(folders, "MOST_PACKED", 1_000_000)
        with pytest.raises(ValueError, match="The zip has 2 MB; it may have at most 1 MB"):
            collection_of(io.BytesIO(b"\0" * 2_000_000), "symbols")
    with monkeypatch.context() as patched:
        patched.setattr(folders, "MOST_FILES", 10)
        with pytest.raises(ValueError, match="more than 10 files"):
            collection_of(packed(SYMBOLS), "symbols")
    with monkeypatch.context() as patched:
        patched.setattr(folders, "MOST_PICTURES", 17)
        with pytest.raises(ValueError, match="at most 17 pictures, got 18"):
            collection_of(packed(SYMBOLS), "symbols")


def test_a_folder_with_a_link_or_too_many_files_is_refused(tmp_path, monkeypatch):
    root = unpacked(tmp_path / "folder", SYMBOLS)
    (root / "1" / "link.png").symlink_to(root / "1" / "0.png")
    with pytest.raises(ValueError, match=r"1/link.png is a link, and links aren't followed"):
        collection_of(root, "symbols")
    (root / "1" / "link.png").unlink()
    os.mkfifo(root / "1" / "pipe.png")
    (root / "2" / os.fsdecode(b"\xff.png")).write_bytes(b"x")
    said = collection_of(root, "symbols").skipped
    assert [sentence.split(":")[0] for sentence in said] == ["1/pipe.png", "2/�.png"]
    monkeypatch.setattr(folders, "MOST_FILES", 10)
    with pytest.raises(ValueError, match="more than 10 files"):
        collection_of(root, "symbols")


def test_it_belongs_to_whoever_it_is_made_for_from_a_zip_and_a_folder(tmp_path):
    owner = people.digest_of(people.new_token())
    path = tmp_path / "symbols.zip"
    path.write_bytes(packed(SYMBOLS).getvalue())
    sources = (packed(SYMBOLS), path, unpacked(tmp_path / "folder", SYMBOLS))
    made = [collection_of(source, "symbols", owner=owner).collection for source in sources]
    assert {each.owner for each in made} == {owner}
    assert collection_of(path, "symbols").collection.owner is None


def test_nothing_to_make_a_collection_of_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"no picture in a folder of its class \(a.png: it lies"):
        collection_of(packed({"a.png": stroke(0)}), "symbols")
    with pytest.raises(ValueError, match="there must be 2 to 100 classes, got 1"):
        collection_of(packed({"a/a.png": stroke(0), "a/b.png": stroke(1)}), "symbols")
    with pytest.raises(ValueError, match="can't be read: No such file"):
        collection_of(tmp_path / "nowhere", "symbols")
    with pytest.raises(ValueError, match="1 or 3 channels of 8 to 64"):
        collection_of(packed(SYMBOLS), "symbols", 1, 100)


def test_progress_counts_to_the_end():
    told = []
    collection_of(packed(SYMBOLS), "symbols", progress=lambda *so_far: told.append(so_far))
    assert told == [(done, 18) for done in range(1, 19)]
