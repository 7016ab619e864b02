"""A tree that changes at random, for what has to keep up with it."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

NAMES = ["a", "b", "c.log", "d", "node_modules", "e.txt", ".git", "logs", "f f", "é"]


class Disk:
    """A tree that changes at random, and tells what was touched."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)  # noqa: S311  # nothing is a secret here
        self.names: dict[str, frozenset[str]] = {}
        self.subtrees: set[str] = set()
        # Kept, for a walk before every change would take longer than all changes.
        self.folders = _folders_of(root)

    def _gone(self, path: str) -> list[str]:
        """Forget a folder and those below it; what they were called from it on."""
        lost = [one for one in self.folders if f"{one}/".startswith(f"{path}/")]
        for one in lost:
            self.folders.remove(one)
        return [one[len(path) :] for one in lost]

    def touch(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.names[folder] = self.names.get(folder, frozenset()) | {name}
        self.subtrees.add(path)
        if name == ".gitignore":
            self.subtrees.add(folder)

    def operate(self) -> None:
        pick = self.random.choice
        path = os.path.join(pick(self.folders), pick(NAMES))
        full = self.root / path
        other = os.path.join(pick(self.folders), pick(NAMES))
        kind = self.random.randrange(9)
        if kind < 2 and not os.path.lexists(full):
            full.mkdir()
            self.folders.append(path)
        elif kind < 4 and not full.is_dir() and not full.is_symlink():
            full.write_bytes(b"x" * self.random.randrange(3000))
        elif kind == 4 and os.path.lexists(full):
            if full.is_dir() and not full.is_symlink():
                shutil.rmtree(full)
                self._gone(path)
            else:
                full.unlink()
        elif kind == 5 and os.path.lexists(full):
            inside = f"{other}/".startswith(f"{path}/")
            if not os.path.lexists(self.root / other) and not inside:
                full.rename(self.root / other)
                self.folders += [other + rest for rest in self._gone(path)]
                self.touch(other)
        elif kind == 6 and not os.path.lexists(full):
            full.symlink_to(pick(NAMES))
        elif kind == 7 and full.is_file() and not full.is_symlink():
            if not os.path.lexists(self.root / other):
                # Nobody tells of the name that was there before.
                os.link(full, self.root / other)
                self.touch(other)
                return
        elif kind == 8 and full.exists() and not full.is_symlink():
            full.chmod(pick([0o755, 0o644, 0o700]))
        else:
            return
        self.touch(path)


def _folders_of(root: Path) -> list[str]:
    """The paths of the folders below one, beginning with itself, which is empty."""
    found = [os.path.relpath(folder, root) for folder, _, _ in os.walk(root)]
    return ["", *sorted(found[1:])]
