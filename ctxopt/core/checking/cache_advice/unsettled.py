"""Layers that take what changes by itself, so that the cache seldom holds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import filterfalse

from ctxopt.core.bitmask import bits
from ctxopt.core.checking.dockerfile_advice.reading import listed
from ctxopt.core.checking.families import cache
from ctxopt.core.findings.codes import Finding
from ctxopt.core.findings.copied import column_of
from ctxopt.core.model import Confidence, Problem, Severity, Source, Suggestion
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.core.tuples import NamedTuple

# Written by every commit, by every run of the program, or of what builds and tests it.
# A single log may be a sample: `logstash/nginx.log` is one for a demonstration.
_AT_WORK = (
    *(
        "vcs-git:",
        "vcs-svn",
        "vcs-cvs",
        "logs-dirs",
        "logs-contents",
        "py-bytecode",
        "py-tool-caches",
    ),
    *("py-coverage", "coverage-data", "node-coverage", "node-next", "rust-target"),
    *("node-framework-state", "node-tsbuildinfo", "java-gradle-cache", "dotnet-obj"),
    *("cache-monorepo", "cache-generic", "cache-build-tools"),
)
# About how to build and run: whoever works on that edits them.
_OF_BUILDS = (
    *("docker-dockerfile", "docker-dockerignore", "docker-compose", "docker-bake"),
    *("docker-devcontainer", "docker-dev-tools"),
)
_OWN_LINE = "cache-dockerignore"  # `never-cached` speaks of it
_INSTALLED = frozenset({"node_modules", "site-packages", ".venv", "venv", "vendor"})
_MOST_NAMES = 3
_MOST_COMPARED = 100


class Taken(NamedTuple):
    """What a source takes of what a suggestion is about."""

    suggestion: Suggestion
    paths: Sequence[str]


def unsettled_layers(
    weighed: Sequence[Weighed],
    sources: Sequence[Source],
    takers: Callable[[str], Collection[int]],
) -> Iterator[Problem]:
    """For each source what it takes that changes by itself, and files about builds.

    The suggestions of a scan know what the build uses, so nothing used is among them.
    `takers` gives the indexes of the sources that take a path.
    """
    by_source: dict[int, list[Taken]] = {}
    for one in weighed:
        for at, paths in _by_source(one, takers).items():
            by_source.setdefault(at, []).append(Taken(one.shown, paths))
    for at, taken in sorted(by_source.items()):
        own = [one for one in taken if one.suggestion.rule.startswith(_OF_BUILDS)]
        others = [one for one in taken if one not in own]
        if others:
            yield _unsettled(sources[at], others)
        if own:
            yield _problem(cache.BUILD_FILES_COPIED, sources[at], own, _EDITED)


def _by_source(
    one: Weighed, takers: Callable[[str], Collection[int]]
) -> dict[int, list[str]]:
    """The paths of a suggestion by the sources that take them."""
    found: dict[int, list[str]] = {}
    if not one.shown.unsettles or one.shown.rule == _OWN_LINE:
        return found
    for find in one.proposal.clutter:
        for path in filterfalse(_is_installed, find.paths):
            # Of several files a source may take one and leave the others.
            alone = len(find.paths) == 1
            for at in bits(find.mask) if alone else takers(path):
                found.setdefault(at, []).append(path)
    return found


def _is_installed(path: str) -> bool:
    """Whether a path is part of what was installed: no work changes that."""
    return not _INSTALLED.isdisjoint(path.split("/")[:-1])


_EDITED = "so that each edit of the build makes this layer anew"
_CHANGING = (
    "which change{s} while the program does not: this layer, and all behind it, are "
    "made anew"
)


def _unsettled(source: Source, taken: Sequence[Taken]) -> Problem:
    """A warning where it is sure that work on the project changes some of it."""
    sure = [one for one in taken if _is_sure(one.suggestion)]
    problem = _problem(cache.LAYER_UNSETTLED, source, sure or taken, _CHANGING)
    return problem._replace(severity=Severity.WARNING if sure else Severity.NOTE)


def _is_sure(one: Suggestion) -> bool:
    return one.confidence is not Confidence.ASK and f"{one.rule}:".startswith(_AT_WORK)


def _problem(
    finding: Finding, source: Source, taken: Sequence[Taken], what: str
) -> Problem:
    said = " ".join(source.line_text.rstrip("\\").split())
    names = _outermost(path for one in taken for path in one.paths)
    told = what.format(s="s" if len(names) == 1 else "")
    problem = finding.problem(
        f'"{said}" takes {listed(names, _MOST_NAMES)}, {told}',
        place=source.location,
        subject=names[0],
    )
    return problem._replace(column=column_of(source))


def _outermost(paths: Iterable[str]) -> Sequence[str]:
    """Paths without those that lie in another one, the shallow ones first."""
    kept: list[str] = []
    for path in sorted(dict.fromkeys(paths), key=lambda one: one.count("/")):
        if not any(path.startswith(f"{one}/") for one in kept[:_MOST_COMPARED]):
            kept.append(path)
    return kept
