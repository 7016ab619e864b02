"""CTX6xx: what arrives otherwise than was meant."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.checking.cases import Check, wrong

LABS = "# syntax=docker/dockerfile:1; FROM scratch; "
BASE = "FROM scratch; "

CATCHES = {
    "a pattern of --exclude that begins at the context": Check(
        LABS + "COPY --exclude=src/tests src /x/",
        files="src/a; src/tests/b",
        finds="CTX601 Dockerfile:3",
    ),
    "one that reaches the first level only": Check(
        LABS + "COPY --exclude=*.1 src /x/",
        files="src/a.1; src/deep/b.1",
        finds="CTX602 Dockerfile:3",
        cure="--exclude=**/*.1",
    ),
    "folders that lose their names": Check(
        BASE + "COPY * /x/",
        files="a/one; b/two; three",
        finds="CTX604 Dockerfile:2",
    ),
    "a path that is cut off at the root": Check(
        BASE + "COPY ../shared /x",
        files="shared/a",
        finds="CTX605 Dockerfile:2",
        says='what is taken is "shared"',
    ),
    "a file that arrives empty": Check(
        BASE + "COPY a/b /",
        ignore="a; !a/b; *",
        files="a/b/c",
        finds="CTX606",
    ),
}

CAUGHT_BELOW = {"CTX603", "CTX607"}

LEAVES_ALONE = {
    "files that are no links": Check(BASE + "COPY a /", files="a", silent="CTX603"),
    "a pattern that takes something away": Check(
        LABS + "COPY --exclude=tests src /x/",
        files="src/a; src/tests/b",
        silent="CTX601 CTX602",
    ),
    "a pattern for every level": Check(
        LABS + "COPY --exclude=**/*.1 src /x/",
        files="src/a.1; src/deep/b.1",
        silent="CTX601 CTX602",
    ),
    "files that a wildcard hits": Check(
        BASE + "COPY *.txt /x/", files="a.txt; b.txt; c/d.txt", silent="CTX604 CTX607"
    ),
    "a path that stays inside": Check(
        BASE + "COPY a/../b /x", files="a/c; b", silent="CTX605"
    ),
    "lines with ! below those that exclude": Check(
        BASE + "COPY a/b /", ignore="*; !a/b", files="a/b", silent="CTX606"
    ),
}


def test_a_link_without_its_target_is_caught(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web/l").symlink_to("../shared/f")
    case = Check(BASE + "COPY web /web", files="shared/f", finds="CTX603")
    assert wrong(case, tmp_path) == []
    both = Check(BASE + "COPY web /web; COPY shared /shared", silent="CTX603")
    assert wrong(both, tmp_path) == []


def test_a_socket_is_caught_where_it_is_left_out(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        case = Check(BASE + "COPY . /", builder="legacy", finds="CTX607")
        assert wrong(case, tmp_path) == []
