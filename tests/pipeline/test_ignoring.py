"""What is said of ignore files: those not read, and those read in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ctxopt import pipeline
from ctxopt.core.builders import DOCKER_BUILDERS
from ctxopt.core.builders.difference import BuilderDifference
from ctxopt.core.judging.matching import MatchingLines
from ctxopt.core.measure import beside
from ctxopt.core.model import BuilderName, Problem, Report, Request, Severity
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.ignoring import MANY_FOLDERS, builder_difference
from ctxopt.pipeline.measuring import measure
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.survey import survey
from tests.suggesting.cases import commit
from tests.texttree import date, plant

BUILDKIT, LEGACY, PODMAN = BuilderName
NOTE, WARNING = Severity.NOTE, Severity.WARNING


def project(
    root: Path,
    tree: str,
    ignore_files: dict[str, str],
    *,
    dockerfile: str = "Dockerfile",
    copies: str = "COPY . /app/",
) -> Path:
    """A context in which some files have these lines."""
    plant(root, tree)
    texts = {**ignore_files, dockerfile: f"FROM scratch\n{copies}"}
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text + "\n")
    date(root)
    return root


def scan(
    root: Path, builder: BuilderName = BUILDKIT, dockerfile: str | None = None
) -> Report:
    given = None if dockerfile is None else str(root / dockerfile)
    request = Request(str(root), dockerfile=given, builder=builder)
    return pipeline.analyze(request, estimate=Estimate())


def said(report: Report, code: str) -> list[Problem]:
    return [one for one in report.problems if one.code == code]


def idle(report: Report) -> list[tuple[str | None, Severity, str, str | None]]:
    found = said(report, "ignore-file-idle")
    return [(one.file, one.severity, one.message, one.hint) for one in found]


def suggested(report: Report) -> set[str]:
    return {line for one in report.suggestions for line in one.patterns}


# --- files that are not read -----------------------------------------------------

LINES = "logs\nnothing-here\n!logs/keep"  # two that exclude, one of them hits


@pytest.mark.parametrize(
    ("name", "dockerfile", "why", "where"),
    [
        pytest.param(
            "other/.dockerignore",
            "other/Dockerfile",
            "it lies beside the Dockerfile, not in the context's root",
            "other/Dockerfile.dockerignore or .dockerignore",
            id="beside a Dockerfile elsewhere, moby/moby#41079 and dtfs2#3178",
        ),
        pytest.param(
            "Dockerfile.dockerignore",
            "other/Dockerfile",
            "it does not lie beside its Dockerfile",
            "other/Dockerfile.dockerignore or .dockerignore",
            id="in the root, while its Dockerfile is elsewhere, epic-stack#808",
        ),
        pytest.param(
            "Dockerfile.dockerignore",
            "prod.Dockerfile",
            'it belongs to a "Dockerfile" beside it, which is not there',
            "prod.Dockerfile.dockerignore or .dockerignore",
            id="of a Dockerfile that is named otherwise, docker/docs#19143",
        ),
        pytest.param(
            "dockerfile.dockerignore",
            "Dockerfile",
            'it belongs to a "dockerfile" beside it, which is not there',
            "Dockerfile.dockerignore or .dockerignore",
            id="of the Dockerfile, but in lower case",
        ),
        *(
            pytest.param(
                name,
                "Dockerfile",
                "docker knows no ignore file of this name",
                ".dockerignore",
                id=f"nearly the name: {name}",
            )
            for name in (
                ".dockerignore.txt",
                "dockerignore",
                ".DockerIgnore",
                ".docker-ignore",
                ".dockerignores",
            )
        ),
    ],
)
def test_a_file_that_somebody_takes_for_the_ignore_file_is_a_warning(
    tmp_path: Path, name: str, dockerfile: str, why: str, where: str
) -> None:
    tree = "logs/a:9 src/b:9"
    root = project(tmp_path, tree, {name: LINES}, dockerfile=dockerfile)
    message = f"not read: {why}; 1 of its 2 lines matches something in this context"
    report = scan(root, dockerfile=dockerfile)
    assert idle(report) == [(name, WARNING, message, f"move it to {where}")]
    # And it is no clutter.
    assert not {name, "**/.dockerignore", ".dockerignore"} & suggested(report)


def test_where_it_is_told_to_go_it_counts(tmp_path: Path) -> None:
    files = {"other/.dockerignore": LINES}
    root = project(tmp_path, "logs/a:9 b:9", files, dockerfile="other/Dockerfile")
    (root / "other/.dockerignore").rename(root / "other/Dockerfile.dockerignore")
    report = scan(root, dockerfile="other/Dockerfile")
    assert idle(report) == []
    assert report.ignore_file is not None
    assert report.ignore_file.patterns == 3


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".dockerignore.bak", id="a copy that was put aside"),
        pytest.param(".dockerignore.example", id="an example"),
        pytest.param(".gitignore", id="of git"),
        pytest.param("prod.Dockerfile.dockerignore", id="of another Dockerfile"),
    ],
)
def test_other_files_are_left_alone(tmp_path: Path, name: str) -> None:
    files = {name: LINES, "prod.Dockerfile": "FROM scratch"}
    assert idle(scan(project(tmp_path, "logs/a:9", files))) == []


def test_an_empty_file_is_not_worth_a_word(tmp_path: Path) -> None:
    root = project(tmp_path, "logs/a:9", {"dockerignore": "# nothing\n"})
    assert idle(scan(root)) == []


def test_lines_that_match_nothing_are_no_warning(tmp_path: Path) -> None:
    root = project(tmp_path, "logs/a:9", {"dockerignore": "no\nnever\n"})
    ((_, severity, message, _),) = idle(scan(root))
    assert severity is NOTE
    assert message.endswith("none of its 2 lines matches anything in this context")


def test_what_is_kept_out_already_needs_no_line(tmp_path: Path) -> None:
    files = {"dockerignore": "logs\na", ".dockerignore": "logs"}
    root = project(tmp_path, "logs/a:9 b:9", files)
    ((_, severity, message, hint),) = idle(scan(root))
    assert (severity, hint) == (NOTE, "put its lines into .dockerignore")
    assert message.endswith("none of its 2 lines matches anything in this context")


def test_lines_meant_for_their_own_folder_need_it_in_front(tmp_path: Path) -> None:
    """UK-Export-Finance/dtfs2#3178: `docker build -f api/Dockerfile .`."""
    files = {"api/.dockerignore": "node_modules\n"}
    root = project(tmp_path, "api/node_modules/a:9", files, dockerfile="api/Dockerfile")
    ((_, severity, message, hint),) = idle(scan(root, dockerfile="api/Dockerfile"))
    assert severity is WARNING
    assert message.endswith("its only line matches something beside it")
    assert hint == ("put its lines into api/Dockerfile.dockerignore with api/ in front")


