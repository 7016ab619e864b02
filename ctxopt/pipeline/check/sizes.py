"""CTX3xx: budgets, growth, clutter, and what git does not track."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxopt.core.builders import Builder
from ctxopt.core.checking import catalogue
from ctxopt.core.checking.budgets import (
    Baseline,
    BuildName,
    Measure,
    grown,
    over,
    read_baseline,
    sizes_of,
    write_baseline,
)
from ctxopt.core.checking.families import size
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.model import Problem
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import inputs, replace
from ctxopt.host.git.index import tracked
from ctxopt.pipeline.check.checked import CheckedBuild

LEAST_SHARE = 0.1  # of the transfer that clutter has to be, to be worth a warning
MANY_TIMES = 3  # as large as what is tracked
LARGE_BYTES = 50_000_000  # of a context, before anybody minds
MOST_TRACKED = 50_000  # files that are asked for their sizes, one by one


def size_findings(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """What is too large, as far as the user or git says what is enough."""
    for problem in (
        *_over_budget(checked),
        *_grown(checked),
        *_cluttered(checked),
        *_mostly_untracked(checked),
    ):
        yield catalogue.diagnostic(problem)


def _over_budget(checked: CheckedBuild) -> Iterator[Problem]:
    for one in over(sizes_of(checked.report), checked.settings.budgets):
        now, most = _words(one, checked.build.builder)
        yield size.OVER_BUDGET.problem(
            f"the {one.what} has {now}, its budget is {most}", subject=one.what
        )


def _words(one: Measure, builder: Builder) -> tuple[str, str]:
    """Both sizes, as the builder prints bytes."""
    if one.is_bytes:
        return builder.prints(one.now), builder.prints(one.other)
    return f"{one.now:,} files", f"{one.other:,}"


# --- growth ----------------------------------------------------------------------


def _grown(checked: CheckedBuild) -> Iterator[Problem]:
    growth = checked.settings.growth
    if growth is None:
        return
    before = _read(growth.baseline).get(_name(checked, growth.baseline))
    if before is None:
        yield _not_yet(growth.baseline)
        return
    for one in grown(sizes_of(checked.report), before, growth.percent):
        now, then = _words(one, checked.build.builder)
        yield size.GROWN.problem(
            f"the {one.what} has {now}, it had {then}", subject=one.what
        )


def _not_yet(path: str) -> Problem:
    note = size.GROWN.severities[-1]
    problem = size.GROWN.problem(
        f'"{path}" has no sizes of this build yet', severity=note, subject=path
    )
    return problem._replace(hint="--update-baseline writes them")


def update_baseline(checked: CheckedBuild, path: str) -> None:
    """Write the sizes of a build into a baseline, beside those of others.

    Raises CtxoptError for a file that is there and no baseline, or cannot be written.
    """
    snapshot = replace.read(path)
    kept: Baseline = {}
    if snapshot.content is not None:
        kept = read_baseline(snapshot.content, path)
    kept[_name(checked, path)] = sizes_of(checked.report)
    replace.replace(snapshot, write_baseline(kept))


def _read(path: str) -> Baseline:
    content = replace.read(path).content
    if content is None:
        raise CtxoptError(
            "there is no such baseline", hint="--update-baseline writes it", file=path
        )
    return read_baseline(content, path)


def _name(checked: CheckedBuild, path: str) -> BuildName:
    """The build as a baseline names it, which is the same in each clone."""
    folder = os.path.dirname(os.path.abspath(path))
    dockerfile = checked.report.dockerfile_path
    if dockerfile != inputs.STDIN:
        dockerfile = os.path.relpath(dockerfile, folder)
    return BuildName(
        os.path.relpath(checked.report.context_path, folder),
        dockerfile,
        checked.request.target,
        checked.request.builder,
    )


# --- clutter ---------------------------------------------------------------------


def _cluttered(checked: CheckedBuild) -> Iterator[Problem]:
    """What `write --yes` would take off the transfer, where that is much."""
    projection = checked.report.projection
    if projection is None:
        return
    now = projection.now.transfer_wire_bytes
    saved = now - projection.after.transfer_wire_bytes
    most = checked.settings.budgets.clutter_bytes
    if saved > most and saved > now * LEAST_SHARE:
        prints = checked.build.builder.prints
        yield size.CLUTTERED.problem(
            f"{prints(saved)} of the {prints(now)} that this build sends is clutter",
            subject="transfer",
        )


def _mostly_untracked(checked: CheckedBuild) -> Iterator[Problem]:
    """A context that a clone does not have; nothing where git cannot tell."""
    context = checked.report.context
    if context is None or context.file_bytes < LARGE_BYTES:
        return
    root = checked.report.context_path
    files = tracked(root)
    if not files or not 0 < files.below("") <= MOST_TRACKED:
        return
    known = sum(inputs.regular_size(root, path) or 0 for path in files)
    if context.file_bytes > known * MANY_TIMES:
        prints = checked.build.builder.prints
        yield size.MOSTLY_UNTRACKED.problem(
            f"the context has {prints(context.file_bytes)}, and git tracks"
            f" {prints(known)} of its folder",
            subject=root,
        )
