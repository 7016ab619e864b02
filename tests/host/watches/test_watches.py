"""What the system says about followed folders, however it says it."""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from ctxopt.host.watches import polled, polling, reasons
from ctxopt.host.watches import watches as module
from ctxopt.host.watches.inotify import Inotify
from ctxopt.host.watches.mounts import Mounts
from ctxopt.host.watches.notice import OVERFLOW, FsEvent
from ctxopt.host.watches.watches import ABOVE, Source, Watches
from tests.rights import as_nobody, deep_folder, is_root, public_folder

PATIENCE = 60.0  # seconds until something that is sure to come has not come
QUEUE = "/proc/sys/fs/inotify/max_queued_events"
LIMIT_TEXT = "the system gives this user no more inotify watches"


def has_inotify() -> bool:
    """Whether the system gives an instance: others may hold all that it has."""
    try:
        kernel = Inotify.open()
    except OSError:
        return False
    if kernel is not None:
        os.close(kernel.fd)
    return kernel is not None


needs_inotify = pytest.mark.skipif(
    not has_inotify(), reason="there is no inotify here, or no instance is free"
)
# Whatever way the notices take, they say the same.
WAYS = [
    pytest.param("inotify", id="inotify", marks=needs_inotify),
    pytest.param("polling", id="polling"),
]


def entry(folder: str, name: str, *, is_folder: bool = False) -> FsEvent:
    return FsEvent(folder, name, is_folder, "entry")


def gone(folder: str) -> FsEvent:
    return FsEvent(folder, "", is_folder=True, kind="gone")


def heard(watches: Watches, *expected: FsEvent) -> set[FsEvent]:
    """All that is told until the expected notices have come."""
    found: set[FsEvent] = set()
    end = time.monotonic() + PATIENCE
    while not found.issuperset(expected):
        assert time.monotonic() < end, (expected, found)
        found.update(watches.wait(max(end - time.monotonic(), 0)))
    return found


def told(watches: Watches, *expected: FsEvent) -> None:
    """Exactly the expected notices come, before one that comes afterwards."""
    found = heard(watches, *expected)
    watches.follow("no such folder")
    found |= heard(watches, gone("no such folder"))
    assert found - {gone("no such folder")} == set(expected)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "context"
    path.mkdir()
    return path


@pytest.fixture
def watches(root: Path) -> Iterator[Watches]:
    with Watches(str(root), poll_seconds=0.01) as made:
        yield made


@pytest.fixture(params=WAYS)
def any_watches(root: Path, request: pytest.FixtureRequest) -> Iterator[Watches]:
    source: Source = request.param
    with Watches(str(root), poll_seconds=0.01, source=source) as made:
        yield made


def create(root: Path) -> None:
    (root / "new").write_text("x")


def make_folder(root: Path) -> None:
    (root / "new").mkdir()


def link(root: Path) -> None:
    (root / "new").symlink_to("nowhere")


def modify(root: Path) -> None:
    (root / "old").write_text("longer")


def change_mode(root: Path) -> None:
    (root / "old").chmod(0o600)


def touch(root: Path) -> None:
    os.utime(root / "old", (1, 1))


def delete(root: Path) -> None:
    (root / "old").unlink()


def move_in(root: Path) -> None:
    (root.parent / "outside").write_text("x")
    (root.parent / "outside").rename(root / "new")


def move_out(root: Path) -> None:
    (root / "old").rename(root.parent / "outside")


def replace(root: Path) -> None:
    (root.parent / "outside").write_text("x")
    (root.parent / "outside").replace(root / "old")


def change_folder(root: Path) -> None:
    (root / "below").chmod(0o700)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(create, entry("", "new"), id="a file is created"),
        pytest.param(
            make_folder, entry("", "new", is_folder=True), id="a folder is created"
        ),
        pytest.param(link, entry("", "new"), id="a link is created"),
        pytest.param(modify, entry("", "old"), id="a file is written"),
        pytest.param(change_mode, entry("", "old"), id="a file's mode is changed"),
        pytest.param(touch, entry("", "old"), id="a file is touched"),
        pytest.param(delete, entry("", "old"), id="a file is deleted"),
        pytest.param(move_in, entry("", "new"), id="a file is moved in"),
        pytest.param(move_out, entry("", "old"), id="a file is moved out"),
        pytest.param(replace, entry("", "old"), id="a file is replaced atomically"),
        pytest.param(
            change_folder,
            entry("", "below", is_folder=True),
            id="a folder's mode is changed",
        ),
    ],
)
def test_a_change_in_a_followed_folder_is_told(
    root: Path,
    any_watches: Watches,
    change: Callable[[Path], None],
    expected: FsEvent,
) -> None:
    (root / "old").write_text("x")
    (root / "below").mkdir()
    any_watches.follow("")
    change(root)
    assert heard(any_watches, expected) == {expected}


