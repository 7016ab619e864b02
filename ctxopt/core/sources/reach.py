"""How far a file goes that a source takes: into the image, or into a stage on the way.

Only what COPY --from names is followed; what a RUN moves or deletes is not known, so
"thrown away" is said of a stage from which no later one takes the place of the file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.golang.filepath_match import has_wildcard, match
from ctxopt.core.model import Reach, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.together import (
    StepPlace,
    ends_as_folder,
    is_made_folder,
    may_be_folder,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import IgnoreFileError

ROOT = "/"
PIVOT = "/./"


class Hop(NamedTuple):
    """One place that a file comes to on its way through the stages.

    `by` is the COPY --from that brings it there; None for the first place, and where
    the stage stands on the one before. `sure` is False below a working folder that only
    an image knows, `inside` True where the place may be a folder by then, so that the
    file lies in it.
    """

    stage: str
    place: str  # from the root of that stage
    by: Source | None = None
    sure: bool = True
    inside: bool = False


class Journey(NamedTuple):
    """Where a source puts a file, and how it goes on from there."""

    reach: Reach
    hops: tuple[Hop, ...] = ()  # to the last stage, or the first place where it stays


def reach_of(trace: Trace, source: Source, path: str) -> Reach:
    """How far `source` takes the file at `path` of the context."""
    return journey_of(trace, source, path).reach


def journey_of(
    trace: Trace, source: Source, path: str, *, is_folder: bool = False
) -> Journey:
    """Where `source` takes what is at `path` of the context, stage by stage.

    With `COPY src /app` in a stage `build`, `src/a` lies in `/app/a` of it; a later
    `COPY --from=build /app /srv` is the next hop, to `/srv/a`.
    """
    if source.mount:
        return Journey(Reach.MOUNT)
    last = _last(trace)
    first: tuple[Hop, ...] = ()
    for place in _steps_of(trace, source):
        hop = _hop(trace, place, source, path, is_folder=is_folder)
        onward = _way(trace, place.run, hop.place, last, is_folder=is_folder)
        if onward is not None:
            return Journey(Reach.IMAGE, (hop, *onward))
        first = first or (hop,)
    return Journey(Reach.STAGE, first)


def _steps_of(trace: Trace, source: Source) -> Iterator[StepPlace]:
    """Each step with this source."""
    for number, run in enumerate(trace.runs):
        for at, step in enumerate(run.steps):
            if any(trace.sources[index] == source for index in step.sources):
                yield StepPlace(number, at)


def _hop(
    trace: Trace, place: StepPlace, source: Source, path: str, *, is_folder: bool
) -> Hop:
    """The place that a source of a step gives to a path."""
    run = trace.runs[place.run]
    destination = source.destination
    known = destination.startswith(ROOT) or run.steps[place.step].workdir is not None
    where = _landed(trace, place, source, path, is_folder=is_folder)
    return Hop(
        run.label,
        where,
        sure=known and not source.destination_assumed,
        inside=not is_folder and _may_lie_inside(trace, place, where, path),
    )


def _may_lie_inside(trace: Trace, place: StepPlace, where: str, path: str) -> bool:
    """Whether a place that a file is copied to may be a folder by then.

    One that has the file's own name, or an ending, is taken for the file.
    """
    name = posixpath.basename(where)
    if name == posixpath.basename(path) or "." in name:
        return False
    if may_be_folder(trace.runs, trace.sources, place, lambda _: False):
        return True
    run = trace.runs[place.run]
    while run.base is not None:
        run = trace.runs[run.base]
    return not run.scratch


def _last(trace: Trace) -> int:
    """The index of the stage that is built."""
    for number in reversed(range(len(trace.runs))):
        if trace.runs[number].label == trace.stage:
            return number
    return len(trace.runs) - 1


def _way(
    trace: Trace, start: int, where: str, last: int, *, is_folder: bool
) -> tuple[Hop, ...] | None:
    """The hops from a path of one stage to the last one; None: none leads there."""
    waiting: list[tuple[int, str, tuple[Hop, ...]]] = [(start, where, ())]
    seen = {(start, where)}
    while waiting:
        number, place, hops = waiting.pop()
        if number == last:
            return hops
        for later, run in enumerate(trace.runs):
            found = [Hop(run.label, place)] if run.base == number else []
            found += _copied(trace, number, place, later, is_folder=is_folder)
            for hop in found:
                if (later, hop.place) not in seen:
                    seen.add((later, hop.place))
                    waiting.append((later, hop.place, (*hops, hop)))
    return None


def _copied(
    trace: Trace, number: int, place: str, later: int, *, is_folder: bool
) -> Iterator[Hop]:
    """Where a stage puts what lies at a place of an earlier one, if it copies it."""
    for at, step in enumerate(trace.runs[later].steps):
        if number not in step.stages or step.instruction.name != "COPY":
            continue
        for one in (trace.sources[index] for index in step.sources):
            if one.kind is SourceKind.STAGE and _takes(one, place):
                here = StepPlace(later, at)
                hop = _hop(trace, here, one, place, is_folder=is_folder)
                yield hop._replace(by=one)


def _takes(source: Source, place: str) -> bool:
    """Whether a COPY --from takes a file: it is hit, or a folder above it."""
    parts = place.strip(ROOT).split(ROOT)
    wanted = _absolute(source.expanded).strip(ROOT)
    depth = _depth(wanted)
    start = ROOT.join(parts[:depth])
    if not (match(wanted, start) if has_wildcard(wanted) else start == wanted):
        return False
    return not _is_excluded(source, ROOT.join(parts[_taken_off(source) :]))


def _is_excluded(source: Source, rest: str) -> bool:
    """Whether `--exclude` leaves a path out, told from the folder that is copied."""
    if not (source.exclude and rest):
        return False
    try:
        return Matcher(compile_patterns(source.exclude)).verdict(rest).excluded
    except (IgnoreFileError, PatternError):
        return False  # the build fails at that


def _absolute(text: str) -> str:
    """A source from the root; two slashes at the start would stay as they are."""
    return posixpath.normpath(ROOT + text.strip().lstrip(ROOT))


def _depth(path: str) -> int:
    return path.count(ROOT) + 1 if path else 0


def _taken_off(source: Source) -> int:
    """How many folders of a path that a source takes do not go along with it."""
    if not source.parents:
        return _depth(_absolute(source.expanded).strip(ROOT))
    base, pivot, _ = source.expanded.partition(PIVOT)
    return _depth(_absolute(base).strip(ROOT)) if pivot else 0


def _landed(
    trace: Trace, place: StepPlace, source: Source, path: str, *, is_folder: bool
) -> str:
    """Where a source puts a file: what lies below the folder that it names stays so.

    Of a folder that it names itself, the content goes there.
    """
    steps = trace.runs[place.run].steps[place.step :: -1]
    parts = path.strip(ROOT).split(ROOT)
    rest = ROOT.join(parts[_taken_off(source) :])
    workdirs = [one.workdir for one in steps if one.workdir is not None] or [ROOT]
    destination = source.destination or "."
    folder = posixpath.normpath(posixpath.join(workdirs[0], destination))
    as_folder = (
        ends_as_folder(destination)
        or folder in map(posixpath.normpath, workdirs)
        or is_made_folder(trace.runs, trace.sources, place)
    )
    if not rest and as_folder and not is_folder:
        rest = parts[-1]
    return posixpath.join(folder, rest) if rest else folder
