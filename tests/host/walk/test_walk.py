from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.builders import find_builder
from ctxopt.core.judging.entry import Entry, EntryKind
from ctxopt.core.judging.rows import row_entry
from ctxopt.core.model import BuilderName, Request
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.errors import ContextError
from ctxopt.host.walk.disk import PATH_BYTES
from ctxopt.host.walk.walk import SLICE, Walk
from ctxopt.pipeline.survey.job import NO_SOURCES, MeasureJob
from ctxopt.pipeline.survey.survey import survey
from tests.rights import as_nobody, deep_folder, is_root, public_folder
from tests.texttree import plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def walk(
    root: Path | str, *ignore: str, builder: BuilderName = BUILDKIT
) -> tuple[Walk, list[Entry]]:
    """Walk to the end: the walk itself, and all rows as entries in order."""
    made = begin(root, *ignore, builder=builder)
    return made, entries(made)


def begin(root: Path | str, *ignore: str, builder: BuilderName = BUILDKIT) -> Walk:
    kind = find_builder(builder)
    rules = kind.rules(Matcher(compile_patterns(ignore)), None, NO_SOURCES.root())
    return Walk(str(root), rules.root(), kind.reads_attribute)


def entries(made: Walk) -> list[Entry]:
    return [
        row_entry(batch.folder.prefix + row[0], row)
        for batch in made.batches()
        for row in batch.rows
    ]


def paths(found: list[Entry]) -> list[str]:
    return [
        f"{one.path}/" if one.kind is EntryKind.DIRECTORY else one.path for one in found
    ]


# --- order -----------------------------------------------------------------------


def test_a_folder_comes_before_its_content_and_that_before_its_neighbours(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "a.txt a-b a/b a/c/d a0 B .x")
    _, found = walk(tmp_path)
    assert paths(found) == [
        ".x",
        "B",
        "a/",
        "a/b",
        "a/c/",
        "a/c/d",
        "a-b",
        "a.txt",
        "a0",
    ]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([b"a", b"\xff", b"\xc3\xa9", b"z"], id="one is not UTF-8"),
        pytest.param([b"\xff", "😀".encode(), "\uffee".encode()], id="beyond the BMP"),
        pytest.param([b"\x80", b"\xc2\x80", b"\x7f"], id="a lone continuation byte"),
        pytest.param([b"a\n", b"a", b"a b", b"a\\"], id="odd but ASCII"),
    ],
)
def test_names_are_sorted_by_their_bytes(tmp_path: Path, names: list[bytes]) -> None:
    root = os.fsencode(tmp_path)
    for name in names:
        with open(os.path.join(root, name), "wb"):
            pass
    _, found = walk(tmp_path)
    assert [os.fsencode(one.path) for one in found] == sorted(names)


def test_a_large_folder_comes_in_order_with_its_subfolders(tmp_path: Path) -> None:
    expected = []
    for index in range(2 * SLICE + 200):
        name = f"n{index:05}"
        if index % 100 == 7 or index in (SLICE - 1, SLICE, 2 * SLICE):
            (tmp_path / name).mkdir()
            (tmp_path / name / "in").touch()
            expected += [f"{name}/", f"{name}/in"]
        else:
            (tmp_path / name).touch()
            expected.append(name)
    _, found = walk(tmp_path)
    assert paths(found) == expected


def test_each_folder_ends_with_one_last_batch(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c a/d e f/")
    ended = [batch.folder.path for batch in begin(tmp_path).batches() if batch.last]
    assert ended == ["a/b", "a", "f", ""]


def test_an_excluded_folder_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/b c/d")
    opened: list[object] = []
    real = os.open

    def note(path: object, *rest: object, **more: object) -> int:
        opened.append(path)
        return real(path, *rest, **more)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(os, "open", note)
    _, found = walk(tmp_path, "a")
    assert paths(found) == ["c/", "c/d"]
    assert "a" not in opened


# --- what may not be read --------------------------------------------------------


def test_an_unreadable_folder_is_named_and_the_walk_goes_on() -> None:
    with public_folder() as root:
        plant(root, "a/x b/y c")
        (root / "a").chmod(0)
        with as_nobody():
            made, found = walk(root)
        assert paths(found) == ["a/", "b/", "b/y", "c"]
        assert made.lost.unreadable == ["a"]
        assert made.lost.vanished == []


def test_an_excluded_unreadable_folder_is_no_matter() -> None:
    with public_folder() as root:
        plant(root, "a/x b")
        (root / "a").chmod(0)
        with as_nobody():
            made, found = walk(root, "a")
        assert (paths(found), made.lost.unreadable) == (["b"], [])


@pytest.mark.parametrize(
    ("mode", "readable"),
    [
        pytest.param(0o000, False, id="nobody may read it"),
        pytest.param(0o600, False, id="only its owner may"),
        pytest.param(0o604, True, id="all others may"),
        pytest.param(0o444, True, id="everybody may"),
    ],
)
@pytest.mark.skipif(not is_root(), reason="a file of somebody else takes root")
def test_a_file_knows_whether_it_can_be_read(*, mode: int, readable: bool) -> None:
    with public_folder() as root:
        plant(root, "f:10")
        (root / "f").chmod(mode)
        with as_nobody():
            _, (one,) = walk(root)
        assert one.readable == readable
        assert one.size == 10


def test_a_folder_without_search_permission_shows_no_entries() -> None:
    with public_folder() as root:
        plant(root, "a/x b")
        (root / "a").chmod(0o444)
        with as_nobody():
            _, found = walk(root)
        assert paths(found) == ["a/", "b"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda root: root.chmod(0), id="not readable"),
        pytest.param(lambda root: root.rmdir(), id="not there"),
        pytest.param(lambda root: (root.rmdir(), root.touch()), id="a file"),
    ],
)
def test_a_root_that_cannot_be_read_is_an_error(
    spoil: Callable[[Path], object],
) -> None:
    with public_folder() as folder:
        root = folder / "context"
        root.mkdir()
        spoil(root)
        with as_nobody(), pytest.raises(ContextError, match="cannot read the context"):
            walk(root)


