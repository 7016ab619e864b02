"""How bad a finding is where the configuration says something of it."""

from __future__ import annotations

from ctxopt.core.configuration.layers import Configuration
from ctxopt.core.model import Problem, Severity
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns

OFF = "off"


def judged(problem: Problem, configured: Configuration) -> Problem | None:
    """The problem as bad as the configuration says it is; None where that is "off".

    What is said of a path goes before what is said of a code, and of several patterns
    the last that fits the file of the problem, or its subject, is the one that counts.
    """
    said = _of_path(problem, configured) or configured.severity.get(problem.code)
    if said == OFF:
        return None
    return problem if said is None else problem._replace(severity=Severity(said))


def _of_path(problem: Problem, configured: Configuration) -> str | None:
    paths = [one for one in (problem.file, problem.subject) if one]
    for pattern, said in reversed([*configured.per_path_severity.items()]):
        matcher = Matcher(compile_patterns((pattern,)))
        if any(map(matcher.matches_or_parent_matches, paths)):
            return said
    return None