def test_a_rename_is_told_for_both_names(root: Path, any_watches: Watches) -> None:
    (root / "a").mkdir()
    (root / "b").mkdir()
    (root / "a" / "f").write_text("x")
    any_watches.follow("a")
    any_watches.follow("b")
    (root / "a" / "f").rename(root / "b" / "g")
    heard(any_watches, entry("a", "f"), entry("b", "g"))


def test_the_mode_of_the_folder_itself_is_told(
    root: Path, any_watches: Watches
) -> None:
    any_watches.follow("")
    root.chmod(0o700)
    told(any_watches, entry("", "", is_folder=True))


def test_names_that_are_not_utf8_are_kept(root: Path, any_watches: Watches) -> None:
    folder, name = os.fsdecode(b"d\xff"), os.fsdecode(b"f\xfe")
    (root / folder).mkdir()
    any_watches.follow(folder)
    (root / folder / name).write_text("x")
    heard(any_watches, entry(folder, name))


def test_what_is_below_a_followed_folder_is_not_followed(
    root: Path, any_watches: Watches
) -> None:
    (root / "node_modules" / "left-pad").mkdir(parents=True)
    any_watches.follow("")
    (root / "node_modules" / "left-pad" / "index.js").write_text("x")
    told(any_watches)
    assert any_watches.followed == {""}


def test_a_file_that_is_written_in_many_steps_is_told_once_at_a_time(
    root: Path, any_watches: Watches
) -> None:
    any_watches.follow("")
    with (root / "log").open("w") as log:
        for line in range(100):
            log.write(f"{line}\n")
            log.flush()
    found = any_watches.wait(PATIENCE)
    assert found.count(entry("", "log")) == 1


@pytest.mark.parametrize("new", ["nothing", "a file", "a folder"])
def test_a_folder_that_is_deleted_is_gone_whatever_stands_there_now(
    root: Path, any_watches: Watches, new: str
) -> None:
    (root / "a").mkdir()
    any_watches.follow("a")
    # Held back, so that the new folder does not get the old one's number.
    (root / "a").rename(root.parent / "kept")
    (root.parent / "kept").rmdir() if new == "nothing" else None
    if new == "a file":
        (root / "a").write_text("x")
    elif new == "a folder":
        (root / "a").mkdir()
    told(any_watches, gone("a"))
    assert any_watches.followed == set()
    assert (any_watches.held, any_watches.polled) == (0, 0)


def test_a_moved_folder_is_followed_again_under_its_new_path(
    root: Path, any_watches: Watches
) -> None:
    (root / "a" / "deep").mkdir(parents=True)
    for folder in ("", "a", "a/deep"):
        any_watches.follow(folder)
    (root / "a").rename(root / "b")
    heard(
        any_watches,
        gone("a"),
        entry("", "a", is_folder=True),
        entry("", "b", is_folder=True),
    )
    any_watches.unfollow("a/deep")
    any_watches.follow("b")
    any_watches.follow("b/deep")
    (root / "b" / "deep" / "f").write_text("x")
    found = heard(any_watches, entry("b/deep", "f"))
    assert {notice.folder for notice in found} == {"b/deep"}
    assert any_watches.followed == {"", "b", "b/deep"}


@needs_inotify
def test_a_folder_below_a_moved_one_is_told_under_both_paths_until_unfollowed(
    root: Path, watches: Watches
) -> None:
    (root / "a" / "deep").mkdir(parents=True)
    watches.follow("a/deep")
    (root / "a").rename(root / "b")
    watches.follow("b/deep")
    assert watches.held == 1
    (root / "b" / "deep" / "f").write_text("x")
    told(watches, entry("a/deep", "f"), entry("b/deep", "f"))
    watches.unfollow("a/deep")
    (root / "b" / "deep" / "g").write_text("x")
    told(watches, entry("b/deep", "g"))


