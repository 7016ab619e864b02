from __future__ import annotations

import errno
import fcntl
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from ctxopt.errors import WriteError
from ctxopt.host.disk import replace as write
from ctxopt.host.disk.replace import Snapshot, read, remove_leftovers, replace
from tests.rights import NOBODY, as_nobody, is_root, public_folder

NAME = ".dockerignore"
OLD, NEW = b"old\n" * 300, b"new\n" * 500
ROOT = Path(__file__).resolve().parents[3]
STALE = ".ctxopt-0123456789abcdef"

needs_root = pytest.mark.skipif(not is_root(), reason="gives files to others")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path.resolve() / NAME
    path.write_bytes(OLD)
    return path


def refusal(snapshot: Snapshot, content: bytes | None) -> WriteError:
    """The error of a replacement that has to fail."""
    with pytest.raises(WriteError) as caught:
        replace(snapshot, content)
    error = caught.value
    assert error.file == snapshot.path
    assert error.hint
    assert "\n" not in str(error)
    return error


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# --- reading ---------------------------------------------------------------------


def test_a_file_is_read_with_its_real_path(file: Path) -> None:
    assert read(str(file)) == Snapshot(str(file), str(file), OLD)


def test_a_link_is_followed(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(NAME)
    assert read(str(link)) == Snapshot(str(link), str(file), OLD)


def test_a_relative_path_is_kept_as_given(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert read(NAME) == Snapshot(NAME, str(file), OLD)


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert read(str(tmp_path / NAME)).content is None


def test_other_names_of_a_file_are_counted(file: Path) -> None:
    os.link(file, file.with_name("other"))
    assert read(str(file)).names == 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(os.mkdir, "no regular file", id="a folder"),
        pytest.param(os.mkfifo, "no regular file", id="a pipe, without waiting"),
        pytest.param(
            lambda path: os.symlink("/dev/null", path), "no regular file", id="a device"
        ),
        pytest.param(
            lambda path: os.symlink("gone", path),
            "which is not there",
            id="a link to nothing",
        ),
        pytest.param(
            lambda path: os.symlink(NAME, path), "cannot read it", id="a link to itself"
        ),
        pytest.param(
            lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 2**24 + 1),
            "16777217 bytes",
            id="more than 16 MiB",
        ),
    ],
)
def test_what_is_no_ignore_file_is_refused(
    tmp_path: Path, make: Callable[[str], None], message: str
) -> None:
    path = str(tmp_path / NAME)
    make(path)
    with pytest.raises(WriteError) as caught:
        read(path)
    assert message in caught.value.message
    assert caught.value.file == path
    assert caught.value.hint


def test_16_mib_are_read(file: Path) -> None:
    os.truncate(file, 2**24)
    assert len(read(str(file)).content or b"") == 2**24


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(f"{NAME}/x", id="a file for a folder"),
        pytest.param("n" * 300, id="a name too long"),
        pytest.param("nul\0", id="a name with a NUL"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(file: Path, name: str) -> None:
    with pytest.raises(WriteError):
        read(f"{file.parent}/{name}")


def test_a_current_folder_that_is_gone_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(WriteError):
        read(NAME)


def test_a_file_without_permission_is_an_error() -> None:
    with public_folder() as folder:
        path = folder / NAME
        path.write_bytes(OLD)
        path.chmod(0)
        with as_nobody(), pytest.raises(WriteError, match="Permission denied"):
            read(str(path))


# --- what stays ------------------------------------------------------------------


def test_a_file_gets_its_new_content(file: Path) -> None:
    replace(read(str(file)), NEW)
    assert file.read_bytes() == NEW
    assert names(file.parent) == [NAME]


def test_the_content_it_has_is_not_written(file: Path) -> None:
    before = file.stat()
    replace(read(str(file)), OLD)
    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666, 0o777, 0o4755])
