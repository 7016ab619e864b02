"""What was meant by a source where something else comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.builders import DOCKER_BUILDERS
from ctxopt.core.model import BuilderName, Problem, Request, Severity
from tests.suggesting.cases import commit
from tests.texttree import plant

BUILDERS = list(DOCKER_BUILDERS)
BUILDKIT, LEGACY = BUILDERS


def problems(
    root: Path, tree: str, lines: str, builder: BuilderName = BUILDKIT
) -> tuple[Problem, ...]:
    plant(root, tree)
    (root / "Dockerfile").write_text(f"FROM scratch\n{lines}\n")
    return pipeline.analyze(Request(str(root), builder=builder)).problems


def coded(found: tuple[Problem, ...], code: str) -> list[Problem]:
    return [one for one in found if one.code == code]


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        pytest.param("COPY /files/*.pfx /x/", "Files/*.pfx", id="sitecore-docker#62"),
        pytest.param("COPY files /x/", "Files", id="a folder"),
        pytest.param("ADD files/a.pfx /x/", "Files/a.pfx", id="ADD"),
        pytest.param("COPY *.PFX Files /x/", "b.pfx", id="a pattern beside a source"),
        pytest.param("COPY a.pfx /x/", "Files/a.pfx", id="in another folder"),
    ],
)
def test_a_missing_source_says_what_was_meant(
    tmp_path: Path, builder: BuilderName, lines: str, meant: str
) -> None:
    found = problems(tmp_path, "Files/a.pfx b.pfx", lines, builder)
    assert [one.hint for one in found] == [f'did you mean "{meant}"?']


COMMENT = "a comment needs a line of its own: behind an instruction there is none"
QUOTES = 'a name with blanks needs quotes: {} ["my file", "DEST"]'


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        pytest.param("COPY a /x/ # note", COMMENT, id="a comment behind COPY"),
        pytest.param("ADD a /x/ #note", COMMENT, id="a comment behind ADD"),
        pytest.param("COPY my file /x/", QUOTES.format("COPY"), id="blanks"),
        pytest.param("ADD my\\ file /x/", QUOTES.format("ADD"), id="an escaped blank"),
        pytest.param(
            "COPY d\\b /x/",
            'write "d/b": a backslash does not part folders here',
            id="a path of Windows",
        ),
    ],
)
def test_words_that_the_builder_reads_otherwise_say_so(
    tmp_path: Path, builder: BuilderName, lines: str, hint: str
) -> None:
    plant(tmp_path, "a d/b")
    (tmp_path / "my file").write_text("1")
    found = problems(tmp_path, "", lines, builder)
    assert {one.hint for one in found if one.severity is Severity.ERROR} == {hint}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param('COPY ["my", "/x/"]', id="a list is read as it stands"),
        pytest.param("COPY my other /x/", id="no name has both words"),
        pytest.param("RUN --mount=target=/x,source=my true # file", id="a mount"),
    ],
)
def test_words_that_are_read_as_they_look_are_missing(
    tmp_path: Path, lines: str
) -> None:
    (tmp_path / "my file").write_text("1")
    found = problems(tmp_path, "", lines)
    assert found
    assert not any("needs" in (one.hint or "") for one in found)


def test_a_name_that_only_looks_the_same_says_so(tmp_path: Path) -> None:
    """MacOS has stored accents as letters of their own, and git keeps them so."""
    (one,) = problems(tmp_path, "gru\u0308n.txt", "COPY gr\u00fcn.txt /x/")
    assert one.hint is not None
    assert one.hint.startswith('did you mean "gru\u0308n.txt"? it looks the same, but')


def test_a_mount_and_parents_say_it_too(tmp_path: Path) -> None:
    lines = (
        "COPY --parents files/a.pfx /x/\n"
        "RUN --mount=target=/y,source=files true\n"
        "COPY --exclude=b files /x/"
    )
    hints = [one.hint for one in problems(tmp_path, "Files/a.pfx", lines)]
    assert hints == [
        'did you mean "Files/a.pfx"?',
        'did you mean "Files"?',
        'did you mean "Files"?',
    ]


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        pytest.param("COPY ../f /a", "f", id="moby/buildkit#2131"),
        pytest.param("COPY /../f /a", "f", id="from the root"),
        pytest.param("COPY d/../../d /a", "d", id="on the way"),
        pytest.param("ADD ../*.txt /a/", "*.txt", id="a pattern"),
        pytest.param("COPY .. /a", ".", id="the whole context"),
        pytest.param("RUN --mount=target=/x,source=../d true", "d", id="a mount"),
        pytest.param("COPY --parents ../d/g /a", "d/g", id="with its folders"),
    ],
)
def test_what_leads_above_the_context_is_cut_off_and_said(
    tmp_path: Path, lines: str, read: str
) -> None:
    (note,) = problems(tmp_path, "f a.txt d/g", lines)
    assert (note.code, note.severity, note.line) == ("cut-at-root", Severity.NOTE, 2)
    assert f'what is taken is "{read}" in the context' in note.message
    (refused,) = problems(tmp_path, "", lines, LEGACY)[:1]
    assert refused.code in ("source-outside", "needs-buildkit", "cut-at-root")


def test_a_path_that_stays_inside_is_no_news(tmp_path: Path) -> None:
    lines = "COPY d/../f ./d/g /a/\nFROM scratch\nCOPY --from=0 ../a /b"
    assert problems(tmp_path, "f d/g", lines) == ()


def test_a_missing_path_above_the_context_names_the_ways_in(tmp_path: Path) -> None:
    (error,) = problems(tmp_path, "f", "COPY ../common /a")
    assert error.code == "source-missing"
    assert error.hint is not None
    assert "sees nothing above its context" in error.hint


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_link_out_of_the_context_is_not_to_be_created(
    tmp_path: Path, builder: BuilderName
) -> None:
    """moby/buildkit#6905."""
    plant(tmp_path, "common/x")
    lines = "COPY lib /a"
    (error,) = problems(tmp_path / "ctx", "lib->../common", lines, builder)
    assert error.hint is not None
    assert "--build-context common=" in error.hint
    assert "COPY --from=common" in error.hint
    assert "create it" not in error.hint


