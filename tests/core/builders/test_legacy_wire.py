"""The legacy client's tar against tars that Python really writes.

Python chooses USTAR or PAX for a whole archive, Go for each entry: `really` chooses as
Go does, and leaves the bytes to `tarfile`.
"""

from __future__ import annotations

import os
import tarfile

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ctxopt.core.builders.legacy_wire import (
    BLOCK_BYTES,
    PLAIN_PATH_BYTES,
    PLAIN_SIZE,
    PLAIN_TIME_NS,
    blocks,
    device_numbers,
    printed,
    record_bytes,
    splittable,
    weigh,
    weigh_name,
    weigh_plain,
)
from ctxopt.core.judging.entry import Entry, EntryKind

SECOND = 10**9
EIGHT_GIB = 8 * 1024**3
TYPES = {
    EntryKind.REGULAR: tarfile.REGTYPE,
    EntryKind.DIRECTORY: tarfile.DIRTYPE,
    EntryKind.SYMLINK: tarfile.SYMTYPE,
    EntryKind.BLOCK_DEVICE: tarfile.BLKTYPE,
    EntryKind.CHARACTER_DEVICE: tarfile.CHRTYPE,
    EntryKind.FIFO: tarfile.FIFOTYPE,
}


def entry(
    path: str = "a.txt", kind: EntryKind = EntryKind.REGULAR, **more: object
) -> Entry:
    plain = Entry(path, kind, 0o644, 0, 1_600_000_000 * SECOND)
    return plain._replace(**more)  # type: ignore[arg-type]  # any field of Entry


def really(one: Entry, first_name: str | None = None) -> int:
    """The bytes of the entry's headers and data as `tarfile` writes them."""
    info = tarfile.TarInfo(one.path)
    info.type = TYPES[one.kind] if first_name is None else tarfile.LNKTYPE
    info.linkname = one.target if first_name is None else first_name
    info.mode = one.permissions
    info.mtime = one.mtime_ns // SECOND
    info.size = one.size if info.type == tarfile.REGTYPE else 0
    if info.type in (tarfile.BLKTYPE, tarfile.CHRTYPE):
        info.devmajor = os.major(one.device)
        info.devminor = os.minor(one.device)
    padded = info.size + -info.size % 512
    headers = as_ustar(info)
    if headers is None:
        headers = info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    return len(headers) + padded


def as_ustar(info: tarfile.TarInfo) -> bytes | None:
    """A header without PAX; None where it does not do."""
    try:
        header = info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")
    except ValueError:
        return None
    # Python cuts a folder's name even at its last slash, and then no name is left.
    return None if header.startswith(b"\0") else header