def test_the_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace(read(str(file)), NEW)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@needs_root
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 1234, 5678)
    file.chmod(0o4640)
    replace(read(str(file)), NEW)
    status = file.stat()
    assert (status.st_uid, status.st_gid) == (1234, 5678)
    assert stat.S_IMODE(status.st_mode) == 0o4640


@needs_root
@pytest.mark.parametrize(
    ("group", "mode", "expected"),
    [
        pytest.param(0, 0o666, 0o666, id="the group can do what everybody can"),
        pytest.param(0, 0o606, 0o606, id="the group can do less"),
        pytest.param(NOBODY, 0o660, 0o660, id="the group can be kept"),
        pytest.param(NOBODY, 0o6676, 0o676, id="bits that lend rights go"),
    ],
)
def test_an_owner_that_cannot_be_kept_is_no_error(
    group: int, mode: int, expected: int
) -> None:
    with public_folder() as folder:
        folder.chmod(0o777)
        path = folder / NAME
        path.write_bytes(OLD)
        os.chown(path, 0, group)
        path.chmod(mode)
        with as_nobody():
            replace(read(str(path)), NEW)
        status = path.stat()
        assert path.read_bytes() == NEW
        assert (status.st_uid, status.st_gid) == (NOBODY, NOBODY)
        assert stat.S_IMODE(status.st_mode) == expected


@needs_root
def test_the_group_stays_where_only_the_owner_cannot(file: Path) -> None:
    os.chown(file, 1234, 5678)
    file.chmod(0o6660)

    def chown(function: Around, target: int, owner: int, group: int) -> object:
        if owner != -1:
            raise PermissionError(errno.EPERM, "no")
        return function(target, owner, group)

    with watched(lambda at: chown if at == "fchown" else None):
        replace(read(str(file)), NEW)
    status = file.stat()
    assert (status.st_uid, status.st_gid) == (os.geteuid(), 5678)
    assert stat.S_IMODE(status.st_mode) == 0o660


@needs_root
def test_no_other_group_gets_the_rights_of_the_old_one() -> None:
    with public_folder() as folder:
        folder.chmod(0o777)
        path = folder / NAME
        path.write_bytes(OLD)
        path.chmod(0o676)
        with as_nobody():
            error = refusal(read(str(path)), NEW)
        assert "its group (0)" in error.message
        assert path.read_bytes() == OLD
        assert names(folder) == [NAME]


@pytest.mark.skipif(sys.platform != "linux", reason="Python knows those of Linux")
def test_extended_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"x\xff")
    except OSError as error:
        pytest.skip(f"this disk has none: {error.strerror}")
    replace(read(str(file)), NEW)
    assert os.getxattr(file, "user.note") == b"x\xff"


def access_list(*entries: tuple[int, int, int]) -> bytes:
    """A POSIX list of rights as the kernel takes it: tag, permissions, id."""
    packed = [
        tag.to_bytes(2, "little")
        + bits.to_bytes(2, "little")
        + who.to_bytes(4, "little")
        for tag, bits, who in entries
    ]
    return (2).to_bytes(4, "little") + b"".join(packed)


NOT_ANYONE = 0xFFFFFFFF
LIST = access_list(
    (0x01, 6, NOT_ANYONE),  # owner
    (0x02, 6, 1234),
    (0x04, 0, NOT_ANYONE),  # group
    (0x10, 6, NOT_ANYONE),  # mask
    (0x20, 0, NOT_ANYONE),  # others
)


@pytest.mark.skipif(sys.platform != "linux", reason="Python knows those of Linux")
def test_a_list_of_rights_stays(file: Path) -> None:
    try:
        os.setxattr(file, "system.posix_acl_access", LIST)
    except OSError as error:
        pytest.skip(f"this disk has none: {error.strerror}")
    replace(read(str(file)), NEW)
    assert os.getxattr(file, "system.posix_acl_access") == LIST
    assert stat.S_IMODE(file.stat().st_mode) == 0o660


