"""Instructions as a whole; what is expected was asked of an engine, where it says so.

The legacy builder was Docker 20.10's, BuildKit that of August 2026.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Problem, Report, Request, Severity
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.plan import Choice
from tests.texttree import plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
ERROR, WARNING = Severity.ERROR, Severity.WARNING
SLASH = "destination-slash"
NO_SOURCE = "COPY failed: no source files were specified"
NEEDS_SLASH = (
    "When using COPY with more than one source file, the destination must be a "
    "directory and end with a /"
)


def judged(
    root: Path,
    dockerfile: str,
    builder: BuilderName,
    *,
    ignore: str = "",
    tree: str = "a:1 b:2 d/x d/y package.json package-lock.json link->a",
) -> list[Problem]:
    """What is told of a build, notes aside."""
    plant(root, tree)
    if not dockerfile.startswith("FROM"):
        dockerfile = f"FROM scratch\n{dockerfile}"
    (root / "Dockerfile").write_text(f"{dockerfile}\n")
    if ignore:
        (root / ".dockerignore").write_text(ignore)
    report = pipeline.analyze(Request(str(root), builder=builder))
    return [one for one in report.problems if one.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        pytest.param(
            "COPY nosuch.* a ./", "", id="a hit beside it will do, moby/buildkit#1266"
        ),
        pytest.param("COPY nosuch.* a /x", "", id="and is the only one, asked"),
        pytest.param("COPY nosuch.* /x/", NO_SOURCE, id="nothing at all"),
        pytest.param("COPY no1* no2* /x/", NO_SOURCE, id="nothing of two, asked"),
        pytest.param(
            "COPY no1* missing /x/",
            "stat missing: file does not exist",
            id="a missing literal is refused first, asked",
        ),
        pytest.param(
            "COPY a b missing /x",
            "stat missing: file does not exist",
            id="before anybody counts, asked",
        ),
        pytest.param(
            "COPY no* ../a /x/",
            "forbidden path outside the build context: ../a ()",
            id="one outside, asked",
        ),
        pytest.param(
            "COPY package*.json .",
            NEEDS_SLASH,
            id="two hits and a dot, vogler/free-games-claimer#36, asked",
        ),
        pytest.param("COPY package*.json ./", "", id="two hits and a slash"),
        pytest.param("COPY package-*.json .", "", id="one hit, asked"),
        pytest.param("COPY a b dest", NEEDS_SLASH, id="two files, asked"),
        pytest.param("COPY a b dest/.", NEEDS_SLASH, id="a dot is no slash, asked"),
        pytest.param("COPY a a dest", NEEDS_SLASH, id="the same twice, asked"),
        pytest.param("COPY d dest", "", id="a folder is one, asked"),
        pytest.param("COPY d* dest", "", id="also behind a wildcard, asked"),
        pytest.param("COPY d a dest", NEEDS_SLASH, id="a folder and a file, asked"),
        pytest.param("COPY d/* dest", NEEDS_SLASH, id="what is in a folder"),
        pytest.param("COPY l* a* dest", NEEDS_SLASH, id="a link is one of them"),
        pytest.param("WORKDIR /w\nCOPY a b /w", NEEDS_SLASH, id="a folder, asked"),
        pytest.param('COPY ["a", "b", "dest"]', NEEDS_SLASH, id="in JSON"),
        pytest.param("ENV D=/x/\nCOPY a b $D", "", id="the slash of a variable"),
        pytest.param("COPY a b $D", NEEDS_SLASH, id="an unset variable on nothing"),
        pytest.param(
            "FROM n\nENV D=/x\nCOPY a b $D", NEEDS_SLASH, id="set here, on an image"
        ),
        pytest.param(
            "FROM n\nARG D=/x\nCOPY a b ${D:-/y/}", NEEDS_SLASH, id="an ARG is set, too"
        ),
        pytest.param(
            "FROM n AS m\nENV D=/x\nFROM m\nCOPY a b $D",
            NEEDS_SLASH,
            id="set in the stage below",
        ),
        pytest.param(
            "FROM n\nENV D=/x/\nCOPY a b $D", "", id="with a slash, on an image"
        ),
        pytest.param(
            "FROM n\nCOPY a b '$D'", NEEDS_SLASH, id="a dollar that is no variable"
        ),
        pytest.param("FROM n\nCOPY a b $1", NEEDS_SLASH, id="one no image can set"),
        pytest.param(
            "COPY a /\nFROM scratch\nCOPY --from=0 /a /b dest",
            NEEDS_SLASH,
            id="paths of a stage, one each",
        ),
        pytest.param(
            "COPY a /\nFROM scratch\nCOPY --from=0 /a* dest",
            "",
            id="how many a wildcard hits in a stage is not known",
        ),
        pytest.param(
            "COPY a /\nFROM scratch\nCOPY --from=0 /no* dest",
            "",
            id="nor whether it hits any",
        ),
        pytest.param(
            "ONBUILD COPY a b dest\nFROM scratch\nCOPY a /",
            "",
            id="a trigger that never fires",
        ),
        pytest.param(
            "FROM scratch AS base\nONBUILD COPY a b dest\nFROM base",
            NEEDS_SLASH,
            id="a trigger that fires",
        ),
    ],
)
def test_the_legacy_builder_judges_an_instruction_once(
    tmp_path: Path, *, line: str, refusal: str
) -> None:
    found = judged(tmp_path, line, LEGACY)
    assert len(found) == bool(refusal)
    for problem in found:
        assert problem.severity is ERROR
        assert problem.message.endswith(refusal)


@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("COPY a b $D", id="a variable"),
        pytest.param('COPY a b "$D"', id="in quotes"),
        pytest.param('COPY ["a", "b", "$D"]', id="in JSON"),
        pytest.param("COPY a b ${D:-/srv}", id="with a default"),
        pytest.param("COPY a b ${D:+/srv}", id="with what stands for it"),
        pytest.param('COPY a b "$D/x"', id="its beginning"),
        pytest.param("COPY a b /x$D", id="its end"),
        pytest.param("ADD a b ${D%/}", id="a part of it"),
        pytest.param("ENV E=$D/x\nCOPY a b $E", id="by way of another"),
        pytest.param("ARG D\nCOPY a b $D", id="an ARG that nobody gives"),
        pytest.param("FROM n AS m\nFROM m\nCOPY a b $D", id="in a stage on one"),
        pytest.param("FROM n AS m\nONBUILD COPY a b $D\nFROM m", id="one that fires"),
    ],
)
def test_where_an_image_may_say_where_to_nothing_is_wrong(
    tmp_path: Path, *, lines: str, builder: BuilderName
) -> None:
    lines = lines if lines.startswith("FROM") else f"FROM n\n{lines}"
    assert judged(tmp_path, lines, builder) == []


def test_a_stage_on_nothing_is_judged_whatever_others_stand_on(tmp_path: Path) -> None:
    lines = "FROM n AS m\nFROM scratch\nCOPY --from=m /x /\nCOPY a b x$D"
    (problem,) = judged(tmp_path, lines, LEGACY)
    assert problem.subject == "x"


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        pytest.param("ADD http://a.b/c a dest", True, id="a download is one"),
        pytest.param("ADD http://a.b/c nosuch* dest", False, id="the only one"),
    ],
)
def test_a_download_counts_as_a_source_of_add(
    tmp_path: Path, *, line: str, refused: bool
) -> None:
    found = judged(tmp_path, line, LEGACY)
    assert [
        one.message.endswith(NEEDS_SLASH.replace("COPY", "ADD")) for one in found
    ] == ([True] if refused else [])


@pytest.mark.parametrize(
    ("line", "ignore", "refusal"),
    [
        pytest.param("COPY [ab] dest", "b\n", "", id="one of two hits is ignored"),
        pytest.param("COPY [ab] /x/", "?\n", NO_SOURCE, id="both are"),
        pytest.param(
            "COPY d /x", "d\n!d/x\n", "", id="a folder is made for what is in it, asked"
        ),
        pytest.param("COPY d* a* /x", "d\n!d/x\n", NEEDS_SLASH, id="and counts then"),
        pytest.param(
            "COPY d* a* /x", "d\n!d/no\n", "", id="it is not made for nothing"
        ),
    ],
)
def test_what_is_ignored_does_not_count(
    tmp_path: Path, *, line: str, ignore: str, refusal: str
) -> None:
    found = judged(tmp_path, line, LEGACY, ignore=ignore)
    assert len(found) == bool(refusal)
    assert all(one.message.endswith(refusal) for one in found)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(
            "COPY a b dest",
            '"a" and "b" go to "dest", which does not end with a slash: only "b" is '
            "left there",
            id="two files, asked",
        ),
        pytest.param(
            "COPY [ab] package.json dest",
            '"a", "b" and 1 more go to "dest", which does not end with a slash: only '
            '"package.json" is left there',
            id="hits of a wildcard, asked",
        ),
        pytest.param(
            "ADD a b dest",
            '"a" and "b" go to "dest", which does not end with a slash: only "b" is '
            "left there",
            id="ADD, asked",
        ),
        pytest.param(
            'FROM n\nENV D=dest\nCOPY d "$X/dest"\nCOPY a b $D',
            '"a" and "b" go to "dest", which does not end with a slash: only "b" is '
            'left there, unless "dest" is a folder by then',
            id="a variable that is set here, on an image",
        ),
        pytest.param(
            "RUN make\nCOPY a b dest",
            '"a" and "b" go to "dest", which does not end with a slash: only "b" is '
            'left there, unless "dest" is a folder by then',
            id="after a command nobody knows",
        ),
        pytest.param(
            "COPY a dest\nCOPY a b dest",
            '"a" and "b" go to "dest", which does not end with a slash: only "b" is '
            "left there",
            id="a file stood there",
        ),
        pytest.param(
            "COPY a <<x dest\n1\nx",
            '"a" and "<<x" go to "dest", which does not end with a slash: only "<<x" '
            "is left there",
            id="a heredoc comes last",
        ),
    ],
)
def test_buildkit_leaves_only_the_last_file(
    tmp_path: Path, *, lines: str, message: str
) -> None:
    (problem,) = judged(tmp_path, lines, BUILDKIT)
    assert (problem.code, problem.severity) == (SLASH, WARNING)
    assert problem.message == message
    assert problem.hint == 'write "dest/", with a slash at its end'


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("COPY a b dest/", id="a slash"),
        pytest.param("COPY a b .", id="a dot, asked"),
        pytest.param("COPY a b /dest/.", id="a slash and a dot, asked"),
        pytest.param("WORKDIR /w/x\nCOPY a b /w", id="a working folder's, asked"),
        pytest.param("WORKDIR /w\nCOPY a b ../w", id="itself, asked"),
        pytest.param("WORKDIR /w\nCOPY a b ..", id="the root, asked"),
        pytest.param("COPY a /dest/x\nCOPY a b dest", id="made for a file, asked"),
        pytest.param("COPY a dest/\nCOPY a b dest", id="made with a slash, asked"),
        pytest.param("COPY d dest\nCOPY a b dest", id="made of a folder"),
        pytest.param("COPY d a dest", id="a folder comes first, asked"),
        pytest.param("COPY --parents a b dest", id="--parents, asked"),
        pytest.param("RUN mkdir dest\nCOPY a b dest", id="a command names it"),
        pytest.param(
            "ENV D=/o/dest\nRUN mkdir -p ${D}\nCOPY a b $D", id="by its variable"
        ),
        pytest.param(
            "FROM n\nCOPY d /x\nCOPY a $D/x\nCOPY a b /x", id="a file goes elsewhere"
        ),
        pytest.param(
            "FROM scratch AS x\nWORKDIR /dest\nFROM x\nCOPY a b /dest", id="in its base"
        ),
        pytest.param("FROM node:22\nCOPY a b /usr/local/bin", id="all images have it"),
        pytest.param("FROM node:22\nCOPY a b $HOME", id="a variable of the image"),
        pytest.param("COPY a nosuch* dest", id="one hit"),
        pytest.param("ADD a t.tar dest", id="what ADD unpacks"),
        pytest.param(
            "COPY a /\nFROM scratch\nCOPY --from=0 a b x", id="not known here"
        ),
    ],
)
def test_buildkit_is_not_warned_of_where_a_folder_may_be(
    tmp_path: Path, lines: str
) -> None:
    with tarfile.open(tmp_path / "t.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("inside"))
    assert judged(tmp_path, lines, BUILDKIT) == []


def test_the_hits_of_a_named_context_are_counted_there(tmp_path: Path) -> None:
    plant(tmp_path, "other/a.c:1 other/b.c:1 c/z")
    (tmp_path / "c/Dockerfile").write_text("FROM scratch\nCOPY --from=o [ab].c /x\n")
    report = pipeline.analyze(
        Request(str(tmp_path / "c"), build_contexts={"o": str(tmp_path / "other")})
    )
    assert [one.code for one in report.problems] == [SLASH]


@pytest.mark.parametrize(
    ("line", "ignore", "said", "cure"),
    [
        pytest.param(
            "COPY shop/target/relfile1 /opt/",
            "*\n!*/target/*file1\n",
            '"shop/target/relfile1" is there, but .dockerignore:1 ("*") keeps "shop" '
            'out, and .dockerignore:2 ("!*/target/*file1") does not help: the legacy '
            "builder looks into an ignored folder only for a line with ! that begins "
            "with its path, written out; the build fails: ",
            "!shop/target/*file1",
            id="a wildcard opens no folder, moby/moby#38645",
        ),
        pytest.param(
            "COPY shop/target/relfile1 /opt/",
            "shop\n!**/relfile1\n",
            '.dockerignore:1 ("shop") keeps "shop" out, and .dockerignore:2 '
            '("!**/relfile1") does not help',
            "!shop/target/relfile1",
            id="stars open none, docker/for-linux#692",
        ),
        pytest.param(
            "ADD shop/target /opt/",
            "shop\n!s*p/target\n",
            '.dockerignore:1 ("shop") keeps "shop" out, and .dockerignore:2 ',
            "!shop/target",
            id="a folder",
        ),
        pytest.param(
            "COPY link /opt/",
            "shop\n!**/relfile1\n",
            '"shop/target/relfile1" is there, but .dockerignore:1 ("shop") keeps ',
            "!shop/target/relfile1",
            id="where a link leads",
        ),
        pytest.param(
            "COPY shop/target/relfile1 /opt/",
            "shop\n",
            '"shop/target/relfile1" is there, but .dockerignore:1 ("shop") keeps it '
            "out; the build fails: ",
            "!shop/target/relfile1",
            id="no line brings it back",
        ),
        pytest.param(
            "COPY shop/*/rel* /opt/",
            "shop\n!**/relfile1\n",
            '"shop/*/rel*" hits nothing that is sent: "shop/target/relfile1" is there, '
            'but .dockerignore:1 ("shop") keeps "shop" out',
            "!shop/target/relfile1",
            id="hits of a wildcard",
        ),
    ],
)
def test_what_is_on_disk_is_never_missing_for_the_legacy_builder(
    tmp_path: Path, *, line: str, ignore: str, said: str, cure: str
) -> None:
    tree = "shop/target/relfile1:2 link->shop/target/relfile1"
    (problem,) = judged(tmp_path, line, LEGACY, ignore=ignore, tree=tree)
    assert (problem.code, problem.severity) == ("source-ignored", ERROR)
    assert said in problem.message
    assert problem.hint is not None
    assert f'"{cure}"' in problem.hint
    # The cure is a promise: with it, both find the file.
    for builder in BuilderName:
        mended = f"{ignore}{cure}\n"
        assert judged(tmp_path, line, builder, ignore=mended, tree="") == []


def test_what_is_not_on_disk_is_missing(tmp_path: Path) -> None:
    (problem,) = judged(tmp_path, "COPY d/no /", LEGACY, ignore="d\n!**/no\n")
    assert problem.code == "source-missing"


@pytest.mark.parametrize(
    ("line", "ignore", "taken"),
    [
        pytest.param(
            "COPY . /x/",
            "Dockerfile\n.dockerignore\n",
            1,
            id="both are named, moby/moby#8330, asked",
        ),
        pytest.param("COPY . /x/", "*\n!a\n", 1, id="both by a wildcard, asked"),
        pytest.param("COPY . /x/", "Dockerfile\n", 2, id="one of them stays, asked"),
        pytest.param("COPY . /x/", "none\n", 3, id="nothing is taken out, asked"),
        pytest.param(
            "COPY D* a /x/", "Dockerfile\n", 1, id="hits of a wildcard, asked"
        ),
        pytest.param(
            "COPY . /x/", "*\n!a\n!.dockerignore\n", 2, id="brought back by a line"
        ),
    ],
)
def test_the_daemon_takes_ignored_build_files_out_again(
    tmp_path: Path, *, line: str, ignore: str, taken: int
) -> None:
    assert judged(tmp_path, line, LEGACY, ignore=ignore, tree="a:1") == []
    request = Request(str(tmp_path), builder=LEGACY)
    report = pipeline.analyze(request)
    assert report.transfer.tally.files == 3  # they are sent in any case
    assert report.used.files == taken
    takers = [one for one in pipeline.listing(request) if one.sources]
    assert len(takers) == taken


def test_the_daemon_takes_a_dockerfile_out_of_a_folder(tmp_path: Path) -> None:
    plant(tmp_path, "docker/ a")
    (tmp_path / "docker/My").write_text("FROM scratch\nCOPY . /x/\nCOPY docker /y/\n")
    (tmp_path / ".dockerignore").write_text("docker/M*\n")
    request = Request(str(tmp_path), str(tmp_path / "docker/My"), builder=LEGACY)
    report = pipeline.analyze(request)
    assert [use.entries for use in report.sources] == [3, 1]
    assert report.transfer.tally.files == 3


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("COPY Dockerfile /x/", id="by its name, asked"),
        pytest.param("COPY Docker* /x/", id="by a wildcard that hits no other, asked"),
    ],
)
def test_a_build_file_that_was_taken_out_cannot_be_copied(
    tmp_path: Path, line: str
) -> None:
    (problem,) = judged(tmp_path, line, LEGACY, ignore="Dockerfile\n")
    assert (problem.code, problem.severity) == ("source-ignored", ERROR)
    assert '.dockerignore:1 ("Dockerfile") keeps it out' in problem.message


def outside(root: Path, line: str, ignore: str | None, builder: BuilderName) -> Report:
    """A build whose Dockerfile lies beside its context."""
    plant(root / "app", "code.md:2")
    (root / "Dockerfile").write_text(f"FROM scratch\n{line}\n")
    if ignore is not None:
        (root / "app/.dockerignore").write_text(ignore)
    where = str(root / "app"), str(root / "Dockerfile")
    return pipeline.analyze(Request(*where, builder=builder))


def test_an_ignore_file_that_is_never_the_same_is_told(tmp_path: Path) -> None:
    """docker/cli#3921; asked: the second build says no "Using cache" at the COPY."""
    report = outside(tmp_path, "COPY . .", "nothing\n", LEGACY)
    (problem,) = (one for one in report.problems if one.code == "never-cached")
    assert (problem.severity, problem.line) == (WARNING, 2)
    assert problem.subject == ".dockerignore"
    assert problem.message.startswith('"COPY . ." takes ".dockerignore", which never ')
    assert problem.hint is not None
    assert problem.hint.startswith('add the line ".dockerignore" to it')