# --- what changes while it is read -----------------------------------------------


def spoil_open(
    monkeypatch: pytest.MonkeyPatch, name: str, spoil: Callable[[], object]
) -> None:
    """Do something just before the folder `name` is opened for the first time."""
    real = os.open
    pending = [spoil]

    def opening(path: object, *rest: object, **more: object) -> int:
        if path == name and pending:
            pending.pop()()
        return real(path, *rest, **more)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(os, "open", opening)


def test_a_folder_that_vanishes_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/ b/c d")
    spoil_open(monkeypatch, "a", (tmp_path / "a").rmdir)
    made, found = walk(tmp_path)
    assert paths(found) == ["a/", "b/", "b/c", "d"]
    assert (made.lost.vanished, made.lost.unreadable) == (["a"], [])


def test_a_file_that_vanishes_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a b c")
    real = os.lstat

    def look(name: str, **more: int) -> os.stat_result:
        if name == "b":
            (tmp_path / "b").unlink()
        return real(name, **more)

    monkeypatch.setattr(os, "lstat", look)
    made, found = walk(tmp_path)
    assert paths(found) == ["a", "c"]
    assert made.lost.vanished == []


def test_a_link_swapped_in_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "elsewhere", "secret")
    root = plant(tmp_path / "root", "a/ b")

    def swap() -> None:
        (root / "a").rmdir()
        (root / "a").symlink_to("../elsewhere")

    spoil_open(monkeypatch, "a", swap)
    made, found = walk(root)
    assert paths(found) == ["a/", "b"]
    assert made.lost.vanished == ["a"]


def test_a_large_folder_may_vanish_between_its_slices(tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.mkdir()
    (big / "a").mkdir()  # its batch comes out before the next slice is looked at
    for index in range(SLICE + 50):
        (big / f"n{index:05}").touch()
    made = begin(tmp_path)
    found = 0
    for batch in made.batches():
        found += len(batch.rows)
        if batch.folder.path == "big/a":
            shutil.rmtree(big)
    assert found == 2 + SLICE - 1
    assert made.lost.vanished == ["big"]


# --- depth and length ------------------------------------------------------------


def test_deeper_than_python_calls_itself() -> None:
    with deep_folder(1100) as root:
        made, found = walk(root)
        assert len(found) == 1101
        assert found[-1].path == "d/" * 1100 + "f"
        assert found[-1].size == 10
        assert (made.lost.unreadable, made.lost.vanished) == ([], [])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("d" * 100, id="ASCII"),
        pytest.param("日" * 80, id="three bytes a character"),
        pytest.param("😀" * 60, id="four bytes a character"),
    ],
)
def test_paths_that_no_system_call_takes_are_walked_and_named(name: str) -> None:
    with deep_folder(60, name) as root:
        made, found = walk(root)
        assert len(found) == 61
        assert found[-1].size == 10
        (long,) = made.lost.too_long
        absolute = len(os.fsencode(f"{root}/{long}"))
        assert absolute > PATH_BYTES
        assert len(os.fsencode(os.path.dirname(f"{root}/{long}"))) <= PATH_BYTES


