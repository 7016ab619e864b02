"""How many packets each entry of a transfer is sent in, a byte an entry.

A file goes out in pieces of 32 KiB, each with the id of its entry. Trees have millions
of entries, and all but files of 8 MB and more need less than 255 packets: after a
folder, a small file and one of 20 MB, the bytes are 0, 2 and 255, and what stands for
255 is kept aside, by position.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

_ASIDE = 255
# Positions between two totals that are kept: 8 bytes for 64 entries, and whoever asks
# for a total, as advice does ten thousand times, adds up less than a block.
_BLOCK = 64


class Packets:
    """The packets of consecutive entries."""

    __slots__ = ("_aside", "_numbers")

    def __init__(self) -> None:
        self._numbers = bytearray()
        self._aside: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, position: int) -> int:
        number = self._numbers[position]
        return number if number < _ASIDE else self._aside[position]

    def __setitem__(self, position: int, number: int) -> None:
        self._aside.pop(position, None)
        if number >= _ASIDE:
            self._aside[position] = number
            number = _ASIDE
        self._numbers[position] = number

    def append(self, number: int) -> None:
        """Add the packets of one entry."""
        self._numbers.append(0)
        self[len(self._numbers) - 1] = number

    def extend(self, numbers: Sequence[int]) -> None:
        """Add the packets of some entries."""
        if numbers and max(numbers) < _ASIDE:
            self._numbers += bytes(numbers)
            return
        for number in numbers:
            self.append(number)

    def join(self, other: Packets) -> None:
        """Add those of the entries that come next."""
        offset = len(self._numbers)
        self._numbers += other._numbers
        for position, number in other._aside.items():
            self._aside[offset + position] = number

    def columns(self) -> tuple[bytes, tuple[int, ...]]:
        """A byte for each entry, and in order those that 255 stands for."""
        return bytes(self._numbers), tuple(
            self._aside[position] for position in sorted(self._aside)
        )

    def copy(self) -> Packets:
        """The same numbers, to be changed."""
        other = Packets()
        other.join(self)
        return other

    def sum(self, start: int, end: int) -> int:
        """All packets from a position up to another one."""
        numbers = self._numbers[start:end]
        total = sum(numbers)
        if not self._aside:
            return total
        at = numbers.find(_ASIDE)
        while at >= 0:
            total += self._aside[start + at] - _ASIDE
            at = numbers.find(_ASIDE, at + 1)
        return total


class RunningPackets:
    """Totals of the packets before each position, from 0 up to the end."""

    __slots__ = ("_packets", "_totals")

    def __init__(self, packets: Packets) -> None:
        self._packets = packets
        self._totals = array("Q", [0])
        for start in range(0, len(packets), _BLOCK):
            block = packets.sum(start, start + _BLOCK)
            self._totals.append(self._totals[-1] + block)

    def __len__(self) -> int:
        return len(self._packets) + 1

    def __getitem__(self, position: int) -> int:
        """The packets of all entries before `position`, which may be the end."""
        block, rest = divmod(position, _BLOCK)
        total = self._totals[block]
        if rest:
            total += self._packets.sum(position - rest, position)
        return total

    def between(self, start: int, end: int) -> int:
        """The packets of the entries from a position up to another one."""
        if end - start <= _BLOCK:
            return self._packets.sum(start, end)
        return self[end] - self[start]

    def columns(self) -> tuple[bytes, tuple[int, ...]]:
        """The packets of all entries, as `Packets.columns`."""
        return self._packets.columns()

    def at(self, position: int) -> int:
        """The packets of one entry."""
        return self._packets[position]
