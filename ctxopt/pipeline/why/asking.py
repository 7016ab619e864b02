"""From a request and paths as typed to all that is told of them; nothing is walked."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ctxopt.core.model import Request, Severity
from ctxopt.core.why.answer import Explanation, GlobAnswer, PathAnswer
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.why.locating import Located, glob_hits, is_glob, locate
from ctxopt.pipeline.why.paths import PathAsker

_TOLD = (Severity.ERROR, Severity.WARNING)  # of what is wrong with the build itself
SHOWN_HITS = 5  # of a pattern that was asked for


def explain(request: Request, paths: Sequence[str] = ()) -> Explanation:
    """Why paths are sent or not, and who takes them; each source where none is given.

    A path may be given from the current folder, from the context or from the root of
    the disk, and as a pattern. Raises CtxoptError for input that the builder would
    refuse before it sends anything.
    """
    build = read_build(request)
    found = _explanation(build, request)
    if not paths:
        from ctxopt.pipeline.why.sources import source_answers

        return found._replace(sources=source_answers(build))
    asker = PathAsker(build, build.main)
    return found._replace(answers=tuple(_answer(asker, path) for path in paths))


def _answer(asker: PathAsker, asked: str) -> PathAnswer | GlobAnswer:
    if not is_glob(asked, asker.tree):
        return _answer_path(asker, locate(asked, asker.tree))
    hits = glob_hits(asked, asker.tree)
    located = [Located(path, path) for path in hits.paths[:SHOWN_HITS]]
    return GlobAnswer(
        asked=asked,
        hits=len(hits.paths),
        in_context=sum(map(asker.is_in, hits.paths)),
        first=tuple(map(asker.answer, located)),
        all_seen=hits.all_seen,
    )


def _answer_path(asker: PathAsker, place: Located) -> PathAnswer:
    """The answer of the context that the path lies in.

    Where a folder of the main context is a named one as well (`shared=./shared`), that
    of the one from which something takes it.
    """
    if not place.inside:
        return _named(asker, place) or asker.answer(place)
    answer = asker.answer(place)
    if _is_taken(answer) or not asker.build.named:
        return answer
    whole = place._replace(path=os.path.join(asker.tree.root, place.path))
    named = _named(asker, whole)
    return named if named is not None and _is_taken(named) else answer


def _is_taken(answer: PathAnswer) -> bool:
    return any(one.takes or one.fails for one in answer.takers)


def _named(asker: PathAsker, located: Located) -> PathAnswer | None:
    """The answer for a path that lies in a named context of the build."""
    for name, root in asker.build.named:
        inside = locate(located.path, DiskTree(root.path))
        if inside.inside:
            named = PathAsker(asker.build, root, name)
            return named.answer(inside._replace(asked=located.asked))
    return None


def _explanation(build: Build, request: Request) -> Explanation:
    return Explanation(
        request=request,
        context_path=build.main.path,
        dockerfile_path=build.dockerfile.path,
        dockerfile=build.dockerfile.shown,
        stage=build.trace.stage if build.trace is not None else "",
        ignore_file=build.main.ignore_summary(),
        problems=tuple(one for one in build.problems if one.severity in _TOLD),
    )
