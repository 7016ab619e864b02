"""Which diagnostics count, and as how bad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.records import CheckRule, Diagnostic
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.model import NO_WORDS, Severity
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns

_RANKS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def counting(
    found: Iterable[Diagnostic],
    settings: CheckSettings,
    *,
    paths: Mapping[str, str] = NO_WORDS,
) -> Iterator[Diagnostic]:
    """Those that the user wants to hear of, with the severity that holds for them.

    `paths` has the path in the context of a file that a problem names in another way,
    as `../docker/Dockerfile`: patterns are the same wherever the check is run.
    """
    for one in found:
        if not is_selected(one.rule, settings):
            continue
        severity = _severity(one, settings, paths)
        if severity is not None:
            yield one.as_bad_as(severity)


def is_selected(rule: CheckRule, settings: CheckSettings) -> bool:
    """Whether a rule is asked for; the longer word of the two lists decides.

    So `--select CTX7 --ignore CTX701` and `--ignore CTX7 --select CTX701` both do what
    they seem to; of two alike, ignoring holds.
    """
    wanted = _longest(settings.select, rule) if settings.select else 0
    unwanted = _longest(settings.ignore, rule)
    return wanted > unwanted


def _longest(words: Iterable[str], rule: CheckRule) -> int:
    """The length of the longest word that names a rule, a whole name; -1: none does."""
    fits = [word for word in words if catalogue.names(word, rule)]
    return max((_weight(word, rule) for word in fits), default=-1)


def _weight(word: str, rule: CheckRule) -> int:
    return len(rule.number) if word == rule.code else len(word)


def _severity(
    one: Diagnostic, settings: CheckSettings, paths_of: Mapping[str, str]
) -> Severity | None:
    """As how bad a diagnostic counts: by its path, by its rule, or as it is."""
    file = one.problem.file or ""
    paths = [path for path in (paths_of.get(file, file), one.problem.subject) if path]
    for pattern, severity in reversed(settings.per_path):
        matcher = Matcher(compile_patterns((pattern,)))
        if any(map(matcher.matches_or_parent_matches, paths)):
            return severity
    return _set(one.rule, one.severity, settings.severities)


def _set(
    rule: CheckRule, usual: Severity, severities: Mapping[str, Severity | None]
) -> Severity | None:
    fits = [word for word in severities if catalogue.names(word, rule)]
    if not fits:
        return usual
    return severities[max(fits, key=lambda word: _weight(word, rule))]


def is_as_bad(severity: Severity, limit: Severity) -> bool:
    """Whether a severity is at least a limit."""
    return _RANKS[severity] >= _RANKS[limit]
