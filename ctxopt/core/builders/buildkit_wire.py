"""What one entry weighs on BuildKit's wire: protobuf packets, counted by the daemon.

Rule: tonistiigi/fsutil, send.go and types/*.proto; the receiver adds up the size of
every packet it gets, without gRPC framing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from operator import add

from ctxopt.core.judging.entry import Entry, EntryKind, Weight

CHUNK_BYTES = 32 * 1024  # fsutil copies a file through buffers of this size
FIN_BYTES = 2

# A varint holds seven bits a byte; index: bit length of the value.
_VARINT = [1] + [(bits + 6) // 7 for bits in range(1, 65)]
# A numeric field costs its tag byte too, and is left out when the value is 0.
_NUMBER = [0] + [1 + _VARINT[bits] for bits in range(1, 65)]
_NEGATIVE_NUMBER = 11  # int64 below zero: always ten bytes of varint

# Go's os.FileMode keeps the type in bits of its own, not in those of st_mode.
_GO_TYPE = {
    EntryKind.REGULAR: 0,
    EntryKind.DIRECTORY: 1 << 31,
    EntryKind.SYMLINK: 1 << 27,
    EntryKind.BLOCK_DEVICE: 1 << 26,
    EntryKind.CHARACTER_DEVICE: 1 << 26 | 1 << 21,
    EntryKind.FIFO: 1 << 25,
    EntryKind.SOCKET: 0,  # fsutil clears the bit: it travels as an empty regular file
}
_GO_SETUID, _GO_SETGID, _GO_STICKY = 1 << 23, 1 << 22, 1 << 20

# `2 + id + 1 + varint(CHUNK_BYTES) + CHUNK_BYTES` without the id.
_FULL_CHUNK = 2 + 1 + 3 + CHUNK_BYTES
_TERMINATOR = 2

# Where the id of a DATA packet grows: (first position, bytes it grows by). The id is
# the entry's position; 0 is left out, then tag and varint make two bytes, and so on.
ID_STEPS = ((1, 2), (1 << 7, 1), (1 << 14, 1), (1 << 21, 1), (1 << 28, 1))


def _mode_fields() -> list[int]:
    """The size of the mode field of a regular file, by its twelve permission bits."""
    fields = [_NUMBER[bits.bit_length()] for bits in range(0o1000)]
    for special in range(0o1000, 0o10000, 0o1000):
        # Those three bits stand above all others, which then do not count.
        fields += [_NUMBER[_go_mode(EntryKind.REGULAR, special).bit_length()]] * 0o1000
    return fields


def _go_mode(kind: EntryKind, permissions: int) -> int:
    """Go's os.FileMode for a kind and the lower twelve bits of st_mode."""
    mode = _GO_TYPE[kind] | permissions & 0o777
    if permissions & 0o4000:
        mode |= _GO_SETUID
    if permissions & 0o2000:
        mode |= _GO_SETGID
    if permissions & 0o1000:
        mode |= _GO_STICKY
    return mode


_REGULAR_MODE = _mode_fields()


def _prefixed(length: int) -> int:
    """Bytes of a length-prefixed field that holds `length` bytes."""
    return 1 + _VARINT[length.bit_length()] + length


def _prefixes(lengths: int) -> list[int]:
    """Bytes of tag and length of fields that hold 0, 1, 2 ... bytes, below 16 KiB."""
    return [2] * (1 << 7) + [3] * (lengths - (1 << 7))


PLAIN_PATH_BYTES = 4199  # beyond PATH_MAX; what `weigh_plain` has a table for
_PREFIXED: list[int] = [*map(add, _prefixes(PLAIN_PATH_BYTES + 1), count())]


def _time_field(mtime_ns: int) -> int:
    return _NUMBER[mtime_ns.bit_length()] if mtime_ns >= 0 else _NEGATIVE_NUMBER


def _plain_weigher() -> Callable[[int, int, int, int], Weight]:
    """`weigh_plain`, its tables at hand: it runs once for every file of the tree."""
    prefixed, mode_fields, numbers = _PREFIXED, _REGULAR_MODE, _NUMBER
    # Tag and length of the record itself; no plain one is longer than this table.
    frames = _prefixes(PLAIN_PATH_BYTES + 64)

    def weigh_plain(
        path_bytes: int, permissions: int, size: int, mtime_ns: int
    ) -> Weight:
        """Bytes and packets of a regular file with one name and no attributes.

        Returns (STAT bytes, DATA bytes without ids, DATA packets).
        """
        stat = (
            prefixed[path_bytes]
            + mode_fields[permissions]
            + numbers[size.bit_length()]
            + (numbers[mtime_ns.bit_length()] if mtime_ns >= 0 else _NEGATIVE_NUMBER)
        )
        stat += frames[stat]
        if 0 < size < CHUNK_BYTES:
            # One packet and the terminator; 3 + 2 bytes and the varint of the size.
            return stat, size + (6 if size < 128 else 7 if size < 16384 else 8), 2
        return (stat, *_data(size))

    return weigh_plain


