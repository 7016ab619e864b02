"""What is suggested for whole projects, and that writing it breaks none of them.

The golden files `fixtures/projects/NAME/expected.txt` are reviewed by eye beside
`why.md`; `UPDATE_GOLDEN=1 pytest tests/test_projects.py` writes them anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ctxopt import pipeline
from ctxopt.core.model import (
    BuilderName,
    Confidence,
    Projection,
    Report,
    Request,
    Severity,
)
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.writing.drafting import Drafting
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from tests import projects
from tests.trees import BASE_TIME_NS

BUILDERS = pytest.mark.parametrize("builder", BuilderName)


def drafted(folder: Path, builder: BuilderName = BuilderName.BUILDKIT) -> Drafting:
    request = Request(str(folder), builder=builder)
    return pipeline.plan(request, Choice(), estimate=Estimate())


def write(draft: Drafting, *, all_of_it: bool = False) -> WritePlan:
    plan = draft.plan({one.id for one in draft.consents.questions} if all_of_it else ())
    plan.apply()
    return plan


def take_back(plan: WritePlan) -> None:
    """Let the ignore file be what it was, times and all."""
    path = Path(plan.snapshot.real)
    if plan.snapshot.content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(plan.snapshot.content)
        os.utime(path, ns=(BASE_TIME_NS, BASE_TIME_NS))
    os.utime(path.parent, ns=(BASE_TIME_NS, BASE_TIME_NS))


def kept(folder: Path, builder: BuilderName) -> set[str]:
    request = Request(str(folder), builder=builder)
    return {entry.path for entry in pipeline.listing(request, whole=True)}


def sent(folder: Path, builder: BuilderName) -> set[str]:
    request = Request(str(folder), builder=builder)
    return {entry.path for entry in pipeline.listing(request)}


def summary(report: Report) -> Iterator[str]:
    """What matters of the suggestions, a line each, in their order."""
    for one in report.suggestions:
        saved = f"{one.wire_bytes:>10} {one.context.wire_bytes:>10}"
        yield f"{one.confidence:<8} {saved}  {one.id}: {'  '.join(one.patterns)}"
        for note in one.notes:
            yield f"{'':<32}{note}"
    for held in report.held_back:
        yield f"held     {held.rule}: {held.path}: {held.why}"
    assert report.projection is not None
    now, after = report.projection.now, report.projection.after
    yield f"transfer {now.transfer_wire_bytes} -> {after.transfer_wire_bytes}"
    yield f"context  {now.context_wire_bytes} -> {after.context_wire_bytes}"


class LaidProject(NamedTuple):
    """A project on disk, and what builds of it were before anything was written."""

    name: str
    folder: Path
    kept: dict[BuilderName, set[str]]
    drafts: dict[BuilderName, Drafting]
    reports: dict[BuilderName, Report]
    traces: dict[str, tuple[object, ...]]  # by path: all that could have changed


def told(draft: Drafting) -> Report:
    """The report of what a draft has measured."""
    return report_of(draft.request, draft.measured, draft.advice, excluded=False)


def traces(folder: Path) -> dict[str, tuple[object, ...]]:
    """What the disk knows of each entry, and what ignore files say."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *folder.rglob("*")):
        about = path.lstat()
        text = path.read_bytes() if path.name.endswith("dockerignore") else b""
        facts = (about.st_mode, about.st_mtime_ns, about.st_size, about.st_nlink)
        found[os.path.relpath(path, folder)] = (*facts, text)
    return found


@pytest.fixture(scope="module", params=projects.names())
def laid(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LaidProject]:
    """Every project in turn; gone before the next, because together they are large."""
    root = tmp_path_factory.mktemp("laid")
    folder = projects.lay_out(request.param, root)
    drafts = {builder: drafted(folder, builder) for builder in BuilderName}
    yield LaidProject(
        request.param,
        folder,
        {builder: kept(folder, builder) for builder in BuilderName},
        drafts,
        {builder: told(draft) for builder, draft in drafts.items()},
        traces(folder),
    )
    shutil.rmtree(root)


