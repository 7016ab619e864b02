"""A change in words: by how much, whether it is sent, and what runs again."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import Report
from ctxopt.core.watching.moment import Change, Invalidation, What, Written
from ctxopt.view.terminal import formatting

_WORDS = {
    What.NEW: "new",
    What.GONE: "gone",
    What.SIZE: "same size",
    What.CONTENT: "same size",
    What.TIME: "same size",
    What.NOTHING: "touched",
    What.INSIDE: "changed",
    What.UNKNOWN: "changed",
}


def has_stages(report: Report) -> bool:
    """Whether several stages read the context, so that a line alone says too little."""
    return len({use.source.stage for use in report.sources}) > 1


def name(change: Change) -> str:
    """The path, a folder with a trailing slash."""
    return f"{change.path}/" if change.is_folder else change.path


def difference(change: Change) -> str:
    """Bytes more or less: `+1.20 kB`; a word where the bytes do not tell it."""
    grown = (change.after_bytes or 0) - (change.before_bytes or 0)
    if grown and change.what is not What.UNKNOWN:
        return f"{'+' if grown > 0 else '-'}{formatting.size(abs(grown))}"
    if change.what is What.MODE:
        return f"mode {change.mode:o}"
    return _WORDS[change.what]


def is_sent(change: Change, *, whole: bool) -> bool:
    """Whether the build sends it, or did while it was there.

    `whole`: this builder sends the whole context, whoever takes it.
    """
    return change.inside and (change.taken or whole)


def fate(
    change: Change, *, whole: bool, placed: bool = True, encoding: str = "utf-8"
) -> str:
    """In or out, and, if `placed`, by which line: `kept out by .dockerignore:3 (logs)`.

    No line is named for what stays in the context without being sent: none keeps it.
    """
    line = _decided(change, encoding) if placed else ""
    gone = change.what is What.GONE
    if not change.inside:
        return f"kept out{line}"
    if not is_sent(change, whole=whole):
        return "was not sent" if gone else "in the context, not sent"
    if gone:
        return "no longer sent"
    if change.what is What.NOTHING and change.taken:
        return f"sent{line}, nothing runs again"
    return f"sent{line}"


def joint(change: Change, *, short: bool = False) -> str:
    """What stands between its fate and what runs again.

    Whether a file that is as long as before has another content is not known the
    first time, and if not, nothing runs again.
    """
    if change.what is not What.TIME:
        return ", "
    return "; maybe " if short else "; unless only touched, "


def _decided(change: Change, encoding: str) -> str:
    place = change.decided_by
    if place is None:
        return ""
    said = f" by {formatting.printable(f'{place.file}:{place.line}', encoding)}"
    if change.decided_text:
        said += f" ({formatting.printable(change.decided_text, encoding)})"
    return said


def instruction(one: Invalidation, encoding: str = "utf-8") -> str:
    """The instruction as written, on one line: `COPY . .`."""
    source = one.source
    text = source.line_text or f"{source.instruction} {source.text}"
    return formatting.printable(formatting.one_line(text), encoding)


def place(one: Invalidation, *, staged: bool, encoding: str = "utf-8") -> str:
    """Where it stands: `Dockerfile:7`; `staged`: and in which stage."""
    location = one.source.location
    where = f"{location.file.rsplit('/', 1)[-1]}:{location.line}"
    if staged or not one.stage.isdecimal():
        where += f", stage {one.stage}"
    return formatting.printable(where, encoding)


def rerun(one: Invalidation, encoding: str = "utf-8") -> str:
    """What happens to the instruction and those behind it: `runs again`."""
    said = "runs again"
    if one.following:
        said = f"and {formatting.count(one.following, 'instruction')} run again"
    others = [f"{other.instructions:,} in {other.stage}" for other in one.stages]
    if others:
        said += f", also {formatting.printable(', '.join(others), encoding)}"
    return said


def following(one: Invalidation) -> int:
    """How many instructions run again because of it, in all stages."""
    return one.following + sum(other.instructions for other in one.stages)


def impact(
    invalidates: Sequence[Invalidation], *, staged: bool, encoding: str = "utf-8"
) -> str:
    """All that runs again: `COPY . . (Dockerfile:7) and 3 instructions run again`."""
    return "; ".join(
        f"{instruction(one, encoding)} ({place(one, staged=staged, encoding=encoding)})"
        f" {rerun(one, encoding)}"
        for one in invalidates
    )


def written(what: Written, encoding: str = "utf-8") -> str:
    """Which lines stand in the ignore file now, and how they came there."""
    path = formatting.printable(what.path.rsplit("/", 1)[-1], encoding)
    lines = formatting.printable("  ".join(what.patterns), encoding)
    by = " by --write" if what.by_itself else ""
    return f"written to {path}{by}: {lines}"
