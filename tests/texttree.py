"""Trees written as one line of text, in memory and on disk.

Words are separated by blanks: `a/b` an empty file, `a/b:30` one of thirty bytes, `d/`
a folder, `l->target` a symbolic link. Folders on the way need not be named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.sources.tree import Found
from tests.trees import BASE_TIME_NS


class Planted(NamedTuple):
    """One word of a tree: a folder, a link, or a file of a size."""

    path: str
    kind: Found
    target: str = ""
    size: int = 0
    content: bytes = b""  # in memory only


def words(text: str) -> Iterator[Planted]:
    """What a tree's text asks for, folders on the way left out."""
    for word in text.split():
        name, arrow, target = word.partition("->")
        if arrow:
            yield Planted(name, Found.LINK, target)
        elif name.endswith("/"):
            yield Planted(name[:-1], Found.DIRECTORY)
        else:
            name, _, size = name.partition(":")
            yield Planted(name, Found.FILE, size=int(size or 0))


def plant(root: str | os.PathLike[str], text: str) -> Path:
    """Make the tree below `root`, times set, and hand `root` back."""
    base = Path(root)
    base.mkdir(parents=True, exist_ok=True)
    for one in words(text):
        path = base / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if one.kind is Found.LINK:
            path.symlink_to(one.target)
        elif one.kind is Found.DIRECTORY:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(b"x" * one.size)
    date(base)
    return base


def date(root: str | os.PathLike[str], time_ns: int = BASE_TIME_NS) -> None:
    """Give everything below `root` the same time."""
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            os.utime(path, ns=(time_ns, time_ns), follow_symlinks=False)


class MemoryTree:
    """The Tree of core, without a disk: of a text, or of what its words would say."""

    def __init__(self, planted: str | Iterable[Planted]) -> None:
        self._found: dict[str, Planted] = {"": Planted("", Found.DIRECTORY)}
        for one in words(planted) if isinstance(planted, str) else planted:
            parts = one.path.split("/")
            for end in range(1, len(parts)):
                folder = "/".join(parts[:end])
                self._found.setdefault(folder, Planted(folder, Found.DIRECTORY))
            self._found[one.path] = one

    def kind(self, path: str) -> Found | None:
        """What stands at `path`."""
        # A disk finds nothing behind a file, and does not look through links here.
        one = self._found.get(path)
        return None if one is None else one.kind

    def target(self, path: str) -> str:
        """The text of a link."""
        one = self._found.get(path)
        return "" if one is None else one.target

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes."""
        prefix = f"{path}/" if path else ""
        if self.kind(path) is not Found.DIRECTORY:
            return ()
        inside = (one for one in self._found if one and one.startswith(prefix))
        names = (one[len(prefix) :] for one in inside)
        return sorted({name for name in names if "/" not in name}, key=os.fsencode)

    def folders(self, path: str) -> Sequence[str]:
        """The folders among them."""
        prefix = f"{path}/" if path else ""
        return [
            name
            for name in self.names(path)
            if self.kind(prefix + name) is Found.DIRECTORY
        ]

    def head(self, path: str) -> bytes:
        """How a file begins."""
        one = self._found.get(path)
        return b"" if one is None else one.content[:4096]

    def paths(self) -> Iterator[tuple[str, Found]]:
        """Everything in the builder's order."""
        pending = [""]
        while pending:
            path = pending.pop()
            kind = self.kind(path)
            if path and kind is not None:
                yield path, kind
            prefix = f"{path}/" if path else ""
            pending.extend(prefix + name for name in reversed(self.names(path)))


def judged(
    state: JudgingState, tree: MemoryTree
) -> Iterator[tuple[str, Found, Decision]]:
    """Walk a tree in memory as host.walk does a real one."""

    def folder(path: str, state: JudgingState) -> Iterator[tuple[str, Found, Decision]]:
        for name in tree.names(path):
            here = f"{path}/{name}" if path else name
            kind = tree.kind(here)
            assert kind is not None
            decision = state.decide(name)
            if decision.error is not None and (
                kind is not Found.DIRECTORY or decision.enter
            ):
                raise decision.error
            yield here, kind, decision
            if kind is Found.DIRECTORY and decision.enter:
                yield from folder(here, decision.child)

    return folder("", state)


def sent(
    state: JudgingState, tree: MemoryTree, *, late_parents: bool, what: str = "taken"
) -> list[str]:
    """What travels, folders with a trailing `/`, late parents where they belong."""
    names: dict[str, None] = {}
    travels: Callable[[Decision], bool] = lambda one: bool(getattr(one, what))  # noqa: E731
    for path, kind, decision in judged(state, tree):
        if not travels(decision):
            continue
        if late_parents:
            parts = path.split("/")
            for end in range(1, len(parts)):
                names.setdefault("/".join(parts[:end]) + "/")
        names.setdefault(f"{path}/" if kind is Found.DIRECTORY else path)
    return list(names)