def test_what_copies_the_ignore_file_by_name_has_another_cure(tmp_path: Path) -> None:
    report = outside(tmp_path, "COPY .dockerignore /x", "nothing\n", LEGACY)
    (problem,) = (one for one in report.problems if one.code == "never-cached")
    assert problem.hint == (
        'do not copy ".dockerignore", or put the Dockerfile into the context'
    )


@pytest.mark.parametrize(
    ("line", "ignore", "builder"),
    [
        pytest.param("COPY . .", "nothing\n", BUILDKIT, id="BuildKit sends it as is"),
        pytest.param("COPY . .", ".dockerignore\n", LEGACY, id="the cure, asked"),
        pytest.param("COPY . .", "*\n!code.md\n", LEGACY, id="it is ignored anyhow"),
        pytest.param("COPY . .", None, LEGACY, id="no ignore file in the context"),
        pytest.param("COPY code.md .", "nothing\n", LEGACY, id="no source takes it"),
    ],
)
def test_a_layer_that_can_be_cached_is_not_told_of(
    tmp_path: Path, *, line: str, ignore: str | None, builder: BuilderName
) -> None:
    report = outside(tmp_path, line, ignore, builder)
    assert "never-cached" not in {one.code for one in report.problems}


def test_a_dockerfile_from_standard_input_makes_the_same_of_it(tmp_path: Path) -> None:
    plant(tmp_path, "code.md:2")
    (tmp_path / ".dockerignore").write_text("nothing\n")
    text = b"FROM scratch\nCOPY . .\n"
    request = Request(str(tmp_path), "-", builder=LEGACY, dockerfile_bytes=text)
    assert "never-cached" in {one.code for one in pipeline.analyze(request).problems}