def test_the_longest_path_that_a_system_call_takes_is_no_problem() -> None:
    with public_folder() as root:
        room = PATH_BYTES - len(str(root))
        path = str(root)
        while room > 200:
            path += "/" + "d" * 99
            os.mkdir(path)
            room -= 100
        exact = f"{path}/{'f' * (room - 1)}"
        with open(exact, "wb"):
            pass
        assert len(exact) == PATH_BYTES
        made, found = walk(root)
        assert found[-1].path == exact.removeprefix(f"{root}/")
        assert made.lost.too_long == []


# --- kinds -----------------------------------------------------------------------


def test_every_kind_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "dir/ file:3 link->file")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        _, found = walk(tmp_path)
    assert [(one.path, one.kind) for one in found] == [
        ("dir", EntryKind.DIRECTORY),
        ("file", EntryKind.REGULAR),
        ("link", EntryKind.SYMLINK),
        ("pipe", EntryKind.FIFO),
        ("socket", EntryKind.SOCKET),
    ]
    assert found[2].target == "file"


@pytest.mark.skipif(not is_root(), reason="only root makes devices")
def test_a_device_carries_its_number(tmp_path: Path) -> None:
    os.mknod(tmp_path / "null", 0o20644, os.makedev(1, 3))
    os.mknod(tmp_path / "disk", 0o60644, os.makedev(8, 17))
    _, found = walk(tmp_path)
    assert [(one.path, one.kind, one.device) for one in found] == [
        ("disk", EntryKind.BLOCK_DEVICE, os.makedev(8, 17)),
        ("null", EntryKind.CHARACTER_DEVICE, os.makedev(1, 3)),
    ]


def test_a_link_keeps_its_text_byte_for_byte(tmp_path: Path) -> None:
    os.symlink(b"../\xff/./x", os.fsencode(tmp_path) + b"/l")
    _, (one,) = walk(tmp_path)
    assert one.target == "../\udcff/./x"


def test_what_the_wire_needs_of_the_stat_is_kept(tmp_path: Path) -> None:
    plant(tmp_path, "f:7")
    os.link(tmp_path / "f", tmp_path / "g")
    os.chmod(tmp_path / "f", 0o4751)
    os.utime(tmp_path / "f", ns=(1, 123_456_789_987_654_321))
    _, (one, other) = walk(tmp_path)
    inode = os.stat(tmp_path / "f").st_ino
    assert one == Entry(
        "f", EntryKind.REGULAR, 0o4751, 7, 123_456_789_987_654_321, links=2, inode=inode
    )
    assert (other.path, other.inode) == ("g", inode)


# --- attributes ------------------------------------------------------------------


@pytest.fixture
def attributed(tmp_path: Path) -> Path:
    """A tree with attributes on a file and a folder."""
    plant(tmp_path, "d/f e")
    try:
        os.setxattr(tmp_path / "d", "user.kind", b"folder")
        os.setxattr(tmp_path / "d/f", "user.empty", b"")
        os.setxattr(tmp_path / "d/f", "user.note", b"\0\xff")
    except (OSError, AttributeError) as error:
        pytest.skip(f"no extended attributes here: {error}")
    return tmp_path


def test_buildkit_reads_all_attributes(attributed: Path) -> None:
    _, found = walk(attributed)
    own = {
        one.path: {k: v for k, v in one.attributes if k.startswith("user.")}
        for one in found
    }
    assert own == {
        "d": {"user.kind": b"folder"},
        "d/f": {"user.empty": b"", "user.note": b"\0\xff"},
        "e": {},
    }


def test_the_legacy_client_reads_only_capabilities(attributed: Path) -> None:
    _, found = walk(attributed, builder=LEGACY)
    assert [one.attributes for one in found] == [(), (), ()]


