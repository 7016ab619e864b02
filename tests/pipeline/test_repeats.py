"""What a second build sends, where a file arrives empty and is asked for each time.

The sizes are what a BuildKit of August 2026 printed of a first and a second build.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.core.model import Request
from ctxopt.pipeline.report import analyze
from tests.rights import as_nobody, public_folder
from tests.texttree import date, plant

IN_ORDER = "docs\n!**/*.md\n*\n"  # lets `docs/x/a.md` through by its order alone


def built(root: Path, copy: str, ignore: str = "") -> tuple[int, int | None]:
    """The bytes of a first build and of a second one."""
    (root / "Dockerfile").write_text(f"FROM scratch\nCOPY {copy} /d/\n")
    if ignore:
        (root / ".dockerignore").write_text(ignore)
    date(root)
    with as_nobody():
        transfer = analyze(Request(root)).transfer
    return transfer.tally.wire_bytes, transfer.repeat_wire_bytes


def unreadable(path: Path) -> None:
    path.chmod(0o200)  # as long on the wire as that of a file one may read


def test_a_file_kept_only_by_the_order_of_lines_is_sent_again() -> None:
    with public_folder() as root:
        plant(root, "docs/x/a.md:6")
        assert built(root, "docs/x/a.md", IN_ORDER) == (86, 86)


def test_among_several_only_what_should_hold_something_is_sent_again() -> None:
    with public_folder() as root:
        plant(root, "docs/x/a.md:6 docs/x/b.md:8 docs/x/empty.md docs/top.md:292 a/ z/")
        os.link(root / "docs/x/a.md", root / "docs/x/l.md")
        assert built(root, ".", IN_ORDER) == (234, 230)


def test_an_unreadable_file_is_sent_again() -> None:
    with public_folder() as root:
        plant(root, "a:2")
        unreadable(root / "a")
        assert built(root, "a") == (24, 24)


@pytest.mark.parametrize(
    ("copy", "first", "again"),
    [
        pytest.param(".", 238, 191, id="of all: the first name only"),
        pytest.param("m/b", 49, 49, id="of the second name alone: that one"),
    ],
)
def test_an_unreadable_inode_is_sent_again_by_its_first_name(
    copy: str, first: int, again: int
) -> None:
    with public_folder() as root:
        plant(root, "a:51 m/c:3 n:13893 e")
        os.link(root / "a", root / "m/b")
        os.link(root / "m/c", root / "z")
        for name in ("a", "n", "e"):
            unreadable(root / name)
        assert built(root, copy) == (first, again)