def test_the_suggestions_are_those_that_were_reviewed(laid: LaidProject) -> None:
    now = "".join(f"{line}\n" for line in summary(laid.reports[BuilderName.BUILDKIT]))
    golden = projects.PROJECTS / laid.name / "expected.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(now, encoding="utf-8", newline="\n")
    assert now == golden.read_text(encoding="utf-8")


@BUILDERS
def test_what_saves_more_stands_above(laid: LaidProject, builder: BuilderName) -> None:
    made = laid.reports[builder].suggestions
    for asked in (False, True):
        saved = [
            one.wire_bytes
            for one in made
            if (one.confidence is Confidence.ASK) == asked
        ]
        assert saved == sorted(saved, reverse=True)


@pytest.mark.deep
@BUILDERS
def test_writing_takes_the_waste_and_leaves_what_is_needed_as_was_projected(
    laid: LaidProject, builder: BuilderName
) -> None:
    plan = write(laid.drafts[builder])
    try:
        check_what_is_left(laid, builder)
        check_the_projection(laid.reports[builder].projection, laid.folder, builder)
    finally:
        take_back(plan)


def check_what_is_left(laid: LaidProject, builder: BuilderName) -> None:
    after = kept(laid.folder, builder)
    needs = laid.kept[builder].intersection(projects.needs(laid.name))
    assert needs - after == set()
    # What this build never sends is left to a person.
    travels = sent(laid.folder, builder)
    for waste in projects.waste(laid.name):
        inside = f"{waste.rstrip('/')}/"
        left = [path for path in travels if f"{path}/".startswith(inside)]
        assert left == [], waste


def check_the_projection(
    projection: Projection | None, folder: Path, builder: BuilderName
) -> None:
    request = Request(str(folder), builder=builder)
    report = pipeline.analyze(request, estimate=Estimate())
    assert projection is not None
    assert report.projection is not None
    assert report.projection.now == projection.after
    assert report.transfer.tally.wire_bytes == projection.after.transfer_wire_bytes


@pytest.mark.deep
@BUILDERS
def test_no_build_breaks_even_if_all_is_accepted(
    laid: LaidProject, builder: BuilderName
) -> None:
    before = laid.reports[builder]
    plan = write(laid.drafts[builder], all_of_it=True)
    try:
        # What is suggested now breaks nothing.
        after = pipeline.analyze(Request(str(laid.folder), builder=builder))
    finally:
        take_back(plan)
    assert [use.state for use in after.sources] == [use.state for use in before.sources]
    errors = {one.code for one in after.problems if one.severity is Severity.ERROR}
    assert errors <= {one.code for one in before.problems}


def test_what_was_written_and_taken_back_leaves_no_trace(laid: LaidProject) -> None:
    """Or the tests of one project could not share it."""
    assert traces(laid.folder) == laid.traces


# What a COPY . . of a Python, a Node and a Java project sweeps in and can do without.
# Their own Dockerfiles are not run here, so nothing of them is named or built.
MIXED = ("python-web", "node-web", "java-maven")
# Asked about: somebody's data, and what may have been built for the image.
ASKED = (
    "node-web/apps/web/dist",
    "python-web/instance",
    "python-web/scratch",
    "java-maven/.classpath",
    "java-maven/.project",
)
NEEDED = ("java-maven/.mvn/wrapper", "python-web/src", "node-web/apps/web/src")


@pytest.mark.deep
def test_less_than_one_percent_of_mixed_clutter_is_left(tmp_path: Path) -> None:
    """The acceptance of the issue: three kinds of clutter below one `COPY . .`."""
    for name in MIXED:
        projects.lay_out(name, tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    before = kept(tmp_path, BuilderName.BUILDKIT)
    write(drafted(tmp_path))
    after = kept(tmp_path, BuilderName.BUILDKIT)
    clutter = {
        f"{name}/{piece.path}": piece.file_bytes
        for name in MIXED
        for piece in projects.clutter(name)
    }
    waste = {
        path: size
        for path, size in clutter.items()
        if path in before and not path.startswith((*ASKED, *NEEDED))
    }
    left = sum(size for path, size in waste.items() if path in after)
    assert left < 0.01 * sum(waste.values())
    committed = before - clutter.keys()
    manifests = {
        path for path in committed if path.endswith((".java", ".py", ".json", ".xml"))
    }
    assert manifests
    assert manifests - after == set()
