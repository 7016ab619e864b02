"""How to mend a source that is not found: a line for it, or the name that is there.

Both only where there is one way: a line that brings the source back and takes it
nowhere else; a name that differs by its case, a separator or a letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.checking.records import Fix
from ctxopt.core.findings import codes
from ctxopt.core.findings.copied import column_of
from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.ignorefile.unmatched import SLIPS, are_apart
from ctxopt.core.model import Problem, Source, SourceState, SourceUse
from ctxopt.core.patterns.pattern import is_plain
from ctxopt.core.sources.nearby import nearest_paths
from ctxopt.core.sources.wanted import CopySource, ResolvedSource
from ctxopt.errors import IgnoreFileError
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.check.checked import CheckedBuild
from ctxopt.pipeline.repairing import sweeping

_STDIN = "-"


def fix_of(problem: Problem, checked: CheckedBuild) -> Fix | None:
    """The fix of what is wrong with a source; None where it takes a person."""
    if problem.code == codes.SOURCE_IGNORED.code:
        return _line_for_it(problem, checked)
    if problem.code == codes.SOURCE_MISSING.code:
        return _name_that_is_there(problem, checked)
    return None


def _uses(
    problem: Problem, checked: CheckedBuild, state: SourceState
) -> Iterator[tuple[SourceUse, CopySource]]:
    """The sources of the context that a problem may be about."""
    traced = checked.measured.job.targets.traced
    for use, trace in zip(checked.report.sources, traced, strict=False):
        place = use.source.location
        is_there = (place.file, place.line) == (problem.file, problem.line)
        if use.state is state and is_there:
            yield use, trace.wanted


# --- kept out -------------------------------------------------------------------------


def _line_for_it(problem: Problem, checked: CheckedBuild) -> Fix | None:
    file = checked.build.main.ignore_file
    hint = problem.hint or ""
    traced = checked.measured.job.targets.traced
    for use, want in _uses(problem, checked, SourceState.IGNORED):
        is_meant = use.repair and all(f'"{line}"' in hint for line in use.repair)
        if not is_meant or file is None or use.repair_behind is None:
            continue
        paths = tuple(_start_of(line) for line in use.repair)
        if all(paths) and not any(
            _is_taken_too(traced, want, path=path) for path in paths
        ):
            first = _behind(file, use.repair_behind.end_line) + 1
            title = f"add {' and '.join(use.repair)}"
            return Fix(file.path, first, first - 1, use.repair, title, (), tuple(paths))
    return None


def _is_taken_too(
    traced: Sequence[ResolvedSource], want: CopySource, *, path: str
) -> bool:
    """Whether a path goes to where it is not copied yet as soon as it is back.

    `COPY . /app` beside `COPY run.sh /` takes nothing into the stage that is not there.
    """
    source = want.source
    others = [one for one in traced if one.wanted.source.stage != source.stage]
    if source.mount:
        others = [*traced]
    unclear = any(one.wanted.below is not None for one in others)
    return unclear or sweeping(others, want, path) is not None


def _start_of(line: str) -> str:
    """The path that a line brings back, up to its first wildcard."""
    names = line.removeprefix("!").split("/")
    plain = next((at for at, one in enumerate(names) if not is_plain(one)), len(names))
    return "/".join(names[:plain])


def _behind(file: IgnoreFile, line: int) -> int:
    """The line behind which a new one goes: never one of ctxopt's own block."""
    try:
        span = block.block_span(file)
    except IgnoreFileError:
        return line
    return span[1] + 1 if span and span[0] < line <= span[1] + 1 else line


# --- under another name -------------------------------------------------------------


def _name_that_is_there(problem: Problem, checked: CheckedBuild) -> Fix | None:
    if checked.build.dockerfile.path == _STDIN:
        return None
    for use, want in _uses(problem, checked, SourceState.MISSING):
        column = column_of(use.source)
        near = _near(want, checked)
        if column is None or column != problem.column or not near:
            continue
        return _respelled(use.source, near, column=column, checked=checked)
    return None


def _near(want: CopySource, checked: CheckedBuild) -> str:
    """The one path in the context that a source may mean; "" for none or several."""
    if want.glob is not None or want.below is not None or want.outside:
        return ""
    main = checked.build.main
    found = [*nearest_paths(DiskTree(main.path), want.path, main.keeps_out)]
    if len({one.name for one in found}) != 1 or found[0].difference not in SLIPS:
        return ""
    name = found[0].name
    pairs = zip(want.path.split("/"), name.split("/"), strict=False)
    is_slip = not any(one != other and are_apart(one, other) for one, other in pairs)
    return name if is_slip else ""


def _respelled(
    source: Source, near: str, *, column: int, checked: CheckedBuild
) -> Fix | None:
    """The line of the Dockerfile with another name in it."""
    place = source.location
    text = next(one for one in checked.texts if one.shown == place.file)
    line, start = text.line(place.line) or "", column - 1
    asked = source.text.removeprefix("./").strip("/")
    is_as_written = line[start : start + len(source.text)] == source.text
    if not is_as_written or source.text != source.expanded or " " in near:
        return None
    if len(asked.split("/")) != len(near.split("/")):
        return None
    word = source.text.replace(asked, near)
    new = line[:start] + word + line[start + len(source.text) :]
    title = f"write {near}"
    return Fix(checked.build.dockerfile.path, place.line, place.line, (new,), title)
