"""Flags of COPY and ADD that do less than they look like: `--exclude`.

Only instructions that have the flag cost anything here: what they name is listed once
more, without what the ignore file keeps out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby

from ctxopt.core.findings import copied
from ctxopt.core.golang.paths import clean
from ctxopt.core.model import Problem
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import IgnoreFileError

_MOST_ENTRIES = 5_000  # of one instruction; what is larger is not judged


class _WithoutExclude(NamedTuple):
    """What an instruction would take without its `--exclude`."""

    starts: tuple[str, ...]  # what its sources come to
    below: tuple[tuple[str, str], ...]  # where patterns start, and the path from there
    left: tuple[tuple[str, str], ...]  # what of that the flags leave, all together


def idle_flags(
    tree: Tree, wanted: Sequence[CopySource], ignored: Callable[[str], bool]
) -> Iterator[Problem]:
    """Each `--exclude` that takes nothing away, or leaves the same names deeper.

    Rule: tonistiigi/fsutil, copy/copy.go: patterns are matched with paths below each
    source; a source itself, and a file that a wildcard hits, is never left out.
    """
    for _, group in groupby(wanted, lambda want: want.source.location):
        wants = [want for want in group if want.exclude and not want.source.mount]
        with suppress(IgnoreFileError):  # the builder refuses it, told elsewhere
            yield from [*_of_instruction(tree, wants, ignored)]


def _of_instruction(
    tree: Tree, wants: Sequence[CopySource], ignored: Callable[[str], bool]
) -> Iterator[Problem]:
    taken = _taken(tree, wants, ignored) if wants else None
    if taken is None:
        return
    for pattern in wants[0].exclude:
        if not pattern.startswith("!"):
            yield from _judged(pattern, taken, wants[0])


def _judged(
    pattern: str, taken: _WithoutExclude, want: CopySource
) -> Iterator[Problem]:
    matcher = Matcher(compile_patterns((pattern,)))
    takes = any(matcher.verdict(path).excluded for _, path in taken.below)
    for start, path in taken.left:
        folder, _, name = path.rpartition("/")
        if folder and "/" not in pattern and glob_matches(pattern, name):
            left = join(start, path)
            yield copied.shallow_exclude(want.source, pattern, left, takes=takes)
            return
    if not takes:
        why, meant = _reason(pattern, matcher, taken)
        yield copied.idle_exclude(want.source, pattern, why, meant)


def _reason(pattern: str, matcher: Matcher, taken: _WithoutExclude) -> tuple[str, str]:
    """Why a pattern takes nothing away, and the pattern that was likely meant."""
    for start in taken.starts:
        if start and glob_matches(pattern, start.rpartition("/")[2]):
            return f'"{start}" is a source itself, and those are always copied', ""
    for start, path in taken.below:
        if start and matcher.verdict(join(start, path)).excluded:
            prefix = f"{start}/"
            meant = pattern.removeprefix("/").removeprefix(prefix)
            return _from_inside(start), meant if meant != pattern else path
    if (missing := _missing_inside(pattern, taken)) is not None:
        return missing
    if pattern.startswith("/") and any(
        Matcher(compile_patterns((pattern.lstrip("/"),))).verdict(path).excluded
        for _, path in taken.below
    ):
        return "a pattern begins without a slash", pattern.lstrip("/")
    if "$" in pattern:
        return "variables are not expanded in --exclude", ""
    return "", ""


def _missing_inside(pattern: str, taken: _WithoutExclude) -> tuple[str, str] | None:
    """The same of a path that is not there yet, unless it may mean one further in."""
    named = clean(pattern.lstrip("/"))
    for start in filter(None, taken.starts):
        prefix = f"{start}/"
        inside = any(path.startswith(prefix) for at, path in taken.below if at == start)
        if named.startswith(prefix) and not inside:
            return _from_inside(start), named.removeprefix(prefix)
    return None


def _from_inside(start: str) -> str:
    return f'patterns start inside "{start}", not at the context'


def _taken(
    tree: Tree, wants: Sequence[CopySource], ignored: Callable[[str], bool]
) -> _WithoutExclude | None:
    """What the sources of an instruction take; None for nothing, or for too much."""
    starts: list[str] = []
    below: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    excluded = Matcher(compile_patterns(wants[0].exclude))
    for want in wants:
        include = _included(want)
        for start in _starts(tree, want):
            starts.append(start)
            for path, is_left in _below(tree, start, excluded, ignored):
                if include(path):
                    below.append((start, path))
                    left += [(start, path)] if is_left else []
                if len(below) > _MOST_ENTRIES:
                    return None
    return _WithoutExclude(tuple(starts), tuple(below), tuple(left)) if starts else None


def _included(want: CopySource) -> Callable[[str], bool]:
    """Whether `--parents` takes a path below its start; others take all."""
    if want.below is None:
        return lambda _path: True
    matcher = Matcher(compile_patterns((want.below,)))
    return lambda path: matcher.verdict(path).excluded


def _starts(tree: Tree, want: CopySource) -> Iterator[str]:
    """The paths from which patterns are matched, links followed."""
    for path in hits_of(want, tree):
        resolved = want.led_to(tree, path).path
        if resolved is not None and (not path or tree.kind(resolved) is not None):
            yield resolved


def _below(
    tree: Tree, start: str, excluded: Matcher, ignored: Callable[[str], bool]
) -> Iterator[tuple[str, bool]]:
    """What the ignore file lets through below a folder, and whether the flags do.

    Nothing is told of what lies in a folder that they leave out.
    """
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        for name in tree.names(join(start, inner) if inner else start):
            path = join(inner, name)
            whole = join(start, path)
            if ignored(whole):
                continue
            is_left = not excluded.verdict(path).excluded
            yield path, is_left
            if is_left and tree.kind(whole) is Found.DIRECTORY:
                waiting.append(path)
