"""What `torch.save` wrote, read within bounds: a `.pt` from anybody opens in the app's own server.

`torch.load(weights_only=True)` runs no code, but believes what a file says: 45 MB of nested lists
cost 3 GB, `bytearray(10**10)` is called, and a storage that says more than its record holds is read
past its end. Here a pickle's opcodes are counted before one of them is run, it may name nothing but
tensors and what belongs to them, and each tensor is held against the bytes that there are.

The formats: https://docs.pytorch.org/docs/stable/notes/serialization.html (a zip archive of a
pickle and one record a storage), and before torch 1.6 five pickles and then the storages
(torch.serialization._legacy_save).
"""

import io
import math
import pickle
import pickletools
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor

# A tensor takes some 35 opcodes. 100,000 tuples in one another would already overflow the stack
# of the thread that hashes them.
MOST_OPCODES = 50_000
MOST_PICKLE_BYTES = 2_000_000
MOST_RECORDS = 10_000
MOST_DIMENSIONS = 64

_LEGACY_HEAD = (0x1950A86A20F9469CFC6C, 1001)  # magic number, version
_PUTS = {"BINPUT", "LONG_BINPUT", "PUT"}
_CENTRAL_HEADER = b"PK\x01\x02"
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DTYPES = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
    "ComplexFloatStorage": torch.complex64,
    "ComplexDoubleStorage": torch.complex128,
}
_OTHER_TENSORS = {
    "_rebuild_sparse_tensor": "sparse",
    "_rebuild_sparse_csr_tensor": "sparse",
    "_rebuild_meta_tensor_no_storage": "without values, on the meta device",
    "_rebuild_qtensor": "quantised",
    "_rebuild_nested_tensor": "nested",
}
_KINDS_OF_TORCH = (torch.dtype, torch.layout, torch.qscheme, torch.memory_format)


class CarriesCodeError(ValueError):
    """A pickle names something that isn't a tensor's; `name` is what."""

    def __init__(self, name: str) -> None:
        super().__init__(f"it names {name}")
        self.name = name


class TooLargeError(ValueError):
    """A file asks for more than weights can need."""


@dataclass(frozen=True)
class OddTensor:
    """In place of a tensor that isn't a plain array of numbers: which `kind` it is."""

    kind: str


@dataclass(frozen=True)
class _StorageType:
    name: str


@dataclass(frozen=True)
class _Storage:
    kind: str
    key: str
    count: int

    @property
    def itemsize(self) -> int:
        return _DTYPES[self.kind].itemsize


@dataclass(frozen=True)
class _Rebuilt:
    """What a pickle says of a tensor, whose values aren't in the pickle."""

    storage: _Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


class _Ordered(OrderedDict[Any, Any]):
    """As a pickle makes it: empty at first. Made of others, a few bytes would copy much each."""

    def __init__(self) -> None:
        super().__init__()

    def __setstate__(self, _: Any) -> None: ...


