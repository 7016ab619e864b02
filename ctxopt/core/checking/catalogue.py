"""All rules of a check, found by number, by word or by the start of a number."""

from __future__ import annotations

from functools import cache

from ctxopt.core.checking.families import (
    arrival,
    breaks,
    dockerfile,
    ignore_file,
    own,
    secrets,
    size,
)
from ctxopt.core.checking.families import cache as caching
from ctxopt.core.checking.records import CheckRule, Diagnostic, Fix
from ctxopt.core.model import Problem
from ctxopt.core.nearest import closest
from ctxopt.errors import CtxoptError

FAMILIES = {
    "0": "comments for ctxopt",
    "1": "the build breaks",
    "2": "the ignore file",
    "3": "size",
    "4": "secrets",
    "5": "the cache",
    "6": "what arrives",
    "7": "the Dockerfile",
}

RULES: tuple[CheckRule, ...] = (
    *own.RULES,
    *breaks.RULES,
    *ignore_file.RULES,
    *size.RULES,
    *secrets.RULES,
    *caching.RULES,
    *arrival.RULES,
    *dockerfile.RULES,
)


@cache
def _by_code() -> dict[str, CheckRule]:
    return {rule.code: rule for rule in RULES}


def rule_of(code: str) -> CheckRule | None:
    """The rule of a problem's code; None for what only `watch` can meet."""
    return _by_code().get(code)


def diagnostic(problem: Problem, fix: Fix | None = None) -> Diagnostic:
    """A problem under its rule; raises KeyError for a code that has none."""
    return Diagnostic(_by_code()[problem.code], problem, fix)


def names(word: str, rule: CheckRule) -> bool:
    """Whether a user's word names a rule: `CTX201`, `ctx2` or `source-ignored`."""
    return word == rule.code or rule.number.startswith(word.upper())


def named(word: str) -> tuple[CheckRule, ...]:
    """The rules that a word names.

    Raises CtxoptError for a word that names none, with the nearest ones.
    """
    found = tuple(rule for rule in RULES if word and names(word, rule))
    if found:
        return found
    raise CtxoptError(f'no such rule: "{word}"', hint=_near(word))


def _near(word: str) -> str:
    known = [name for rule in RULES for name in (rule.number, rule.code)]
    near = closest(word, known)
    meant = f"did you mean {near}? " if near else ""
    return f"{meant}ctxopt check --list has all of them"