@needs_inotify
def test_following_again_takes_the_folder_that_stands_there_now(
    root: Path, watches: Watches
) -> None:
    (root / "a" / "deep").mkdir(parents=True)
    watches.follow("a/deep")
    (root / "a").rename(root / "b")
    (root / "a" / "deep").mkdir(parents=True)
    watches.follow("a/deep")
    assert watches.held == 1
    (root / "b" / "deep" / "old").write_text("x")
    (root / "a" / "deep" / "new").write_text("x")
    told(watches, entry("a/deep", "new"))


def test_following_twice_takes_one_watch(root: Path, any_watches: Watches) -> None:
    (root / "a").mkdir()
    any_watches.follow("a")
    any_watches.follow("a")
    assert any_watches.held + any_watches.polled == 1
    (root / "a" / "f").write_text("x")
    heard(any_watches, entry("a", "f"))


@needs_inotify
def test_a_deleted_folder_is_gone_while_somebody_works_in_it(
    root: Path, watches: Watches, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a").mkdir()
    watches.follow("")
    watches.follow("a")
    monkeypatch.chdir(root / "a")
    (root / "a").rmdir()
    told(watches, gone("a"), entry("", "a", is_folder=True))
    monkeypatch.chdir(root)
    root.rmdir()
    told(watches, gone(""))
    assert watches.followed == set()
    assert watches.held == 0


def test_a_deleted_root_is_gone(root: Path, any_watches: Watches) -> None:
    any_watches.follow("")
    root.rmdir()
    told(any_watches, gone(""))
    assert any_watches.followed == set()


@needs_inotify
def test_a_root_that_moves_with_the_folder_around_it_is_gone(root: Path) -> None:
    (root / "context").mkdir()
    with Watches(str(root / "context")) as watches:
        watches.follow("")
        assert watches.held == 2
        root.rename(root.with_name("elsewhere"))
        told(watches, gone(""))
        assert watches.held == 0


def test_neighbours_of_the_root_are_not_told(root: Path, any_watches: Watches) -> None:
    (root.parent / "neighbour").mkdir()
    any_watches.follow("")
    (root.parent / "neighbour").rmdir()
    (root.parent / "file").write_text("x")
    told(any_watches)


def test_a_root_behind_a_link_is_followed(root: Path) -> None:
    link = root.with_name("link")
    link.symlink_to("context")
    with Watches(str(link)) as watches:
        watches.follow("")
        (root / "f").write_text("x")
        heard(watches, entry("", "f"))


@pytest.mark.parametrize("there", ["nothing", "a file", "a link to a folder"])
def test_what_is_no_folder_is_gone_at_once(
    root: Path, any_watches: Watches, there: str
) -> None:
    if there == "a file":
        (root / "a").write_text("x")
    elif there == "a link to a folder":
        (root / "real").mkdir()
        (root / "a").symlink_to("real")
    any_watches.follow("a")
    assert any_watches.followed == set()
    assert any_watches.wait(PATIENCE) == [gone("a")]


def test_an_unfollowed_folder_is_not_told(root: Path, any_watches: Watches) -> None:
    (root / "a" / "b").mkdir(parents=True)
    any_watches.follow("a")
    any_watches.follow("a/b")
    any_watches.unfollow("a")
    any_watches.unfollow("never followed")
    (root / "a" / "f").write_text("x")
    (root / "a" / "b" / "g").write_text("x")
    found = heard(any_watches, entry("a/b", "g"))
    assert {notice.folder for notice in found} == {"a/b"}
    assert any_watches.followed == {"a/b"}


@needs_inotify
def test_events_of_a_watch_that_was_given_back_are_not_told(
    root: Path, watches: Watches
) -> None:
    (root / "a").mkdir()
    watches.follow("a")
    (root / "a" / "f").write_text("x")
    watches.unfollow("a")
    watches.follow("a")
    told(watches)


@needs_inotify
def test_a_file_that_was_deleted_while_open_is_silent(
    root: Path, watches: Watches
) -> None:
    with (root / "log").open("w") as log:
        watches.follow("")
        (root / "log").unlink()
        told(watches, entry("", "log"))
        log.write("nobody reads this\n")
        log.flush()
        told(watches)


@needs_inotify
def test_a_full_queue_is_an_overflow(root: Path, watches: Watches) -> None:
    room = int(Path(QUEUE).read_text())
    if room > 200_000:
        pytest.skip(f"a queue of {room} events takes long to fill")
    for name in "ab":
        (root / name).write_text("x")
    watches.follow("")
    for number in range(room // 2 + 2):  # two of the same would count once
        os.utime(root / "a", (number, number))
        os.utime(root / "b", (number, number))
    told(watches, entry("", "a"), entry("", "b"), OVERFLOW)
    (root / "c").write_text("x")
    told(watches, entry("", "c"))


def raw(watch: int, mask: int, name: bytes = b"") -> bytes:
    padded = name.ljust(-(-(len(name) + 1) // 16) * 16, b"\0") if name else b""
    return struct.pack("iIII", watch, mask, 0, len(padded)) + padded


@needs_inotify
def test_events_are_read_as_the_kernel_writes_them(
    root: Path, watches: Watches, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a").mkdir()
    (root / "b").mkdir()
    watches.follow("a")
    watches.follow("b")
    a, b = watches._held.watch_of("a"), watches._held.watch_of("b")
    assert a is not None
    assert b is not None
    kernel = watches._kernel
    assert kernel is not None
    content = b"".join(
        [
            raw(a, 0x100, b"sixteen-letters!"),
            raw(a, 0x40000100, b"folder"),
            raw(-1, 0x4000),
            raw(b, 0x2000),  # unmounted
            raw(b, 0x8000),  # and so its watch is ended
            raw(b, 0x2, b"late"),
            raw(a, 0x2, b"\xff"),
        ]
    )
    monkeypatch.setattr(Inotify, "read", lambda self: self.parse(content))
    watches.wake()
    assert watches.wait(PATIENCE) == [
        entry("a", "sixteen-letters!"),
        entry("a", "folder", is_folder=True),
        OVERFLOW,
        gone("b"),
        entry("a", "\udcff"),
    ]
    assert watches.followed == {"a"}


def no_room_after(patch: pytest.MonkeyPatch, most: int) -> None:
    """Let the system refuse a watch once so many are held."""
    given = Inotify.watch
    paths: set[bytes] = set()

    def watch(self: Inotify, path: bytes) -> int:
        if len(paths | {path}) > most:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        paths.add(path)
        return given(self, path)

    patch.setattr(Inotify, "watch", watch)


@needs_inotify
def test_folders_beyond_the_limit_are_polled_and_the_user_is_told_once(
    root: Path, watches: Watches
) -> None:
    for name in "abcd":
        (root / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        no_room_after(patch, 2)
        for name in "abc":
            watches.follow(name)
        assert (watches.held, watches.polled) == (2, 1)
        problem = watches.problem
        assert problem is not None
        present = Path(reasons.MAX_WATCHES).read_text().strip()
        wanted = max(2 * int(present), 524_288)
        assert problem == (
            f"{LIMIT_TEXT}: 2 folders are watched, the remaining 1 is polled, which "
            f"is slower; /proc/sys/fs/inotify/max_user_watches is {present}, raise "
            f"it with `sudo sysctl fs.inotify.max_user_watches={wanted}`"
        )
        watches.follow("d")
        assert watches.problem == problem
        assert watches.followed == {"a", "b", "c", "d"}
        for name in "abcd":
            (root / name / "f").write_text("x")
        heard(watches, *(entry(name, "f") for name in "abcd"))
    # There is room now: polled folders get their watches, and nothing is missed.
    (root / "c" / "g").write_text("x")
    heard(watches, entry("c", "g"))
    assert (watches.held, watches.polled) == (4, 0)
    (root / "d" / "g").write_text("x")
    heard(watches, entry("d", "g"))
    assert watches.problem == problem


@needs_inotify
def test_without_an_instance_all_folders_are_polled(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Inotify | None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(Inotify, "open", refuse)
    with Watches(str(root), poll_seconds=0.01) as watches:
        watches.follow("")
        assert (watches.held, watches.polled) == (0, 1)
        assert watches.problem is not None
        assert "/proc/sys/fs/inotify/max_user_instances is" in watches.problem
        (root / "f").write_text("x")
        heard(watches, entry("", "f"))


def test_nothing_is_said_of_a_limit_that_is_not_reached(
    root: Path, any_watches: Watches
) -> None:
    any_watches.follow("")
    assert any_watches.problem is None


@pytest.mark.skipif(not is_root(), reason="only root can become nobody and come back")
@needs_inotify
def test_a_folder_that_cannot_be_read_is_polled_until_it_can() -> None:
    with public_folder() as root:
        (root / "a").mkdir(mode=0o700)
        with as_nobody(), Watches(str(root), poll_seconds=0.01) as watches:
            watches.follow("")
            watches.follow("a")
            assert watches.polled == 1
            assert watches.problem is None
            os.seteuid(0)
            (root / "a").chmod(0o755)
            (root / "a" / "f").write_text("x")
            os.seteuid(65534)
            heard(watches, entry("", "a", is_folder=True), entry("a", "f"))
            assert watches.polled == 0


@needs_inotify
@pytest.mark.parametrize("source", WAYS)
def test_a_path_longer_than_the_system_takes_is_followed(source: Source) -> None:
    with deep_folder(2500) as root:
        folder = "/".join(["d"] * 2500)
        with Watches(str(root), poll_seconds=0.01, source=source) as watches:
            watches.follow(folder)
            assert watches.followed == {folder}
            fd = polling.open_folder(os.fsencode(f"{root}/{folder}"))
            os.utime("f", (1, 1), dir_fd=fd)
            os.close(fd)
            heard(watches, entry(folder, "f"))
            assert watches.held + watches.polled == 1


def test_polling_rests_longer_than_it_works(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    look = polling.list_folder

    def slow_look(path: bytes, *, is_silent: bool) -> polling.FolderListing | None:
        nonlocal now
        now += 2
        return look(path, is_silent=is_silent)

    with Watches(str(root), source="polling") as watches:
        watches.follow("")
        assert watches._polled.due == 101
        now = 101.0
        monkeypatch.setattr(module, "list_folder", slow_look)
        assert watches.wait(0) == []
        assert watches._polled.due == 103 + 9 * 2


def test_polling_lets_others_act_between_folders(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    look = polling.list_folder
    looked: list[str] = []

    def slow_look(path: bytes, *, is_silent: bool) -> polling.FolderListing | None:
        nonlocal now
        now += polled.SLICE_SECONDS * 0.75
        looked.append(os.path.basename(os.fsdecode(path)))
        return look(path, is_silent=is_silent)

    with Watches(str(root), source="polling") as watches:
        for name in "abc":
            (root / name).mkdir()
            watches.follow(name)
        monkeypatch.setattr(module, "list_folder", slow_look)
        turns = []
        for _ in range(3):
            looked.clear()
            now = max(now, watches._polled.due)
            before = now
            watches.wait(0)
            turns.append("".join(looked))
            assert watches._polled.due >= now + 9 * (now - before)
        assert turns == ["ab", "c", "ab"]


@pytest.mark.parametrize("source", WAYS)
def test_a_changed_entry_is_told_without_its_folder(root: Path, source: Source) -> None:
    with Watches(str(root), poll_seconds=0.01, source=source) as watches:
        watches.follow("")
        (root / "new").write_text("x")
        told(watches, entry("", "new"))


class Silent(Mounts):
    """Some folders are on a file system that keeps silent, by their names."""

    def __init__(self, **types: str) -> None:
        super().__init__()
        self.types = types

    def silent(self, folder: bytes | int) -> str:
        assert isinstance(folder, bytes)
        return self.types.get(os.path.basename(os.fsdecode(folder)), "")


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is done is done elsewhere: the system tells of nothing."""
    monkeypatch.setattr(Inotify, "read", lambda _self: iter(()))


@pytest.mark.usefixtures("unheard")
@needs_inotify
def test_what_happens_unheard_is_told_where_the_file_system_keeps_silent(
    root: Path,
) -> None:
    (root / "on disk").mkdir()
    (root / "src" / "below").mkdir(parents=True)
    mounts = Silent(src="9p", below="9p")
    with Watches(str(root), poll_seconds=0.01, mounts=mounts) as watches:
        for folder in ("", "on disk", "src", "src/below"):
            watches.follow(folder)
        assert watches.polled == 2
        for folder in ("", "on disk", "src", "src/below"):
            (root / folder / "f").write_text("x")
        told(watches, entry("src", "f"), entry("src/below", "f"))
        shutil.rmtree(root / "src" / "below")
        told(watches, entry("src", "below", is_folder=True), gone("src/below"))
        assert watches.polled == 1
        assert watches.silence == (
            'the file system (9p) does not tell of all changes: 1 folder in "src" is '
            "polled"
        )


@pytest.mark.usefixtures("unheard")
@needs_inotify
def test_following_again_forgets_nothing_that_happened_unheard(root: Path) -> None:
    mounts = Silent(context="nfs4")
    with Watches(str(root), poll_seconds=0.01, mounts=mounts) as watches:
        watches.follow("")
        (root / "f").write_text("x")
        watches.follow("")
        told(watches, entry("", "f"))


@needs_inotify
@pytest.mark.parametrize("source", ["inotify", "polling"])
def test_following_again_puts_off_no_poll(
    root: Path, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    mounts = Silent(context="nfs4")
    with Watches(str(root), source=source, mounts=mounts) as watches:
        watches.follow("")
        assert watches._polled.due == 101
        now = 100.5
        watches.follow("")
        assert watches._polled.due == 101


@needs_inotify
@pytest.mark.parametrize(
    ("change", "name"),
    [
        pytest.param(create, "new", id="created"),
        pytest.param(modify, "old", id="written"),
        pytest.param(delete, "old", id="deleted"),
        pytest.param(lambda root: root.chmod(0o700), "", id="the folder itself"),
    ],
)
def test_what_the_system_tells_of_a_polled_folder_is_told_once(
    root: Path, change: Callable[[Path], None], name: str
) -> None:
    (root / "old").write_text("x")
    mounts = Silent(context="virtiofs")
    with Watches(str(root), poll_seconds=3600, mounts=mounts) as watches:
        watches.follow("")
        change(root)
        expected = entry("", name, is_folder=not name)
        assert heard(watches, expected) == {expected}
        watches._polled.due = 0
        assert watches.wait(0) == []


@pytest.mark.parametrize(
    ("types", "said"),
    [
        pytest.param({"a": "ext4"}, None, id="nothing of others"),
        pytest.param(
            {"context": "fuse.sshfs", "a": "fuse.sshfs"},
            "the file system (fuse.sshfs) does not tell of all changes: 2 folders "
            "are polled",
            id="the whole context",
        ),
        pytest.param(
            {"a": "9p", "b": "nfs4"},
            'the file systems (9p, nfs4) do not tell of all changes: 2 folders in "a" '
            'and "b" are polled',
            id="two parts",
        ),
        pytest.param(
            {"a": "9p", "b": "9p", "c": "9p", "d": "9p"},
            'the file system (9p) does not tell of all changes: 4 folders in "a", '
            '"b" and 2 more are polled',
            id="many parts",
        ),
    ],
)
def test_the_silence_of_file_systems_is_said(
    root: Path, types: dict[str, str], said: str | None
) -> None:
    silent = {name: kind for name, kind in types.items() if kind != "ext4"}
    with Watches(str(root), mounts=Silent(**silent)) as watches:
        watches.follow("")
        for name in "abcd":
            (root / name).mkdir()
            watches.follow(name)
        assert watches.silence == said
        assert watches.polled == len(silent)
        watches.unfollow("a")
        assert "a" not in (watches.silence or "").split('"')


def test_a_new_inode_number_of_the_same_file_is_no_change_where_they_are_made_up() -> (
    None
):
    first = os.stat_result((0o100644, 1, 2, 1, 0, 0, 10, 0, 5, 5))
    second = os.stat_result((0o100644, 7, 2, 1, 0, 0, 10, 0, 5, 5))
    for facts in (polling.stat_facts, polling.folder_facts):
        assert facts(first, is_silent=True) == facts(second, is_silent=True)
        assert facts(first, is_silent=False) != facts(second, is_silent=False)


def test_nothing_comes_before_the_time_is_over(root: Path, watches: Watches) -> None:
    watches.follow("")
    start = time.monotonic()
    assert watches.wait(0.05) == []
    assert time.monotonic() - start >= 0.05
    assert watches.wait(0) == []


def test_another_thread_ends_the_wait(root: Path, watches: Watches) -> None:
    watches.follow("")
    timer = threading.Timer(0.02, watches.wake)
    timer.start()
    assert watches.wait() == []
    timer.join()
    watches.wake()
    watches.wake()
    assert watches.wait() == []  # once for both
    assert watches.wait(0) == []


def test_a_signal_ends_the_wait_whatever_its_handler_does(watches: Watches) -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    old = signal.set_wakeup_fd(watches.waker, warn_on_full_buffer=False)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        assert watches.wait() == []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.set_wakeup_fd(old)
        signal.signal(signal.SIGALRM, before)


def test_waking_never_blocks(root: Path, watches: Watches) -> None:
    for _ in range(100_000):  # more than a pipe holds
        watches.wake()
    assert watches.wait() == []
    assert watches.wait(0) == []


@needs_inotify
def test_closing_gives_everything_back_and_starts_no_thread(root: Path) -> None:
    before = os.listdir("/proc/self/fd")
    threads = threading.active_count()
    watches = Watches(str(root))
    watches.follow("")
    assert threading.active_count() == threads
    kernel = watches._kernel
    assert kernel is not None
    assert not os.get_inheritable(kernel.fd)
    assert len(os.listdir("/proc/self/fd")) == len(before) + 3
    watches.close()
    watches.close()
    watches.wake()
    assert len(os.listdir("/proc/self/fd")) == len(before)
    assert watches.followed == set()
    assert (watches.held, watches.polled) == (0, 0)
    with pytest.raises(ValueError, match="closed"):
        watches.wait()


@pytest.mark.deep
@needs_inotify
def test_thousands_of_folders_are_followed(root: Path, watches: Watches) -> None:
    folders = [f"d{number}" for number in range(5000)]
    for folder in folders:
        (root / folder).mkdir()
        watches.follow(folder)
    if watches.problem is not None:
        pytest.skip(watches.problem)
    assert watches.held == 5000
    for folder in folders:
        (root / folder / "f").write_text("x")
    told(watches, *(entry(folder, "f") for folder in folders))


@pytest.mark.skipif(not os.path.exists(QUEUE), reason="inotify belongs to Linux")
def test_watchdog_brings_the_functions_that_are_needed() -> None:
    """If this fails, watchdog lost them, and watching is slower: see the module."""
    with suppress(OSError):  # no instance is free
        kernel = Inotify.open()
        assert kernel is not None
        os.close(kernel.fd)


def test_an_observer_tells_where_there_is_no_inotify(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a" / "b").mkdir(parents=True)
    (root / "ignored").mkdir()
    monkeypatch.setattr(Inotify, "open", lambda: None)
    with Watches(str(root)) as watches:
        for folder in ("", "a", "a/b"):
            watches.follow(folder)
        assert watches.followed == {"", "a", "a/b"}
        assert (watches.held, watches.polled) == (0, 0)
        (root / "ignored" / "f").write_text("x")
        (root / "a" / "f").write_text("x")
        (root / "g").write_text("x")
        found = heard(watches, entry("a", "f"), entry("", "g"))
        assert "ignored" not in {notice.folder for notice in found}
        (root / "a" / "f").rename(root / "a" / "b" / "f")
        heard(watches, entry("a/b", "f"))
        (root / "a" / "b" / "f").unlink()
        (root / "a" / "b").rmdir()
        heard(watches, gone("a/b"), entry("a", "b", is_folder=True))
        assert watches.followed == {"", "a"}
        watches.follow("a/b")
        heard(watches, gone("a/b"))
        watches.unfollow("a")
        assert watches.followed == {""}


def test_without_any_events_folders_are_polled(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(module, "observe", refuse)
    with Watches(str(root), poll_seconds=0.01, source="observer") as watches:
        watches.follow("")
        assert watches.problem == (
            "the system tells of no changes (Input/output error): 1 folder is polled, "
            "which is slower"
        )
        (root / "f").write_text("x")
        heard(watches, entry("", "f"))


@needs_inotify
def test_waiting_costs_no_time(root: Path, watches: Watches) -> None:
    """Asleep in the kernel, not looking again and again."""
    watches.follow("")
    calls = 0

    class Counting:
        def poll(self, pause: float | None) -> list[tuple[int, int]]:
            nonlocal calls
            calls += 1
            return poller.poll(pause)

    poller: select.poll = watches._sleeper._poller
    watches._sleeper._poller = Counting()  # type: ignore[assignment]
    assert watches.wait(0.05) == []
    assert calls == 1
    assert ABOVE not in watches.followed


class Listener:
    """Knows a tree by keeping to the rules that the module states."""

    def __init__(self, root: Path, watches: Watches) -> None:
        self.root = root
        self.watches = watches
        self.known: dict[str, dict[str, tuple[int, ...]]] = {}
        self.read("")

    def read(self, folder: str) -> None:
        self.watches.follow(folder)
        entries: dict[str, tuple[int, ...]] = {}
        try:
            for name in os.listdir(self.root / folder):
                with suppress(FileNotFoundError):
                    entries[name] = facts_of(self.root / folder / name)
        except OSError:
            self.forget(folder)
            return
        before = self.known.get(folder, {})
        self.known[folder] = entries
        for name in before.keys() - entries.keys():
            self.forget(f"{folder}/{name}".strip("/"))
        for name in entries.keys() - before.keys():
            self.look(f"{folder}/{name}".strip("/"))

    def look(self, path: str) -> None:
        """See anew what stands at a path."""
        self.forget(path)
        with suppress(OSError):
            if stat.S_ISDIR(facts_of(self.root / path)[1]):
                self.read(path)

    def forget(self, folder: str) -> None:
        for path in [*self.known]:
            if path == folder or path.startswith(f"{folder}/"):
                del self.known[path]
                self.watches.unfollow(path)
        self.watches.unfollow(folder)

    def hear(self, timeout: float = 0) -> int:
        notices = self.watches.wait(timeout)
        for folder, name, is_folder, kind in notices:
            if kind == "overflow":
                self.known.clear()
                self.read("")
            elif kind == "gone":
                self.look(folder)
            elif folder in self.known:
                self.read(folder)
                if is_folder and name and name in self.known.get(folder, {}):
                    self.look(f"{folder}/{name}".strip("/"))
        return len(notices)


def facts_of(path: Path) -> tuple[int, ...]:
    status = path.lstat()
    size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
    return (status.st_ino, status.st_mode, size)


def change_at_random(root: Path, outside: Path, random: Random) -> None:
    folders = [Path(folder) for folder, _, _ in os.walk(root)]
    entries = [path for folder in folders for path in folder.iterdir()]
    place = random.choice(folders) / random.choice("abcd")
    chosen = random.choice([*entries, place])
    with suppress(OSError):
        match random.choice("mmmwwwrrrrudtlox"):
            case "m":
                place.mkdir()
            case "w":
                place.write_text("x" * random.randrange(100))
            case "r":
                chosen.rename(place)
            case "u":
                chosen.unlink()
            case "d":
                shutil.rmtree(chosen)
            case "t":
                chosen.chmod(random.choice([0o700, 0o755]))
            case "l":
                place.symlink_to(random.choice("abcd"))
            case "o":
                chosen.rename(outside / random.choice("abcd"))
            case "x":
                (outside / random.choice("abcd")).rename(place)


@pytest.mark.deep
@needs_inotify
@pytest.mark.parametrize("seed", range(5))
def test_whoever_keeps_the_rules_knows_the_tree(
    root: Path, watches: Watches, seed: int
) -> None:
    random = Random(seed)  # noqa: S311  # repeatable, not secret
    outside = root.with_name("outside")
    outside.mkdir()
    listener = Listener(root, watches)
    for _ in range(400):
        change_at_random(root, outside, random)
        if random.random() < 0.3:
            listener.hear()
    while listener.hear():
        pass
    with Watches(str(root)) as others:
        fresh = Listener(root, others)
        assert listener.known == fresh.known
        assert watches.followed == others.followed == set(fresh.known)
        assert watches.held == others.held


@needs_inotify
@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize("seed", range(3))
def test_whoever_keeps_the_rules_knows_a_tree_that_changes_unheard(
    root: Path, seed: int
) -> None:
    class All(Mounts):
        def silent(self, _: bytes | int) -> str:
            return "9p"

    def known(listener: Listener) -> dict[str, dict[str, tuple[int, ...]]]:
        """All but the numbers, which mean nothing there."""
        return {
            folder: {name: facts[1:] for name, facts in entries.items()}
            for folder, entries in listener.known.items()
        }

    random = Random(seed)  # noqa: S311  # repeatable, not secret
    outside = root.with_name("outside")
    outside.mkdir()
    with (
        Watches(str(root), poll_seconds=0.001, mounts=All()) as watches,
        Watches(str(root), source="polling") as others,
    ):
        listener = Listener(root, watches)
        for _ in range(200):
            change_at_random(root, outside, random)
            if random.random() < 0.3:
                listener.hear()
        fresh = Listener(root, others)
        end = time.monotonic() + PATIENCE
        while known(listener) != known(fresh) and time.monotonic() < end:
            listener.hear(0.1)
        assert known(listener) == known(fresh)
        assert watches.followed == set(fresh.known)
