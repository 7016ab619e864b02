"""The words for a line that brings a source back, and for what else it would do."""

from __future__ import annotations

from ctxopt.core.builders import Builder, find_builder
from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.sources.wanted import CopySource


def repair_words(
    repair: Repair, path: str, *, builder: Builder, sweeping: CopySource | None
) -> str:
    """What to add to the ignore file, and where.

    `sweeping` is another source that takes the path once it is back.
    """
    place = repair.behind.location
    lines = " and ".join(f'"{line}"' for line in repair.lines)
    noun = "line" if len(repair.lines) == 1 else "lines"
    where = f" below line {place.line} of {place.file}" if place else ""
    return (
        f"add the {noun} {lines}{where}, or drop it from the instruction"
        f"{_only_for(repair)}{_taken_too(path, builder, sweeping)}"
    )


def _only_for(repair: Repair) -> str:
    missed = [find_builder(name).label for name in sorted(repair.missed)]
    return f" ({missed[0]}: still not found)" if missed else ""


def _taken_too(path: str, builder: Builder, sweeping: CopySource | None) -> str:
    if sweeping is None:
        return ""
    source = sweeping.source
    text = f"{source.instruction} {source.text}"
    if source.alone:
        text = source.line_text.strip()
    taken = f"; {text} (line {source.location.line}) takes it then, too"
    inside = f"{sweeping.path}/" if sweeping.path else ""
    left_out = escaped(path.removeprefix(inside))
    can_leave_out = builder.knows_exclude and sweeping.glob is None
    if not can_leave_out or path == sweeping.path or left_out is None:
        return taken
    return f"{taken}, unless it says --exclude={left_out}"
