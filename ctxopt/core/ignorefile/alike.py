"""Whether two lists of lines judge all paths alike, on any disk.

Two matchers are led through all that can become of a path, folder by folder, with the
names that their lines tell apart: of `a`, `*/b*` and `*c` those are `a`, `b`, `c`,
`bc`, and one that no line names. What two folders hand down alike is looked at once,
so that it ends; where it would take long, or may not end, the answer is no.

Source: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern

_OTHER = "\u2420"  # a character that no line has
_TERM = re.compile(r"\\.|\[\^?(?:\\.|[^]\\])*\]|.", re.DOTALL)
# A tenth of a second at the most.
MOST_NAMES = 200
MOST_STARRED = 60
MOST_JUDGED = 6_000


def are_alike(one: Sequence[Pattern], other: Sequence[Pattern]) -> bool:
    """Whether two lists judge every path alike; False where that cannot be told."""
    names = _names((*one, *other))
    if names is None:
        return False
    start = Matcher(one).root, Matcher(other).root
    seen, waiting, judged = {start}, [start], 0
    while waiting:
        first, second = waiting.pop()
        judged += len(names)
        if judged > MOST_JUDGED:
            return False
        for name in names:
            verdicts = first.judge(name), second.judge(name)
            if verdicts[0].hit is not verdicts[1].hit:
                return False
            below = verdicts[0].child, verdicts[1].child
            if below not in seen:
                seen.add(below)
                waiting.append(below)
    return True


# --- names ------------------------------------------------------------------------


def _names(patterns: Iterable[Pattern]) -> Sequence[str] | None:
    """A name of each kind that the lines tell apart; None where those are too many."""
    parts = {part for one in patterns for part in one.cleaned.split("/")}
    used = {_OTHER, *"".join(parts)} - {*"*?[]\\^-"}
    globs: dict[str, None] = {}
    for part in sorted(parts):
        for text in _without_choices(part, used):
            globs[text] = None
            if len(globs) > MOST_NAMES:
                return None
    return _filled(globs)


def _without_choices(part: str, used: Iterable[str]) -> Iterator[str]:
    """A part of a line with a character for each that may be one of several.

    Stars stay, one for each run of them.
    """
    terms = (_choices(term, used) for term in _TERM.findall(part))
    for chosen in product(*terms):
        yield re.sub(r"\*+", "*", "".join(chosen))


def _choices(term: str, used: Iterable[str]) -> Sequence[str]:
    if term == "?":
        return sorted(used)
    if len(term) > 1 and term.startswith("["):
        members = term[1:-1]
        is_plain = not set(members) & {*"^-\\"}
        return sorted(members if is_plain else {*used, *members})
    return (term.removeprefix("\\") or term,)


def _filled(globs: Iterable[str]) -> Sequence[str] | None:
    """Names for each, and for those with stars that one name may fit together."""
    starred = [one for one in globs if "*" in one]
    if len(starred) > MOST_STARRED:
        return None
    made = dict.fromkeys(globs)
    waiting = [*starred]
    while waiting:
        one = waiting.pop()
        for other in starred:
            both = _both(one, other)
            if both is not None and both not in made:
                made[both] = None
                waiting.append(both)
        if len(made) > MOST_NAMES:
            return None
    names = (one.replace("*", by) for one in made for by in ("", _OTHER))
    return [*dict.fromkeys((_OTHER, *filter(None, names)))]


def _both(one: str, other: str) -> str | None:
    """What fits two parts with stars, with a star; None where nothing does, or all.

    Of `a*` and `*b` that is `a*b`, of `*a*` and `b*c` it is `b*a*c`.
    """
    start, _, rest = one.partition("*")
    other_start, _, other_rest = other.partition("*")
    first = max(start, other_start, key=len)
    if not (first.startswith(start) and first.startswith(other_start)):
        return None
    middle, _, end = f"*{rest}".rpartition("*")
    other_middle, _, other_end = f"*{other_rest}".rpartition("*")
    last = max(end, other_end, key=len)
    if not (last.endswith(end) and last.endswith(other_end)):
        return None
    between = dict.fromkeys((*middle.split("*"), *other_middle.split("*")))
    inner = [one for one in between if one]
    return "*".join((first, *inner, last))