def test_an_ignore_file_below_the_root_is_a_note(tmp_path: Path) -> None:
    """moby/moby#20944."""
    files = {"sub/.dockerignore": "*.log\nno\n", ".dockerignore": "zzz\n"}
    root = project(tmp_path, "sub/a.log:9 b:9", files)
    report = scan(root)
    assert idle(report) == [
        (
            "sub/.dockerignore",
            NOTE,
            (
                "not read: only the ignore file in the context's root counts;"
                " 1 of its 2 lines matches something beside it"
            ),
            (
                "put its lines into .dockerignore with sub/ in front,"
                " or leave it to builds of that folder"
            ),
        )
    ]
    # The one in force is clutter all the same.
    assert ".dockerignore" in suggested(report)
    assert not {"sub/.dockerignore", "**/.dockerignore"} & suggested(report)


@pytest.mark.parametrize(
    ("tree", "ignore"),
    [
        pytest.param("sub/a", {}, id="its lines match nothing"),
        pytest.param("sub/a.log", {".dockerignore": "sub\n"}, id="it is ignored"),
        pytest.param(
            "sub/a.log node_modules/p/x.log",
            {"node_modules/p/.dockerignore": "*.log\n", "sub/.dockerignore": "no\n"},
            id="it came with a package",
        ),
    ],
)
def test_an_ignore_file_that_does_not_matter_is_not_told(
    tmp_path: Path, tree: str, ignore: dict[str, str]
) -> None:
    files = {"sub/.dockerignore": "*.log\n", **ignore}
    root = project(tmp_path, tree, files)
    assert idle(scan(root)) == []


