"""The entries of a build, one after the other, as the walk finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.judging.special import NoFilter
from ctxopt.core.measure.listing import Lister, Selection
from ctxopt.core.model import Listed, Problem, Request
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.pipeline.build.reading import read_build
from ctxopt.pipeline.survey.survey import validate


def listing(
    request: Request,
    *,
    whole: bool = False,
    excluded: bool = False,
    unused: bool = False,
    announce: Callable[[Problem], None] | None = None,
) -> Iterator[Listed]:
    """The entries of the transfer, in the builder's order, as they are found.

    `whole` lists the context instead, `excluded` what the ignore file keeps out,
    `unused` what of the context no source takes. `announce` is as for `analyze`.
    Raises CtxoptError for input that the builder would refuse.
    """
    build = read_build(request, announce)
    if build.builder.validates:
        validate(build.main.path, build.main.matcher)
    job = build.job(build.main)
    selection = Selection.TRANSFER
    if excluded:
        selection = Selection.EXCLUDED
    elif unused:
        selection = Selection.UNUSED
    elif whole:
        selection = Selection.CONTEXT
    lister = Lister(build.builder.wire, selection, build.main.taking)
    filtered = job.request is not None and selection is Selection.TRANSFER
    state = job.state(transfer_only=filtered)
    if selection is Selection.EXCLUDED:
        state = NoFilter(state)
    try:
        for batch in job.walk(state).batches():
            yield from lister.add(batch)
    except PatternError:
        if not build.builder.ends_silently:
            raise