LONG = "d" * 60 + "/" + "e" * 60  # fits the prefix
UNCUT = "f" * 101


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(entry(), id="an empty file is its header"),
        pytest.param(entry(size=1), id="one byte takes a block"),
        pytest.param(entry(size=512), id="a full block"),
        pytest.param(entry(size=513), id="a byte more takes a second block"),
        pytest.param(entry("n" * 100), id="the longest short name"),
        pytest.param(entry(UNCUT), id="a name too long to be cut"),
        pytest.param(entry(LONG), id="a long name that the prefix takes"),
        pytest.param(entry("p" * 155 + "/" + "n" * 100), id="the longest split name"),
        pytest.param(entry("p" * 156 + "/n"), id="a prefix one byte too long"),
        pytest.param(entry("p/" + "n" * 101), id="a last component too long"),
        pytest.param(entry("a/" * 127 + "f"), id="many short folders"),
        pytest.param(
            entry("d" * 99, EntryKind.DIRECTORY), id="a folder of 100 with slash"
        ),
        pytest.param(
            entry("d" * 100, EntryKind.DIRECTORY), id="a folder of 101 with slash"
        ),
        pytest.param(
            entry("p" * 60 + "/" + "d" * 99, EntryKind.DIRECTORY),
            id="a folder that splits",
        ),
        pytest.param(
            entry("p" * 60 + "/" + "d" * 100, EntryKind.DIRECTORY),
            id="a folder whose slash is too much",
        ),
        pytest.param(entry("é"), id="a short name that is not ASCII"),
        pytest.param(entry("日本/" * 40), id="a long name that is not ASCII"),
        pytest.param(entry(size=EIGHT_GIB - 1), id="the largest size of a header"),
        pytest.param(entry(size=EIGHT_GIB), id="a size that needs a record"),
        pytest.param(entry(mtime_ns=0), id="the epoch"),
        pytest.param(entry(mtime_ns=-2 * SECOND), id="a time before 1970"),
        pytest.param(entry(mtime_ns=-1), id="a nanosecond before 1970 is a second"),
        pytest.param(
            entry(mtime_ns=EIGHT_GIB * SECOND - 1), id="the last time of a header"
        ),
        pytest.param(
            entry(mtime_ns=EIGHT_GIB * SECOND), id="a time that needs a record"
        ),
        pytest.param(
            entry(LONG, mtime_ns=-SECOND), id="a split name is repeated in a record"
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, size=100, target="t" * 100),
            id="a link of 100",
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, size=101, target="t" * 101),
            id="a link of 101",
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, target="p/" + "t" * 100),
            id="a link target is never split",
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, target="é"), id="a target that is not ASCII"
        ),
        pytest.param(
            entry(UNCUT, EntryKind.SYMLINK, target=UNCUT),
            id="a long name and a long target",
        ),
        pytest.param(
            entry(LONG, EntryKind.SYMLINK, target="t" * 101),
            id="a split name beside a long target",
        ),
        pytest.param(entry("p", EntryKind.FIFO), id="a pipe"),
        pytest.param(
            entry("c", EntryKind.CHARACTER_DEVICE, device=os.makedev(1, 3)),
            id="a device",
        ),
        pytest.param(
            entry("b", EntryKind.BLOCK_DEVICE, device=os.makedev(8, 1)), id="a disk"
        ),
    ],
)
def test_an_entry_weighs_what_tar_makes_of_it(one: Entry) -> None:
    assert weigh(one, None) == (really(one), 0, 0)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("a", id="a short first name"),
        pytest.param("f" * 101, id="a long first name"),
        pytest.param(LONG, id="a first name that would split as a name"),
        pytest.param("é", id="a first name that is not ASCII"),
    ],
)
def test_a_second_name_is_a_header_with_a_link(first: str) -> None:
    one = entry("b", size=5000, links=2)
    assert weigh(one, first) == (really(one, first), 0, 0)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(EntryKind.FIFO, id="a pipe"),
        pytest.param(EntryKind.SYMLINK, id="a link"),
    ],
)
def test_everything_but_a_folder_can_be_a_second_name(kind: EntryKind) -> None:
    one = entry("b", kind, target="x" * 150 if kind is EntryKind.SYMLINK else "")
    assert weigh(one, "a") == (512, 0, 0)


PARTS = st.text("abé", min_size=1, max_size=120)
PATHS = st.lists(PARTS, min_size=1, max_size=8).map("/".join)


@given(
    path=PATHS,
    kind=st.sampled_from(list(TYPES)),
    size=st.one_of(st.integers(0, 2000), st.integers(0, 2 * EIGHT_GIB)),
    seconds=st.integers(-(10**12), 10**12),
    target=PATHS,
    first=st.none() | PATHS,
)
def test_any_entry_weighs_what_tar_makes_of_it(
    *,
    path: str,
    kind: EntryKind,
    size: int,
    seconds: int,
    target: str,
    first: str | None,
) -> None:
    link = target if kind is EntryKind.SYMLINK else ""
    first = None if kind is EntryKind.DIRECTORY else first
    one = entry(path, kind, size=size, mtime_ns=seconds * SECOND, target=link)
    weight = weigh(one, first)
    assert weight is not None
    assert weight == (really(one, first), 0, 0)


FIRST_NAMES = ("a", "a" * 100, "a" * 101, "a/" * 300 + "b", "ä", "\udce4" * 99)


@given(
    name_bytes=st.integers(1, PLAIN_PATH_BYTES),
    permissions=st.integers(0, 0o7777),
    size=st.one_of(st.integers(0, 2000), st.integers(0, PLAIN_SIZE - 1)),
    mtime_ns=st.integers(0, PLAIN_TIME_NS - 1),
)
def test_the_short_way_agrees_with_the_long_one(
    name_bytes: int, permissions: int, size: int, mtime_ns: int
) -> None:
    plain = Entry("n" * name_bytes, EntryKind.REGULAR, permissions, size, mtime_ns)
    assert weigh_plain(name_bytes, permissions, size, mtime_ns) == weigh(plain, None)
    for first in FIRST_NAMES:
        stat_bytes = weigh_name(name_bytes, permissions, size, mtime_ns, first)
        assert (stat_bytes, 0, 0) == weigh(plain, first)


# --- what tarfile writes differently: by hand ------------------------------------


def record(key: str, value: bytes) -> bytes:
    """Go's formatPAXRecord, word for word."""
    size = len(key) + len(value) + 3
    size += len(str(size))
    made = b"%d %s=%s\n" % (size, key.encode(), value)
    if len(made) != size:
        made = b"%d %s=%s\n" % (len(made), key.encode(), value)
    return made


