"""BuildKit's wire against protobuf packets that are really encoded here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt import pipeline
from ctxopt.core.builders.buildkit import WIRE
from ctxopt.core.builders.buildkit_wire import (
    PLAIN_PATH_BYTES,
    printed,
    weigh,
    weigh_name,
    weigh_plain,
)
from ctxopt.core.judging.entry import Entry, EntryKind
from ctxopt.core.model import Request
from tests.texttree import date

STAT, DATA, FIN = 0, 2, 3
CHUNK = 32 * 1024
NOW_NS = 1_700_000_000_123_456_789


@lru_cache(maxsize=1 << 15)
def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def number(tag: int, value: int) -> bytes:
    return varint(tag << 3) + varint(value) if value else b""


def blob(tag: int, content: bytes, *, always: bool = False) -> bytes:
    if not content and not always:
        return b""
    return varint(tag << 3 | 2) + varint(len(content)) + content


def packet(kind: int, *, stat: bytes = b"", id_: int = 0, data: bytes = b"") -> bytes:
    return number(1, kind) + blob(2, stat) + number(3, id_) + blob(4, data)


GO_TYPE = {
    EntryKind.REGULAR: 0,
    EntryKind.DIRECTORY: 0x80000000,
    EntryKind.SYMLINK: 0x08000000,
    EntryKind.BLOCK_DEVICE: 0x04000000,
    EntryKind.CHARACTER_DEVICE: 0x04200000,
    EntryKind.FIFO: 0x02000000,
    EntryKind.SOCKET: 0,
}


def stat_packet(entry: Entry, first_name: str | None = None) -> bytes:
    mode = GO_TYPE[entry.kind] | entry.permissions & 0o777
    mode |= 0x00800000 if entry.permissions & 0o4000 else 0
    mode |= 0x00400000 if entry.permissions & 0o2000 else 0
    mode |= 0x00100000 if entry.permissions & 0o1000 else 0
    device = entry.kind in (EntryKind.BLOCK_DEVICE, EntryKind.CHARACTER_DEVICE)
    fields = [
        blob(1, os.fsencode(entry.path)),
        number(2, mode),
        number(5, 0 if entry.kind is EntryKind.DIRECTORY else entry.size),
        number(6, entry.mtime_ns),
        blob(7, os.fsencode(first_name or entry.target)),
        number(8, os.major(entry.device)) if device else b"",
        number(9, os.minor(entry.device)) if device else b"",
    ]
    for name, value in entry.attributes:
        pair = blob(1, os.fsencode(name), always=True) + blob(2, value, always=True)
        fields.append(blob(10, pair))
    return packet(STAT, stat=b"".join(fields))


def data_packets(content_bytes: int, id_: int) -> list[bytes]:
    sizes = [CHUNK] * (content_bytes // CHUNK)
    sizes += [content_bytes % CHUNK] if content_bytes % CHUNK else []
    return [packet(DATA, id_=id_, data=b"x" * size) for size in (*sizes, 0)]


@dataclass
class Sent:
    """A whole transfer, packet by packet."""

    packets: list[bytes] = field(default_factory=list)
    position: int = 0

    def add(self, entry: Entry, first_name: str | None = None) -> None:
        self.packets.append(stat_packet(entry, first_name))
        if entry.kind in (EntryKind.REGULAR, EntryKind.SOCKET) and first_name is None:
            readable = entry.readable and entry.kind is EntryKind.REGULAR
            self.packets += data_packets(entry.size if readable else 0, self.position)
        self.position += 1

    @property
    def size(self) -> int:
        return sum(map(len, self.packets)) + len(packet(FIN))


def entry(
    path: str = "a.txt", kind: EntryKind = EntryKind.REGULAR, **more: object
) -> Entry:
    plain = Entry(path, kind, 0o644, 0, NOW_NS)
    return plain._replace(**more)  # type: ignore[arg-type]  # any field of Entry


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(entry(), id="an empty file"),
        pytest.param(entry(size=1), id="a file of one byte"),
        pytest.param(entry(size=127), id="the last size of one varint byte"),
        pytest.param(entry(size=128), id="the first size of two varint bytes"),
        pytest.param(entry(size=CHUNK - 1), id="a byte less than a chunk"),
        pytest.param(entry(size=CHUNK), id="exactly one chunk"),
        pytest.param(entry(size=CHUNK + 1), id="a byte more than a chunk"),
        pytest.param(entry(size=3 * CHUNK), id="three whole chunks"),
        pytest.param(entry(size=7, readable=False), id="an unreadable file"),
        pytest.param(entry("n" * 127), id="the longest name with a short length"),
        pytest.param(entry("n" * 128), id="a name whose length takes two bytes"),
        pytest.param(entry("d/" * 2000 + "f"), id="a very long path"),
        pytest.param(entry("é/日本"), id="a name that is not ASCII"),
        pytest.param(entry("a\udcff"), id="a name that is not UTF-8"),
        pytest.param(entry(mtime_ns=0), id="the epoch itself is left out"),
        pytest.param(entry(mtime_ns=-1), id="a time before 1970 takes ten bytes"),
        pytest.param(entry(mtime_ns=127), id="a very early time"),
        pytest.param(entry(mtime_ns=(1 << 63) - 1), id="the last time there is"),
        pytest.param(entry(permissions=0), id="no permissions, so no mode"),
        pytest.param(entry(permissions=0o177), id="a mode of one byte"),
        pytest.param(entry(permissions=0o1000), id="only the sticky bit"),
        pytest.param(entry(permissions=0o2755), id="setgid"),
        pytest.param(entry(permissions=0o4755), id="setuid"),
        pytest.param(
            entry("d", EntryKind.DIRECTORY, size=4096), id="a folder has no size"
        ),
        pytest.param(
            entry("d", EntryKind.DIRECTORY, permissions=0o1777), id="a sticky folder"
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, permissions=0o777, size=3, target="../x"),
            id="a link with its target",
        ),
        pytest.param(
            entry("l", EntryKind.SYMLINK, size=2, target="\udce9\udce8"),
            id="a link whose target is not UTF-8",
        ),
        pytest.param(entry("p", EntryKind.FIFO), id="a pipe has neither size nor data"),
        pytest.param(
            entry("s", EntryKind.SOCKET), id="a socket looks like an empty file"
        ),
        pytest.param(
            entry("c", EntryKind.CHARACTER_DEVICE, device=os.makedev(1, 3)),
            id="a character device",
        ),
        pytest.param(
            entry("b", EntryKind.BLOCK_DEVICE, device=os.makedev(259, 0)),
            id="a block device with minor 0",
        ),
        pytest.param(
            entry("b", EntryKind.BLOCK_DEVICE, device=os.makedev(8, 70_000)),
            id="a device with a large minor",
        ),
        pytest.param(
            entry(attributes=(("user.a", b"1"), ("user.empty", b""))),
            id="attributes, one without a value",
        ),
        pytest.param(
            entry(
                "l", EntryKind.SYMLINK, target="x", attributes=(("user.b", b"x" * 200),)
            ),
            id="a long attribute of a link",
        ),
    ],
)
def test_an_entry_weighs_what_its_packets_weigh(one: Entry) -> None:
    stat_bytes, data_bytes, packets = weigh(one, None)
    data: list[bytes] = []
    if one.kind in (EntryKind.REGULAR, EntryKind.SOCKET):
        size = one.size if one.readable and one.kind is EntryKind.REGULAR else 0
        data = data_packets(size, 0)
    assert stat_bytes == len(stat_packet(one))
    assert data_bytes == sum(map(len, data))
    assert packets == len(data)


def test_a_second_name_carries_its_size_and_the_first_name_but_no_data() -> None:
    one = entry("b", size=CHUNK * 2, links=2, inode=7)
    assert weigh(one, "dir/first") == (len(stat_packet(one, "dir/first")), 0, 0)


def test_attributes_of_apple_stay_at_home() -> None:
    marked = entry(attributes=(("com.apple.quarantine", b"0083"), ("user.a", b"1")))
    assert weigh(marked, None) == weigh(entry(attributes=(("user.a", b"1"),)), None)


FIRST_NAMES = ("a", "a" * 100, "a" * 101, "a/" * 300 + "b", "ä", "\udce4" * 99)


@given(
    name_bytes=st.integers(1, PLAIN_PATH_BYTES),
    permissions=st.integers(0, 0o7777),
    size=st.one_of(st.integers(0, 5 * CHUNK), st.integers(0, (1 << 62) - 1)),
    mtime_ns=st.integers(-(1 << 63), (1 << 63) - 1),
)
def test_the_short_way_agrees_with_the_long_one(
    name_bytes: int, permissions: int, size: int, mtime_ns: int
) -> None:
    plain = Entry("n" * name_bytes, EntryKind.REGULAR, permissions, size, mtime_ns)
    assert weigh_plain(name_bytes, permissions, size, mtime_ns) == weigh(plain, None)
    for first in FIRST_NAMES:
        stat_bytes = weigh_name(name_bytes, permissions, size, mtime_ns, first)
        assert (stat_bytes, 0, 0) == weigh(plain, first)


# A few characters, again and again: short of a length of two bytes, and beyond.
PATHS = st.builds(
    lambda text, times: (text * times)[:200],
    st.text(
        st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=6
    ),
    st.integers(1, 60),
)


@given(
    path=PATHS,
    target=PATHS,
    kind=st.sampled_from(list(EntryKind)),
    permissions=st.integers(0, 0o7777),
    size=st.integers(0, 4 * CHUNK),
    mtime_ns=st.integers(-(1 << 63), (1 << 63) - 1),
    first=st.none() | PATHS,
)
def test_any_entry_weighs_what_its_packets_weigh(
    *,
    path: str,
    target: str,
    kind: EntryKind,
    permissions: int,
    size: int,
    mtime_ns: int,
    first: str | None,
) -> None:
    link = target if kind is EntryKind.SYMLINK else ""
    first = None if kind in (EntryKind.SYMLINK, EntryKind.DIRECTORY) else first
    one = Entry(path, kind, permissions, size, mtime_ns, target=link)
    weight = weigh(one, first)
    assert weight[0] == len(stat_packet(one, first))
    if kind is EntryKind.REGULAR and first is None:
        assert weight[1] == sum(map(len, data_packets(size, 0)))
    elif kind is not EntryKind.SOCKET:
        assert weight[1:] == (0, 0)


def disk_entry(root: Path, path: str) -> Entry:
    status = (root / path).lstat()
    kind = EntryKind(status.st_mode & 0o170000)
    mode = status.st_mode & 0o7777
    return Entry(path, kind, mode, status.st_size, status.st_mtime_ns)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than 16,384 entries, a few with data on both sides of each step."""
    root = tmp_path_factory.mktemp("crowded")
    for start in range(0, 16_400, 4100):
        folder = root / f"d{start:05}"
        folder.mkdir()
        for index in range(start, start + 4100):
            with open(folder / f"{index:05}", "wb") as file:
                if index % 128 in (0, 1, 124, 125, 126, 127):
                    file.write(b"x" * (index % 300))
    (root / "z").write_bytes(b"x" * (2 * CHUNK + 5))
    date(root)
    return root


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(1, id="the very first entry has no id"),
        pytest.param(2, id="the second has one of a byte"),
        pytest.param(128, id="the last short id"),
        pytest.param(129, id="the first id of two bytes"),
        pytest.param(130, id="just beyond it"),
        pytest.param(1000, id="well beyond it"),
    ],
)
def test_ids_grow_with_the_position(tmp_path: Path, count: int) -> None:
    context = tmp_path / "context"
    context.mkdir()
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM scratch\nCOPY . /\n")
    expected = Sent()
    for index in range(count):
        (context / f"{index:04}").write_bytes(b"x" * (index % 3))
    date(context)
    for index in range(count):
        expected.add(disk_entry(context, f"{index:04}"))
    report = pipeline.analyze(Request(str(context), str(dockerfile)))
    assert report.transfer.tally.wire_bytes == expected.size