@pytest.mark.parametrize("builder", DOCKER_BUILDERS)
def test_podmans_file_is_named_as_such(tmp_path: Path, builder: BuilderName) -> None:
    root = project(tmp_path, "logs/a:9", {".containerignore": "logs\n"})
    report = scan(root, builder)
    ((file, severity, message, hint),) = idle(report)
    assert (file, severity) == (".containerignore", NOTE)
    assert message.startswith("not read: podman and buildah know it, docker does not;")
    assert hint == "move it to .dockerignore"
    assert "**/.containerignore" not in suggested(report)


def test_the_legacy_builder_reads_no_ignore_file_of_a_dockerfile(
    tmp_path: Path,
) -> None:
    root = project(tmp_path, "logs/a:9", {"Dockerfile.dockerignore": "logs\n"})
    assert idle(scan(root)) == []
    ((file, severity, message, hint),) = idle(scan(root, LEGACY))
    assert (file, severity) == ("Dockerfile.dockerignore", NOTE)
    assert message.startswith(
        "not read: the legacy builder knows no ignore file of a Dockerfile;"
    )
    assert hint == "move it to .dockerignore"


def test_a_dockerfile_outside_has_its_ignore_file_beside_it(tmp_path: Path) -> None:
    root = project(tmp_path / "context", "logs/a:9", {})
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / ".dockerignore").write_text("logs\n")
    ((file, severity, _, hint),) = idle(scan(root, dockerfile="../Dockerfile"))
    place = str(tmp_path)
    assert (file, severity) == (f"{place}/.dockerignore", WARNING)
    assert hint == f"move it to {place}/Dockerfile.dockerignore or .dockerignore"


def test_a_folder_of_that_name_is_no_ignore_file(tmp_path: Path) -> None:
    assert idle(scan(project(tmp_path, "dockerignore/logs logs/a", {}))) == []


def test_a_broken_idle_file_does_no_harm(tmp_path: Path) -> None:
    root = project(tmp_path, "logs/a:9", {"dockerignore": "[z-a]\n"})
    assert idle(scan(root)) == []


# --- each builder reads another one ----------------------------------------------


def differing(report: Report) -> list[tuple[str | None, int | None, str, str | None]]:
    found = said(report, "builders-differ")
    return [(one.file, one.line, one.message, one.hint) for one in found]


@pytest.mark.parametrize(
    ("builder", "other", "counts"),
    [
        (
            BUILDKIT,
            ".dockerignore",
            (
                "the legacy builder reads this one instead, and the two let different"
                " files through (4 files for BuildKit, 5 for the legacy builder),"
                ' first "logs/a"'
            ),
        ),
        (
            LEGACY,
            "Dockerfile.dockerignore",
            (
                "BuildKit reads this one instead, and the two let different"
                " files through (5 files for the legacy builder, 4 for BuildKit),"
                ' first "logs/a"'
            ),
        ),
    ],
)
def test_two_ignore_files_side_by_side_are_compared(
    tmp_path: Path, builder: BuilderName, other: str, counts: str
) -> None:
    files = {".dockerignore": "src\n", "Dockerfile.dockerignore": "logs\n"}
    root = project(tmp_path, "logs/a:9 logs/b src/c:9", files)
    report = scan(root, builder)
    hint = "say the same in both, or build with one builder only"
    assert differing(report) == [(other, None, counts, hint)]
    assert idle(report) == []
    assert other not in suggested(report)


@pytest.mark.parametrize(
    ("builder", "lines"),
    [
        (BUILDKIT, {"Dockerfile.dockerignore": "logs\n", ".dockerignore": "src\n"}),
        (LEGACY, {"Dockerfile.dockerignore": "logs\n", ".dockerignore": "src\n"}),
        pytest.param(
            LEGACY,
            {"Dockerfile.dockerignore": "logs\n", ".dockerignore": "*\n!src\n"},
            id="files that are sent whatever the lines say",
        ),
        pytest.param(LEGACY, {".dockerignore": "*\n!**/b\n"}, id="a wildcard"),
        (PODMAN, {".containerignore": "logs\n", ".dockerignore": "src\n"}),
        (PODMAN, {".dockerignore": "*\n!**/b\n"}),
    ],
)
@pytest.mark.parametrize("compares", [True, False])
def test_of_many_files_it_is_known_what_this_builder_sends(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    builder: BuilderName,
    lines: dict[str, str],
    *,
    compares: bool,
) -> None:
    root = project(tmp_path, "logs/a:9 logs/b src/b/d src/c/d src/e", lines)
    request = Request(str(root), builder=builder)

    def difference() -> BuilderDifference:
        measured = measure(request, top=1, depth=1, compares=compares)
        found = builder_difference(measured)
        assert found is not None
        return found._replace(line=None, repair=None)  # which hold the very pattern

    exact = difference()
    many = (exact.only or 0) + (exact.other_only or 0)
    assert many > 1
    monkeypatch.setattr(beside, "MOST_COUNTED", many)
    assert difference() == exact
    monkeypatch.setattr(beside, "MOST_COUNTED", many - 1)
    assert difference() == exact._replace(
        other_files=None, only=None, other_only=None, more_than=many - 1
    )


