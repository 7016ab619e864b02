"""The entries of a build, one after the other, as the walk finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.measure.listing import Lister, Selection
from ctxopt.core.model import Listed, Problem, Request
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.preparation.reading import read_build


def listing(
    request: Request,
    *,
    whole: bool = False,
    excluded: bool = False,
    unused: bool = False,
    named: str | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Iterator[Listed]:
    """The entries of the transfer, in the builder's order, as they are found.

    `whole` lists the context instead, `excluded` what the ignore file keeps out,
    `unused` what of the context no source takes. With `named` it is all about that
    named context, paths relative to it. `announce` is as for `analyze`.
    Raises CtxoptError for input that the builder would refuse, and for a named context
    that this build does not read.
    """
    build = read_build(request, announce)
    selection = Selection.TRANSFER
    if excluded:
        selection = Selection.EXCLUDED
    elif unused:
        selection = Selection.UNUSED
    elif whole:
        selection = Selection.CONTEXT
    yield from entries_of(build, selection, named=named)


def entries_of(
    build: Build, selection: Selection, *, named: str | None = None
) -> Iterator[Listed]:
    """The entries of a build that was read before; as `listing`."""
    if build.builder.validates:
        from ctxopt.pipeline.survey.survey import validate  # start-up: legacy alone

        validate(build.main.path, build.main.matcher)
    root = build.main if named is None else _named_root(build, named)
    job = build.job(root)
    lister = Lister(build.builder.wire, selection, root.taking)
    filtered = job.request is not None and selection is Selection.TRANSFER
    state = job.state(transfer_only=filtered)
    if selection is Selection.EXCLUDED:
        from ctxopt.core.judging.special import NoFilter

        state = NoFilter(state)
    try:
        for batch in job.walk(state).batches():
            yield from lister.add(batch)
    except PatternError:
        if not build.builder.ends_silently:
            raise


def _named_root(build: Build, name: str) -> Root:
    roots = dict(build.named)
    if name in roots:
        return roots[name]
    if not roots:
        raise CtxoptError(
            f'this build reads no named context "{name}"',
            hint=f"give its folder with --build-context {name}=FOLDER,"
            f" and read it with COPY --from={name}",
        )
    known = ", ".join(f'"{one}"' for one in roots)
    raise CtxoptError(
        f'this build reads no named context "{name}"', hint=f"it reads {known}"
    )
