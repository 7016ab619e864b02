"""Checks of several builds as one: what is found in many is told once, by their names.

Each build names its files from its own context, so that ".dockerignore" may be several;
here each has the name that a person would type, in what is said of it, too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ctxopt.core.checking.families import ignore_file, own
from ctxopt.core.checking.records import BuildCheck, CheckReport, Diagnostic, FileText
from ctxopt.core.findings import codes
from ctxopt.core.model import Problem, Severity
from ctxopt.core.tuples import NamedTuple

STDIN = "-"
_SECRETS = "4"
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}

# That something does nothing is so only where no other build has a use for it.
_IDLE = frozenset(
    {
        own.SILENCE_IDLE.code,
        ignore_file.LINE_IDLE.code,
        ignore_file.NAME_MISSPELLED.code,
        codes.IDLE_EXCLUDE.code,
    }
)


class CheckedPart(NamedTuple):
    """A build, and what its own check found; None where it could not be checked."""

    build: BuildCheck
    report: CheckReport | None


class _Named(NamedTuple):
    """What was found in one build, with files as all builds name them."""

    build: BuildCheck
    texts: tuple[FileText, ...]
    diagnostics: tuple[Diagnostic, ...]
    quiet: tuple[Diagnostic, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all of it was looked at."""
        return self.build.report is not None


def together(
    parts: Sequence[CheckedPart],
    others: Iterable[Diagnostic],
    *,
    texts: Iterable[FileText],
    shown: Callable[[str], str],
    context_path: str,
    base_path: str,
) -> CheckReport:
    """One check of all builds, its diagnostics in the order of their files.

    `others` are about the files that name builds, of which `texts` are, or about builds
    that have no check; `shown` is an absolute path as a person would type it.
    """
    named = [*_named(parts, shown)]
    found = [one for part in named for one in _true_for_all(part, named)]
    all_texts = (*texts, *(one for part in named for one in part.texts))
    order = _Order([one.build for one in parts])
    return CheckReport(
        context_path=context_path,
        base_path=base_path,
        diagnostics=tuple(order.once([*others, *found])),
        silenced=len(order.once(one for part in named for one in part.quiet)),
        texts=tuple({one.shown: one for one in all_texts}.values()),
        report=None,
        builds=tuple(one.build for one in parts),
    )


# --- names of files ----------------------------------------------------------------


def _named(
    parts: Iterable[CheckedPart], shown: Callable[[str], str]
) -> Iterator[_Named]:
    for build, report in parts:
        if report is not None:
            names = _Names(build, report, shown)
            yield _Named(
                build,
                tuple(one._replace(shown=names.of(one.shown)) for one in report.texts),
                tuple(map(names.diagnostic, report.diagnostics)),
                tuple(map(names.diagnostic, report.quiet)),
            )


class _Names:
    """The files of one build under the names that all builds have for them."""

    def __init__(
        self, build: BuildCheck, report: CheckReport, shown: Callable[[str], str]
    ) -> None:
        self._build = build
        self._shown = shown
        self._paths = {one.shown: one.path for one in report.texts}
        self._quoted = _quoted([one for one in self._paths if self.of(one) != one])

    def of(self, name: str) -> str:
        """A file as a person would type it; one that stands in another by its build."""
        path = self._paths.get(name, "")
        if path == STDIN:
            return f"the Dockerfile of {self._build.name}"
        return self._shown(path or posixpath.join(self._build.context_path, name))

    def diagnostic(self, one: Diagnostic) -> Diagnostic:
        """The same, of this build, its files under their names."""
        problem = one.problem
        told = problem._replace(
            file=None if problem.file is None else self.of(problem.file),
            message=self._said(problem.message) or "",
            hint=self._said(problem.hint),
        )
        return one._replace(problem=told, builds=(self._build.name,))

    def _said(self, text: str | None) -> str | None:
        """A sentence, with the files in it that it names by their lines."""
        if text is None or self._quoted is None:
            return text
        return self._quoted.sub(lambda found: self.of(found[0]), text)


def _quoted(names: Collection[str]) -> re.Pattern[str] | None:
    """Names of files as messages have them: `.dockerignore:3`."""
    if not names:
        return None
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, longest))})(?=:\d)")


# --- what holds for all --------------------------------------------------------------


def _true_for_all(part: _Named, parts: Sequence[_Named]) -> Iterator[Diagnostic]:
    """What is found in a build, but for what another build knows better."""
    for one in part.diagnostics:
        file = one.problem.file
        readers = [
            other
            for other in parts
            if any(text.shown == file for text in other.texts) and other is not part
        ]
        is_idle = one.rule.code in _IDLE
        if one.rule.code == codes.IGNORE_FILE_IDLE.code and readers:
            continue  # another build reads it
        if is_idle and not all(_says(other, one) for other in readers):
            continue
        if _is_taken_elsewhere(one, part, parts):
            continue
        yield one


def _is_taken_elsewhere(one: Diagnostic, part: _Named, parts: Sequence[_Named]) -> bool:
    """Whether a secret that this build does not send is taken by another one.

    Then there is no need to say that others may.
    """
    path = _unsent_secret(one, part)
    return path is not None and any(
        other.rule == one.rule
        and other.problem.file is not None
        and _in_context(other, holder) == path
        for holder in parts
        for other in holder.diagnostics
    )


def _unsent_secret(one: Diagnostic, part: _Named) -> str | None:
    is_secret = one.rule.family == _SECRETS and one.problem.file is None
    return _in_context(one, part) if is_secret else None


def _in_context(one: Diagnostic, part: _Named) -> str:
    return posixpath.join(part.build.context_path, one.problem.subject or "")


def _says(part: _Named, wanted: Diagnostic) -> bool:
    """Whether a build says the same of a line of a file."""
    what = (wanted.rule, wanted.problem.file, wanted.problem.line)
    return part.is_whole and any(
        (one.rule, one.problem.file, one.problem.line) == what
        for one in (*part.diagnostics, *part.quiet)
    )


# --- told once -----------------------------------------------------------------------


class _Order:
    """Which findings are the same, and which comes first."""

    def __init__(self, builds: Sequence[BuildCheck]) -> None:
        self._contexts = {one.name: one.context_path for one in builds}
        self._numbers = {one.name: number for number, one in enumerate(builds)}

    def once(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Each finding once, in order, with the names of all builds it is about."""
        told: dict[tuple[str, str, Problem], Diagnostic] = {}
        for one in found:
            key = (self._context(one), one.rule.number, one.problem)
            known = told.get(key, one)
            names = dict.fromkeys((*known.builds, *one.builds))
            told[key] = known._replace(fix=known.fix or one.fix, builds=tuple(names))
        return sorted(told.values(), key=self._place)

    def _context(self, one: Diagnostic) -> str:
        """Where a finding is in no file: the same only in the same context."""
        if one.problem.file is not None or not one.builds:
            return ""
        return self._contexts[one.builds[0]]

    def _place(self, one: Diagnostic) -> tuple[str, str, int, int, str, int, str]:
        problem = one.problem
        numbers = [self._numbers[name] for name in one.builds]
        return (
            problem.file or "",
            self._context(one),
            problem.line or 0,
            _ORDER[problem.severity],
            one.rule.number,
            min(numbers, default=0),
            problem.message,
        )
