"""The line that brings back what an ignore file keeps out.

Of `scripts` and `scripts/x.sh` it is `!scripts/x.sh`, right behind `scripts`. What is
said has been tried with the matcher and the walk of each builder: where none finds the
path with any of the lines known here, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ctxopt.core.model import BuilderName
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError, compile_patterns
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import IgnoreFileError

if TYPE_CHECKING:
    from typing import TypeAlias

# Whether a builder's walk comes to a path with these patterns, and takes it.
Reaches: TypeAlias = Callable[[Matcher, str], bool]

# Stands for all that is in a folder: nobody's line says it, but `dist/*` matches it.
_ANYTHING = "\u2420\u2420"


class Repair(NamedTuple):
    """Lines to put into an ignore file, right behind one that is there."""

    lines: tuple[str, ...]  # as they are written; mostly one
    behind: Pattern
    builders: frozenset[BuilderName]  # those that find the path then
    missed: frozenset[BuilderName] = frozenset()  # those that were asked and do not


def repair(
    matcher: Matcher,
    path: str,
    *,
    walks: Mapping[BuilderName, Reaches],
    builder: BuilderName,
    is_folder: bool = False,
    instead: Sequence[str] = (),
) -> Repair | None:
    """The lines with which `builder` finds a path that is kept out; None: unknown.

    Lines that all of `walks` follow come first, then the narrowest, then the place
    right behind the line that decides. `instead` are patterns to be tried before the
    path itself, such as the `web/*.js` of a source. Of a folder, what is in it comes
    with it, but for what lines further down keep out.
    """
    try:
        decided_by = matcher.verdict(path).decided_by
    except PatternError:
        return None
    if decided_by is None:
        return None
    wanted = (path, join(path, _ANYTHING)) if is_folder else (path,)
    best: Repair | None = None
    for lines in _candidates(path, decided_by, instead):
        for behind in _places(matcher, decided_by):
            tried = _with_lines(matcher, lines, behind)
            found = _finders(tried, wanted, walks) if tried is not None else frozenset()
            if builder not in found:
                continue
            missed = frozenset(walks) - found
            if not missed:
                return Repair(lines, behind, found)
            best = best or Repair(lines, behind, found, missed)
    return best


def _candidates(
    path: str, decided_by: Pattern, instead: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    yield from ((f"!{pattern}",) for pattern in instead)
    folder, _, _ = path.rpartition("/")
    plain_folder = escaped(folder) if folder else ""
    if decided_by.negated and plain_folder:
        # Lines bring it back, but no walk comes to it: their last component, with the
        # folders by name. Of `!*/target/*file1`, it is `!shop/target/*file1`.
        last = decided_by.cleaned.rpartition("/")[2]
        if last.strip("*"):
            yield (f"!{plain_folder}/{last}",)
    alone = escaped(path)
    if alone is None:
        return
    yield (f"!{alone}",)
    if alone != path:
        # The legacy client compares the text of a line with the folders it leaves
        # out, so that the path as it is opens them: moby/go-archive, archive.go.
        yield (f"!{path}", f"!{alone}")


def _places(matcher: Matcher, decided_by: Pattern) -> Iterator[Pattern]:
    yield decided_by
    if matcher.patterns[-1] is not decided_by:
        yield matcher.patterns[-1]


def _with_lines(
    matcher: Matcher, lines: Sequence[str], behind: Pattern
) -> Matcher | None:
    """The patterns with more of them behind one; None where a builder refuses them."""
    try:
        new = compile_patterns(lines)
    except IgnoreFileError:
        return None
    if any(pattern.fails for pattern in new):
        return None
    old = matcher.patterns
    at = old.index(behind) + 1
    return Matcher((*old[:at], *new, *old[at:]))


def _finders(
    matcher: Matcher, wanted: Sequence[str], walks: Mapping[BuilderName, Reaches]
) -> frozenset[BuilderName]:
    return frozenset(
        name
        for name, reaches in walks.items()
        if all(reaches(matcher, path) for path in wanted)
    )
