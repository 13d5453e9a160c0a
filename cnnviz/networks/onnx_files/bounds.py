"""How much a protobuf message asks for, counted before it is parsed.

A field of two bytes becomes an object of hundreds, so 20 MB of them would take gigabytes. What is
counted here is the wire's own form (https://protobuf.dev/programming-guides/encoding/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MOST_BYTES = 20 * 1000 * 1000
"""2 million parameters take 8 MB, or 16 MB where each has eight bytes."""
MOST_FIELDS = 50_000
MOST_DEPTH = 12


class Descriptor(Protocol):
    """What protobuf says of a kind of message; its classes for that depend on how it was built."""

    @property
    def fields_by_number(self) -> Mapping[int, Any]: ...


_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def check(content: bytes, kind: Descriptor) -> None:
    """Raises ValueError for more than MOST_FIELDS fields, or what is no message of that `kind`."""
    _Counted(content).message(0, len(content), kind, MOST_DEPTH)


@dataclass
class _Counted:
    content: bytes
    fields: int = 0

    def message(self, start: int, end: int, kind: Descriptor, depth: int) -> None:
        if depth == 0:
            raise ValueError(f"it is nested more than {MOST_DEPTH} deep")
        at = start
        while at < end:
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise ValueError(f"it has more than {MOST_FIELDS:,} fields")
            tag, at = self._varint(at, end)
            length, wire = 0, tag & 7
            if wire == _VARINT:
                _, at = self._varint(at, end)
            elif wire == _LENGTH:
                length, at = self._varint(at, end)
            elif wire in (_FIXED64, _FIXED32):
                length = 8 if wire == _FIXED64 else 4
            else:
                raise ValueError("it is no ONNX file, or damaged")
            if length > end - at:
                raise ValueError("it is cut off, or damaged")
            field = kind.fields_by_number.get(tag >> 3)
            if wire == _LENGTH and field is not None and field.message_type is not None:
                self.message(at, at + length, field.message_type, depth - 1)
            at += length

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        """The number that begins at `at`, and where it ends."""
        value = 0
        for shift in range(0, 70, 7):
            if at >= end:
                raise ValueError("it is cut off, or damaged")
            byte = self.content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
        raise ValueError("it is no ONNX file, or damaged")
