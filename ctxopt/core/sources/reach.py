"""How far a file goes that a source takes: into the image, or into a stage on the way.

Only what COPY --from names is followed; what a RUN moves or deletes is not known, so
"thrown away" is said of a stage from which no later one takes the place of the file.
"""

from __future__ import annotations

import posixpath

from ctxopt.core.dockerfile.records import StageRun, Trace
from ctxopt.core.golang.filepath_match import has_wildcard, match
from ctxopt.core.model import Reach, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.errors import IgnoreFileError

ROOT = "/"
PIVOT = "/./"


def reach_of(trace: Trace, source: Source, path: str) -> Reach:
    """How far `source` takes the file at `path` of the context."""
    if source.mount:
        return Reach.MOUNT
    last = _last(trace)
    for number, run in enumerate(trace.runs):
        for at, step in enumerate(run.steps):
            if not any(trace.sources[index] == source for index in step.sources):
                continue
            if _arrives(trace, number, _landed(source, path, run, at), last):
                return Reach.IMAGE
    return Reach.STAGE


def _last(trace: Trace) -> int:
    """The index of the stage that is built."""
    for number in reversed(range(len(trace.runs))):
        if trace.runs[number].label == trace.stage:
            return number
    return len(trace.runs) - 1


def _arrives(trace: Trace, start: int, where: str, last: int) -> bool:
    """Whether what lies at a path of one stage is in the last one, too."""
    waiting = [(start, where)]
    seen = set(waiting)
    while waiting:
        number, place = waiting.pop()
        if number == last:
            return True
        for later, run in enumerate(trace.runs):
            found = [place] if run.base == number else []
            found += _copied(trace, number, place, run)
            for one in found:
                if (later, one) not in seen:
                    seen.add((later, one))
                    waiting.append((later, one))
    return False


def _copied(trace: Trace, number: int, place: str, run: StageRun) -> list[str]:
    """Where a stage puts what lies at a place of an earlier one, if it copies it."""
    found: list[str] = []
    for at, step in enumerate(run.steps):
        if number not in step.stages or step.instruction.name != "COPY":
            continue
        sources = (trace.sources[index] for index in step.sources)
        found += [
            _landed(one, place, run, at)
            for one in sources
            if one.kind is SourceKind.STAGE and _takes(one, place)
        ]
    return found


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


def _landed(source: Source, path: str, run: StageRun, at: int) -> str:
    """Where a source puts a file: what lies below the folder that it names stays so."""
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
    if not rest and as_folder:
        rest = parts[-1]
    return posixpath.join(folder, rest) if rest else folder