def test_more_files_than_were_counted_are_said_to_be_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST_COUNTED", 1)
    files = {".dockerignore": "src\n", "Dockerfile.dockerignore": "logs\n"}
    report = scan(project(tmp_path, "logs/a:9 logs/b src/c:9", files))
    ((_, _, message, _),) = differing(report)
    counts = "(4 files for BuildKit, more than 1 for one of the two alone)"
    assert counts in message


def test_what_the_other_builder_reads_is_not_looked_for_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    count = MatchingLines.count

    def noting(
        lines: MatchingLines, patterns: Sequence[Pattern], *rest: Any, **more: Any
    ) -> int:
        asked.extend(one.text for one in patterns)
        return count(lines, patterns, *rest, **more)

    monkeypatch.setattr(MatchingLines, "count", noting)
    files = {
        ".dockerignore": "src\n",
        "Dockerfile.dockerignore": "logs\n",
        "dockerignore": "other\n",
    }
    report = scan(project(tmp_path, "logs/a:9 src/c:9", files))
    assert asked == ["other"]
    assert [one[0] for one in differing(report)] == [".dockerignore"]
    assert [one[0] for one in idle(report)] == ["dockerignore"]


def test_two_ignore_files_that_say_the_same_are_no_matter(tmp_path: Path) -> None:
    files = {".dockerignore": "logs/\n", "Dockerfile.dockerignore": "/logs\n"}
    report = scan(project(tmp_path, "logs/a:9 b", files))
    assert differing(report) == []
    assert idle(report) == []


def test_where_only_buildkit_can_build_the_other_file_is_idle(tmp_path: Path) -> None:
    files = {".dockerignore": "src\n", "Dockerfile.dockerignore": "logs\n"}
    copies = "COPY . /app/\nCOPY <<E /e\nE"
    report = scan(project(tmp_path, "logs/a:9 src/c:9", files, copies=copies))
    assert differing(report) == []
    ((file, severity, message, _),) = idle(report)
    assert (file, severity) == (".dockerignore", NOTE)
    assert message.startswith(
        "not read: BuildKit reads Dockerfile.dockerignore instead;"
    )


@pytest.mark.parametrize("builder", DOCKER_BUILDERS)
def test_a_wildcard_opens_ignored_folders_for_buildkit_alone(
    tmp_path: Path, builder: BuilderName
) -> None:
    """moby/moby#40318."""
    tree = "something.allow1 nested/something.allow1 nested/no other/no"
    files = {".dockerignore": "*\n!**/something.allow1\n"}
    report = scan(project(tmp_path, tree, files), builder)
    counts = {
        BUILDKIT: "2 files for BuildKit, 1 for the legacy builder",
        LEGACY: "1 file for the legacy builder, 2 for BuildKit",
    }
    assert differing(report) == [
        (
            ".dockerignore",
            2,
            (
                '"!**/something.allow1" brings back "nested/something.allow1"'
                f" for BuildKit alone ({counts[builder]}): the legacy builder opens no"
                " ignored folder for a wildcard"
            ),
            "for both, name the folders, as in !nested/something.allow1",
        )
    ]


