"""Which file systems keep silent, by the list of mounts and the device of a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.host.watches import mounts as module
from ctxopt.host.watches.mounts import Mounts


def line(folder: Path, kind: str, *, optional: str = "shared:1 ") -> str:
    """How the kernel lists the file system that a folder lies on."""
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    return f"42 27 {number} / /a\\040b rw,relatime {optional}- {kind} host:/x rw,a=b\n"


OTHER = "22 1 0:4095 / / rw - ext4 /dev/sda1 rw\n"


def listed(folder: Path, text: str) -> Mounts:
    (folder / "list").write_text(text)
    return Mounts(str(folder / "list"))


def silent(folder: Path, mounts: Mounts) -> str:
    return mounts.silent(os.fsencode(folder))


@pytest.mark.parametrize(
    "kind",
    [
        *("fuse", "fuse.sshfs", "fuse.grpcfuse", "fuse.gcsfuse", "9p", "virtiofs"),
        *("drvfs", "vboxsf", "vmhgfs", "prl_fs", "fakeowner", "osxfs"),
        *("nfs", "nfs4", "cifs", "smb3", "afs", "ceph", "lustre"),
    ],
)
def test_what_is_changed_from_elsewhere_keeps_silent(tmp_path: Path, kind: str) -> None:
    assert silent(tmp_path, listed(tmp_path, OTHER + line(tmp_path, kind))) == kind


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk", "zfs", "fusectl"]
)
def test_what_is_changed_here_alone_tells_all(tmp_path: Path, kind: str) -> None:
    assert silent(tmp_path, listed(tmp_path, OTHER + line(tmp_path, kind))) == ""


@pytest.mark.parametrize(
    "optional",
    [
        pytest.param("", id="none"),
        pytest.param("shared:7 master:3 propagate_from:2 ", id="three"),
    ],
)
def test_optional_fields_are_passed_over(tmp_path: Path, optional: str) -> None:
    text = line(tmp_path, "9p", optional=optional)
    assert silent(tmp_path, listed(tmp_path, text)) == "9p"


def test_a_folder_may_be_open(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        assert listed(tmp_path, line(tmp_path, "nfs")).silent(fd) == "nfs"
    finally:
        os.close(fd)


@pytest.mark.parametrize("text", ["", OTHER, "no list\n", " - \n", "a b c - nfs\n"])
def test_what_is_not_listed_tells_all(tmp_path: Path, text: str) -> None:
    assert silent(tmp_path, listed(tmp_path, text)) == ""


def test_without_a_list_all_tell(tmp_path: Path) -> None:
    assert silent(tmp_path, Mounts(str(tmp_path / "none"))) == ""


def test_a_folder_that_is_not_there_keeps_no_silence(tmp_path: Path) -> None:
    assert silent(tmp_path / "none", listed(tmp_path, line(tmp_path, "nfs"))) == ""


def test_the_list_is_read_again_when_it_was_forgotten(tmp_path: Path) -> None:
    mounts = listed(tmp_path, line(tmp_path, "nfs"))
    assert silent(tmp_path, mounts) == "nfs"
    (tmp_path / "list").write_text(line(tmp_path, "ext4"))
    assert silent(tmp_path, mounts) == "nfs"
    mounts.forget()
    assert silent(tmp_path, mounts) == ""


def test_the_list_is_read_again_for_a_new_device(tmp_path: Path) -> None:
    mounts = listed(tmp_path, line(tmp_path, "nfs"))
    assert silent(Path("/proc"), mounts) == ""
    (tmp_path / "list").write_text(line(Path("/dev"), "9p") + line(tmp_path, "nfs"))
    if Path("/dev").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system only")
    assert silent(Path("/dev"), mounts) == "9p"
    assert silent(tmp_path, mounts) == "nfs"


def test_a_device_that_is_not_listed_is_looked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def types(file: str) -> dict[int, str]:
        read.append(file)
        return {}

    monkeypatch.setattr(module, "_types", types)
    mounts = Mounts("list")
    folders = [folder for folder in (tmp_path, Path("/proc")) if folder.exists()]
    for _ in range(3):
        for folder in folders:
            assert silent(folder, mounts) == ""
    assert len(read) == len(folders)


def test_the_list_of_this_system_is_understood() -> None:
    if not os.path.exists("/proc/self/mountinfo"):
        pytest.skip("there is no such list here")
    mounts = Mounts()
    mounts.silent(b"/proc")
    assert mounts._types[os.stat("/proc").st_dev] == "proc"
