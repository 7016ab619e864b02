"""A file and a folder that go to one place, as a BuildKit of August 2026 took them.

Rule: tonistiigi/fsutil, copy/copy.go. Each row was built there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Problem, Request
from ctxopt.pipeline.report import analyze
from tests.texttree import plant

TREE = "bin/tool:1 lib/tool/x:1 m/a/b/c:1 n/a/b:1 q/z:1 lk->bin"
FOLDER = "cannot copy to non-directory: /"
FILE = "cannot replace to directory /"
BELOW = "mkdir /d: not a directory"


def clashes(root: Path, text: str, tree: str = TREE, **more: object) -> list[Problem]:
    if not (root / "Dockerfile").exists():
        plant(root, tree)
    base = "" if text.startswith("FROM") else "FROM scratch\n"
    (root / "Dockerfile").write_text(f"{base}{text}\n")
    report = analyze(Request(root, **more))  # type: ignore[arg-type]
    return [one for one in report.problems if one.code == "copy-collision"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("COPY * /d/", f"{FOLDER}d/tool"),
        ("COPY bin lib /d/", f"{FOLDER}d/tool"),
        ("COPY lib bin /d/", f"{FILE}d/tool with file"),
        ("COPY m n /d/", f"{FILE}d/a/b with file"),
        ("COPY [mn] /d/", f"{FILE}d/a/b with file"),
        ("COPY n m /d/", f"{FOLDER}d/a/b"),
        ("COPY m/* n/* /d/", f"{FILE}d/b with file"),
        ('ADD ["bin", "lib", "/d/"]', f"{FOLDER}d/tool"),
        ("COPY lk lib /d/", f"{FOLDER}d/tool"),
        ("COPY --link bin lib /d/", f"{FOLDER}d/tool"),
        ("COPY --exclude=tool/* lib bin /d/", f"{FILE}d/tool with file"),
        ("COPY bin /d/\nCOPY lib /d/", f"{FOLDER}d/tool"),
        ("COPY lib /d/\nCOPY bin /d/", f"{FILE}d/tool with file"),
        ("COPY lib /d/tool\nCOPY bin/tool /d/tool", f"{FILE}d/tool/tool with file"),
        ("COPY lib /d\nCOPY bin/tool /d", f"{FILE}d/tool with file"),
        ("COPY bin/tool /d\nCOPY lib /d", f"{FOLDER}d"),
        ("COPY bin/tool /d\nCOPY lib /d/", BELOW),
        ("COPY bin/tool /d\nCOPY lib/tool/x /d/", BELOW),
        ("COPY bin/tool /d\nCOPY lib/tool/x /d/e", BELOW),
        ("COPY bin/tool /d\nWORKDIR /d", BELOW),
        ("WORKDIR /w\nCOPY m/a a\nCOPY n .", f"{FILE}w/a/b with file"),
        ("WORKDIR /w\nCOPY n .\nWORKDIR a\nCOPY m/a/b b", f"{FOLDER}w/a/b"),
        ("COPY <<tool /d/\nhi\ntool\nCOPY lib /d/", f"{FOLDER}d/tool"),
        ("COPY lib /d/\nCOPY <<tool /d/\nhi\ntool", f"{FILE}d/tool with file"),
        ("COPY . /d/\nCOPY lib/tool /d/bin/tool", f"{FOLDER}d/bin/tool"),
        ("COPY . /d/\nCOPY bin /d/lib", f"{FILE}d/lib/tool with file"),
        ("ARG D=/d\nCOPY bin $D/\nCOPY lib $D/", f"{FOLDER}d/tool"),
        ("FROM b\nARG D=/d/\nCOPY bin $D\nCOPY lib $D", f"{FOLDER}d/tool"),
        ("FROM b\nENV D=/d\nCOPY bin $D\nCOPY lib ${D}", f"{FOLDER}d/tool"),
        ("FROM b\nARG S=bin\nCOPY $S /d/\nCOPY lib /d/", f"{FOLDER}d/tool"),
        ("FROM b\nARG D=/d\nCOPY bin lib ${D:-/e}/", f"{FOLDER}d/tool"),
        (
            "FROM b AS c\nENV D=/d\nFROM c\nCOPY bin $D/\nCOPY lib $D/",
            f"{FOLDER}d/tool",
        ),
        ("FROM b\nCOPY bin '/$D/'\nCOPY lib '/$D/'", f"{FOLDER}$D/tool"),
        ("COPY bin ./\nCOPY lib .", f"{FOLDER}tool"),
        ("FROM scratch AS a\nCOPY bin /d/\nFROM a\nCOPY lib /d/", f"{FOLDER}d/tool"),
        pytest.param(
            "FROM base:1\nCOPY bin /d/\nCOPY lib /d/",
            f"{FOLDER}d/tool",
            id="whatever the image holds",
        ),
        pytest.param(
            "FROM base:1\nCOPY bin lib d/",
            "cannot copy to non-directory: d/tool",
            id="in one instruction, whatever the folder",
        ),
    ],
)
def test_a_clash_is_an_error_at_the_later_line(
    tmp_path: Path, text: str, words: str
) -> None:
    (problem,) = clashes(tmp_path, text)
    assert problem.severity == "error"
    assert problem.message.endswith(f"the build fails: {words}")
    lines = (tmp_path / "Dockerfile").read_text().splitlines()
    later = [number for number, line in enumerate(lines, 1) if line[:4] != "hi"]
    later = [number for number in later if lines[number - 1] != "tool"]
    assert problem.line == later[-1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("COPY bin/tool lib/tool /d/", id="a folder gives what is in it"),
        pytest.param("COPY bin/* lib/* /d/", id="and so does one that a wildcard hits"),
        pytest.param("COPY --exclude=tool lib bin /d/", id="both are left out"),
        pytest.param("COPY --parents bin lib /d/", id="paths stay apart"),
        pytest.param("COPY --link bin /d/\nCOPY --link lib /d/", id="put on top"),
        pytest.param("COPY bin/tool /d\nCOPY lib/tool/x /d", id="a file over a file"),
        pytest.param("COPY . /d/\nCOPY bin /d/bin\nCOPY . /d/", id="the same again"),
        pytest.param("COPY bin /d/\nFROM scratch\nCOPY lib /d/", id="another stage"),
        pytest.param("COPY bin /d/\nRUN rm -r /d\nCOPY lib /d/", id="a RUN between"),
        pytest.param("FROM b\nCOPY bin/tool /d\nCOPY lib /d", id="/d may be a folder"),
        pytest.param("FROM b\nCOPY bin $D/\nCOPY lib $D/", id="an image may set it"),
        pytest.param("FROM b\nCOPY bin d/\nCOPY lib /d/", id="it may be elsewhere"),
        pytest.param(
            "FROM b\nCOPY bin ${D:-/d}/\nCOPY lib /d/", id="a default is no more sure"
        ),
        pytest.param(
            "FROM b\nCOPY ${S:-bin} /d/\nCOPY lib /d/", id="nor is that of a source"
        ),
        pytest.param(
            "FROM b\nENV D=$E/d\nCOPY bin $D/\nCOPY lib /d/", id="by way of another"
        ),
        pytest.param(
            "FROM b\nCOPY bin /d/\nCOPY a* $D\nCOPY lib /d/", id="anything in between"
        ),
        pytest.param(
            "COPY bin /d/\nCOPY --from=b:1 / /d/\nCOPY lib /d/", id="an image between"
        ),
    ],
)
def test_what_does_not_clash_or_is_not_known_to_is_no_problem(
    tmp_path: Path, text: str
) -> None:
    assert clashes(tmp_path, text) == []


def test_what_is_not_sent_is_not_in_the_way(tmp_path: Path) -> None:
    for ignore in ("lib/tool", "bin/tool", "**/x\nlib/tool"):
        (tmp_path / ".dockerignore").write_text(ignore)
        assert clashes(tmp_path, "COPY bin lib /d/") == []


def test_a_folder_that_is_sent_for_what_is_in_it_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("lib\n!lib/tool/x\n")
    assert len(clashes(tmp_path, "COPY bin lib /d/")) == 1


def test_an_archive_may_hold_anything(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(b"\x1f\x8b\x08 and so on")
    assert clashes(tmp_path, "COPY bin /d/\nADD a.tgz /d/\nCOPY lib /d/") == []


def test_a_link_is_a_file_where_it_is_copied_with_its_folder(tmp_path: Path) -> None:
    (problem,) = clashes(tmp_path, "COPY a b /d/", tree="a/t->x a/x b/t/y")
    assert problem.message.endswith("cannot copy to non-directory: /d/t")


LINKED = "a/s/t deep/b/s/t/u lnk->deep/b base->deep"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("COPY deep /y/\nCOPY */s /x/", 0, id="a wildcard hits the link"),
        pytest.param("COPY deep /y/\nADD l*/s a/s /x/", 0, id="and so of ADD"),
        pytest.param("COPY a/s base/*/s /x/", 1, id="it is named before the wildcard"),
        pytest.param("COPY a/s deep/*/s /x/", 1, id="there is no link"),
    ],
)
def test_a_wildcard_enters_no_link(tmp_path: Path, text: str, expected: int) -> None:
    assert len(clashes(tmp_path, text, tree=LINKED)) == expected


def test_both_paths_are_named(tmp_path: Path) -> None:
    (problem,) = clashes(tmp_path, "COPY bin lib /d/")
    assert problem.message.startswith(
        '"lib/tool" is a folder, but "bin/tool" is already a file at /d/tool;'
    )


def test_nothing_is_known_of_the_legacy_daemon(tmp_path: Path) -> None:
    assert clashes(tmp_path, "COPY bin lib /d/", builder=BuilderName.LEGACY) == []
