"""CTX7xx: what the Dockerfile could say better, whatever the context holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.dockerfile_advice import (
    additions,
    compilers,
    dead,
    images,
    layers,
    owners,
    packages,
)
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.dockerfile import Trace
from ctxopt.core.model import Problem, Source
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.check.checked import CheckedBuild

_MOST_HITS = 20  # of a wildcard whose first bytes are read


def dockerfile_advice(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """Notes on the Dockerfile, each once: a trigger stands in many stages."""
    trace = checked.build.trace
    if trace is None:
        return  # the builder refuses it, and is heard
    for problem in dict.fromkeys(_problems(checked, trace)):
        yield catalogue.diagnostic(_at_its_word(checked, problem))


def _at_its_word(checked: CheckedBuild, problem: Problem) -> Problem:
    """A problem with the column of its subject, where that stands there once."""
    text = next((one for one in checked.texts if one.shown == problem.file), None)
    line = text.line(problem.line) if text is not None else None
    subject = problem.subject
    if problem.column or line is None or not subject or line.count(subject) != 1:
        return problem
    return problem._replace(column=line.index(subject) + 1)


def _problems(checked: CheckedBuild, trace: Trace) -> Iterator[Problem]:
    tree = DiskTree(checked.build.main.path)
    stages = checked.stages
    yield from images.moving_images(trace)
    yield from packages.updates_apart(stages)
    yield from packages.lists_left(stages)
    yield from packages.caches_left(stages)
    yield from packages.recommended(stages)
    yield from layers.runs_apart(stages)
    yield from compilers.compilers_left(trace, stages)
    yield from owners.stored_again(trace, checked.laid, stages)
    yield from dead.overruled(stages)
    yield from dead.maintainers(stages)
    yield from additions.plain_additions(trace, _Heads(checked, tree))


class _Heads:
    """The first bytes of the files that a source takes by its name."""

    def __init__(self, checked: CheckedBuild, tree: DiskTree) -> None:
        self._tree = tree
        wanted = (one.wanted for one in checked.measured.job.targets.traced)
        self._wanted = {want.source: want for want in wanted}

    def __call__(self, source: Source) -> Sequence[bytes]:
        want = self._wanted.get(source)
        if want is None:
            return ()
        hits = islice(hits_of(want, self._tree), _MOST_HITS)
        return [self._tree.head(path) for path in hits]
