"""Whether a builder lets a path through, and which lines of the ignore file say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builders import Builder
from ctxopt.core.ignorefile.keeping import kept_out
from ctxopt.core.judging.path import judge_path
from ctxopt.core.patterns.matcher import Matcher, TraceStep
from ctxopt.core.patterns.pattern import Pattern, PatternError, is_plain
from ctxopt.core.why.alone import reaches_into, speaks_of
from ctxopt.core.why.answer import PathState, Standing

# That no line names: what becomes of most of what is in a folder.
_ANY_NAME = "\u2420\u2420"


def stand(
    builder: Builder, ignored: Matcher, dockerfile: str, path: str, *, is_folder: bool
) -> Standing:
    """What a builder makes of a path of the disk, from its first folder down.

    `dockerfile` is as for `Builder.exclude`. Of `logs`, `!logs/*.txt` and
    `logs/a.txt`, the first keeps it out at `logs`, the second brings it back.
    """
    exclude = builder.exclude(ignored, dockerfile)
    try:
        decision = judge_path(builder.whole(exclude), path)
        steps = exclude.trace(path)
    except PatternError as error:
        return Standing(PathState.BROKEN, error=error)
    if decision is not None and decision.error is not None and not is_folder:
        return Standing(PathState.BROKEN, steps, error=decision.error)
    inside = tuple(_exceptions(exclude, path)) if is_folder else ()
    if decision is not None and decision.kept:
        opens = builder.opens(exclude, None)
        is_opened = is_folder or opens is None or opens(path, True)  # noqa: FBT003  # as the walk does
        return Standing(
            PathState.CONTEXT,
            steps,
            forced=bool(steps) and steps[-1].pattern.location is None,
            withdrawn=path in builder.withdrawn(ignored, dockerfile),
            empty=not is_opened,
            inside=inside,
        )
    left_out = builder.left_out(ignored, dockerfile, path)
    enters = decision is not None and decision.enter
    return Standing(
        PathState.IGNORED,
        steps,
        kept_out(ignored, path, left_out),
        inside=inside if enters else (),
        too_early=tuple(_too_early(exclude, path, steps)),
    )


def _too_early(
    exclude: Matcher, path: str, steps: Sequence[TraceStep]
) -> Iterator[Pattern]:
    """Lines that would bring a path back, if they stood below the one that decides."""
    if not steps or steps[-1].pattern.negated:
        return
    for pattern in exclude.patterns:
        if pattern is steps[-1].pattern:
            return
        if pattern.negated and speaks_of(pattern, path):
            yield pattern


def _exceptions(exclude: Matcher, folder: str) -> Iterator[Pattern]:
    """Lines that make an exception for something in a folder.

    In one that is kept out, `!logs/keep` and `!**/*.md` are some; in one that is not,
    `src/gen` and `**/*.pyc`. A line that others behind it overrule is none.
    """
    excluded = exclude.verdict(folder).excluded
    anything = f"{folder}/{_ANY_NAME}"
    whole = [at for at, one in enumerate(exclude.patterns) if speaks_of(one, anything)]
    for at, pattern in enumerate(exclude.patterns):
        if pattern.negated is not excluded or not reaches_into(pattern, folder):
            continue
        later = [exclude.patterns[behind] for behind in whole if behind > at]
        if not _is_overruled(pattern, later, exclude, anything):
            yield pattern


def _is_overruled(
    pattern: Pattern, later: Sequence[Pattern], exclude: Matcher, anything: str
) -> bool:
    """Whether lines behind one decide on what it speaks of in a folder.

    Of one with wildcards they do where they decide on whatever is in there.
    """
    try:
        if is_plain(pattern.cleaned):
            return exclude.verdict(pattern.cleaned).excluded is pattern.negated
        decided = Matcher((pattern, *later)).verdict(anything).decided_by
    except PatternError:
        return False
    return decided is not None and decided.negated is not pattern.negated