def test_attributes_are_read_beyond_the_longest_path() -> None:
    with deep_folder(50, "d" * 100) as root:
        fd = os.open(root, os.O_RDONLY)
        for _ in range(50):
            below = os.open("d" * 100, os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = below
        try:
            os.setxattr(f"/proc/self/fd/{fd}/f", "user.a", b"1")
        except OSError as error:
            pytest.skip(f"no extended attributes here: {error}")
        finally:
            os.close(fd)
        _, found = walk(root)
        assert dict(found[-1].attributes)["user.a"] == b"1"


def test_an_attribute_that_cannot_be_read_is_left_out(
    attributed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.getxattr

    def read(path: str, name: str, **more: bool) -> bytes:
        if name == "user.note":
            raise PermissionError
        return real(path, name, **more)

    monkeypatch.setattr(os, "getxattr", read)
    _, found = walk(attributed)
    names = [name for name, _ in found[1].attributes if name.startswith("user.")]
    assert names == ["user.empty"]


def test_a_file_system_without_attributes_is_asked_for_one_entry_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a b c d/e")
    asked = []

    def refuse(path: str, **more: bool) -> list[str]:
        asked.append(path)
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", refuse)
    _, found = walk(tmp_path)
    assert len(found) == 5
    assert {os.path.basename(path) for path in asked} == {"a"}


# --- hard links ------------------------------------------------------------------

CONTENT = 40_000


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """Three names of one file; the Dockerfile and the ignore file come later."""
    root = plant(tmp_path / "context", f"a/one:{CONTENT} b/ c/")
    os.link(root / "a/one", root / "b/two")
    os.link(root / "a/one", root / "c/three")
    return root


def listed(root: Path, dockerfile: str, *ignore: str) -> dict[str, tuple[int, int]]:
    """Path to (wire bytes, file bytes) of what a BuildKit build sends."""
    (root.parent / "Dockerfile").write_text(f"FROM scratch\n{dockerfile}\n")
    (root.parent / "Dockerfile.dockerignore").write_text("\n".join(ignore))
    request = Request(str(root), str(root.parent / "Dockerfile"))
    report = pipeline.analyze(request)
    lines = list(pipeline.listing(request))
    assert report.transfer.tally.file_bytes == CONTENT
    assert report.transfer.tally.wire_bytes == 2 + sum(one.wire_bytes for one in lines)
    return {
        one.path: (one.wire_bytes, one.file_bytes) for one in lines if not one.directory
    }


def test_the_first_name_carries_the_content(linked: Path) -> None:
    found = listed(linked, "COPY . /")
    assert [size for _, size in found.values()] == [CONTENT, 0, 0]
    assert found["a/one"][0] > CONTENT
    assert max(found["b/two"][0], found["c/three"][0]) < 100


@pytest.mark.parametrize(
    ("dockerfile", "ignore", "first"),
    [
        pytest.param("COPY . /", ["a"], "b/two", id="the first name is excluded"),
        pytest.param("COPY . /", ["*", "!c"], "c/three", id="only the last comes back"),
        pytest.param("COPY b c /", [], "b/two", id="the first name is not asked for"),
        pytest.param("COPY c /\nCOPY b /", [], "b/two", id="the walk's order decides"),
    ],
)
def test_the_first_name_that_is_sent_carries_the_content(
    linked: Path, dockerfile: str, ignore: list[str], first: str
) -> None:
    found = listed(linked, dockerfile, *ignore)
    assert {path for path, (_, size) in found.items() if size} == {first}


def test_each_source_counts_a_file_of_several_names_once(linked: Path) -> None:
    (linked.parent / "Dockerfile").write_text(
        "FROM scratch\nCOPY a b /x/\nCOPY c /y/\nCOPY . /z/\n"
    )
    request = Request(str(linked), str(linked.parent / "Dockerfile"))
    report = pipeline.analyze(request)
    assert [use.file_bytes for use in report.sources] == [CONTENT] * 4
    assert [use.entries for use in report.sources] == [2, 2, 2, 6]
    assert (report.used.files, report.used.file_bytes) == (3, CONTENT)
    assert (report.unused.files, report.unused.file_bytes) == (0, 0)


# --- descriptors -----------------------------------------------------------------


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


needs_proc = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="counts descriptors in /proc"
)


@needs_proc
def test_few_files_are_open_however_deep_the_walk() -> None:
    with deep_folder(600) as root:
        before = open_files()
        during = [open_files() for _ in begin(root).batches()]
        assert max(during) <= before + 1
        assert open_files() == before


@needs_proc
def test_a_walk_left_in_the_middle_closes_its_files(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c d/e")
    before = open_files()
    batches = begin(tmp_path).batches()
    next(batches)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # a generator, which its type hides
    assert open_files() == before


@needs_proc
def test_a_walk_that_fails_closes_its_files(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c d/e")
    before = open_files()
    with pytest.raises(PatternError):
        walk(tmp_path, "a/b/[z-a]")
    with pytest.raises(ContextError):
        walk(tmp_path / "no")
    assert open_files() == before


@needs_proc
def test_a_root_that_may_be_opened_but_not_read_is_closed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    before = open_files()
    with monkeypatch.context() as patched:
        patched.setattr(os, "listdir", refuse)
        with pytest.raises(ContextError):
            walk(tmp_path)
    assert open_files() == before


# --- survey ----------------------------------------------------------------------


def test_progress_tells_entries_and_bytes_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctxopt.pipeline.survey.survey.PROGRESS_ENTRIES", 10)
    for folder in ("a", "b", "c"):
        plant(tmp_path / folder, " ".join(f"{index}:1" for index in range(20)))
    told: list[tuple[int, int]] = []
    question = MeasureJob(str(tmp_path), find_builder(BUILDKIT))
    survey(question, lambda entries, size: told.append((entries, size)), workers=1)
    assert len(told) >= 3
    assert told == sorted(told)
    assert told[-1] == (63, 60)
