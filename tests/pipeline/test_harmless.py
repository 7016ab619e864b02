"""A change that is cleared by names alone is one that the walks of builders accept."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError
from ctxopt.host.walk import names as names_module
from ctxopt.pipeline import simulation
from ctxopt.pipeline.simulation import (
    NewIgnoreFile,
    simulate,
    simulate_alone,
    simulate_together,
)
from tests.rights import as_nobody, public_folder
from tests.test_properties import LINES, PATHS, SOURCES, Tree, trees
from tests.texttree import plant

BUILDKIT, LEGACY, PODMAN = BuilderName.BUILDKIT, BuilderName.LEGACY, BuilderName.PODMAN


def lined(lines: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(line) + b"\n" for line in lines)


def asked(
    root: Path,
    lines: Sequence[str],
    announced: Collection[str] | None = None,
    *,
    builder: BuilderName = BUILDKIT,
    same_transfer: bool = False,
) -> tuple[Request, NewIgnoreFile]:
    """What is asked of another content for `.dockerignore`."""
    path = str(root / ".dockerignore")
    change = NewIgnoreFile(
        lined(lines), path, ".dockerignore", announced, same_transfer=same_transfer
    )
    return Request(str(root), builder=builder), change


def told_alone(request: Request, change: NewIgnoreFile) -> tuple[str, ...] | None:
    """What two walks for each builder say; None where they refuse."""
    try:
        return simulate_alone(request, change)
    except CtxoptError:
        return None


def project(
    root: Path, tree: str, *instructions: str, ignored: Sequence[str] = ()
) -> Path:
    plant(root, tree)
    (root / "Dockerfile").write_text("\n".join(["FROM scratch", *instructions, ""]))
    if ignored:
        (root / ".dockerignore").write_bytes(lined(ignored))
    return root


# --- anything --------------------------------------------------------------------


@pytest.mark.deep
@given(
    tree=trees(),
    lines=LINES,
    more=LINES,
    sources=st.lists(SOURCES, min_size=1, max_size=3),
    announced=st.one_of(st.none(), st.frozensets(PATHS, max_size=3)),
    same_transfer=st.booleans(),
    builder=st.sampled_from([BUILDKIT, BUILDKIT, LEGACY, PODMAN]),
)
@example(
    tree=Tree({"a/b": 1, "b": 1}, {}, {}, ()),
    lines=["a", "!a/b"],
    more=["b"],
    sources=[["a"], ["."]],
    announced=None,
    same_transfer=False,
    builder=BUILDKIT,
)
def test_what_names_clear_is_cleared_by_all_walks(
    *,
    tree: Tree,
    lines: list[str],
    more: list[str],
    sources: list[list[str]],
    announced: frozenset[str] | None,
    same_transfer: bool,
    builder: BuilderName,
) -> None:
    with tempfile.TemporaryDirectory(prefix="ctxopt-") as made:
        root = Path(made)
        tree.lay_out(root)
        (root / ".dockerignore").write_bytes(lined(lines))
        pairs = []
        for number, some in enumerate(sources):
            file = root / f"{number}.Dockerfile"
            copies = "".join(f"COPY {source} /to/\n" for source in some)
            file.write_text(f"FROM scratch\n{copies}")
            request, change = asked(
                root,
                [*lines, *more],
                announced,
                builder=builder,
                same_transfer=same_transfer,
            )
            pairs.append((request._replace(dockerfile=str(file)), change))
        for pair, known in zip(pairs, simulate_together(pairs), strict=True):
            alone = told_alone(*pair)
            event(f"by names {known is not None}, by walks {alone is not None}")
            if known is not None:
                assert known == alone


# --- what names are enough for ----------------------------------------------------


@pytest.mark.parametrize("builder", [BUILDKIT, LEGACY, PODMAN])
@pytest.mark.parametrize(
    ("ignored", "lines", "announced"),
    [
        pytest.param([], ["logs"], {"logs"}, id="a folder goes"),
        pytest.param([], ["**/*.log"], {"logs/a.log", "src/b.log"}, id="files go"),
        pytest.param(["logs"], ["logs", "docs"], {"docs"}, id="below other lines"),
        pytest.param(
            ["docs", "!docs/keep.md"],
            ["docs", "!docs/keep.md", "logs"],
            {"logs"},
            id="a line brings something else back",
        ),
        pytest.param(
            ["**/*.md", "!**/keep.md"],
            ["**/*.md", "!**/keep.md", "logs"],
            {"logs"},
            id="every folder is looked into for the sake of a line",
        ),
    ],
)
def test_an_ordinary_change_is_told_by_names(
    ignored: list[str],
    lines: list[str],
    announced: set[str],
    builder: BuilderName,
    tmp_path: Path,
) -> None:
    tree = "logs/a.log docs/x.md docs/keep.md src/a.py src/b.log link->src"
    root = project(tmp_path, tree, "COPY src /s", "COPY . /", ignored=ignored)
    asking = asked(root, lines, announced, builder=builder)
    (known,) = simulate_together([asking])
    assert known is not None
    assert known == told_alone(*asking)


def test_an_ordinary_change_makes_no_other_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, "logs/a src/b", "COPY src /s", "COPY . /")
    monkeypatch.setattr(simulation, "simulate_alone", None)
    assert simulate(*asked(root, ["logs"], {"logs"})) == ()


def test_all_builds_of_a_root_are_tried_in_one_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, "logs/a src/b/c", "COPY . /")
    other = tmp_path / "other.Dockerfile"
    other.write_text("FROM scratch\nCOPY logs /l\n")
    opened: list[str] = []
    folder = names_module.NamesBelow.folder

    def noted(walk: names_module.NamesBelow, path: str) -> object:
        opened.append(path)
        return folder(walk, path)

    monkeypatch.setattr(names_module.NamesBelow, "folder", noted)
    request, change = asked(root, ["logs"], {"logs"})
    pairs = [
        (request, change),
        (request._replace(dockerfile=str(other)), change),
        (request._replace(builder=LEGACY), change),
    ]
    assert simulate_together(pairs) == [(), None, ()]
    assert sorted(opened) == ["", "logs", "src", "src/b"]


# --- what they are not enough for -------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "announced"),
    [
        pytest.param(["logs", "src/a"], {"logs", "src/a"}, id="a source names it"),
        pytest.param(["logs", "!logs/x"], {"logs"}, id="some of it would stay"),
        pytest.param(["logs", "docs"], {"logs"}, id="more would go"),
        pytest.param([], {"old"}, id="something would come"),
        pytest.param(["old", "src", "!src/a"], None, id="a source with nothing left"),
        pytest.param(["old", "[a"], None, id="the builder refuses the line"),
    ],
)
def test_what_a_walk_refuses_is_not_told_by_names(
    lines: list[str], announced: set[str] | None, tmp_path: Path
) -> None:
    tree = "logs/x docs/y src/a src/w/b.py old/z"
    copies = ["COPY src/a /a", "COPY src/w/*.py /w/", "COPY . /"]
    root = project(tmp_path, tree, *copies, ignored=["old"])
    asking = asked(root, lines, announced)
    assert told_alone(*asking) is None
    assert simulate_together([asking]) == [None]


def test_a_socket_is_looked_at(tmp_path: Path) -> None:
    root = project(tmp_path, "logs/a", "COPY . /")
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(root)  # the path of a socket is short
        try:
            one.bind("sock")
        finally:
            os.chdir(here)
        asking = asked(root, ["logs"], {"logs"})
        assert simulate_together([asking]) == [None]
        assert simulate(*asking) == ()


@pytest.mark.parametrize("line", ["logs", "closed"])
def test_a_closed_folder_is_asked_about_alone(line: str) -> None:
    with public_folder() as folder:
        root = project(folder / "root", "logs/a closed/b", "COPY . /")
        (root / "closed").chmod(0)
        try:
            with as_nobody():
                asking = asked(root, [line], {line})
                assert simulate_together([asking]) == [None]
        finally:
            (root / "closed").chmod(0o755)


def test_a_path_that_is_too_long_is_asked_about_alone(tmp_path: Path) -> None:
    root = project(tmp_path, "logs/a", "COPY . /")
    deep = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 200, dir_fd=deep)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    assert simulate_together([asked(root, ["logs"], {"logs"})]) == [None]


@pytest.mark.parametrize(
    ("lines", "is_told"),
    [
        pytest.param(["a/b", "!a/b", "logs"], True, id="opened before and after"),
        pytest.param(["a/b", "!a", "logs"], False, id="named, and opened before only"),
    ],
)
def test_what_an_order_of_lines_withholds_is_asked_about_alone(
    lines: list[str], tmp_path: Path, *, is_told: bool
) -> None:
    # tonistiigi/fsutil, filter.go, filterFS.Open: asked by its path alone.
    root = project(tmp_path, "a/b/c logs/x", "COPY . /")
    asking = asked(root, lines, {"logs"})
    (known,) = simulate_together([asking])
    assert (known is not None) is is_told
    if is_told:
        assert known == told_alone(*asking)