@pytest.mark.parametrize(
    ("tree", "lines", "only"),
    [
        pytest.param("a b/c", "*\n!a\n!b/c\n", 0, id="no wildcard"),
        pytest.param("a/b/c a/d", "a\n!a/b/**\n", 0, id="a wildcard at the end"),
        pytest.param("a.x b/a.y", "*\n!*.x\n", 0, id="a wildcard that finds no more"),
        pytest.param("a/1 b/c", "b\n!*/c\n", 1, id="one star"),
        pytest.param("a/b/x a/c/x", "a\n!a/b/zz\n!**/x\n", 1, id="one they both open"),
        pytest.param("s/a/x s/b/x s/c", "s/*\n!**/x\n", 2, id="in several folders"),
    ],
)
@pytest.mark.parametrize("builder", BuilderName)
def test_the_difference_is_that_of_both_whole_walks(
    tmp_path: Path, tree: str, lines: str, only: int, builder: BuilderName
) -> None:
    root = project(tmp_path, tree, {".dockerignore": lines})
    assert len(differing(scan(root, builder))) == bool(only)
    found = builder_difference(
        measure(Request(str(root), builder=builder), top=1, depth=1)
    )
    counts = (found.only, found.other_only) if found is not None else (0, 0)
    assert sum(one or 0 for one in counts) == only
    # What the whole walks say, the two files aside that the legacy client adds.
    files = {}
    for name in BuilderName:
        request = Request(str(root), builder=name)
        listed = pipeline.listing(request, whole=True)
        own = {".dockerignore", "Dockerfile"}
        files[name] = sum(not one.directory and one.path not in own for one in listed)
    assert files[BUILDKIT] - files[LEGACY] == only


# --- ignored folders that are walked ---------------------------------------------


def walked(report: Report) -> list[tuple[int | None, str, str | None]]:
    found = said(report, "ignored-walked")
    return [(one.line, one.message, one.hint) for one in found]


def forest(root: Path, folders: int) -> None:
    """That many folders in one, it among them."""
    for number in range(folders - 1):
        (root / f"node_modules/{number}").mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize(
    ("folders", "lines", "notes"),
    [
        pytest.param(MANY_FOLDERS, "node_modules\n!**/*.md\n", 1, id="a thousand"),
        pytest.param(MANY_FOLDERS - 1, "node_modules\n!**/*.md\n", 0, id="fewer"),
        pytest.param(MANY_FOLDERS, "node_modules\n!a/README.md\n", 0, id="no wildcard"),
        pytest.param(MANY_FOLDERS, "node_modules\n!docs/**\n", 0, id="one at the end"),
        pytest.param(MANY_FOLDERS, "!**/*.md\n", 0, id="nothing ignored"),
    ],
)
def test_ignored_folders_that_are_walked_are_counted(
    tmp_path: Path, folders: int, lines: str, notes: int
) -> None:
    root = project(tmp_path, "a", {".dockerignore": lines})
    forest(root, folders)
    assert len(walked(scan(root))) == notes


def test_the_note_has_the_lines_and_the_folder(tmp_path: Path) -> None:
    lines = "**/node_modules\nlib\n!**/*.md\n!*.txt\n"
    root = project(tmp_path, "lib/a/b lib/x.md", {".dockerignore": lines})
    forest(root, MANY_FOLDERS)
    report = scan(root)
    assert walked(report) == [
        (
            3,
            (
                'for the sake of "!**/*.md" and "!*.txt", BuildKit looks through 1,002'
                ' ignored folders in each build, 1,000 of them in "node_modules";'
                " 1 file found"
            ),
            (
                "name the paths, as in !docs/README.md: a wildcard opens all that is"
                " ignored"
            ),
        )
    ]
    # The legacy client opens folders by the text of a line alone.
    assert walked(scan(root, LEGACY)) == []


@pytest.mark.parametrize(
    ("copies", "notes"),
    [
        pytest.param("COPY a /", 0, id="another file"),
        pytest.param("COPY src /s/", 0, id="another folder"),
        pytest.param("COPY node_modules/1/x.md /", 0, id="a file in it"),
        pytest.param("COPY node_modules /n/", 1, id="the folder itself"),
        pytest.param("COPY *.md /n/", 1, id="a wildcard, which BuildKit looks for"),
        pytest.param("RUN --mount=type=bind,target=/x true", 1, id="a mount of all"),
    ],
)
def test_folders_that_the_transfer_does_not_come_to_are_not_counted(
    tmp_path: Path, copies: str, notes: int
) -> None:
    lines = "node_modules\n!**/*.md\n"
    tree = "a x.md src/b node_modules/1/x.md"
    root = project(tmp_path, tree, {".dockerignore": lines}, copies=copies)
    forest(root, MANY_FOLDERS)
    assert len(walked(scan(root))) == notes


