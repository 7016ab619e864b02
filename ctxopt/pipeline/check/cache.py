"""CTX5xx: what makes layers anew without need."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.cache_advice.broad import Context
from ctxopt.core.checking.cache_advice.orders import installs_late
from ctxopt.core.checking.cache_advice.removed import copied_in_vain
from ctxopt.core.checking.cache_advice.unsettled import unsettled_layers
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.dockerfile import Trace
from ctxopt.core.model import Problem
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.check.checked import CheckedBuild
from ctxopt.pipeline.measuring import takers_of


def cache_advice(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """What of the cache is lost, and to what."""
    trace = checked.build.trace
    if trace is None:
        return  # the builder refuses it, and is heard
    for problem in dict.fromkeys(_problems(checked, trace)):
        yield catalogue.diagnostic(problem)


def _problems(checked: CheckedBuild, trace: Trace) -> Iterator[Problem]:
    advice, job = checked.advice, checked.measured.job
    yield from unsettled_layers(
        advice.weighed, advice.sources, lambda path: takers_of(job, path).sources
    )
    main = checked.build.main
    tree = DiskTree(main.path)
    context = Context(
        trace, checked.laid, tree, text=tree.text, keeps_out=main.keeps_out
    )
    yield from installs_late(trace, checked.stages, context)
    yield from copied_in_vain(checked.stages, context)
