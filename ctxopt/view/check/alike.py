"""Many findings of one rule in a file: a few are shown, the others are counted.

Twenty notes on ADD would hide the one error between them. Errors are all shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ctxopt.core.checking.records import CheckRule, Diagnostic
from ctxopt.core.model import Severity
from ctxopt.core.tuples import NamedTuple

ALIKE = 4  # findings of one rule that are shown of a file
_MOST_LINES = 8


class Few(NamedTuple):
    """The findings of one file, as they are shown."""

    shown: Sequence[Diagnostic]  # in their order
    more: Mapping[CheckRule, Sequence[Diagnostic]]  # what is only counted


def few_of(found: Iterable[Diagnostic]) -> Few:
    """The first findings of each rule, and the others by their rules.

    One more than are shown is shown, too: a line that counts it would be as long.
    """
    by_rule: dict[CheckRule, list[Diagnostic]] = {}
    found = tuple(found)
    for one in found:
        if one.severity is not Severity.ERROR:
            by_rule.setdefault(one.rule, []).append(one)
    more = {
        rule: alike[ALIKE:] for rule, alike in by_rule.items() if len(alike) > ALIKE + 1
    }
    hidden = {id(one) for others in more.values() for one in others}
    return Few([one for one in found if id(one) not in hidden], more)


def lines_of(found: Sequence[Diagnostic]) -> str:
    """Where findings are, in words: "lines 9, 10 and 12"; "" where they have none."""
    lines = [*dict.fromkeys(one.problem.line for one in found if one.problem.line)]
    if not lines:
        return ""
    if len(lines) > _MOST_LINES:
        shown = ", ".join(map(str, lines[:_MOST_LINES]))
        return f"lines {shown} and {len(lines) - _MOST_LINES:,} more"
    *others, last = map(str, lines)
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"