@pytest.mark.skipif(sys.platform != "linux", reason="Python knows those of Linux")
def test_a_folder_gives_nobody_rights_to_an_old_file(file: Path) -> None:
    try:
        os.setxattr(file.parent, "system.posix_acl_default", LIST)
    except OSError as error:
        pytest.skip(f"this disk has none: {error.strerror}")
    file.chmod(0o640)
    replace(read(str(file)), NEW)
    assert "system.posix_acl_access" not in os.listxattr(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_nobody_else_reads_along_before_the_rights_are_there(file: Path) -> None:
    modes = []

    def look() -> None:
        (temporary,) = set(names(file.parent)) - {NAME}
        modes.append(stat.S_IMODE(file.with_name(temporary).stat().st_mode))

    before = os.umask(0)
    try:
        with before_call("write", look):
            replace(read(str(file)), NEW)
    finally:
        os.umask(before)
    assert modes == [0o600]


def test_a_link_stays_and_its_target_is_replaced(file: Path) -> None:
    folder = file.with_name("d")
    folder.mkdir()
    link = folder / "link"
    link.symlink_to(f"../{NAME}")
    replace(read(str(link)), NEW)
    assert os.readlink(link) == f"../{NAME}"
    assert file.read_bytes() == NEW
    assert names(folder) == ["link"]
    assert names(file.parent) == [NAME, "d"]


def test_other_names_keep_the_old_content(file: Path) -> None:
    other = file.with_name("other")
    os.link(file, other)
    replace(read(str(file)), NEW)
    assert (file.read_bytes(), other.read_bytes()) == (NEW, OLD)


# --- new and gone ----------------------------------------------------------------


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_a_new_file_is_made_under_the_umask(
    tmp_path: Path, mask: int, mode: int
) -> None:
    path = tmp_path / NAME
    before = os.umask(mask)
    try:
        replace(read(str(path)), NEW)
    finally:
        os.umask(before)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.stat().st_nlink == 1
    assert names(tmp_path) == [NAME]


def test_an_empty_file_is_not_no_file(tmp_path: Path) -> None:
    path = tmp_path / NAME
    replace(read(str(path)), b"")
    assert path.read_bytes() == b""


def test_none_removes_the_file(file: Path) -> None:
    replace(read(str(file)), None)
    assert names(file.parent) == []
    replace(read(str(file)), None)


def test_none_does_not_tear_a_link(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(NAME)
    error = refusal(read(str(link)), None)
    assert f'a link to "{file}"' in error.message
    assert names(file.parent) == [NAME, "link"]


# --- somebody else was there -----------------------------------------------------


def turn_into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def turn_into_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to("moved")


@pytest.mark.parametrize("content", [NEW, None], ids=["replaced", "removed"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: path.write_bytes(OLD + b"x"), id="other content"),
        pytest.param(Path.unlink, id="gone"),
        pytest.param(turn_into_folder, id="a folder by now"),
        pytest.param(turn_into_link, id="a link by now"),
    ],
)
def test_a_file_that_changed_is_left_alone(
    file: Path, change: Callable[[Path], None], content: bytes | None
) -> None:
    snapshot = read(str(file))
    change(file)
    before = names(file.parent)
    refusal(snapshot, content)
    assert names(file.parent) == before
    assert not file.is_file() or file.read_bytes() != NEW


def test_a_link_that_leads_elsewhere_by_now_is_seen(file: Path) -> None:
    link, other = file.with_name("link"), file.with_name("other")
    other.write_bytes(OLD)
    link.symlink_to(NAME)
    snapshot = read(str(link))
    link.unlink()
    link.symlink_to("other")
    refusal(snapshot, NEW)
    assert (file.read_bytes(), other.read_bytes()) == (OLD, OLD)


def test_the_message_says_that_it_changed(file: Path) -> None:
    snapshot = read(str(file))
    file.write_bytes(b"")
    assert str(refusal(snapshot, NEW)) == (
        f"{file}: the file changed since it was read, and nothing was written; "
        "run again"
    )


@contextmanager
def before_call(name: str, act: Callable[[], object]) -> Iterator[None]:
    """Do something just before the writer first calls `os.NAME`."""
    done: list[bool] = []

    def called(
        function: Callable[..., object], *args: object, **more: object
    ) -> object:
        if not done:
            done.append(True)
            act()
        return function(*args, **more)

    with watched(lambda at: called if at == name else None):
        yield
    assert done


Around = Callable[..., object]


@contextmanager
def watched(choose: Callable[[str], Around | None]) -> Iterator[None]:
    """Let what `choose` gives for a name stand around that function of `os`."""

    class Watched:
        path = os.path

        def __getattr__(self, name: str) -> object:
            value: object = getattr(os, name)
            if not callable(value) or isinstance(value, type):
                return value
            function = value
            around = choose(name)
            if around is None:
                return function
            return lambda *args, **more: around(function, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "os", Watched())
        yield


def test_a_change_while_the_new_content_is_written_is_seen(file: Path) -> None:
    snapshot = read(str(file))
    with before_call("fsync", lambda: file.write_bytes(b"theirs")):
        refusal(snapshot, NEW)
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == [NAME]


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_file_that_appears_is_never_overwritten(tmp_path: Path, call: str) -> None:
    path = tmp_path / NAME
    snapshot = read(str(path))
    with before_call(call, lambda: path.write_bytes(b"theirs")):
        refusal(snapshot, NEW)
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == [NAME]


@contextmanager
def failing(name: str, code: int) -> Iterator[None]:
    """Let a function of `os` say no."""

    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    with watched(lambda at: fail if at == name else None):
        yield


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP], ids=errno.errorcode.get)
def test_a_disk_without_hard_links_gets_a_new_file(tmp_path: Path, code: int) -> None:
    path = tmp_path / NAME
    with failing("link", code):
        replace(read(str(path)), NEW)
    assert path.read_bytes() == NEW
    assert names(tmp_path) == [NAME]


