"""What became of each source once the walk is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.golang.quoting import quote
from ctxopt.core.model import SourceState
from ctxopt.core.sources.excluding import REFUSED_LATE
from ctxopt.core.sources.wanted import CopySource, Requirement, ResolvedSource
from ctxopt.core.tuples import NamedTuple


class Outcome(NamedTuple):
    """A source's state after the walk, and the paths that explain it."""

    state: SourceState
    subject: str = ""  # the path that is missing, ignored or outside
    named: str = ""  # the source's own path, or the link among its matches
    loop: bool = False
    base: bool = False  # the folder before a wildcard is what is missing
    dangling: bool = False  # the source's last component is a link that was sent
    refusal: str = ""  # the source cannot be used at all, in the builder's words
    excludes: bool = False  # because of a pattern of `--exclude`
    in_file: str = ""  # the first part of it that would have to lie in a sent file


def outcomes_of(
    traced: Sequence[ResolvedSource],
    taken: Sequence[int],
    sent: Callable[[str], bool],
    ignored: Callable[[str], bool],
    fails: Callable[[CopySource], bool] = lambda _: False,
) -> tuple[Outcome, ...]:
    """Tell for each source whether it was found.

    `taken` has the number of entries each source took; `sent` says of the path of a
    target whether it was sent, `ignored` of any path whether the ignore file keeps it
    out. `fails` says of a source that is otherwise found whether a pattern of its
    `--exclude` fails there.
    """
    outcomes = []
    for trace, count in zip(traced, taken, strict=True):
        outcome = _outcome(trace, count, sent, ignored)
        found = outcome.state in (SourceState.FOUND, SourceState.EMPTY)
        if found and trace.wanted.exclude and fails(trace.wanted):
            missing = SourceState.MISSING
            outcome = Outcome(missing, refusal=REFUSED_LATE, excludes=True)
        outcomes.append(outcome)
    return tuple(outcomes)


def _outcome(
    traced: ResolvedSource,
    count: int,
    sent: Callable[[str], bool],
    ignored: Callable[[str], bool],
) -> Outcome:
    want = traced.wanted
    if want.outside:
        return Outcome(SourceState.OUTSIDE, want.source.expanded, want.source.expanded)
    for requirement in traced.requirements:
        if requirement.when is not None and not sent(requirement.when):
            continue
        failed = _failed(requirement, sent, ignored)
        if failed is not None:
            return failed
    if want.required is not None and not count:
        refusal = f"{quote('/' + want.required)}: not found"
        return Outcome(SourceState.MISSING, want.required, refusal=refusal)
    pattern = want.glob or (want.required is None and want.below)
    if pattern and not count:
        return Outcome(SourceState.EMPTY, pattern, pattern)
    return Outcome(SourceState.FOUND)


def _failed(
    requirement: Requirement,
    sent: Callable[[str], bool],
    ignored: Callable[[str], bool],
) -> Outcome | None:
    missing = SourceState.MISSING
    if requirement.refusal:
        return Outcome(
            missing, refusal=requirement.refusal, excludes=requirement.excludes
        )
    # The root, "", is no entry and always there.
    unsent = next((path for path in requirement.paths if path and not sent(path)), None)
    if unsent is not None:
        state = SourceState.IGNORED if ignored(unsent) else missing
        dangling = bool(requirement.last_link) and unsent != requirement.last_link
        return Outcome(
            state, unsent, requirement.names, base=requirement.base, dangling=dangling
        )
    if requirement.broken is not None:
        broken = requirement.broken
        file = broken.blocked_by
        below = broken.missing.removeprefix(f"{file}/").partition("/")[0]
        return Outcome(
            missing,
            broken.missing,
            requirement.names,
            loop=broken.loop,
            base=requirement.base,
            dangling=bool(requirement.last_link),
            in_file=f"{file}/{below}" if file and sent(file) else "",
        )
    return None
