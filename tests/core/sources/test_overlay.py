"""What copies make of an empty stage, beside copying all of it name by name."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.limited import LimitedTree
from ctxopt.core.sources.overlay import (
    Clash,
    CollisionError,
    CopiedFiles,
    Destination,
    Overlay,
)
from ctxopt.core.sources.tree import Found
from tests.texttree import MemoryTree

# One name is a folder here and a file there, and some are in both.
TREE = MemoryTree("p/a/b/c p/a/d p/b p/c/a r/a/b r/a/c/d r/b/a r/d s/b s/a/b/c")
NAMES = st.sampled_from(["a", "b", "c", "d"])
SOURCES = st.sampled_from(
    ["p", "r", "s", "", "p/a", "r/a", "s/a", "p/b", "r/b", "p/a/b", "r/a/b"]
)
LEFT_OUT = st.lists(NAMES, min_size=1, max_size=2).map("/".join)
TARGETS = st.builds(
    lambda parts, as_folder: Destination("/" + "/".join(parts), as_folder),
    st.lists(NAMES, max_size=2),
    st.booleans(),
)


@dataclass(frozen=True)
class Copy:
    """One COPY of one source."""

    source: str
    left_out: str | None
    target: Destination

    @property
    def exclude(self) -> Matcher | None:
        if self.left_out is None:
            return None
        return Matcher(compile_patterns([self.left_out]))


COPIES = st.lists(
    st.builds(Copy, SOURCES, st.none() | LEFT_OUT, TARGETS), min_size=2, max_size=6
)
Outcome: TypeAlias = tuple[int, Clash, str] | None


class ClashError(Exception):
    """Which rule is broken, and where."""


@dataclass
class Stage:
    """Paths of a stage, and whether each is a folder.

    Rule: tonistiigi/fsutil, copy/copy.go; containerd/continuity, fs/path.go.
    """

    folders: dict[str, bool] = field(default_factory=lambda: {"": True})

    def make(self, path: str) -> None:
        parts = [part for part in path.split("/") if part]
        for end in range(1, len(parts) + 1):
            here = "/".join(parts[:end])
            if not self.folders.setdefault(here, True):
                # What is deeper is looked up on the way, before anything is made.
                is_last = end == len(parts)
                clash = Clash.BELOW_FILE if is_last else Clash.DEEP_BELOW_FILE
                raise ClashError(clash, here)

    def file(self, path: str) -> None:
        if self.folders.get(path):
            raise ClashError(Clash.FILE_ON_FOLDER, path)
        self.folders[path] = False

    def folder(self, layer: CopiedFiles, path: str) -> None:
        if not self.folders.setdefault(path, True):
            raise ClashError(Clash.FOLDER_ON_FILE, path)
        for name in TREE.names(layer.path):
            inside = layer.inside(name)
            if inside.exclude and inside.exclude.verdict(inside.below).excluded:
                continue
            if TREE.kind(inside.path) is Found.DIRECTORY:
                self.folder(inside, join(path, name))
            else:
                self.file(join(path, name))

    def copy(self, one: Copy) -> None:
        layer = CopiedFiles(one.source, exclude=one.exclude)
        target = one.target.path.lstrip("/")
        self.make(target if one.target.as_folder else posixpath.dirname(target))
        if TREE.kind(one.source) is Found.DIRECTORY:
            self.folder(layer, target)
        elif one.target.as_folder or self.folders.get(target):
            self.file(join(target, posixpath.basename(one.source)))
        else:
            self.file(target)


def by_hand(copies: Sequence[Copy]) -> Outcome:
    stage = Stage()
    for at, one in enumerate(copies):
        try:
            stage.copy(one)
        except ClashError as error:
            return at, error.args[0], "/" + error.args[1]
    return None


def by_overlay(copies: Sequence[Copy], stages: Sequence[int]) -> Outcome:
    overlay = Overlay(LimitedTree(TREE, 10_000), lambda _: True, is_open=False)
    for at, one in enumerate(copies):
        layer = CopiedFiles(one.source, exclude=one.exclude)
        try:
            overlay.put(posixpath.basename(one.source), layer, one.target)
        except CollisionError as error:
            return at, error.collision.clash, error.collision.place
        if at in stages:
            before, overlay = overlay, overlay.copy()
            _spoil(before)
    return None


def _spoil(overlay: Overlay) -> None:
    """Copy more to a stage that another one has begun with, which must not show."""
    try:
        for name in "abcd":
            overlay.put_file(name, name, Destination("/a", as_folder=True))
    except CollisionError:
        pass


# They are drawn in a moment.
many = settings(max_examples=settings().max_examples * 2)


@many
@given(COPIES, st.lists(st.integers(0, 5), max_size=2))
def test_the_first_clash_is_that_of_copying_everything(
    copies: list[Copy], stages: list[int]
) -> None:
    assert by_overlay(copies, stages) == by_hand(copies)
