"""A file and a folder that go to one place, as a BuildKit of August 2026 took them.

Rule: tonistiigi/fsutil, copy/copy.go. Each row was built there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Problem, Request
from ctxopt.core.sources.tree import Found
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline import arrivals, collisions
from ctxopt.pipeline.measuring import measure
from ctxopt.pipeline.report import analyze
from tests.texttree import plant

TREE = "bin/tool:1 lib/tool/x:1 m/a/b/c:1 n/a/b:1 q/z:1 lk->bin"
FOLDER = "cannot copy to non-directory: /"
FILE = "cannot replace to directory /"
BELOW = "mkdir /d: not a directory"
BOTH = "COPY --exclude=lib . /d/\nCOPY --exclude=bin . /d/\n"


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
        ("COPY bin/tool /d\nCOPY lib/tool/x /d/e/f", "lstat /d/e: not a directory"),
        ("COPY bin/tool /d\nCOPY lib /d/e/f/g/", "lstat /d/e: not a directory"),
        ("COPY bin/tool /d\nWORKDIR /d/e", "lstat /d/e: not a directory"),
        ("WORKDIR /w\nCOPY m/a a\nCOPY n .", f"{FILE}w/a/b with file"),
        ("WORKDIR /w\nCOPY n .\nWORKDIR a\nCOPY m/a/b b", f"{FOLDER}w/a/b"),
        ("COPY <<tool /d/\nhi\ntool\nCOPY lib /d/", f"{FOLDER}d/tool"),
        ("COPY lib /d/\nCOPY <<tool /d/\nhi\ntool", f"{FILE}d/tool with file"),
        ("COPY . /d/\nCOPY lib/tool /d/bin/tool", f"{FOLDER}d/bin/tool"),
        ("COPY . /d/\nCOPY bin /d/lib", f"{FILE}d/lib/tool with file"),
        pytest.param(
            "COPY --exclude=lib/tool . /d/\nCOPY bin/tool /d/lib/tool\nCOPY . /d/",
            f"{FOLDER}d/lib/tool",
            id="the same folder again, but something else stands in it",
        ),
        pytest.param(
            "ADD --exclude=lib/tool . /d/\nADD bin/tool /d/lib/tool\nADD . /d/",
            f"{FOLDER}d/lib/tool",
            id="and so of ADD",
        ),
        pytest.param(
            "COPY --exclude=bin . /d/\nCOPY bin/tool /d/bin\nCOPY --exclude=lib . /d/",
            f"{FOLDER}d/bin",
            id="and so where the second leaves something else out",
        ),
        pytest.param(
            f"{BOTH}COPY bin/tool /d/lib",
            f"{FILE}d/lib/tool with file",
            id="a folder that only the second copy brought",
        ),
        pytest.param(
            f"{BOTH}COPY bin /d/lib",
            f"{FILE}d/lib/tool with file",
            id="what only the second copy brought, under a folder",
        ),
        pytest.param(
            f"{BOTH}COPY lib /d/bin",
            f"{FOLDER}d/bin/tool",
            id="what only the first copy brought, under a folder",
        ),
        pytest.param(
            "FROM scratch AS a\nCOPY --exclude=lib . /d/\n"
            "FROM a\nCOPY --exclude=bin . /d/\nCOPY bin /d/lib",
            f"{FILE}d/lib/tool with file",
            id="the second copy in a stage that continues the first",
        ),
        pytest.param(
            "COPY --exclude=lib/tool/x . /d/\nCOPY bin /d/lib",
            f"{FILE}d/lib/tool with file",
            id="a folder of which all is left out is there",
        ),
        pytest.param(
            "COPY --exclude=a/b n /d/\nCOPY n /d/\nCOPY m /d/",
            f"{FOLDER}d/a/b",
            id="two copies of one folder, then another folder",
        ),
        pytest.param(
            "COPY m /d/\nCOPY --exclude=a/b n /d/\n"
            "COPY --exclude=a/b/c m /d/\nCOPY n /d/",
            f"{FILE}d/a/b with file",
            id="copies of two folders in turn",
        ),
        pytest.param(
            "COPY --exclude=lib/tool . /d/\nCOPY q /d/\nCOPY . /d/\nCOPY bin /d/lib",
            f"{FILE}d/lib/tool with file",
            id="the same folder again, another one between",
        ),
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
        pytest.param(
            "FROM b\nCOPY --exclude=a m /d/\nCOPY n /d/\n"
            "COPY bin/tool /d/a/z\nCOPY lib /d/a/z",
            id="an image may have more in a folder that two copies go to",
        ),
        pytest.param(
            "COPY --exclude=z q /d/q/\nCOPY bin/tool /d/q/z\nCOPY . /d/",
            id="a file over a file that the first copy left out",
        ),
        pytest.param(f"{BOTH}COPY lib/tool /d/bin", id="beside what the first brought"),
        pytest.param(
            "COPY --exclude=lib --exclude=!lib/tool . /d/\n"
            "COPY q/z /d/lib\nCOPY q /d/lib/",
            id="an exception makes the folder that is left out",
        ),
        pytest.param(
            "COPY --exclude=* --exclude=!**/x . /d/\nCOPY q/z /d/lib\nCOPY q /d/lib/",
            id="an exception far down makes it",
        ),
        pytest.param(
            "COPY --exclude=lib/tool . /d/\n"
            "COPY --exclude=lib --exclude=!lib/tool . /d/\n"
            "COPY q/z /d/lib/tool\nCOPY q /d/lib/tool/",
            id="an exception brings what the other copy leaves out",
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


class CountingTree(DiskTree):
    """Counts how often it is asked what stands at a path."""

    asked = 0

    def kind(self, path: str) -> Found | None:
        self.asked += 1
        return super().kind(path)


def counted(
    root: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> tuple[list[Problem], int]:
    """The clashes of a Dockerfile, and how often the disk was asked for them."""
    monkeypatch.setattr(arrivals, "DiskTree", CountingTree)
    base = "" if text.startswith("FROM") else "FROM scratch\n"
    (root / "Dockerfile").write_text(f"{base}{text}\n")
    made = measure(Request(str(root)), top=10, depth=1)
    came = arrivals.Arrivals(made.build, made.build.main, made.job, made.found)
    found = [*collisions.collisions_of(made.build, came)]
    assert isinstance(came.tree, CountingTree)
    return found, came.tree.asked


NINETY = range(10, 100)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("COPY --exclude=zz . /a\nCOPY . /a", id="with less, and whole"),
        pytest.param("COPY . /a\nCOPY --exclude=zz . /a", id="whole, and with less"),
        pytest.param(
            "COPY --exclude=x . /a\nCOPY --exclude=y . /a", id="each time with less"
        ),
        pytest.param("ADD --exclude=zz . /a\nADD . /a", id="by ADD"),
        pytest.param("COPY . /a\nCOPY --exclude=q p /a/p", id="a part of it again"),
        pytest.param("COPY --exclude=q p /a/p\nCOPY . /a", id="the part first"),
        pytest.param(
            "COPY p/s /a/\nCOPY q /a/\nCOPY --exclude=zz p/s /a/", id="another between"
        ),
        pytest.param("COPY p p ./p /a/", id="named twice in one instruction"),
        pytest.param(
            "FROM b AS b\nCOPY --exclude=zz . /a\nFROM b\nCOPY . /a",
            id="in a stage that continues another",
        ),
    ],
)
def test_the_same_folder_copied_twice_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    plant(tmp_path, " ".join(("q/z", *(f"p/s/f{number}" for number in NINETY))))
    found, asked = counted(tmp_path, monkeypatch, text)
    assert found == []
    assert asked < 20


def twins(root: Path) -> None:
    """Two folders with the same ninety names, and a clash behind them."""
    names = [f"{top}/s/f{number}" for top in "pr" for number in NINETY]
    plant(root, " ".join((*names, "p/s/z", "r/s/z/x")))


BEHIND = [
    pytest.param("COPY p /a/\nCOPY r /a/", id="two folders"),
    pytest.param("COPY p r /a/", id="sources of one instruction"),
    pytest.param("COPY [pr] /a/", id="what a wildcard hits"),
    pytest.param("COPY p/s/* /a/\nCOPY r/s /a/", id="files that a wildcard hits"),
    pytest.param(
        "FROM scratch AS b\nCOPY p /a/\nFROM b\nCOPY r /a/",
        id="a stage that continues another",
    ),
    pytest.param("ADD p /a/\nADD r /a/", id="by ADD"),
    pytest.param(
        "COPY --exclude=zz p /a/\nCOPY p /a/\nCOPY r /a/", id="one of them twice"
    ),
]


@pytest.mark.parametrize("text", BEHIND)
def test_a_clash_behind_many_names_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    twins(tmp_path)
    (problem,), _ = counted(tmp_path, monkeypatch, text)
    assert problem.message.partition("; ")[0].startswith('"r/s/z" is a folder, but')


@pytest.mark.parametrize("text", BEHIND)
def test_nothing_is_said_once_all_looks_are_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    twins(tmp_path)
    monkeypatch.setattr(collisions, "MOST_LOOKS", 40)
    found, asked = counted(tmp_path, monkeypatch, text)
    assert found == []
    assert asked < 100


def test_looks_are_shared_by_all_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins(tmp_path)
    monkeypatch.setattr(collisions, "MOST_LOOKS", 40)
    stage = "FROM scratch\nCOPY p /a/\nCOPY r /a/\n"
    _, asked = counted(tmp_path, monkeypatch, stage)
    assert counted(tmp_path, monkeypatch, stage * 9) == ([], asked)


def test_what_takes_too_long_to_tell_is_not_taken_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/d/lib` is a folder in the end, so that the file goes into it."""
    plant(tmp_path, "lib/a/b/c/x bin/tool q/z")
    (tmp_path / ".dockerignore").write_text("*\n!**/x\n!bin\n!q\n")
    monkeypatch.setattr(arrivals, "MOST_LOOKS", 1)
    text = "COPY . /d/\nCOPY bin/tool /d/lib\nCOPY q /d/lib/"
    assert counted(tmp_path, monkeypatch, text)[0] == []


