"""Lines that look as if they kept a path out, and do not.

Most come from `.gitignore`, where `node_modules` and `*.log` hold in every folder: in a
`.dockerignore` they speak of the root alone.

Source: moby/patternmatcher, patternmatcher.go, Pattern.compile: anchored at both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.ignorefile.odd import odd_lines
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import (
    Pattern,
    PatternError,
    compile_patterns,
    is_plain,
)
from ctxopt.core.why.alone import speaks_of
from ctxopt.core.why.answer import Habit, HabitKind
from ctxopt.errors import IgnoreFileError


def habits(
    matcher: Matcher, path: str, exists: Callable[[str], bool]
) -> Iterator[Habit]:
    """The lines that look as if they kept out a path that is in the context.

    `exists` says of any path whether it is on the disk. What is given as better has
    been tried in the place of the line.
    """
    odd = {one.pattern: one.better for one in odd_lines(matcher.patterns, exists)}
    for at, pattern in enumerate(matcher.patterns):
        for kind, better in _readings(pattern, odd.get(pattern), path):
            if _keeps_out(matcher, at, better, path):
                yield Habit(pattern, kind, better)
                break


def _readings(
    pattern: Pattern, odd: Sequence[str] | None, path: str
) -> Iterator[tuple[HabitKind, tuple[str, ...]]]:
    """What a line may have been meant to say."""
    if odd:
        yield HabitKind.ODD, tuple(odd)
        yield HabitKind.ODD, tuple(f"**/{one}" for one in odd)
        return
    if pattern.negated:
        return
    text = pattern.cleaned
    anchored = pattern.text.strip().startswith(("/", "./"))
    is_name = "/" not in text and text != "."
    if is_name and not text.startswith("**") and not anchored:
        yield HabitKind.ROOT_ONLY, (f"**/{text}",)
    spelled = "/".join(path.split("/")[: text.count("/") + 1])
    if is_plain(text) and spelled != text and _folded(spelled) == _folded(text):
        yield HabitKind.SPELLING, (spelled,)


def _folded(path: str) -> str:
    return path.lower().replace("-", "_")


def _keeps_out(matcher: Matcher, at: int, better: Sequence[str], path: str) -> bool:
    """Whether the path stays out with other lines in the place of one."""
    try:
        lines = compile_patterns(better)
        if not any(speaks_of(line, path) for line in lines):
            return False
        old = matcher.patterns
        return Matcher((*old[:at], *lines, *old[at + 1 :])).verdict(path).excluded
    except (IgnoreFileError, PatternError):
        return False
