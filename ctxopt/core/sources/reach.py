"""How far a file goes that a source takes: into the image, or into a stage on the way.

Only what COPY --from names is followed; what a RUN moves or deletes is not known, so
"thrown away" is said of a stage from which no later one takes the place of the file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from ctxopt.core.dockerfile.records import StageRun, StepRun, Trace
from ctxopt.core.golang.filepath_match import has_wildcard, match
from ctxopt.core.model import Reach, Source

ROOT = "/"


def reach_of(trace: Trace, source: Source, path: str) -> Reach:
    """How far `source` takes the file at `path` of the context."""
    if source.mount:
        return Reach.MOUNT
    last = _last(trace)
    for number, run in enumerate(trace.runs):
        for at, step in enumerate(run.steps):
            if not any(trace.sources[index] == source for index in step.sources):
                continue
            where = _landed(source.expanded, source.destination, path, run, at)
            if _arrives(trace.runs, number, where, last):
                return Reach.IMAGE
    return Reach.STAGE


def _last(trace: Trace) -> int:
    """The index of the stage that is built."""
    for number in reversed(range(len(trace.runs))):
        if trace.runs[number].label == trace.stage:
            return number
    return len(trace.runs) - 1


def _arrives(runs: Sequence[StageRun], start: int, where: str, last: int) -> bool:
    """Whether what lies at a path of one stage is in the last one, too."""
    waiting = [(start, where)]
    seen = set(waiting)
    while waiting:
        number, place = waiting.pop()
        if number == last:
            return True
        for later, run in enumerate(runs):
            found = [place] if run.base == number else []
            for at, step in enumerate(run.steps):
                if number in step.stages and step.instruction.name == "COPY":
                    found += _copied(step, run, at, place)
            for one in found:
                if (later, one) not in seen:
                    seen.add((later, one))
                    waiting.append((later, one))
    return False


def _copied(step: StepRun, run: StageRun, at: int, place: str) -> list[str]:
    """Where a COPY --from puts what lies at a place, if it takes it."""
    *texts, destination = step.instruction.arguments or ("",)
    found = []
    for text in texts:
        named = _absolute(text)
        if named == ROOT or _is_below(place, named):
            found.append(_landed(named, destination, place, run, at))
    return found


def _absolute(text: str) -> str:
    """A source from the root; two slashes at the start would stay as they are."""
    return posixpath.normpath(ROOT + text.strip().lstrip(ROOT))


def _is_below(place: str, named: str) -> bool:
    """Whether a path is hit by a source, itself or with a folder above it."""
    parts = place.strip(ROOT).split(ROOT)
    wanted = named.strip(ROOT)
    depth = wanted.count(ROOT) + 1
    start = ROOT.join(parts[:depth])
    return match(wanted, start) if has_wildcard(wanted) else start == wanted


def _landed(text: str, destination: str, path: str, run: StageRun, at: int) -> str:
    """Where a source puts a file: what lies below the folder that it names stays so."""
    named = _absolute(text).strip(ROOT)
    parts = path.strip(ROOT).split(ROOT)
    depth = named.count(ROOT) + 1 if named else 0
    rest = ROOT.join(parts[depth:])
    if not rest and (destination.endswith((ROOT, ".")) or has_wildcard(named)):
        rest = parts[-1]
    workdir = next(
        (one.workdir for one in run.steps[at::-1] if one.workdir is not None), ROOT
    )
    folder = posixpath.join(workdir, destination or ".")
    return posixpath.normpath(posixpath.join(folder, rest) if rest else folder)