@pytest.mark.parametrize("workers", [1, 3])
def test_folders_are_counted_alike_by_one_process_and_several(
    tmp_path: Path, workers: int
) -> None:
    lines = "node_modules\nsrc/*/out\n!**/*.md\n"
    tree = " ".join(f"src/{n}/out/x/{n}.md src/{n}/out/y/" for n in range(120))
    root = project(tmp_path, tree, {".dockerignore": lines})
    forest(root, 300)
    build = read_build(Request(str(root)))
    found = survey(build.job(build.main), workers=workers)
    reopened = found.measurement.notes.reopened
    assert {tuple(one) for path, one in reopened.items() if "out" in path} == {(3, 1)}
    assert tuple(reopened["node_modules"]) == (300, 0)
    assert len(reopened) == 121


# --- lines that do not mean what they seem to ------------------------------------


def odd(report: Report) -> list[tuple[int | None, Severity, str]]:
    found = said(report, "idle-line")
    return [(one.line, one.severity, one.message) for one in found]


@pytest.mark.parametrize(
    ("line", "severity", "message"),
    [
        pytest.param(
            "run/  # data",
            WARNING,
            '"run/  # data" is one pattern to docker: no comment can stand behind one:'
            " write run/",
            id="a comment behind a pattern, netsec-ethz/scionlab#335",
        ),
        pytest.param(
            "!run/a # kept",
            WARNING,
            '"!run/a # kept" is one pattern to docker: no comment can stand behind one:'
            " write !run/a",
            id="behind a line with !",
        ),
        pytest.param(
            "  # data",
            NOTE,
            '"# data" is a pattern to docker: take away the blanks before the #',
            id="a comment with blanks in front",
        ),
        pytest.param(
            "// data",
            NOTE,
            '"// data" is a pattern to docker, and no comment: write # data',
            id="a comment of another language, dani-garcia/vaultwarden#7274",
        ),
        pytest.param(
            "**/*.{css,scss}",
            WARNING,
            '"**/*.{css,scss}" matches only names with braces in them:'
            " write **/*.css and **/*.scss",
            id="braces",
        ),
        pytest.param(
            "{a,b}/{c,d}",
            WARNING,
            '"{a,b}/{c,d}" matches only names with braces in them',
            id="braces that would be too many lines",
        ),
        pytest.param(
            "bin\\Debug",
            WARNING,
            '"bin\\Debug" matches nothing in a folder: docker separates with /:'
            " write bin/Debug",
            id="backslashes between folders",
        ),
    ],
)
def test_a_line_of_an_odd_shape_is_told(
    tmp_path: Path, line: str, severity: Severity, message: str
) -> None:
    files = {".dockerignore": f"zzz\n{line}\n"}
    root = project(tmp_path, "run/a bin/Debug/a a.css", files)
    assert odd(scan(root)) == [(2, severity, message)]


@pytest.mark.parametrize(
    "line",
    [
        "run/",
        "# run",
        "a#b",
        "#",
        "//run",
        "no-such-thing",
        "**/*.tmp",
        "\\#a",
        "a\\[1\\]",
        "\\{a,b\\}",
        "{a}",
        "!run/a",
    ],
)
def test_a_line_that_only_matches_nothing_is_not_told(
    tmp_path: Path, line: str
) -> None:
    root = project(tmp_path, "run/a", {".dockerignore": line})
    assert odd(scan(root)) == []


@pytest.mark.parametrize("name", ["run # data", "{a,b}", "  # x"])
def test_what_is_there_by_that_name_is_meant(tmp_path: Path, name: str) -> None:
    root = project(tmp_path, "run/a", {".dockerignore": name})
    (root / name.strip()).touch()
    assert odd(scan(root)) == []


def test_a_name_that_reaches_the_root_only_is_told_where_others_travel(
    tmp_path: Path,
) -> None:
    """huggingface/chat-ui#1920, kubernetes-sigs/kueue#7170."""
    files = {".dockerignore": "node_modules/\n"}
    tree = "node_modules/a web/node_modules/b api/node_modules/c/node_modules/d"
    root = project(tmp_path, tree, files)
    assert odd(scan(root)) == [
        (
            1,
            NOTE,
            (
                '"node_modules/" reaches the context\'s root only, and'
                ' "api/node_modules" and 1 more travel: write **/node_modules'
            ),
        )
    ]


