"""What is said of a source that the ignore file keeps out: the line that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.findings import codes
from ctxopt.core.model import BuilderName, Report, Request, SourceState
from tests.texttree import date, plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def project(root: Path, tree: str, dockerfile: str, ignore: str) -> Path:
    plant(root, tree)
    (root / "Dockerfile").write_text(f"FROM scratch\n{dockerfile}\n")
    (root / ".dockerignore").write_text(ignore)
    date(root)
    return root


def scan(root: Path, builder: BuilderName = BUILDKIT) -> Report:
    return pipeline.analyze(Request(str(root), builder=builder))


def hints(report: Report) -> list[str]:
    found = [one for one in report.problems if one.code == "source-ignored"]
    return [one.hint or "" for one in found]


def follow(root: Path, report: Report) -> None:
    """Do what is said: the lines go right behind the one that is named."""
    file = root / ".dockerignore"
    lines = file.read_text().splitlines()
    for use in report.sources:
        if use.repair:
            assert use.repair_behind is not None
            lines[use.repair_behind.line - 1] += "\n" + "\n".join(use.repair)
    file.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("tree", "dockerfile", "ignore"),
    [
        pytest.param(
            "scripts/x.sh:5 scripts/y.sh:5",
            "COPY scripts/x.sh /",
            "scripts/\n",
            id="a file in an ignored folder, jamiepine/voicebox#915",
        ),
        pytest.param(
            "uv.lock:5", "COPY uv.lock /", "# locks\n*.lock\n", id="by a wildcard"
        ),
        pytest.param("a/b/c/d:5", "ADD a/b/c/d /", "*\n", id="ADD, far down"),
        pytest.param("web/a:5 web/b:5", "COPY web /w/", "web\n", id="a folder"),
        pytest.param("x]a:5", "COPY x]a /", "x*\n", id="a name with a bracket"),
        pytest.param("#x:5", "COPY #x /", "?x\n", id="one that looks like a comment"),
    ],
)
@pytest.mark.parametrize("builder", BuilderName)
def test_the_line_that_is_said_lets_both_builders_find_the_source(
    tmp_path: Path, tree: str, dockerfile: str, ignore: str, builder: BuilderName
) -> None:
    root = project(tmp_path, tree, dockerfile, ignore)
    before = scan(root, builder)
    assert [use.state for use in before.sources] == [SourceState.IGNORED]
    follow(root, before)
    for name in BuilderName:
        (use,) = scan(root, name).sources
        assert (use.state, use.file_bytes > 0) == (SourceState.FOUND, True)


def test_no_more_comes_back_than_a_wildcard_means(tmp_path: Path) -> None:
    root = project(tmp_path, "web/a.js:5 web/b.css:5", "COPY web/*.js /", "web\n")
    report = scan(root)
    assert hints(report) == [
        (
            'add the line "!web/*.js" below line 1 of .dockerignore,'
            " or drop it from the instruction"
        )
    ]
    follow(root, report)
    after = scan(root)
    assert after.transfer.tally.file_bytes == 5
    assert after.context is not None


def test_what_else_takes_it_then_is_said_with_the_way_out(tmp_path: Path) -> None:
    """moby/buildkit#940, moby/buildkit#1942, eigent-ai/eigent#1703."""
    copies = "COPY . /app/\nRUN --mount=type=bind,source=.git,target=/g true"
    root = project(tmp_path, ".git/HEAD:5 a", copies, ".git/\n")
    assert hints(scan(root)) == [
        (
            'add the line "!.git" below line 1 of .dockerignore,'
            " or drop it from the instruction;"
            " COPY . /app/ (line 2) takes it then, too, unless it says --exclude=.git"
        )
    ]
    # And that is so.
    (root / ".dockerignore").write_text(".git/\n!.git\n")
    copied, mounted = scan(root).sources
    assert copied.entries > mounted.entries > 0
    dockerfile = (root / "Dockerfile").read_text()
    (root / "Dockerfile").write_text(dockerfile.replace("COPY", "COPY --exclude=.git"))
    without, mounted = scan(root).sources
    assert copied.entries - without.entries == mounted.entries


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        pytest.param(
            "COPY * /all/", "COPY * /all/ (line 2) takes it then, too", id="*"
        ),
        pytest.param(
            "COPY b scripts /all/",
            "COPY scripts (line 2) takes it then, too, unless it says --exclude=x.sh",
            id="its folder, one of several",
        ),
        pytest.param("COPY b* /all/", "", id="a wildcard that means others"),
        pytest.param("COPY b /all/", "", id="another file"),
        pytest.param(
            "RUN --mount=type=bind,target=/all true",
            "",
            id="a mount, which bakes nothing",
        ),
    ],
)
def test_only_a_source_that_takes_it_is_named(
    tmp_path: Path, copy: str, said: str
) -> None:
    tree = "scripts/x.sh:5 scripts/y b"
    copies = f"{copy}\nCOPY scripts/x.sh /x"
    root = project(tmp_path, tree, copies, "scripts/x.sh\n")
    (hint,) = hints(scan(root))
    assert hint.partition("; ")[2] == said


def test_the_legacy_builder_knows_no_exclude(tmp_path: Path) -> None:
    root = project(tmp_path, "a b", "COPY . /all/\nCOPY a /x", "a\n")
    (hint,) = hints(scan(root, LEGACY))
    assert hint.endswith("; COPY . /all/ (line 2) takes it then, too")


ALL = "RUN --mount=type=bind,target=/all true\n"  # asks for all, not by name


def test_the_other_builder_is_named_where_no_line_serves_both(tmp_path: Path) -> None:
    root = project(tmp_path, "x[/b:5 link->x[/b", f"{ALL}COPY link /", "x*\n")
    assert hints(scan(root)) == [
        (
            r'add the line "!x\[/b" below line 1 of .dockerignore, or drop it from the'
            " instruction (legacy builder: still not found)"
        )
    ]
    assert hints(scan(root, LEGACY)) == [codes.SOURCE_IGNORED.cure]


def test_an_ignore_file_of_one_dockerfile_is_for_buildkit_alone(
    tmp_path: Path,
) -> None:
    root = project(tmp_path, "x[/b:5 link->x[/b", f"{ALL}COPY link /", "")
    (root / "Dockerfile.dockerignore").write_text("x*\n")
    assert hints(scan(root)) == [
        (
            r'add the line "!x\[/b" below line 1 of Dockerfile.dockerignore,'
            " or drop it from the instruction"
        )
    ]