def test_there_too_a_file_that_appears_stays(tmp_path: Path) -> None:
    path = tmp_path / NAME

    def link(*_: object) -> object:
        path.write_bytes(b"theirs")
        raise OSError(errno.EPERM, "no")

    with watched(lambda at: link if at == "link" else None):
        refusal(read(str(path)), NEW)
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == [NAME]


# --- what the system refuses -----------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(errno.ENOSPC, "make room on the disk", id="a full disk"),
        pytest.param(errno.EDQUOT, "make room in your quota", id="a full quota"),
        pytest.param(errno.EROFS, "cannot be written to", id="a disk to read only"),
        pytest.param(errno.EIO, "mend that", id="anything else"),
    ],
)
def test_a_refusal_says_what_to_do(file: Path, code: int, words: str) -> None:
    with failing("write", code):
        error = refusal(read(str(file)), NEW)
    assert error.message == f"cannot write it: {os.strerror(code)}"
    assert error.hint
    assert words in error.hint
    assert error.hint.endswith("nothing was changed")
    assert file.read_bytes() == OLD
    assert names(file.parent) == [NAME]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    error = refusal(read(str(tmp_path / "no" / NAME)), NEW)
    assert "make its folder first" in str(error)


@pytest.mark.parametrize("content", [NEW, None], ids=["replaced", "removed"])
def test_a_folder_to_read_only_keeps_its_file(content: bytes | None) -> None:
    with public_folder() as folder:
        path = folder / NAME
        path.write_bytes(OLD)
        path.chmod(0o666)
        folder.chmod(0o555)
        with as_nobody():
            error = refusal(read(str(path)), content)
        assert "check the permissions" in str(error)
        assert path.read_bytes() == OLD
        assert names(folder) == [NAME]