def test_a_link_to_a_folder_with_an_odd_name_is_given_so_that_a_shell_reads_it(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "scratch/x")
    (tmp_path / "my lib").mkdir()
    (tmp_path / "ctx").mkdir()
    (tmp_path / "ctx/odd").symlink_to("../my lib")
    lines = "COPY odd /a\nCOPY empty /b"
    odd, empty = problems(tmp_path / "ctx", "empty->../scratch", lines)
    assert "/my lib' (BuildKit)" in (odd.hint or "")
    assert "COPY --from=my-lib" in (odd.hint or "")
    assert "COPY --from=scratch-files" in (empty.hint or "")


def test_a_link_to_an_absolute_path_out_of_the_context_is_told_alike(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "common/x")
    tree = f"lib->{tmp_path}/common gone->/no/such own->{tmp_path}/ctx/nope"
    lines = "COPY lib /a\nCOPY gone /b\nCOPY own /c\nCOPY up /d"
    lib, *others = problems(tmp_path / "ctx", f"{tree} up->../nothing", lines)
    assert "--build-context common=" in (lib.hint or "")
    assert len(others) == 3
    assert not any("--build-context" in (one.hint or "") for one in others)


def test_a_link_that_is_cut_off_takes_what_is_inside(tmp_path: Path) -> None:
    (note,) = problems(tmp_path, "common/x lib->../common", "COPY lib /a")
    assert (note.code, note.line) == ("cut-at-root", 2)
    assert '"common" in the context' in note.message


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(
    ("lines", "dangling"),
    [
        pytest.param("COPY web /web", ["web/l"], id="moby/moby#39810"),
        pytest.param("COPY web /web\nCOPY shared /shared", [], id="both copied"),
        pytest.param("COPY web /web\nCOPY shared/f /shared/", [], id="just the file"),
        pytest.param("COPY web/l /web/", [], id="the link is named, and so followed"),
        pytest.param("COPY . /x/", [], id="everything"),
        pytest.param("COPY shared /x", [], id="not copied"),
    ],
)
def test_a_copied_link_without_its_target_dangles(
    tmp_path: Path, builder: BuilderName, lines: str, dangling: list[str]
) -> None:
    tree = "web/l->../shared/f web/own->a web/a web/dead->gone web/abs->/etc shared/f"
    found = problems(tmp_path, tree, lines, builder)
    assert [one.subject for one in coded(found, "dangling-link")] == dangling


def test_a_link_to_what_the_ignore_file_keeps_out_dangles(tmp_path: Path) -> None:
    plant(tmp_path, "web/l->../shared/f shared/f")
    (tmp_path / ".dockerignore").write_text("shared\n")
    found = coded(problems(tmp_path, "", "COPY . /x/"), "dangling-link")
    assert [one.subject for one in found] == ["web/l"]


def test_a_copied_link_out_of_the_context_names_the_way_in(tmp_path: Path) -> None:
    plant(tmp_path, "common/x")
    tree = "web/l->../../common/x web/gone->../../no"
    found = coded(problems(tmp_path / "ctx", tree, "COPY web /w"), "dangling-link")
    assert [one.subject for one in found] == ["web/l"]
    assert "--build-context common=" in (found[0].hint or "")


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        pytest.param(
            "COPY .build/linux/prom /x/",
            'make it before the build: git ignores it (.gitignore:1, "/.build"), '
            "so that no checkout has it",
            id="what git ignores is not meant elsewhere",
        ),
        pytest.param(
            "COPY build/prom /x/",
            'did you mean "cmd/prom"?',
            id="what git does not ignore may be",
        ),
    ],
)
def test_what_is_made_before_the_build_is_told_of(
    tmp_path: Path, lines: str, hint: str
) -> None:
    (tmp_path / ".git").mkdir()
    commit(tmp_path, ["cmd/prom/main.go"])
    (tmp_path / ".gitignore").write_text("/.build\n")
    (one,) = problems(tmp_path, "cmd/prom/main.go", lines)
    assert one.hint == hint