class _Nothing:
    """What nobody reads: a device, a data type, hooks."""

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, _: Any) -> None: ...


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
    if (count := content.count(_CENTRAL_HEADER)) > MOST_RECORDS:
        raise TooLargeError(f"it has {count:,} records, more than {MOST_RECORDS:,}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        records = {info.filename: info for info in archive.infolist()}
        unpacked = sum(info.file_size for info in records.values())
        if unpacked > most_bytes:
            raise TooLargeError(
                f"it has {unpacked / 1e6:.0f} MB when unpacked; "
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
        if records[found].file_size > MOST_PICKLE_BYTES:
            raise TooLargeError(_larger_pickle(records[found].file_size))
        stream = io.BytesIO(archive.read(records[found]))
        saved = _unpickled(stream, MOST_OPCODES).value

        def values(storage: _Storage) -> bytes:
            return archive.read(records[f"{folder}data/{storage.key}"])

        return _with_tensors(saved, values)


def _read_legacy(content: bytes) -> Any:
    stream, left = io.BytesIO(content), MOST_OPCODES
    parts: list[_Pickle] = []
    for _ in range(5):  # magic number, protocol, the machine, what was saved, keys of storages
        parts.append(_unpickled(stream, left))
        left -= parts[-1].opcodes
        if len(parts) <= 2 and parts[-1].value != _LEGACY_HEAD[len(parts) - 1]:
            raise ValueError("it is a pickle, but not one of torch.save")
    saved, keys = parts[3], parts[4].value
    found: dict[str, bytes] = {}
    for key in keys if isinstance(keys, list) else []:
        (count,) = struct.unpack("<Q", stream.read(8))
        storage = saved.storages.get(str(key))
        if storage is None or storage.kind not in _DTYPES:
            break  # how long it is can't be told, nor where the next one begins
        found[storage.key] = stream.read(min(count, len(content)) * storage.itemsize)

    def values(storage: _Storage) -> bytes:
        if storage.key not in found:
            raise ValueError(f"its storage {storage.key:.20} can't be found")
        return found[storage.key]

    return _with_tensors(saved.value, values)


@dataclass(frozen=True)
class _Pickle:
    value: Any
    opcodes: int
    storages: Mapping[str, _Storage]


def _unpickled(stream: io.BytesIO, most_opcodes: int) -> _Pickle:
    """The pickle that begins here; nothing that it names is called."""
    start, used = stream.tell(), 0
    # genops also finds that no text or number is longer than the file.
    for opcode, argument, _ in pickletools.genops(stream):
        used += 1
        if used > most_opcodes:
            raise TooLargeError(f"its pickle has more than {MOST_OPCODES:,} opcodes")
        # Python makes room for as many memos as the largest number says.
        if opcode.name in _PUTS and int(argument or 0) > most_opcodes:
            raise ValueError(f"its pickle puts memo {argument} after {used} opcodes")
    size = stream.tell() - start
    if size > MOST_PICKLE_BYTES:
        raise TooLargeError(_larger_pickle(size))
    stream.seek(start)
    unpickler = _Unpickler(io.BytesIO(stream.read(size)))
    return _Pickle(unpickler.load(), used, unpickler.storages)


def _larger_pickle(size: int) -> str:
    return f"its pickle has {size / 1e6:.1f} MB; without weights 2 MB is more than enough"


class _Unpickler(pickle.Unpickler):
    """Knows the names that a saved tensor needs; none of them allocates, opens or runs anything."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) == ("collections", "OrderedDict"):
            return _Ordered
        if module_name == "torch._utils":
            if global_name in ("_rebuild_tensor_v2", "_rebuild_tensor"):
                return _rebuild
            if global_name == "_rebuild_parameter":
                return _parameter
            if global_name.startswith("_rebuild_"):
                kind = _OTHER_TENSORS.get(global_name, "of a kind that isn't read here")
                return lambda *_: OddTensor(kind)
        if module_name in ("torch", "torch.storage") and global_name.endswith("Storage"):
            return _StorageType(global_name)
        if (module_name, global_name) == ("torch", "Size"):
            return _size
        if (
            (module_name, global_name) == ("torch", "device")
            or (module_name, global_name) == ("torch.serialization", "_get_layout")
            or (
                module_name == "torch"
                and isinstance(getattr(torch, global_name, None), _KINDS_OF_TORCH)
            )
        ):
            return _Nothing
        raise CarriesCodeError(f"{module_name}.{global_name}")

    def persistent_load(self, pid: Any, /) -> _Storage:
        match pid:
            # The legacy format adds what the storage is a view of: None, whole ones alone are read.
            case ("storage", _StorageType(name), str(key), str(), int(count), *rest) if (
                rest in ([], [None]) and not isinstance(count, bool) and count >= 0
            ):
                storage = _Storage(name, key, count)
                # One record read as each of twelve types would be twelve copies.
                if self.storages.setdefault(key, storage) == storage:
                    return storage
        _damaged("storage")


def _rebuild(storage: Any, offset: Any, size: Any, stride: Any, *_: Any) -> _Rebuilt:
    if (
        not isinstance(storage, _Storage)
        or not _is_natural(offset)
        or not isinstance(size, tuple)
        or not isinstance(stride, tuple)
        or not len(size) == len(stride) <= MOST_DIMENSIONS
        or not all(map(_is_natural, (*size, *stride)))
    ):
        _damaged("tensor")
    return _Rebuilt(storage, offset, size, stride)


def _parameter(data: Any, *_: Any) -> Any:
    return data


def _size(sides: Any) -> tuple[Any, ...]:
    if not isinstance(sides, tuple) or len(sides) > MOST_DIMENSIONS:
        _damaged("size")
    return sides


def _is_natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def _damaged(what: str) -> NoReturn:
    raise ValueError(f"its pickle describes a {what} in a way that torch.save doesn't")


def _with_tensors(saved: Any, values: Callable[[_Storage], bytes]) -> Any:
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


def _tensor(value: Any, values: Callable[[_Storage], bytes], read: dict[str, Tensor]) -> Any:
    if not isinstance(value, _Rebuilt):
        return value
    storage = value.storage
    if storage.kind not in _DTYPES:
        return OddTensor(f"of {storage.kind}")
    if storage.key not in read:
        content = values(storage)
        if len(content) != storage.count * storage.itemsize:
            raise ValueError(
                f"its storage {storage.key:.20} should have {storage.count:,} values of "
                f"{storage.itemsize} bytes, and has {len(content):,} bytes"
            )
        dtype = _DTYPES[storage.kind]
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
