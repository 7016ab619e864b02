"""Sets of sources as bits of an integer."""

from __future__ import annotations


def bits(mask: int) -> tuple[int, ...]:
    """The indexes of the bits that are set, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return tuple(found)
