"""One line of an ignore file asked alone: of what it speaks, whichever way.

Most lines are plain paths, of which that is told by their text.
"""

from __future__ import annotations

from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import Pattern, is_plain


def speaks_of(pattern: Pattern, path: str) -> bool:
    """Whether a line matches a path, or a folder above it."""
    if is_plain(pattern.cleaned):
        return f"{path}/".startswith(f"{pattern.cleaned}/")
    name = pattern.cleaned.removeprefix("**/")
    if name != pattern.cleaned and is_plain(name) and "/" not in name:
        return name in path.split("/")
    return _alone(pattern).verdict(path).excluded


def reaches_into(pattern: Pattern, folder: str) -> bool:
    """Whether a line can match something below a folder, and not the folder."""
    if is_plain(pattern.cleaned):
        return pattern.cleaned.startswith(f"{folder}/")
    state = _alone(pattern).root
    for name in folder.split("/"):
        state = state.judge(name).child
    return state.constant is None


def _alone(pattern: Pattern) -> Matcher:
    if pattern.fails:
        return NO_PATTERNS
    return Matcher((Pattern(pattern.text, pattern.cleaned, negated=False),))