@given(key=st.sampled_from(["path", "mtime"]), length=st.integers(0, 12_000))
def test_a_record_counts_its_own_digits(key: str, length: int) -> None:
    made = record(key, b"x" * length)
    assert record_bytes(key, length) == len(made) == int(made.split(b" ")[0])


@pytest.mark.parametrize("size", range(85, 110))
def test_a_record_counts_its_own_digits_around_a_hundred(size: int) -> None:
    assert record_bytes("path", size) == len(record("path", b"x" * size))


@pytest.mark.parametrize(
    ("records", "extra"),
    [
        pytest.param([("path", b"\xff")], {"path": "\udcff"}, id="a name not UTF-8"),
        pytest.param(
            [("SCHILY.xattr.security.capability", b"\1\0\0\2" + b"c" * 16)],
            {"attributes": (("security.capability", b"\1\0\0\2" + b"c" * 16),)},
            id="a capability",
        ),
        pytest.param(
            [("SCHILY.xattr.security.capability", b"\1\0\0\2" + b"c" * 16)],
            {"attributes": (("security.capability", b"\1\0\0\3" + b"c" * 20),)},
            id="a capability of revision 3 loses its last four bytes",
        ),
        pytest.param(
            [
                ("SCHILY.xattr.security.capability", b"c" * 20),
                ("path", LONG.encode()),
            ],
            {"path": LONG, "attributes": (("security.capability", b"c" * 20),)},
            id="a capability brings a split name with it",
        ),
        pytest.param(
            [("path", "é".encode() * 240)], {"path": "é" * 240}, id="two data blocks"
        ),
    ],
)
def test_a_pax_header_comes_before_the_entry(
    records: list[tuple[str, bytes]], extra: dict[str, object]
) -> None:
    data = sum(len(record(key, value)) for key, value in records)
    assert weigh(entry(**extra), None) == (512 + blocks(data) + 512, 0, 0)  # type: ignore[arg-type]  # fields of Entry


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param((("user.note", b"x" * 100),), id="a note of the user"),
        pytest.param((("security.selinux", b"x" * 100),), id="a label of SELinux"),
        pytest.param((("security.capability", b""),), id="a capability of nothing"),
    ],
)
def test_other_attributes_stay_at_home(
    attributes: tuple[tuple[str, bytes], ...],
) -> None:
    assert weigh(entry(attributes=attributes), None) == (BLOCK_BYTES, 0, 0)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(entry("s", EntryKind.SOCKET), id="a socket"),
        pytest.param(
            entry("b", EntryKind.BLOCK_DEVICE, device=os.makedev(8, 1 << 21)),
            id="a minor of more than seven octal digits",
        ),
    ],
)
def test_no_tar_holds(one: Entry) -> None:
    assert weigh(one, None) is None


@given(st.integers(0, 0x7FFFFFFF), st.integers(0, 0x7FFFFFFF))
def test_a_device_number_falls_apart_as_linux_cuts_it(major: int, minor: int) -> None:
    assert device_numbers(os.makedev(major, minor)) == (major, minor)


@given(
    st.lists(st.sampled_from([1, 2, 49, 50, 51, 53, 54, 55, 98, 99, 100, 101])),
    st.sampled_from([tarfile.DIRTYPE, tarfile.REGTYPE]),
)
def test_a_name_is_split_where_python_splits_it(
    lengths: list[int], kind: bytes
) -> None:
    name = "/".join("n" * length for length in (*lengths, max(1, 101 - sum(lengths))))
    assume(len(name) > 100)
    info = tarfile.TarInfo(name)
    info.type = kind
    folder = kind == tarfile.DIRTYPE
    assert splittable(name.encode() + b"/" * folder) == (as_ustar(info) is not None)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (999, "999B"),
        (1000, "1kB"),
        (1024, "1.024kB"),
        (2000, "2kB"),
        (2607, "2.607kB"),
        (3072, "3.072kB"),
        (68_608, "68.61kB"),
        (999_949, "999.9kB"),
        (999_950, "1000kB"),
        (999_999, "1000kB"),
        (10**6, "1MB"),
        (26_623_000, "26.62MB"),
        (10**9, "1GB"),
        (10**12, "1TB"),
        (10**15, "1PB"),
        (10**18, "1EB"),
    ],
)
def test_a_size_is_printed_as_the_legacy_client_prints_it(size: int, text: str) -> None:
    assert printed(size) == text
