"""The records of a check: a rule, what it found, how to mend it, and all of it."""

from __future__ import annotations

from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Location, Problem, Report, Severity
from ctxopt.core.tuples import NamedTuple


class CheckRule(NamedTuple):
    """A kind of problem with a number, such as CTX101: `source-ignored`.

    `why` says what happens and since when or where, in whole sentences; `example` is
    what the rule catches, `better` the same as it should be.
    """

    number: str  # CTX, the family's digit, two more: stable, like the finding's code
    finding: Finding
    why: str
    example: str
    better: str
    hadolint: str = ""  # the code of the rule of hadolint that says the same

    @property
    def code(self) -> str:
        """The stable word of its problems."""
        return self.finding.code

    @property
    def family(self) -> str:
        """The digit of the hundred that it belongs to."""
        return self.number[3]


class Fix(NamedTuple):
    """How to mend a file without a person: whole lines in place of others.

    Lines count from 1. `last` is `first - 1` where lines are only put in before
    `first`. `goes` and `comes` are what it may keep out of the context and bring back
    into it, with all that is in them; more than that, and it is not made.
    """

    path: str  # absolute
    first: int
    last: int
    lines: tuple[str, ...]
    title: str  # what it does: "write **/node_modules"
    goes: tuple[str, ...] | None = ()  # None: whatever no source names
    comes: tuple[str, ...] = ()


class MendedText(NamedTuple):
    """A file with some fixes made."""

    shown: str  # as `Problem.file` names it
    before: bytes
    after: bytes
    fixes: tuple[Fix, ...]


class Unmended(NamedTuple):
    """A fix that would do more than it should, and what that is."""

    shown: str  # its file, as `Problem.file` names it
    fix: Fix
    why: str


class Diagnostic(NamedTuple):
    """A problem under its rule."""

    rule: CheckRule
    problem: Problem
    fix: Fix | None = None
    builds: tuple[str, ...] = ()  # of several that are checked: those it is about

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.problem.severity

    @property
    def breaks(self) -> bool:
        """Whether the builder fails on it; other errors are a team's own."""
        is_builders = self.rule.family in {"1", "2"}
        can_fail = Severity.ERROR in self.rule.finding.severities
        return is_builders and can_fail and self.severity is Severity.ERROR

    def as_bad_as(self, severity: Severity) -> Diagnostic:
        """The same with another severity."""
        return self._replace(problem=self.problem._replace(severity=severity))


class FileText(NamedTuple):
    """A file that problems are about, as its lines are shown."""

    shown: str  # as `Problem.file` names it
    path: str  # absolute; "-" for standard input
    lines: tuple[str, ...]  # without their ends

    def line(self, number: int | None) -> str | None:
        """The line of that number, from 1; None where there is none."""
        if number is None or not 1 <= number <= len(self.lines):
            return None
        return self.lines[number - 1]


class BuildCheck(NamedTuple):
    """One of several builds that are checked together."""

    name: str
    context: str  # as a person would type it
    dockerfile: str  # the same; "" for one that stands in the file that names it
    context_path: str  # absolute
    dockerfile_path: str  # absolute
    place: Location | None = None  # where it is named
    report: Report | None = None  # None: it is refused, or cannot be measured


class CheckReport(NamedTuple):
    """What a check found, for every view; nothing is computed later."""

    context_path: str  # absolute
    base_path: str  # absolute: the top of the repository, else the current folder
    diagnostics: tuple[Diagnostic, ...]  # by file, line and number
    silenced: int  # by comments
    texts: tuple[FileText, ...]  # of the files that diagnostics are about
    report: Report | None  # None: the builder refuses the build, so nothing was walked
    made_by: str = ""  # the version of ctxopt
    builds: tuple[BuildCheck, ...] | None = None  # None: one is checked, no more
    quiet: tuple[Diagnostic, ...] = ()  # what comments silence

    @property
    def is_complete(self) -> bool:
        """Whether all was looked at: no builder refused what it was given."""
        if self.builds is None:
            return self.report is not None
        return all(one.report is not None for one in self.builds)

    @property
    def failing(self) -> tuple[str, ...]:
        """The names of the builds that would fail, of several."""
        broken = {name for one in self.diagnostics if one.breaks for name in one.builds}
        return tuple(one.name for one in self.builds or () if one.name in broken)

    def build_of(self, diagnostic: Diagnostic) -> BuildCheck | None:
        """The first build that a diagnostic is about; None where one is checked."""
        named = (one for one in self.builds or () if one.name in diagnostic.builds)
        return next(named, None)

    @property
    def fails(self) -> bool:
        """Whether a build would fail."""
        return any(one.breaks for one in self.diagnostics)

    def text(self, shown: str | None) -> FileText | None:
        """The text of a file, as a problem names it."""
        return next((one for one in self.texts if one.shown == shown), None)