def test_the_line_for_the_cache_is_suggested_and_can_be_written(
    tmp_path: Path,
) -> None:
    """It saves nothing, so that nothing writes it unasked (docker/cli#3921)."""
    outside(tmp_path, "COPY . .", "nothing\n", LEGACY)
    app = tmp_path / "app"
    request = Request(str(app), str(tmp_path / "Dockerfile"), builder=LEGACY)
    report = pipeline.analyze(request, estimate=Estimate())
    (line,) = (one for one in report.suggestions if one.patterns == (".dockerignore",))
    assert (line.wire_bytes, line.files, line.for_cache) == (0, 0, True)
    assert line.sources == (0,)
    assert ".dockerignore" not in {one.path for one in report.held_back}
    assert report.projection is not None
    assert report.projection.now == report.projection.after
    choice = Choice(only=(line.id,))
    plan = pipeline.plan(request, choice, estimate=Estimate()).plan(())
    assert plan.after is not None
    (app / ".dockerignore").write_bytes(plan.after)
    after = pipeline.analyze(request, estimate=Estimate())
    assert "never-cached" not in {one.code for one in after.problems}
    assert [one for one in after.suggestions if one.for_cache] == []


@pytest.mark.parametrize(
    ("line", "ignore"),
    [
        pytest.param("COPY .dockerignore /x", "nothing\n", id="a source names it"),
        pytest.param("COPY . .", "*\n!code.md\n", id="it is ignored"),
        pytest.param("COPY code.md .", "nothing\n", id="no source takes it"),
    ],
)
def test_no_line_for_the_cache_is_suggested(
    tmp_path: Path, *, line: str, ignore: str
) -> None:
    outside(tmp_path, line, ignore, LEGACY)
    where = str(tmp_path / "app"), str(tmp_path / "Dockerfile")
    report = pipeline.analyze(Request(*where, builder=LEGACY), estimate=Estimate())
    assert [one for one in report.suggestions if one.for_cache] == []
