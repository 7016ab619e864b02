"""How far a file goes that a source takes: into the image, or into a stage on the way.

Only what COPY --from names is followed; what a RUN moves or deletes is not known, so
"thrown away" is said of a stage from which no later one takes the place of the file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from ctxopt.core.dockerfile.records import StageRun, Trace
from ctxopt.core.golang.filepath_match import has_wildcard, match
from ctxopt.core.model import Reach, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.errors import IgnoreFileError

ROOT = "/"
PIVOT = "/./"


class Hop(NamedTuple):
    """One place that a file comes to on its way through the stages."""

    stage: str
    place: str  # from the root of that stage
    by: Source | None = (
        None  # the COPY --from that brings it; None: the stage stands on
    )
    #                           the one before, or it is the first place
    sure: bool = True  # False: below a working folder that only an image knows


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
    for number, at in _steps_of(trace, source):
        run = trace.runs[number]
        where = _landed(source, path, run, at, is_folder=is_folder)
        hop = Hop(run.label, where, sure=_is_sure(source, run, at))
        onward = _way(trace, number, where, last)
        if onward is not None:
            return Journey(Reach.IMAGE, (hop, *onward))
        first = first or (hop,)
    return Journey(Reach.STAGE, first)


def _steps_of(trace: Trace, source: Source) -> Iterator[tuple[int, int]]:
    """Each step with this source: the index of its stage, and its own in there."""
    for number, run in enumerate(trace.runs):
        for at, step in enumerate(run.steps):
            if any(trace.sources[index] == source for index in step.sources):
                yield number, at


def _is_sure(source: Source, run: StageRun, at: int) -> bool:
    """Whether the destination is known from the root on."""
    known = source.destination.startswith(ROOT) or run.steps[at].workdir is not None
    return known and not source.destination_assumed


def _last(trace: Trace) -> int:
    """The index of the stage that is built."""
    for number in reversed(range(len(trace.runs))):
        if trace.runs[number].label == trace.stage:
            return number
    return len(trace.runs) - 1


def _way(trace: Trace, start: int, where: str, last: int) -> tuple[Hop, ...] | None:
    """The hops from a path of one stage to the last one; None: none leads there."""
    waiting: list[tuple[int, str, tuple[Hop, ...]]] = [(start, where, ())]
    seen = {(start, where)}
    while waiting:
        number, place, hops = waiting.pop()
        if number == last:
            return hops
        for later, run in enumerate(trace.runs):
            for found, by in _onward(trace, number, place, run):
                if (later, found) not in seen:
                    seen.add((later, found))
                    hop = Hop(run.label, found, by)
                    waiting.append((later, found, (*hops, hop)))
    return None


def _onward(
    trace: Trace, number: int, place: str, run: StageRun
) -> Iterator[tuple[str, Source | None]]:
    """Where a stage has what lies at a place of an earlier one, and who copied it."""
    if run.base == number:
        yield place, None
    for at, step in enumerate(run.steps):
        if number not in step.stages or step.instruction.name != "COPY":
            continue
        for one in (trace.sources[index] for index in step.sources):
            if one.kind is SourceKind.STAGE and _takes(one, place):
                yield _landed(one, place, run, at), one


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
    source: Source, path: str, run: StageRun, at: int, *, is_folder: bool = False
) -> str:
    """Where a source puts a file: what lies below the folder that it names stays so.

    Of a folder that it names itself, the content goes there.
    """
    parts = path.strip(ROOT).split(ROOT)
    rest = ROOT.join(parts[_taken_off(source) :])
    workdirs = [
        one.workdir for one in run.steps[at::-1] if one.workdir is not None
    ] or [ROOT]
    destination = source.destination or "."
    folder = posixpath.normpath(posixpath.join(workdirs[0], destination))
    as_folder = (
        destination.endswith((ROOT, "."))
        or folder in map(posixpath.normpath, workdirs)
        or has_wildcard(source.expanded)
    )
    if not rest and as_folder and not is_folder:
        rest = parts[-1]
    return posixpath.join(folder, rest) if rest else folder
