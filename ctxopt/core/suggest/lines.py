"""The shortest lines for an ignore file that hit some finds and no others.

A line that is already there in a rule is taken as it stands, or anchored at the root
where all that it hits lies there. Where it would hit something that has to stay, each
path gets a line of its own, if they are few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.patterns.escaping import escaped, is_sound
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.tuples import NamedTuple

ANYWHERE = "**/"
FEW = 8  # lines that name single paths, at the most
MANY = 200  # of secrets: none stays because there are others


class IgnoreLines(NamedTuple):
    """Lines, and the finds that they hit: all of those asked for, and maybe more."""

    lines: tuple[str, ...]
    hit: tuple[ClutterMatch, ...]


def of_pattern(
    pattern: str,
    wanted: Sequence[ClutterMatch],
    hit: Sequence[ClutterMatch],
    *,
    anywhere: bool,
    unsafe: Callable[[str, Sequence[ClutterMatch]], bool],
) -> IgnoreLines | None:
    """Lines for the finds of one pattern that are wanted; None when there are none.

    `hit` are all finds of the pattern, `unsafe` whether a line with its finds would
    take something that has to stay. `anywhere`: the like is expected elsewhere, too.
    """
    line, found = _shortest(pattern, wanted, hit, anywhere=anywhere)
    if not unsafe(line, found):
        return IgnoreLines((line,), tuple(found))
    return by_folder(pattern, wanted, hit, unsafe) or of_paths(wanted, unsafe)


def by_folder(
    pattern: str,
    wanted: Sequence[ClutterMatch],
    hit: Sequence[ClutterMatch],
    unsafe: Callable[[str, Sequence[ClutterMatch]], bool],
) -> IgnoreLines | None:
    """The pattern anchored in each folder; None where that does not do, either."""
    base = pattern.removeprefix(ANYWHERE)
    folders = dict.fromkeys(find.folder for find in wanted)
    if base == pattern or "/" in base or is_literal(base) or len(folders) > FEW:
        return None
    lines = []
    found: list[ClutterMatch] = []
    for folder in folders:
        start = escaped(folder) if folder else ""
        if start is None:
            return None
        line = f"{start}/{base}" if folder else _at_root(base)
        inside = [find for find in hit if find.folder == folder]
        if not is_sound(line) or unsafe(line, inside):
            return None
        lines.append(line)
        found += inside
    return IgnoreLines(tuple(lines), tuple(found))


def _shortest(
    pattern: str,
    wanted: Sequence[ClutterMatch],
    hit: Sequence[ClutterMatch],
    *,
    anywhere: bool,
) -> tuple[str, Sequence[ClutterMatch]]:
    base = pattern.removeprefix(ANYWHERE)
    if base == pattern or anywhere:
        return pattern, hit
    depth = base.count("/")
    if any(find.path.count("/") != depth for find in wanted):
        return pattern, hit
    line = _at_root(base)
    if is_literal(base) and len(wanted) == 1:
        return line, [find for find in hit if find.path == wanted[0].path]
    return line, [find for find in hit if find.path.count("/") == depth]


def _at_root(base: str) -> str:
    """A pattern that may stand at the start of a line."""
    return f"\\{base}" if base[0] in "!#" else base


def of_paths(
    wanted: Sequence[ClutterMatch],
    unsafe: Callable[[str, Sequence[ClutterMatch]], bool],
    *,
    most: int = FEW,
) -> IgnoreLines | None:
    """A line for each path; None when they are too many, or one cannot be written."""
    if sum(len(find.paths) for find in wanted) > most:
        return None
    lines = []
    for find in wanted:
        for path in find.paths:
            line = escaped(path)
            if line is None or not is_sound(line) or unsafe(line, (find,)):
                return None
            lines.append(line)
    return IgnoreLines(tuple(lines), tuple(wanted))


def is_literal(pattern: str) -> bool:
    """Whether the pattern has no wildcards."""
    return not any(character in pattern for character in "*?[\\")


# Of many builds of a folder each asks the same again.
@lru_cache(maxsize=4_096)
def takes_any(line: str, paths: tuple[str, ...]) -> bool:
    """Whether a line keeps out one of some paths, or a folder that it lies in."""
    return any(_takes(line, path) for path in paths)


@lru_cache(maxsize=1 << 16)
def _takes(line: str, path: str) -> bool:
    return matcher_of(line).matches_or_parent_matches(path)


@lru_cache(maxsize=1024)
def matcher_of(line: str) -> Matcher:
    """The matcher of a single line."""
    return Matcher(compile_patterns((line,)))
