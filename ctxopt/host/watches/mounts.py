"""Which file systems keep silent about changes that are made elsewhere.

A folder that VirtualBox shares with its guest is listed as `vboxsf`: what the host
writes there comes without a word. So does what another machine does on its side of a
network file system, and what happens in the folder behind a FUSE program. inotify only
tells of what programs of this system do in the file system itself.

Such a file system is told by its name in the list of mounts, and that by the device
number of a folder. The magic number that statfs(2) gives was weighed, too: it is one
and the same for sshfs, for virtiofs and for an NTFS disk in this machine, tells the
user no name, and Python has no call for it. A device number needs no path of the list
to be unescaped and compared, and is right where mounts cover or repeat each other. One
that is not in the list, as of a subvolume of btrfs, is taken to be of a disk.

EDGE CASE: an overlay is listed as `overlay`, whatever it lies on. The root of a
container that was started without rights may be `fuse.fuse-overlayfs`, and is polled
although nobody writes to it from elsewhere.
"""

from __future__ import annotations

import os
from contextlib import suppress

MOUNTS = "/proc/self/mountinfo"

# `fuse.NAME` as well. Not `fuseblk`: its device is in this machine, and nobody
# changes it from elsewhere.
SILENT = frozenset(
    {
        "fuse",
        # folders of the host: virtual machines, Docker Desktop, WSL
        *("9p", "virtiofs", "drvfs", "vboxsf", "vmhgfs", "prl_fs"),
        *("fakeowner", "grpcfuse", "osxfs"),
        # of a server
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph"),
        # of a cluster
        *("beegfs", "gfs2", "gpfs", "lustre", "ocfs2", "panfs", "pvfs2", "wekafs"),
    }
)


class Mounts:
    """The mounted file systems, from the list in `file`; none where it is missing."""

    __slots__ = ("_file", "_types")

    def __init__(self, file: str = MOUNTS) -> None:
        self._file = file
        self._types: dict[int, str] = {}  # by device number; "" for one not listed

    def silent(self, folder: bytes | int) -> str:
        """The type of the file system of a folder, if it keeps silent; "" if not.

        By path or by descriptor.
        """
        try:
            device = os.stat(folder).st_dev
        except OSError:
            return ""
        if device not in self._types:
            self._types.update(_types(self._file))
            self._types.setdefault(device, "")
        name = self._types[device]
        return name if name in SILENT or name.startswith("fuse.") else ""

    def forget(self) -> None:
        """Read the list again when next asked: a device number can be given anew."""
        self._types.clear()


def _types(file: str) -> dict[int, str]:
    """The types of the file systems in a list, by device number.

    Rule: proc(5), /proc/pid/mountinfo: the third field is the device, and the type
    follows the single hyphen behind fields that may be there or not.
    """
    types = {}
    with suppress(OSError), open(file, "rb") as lines:
        for line in lines:
            mount, _, kind = line.partition(b" - ")
            with suppress(ValueError, IndexError):
                major, minor = map(int, mount.split()[2].split(b":"))
                types[os.makedev(major, minor)] = os.fsdecode(kind.split()[0])
    return types
