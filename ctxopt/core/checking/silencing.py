"""Comments that silence rules: `# ctxopt: ignore=CTX201,source-missing`.

On the line before, a comment holds for what that line says, with the comments and blank
lines between them left out of account; alone at the top of a file, with an empty line
below it, for the whole file, and for what is found in no file: sizes, and secrets that
are not sent. Behind another # stands why. What silences nothing is a problem itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from ctxopt.core.checking import catalogue
from ctxopt.core.checking.families import own
from ctxopt.core.checking.records import Diagnostic, FileText
from ctxopt.core.model import Location
from ctxopt.core.tuples import NamedTuple

# Not indented: in an ignore file such a line is a pattern.
_COMMENT = re.compile(r"#\s*ctxopt:\s*ignore\s*=\s*(.*?)\s*$", re.IGNORECASE)


class Silence(NamedTuple):
    """One word of a comment, and for which line of its file it holds."""

    word: str
    place: Location  # of the comment
    line: int | None  # None: the whole file

    def covers(self, one: Diagnostic) -> bool:
        """Whether it silences a diagnostic."""
        problem = one.problem
        if not catalogue.names(self.word, one.rule):
            return False
        if self.line is None:
            return problem.file in (None, self.place.file)
        return (problem.file, problem.line) == (self.place.file, self.line)


class Heard(NamedTuple):
    """What is left to hear after the comments had their say."""

    diagnostics: tuple[Diagnostic, ...]
    quiet: tuple[Diagnostic, ...]  # what they silence

    @property
    def silenced(self) -> int:
        """How many they silence."""
        return len(self.quiet)


def silences(text: FileText) -> Iterator[Silence]:
    """The comments of a file that silence something, a `Silence` for each word."""
    for number, line in enumerate(text.lines, start=1):
        found = _COMMENT.match(line)
        if found is None:
            continue
        place = Location(text.shown, number, number)
        covered = None if _is_alone(text.lines, number) else _next(text.lines, number)
        for word in re.split(r"[,\s]+", found[1].partition("#")[0]):
            if word:
                yield Silence(word, place, covered)


def _is_alone(lines: Sequence[str], number: int) -> bool:
    """Whether only comments stand above a comment, and an empty line below it."""
    below = lines[number : number + 1]
    above = lines[: number - 1]
    is_top = all(not one.strip() or one.startswith("#") for one in above)
    return is_top and (not below or not below[0].strip())


def _next(lines: Sequence[str], number: int) -> int:
    """The line that a comment stands before: the next that is none and not empty."""
    for after, line in enumerate(lines[number:], start=number + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return after
    return len(lines) + 1


def heard(
    found: Sequence[Diagnostic], texts: Iterable[FileText], *, is_whole: bool = True
) -> Heard:
    """What no comment silences, and a diagnostic for each that silences nothing.

    Where the check is not whole, none is said to silence nothing.
    """
    said = [one for text in texts for one in silences(text)]
    known = [one for one in said if _is_known(one.word)]
    is_quiet = [any(silence.covers(one) for silence in known) for one in found]
    quiet = tuple(compress(found, is_quiet))
    left = [one for one, silent in zip(found, is_quiet, strict=True) if not silent]
    idle = [one for one in known if is_whole and not any(map(one.covers, found))]
    unknown = [one for one in said if one not in known]
    own_words = (*map(_idle, idle), *map(_unknown, unknown))
    return Heard((*left, *own_words), quiet)


def _is_known(word: str) -> bool:
    return any(catalogue.names(word, rule) for rule in catalogue.RULES)


def _idle(one: Silence) -> Diagnostic:
    where = "this file" if one.line is None else f"line {one.line}"
    return catalogue.diagnostic(
        own.SILENCE_IDLE.problem(
            f'"{one.word}" finds nothing in {where}', place=one.place, subject=one.word
        )
    )


def _unknown(one: Silence) -> Diagnostic:
    return catalogue.diagnostic(
        own.SILENCE_UNKNOWN.problem(
            f'"{one.word}" is no rule', place=one.place, subject=one.word
        )
    )
