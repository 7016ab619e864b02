"""The known word that is nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.golang.text import cased, lower

_SUGGESTION_DISTANCE = 3  # a suggestion must be nearer than this


def suggestion(word: str, options: Iterable[str], *, case_sensitive: bool) -> str:
    """Give ` (did you mean X?)`, or nothing when no option is near.

    Rule: moby/buildkit, util/suggest/error.go, Search. Where several options are
    equally near, Go's map order decides; here the first in the order given.
    """
    wanted = word if case_sensitive else lower(word)
    nearest, best = "", _SUGGESTION_DISTANCE
    for given in options:
        option = given if case_sensitive else lower(given)
        if option == wanted:
            return ""
        distance = _distance(wanted, option, best)
        if distance < best:
            nearest, best = option, distance
    if not nearest:
        return ""
    return f" (did you mean {nearest if case_sensitive else cased(nearest, word)}?)"


def _distance(one: str, other: str, limit: int) -> int:
    """Levenshtein's distance, or `limit` where it is no smaller.

    Only cells less than `limit` off the diagonal can be part of a distance below it.
    """
    if abs(len(one) - len(other)) >= limit:
        return limit
    row = {column: column for column in range(min(len(other) + 1, limit))}
    for index, rune in enumerate(one, start=1):
        before, row = row, {}
        first, last = max(index - limit + 1, 0), min(index + limit - 1, len(other))
        for column in range(first, last + 1):
            row[column] = min(
                before.get(column, limit) + 1,
                row.get(column - 1, limit) + 1,
                before.get(column - 1, limit) + (rune != other[column - 1])
                if column
                else index,
            )
        if min(row.values()) >= limit:
            return limit
    return min(row.get(len(other), limit), limit)