@pytest.mark.parametrize(
    ("tree", "lines", "copies"),
    [
        pytest.param("web/node_modules/b", "**/node_modules", "COPY . /", id="at all"),
        pytest.param("node_modules/b", "node_modules", "COPY . /", id="none deeper"),
        pytest.param("web/docs/b", "docs", "COPY . /", id="no clutter"),
        pytest.param(
            "web/node_modules/b", "/node_modules/", "COPY . /", id="with a slash before"
        ),
        pytest.param(
            "web/node_modules/b", "./node_modules", "COPY . /", id="and a dot"
        ),
        pytest.param(
            "web/node_modules/b src/a", "node_modules", "COPY src /", id="not sent"
        ),
        pytest.param(
            "web/node_modules/b", "/web/node_modules", "COPY . /", id="with its folder"
        ),
    ],
)
def test_a_name_that_reaches_all_there_is_is_not_told(
    tmp_path: Path, tree: str, lines: str, copies: str
) -> None:
    root = project(tmp_path, tree, {".dockerignore": lines}, copies=copies)
    assert odd(scan(root)) == []


@pytest.mark.parametrize(
    ("tree", "lines"),
    [
        pytest.param(".git/logs/HEAD:9", "logs", id="git's own records"),
        pytest.param("src/logs/log.go:9", "logs", id="sources"),
        pytest.param(
            "web/logs/a.log:9", "# >>> ctxopt >>>\nlogs\n# <<< ctxopt <<<", id="ours"
        ),
    ],
)
def test_a_name_that_better_stays_at_the_root_is_not_told(
    tmp_path: Path, tree: str, lines: str
) -> None:
    root = project(tmp_path, tree, {".dockerignore": lines})
    commit(root, ["Dockerfile", "src/logs/log.go"])
    assert odd(scan(root)) == []


def test_no_line_is_told_that_would_reach_sources(tmp_path: Path) -> None:
    tree = "web/logs/a.log:9 src/logs/log.go:9"
    root = project(tmp_path, tree, {".dockerignore": "logs"})
    commit(root, ["Dockerfile", "src/logs/log.go"])
    ((_, _, message),) = odd(scan(root))
    assert message == '"logs" reaches the context\'s root only, and "web/logs" travels'


# --- named contexts --------------------------------------------------------------


def with_assets(root: Path, copies: str) -> Request:
    """A build that takes from a named context with an ignore file of its own."""
    project(root / "main", "a:10", {}, copies=copies)
    project(root / "assets", "x:100 y:200 src/z:300", {".dockerignore": "y\n"})
    contexts = {"assets": str(root / "assets")}
    return Request(str(root / "main"), build_contexts=contexts)


def test_what_is_sent_of_a_named_context_is_listed(tmp_path: Path) -> None:
    """containers/buildah#4910: its own ignore file counts."""
    request = with_assets(tmp_path, "COPY --from=assets . /\nCOPY a /")
    listed = [one.path for one in pipeline.listing(request, named="assets")]
    assert listed == [".dockerignore", "Dockerfile", "src", "src/z", "x"]
    assert [one.path for one in pipeline.listing(request)] == ["a"]
    kept_out = pipeline.listing(request, named="assets", excluded=True)
    assert [one.path for one in kept_out] == ["y"]
    (report,) = pipeline.analyze(request).named
    assert report.transfer.tally.entries == len(listed)


@pytest.mark.parametrize(
    ("copies", "hint"),
    [
        pytest.param("COPY --from=assets x /", 'it reads "assets"', id="another one"),
        pytest.param(
            "COPY a /",
            "give its folder with --build-context other=FOLDER,"
            " and read it with COPY --from=other",
            id="none at all",
        ),
    ],
)
def test_a_context_that_is_not_read_cannot_be_listed(
    tmp_path: Path, copies: str, hint: str
) -> None:
    request = with_assets(tmp_path, copies)
    with pytest.raises(CtxoptError) as caught:
        next(iter(pipeline.listing(request, named="other")))
    assert caught.value.message == 'this build reads no named context "other"'
    assert caught.value.hint == hint


def test_the_report_has_the_sources_of_a_named_context(tmp_path: Path) -> None:
    request = with_assets(tmp_path, "COPY --from=assets src x /\nCOPY a /")
    (named,) = pipeline.analyze(request).named
    assert named.ignore_file is not None
    assert named.ignore_file.patterns == 1
    found = [(use.source.text, use.entries, use.file_bytes) for use in named.sources]
    assert found == [("src", 2, 300), ("x", 1, 100)]