@pytest.mark.deep
def test_ids_grow_again_at_16384(crowded: Path, tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM scratch\nCOPY . /\n")
    expected = Sent()
    for folder in sorted(crowded.iterdir()):
        expected.add(disk_entry(crowded, folder.name))
        if folder.is_dir():
            for name in sorted(os.listdir(folder)):
                expected.add(disk_entry(crowded, f"{folder.name}/{name}"))
    report = pipeline.analyze(Request(str(crowded), str(dockerfile)))
    assert report.transfer.tally.entries == expected.position == 16_405
    assert report.transfer.tally.wire_bytes == expected.size
    again = sum(len(one) for one in expected.packets if one[:1] == b"\x12")
    assert report.transfer.repeat_wire_bytes == again + len(packet(FIN))


@pytest.mark.parametrize(
    ("first", "growth"),
    [
        pytest.param(position, growth, id=f"from position {position} on")
        for position, growth in WIRE.id_steps
    ],
)
def test_the_steps_are_where_the_encoded_id_grows(first: int, growth: int) -> None:
    before = len(packet(DATA, id_=first - 1))
    assert len(packet(DATA, id_=first)) - before == growth


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (2, "2B"),
        (999, "999B"),
        (1000, "1.00kB"),
        (136_342, "136.34kB"),
        (999_994, "999.99kB"),
        (999_999, "1000.00kB"),
        (10**6, "1.00MB"),
        (26_620_000, "26.62MB"),
        (999_999_999, "1000.00MB"),
        (10**9, "1.00GB"),
        (10**12, "1.00TB"),
        (10**15, "1.00PB"),
        (10**18, "1.00EB"),
    ],
)
def test_a_size_is_printed_as_buildkit_prints_it(size: int, text: str) -> None:
    assert printed(size) == text
