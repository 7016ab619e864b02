"""Paths listed by several processes are those that one walk lists, and as they come.

tests/test_conformance.py holds that of every recorded context, too.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError, WorkerError
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.walk import Walk
from ctxopt.pipeline import paths
from ctxopt.pipeline.entries import listing
from ctxopt.pipeline.paths import listed_paths
from tests.divided import divided, without_children, without_forks
from tests.test_properties import LINES, SOURCES, Tree, trees
from tests.texttree import plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
FLAGS: list[dict[str, bool]] = [{}, {"whole": True}, {"unused": True}]
# Workers, rows and waiting folders, names at a time, parts: as in test_sharing.
DIVISIONS = [(1, 0, 2, 512, 128), (8, 0, 2, 512, 128), (2, 3, 2, 2, 1)]


def by_entries(request: Request, flags: dict[str, bool]) -> Iterator[object]:
    """What one walk lists, and how it ends."""
    try:
        for one in listing(request, **flags):  # type: ignore[arg-type]
            yield os.fsencode(one.path + "/" * one.directory)
    except CtxoptError as error:
        yield str(error)


def by_paths(request: Request, flags: dict[str, bool]) -> Iterator[object]:
    try:
        for piece in listed_paths(request, **flags):  # type: ignore[arg-type]
            yield from piece.split(b"\0")[:-1]
    except CtxoptError as error:
        yield str(error)


def check(request: Request, lists: Sequence[dict[str, bool]]) -> None:
    """Some lists, in one process and shared out in several ways."""
    for flags in lists:
        for workers, rows, folders, names, parts in DIVISIONS:
            with pytest.MonkeyPatch.context() as patch, without_forks():
                patch.setattr(paths, "available_workers", lambda many=workers: many)
                patch.setattr(paths, "AHEAD_ENTRIES", 0)
                with divided(rows, folders, names, parts=parts):
                    # How much is listed before a pattern fails depends on `names`.
                    expected = [*by_entries(request, flags)]
                    assert [*by_paths(request, flags)] == expected


@pytest.mark.deep
@settings(max_examples=settings().max_examples // 3)
@given(
    tree=trees(),
    lines=st.one_of(LINES, LINES.map(lambda lines: [*lines, "a/b", "![z-a]"])),
    sources=SOURCES,
    builder=st.sampled_from([BUILDKIT, LEGACY]),
)
def test_any_tree_is_listed_alike(
    tree: Tree, lines: list[str], sources: list[str], builder: BuilderName
) -> None:
    with tempfile.TemporaryDirectory(prefix="ctxopt-") as made:
        root = Path(made)
        tree.lay_out(root)
        (root / ".dockerignore").write_text("".join(f"{line}\n" for line in lines))
        copies = "".join(f"COPY {source} /to/\n" for source in sources)
        (root / "Dockerfile").write_text(f"FROM scratch\n{copies}")
        check(Request(str(root), builder=builder), FLAGS)


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """Folders `00` to `19`, each with ten files, of which a build takes all."""
    words = [f"{folder:02}/{name}" for folder in range(20) for name in range(10)]
    plant(tmp_path, " ".join(words))
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    return tmp_path


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_lines_are_there_while_the_walk_stands_still(
    crowd: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [*by_entries(Request(str(crowd)), {})]
    gate, opener = os.pipe()
    look = RootOnDisk.open

    def waits(disk: RootOnDisk, path: str) -> int:
        if path == "12":
            os.read(gate, 1)
        return look(disk, path)

    monkeypatch.setattr(RootOnDisk, "open", waits)
    monkeypatch.setattr(paths, "available_workers", lambda: workers)
    monkeypatch.setattr(paths, "AHEAD_ENTRIES", 0)
    with divided(parts=20):
        pieces = listed_paths(Request(str(crowd)))
        seen = b""
        while b"09/9\0" not in seen:
            seen += next(pieces)
        assert b"12/" not in seen
        os.write(opener, b"x")
        seen += b"".join(pieces)
    assert seen.split(b"\0")[:-1] == expected


def test_the_first_lines_need_no_division_of_the_tree(
    crowd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def divided_in_vain(walk: Walk) -> NoReturn:
        raise AssertionError("the tree is divided")

    monkeypatch.setattr(Walk, "divided", divided_in_vain)
    monkeypatch.setattr(paths, "available_workers", lambda: 3)
    monkeypatch.setattr(paths, "AHEAD_ENTRIES", 100)
    pieces = listed_paths(Request(str(crowd)))
    seen = b"".join([next(pieces) for _ in range(8)])
    assert b"00/0\0" in seen
    with pytest.raises(AssertionError, match="divided"):
        seen += b"".join(pieces)
    monkeypatch.setattr(paths, "AHEAD_ENTRIES", 1000)
    assert [*by_paths(Request(str(crowd)), {})] == [
        *by_entries(Request(str(crowd)), {})
    ]


def test_a_reader_who_leaves_ends_the_workers(
    crowd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "available_workers", lambda: 3)
    monkeypatch.setattr(paths, "AHEAD_ENTRIES", 0)
    with divided(parts=20), without_children() as forked:
        pieces = listed_paths(Request(str(crowd)))
        while b"05/9\0" not in next(pieces):
            pass
        assert forked
        pieces.close()  # type: ignore[attr-defined]  # of a generator


def test_a_killed_worker_is_no_shorter_list(
    crowd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, look = os.getpid(), RootOnDisk.open

    def dies(disk: RootOnDisk, path: str) -> int:
        if path == "12" and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return look(disk, path)

    monkeypatch.setattr(RootOnDisk, "open", dies)
    monkeypatch.setattr(paths, "available_workers", lambda: 3)
    monkeypatch.setattr(paths, "AHEAD_ENTRIES", 0)
    with divided(parts=20), pytest.raises(WorkerError, match="SIGKILL"):
        [*listed_paths(Request(str(crowd)))]