@pytest.mark.parametrize(("levels", "expected"), [(100, 1), (400, 0)])
def test_of_what_is_very_deep_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, levels: int, expected: int
) -> None:
    deep = "d/" * levels
    plant(tmp_path, f"p/{deep}z r/{deep}z/x")
    found, _ = counted(tmp_path, monkeypatch, "COPY p /a/\nCOPY r /a/")
    assert len(found) == expected


DEEP = "/d" * 1500


@pytest.mark.parametrize(
    "text",
    [
        f"FROM scratch AS a\nCOPY bin {DEEP}/\nFROM a\nCOPY bin {DEEP}/",
        f"WORKDIR {DEEP}\nCOPY bin .\nRUN x\nCOPY bin .\nCOPY bin ./bin/tool",
        f"FROM b\nWORKDIR {DEEP[1:]}\nCOPY bin .\nCOPY bin bin/tool",
    ],
    ids=["a destination", "a folder to work in", "one below that of an image"],
)
def test_of_a_very_deep_place_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    plant(tmp_path, "bin/tool")
    assert counted(tmp_path, monkeypatch, text)[0] == []


@pytest.mark.parametrize(
    ("copies", "stages", "expected"),
    [
        pytest.param(1, 0, 1, id="few"),
        pytest.param(200, 0, 0, id="patterns over and over"),
        pytest.param(1, 200, 0, id="stages that begin with what is known"),
    ],
)
def test_what_is_gone_through_counts_though_the_disk_is_not_asked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copies: int,
    stages: int,
    expected: int,
) -> None:
    twins(tmp_path)
    monkeypatch.setattr(collisions, "MOST_LOOKS", 1200)
    first = "COPY --exclude=zz p /a/\n" * copies + "COPY --exclude=s/z r /a/\n"
    more = "".join(f"FROM a{number} AS a{number + 1}\n" for number in range(stages))
    text = f"FROM scratch AS a0\n{first}{more}COPY r /a/"
    assert len(counted(tmp_path, monkeypatch, text)[0]) == expected
