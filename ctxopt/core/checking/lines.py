"""The words for lines of an ignore file, and how to mend them without a person.

A fix is offered only where what the line is for does not change, or where the line says
itself what it is for: `run/  # data` is `run/` with a comment.
"""

from __future__ import annotations

import re
from urllib.parse import quote_plus

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.families import ignore_file as rules
from ctxopt.core.checking.records import Diagnostic, Fix
from ctxopt.core.findings.codes import Finding
from ctxopt.core.findings.ignore_files import why_odd
from ctxopt.core.golang.paths import clean
from ctxopt.core.ignorefile.dead import DeadLine, Death
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.ignorefile.odd import Oddity, OddLine
from ctxopt.core.ignorefile.unmatched import UnmatchedLine
from ctxopt.core.model import Location, Problem, Severity
from ctxopt.core.nearest import Difference
from ctxopt.core.patterns.pattern import Pattern, is_plain
from ctxopt.core.tuples import NamedTuple

MANY = 400  # patterns

# Of an HTTP/2 header, as the client announces it and the daemon obeys. Source:
# golang.org/x/net, http2/server.go, maxHeaderListSize (net/http.DefaultMaxHeaderBytes
# and 320 more); moby/buildkit, session/grpc.go, serve; BuildKit ends such a build with
# "header list size to send violates the maximum size (1048896 bytes) set by server".
HEADER_BYTES = 1_048_896
# RFC 7541, 4.1: the name, the value and 32 bytes for each field of a header.
_FIELD_BYTES = len("exclude-patterns") + 32


class _Oddness(NamedTuple):
    """The rule of an odd line, and where in the line the odd thing begins."""

    finding: Finding
    place: str  # an expression
    fixable: bool = False


_ODD = {
    Oddity.COMMENT_BEHIND: _Oddness(rules.COMMENT_BEHIND, r"(?<=\s)#", fixable=True),
    Oddity.COMMENT_INDENTED: _Oddness(rules.COMMENT_INDENTED, r"#", fixable=True),
    Oddity.SLASHES: _Oddness(rules.SLASH_COMMENT, r"//", fixable=True),
    Oddity.BRACES: _Oddness(rules.BRACES, r"\{"),
    Oddity.NOT_CLASS: _Oddness(rules.NOT_CLASS, r"(?<=\[)!"),
    Oddity.BACKSLASHES: _Oddness(rules.BACKSLASHES, r"\\(?=\w)"),
    Oddity.ROOT_ONLY: _Oddness(rules.ROOT_ONLY, r"\S", fixable=True),
}


# --- lines that do not mean what they seem to --------------------------------------


def odd(line: OddLine, file: IgnoreFile) -> Diagnostic:
    """A line that does not mean what it seems to."""
    oddness = _ODD[line.oddity]
    is_doubtful = line.oddity is Oddity.ROOT_ONLY and not line.better
    problem = oddness.finding.problem(
        why_odd(line),
        severity=Severity.NOTE if is_doubtful else None,
        place=line.pattern.location,
        subject=_shown(line.pattern),
    )
    if line.better:
        problem = problem._replace(hint=f"write {' and '.join(line.better)}")
    fix = _odd_fix(line, file) if oddness.fixable else None
    return _placed(problem, file, fix=fix, place=oddness.place)


def _odd_fix(line: OddLine, file: IgnoreFile) -> Fix | None:
    text = _shown(line.pattern)
    match line.oddity:
        case Oddity.COMMENT_BEHIND:
            return _comment_above(line, file)
        case Oddity.COMMENT_INDENTED:
            return _fix(line.pattern, file, lines=(text,), title="make it a comment")
        case _:
            if not line.better:
                return None
            title = f"write {line.better[0]}"
            return _fix(line.pattern, file, lines=line.better, title=title)


def _comment_above(line: OddLine, file: IgnoreFile) -> Fix | None:
    """The comment on a line of its own, above a pattern that counts then."""
    (pattern,) = line.better
    comment = _shown(line.pattern).removeprefix(pattern).strip()
    title = "put the comment on a line of its own"
    fix = _fix(line.pattern, file, lines=(comment, pattern), title=title)
    if fix is None or not line.pattern.negated:
        return fix and fix._replace(goes=None)
    path = clean(pattern[1:].strip())
    return fix._replace(comes=(path.lstrip("/"),)) if is_plain(path) else None


def folder_slash(pattern: Pattern, file: IgnoreFile, *, path: str) -> Diagnostic:
    """A line for folders that hits a file."""
    verb = "brings back" if pattern.negated else "keeps out"
    problem = rules.FOLDER_SLASH.problem(
        f'"{_shown(pattern)}" {verb} the file "{path}" as well: '
        "docker takes the slash at the end away",
        place=pattern.location,
        subject=_shown(pattern),
    )
    line = path if pattern.negated else f"!{path}"
    hint = f'add the line "{line}" below it if only folders are meant'
    return _placed(problem._replace(hint=hint), file, place=r"/\s*$")