def test_a_file_to_read_only_is_not_replaced_though_its_folder_allows_it() -> None:
    with public_folder() as folder:
        folder.chmod(0o777)
        path = folder / NAME
        path.write_bytes(OLD)
        path.chmod(0o444)
        with as_nobody():
            error = refusal(read(str(path)), NEW)
        assert "Permission denied" in error.message
        assert path.read_bytes() == OLD
        assert names(folder) == [NAME]


@needs_root
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_locked_stays(file: Path, what: str) -> None:
    locked = file if what == "file" else file.parent
    done = subprocess.run(
        ["chattr", "+i", str(locked)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("nothing can be locked here")
    try:
        error = refusal(read(str(file)), NEW)
    finally:
        subprocess.run(["chattr", "-i", str(locked)], check=True)
    assert "whether they are locked" in str(error)
    assert file.read_bytes() == OLD
    assert names(file.parent) == [NAME]


CHILD = """
import resource, sys
from ctxopt.errors import WriteError
from ctxopt.host.disk.replace import read, replace
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    replace(read(sys.argv[1]), b"x" * 5000)
except WriteError as error:
    print(error)
"""


def test_a_limit_on_file_sizes_is_said(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(file)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "raise the limit" in done.stdout
    assert done.stdout.count("\n") == 1
    assert file.read_bytes() == OLD
    assert names(file.parent) == [NAME]


@needs_root
def test_a_disk_that_is_really_full_keeps_the_old_file(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "ctxopt-test", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        path = tmp_path / NAME
        path.write_bytes(OLD)
        error = refusal(read(str(path)), b"x" * 100_000)
        assert "make room on the disk" in str(error)
        assert path.read_bytes() == OLD
        assert names(tmp_path) == [NAME]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize("old", [OLD, None], ids=["replaced", "made"])
def test_the_content_is_on_the_disk_before_it_has_the_name(
    tmp_path: Path, old: bytes | None
) -> None:
    calls: list[str] = []

    def note(name: str) -> None:
        calls.append(name)

    snapshot = prepare(tmp_path / NAME, old)
    with watched(note):
        replace(snapshot, NEW)
    taking = "link" if old is None else "replace"
    kept = [call for call in calls if call in {"write", "fsync", taking}]
    assert kept == ["write", "fsync", taking, "fsync"]


# --- what killed runs leave ------------------------------------------------------


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """A temporary file as a run that is alive holds it."""
    with path.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def without_locks(code: int) -> Iterator[None]:
    """A disk that knows no locks, or refuses them in its own way."""

    def flock(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        yield


@pytest.mark.parametrize("mode", [0o600, 0o444], ids=["private", "read only"])
def test_what_killed_runs_left_is_removed_by_the_next(file: Path, mode: int) -> None:
    stale = file.with_name(STALE)
    stale.write_bytes(b"half")
    stale.chmod(mode)
    replace(read(str(file)), NEW)
    assert names(file.parent) == [NAME]


def test_a_file_of_a_run_that_is_alive_stays(file: Path) -> None:
    stale = file.with_name(STALE)
    with locked(stale):
        age(stale, 4000)
        replace(read(str(file)), NEW)
        assert stale.exists()
    remove_leftovers(str(file))
    assert names(file.parent) == [NAME]


@pytest.mark.parametrize("old", [OLD, None], ids=["replaced", "made"])
def test_nobody_takes_the_file_that_is_being_written_for_a_leftover(
    tmp_path: Path, old: bytes | None
) -> None:
    seen = []

    def cleans(function: Around, *args: object, **more: object) -> object:
        before = names(tmp_path)
        remove_leftovers(str(tmp_path / NAME))
        assert names(tmp_path) == before
        seen.append(before)
        return function(*args, **more)

    snapshot = prepare(tmp_path / NAME, old)
    steps = {"write", "fsync", "fchmod", "replace", "link"}
    with watched(lambda at: cleans if at in steps else None):
        replace(snapshot, NEW)
    assert len(seen) >= 4
    assert names(tmp_path) == [NAME]


def test_a_file_taken_for_a_leftover_before_its_lock_gets_another_name(
    file: Path,
) -> None:
    lock = fcntl.flock
    taken: list[int] = []

    def late(handle: int, how: int) -> None:
        if not taken:
            taken.append(handle)
            remove_leftovers(str(file))
        lock(handle, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", late)
        replace(read(str(file)), NEW)
    assert (names(file.parent), file.read_bytes()) == ([NAME], NEW)


def test_a_file_that_is_being_removed_gets_another_name(file: Path) -> None:
    lock = fcntl.flock
    busy: list[int] = []

    def held(handle: int, how: int) -> None:
        if not busy:
            busy.append(handle)
            raise BlockingIOError(errno.EWOULDBLOCK, "busy")
        lock(handle, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", held)
        replace(read(str(file)), NEW)
    assert (names(file.parent), file.read_bytes()) == ([NAME], NEW)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
@pytest.mark.parametrize(
    ("seconds", "left"), [(3000, [NAME, STALE]), (4000, [NAME])], ids=["young", "old"]
)
def test_without_locks_the_age_decides(
    file: Path, code: int, seconds: float, left: list[str]
) -> None:
    stale = file.with_name(STALE)
    stale.touch()
    age(stale, seconds)
    with without_locks(code):
        replace(read(str(file)), NEW)
    assert names(file.parent) == sorted(left)
    assert file.read_bytes() == NEW


def test_a_lock_that_fails_otherwise_writes_nothing(file: Path) -> None:
    with without_locks(errno.EIO):
        refusal(read(str(file)), NEW)
    assert (names(file.parent), file.read_bytes()) == ([NAME], OLD)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param(STALE + "0", Path.touch, id="a name that is not ours"),
        pytest.param(STALE[:-1] + "G", Path.touch, id="nor are these digits"),
        pytest.param(".ctxopt-notes", Path.touch, id="a name a person would give"),
        pytest.param(STALE, Path.mkdir, id="a folder"),
        pytest.param(STALE, os.mkfifo, id="a pipe"),
        pytest.param(STALE, lambda path: path.symlink_to(NAME), id="a link"),
    ],
)
def test_nothing_else_is_removed(
    file: Path, name: str, make: Callable[[Path], None]
) -> None:
    other = file.with_name(name)
    make(other)
    age(other, 4000)
    replace(read(str(file)), NEW)
    assert os.path.lexists(other)


def test_leftovers_are_where_a_link_leads(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / NAME).symlink_to(file)
    stale = file.with_name(STALE)
    other = folder / STALE
    for path in (stale, other):
        path.touch()
    remove_leftovers(str(folder / NAME))
    assert (stale.exists(), other.exists()) == (False, True)


def test_a_folder_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    remove_leftovers(str(tmp_path / "gone" / NAME))
    assert names(tmp_path) == []


@needs_root
def test_what_others_left_is_theirs(file: Path) -> None:
    stale = file.with_name(STALE)
    stale.touch()
    os.chown(stale, 1234, 1234)
    age(stale, 4000)
    replace(read(str(file)), NEW)
    assert stale.exists()


def test_a_refused_run_removes_nothing(file: Path) -> None:
    stale = file.with_name(STALE)
    stale.touch()
    age(stale, 4000)
    with failing("replace", errno.EIO):
        refusal(read(str(file)), NEW)
    assert names(file.parent) == sorted([NAME, STALE])


# --- faults at every step --------------------------------------------------------


class Killed(BaseException):
    """What no handler of errors catches."""


def broken(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def killed(*_: object) -> None:
    raise Killed


def gone(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


Strike = Callable[[], None]


def discard(result: object) -> None:
    """Close what a call opened that nobody will hear of."""
    if hasattr(result, "close"):
        result.close()


@contextmanager
def fault(step: int, strike: Strike, *, late: bool) -> Iterator[SimpleNamespace]:
    """Strike at the call of `os` with this number, before it or after; tell which."""
    seen = SimpleNamespace(calls=0, name="")

    def choose(name: str) -> Around:
        def around(function: Around, *args: object, **more: object) -> object:
            number, seen.calls = seen.calls, seen.calls + 1
            if number != step:
                return function(*args, **more)
            seen.name = name
            if late:
                if name == "write":
                    args = (args[0], bytes(args[1])[:7])  # type: ignore[call-overload]
                discard(function(*args, **more))
            strike()
            raise AssertionError

        return around

    with watched(choose):
        yield seen


CASES = [
    pytest.param(OLD, NEW, id="replaced"),
    pytest.param(None, NEW, id="made"),
    pytest.param(OLD, None, id="removed"),
]


def prepare(path: Path, content: bytes | None) -> Snapshot:
    for name in os.listdir(path.parent):
        path.with_name(name).unlink()
    if content is not None:
        path.write_bytes(content)
    return read(str(path))


def content_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("strike", [broken, killed])
@pytest.mark.parametrize(("old", "new"), CASES)
def test_a_fault_at_any_step_leaves_the_file_whole(
    tmp_path: Path, old: bytes | None, new: bytes | None, strike: Strike, *, late: bool
) -> None:
    path = tmp_path / NAME
    struck = []
    for step in range(200):
        snapshot = prepare(path, old)
        outcome: object = None
        with fault(step, strike, late=late) as seen:
            try:
                replace(snapshot, new)
            except (WriteError, Killed) as error:
                outcome = error
        assert content_of(path) in (old, new), seen
        if outcome is None:
            assert content_of(path) == new, seen
        elif isinstance(outcome, WriteError) and not late:
            assert content_of(path) == old, seen
        if seen.name != "unlink":
            assert names(tmp_path) == [NAME] * path.exists(), seen
        if not seen.name:
            break
        struck.append(seen.name)
    else:
        pytest.fail("it never came to its end")
    expected = {
        (OLD, NEW): {"open", "write", "fstat", "fchmod", "fsync", "close", "replace"},
        (None, NEW): {"open", "write", "fsync", "close", "link", "unlink"},
        (OLD, None): {"stat", "unlink", "fsync"},
    }
    assert expected[old, new] <= set(struck)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("old", "new"), CASES)
def test_a_process_killed_at_any_step_leaves_the_file_whole(
    tmp_path: Path, old: bytes | None, new: bytes | None, *, late: bool
) -> None:
    path = tmp_path / NAME
    for step in range(200):
        snapshot = prepare(path, old)
        child = os.fork()
        if child == 0:
            try:
                with fault(step, gone, late=late):
                    replace(snapshot, new)
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL)
        assert content_of(path) in (old, new)
        # A killed run is in nobody's way.
        replace(read(str(path)), b"later")
        assert path.read_bytes() == b"later"
        assert names(tmp_path) == [NAME]
        if status == 0:
            break
    else:
        pytest.fail("it never came to its end")


def replacing(path: str, told: int) -> NoReturn:
    """Replace a file by one content and the other until somebody kills this."""
    while True:
        for content in (OLD, NEW):
            replace(read(path), content)
            os.write(told, b".")


def test_a_loop_of_replacements_killed_at_random_leaves_the_file_whole(
    file: Path,
) -> None:
    choice = random.Random(3)  # noqa: S311  # nothing here is secret
    for _ in range(50):
        told, tells = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                replacing(str(file), tells)
            finally:
                os._exit(1)
        os.close(tells)
        with open(told, "rb", buffering=0) as dots:
            for _ in range(choice.randrange(1, 6)):
                assert dots.read(1)
            # Somewhere into the next replacement, without a clock.
            for _ in range(choice.randrange(60_000)):
                pass
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == -signal.SIGKILL
        assert file.read_bytes() in (OLD, NEW)
        remove_leftovers(str(file))
        assert names(file.parent) == [NAME]
