"""What ncdu is given is what would be sent: the same entries, and as many bytes."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.entries import exported, listing
from ctxopt.pipeline.report import analyze
from ctxopt.view.report import ncdu
from tests.test_properties import LINES, SOURCES, Tree, trees
from tests.texttree import plant

BUILDERS = [*BuilderName]


def document(request: Request) -> bytes:
    found = exported(request)
    pieces = ncdu.pieces(found.folder, found.frame_bytes, found.entries, version="1")
    return b"".join(pieces)


def read(text: bytes) -> tuple[str, int, list[tuple[str, int]]]:
    """The root, its own bytes, and all paths below in their order with theirs."""
    found = json.loads(text.decode("utf-8", "surrogateescape"))
    major, minor, _, (root, *inside) = found
    assert (major, minor) == (1, 0)

    def below(nodes: list[Any], prefix: str) -> Iterator[tuple[str, int]]:
        for node in nodes:
            own, rest = (node, None) if isinstance(node, dict) else (node[0], node[1:])
            assert own["asize"] == own["dsize"]
            path = prefix + own["name"]
            yield path if rest is None else f"{path}/", own["asize"]
            yield from below(rest or [], f"{path}/")

    return root["name"], root["asize"], [*below(inside, "")]


def is_what_would_be_sent(request: Request) -> None:
    try:
        report = analyze(request)
    except CtxoptError:
        with pytest.raises(CtxoptError):
            document(request)
        return
    folder, own, entries = read(document(request))
    listed = [
        (f"{one.path}{'/' * one.directory}", one.wire_bytes) for one in listing(request)
    ]
    assert folder == report.context_path
    assert [one for one in entries if one in listed or one[1]] == listed
    assert own + sum(size for _, size in entries) == report.transfer.tally.wire_bytes


@settings(max_examples=settings().max_examples // 2)
@given(tree=trees(), lines=LINES, sources=SOURCES, builder=st.sampled_from(BUILDERS))
def test_any_tree_is_exported_as_it_is_listed(
    tree: Tree, lines: list[str], sources: list[str], builder: BuilderName
) -> None:
    with tempfile.TemporaryDirectory(prefix="ctxopt-") as made:
        root = Path(made)
        tree.lay_out(root)
        (root / ".dockerignore").write_text("".join(f"{line}\n" for line in lines))
        copies = "".join(f"COPY {source} /to/\n" for source in sources)
        (root / "Dockerfile").write_text(f"FROM scratch\n{copies}")
        is_what_would_be_sent(Request(str(root), builder=builder))


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Names that break JSON, hard links, and what is no regular file."""
    plant(tmp_path, "a/f a/b/g z/h")
    (tmp_path / "a" / "f").write_bytes(b"x" * 5000)
    for other in ("a/b/linked", "z/linked"):
        (tmp_path / other).hardlink_to(tmp_path / "a" / "f")
    for name in ('quo"te', "back\\slash", "new\nline", "de\x7fl", "esc\x1b", "日本"):
        (tmp_path / "a" / name).touch()
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    return tmp_path


@pytest.mark.parametrize("builder", BUILDERS)
def test_odd_trees_are_exported_too(odd: Path, builder: BuilderName) -> None:
    is_what_would_be_sent(Request(str(odd), builder=builder))


def test_a_dockerfile_from_outside_weighs_with_the_root(
    odd: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "Dockerfile"
    other.write_text("FROM scratch\nCOPY . /\n")
    for builder in BUILDERS:
        is_what_would_be_sent(Request(str(odd), str(other), builder=builder))


def test_a_build_that_takes_nothing_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    assert read(document(Request(str(tmp_path)))) == (str(tmp_path), 0, [])


def test_what_is_no_file_says_so_and_no_name_is_a_hard_link(odd: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(odd / "socket"))
        text = document(Request(str(odd))).decode()
    unusual = [line for line in text.splitlines() if "notreg" in line]
    assert [line.split('"')[3] for line in unusual] == ["link", "socket"]
    assert "hlnkc" not in text
    assert "nlink" not in text


def test_names_are_the_bytes_that_they_are(odd: Path) -> None:
    Path(f"{odd}/caf\udce9").touch()
    text = document(Request(str(odd), builder=BuilderName.LEGACY))
    assert b'{"name":"caf\xe9",' in text
    assert b'"de\\u007fl"' in text
    assert b"\x7f" not in text


@pytest.mark.skipif(shutil.which("ncdu") is None, reason="ncdu is not installed here")
@pytest.mark.parametrize("builder", BUILDERS)
def test_ncdu_reads_what_was_written(
    odd: Path, builder: BuilderName, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It writes the same tree again, in an order of its own."""
    desk = tmp_path_factory.mktemp("desk")
    written, again = desk / "written", desk / "again"
    written.write_bytes(document(Request(str(odd), builder=builder)))
    run: Callable[..., Any] = subprocess.run
    run(["ncdu", "-0", "-f", str(written), "-o", str(again)], check=True, timeout=60)
    told, heard = json.loads(written.read_bytes()), json.loads(again.read_bytes())
    assert entries_of(heard[3]) == entries_of(told[3])


def entries_of(node: Any, above: str = "") -> set[tuple[str, int, bool]]:
    """Path, bytes, and whether it is regular, of all in a tree."""
    own, rest = (node, ()) if isinstance(node, dict) else (node[0], node[1:])
    path = f"{above}/{own['name']}"
    found = {(path, own.get("asize", 0), own.get("notreg", False))}
    return found.union(*(entries_of(one, path) for one in rest))