def not_utf8(pattern: Pattern, file: IgnoreFile) -> Diagnostic:
    """A line with bytes that no name on this disk has."""
    problem = rules.LINE_NOT_UTF8.problem(
        f'"{_shown(pattern)}" is not UTF-8, and matches only a name of these bytes',
        place=pattern.location,
        subject=_shown(pattern),
    )
    return _placed(problem, file, place="[\udc80-\udcff]")


# --- lines that do nothing ----------------------------------------------------------


def unmatched(line: UnmatchedLine, file: IgnoreFile) -> Diagnostic:
    """A line that matches nothing that is there."""
    text = _shown(line.pattern)
    finding = rules.NAME_MISSPELLED if line.is_slip else rules.LINE_IDLE
    problem = finding.problem(
        f'"{text}" matches nothing{_why_unmatched(line)}',
        place=line.pattern.location,
        subject=text,
    )
    if line.is_slip:
        problem = problem._replace(hint=f"write {line.better}")
    return _placed(problem, file)


def _why_unmatched(line: UnmatchedLine) -> str:
    is_whole = line.missing == line.pattern.cleaned
    why = "" if is_whole else f': "{line.missing}" is not there'
    if line.near is None:
        return why
    return f'{why}, but "{line.near.name}" is there{_difference(line.near.difference)}'


def _difference(how: Difference) -> str:
    if how is Difference.UNICODE:
        return ", whose accents are stored in another way"
    return ", and case counts" if how is Difference.CASE else ""


def dead(line: DeadLine, file: IgnoreFile) -> Diagnostic:
    """A line without which nothing would be another."""
    text = _shown(line.pattern)
    place = line.pattern.location
    if line.by is None:
        problem = rules.NOTHING_TO_BRING_BACK.problem(
            f'"{text}" brings nothing back: no line above keeps it out',
            place=place,
            subject=text,
        )
        return _placed(problem, file)
    other = _named(line.by)
    if line.death is Death.REPEATED:
        verb = "brings back" if line.pattern.negated else "keeps out"
        problem = rules.LINE_REPEATED.problem(
            f'"{text}" adds nothing: {other} {verb} all of it',
            place=place,
            subject=text,
        )
        fix = _fix(line.pattern, file, lines=(), title="take it out")
        return _placed(problem, file, fix=fix)
    does, undoes = "keeps nothing out", "brings all of it back"
    if line.pattern.negated:
        does, undoes = "brings nothing back", "keeps all of it out again"
    problem = rules.LINE_UNDONE.problem(
        f'"{text}" {does}: {other} {undoes}', place=place, subject=text
    )
    return _placed(problem, file)


def _named(pattern: Pattern) -> str:
    place = pattern.location
    line = f"line {place.line} " if place else ""
    return f'{line}("{_shown(pattern)}")'


# --- the file as a whole ------------------------------------------------------------


def many(patterns: tuple[Pattern, ...], file: IgnoreFile) -> Diagnostic:
    """A file with so many patterns that they take time."""
    problem = rules.MANY_PATTERNS.problem(
        f"{len(patterns):,} patterns: docker tries each of them on each path",
        place=patterns[MANY].location,
        subject=file.shown,
    )
    return _placed(problem, file)


def header_bytes(patterns: tuple[Pattern, ...]) -> int:
    """What patterns weigh in the header of BuildKit's request, at the least.

    Each is a field, and one that is not ASCII has all of them escaped. Source:
    moby/buildkit, session/filesync/filesync.go, FSSync and encodeStringForHeader.
    """
    texts = [f"!{one.cleaned}" if one.negated else one.cleaned for one in patterns]
    if not all(text.isascii() for text in texts):
        texts = [quote_plus(text, errors="surrogateescape") for text in texts]
    return sum(_FIELD_BYTES + len(text) for text in texts)


def header(patterns: tuple[Pattern, ...], file: IgnoreFile, *, size: int) -> Diagnostic:
    """A file with so many patterns that BuildKit cannot ask for the context."""
    problem = rules.HEADER_TOO_LARGE.problem(
        f"{len(patterns):,} patterns need {size:,} bytes of a header,"
        f" and BuildKit's client takes {HEADER_BYTES:,}: the build fails",
        place=patterns[-1].location,
        subject=file.shown,
    )
    return _placed(problem, file)


# --- where ---------------------------------------------------------------------------


def _shown(pattern: Pattern) -> str:
    return pattern.text.strip()


def _placed(
    problem: Problem, file: IgnoreFile, *, fix: Fix | None = None, place: str = r"\S"
) -> Diagnostic:
    """A problem with the column of what is odd in its line."""
    column = None
    if problem.line is not None:
        found = re.search(place, file.lines[problem.line - 1].text)
        column = found.start() + 1 if found else None
    return catalogue.diagnostic(problem._replace(column=column), fix)


def _fix(
    pattern: Pattern, file: IgnoreFile, *, lines: tuple[str, ...], title: str
) -> Fix | None:
    """Other lines in the place of one; None where it has no file of its own."""
    place: Location | None = pattern.location
    if place is None or not file.path:
        return None
    return Fix(file.path, place.line, place.end_line, lines, title)