def weigh_folder(path_bytes: int, _permissions: int, mtime_ns: int) -> int:
    """STAT bytes of a folder without attributes; what `weigh` says of it.

    A folder's size is not sent.
    """
    # Bit 31 of the mode stands for folders, whatever the permissions: five bytes.
    stat = _PREFIXED[path_bytes] + _FOLDER_MODE + _time_field(mtime_ns)
    return stat + 1 + _VARINT[stat.bit_length()]


def weigh_name(
    path_bytes: int, permissions: int, size: int, mtime_ns: int, first_name: str
) -> int:
    """STAT bytes of a plain file whose inode was sent under another name."""
    stat = (
        _PREFIXED[path_bytes]
        + _REGULAR_MODE[permissions]
        + _NUMBER[size.bit_length()]
        + _time_field(mtime_ns)
        + _prefixed(byte_length(first_name))
    )
    return stat + 1 + _VARINT[stat.bit_length()]


_FOLDER_MODE = _NUMBER[_go_mode(EntryKind.DIRECTORY, 0).bit_length()]


def weigh(entry: Entry, first_name: str | None) -> Weight:
    """Bytes and packets of any entry.

    `first_name` is the path of the first sent name of the same inode, None when this
    is it. Returns (STAT bytes, DATA bytes without ids, DATA packets).
    """
    link = entry.target if first_name is None else first_name
    stat = (
        _prefixed(byte_length(entry.path))
        + _NUMBER[_go_mode(entry.kind, entry.permissions).bit_length()]
        + (0 if entry.kind is EntryKind.DIRECTORY else _NUMBER[entry.size.bit_length()])
        + _time_field(entry.mtime_ns)
        + (_prefixed(byte_length(link)) if link else 0)
        + _device_fields(entry)
        + _attribute_fields(entry.attributes)
    )
    stat += 1 + _VARINT[stat.bit_length()]
    if first_name is not None or entry.kind not in _WITH_DATA:
        return stat, 0, 0
    size = entry.size if entry.readable and entry.kind is EntryKind.REGULAR else 0
    return (stat, *_data(size))


_WITH_DATA = frozenset({EntryKind.REGULAR, EntryKind.SOCKET})


def _data(size: int) -> tuple[int, int]:
    """Bytes without ids, and packets, of the DATA of `size` bytes."""
    full, rest = divmod(size, CHUNK_BYTES)
    tail = 3 + _VARINT[rest.bit_length()] + rest if rest else 0
    return full * _FULL_CHUNK + tail + _TERMINATOR, full + (1 if rest else 0) + 1


weigh_plain = _plain_weigher()


def _device_fields(entry: Entry) -> int:
    if entry.kind not in (EntryKind.BLOCK_DEVICE, EntryKind.CHARACTER_DEVICE):
        return 0
    # fsutil splits the device number by its own arithmetic, see stat_unix.go.
    major = entry.device >> 8 & 0xFFF
    minor = entry.device & 0xFF | entry.device >> 12 & 0xFFF00
    return _NUMBER[major.bit_length()] + _NUMBER[minor.bit_length()]


def _attribute_fields(attributes: Sequence[tuple[str, bytes]]) -> int:
    total = 0
    for name, value in attributes:
        if name.startswith("com.apple."):
            continue
        total += _prefixed(_prefixed(byte_length(name)) + _prefixed(len(value)))
    return total


def byte_length(text: str) -> int:
    """The length of `text` on the wire."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def printed(size: int) -> str:
    """A size as BuildKit's progress prints it: `26.62MB`.

    Rule: tonistiigi/units, bytes.go; the unit is chosen before rounding.
    """
    if size < 1000:
        return f"{size}B"
    power, unit = next(step for step in _UNITS if size >= step[0])
    return f"{size / power:.2f}{unit}"


_UNITS = (
    (10**18, "EB"),
    (10**15, "PB"),
    (10**12, "TB"),
    (10**9, "GB"),
    (10**6, "MB"),
    (10**3, "kB"),
)
