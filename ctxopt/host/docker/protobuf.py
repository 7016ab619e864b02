"""The few rules of protobuf's wire format that a progress message needs.

Rule: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_FIXED: Final = {_FIXED64: 8, _FIXED32: 4}
_VARINT_BYTES: Final = 10

Value = int | bytes


def read_fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Yield number and value of each field, numbers as int, all else as bytes.

    A number is int64: it may be negative. Raises ValueError for what is no message.
    """
    position = 0
    while position < len(message):
        tag, position = _read_varint(message, position)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == _VARINT:
            value, position = _read_varint(message, position)
            yield number, value - (1 << 64) if value >> 63 else value
            continue
        if wire_type == _LENGTH:
            length, position = _read_varint(message, position)
        elif wire_type in _FIXED:
            length = _FIXED[wire_type]
        else:
            raise ValueError(f"field {number} has the unknown wire type {wire_type}")
        end = position + length
        if end > len(message):
            raise ValueError(f"field {number} is cut off")
        yield number, message[position:end]
        position = end


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    """Return an unsigned number and the position after it."""
    value = 0
    for index, byte in enumerate(message[position : position + _VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value & (1 << 64) - 1, position + index + 1
    raise ValueError("a number is cut off")
