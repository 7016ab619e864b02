"""What is said of single paths is what the walk makes of them, in recorded contexts.

The walk has been held against real builders; here its entries are asked about by
themselves, what it leaves out, too, and each source without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Request, Source, SourceState
from ctxopt.core.why.answer import Manner, PathAnswer, PathState
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.measuring import measure_build
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.uses import uses_of
from ctxopt.pipeline.why.locating import Located
from ctxopt.pipeline.why.paths import PathAsker
from ctxopt.pipeline.why.sources import source_answers
from tests.trees import Case, LaidOut, load_cases

MOST_PATHS = 3  # of one context
A_TABLE = 50  # contexts of one test

# All that somebody thought of, and some of those that were drawn by lot.
CASES = load_cases()
THOUGHT_OUT = [one for one in CASES if not one["id"].startswith("fuzz-")]
DRAWN = [one for one in CASES if one["id"].startswith("fuzz-")][::3]
TABLES = [
    pytest.param(cases[at : at + A_TABLE], id=f"{cases[at]['id']} and those behind it")
    for cases in (THOUGHT_OUT, DRAWN)
    for at in range(0, len(cases), A_TABLE)
]


def request(case: Case, recorded: LaidOut, builder: BuilderName) -> Request:
    context, dockerfile = recorded(case)
    target, args = case.get("target"), case.get("build_args", {})
    return Request(context, dockerfile, target, args, builder=builder)


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


@pytest.mark.parametrize("cases", TABLES)
def test_paths_and_sources_alone_are_judged_as_in_the_walk(
    cases: list[Case], recorded: LaidOut
) -> None:
    asked = 0
    for at, case in enumerate(cases):
        with suppress(pytest.skip.Exception):  # this disk cannot have such a file
            for builder in builders_of(case, at):
                asked += judged_as_in_the_walk(case, builder, recorded)
    assert asked > len(cases)


def builders_of(case: Case, at: int) -> Sequence[BuilderName]:
    """The builders that are asked: in turn for what was drawn, else both."""
    both = [*BuilderName]
    return both[at % 2 : at % 2 + 1] if case["id"].startswith("fuzz-") else both


def judged_as_in_the_walk(case: Case, builder: BuilderName, recorded: LaidOut) -> int:
    """How many paths of a context were asked about, after each was judged right."""
    place = f"{case['id']} by {builder}"
    try:
        asked = request(case, recorded, builder)
        build = read_build(asked)
        taken = {one.path: one.sources for one in pipeline.listing(asked, whole=True)}
        walked = states_in_the_walk(build)
    except CtxoptError:
        return 0  # refused, and told so by every command
    alone = {one.use.source: one.use.state for one in source_answers(build)}
    assert alone == walked, place
    asker = PathAsker(build, build.main)
    answers = [*answers_of(asker)]
    for answer in answers:
        assert answer.in_context == (answer.path in taken), (place, answer.path)
        sources = set(taken.get(answer.path, ()))
        assert taking(answer) == sources, (place, answer.path)
    return len(answers)


def states_in_the_walk(build: Build) -> dict[Source, SourceState]:
    """What became of each source, after all has been walked."""
    measured = measure_build(build)
    root, job, found = build.main, measured.job, measured.found
    arrivals = Arrivals(build, root, job, found)
    uses, _ = uses_of(build, root, job, found, arrivals=arrivals)
    return {one.source: one.state for one in uses}


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
