"""What is said of single paths is what the walk makes of them.

The walk has been held against real builders; here its entries are asked about by
themselves, what it leaves out, too, and each source without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxopt.core.measure.listing import Selection
from ctxopt.core.model import Source, SourceState
from ctxopt.core.why.answer import Manner, PathAnswer, PathState
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.entries import entries_of
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.uses import uses_of
from ctxopt.pipeline.why.locating import Located
from ctxopt.pipeline.why.paths import PathAsker
from ctxopt.pipeline.why.sources import source_answers

MOST_PATHS = 3  # of one context


def judged_as_in_the_walk(measured: MeasuredBuild) -> int:
    """How many paths of a build were asked about, after each was judged right."""
    if measured.found.context_error is not None:
        return 0  # who lists it is refused
    build = measured.build
    taken = {one.path: one.sources for one in entries_of(build, Selection.CONTEXT)}
    alone = {one.use.source: one.use.state for one in source_answers(build)}
    assert alone == states_in_the_walk(measured)
    asker = PathAsker(build, build.main)
    answers = [*answers_of(asker)]
    for answer in answers:
        assert answer.in_context == (answer.path in taken), answer.path
        sources = set(taken.get(answer.path, ()))
        assert taking(answer) == sources, answer.path
    return len(answers)


def states_in_the_walk(measured: MeasuredBuild) -> dict[Source, SourceState]:
    """What became of each source, after all has been walked."""
    build, job, found = measured.build, measured.job, measured.found
    arrivals = Arrivals(build, build.main, job, found)
    uses, _ = uses_of(build, build.main, job, found, arrivals=arrivals)
    return {one.source: one.state for one in uses}


def paths_below(root: str) -> Iterator[tuple[str, bool]]:
    """The paths of the disk, and whether each is a folder."""
    for folder, folders, files in os.walk(root):
        relative = os.path.relpath(folder, root)
        inside = "" if relative == "." else f"{relative}/"
        for name in files:
            yield inside + name, False
        for name in folders:
            path = os.path.join(folder, name)
            yield inside + name, not os.path.islink(path)


def answers_of(asker: PathAsker) -> Iterator[PathAnswer]:
    """What is told of some paths of a context, wherever it can be known alone."""
    paths = [*paths_below(asker.root.path)]
    for path, is_folder in paths[:: len(paths) // MOST_PATHS + 1]:
        answer = asker.answer(Located(path, path))
        if is_folder and not answer.in_context:
            continue  # a parent travels for what is in it
        if answer.standing.state is PathState.BROKEN or answer.failing:
            continue  # it depends on what the walk has met before
        yield answer


def taking(answer: PathAnswer) -> set[object]:
    """The sources that get a path, whether the build fails afterwards or not."""
    if not answer.in_context or answer.standing.withdrawn:
        return set()
    return {
        one.source
        for one in answer.takers
        if one._replace(fails=False).takes and one.manner is not Manner.WITHIN
    }
