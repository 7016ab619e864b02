"""`semvercmp`: whether a version fits a constraint. Source: Masterminds/semver v3."""

from __future__ import annotations

import re

from ctxopt.core.bake.evaluation.values import Value, to_text
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError

_VERSION = re.compile(
    r"v?(\d{1,18})(?:\.(\d{1,18}))?(?:\.(\d{1,18}))?"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_TERM = re.compile(r"(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*v?([\dxX*][\dxX*.]*)")
_Version = tuple[int, int, int]


def semvercmp(version: Value, constraint: Value) -> Value:
    """True where one of the alternatives (`||`) fits in all of its terms."""
    found = _VERSION.fullmatch(to_text(version))
    if not found:
        raise BakeRefusedError(f'"{to_text(version)}" is no version')
    if found[4] or "-" in to_text(constraint):
        raise UnknownValueError("how versions before a release compare is unknown")
    number = (int(found[1]), int(found[2] or 0), int(found[3] or 0))
    ways = to_text(constraint).split("||")
    # All of them are read: a wrong one is an error even where another fits.
    fits = [_fits_all(number, way) for way in ways]
    return any(fits)


def _fits_all(version: _Version, terms: str) -> bool:
    texts = [
        one for one in re.split(r",|(?<=[\dxX*])\s+", terms.strip()) if one.strip()
    ]
    found = [_TERM.fullmatch(one.strip()) for one in texts]
    if not texts or not all(found):
        raise BakeRefusedError(f'"{terms.strip()}" is no constraint of versions')
    return all(_fits(version, one[1] or "", one[2]) for one in found if one)


def _fits(version: _Version, sign: str, text: str) -> bool:
    given = [int(part[:18]) for part in text.split(".")[:3] if part.isdigit()]
    padded = [*given, 0, 0, 0]
    low = (padded[0], padded[1], padded[2])
    high = _above(given)
    inside = low <= version < high
    if sign in {"^", "~", "~>"}:
        return low <= version < _limit(sign, given)
    return {
        "": inside,
        "=": inside,
        "!=": not inside,
        ">": version >= high if len(given) < 3 else version > low,
        "<": version < low,
        ">=": version >= low,
        "=>": version >= low,
        "<=": version < high,
        "=<": version < high,
    }[sign]


def _above(given: list[int]) -> _Version:
    """The first version above all that begin with the numbers given."""
    if not given:
        return (1 << 62, 0, 0)
    raised = [*given[:-1], given[-1] + 1, 0, 0]
    return raised[0], raised[1], raised[2]


def _limit(sign: str, given: list[int]) -> _Version:
    if sign != "^":
        return _above(given[:2])
    for at, one in enumerate(given):
        if one or at == len(given) - 1:
            return _above(given[: at + 1])
    return _above([])
