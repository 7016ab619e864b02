"""The entries of a build, one after the other, as the walk finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ctxopt.core.measure.listing import Lister, Selection
from ctxopt.core.model import Listed, Problem, Request, Source
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.preparation.build import NOTHING, Build, Root
from ctxopt.pipeline.preparation.reading import read_build

if TYPE_CHECKING:
    from ctxopt.core.builders import Builder
    from ctxopt.core.judging.judge import JudgingState
    from ctxopt.host.walk.walk import Walk
    from ctxopt.pipeline.survey.job import MeasureJob


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
    selection = Selection.EXCLUDED if excluded else selected(whole=whole, unused=unused)
    yield from entries_of(build, selection, named=named)


class Exported(NamedTuple):
    """The transfer of a build as a tree that others browse, found as it is read."""

    folder: str  # absolute
    frame_bytes: (
        int  # of the transfer, and of no entry: what ends a stream, and the like
    )
    entries: Iterator[Listed]


def exported(
    request: Request, *, announce: Callable[[Problem], None] | None = None
) -> Exported:
    """What a build sends, for other programs; raises as `listing` does."""
    build = read_build(request, announce)
    folder = build.main.path
    frame = _frame_bytes(build, build.job(build.main))
    return Exported(folder, frame, entries_of(build, Selection.TRANSFER))


def _frame_bytes(build: Build, job: MeasureJob) -> int:
    """What a transfer weighs without its entries; with a Dockerfile from outside."""
    if job.request == NOTHING:
        return 0
    from ctxopt.core.measure.stream import EntryStream  # start-up: not of a list

    builder = build.builder
    nothing = EntryStream(has_ids=False).settle(builder.wire)
    return builder.transfer(nothing, build.outside).tally.wire_bytes


def entries_of(
    build: Build, selection: Selection, *, named: str | None = None
) -> Iterator[Listed]:
    """The entries of a build that was read before; as `listing`."""
    asked = asked_of(build, selection, named)
    lister = Lister(asked.builder.wire, selection, asked.sources)
    with until_it_fails(asked.builder):
        for batch in asked.walk().batches():
            yield from lister.add(batch)


def selected(*, whole: bool, unused: bool) -> Selection:
    """Which entries a list has that is not about what is kept out."""
    if unused:
        return Selection.UNUSED
    return Selection.CONTEXT if whole else Selection.TRANSFER


class AskedEntries(NamedTuple):
    """What is listed."""

    builder: Builder
    job: MeasureJob
    selection: Selection
    sources: Sequence[Source]

    def walk(self) -> Walk:
        """A walk of it from its top."""
        filtered = self.job.request is not None
        filtered = filtered and self.selection is Selection.TRANSFER
        state: JudgingState = self.job.state(transfer_only=filtered)
        if self.selection is Selection.EXCLUDED:
            from ctxopt.core.judging.special import NoFilter

            state = NoFilter(state)
        return self.job.walk(state)


def asked_of(build: Build, selection: Selection, named: str | None) -> AskedEntries:
    """What is listed of a build, or of one of its named contexts."""
    if build.builder.validates:
        from ctxopt.pipeline.survey.survey import validate  # start-up: legacy alone

        validate(build.main.path, build.main.matcher)
    root = build.main if named is None else _named_root(build, named)
    return AskedEntries(build.builder, build.job(root), selection, root.taking)


@contextmanager
def until_it_fails(builder: Builder) -> Iterator[None]:
    """A pattern that fails on the way is an error, or the end without a word."""
    try:
        yield
    except PatternError:
        if not builder.ends_silently:
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
