"""Builds on images that are not read here: measured, and told in few words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ctxopt import pipeline
from ctxopt.cli import main
from ctxopt.core.model import BuilderName, Report, Request, Severity, SourceState
from ctxopt.errors import WriteError
from ctxopt.pipeline.writing.plan import Choice
from ctxopt.view.report import text
from ctxopt.view.terminal.layout import Page
from tests.texttree import plant

BUILDERS = list(BuilderName)
# As in searxng's container/dist.dockerfile.
SEARXNG = (
    "FROM localhost/searxng:builder AS builder\n"
    "FROM ghcr.io/searxng/base:searxng AS dist\n"
    "COPY --from=builder /usr/local/searxng/ ./\n"
    "COPY entrypoint.sh ./\n"
    "ENV GRANIAN_PORT=8080\n"
    "VOLUME $CONFIG_PATH\n"
    "VOLUME $DATA_PATH\n"
    "EXPOSE 8080\n"
)


def scanned(root: Path, dockerfile: str, builder: BuilderName) -> Report:
    plant(root, "entrypoint.sh:30 a:1 nope/x:9")
    (root / "Dockerfile").write_text(dockerfile)
    return pipeline.analyze(Request(str(root), builder=builder))


def shown(report: Report, *, verbose: bool = False) -> str:
    lines = text.render(report, Page(80), verbose=verbose)
    return "\n".join("".join(part for part, _ in line) for line in lines)


@pytest.mark.parametrize("builder", BUILDERS)
def test_searxng_is_measured_and_its_variables_are_one_note(
    tmp_path: Path, builder: BuilderName
) -> None:
    report = scanned(tmp_path, SEARXNG, builder)
    (note,) = [one for one in report.problems if one.code == "unknown-variable"]
    assert (note.severity, note.line, note.subject) == (
        Severity.NOTE,
        6,
        "CONFIG_PATH",
    )
    assert '"$CONFIG_PATH", "$DATA_PATH"' in note.message
    assert "(also line 7)" in note.message
    assert [use.state for use in report.sources] == [SourceState.FOUND]
    assert all(one.severity is Severity.NOTE for one in report.problems)


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("source", ["$X", "$X/foo", "./$X*", "${X%/}/a"])
def test_a_source_that_the_image_may_set_is_unknown(
    tmp_path: Path, builder: BuilderName, source: str
) -> None:
    report = scanned(tmp_path, f"FROM x:1\nCOPY a {source} /y/\n", builder)
    assert [(use.source.text, use.state, use.entries) for use in report.sources] == [
        ("a", SourceState.FOUND, 1),
        (source, SourceState.UNKNOWN, 0),
    ]
    assert report.used.files == 1
    assert "unknown" in shown(report)
    assert "would fail" not in shown(report)


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_default_is_taken_where_it_is_there_and_no_error_where_it_is_not(
    tmp_path: Path, builder: BuilderName
) -> None:
    text = "FROM x:1\nCOPY ${X:-a} /y\nCOPY ${X:-gone} /z\n"
    report = scanned(tmp_path, text, builder)
    assert [use.state for use in report.sources] == [
        SourceState.FOUND,
        SourceState.UNKNOWN,
    ]
    (note,) = [one for one in report.problems if one.code == "unknown-variable"]
    assert (note.severity, note.line) == (Severity.NOTE, 3)
    assert 'unless the base image sets "$X"' in note.message


@pytest.mark.parametrize("builder", BUILDERS)
def test_on_scratch_an_empty_variable_is_still_empty(
    tmp_path: Path, builder: BuilderName
) -> None:
    report = scanned(tmp_path, "FROM scratch\nCOPY $X/foo /y\n", builder)
    assert [use.state for use in report.sources] == [SourceState.MISSING]
    assert report.problems[0].severity is Severity.ERROR


def test_only_sources_in_doubt_are_not_called_none(tmp_path: Path) -> None:
    report = scanned(tmp_path, "FROM x:1\nCOPY $X /y\n", BuilderName.BUILDKIT)
    assert report.transfer.printed is None
    assert "no COPY, ADD or mount" not in shown(report)


def test_an_allow_list_is_not_made_of_what_is_not_known(tmp_path: Path) -> None:
    scanned(tmp_path, "FROM x:1\nCOPY $X /y\n", BuilderName.BUILDKIT)
    with pytest.raises(WriteError, match="base image may set"):
        pipeline.plan_allow_list(Request(str(tmp_path)), Choice())


def test_images_are_told_only_where_no_line_copies(tmp_path: Path) -> None:
    taking = scanned(tmp_path, "FROM x:1\nCOPY a /\n", BuilderName.BUILDKIT)
    assert "Problems" not in shown(taking)
    assert 'the image "x:1" is not read here' in " ".join(
        shown(taking, verbose=True).split()
    )
    stages = "FROM x:1 AS a\nFROM y:2\nCOPY --from=a /b /c\n"
    nothing = shown(scanned(tmp_path, stages, BuilderName.BUILDKIT))
    assert nothing.count("not read here") == 1
    assert 'not read here: "x:1", "y:2"; a source that ONBUILD adds' in nothing
    assert "not read here" not in shown(
        scanned(tmp_path, "FROM scratch\n", BuilderName.BUILDKIT)
    )


def test_the_command_line_shows_them_with_verbose(tmp_path: Path) -> None:
    scanned(tmp_path, "FROM x:1\nCOPY a /\n", BuilderName.BUILDKIT)
    for options, told in ([], False), (["-v"], True), (["--verbose"], True):
        shown_by = CliRunner().invoke(main, ["scan", *options, str(tmp_path)])
        assert shown_by.exit_code == 0
        assert ('image "x:1" is not read here' in shown_by.output) is told
