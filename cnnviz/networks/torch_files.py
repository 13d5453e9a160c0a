"""What `torch.save` wrote, read within bounds: a `.pt` from anybody opens in the app's own server.

`torch.load(weights_only=True)` runs no code, but believes what a file says: 45 MB of nested lists
cost 3 GB, `bytearray(10**10)` is called, and a storage that says more than its record holds is read
past its end. Here the pickle is read by `tensor_pickles`, and each tensor is held against the bytes
that there are.

The formats: https://docs.pytorch.org/docs/stable/notes/serialization.html (a zip archive of a
pickle and one record a storage), and before torch 1.6 five pickles and then the storages
(torch.serialization._legacy_save).
"""

import io
import math
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from cnnviz.networks.tensor_pickles import (
    DTYPES,
    MOST_OPCODES,
    Described,
    OddTensor,
    Storage,
    TooLargeError,
    Unpickled,
    check_size,
    unpickle,
)
from cnnviz.spelling import count, fixed

MOST_RECORDS = 10_000

_LEGACY_HEAD = (0x1950A86A20F9469CFC6C, 1001)  # magic number, version
_CENTRAL_HEADER = b"PK\x01\x02"
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read(content: bytes, most_bytes: int) -> Any:
    """What was saved, with tensors (any shape, on the processor) that share `content`'s copy.

    In place of a sparse, meta, nested or quantised tensor there is an `OddTensor`. At most
    `most_bytes` are unpacked.

    Raises CarriesCodeError, TooLargeError, or a ValueError with the reason for what is damaged.
    """
    try:
        if content.startswith(b"PK"):
            return _read_zip(content, most_bytes)
        return _read_legacy(content)
    except ValueError:
        raise
    # zipfile, zlib and pickle fail in as many ways as there are damaged files.
    except Exception as error:
        raise ValueError(str(error) or type(error).__name__) from error


def _read_zip(content: bytes, most_bytes: int) -> Any:
    # Counted before it is opened: zipfile makes an object of each.
    if (records := content.count(_CENTRAL_HEADER)) > MOST_RECORDS:
        raise TooLargeError(f"it has {count(records)} records, more than {count(MOST_RECORDS)}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        records = {info.filename: info for info in archive.infolist()}
        unpacked = sum(info.file_size for info in records.values())
        if unpacked > most_bytes:
            raise TooLargeError(
                f"it has {fixed(unpacked / 1e6, 0)} MB when unpacked; "
                f"weights may have at most {most_bytes // 10**6} MB"
            )
        if any(info.compress_type not in _STORED for info in records.values()):
            raise ValueError("it is packed in a way that torch.save doesn't use")
        found = next((name for name in records if name.split("/")[-1] == "data.pkl"), None)
        if found is None:
            raise ValueError("it is a zip archive without weights")
        folder = found.removesuffix("data.pkl")
        order = records.get(f"{folder}byteorder")
        if order is not None and archive.read(order) == b"big":
            raise ValueError("it was saved on a machine with the other order of bytes")
        check_size(records[found].file_size)
        stream = io.BytesIO(archive.read(records[found]))
        saved = unpickle(stream, MOST_OPCODES).value

        def values(storage: Storage) -> bytes:
            return archive.read(records[f"{folder}data/{storage.key}"])

        return _with_tensors(saved, values)


def _read_legacy(content: bytes) -> Any:
    stream, left = io.BytesIO(content), MOST_OPCODES
    parts: list[Unpickled] = []
    for _ in range(5):  # magic number, protocol, the machine, what was saved, keys of storages
        parts.append(unpickle(stream, left))
        left -= parts[-1].opcodes
        if len(parts) <= 2 and parts[-1].value != _LEGACY_HEAD[len(parts) - 1]:
            raise ValueError("it is a pickle, but not one of torch.save")
    saved, keys = parts[3], parts[4].value
    found: dict[str, bytes] = {}
    for key in keys if isinstance(keys, list) else []:
        (count,) = struct.unpack("<Q", stream.read(8))
        storage = saved.storages.get(str(key))
        if storage is None or storage.kind not in DTYPES:
            break  # how long it is can't be told, nor where the next one begins
        found[storage.key] = stream.read(min(count, len(content)) * storage.itemsize)

    def values(storage: Storage) -> bytes:
        if storage.key not in found:
            raise ValueError(f"its storage {storage.key:.20} can't be found")
        return found[storage.key]

    return _with_tensors(saved.value, values)


def _with_tensors(saved: Any, values: Callable[[Storage], bytes]) -> Any:
    """`saved` with tensors in place of what was said of them, as deep as a state dict lies."""
    read: dict[str, Tensor] = {}
    if not isinstance(saved, Mapping):
        return _tensor(saved, values, read)
    # A mapping may stand in many places; each is made once.
    inner: dict[int, dict[Any, Any]] = {}
    for value in saved.values():
        if isinstance(value, Mapping) and id(value) not in inner:
            inner[id(value)] = {key: _tensor(v, values, read) for key, v in value.items()}
    return {
        key: inner[id(value)] if isinstance(value, Mapping) else _tensor(value, values, read)
        for key, value in saved.items()
    }


def _tensor(value: Any, values: Callable[[Storage], bytes], read: dict[str, Tensor]) -> Any:
    if not isinstance(value, Described):
        return value
    storage = value.storage
    if storage.kind not in DTYPES:
        return OddTensor(f"of {storage.kind}")
    if storage.key not in read:
        content = values(storage)
        if len(content) != storage.count * storage.itemsize:
            raise ValueError(
                f"its storage {storage.key:.20} should have {count(storage.count)} values of "
                f"{storage.itemsize} bytes, and has {count(len(content))} bytes"
            )
        dtype = DTYPES[storage.kind]
        read[storage.key] = (
            torch.frombuffer(bytearray(content), dtype=dtype)
            if content
            else torch.empty(0, dtype=dtype)
        )
    steps = zip(value.size, value.stride, strict=True)
    reach = value.offset + sum((count - 1) * step for count, step in steps) + 1
    if math.prod(value.size) and reach > storage.count:
        raise ValueError(f"a tensor of shape {value.size} reaches beyond its storage")
    return read[storage.key].as_strided(value.size, value.stride, value.offset)
