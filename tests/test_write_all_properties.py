"""Writing for several builds at once, of any repository: no build loses what it needs.

What a build takes is asked before and after, without a word about how lines are chosen:
who found a source finds it still, what is gone from a transfer was announced, and what
was said of the sizes is what is measured.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt import pipeline
from ctxopt.core.builds.records import BuildKind, FoundBuild
from ctxopt.core.model import BuilderName, Listed, Report, Request, SourceState
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.plan import Choice
from ctxopt.pipeline.writing.several import Drafts, FilePlan, apply_all, draft_all
from tests.test_advice_properties import GIT_LINES, dockerfiles, ignore_files, trees
from tests.test_properties import Tree
from tests.trees import BASE_TIME_NS

PLACES = ("Dockerfile", "api.Dockerfile", "docker/Dockerfile", "w/Dockerfile.prod")
IGNORED = ".dockerignore"
# Each example is several trees' worth of walks.
fewer = settings(max_examples=max(settings().max_examples // 2, 1))


@dataclass(frozen=True)
class Repository:
    """A tree with several Dockerfiles, some with an ignore file of their own."""

    tree: Tree
    git_lines: tuple[str, ...]
    ignore_file: bytes | None
    dockerfiles: tuple[str, ...]
    own: tuple[bytes | None, ...]
    targets: tuple[str | None, ...]
    builders: tuple[BuilderName, ...]

    @contextmanager
    def laid(self) -> Iterator[tuple[Path, list[FoundBuild]]]:
        """The root on disk, and its builds."""
        with tempfile.TemporaryDirectory(prefix="ctxopt-") as folder:
            root = Path(folder) / "context"
            root.mkdir()
            self.tree.lay_out(root)
            if self.git_lines:
                text = "".join(f"{line}\n" for line in self.git_lines)
                (root / ".gitignore").write_bytes(os.fsencode(text))
            if self.ignore_file is not None:
                (root / IGNORED).write_bytes(self.ignore_file)
            builds = [*self._builds(root)]
            for path, folders, files in os.walk(root):
                for name in (*folders, *files):
                    times = (BASE_TIME_NS, BASE_TIME_NS)
                    os.utime(os.path.join(path, name), ns=times, follow_symlinks=False)
            yield root, builds

    def _builds(self, root: Path) -> Iterator[FoundBuild]:
        for place, text, own, target, builder in zip(
            PLACES,
            self.dockerfiles,
            self.own,
            self.targets,
            self.builders,
            strict=False,
        ):
            path = root / place
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8", "surrogateescape")
            except OSError:
                continue  # something of the tree is in the way
            if own is not None:
                Path(f"{path}{IGNORED}").write_bytes(own)
            request = Request(root, path, target=target, builder=builder)
            yield FoundBuild(place, BuildKind.DOCKERFILE, request, place, ".")


@st.composite
def repositories(draw: st.DrawFn) -> Repository:
    """Any tree with two to four builds of it."""
    count = draw(st.integers(2, len(PLACES)))
    builders = st.sampled_from([*[BuilderName.BUILDKIT] * 3, BuilderName.LEGACY])
    mostly_none = st.one_of(st.none(), st.none(), st.none(), ignore_files())
    return Repository(
        draw(trees()),
        tuple(draw(GIT_LINES)),
        draw(ignore_files()),
        tuple(draw(dockerfiles()) for _ in range(count)),
        tuple(draw(mostly_none) for _ in range(count)),
        tuple(draw(st.sampled_from([None, None, "s0"])) for _ in range(count)),
        tuple(draw(builders) for _ in range(count)),
    )


def reports(builds: Sequence[FoundBuild]) -> dict[str, Report]:
    """What is known of each build that is not refused, by both builders of docker."""
    found = {}
    for one in builds:
        for builder in (BuilderName.BUILDKIT, BuilderName.LEGACY):
            with suppress(CtxoptError):
                request = one.request._replace(builder=builder)
                found[f"{one.name} {builder}"] = pipeline.analyze(request)
    return found


def listed(builds: Sequence[FoundBuild]) -> dict[str, dict[str, Listed]]:
    """What each build takes, by path."""
    found = {}
    for one in builds:
        with suppress(CtxoptError):
            rows = pipeline.listing(one.request)
            found[one.name] = {row.path: row for row in rows}
    return found


def found_sources(report: Report) -> list[tuple[str, int, str]]:
    """The sources that find something, by their place and their text."""
    return [
        (one.source.location.file, one.source.location.line, one.source.expanded)
        for one in report.sources
        if one.state is SourceState.FOUND
    ]


def is_in(path: str, folders: frozenset[str]) -> bool:
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False


@pytest.mark.deep
@fewer
@given(repository=repositories(), apart=st.booleans(), asks=st.booleans())
def test_no_build_loses_what_it_needs(
    repository: Repository, *, apart: bool, asks: bool
) -> None:
    with repository.laid() as (root, builds):
        choice = Choice(per_dockerfile=apart, include_ask=asks)
        try:
            drafts = draft_all(builds, choice, estimate=Estimate())
            plans = [one.plan() for one in drafts.files]
        except CtxoptError:
            return  # nothing is written then
        before, taken = reports(builds), listed(builds)
        own = frozenset(os.path.relpath(one.plan.target.path, root) for one in plans)
        apply_all([one.plan for one in plans])
        after = reports(builds)
        assert after.keys() == before.keys()
        for name, report in before.items():
            assert found_sources(after[name]) == found_sources(report), name
        gone = announced(drafts, plans)
        for name, rows in listed(builds).items():
            for path in taken[name].keys() - rows.keys():
                assert is_in(path, gone[name] | own), (name, path)
            assert {*rows} - {*taken[name]} <= own | folders_of(own), name


def folders_of(paths: frozenset[str]) -> set[str]:
    """The folders above some paths, which travel with what is in them."""
    return {os.path.dirname(one) for one in paths}


def announced(drafts: Drafts, plans: Sequence[FilePlan]) -> dict[str, frozenset[str]]:
    """By build, the paths that the written suggestions speak of."""
    found: dict[str, frozenset[str]] = {}
    for draft, plan in zip(drafts.files, plans, strict=True):
        ids = {one.id for one in plan.plan.suggestions}
        chosen = [one for one in draft.advice.all if one.shown.id in ids]
        paths = draft.advice.announced(chosen)
        for member in draft.advice.group.members:
            found[member.name] = paths[member.root]
    for name, _ in drafts.left_out:
        found[name] = frozenset().union(*found.values())
    return found


@pytest.mark.deep
@fewer
@given(repository=repositories())
def test_what_is_said_of_the_sizes_is_measured_afterwards(
    repository: Repository,
) -> None:
    with repository.laid() as (_, builds):
        try:
            drafts = draft_all(builds, Choice(), estimate=Estimate())
            plans = [one.plan() for one in drafts.files]
        except CtxoptError:
            return
        if len(plans) != 1 or drafts.left_out:
            return  # a new file may be an entry of another build's context
        apply_all([one.plan for one in plans])
        by_name = {one.name: one for one in builds}
        for name, _, then in plans[0].costs:
            report = pipeline.analyze(by_name[name].request)
            assert report.transfer.tally == then.transfer, name
