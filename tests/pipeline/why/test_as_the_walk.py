"""What is said of single paths is what the walk makes of them, in recorded contexts.

The walk has been held against real builders; here its entries are asked about by
themselves, what it leaves out, too, and each source without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Request
from ctxopt.core.why.answer import Manner, PathAnswer, PathState
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.why.locating import Located
from ctxopt.pipeline.why.paths import PathAsker
from ctxopt.pipeline.why.sources import source_answers
from tests.trees import Case, LaidOut, load_cases

CASES = [pytest.param(case, id=case["id"]) for case in load_cases()]
MOST_PATHS = 4  # of one context


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


@pytest.mark.parametrize("case", CASES)
def test_paths_and_sources_alone_are_judged_as_in_the_walk(
    case: Case, recorded: LaidOut
) -> None:
    for builder in BuilderName:
        judged_as_in_the_walk(case, builder, recorded)


def judged_as_in_the_walk(case: Case, builder: BuilderName, recorded: LaidOut) -> None:
    asked = request(case, recorded, builder)
    try:
        build = read_build(asked)
        whole = {one.path for one in pipeline.listing(asked, whole=True)}
        sent = {one.path: one.sources for one in pipeline.listing(asked)}
        scanned = {one.source: one.state for one in pipeline.analyze(asked).sources}
        asker = PathAsker(build, build.main)
    except CtxoptError:
        return  # refused, and told so by every command
    looked_up = {one.use.source: one.use.state for one in source_answers(build)}
    assert looked_up == scanned
    for path, is_folder in [*paths_below(build.main.path)][:MOST_PATHS]:
        answer = asker.answer(Located(path, path))
        if is_folder and not answer.in_context:
            continue  # a parent travels for what is in it
        if answer.standing.state is PathState.BROKEN or answer.failing:
            continue  # it depends on what the walk has met before
        assert answer.in_context == (path in whole), path
        assert taking(answer) == set(sent.get(path, ())), path


def taking(answer: PathAnswer) -> set[object]:
    """The sources that get a path, whether the build fails afterwards or not."""
    if not answer.in_context or answer.standing.withdrawn:
        return set()
    return {
        one.source
        for one in answer.takers
        if one._replace(fails=False).takes and one.manner is not Manner.WITHIN
    }
