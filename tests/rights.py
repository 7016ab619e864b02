"""Being somebody who may not do everything, for tests that often run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def is_root() -> bool:
    """Whether this process may do everything."""
    return os.geteuid() == 0


@contextmanager
def as_nobody() -> Iterator[None]:
    """Go on without root's rights, if it has them; back to them at the end."""
    if not is_root():
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@contextmanager
def public_folder() -> Iterator[Path]:
    """An empty folder that everybody can reach, unlike those of pytest."""
    path = Path(tempfile.mkdtemp(prefix="ctxopt-test-"))
    path.chmod(0o755)
    try:
        yield path.resolve()
    finally:
        for folder, _, _ in os.walk(path):
            if not os.path.islink(folder):
                os.chmod(folder, 0o755)
        shutil.rmtree(path)


@contextmanager
def deep_folder(depth: int, name: str = "d") -> Iterator[Path]:
    """A folder with `depth` folders one inside the other and a file in the last."""
    with public_folder() as root:
        fd = os.open(root, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir(name, dir_fd=fd)
            below = os.open(name, os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = below
        with open(os.open("f", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=fd), "wb") as f:
            f.write(b"x" * 10)
        os.close(fd)
        try:
            yield root
        finally:
            # Python removes trees by recursion, and would not come to the end.
            subprocess.run(["rm", "-rf", str(root / name)], check=True)
