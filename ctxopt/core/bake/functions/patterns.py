"""Functions of regular expressions. Source: go-cty, function/stdlib/regexp.go.

Python's engine stands in for Go's where both mean the same; where it would not, or
could take for ever, the value is unknown.
"""

from __future__ import annotations

import math
import re

from ctxopt.core.bake.evaluation.values import Value, bounded, to_text
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError

# Look-arounds, references, possessive repeats, classes by name, \Q \z \A \C.
_NOT_ALIKE = re.compile(
    r"\(\?[=!>#(]|\(\?<[=!]|\(\?P[=>]|[*+?}]\+|\[\[:|\\[1-9pPQEzZCx]"
)
_REPEATS = re.compile(r"[*+?{]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_MOST_WAYS = 20_000_000
_MOST_IN_GROUPS = 20


def regex(pattern: Value, text: Value) -> Value:
    """The first match: its groups by number or name, else the whole."""
    whole = to_text(text)
    found = _compiled(to_text(pattern), whole).search(whole)
    if found is None:
        raise BakeRefusedError("the pattern of regex fits nothing")
    return _matched(found)


def regexall(pattern: Value, text: Value) -> Value:
    """All matches, in order."""
    whole = to_text(text)
    return tuple(map(_matched, _compiled(to_text(pattern), whole).finditer(whole)))


def regex_replace(text: Value, pattern: Value, new: Value) -> Value:
    """Every match replaced; `$1` and `${name}` stand for groups."""
    whole, template = to_text(text), to_text(new)
    search = _compiled(to_text(pattern), whole)
    return bounded(search.sub(lambda one: _expanded(template, one), whole))


def _matched(found: re.Match[str]) -> Value:
    return found.groupdict() or found.groups() or found[0]


def _expanded(template: str, found: re.Match[str]) -> str:
    def group(name: re.Match[str]) -> str:
        key = name[1] or name[2]
        if key is None:
            return "$"
        number = int(key[:9]) if key.isdigit() else found.re.groupindex.get(key, -1)
        return (found[number] or "") if 0 <= number <= found.re.groups else ""

    return re.sub(r"\$\$|\$(\w+)|\$\{(\w+)\}", group, template)


def _compiled(pattern: str, text: str) -> re.Pattern[str]:
    if _NOT_ALIKE.search(pattern) or ("$" in pattern and text.endswith("\n")):
        raise UnknownValueError("what this pattern finds is not known here")
    # So many ways there are, at most, to share the text among the repeats.
    repeats = len(_REPEATS.findall(pattern))
    ways = math.comb(min(len(text), 10_000) + min(repeats, 60), min(repeats, 60))
    is_endless = _REPEATED_GROUP.search(pattern) and len(text) > _MOST_IN_GROUPS
    if ways > _MOST_WAYS or is_endless or len(pattern) > 1000:
        raise UnknownValueError("this pattern may take too long to be searched")
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        raise BakeRefusedError("this pattern cannot be read") from None
