"""What one entry weighs in the tar that the legacy client posts.

Rule: moby/go-archive, archive.go, and Go's archive/tar, writer.go: a USTAR header
where it suffices, a PAX header before it where it does not.
"""

from __future__ import annotations

from ctxopt.core.judging.entry import Entry, EntryKind, Weight

BLOCK_BYTES = 512
TRAILER_BYTES = 2 * BLOCK_BYTES

_NAME_BYTES = 100  # the name and the link name field of a header
_PREFIX_BYTES = 155  # the field that takes the leading folders of a long name
_OCTAL_12 = 8**11  # the first size or time that eleven octal digits cannot hold
PLAIN_PATH_BYTES = _NAME_BYTES
PLAIN_SIZE = _OCTAL_12
PLAIN_TIME_NS = _OCTAL_12 * 10**9
_DEVICE_LIMIT = 1 << 21
_CAPABILITY = "security.capability"
_CAPABILITY_V2_BYTES = 20  # a revision 3 capability is cut to revision 2


def blocks(size: int) -> int:
    """`size` rounded up to whole tar blocks."""
    return size + -size % BLOCK_BYTES


def weigh_plain(_path_bytes: int, _mode: int, size: int, _mtime_ns: int) -> Weight:
    """The tar bytes of a regular file with a short ASCII name and no attributes.

    Only for names up to 100 bytes, sizes and times that a header can hold.
    """
    return BLOCK_BYTES + size + -size % BLOCK_BYTES, 0, 0


def weigh_folder(_path_bytes: int, _mode: int, _mtime_ns: int) -> int:
    """The tar bytes of a folder whose name, with its slash, is short."""
    return BLOCK_BYTES


def weigh_name(
    _path_bytes: int, _mode: int, _size: int, _mtime_ns: int, first_name: str
) -> int:
    """The tar bytes of such a file whose inode was sent under another name."""
    if first_name.isascii() and len(first_name) <= _NAME_BYTES:
        return BLOCK_BYTES
    raw_link = first_name.encode("utf-8", "surrogateescape")
    record = record_bytes("linkpath", len(raw_link))
    return BLOCK_BYTES + blocks(record) + BLOCK_BYTES


def weigh(entry: Entry, first_name: str | None) -> Weight | None:
    """The tar bytes of any entry; None for one that no tar can hold (a socket).

    `first_name` is the archive name of the first occurrence of the same inode, None
    when this is it.
    """
    if entry.kind is EntryKind.SOCKET or _device_too_large(entry):
        return None
    name = entry.path + "/" if entry.kind is EntryKind.DIRECTORY else entry.path
    link = entry.target if first_name is None else first_name
    regular = entry.kind is EntryKind.REGULAR and first_name is None
    size = entry.size if regular else 0
    return _pax(entry, name, link, size) + BLOCK_BYTES + blocks(size), 0, 0


def _device_too_large(entry: Entry) -> bool:
    if entry.kind not in (EntryKind.BLOCK_DEVICE, EntryKind.CHARACTER_DEVICE):
        return False
    major, minor = device_numbers(entry.device)
    return major >= _DEVICE_LIMIT or minor >= _DEVICE_LIMIT


def device_numbers(device: int) -> tuple[int, int]:
    """Linux's split of st_rdev into major and minor."""
    major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    minor = device & 0xFF | device >> 12 & ~0xFF
    return major, minor & 0xFFFFFFFF


def _pax(entry: Entry, name: str, link: str, size: int) -> int:
    """Bytes of the PAX header and its data; 0 where no record is needed."""
    raw_name = name.encode("utf-8", "surrogateescape")
    raw_link = link.encode("utf-8", "surrogateescape")
    records = 0
    if not link.isascii() or len(raw_link) > _NAME_BYTES:
        records += record_bytes("linkpath", len(raw_link))
    if size >= _OCTAL_12:
        records += record_bytes("size", len(str(size)))
    seconds = entry.mtime_ns // 10**9
    if not 0 <= seconds < _OCTAL_12:
        records += record_bytes("mtime", len(str(seconds)))
    records += _capability_record(entry)
    long_name = len(raw_name) > _NAME_BYTES
    if not name.isascii() or (long_name and (records or not splittable(raw_name))):
        records += record_bytes("path", len(raw_name))
    return BLOCK_BYTES + blocks(records) if records else 0


def _capability_record(entry: Entry) -> int:
    for name, value in entry.attributes:
        if name == _CAPABILITY and value:
            length = (
                min(len(value), _CAPABILITY_V2_BYTES) if _is_v3(value) else len(value)
            )
            return record_bytes(f"SCHILY.xattr.{name}", length)
    return 0


def _is_v3(value: bytes) -> bool:
    return len(value) >= 4 and value[3] == 3


def record_bytes(key: str, value_bytes: int) -> int:
    """The length of one PAX record, which counts its own digits."""
    body = len(key) + value_bytes + 3
    size = body + len(str(body))
    if len(str(size)) != len(str(body)):
        size = body + len(str(size))
    return size


def splittable(name: bytes) -> bool:
    """Whether a long ASCII name fits USTAR's prefix and name fields."""
    length = len(name)
    if length > _PREFIX_BYTES + 1:
        limit = _PREFIX_BYTES + 1
    else:
        limit = length - 1 if name.endswith(b"/") else length
    cut = name.rfind(b"/", 0, limit)
    return 0 < cut <= _PREFIX_BYTES and 1 <= length - cut - 1 <= _NAME_BYTES


def printed(size: int) -> str:
    """A size as the legacy client prints it: `2.607kB`.

    Rule: docker/go-units, size.go, HumanSize: four significant digits, the unit
    chosen before rounding.
    """
    value = float(size)
    units = iter(("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"))
    unit = next(units)
    while value >= 1000:
        value /= 1000
        unit = next(units)
    return f"{value:.4g}{unit}"
