"""A pickle of `torch.save`, read within bounds: what it says of tensors, without their values.

Python's own unpickler calls what a file names, and makes whatever the file asks for. Here opcodes
are counted before one of them is run, and a pickle may name nothing but tensors and what belongs
to them; none of these names allocates, opens or runs anything.
"""

import io
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import torch

from cnnviz.spelling import count, fixed

# A tensor takes some 35 opcodes. 100,000 tuples in one another would already overflow the stack
# of the thread that hashes them.
MOST_OPCODES = 50_000
MOST_PICKLE_BYTES = 2_000_000
MOST_DIMENSIONS = 64

_PUTS = {"BINPUT", "LONG_BINPUT", "PUT"}

DTYPES = {
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
class Storage:
    kind: str
    key: str
    count: int

    @property
    def itemsize(self) -> int:
        return DTYPES[self.kind].itemsize


@dataclass(frozen=True)
class Described:
    """What a pickle says of a tensor, whose values aren't in the pickle."""

    storage: Storage
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


@dataclass(frozen=True)
class Unpickled:
    value: Any
    opcodes: int
    storages: Mapping[str, Storage]


def unpickle(stream: io.BytesIO, most_opcodes: int) -> Unpickled:
    """The pickle that begins here; nothing that it names is called."""
    start, used = stream.tell(), 0
    # genops also finds that no text or number is longer than the file.
    for opcode, argument, _ in pickletools.genops(stream):
        used += 1
        if used > most_opcodes:
            raise TooLargeError(f"its pickle has more than {count(MOST_OPCODES)} opcodes")
        # Python makes room for as many memos as the largest number says.
        if opcode.name in _PUTS and int(argument or 0) > most_opcodes:
            raise ValueError(f"its pickle puts memo {argument} after {used} opcodes")
    size = stream.tell() - start
    check_size(size)
    stream.seek(start)
    unpickler = _Unpickler(io.BytesIO(stream.read(size)))
    return Unpickled(unpickler.load(), used, unpickler.storages)


def check_size(size: int) -> None:
    """Raise TooLargeError for a pickle of more than MOST_PICKLE_BYTES."""
    if size > MOST_PICKLE_BYTES:
        raise TooLargeError(
            f"its pickle has {fixed(size / 1e6, 1)} MB; without weights 2 MB is more than enough"
        )


class _Unpickler(pickle.Unpickler):
    """Knows the names that a saved tensor needs, and no other.

    A pickle can set attributes of what it names: it gets functions of its own.
    """

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, Storage] = {}

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) == ("collections", "OrderedDict"):
            return _Ordered
        if module_name == "torch._utils":
            if global_name in ("_rebuild_tensor_v2", "_rebuild_tensor"):
                return lambda *given: _rebuild(*given)
            if global_name == "_rebuild_parameter":
                return lambda data, *_: data
            if global_name.startswith("_rebuild_"):
                kind = _OTHER_TENSORS.get(global_name, "of a kind that isn't read here")
                return lambda *_: OddTensor(kind)
        if module_name in ("torch", "torch.storage") and global_name.endswith("Storage"):
            return _StorageType(global_name)
        if (module_name, global_name) == ("torch", "Size"):
            return lambda sides: _size(sides)
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

    def persistent_load(self, pid: Any, /) -> Storage:
        match pid:
            # The legacy format adds what the storage is a view of: None, whole ones alone are read.
            case ("storage", _StorageType(name), str(key), str(), int(count), *rest) if (
                rest in ([], [None]) and not isinstance(count, bool) and count >= 0
            ):
                storage = Storage(name, key, count)
                # One record read as each of twelve types would be twelve copies.
                if self.storages.setdefault(key, storage) == storage:
                    return storage
        _damaged("storage")


def _rebuild(storage: Any, offset: Any, size: Any, stride: Any, *_: Any) -> Described:
    if (
        not isinstance(storage, Storage)
        or not _is_natural(offset)
        or not isinstance(size, tuple)
        or not isinstance(stride, tuple)
        or not len(size) == len(stride) <= MOST_DIMENSIONS
        or not all(map(_is_natural, (*size, *stride)))
    ):
        _damaged("tensor")
    return Described(storage, offset, size, stride)


def _size(sides: Any) -> tuple[Any, ...]:
    if not isinstance(sides, tuple) or len(sides) > MOST_DIMENSIONS:
        _damaged("size")
    return sides


def _is_natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def _damaged(what: str) -> NoReturn:
    raise ValueError(f"its pickle describes a {what} in a way that torch.save doesn't")
