"""What a page shows, as the JSON that its script reads.

Names are made safe to show here; what is copied, the lines of the ignore file, stays
as it is. Long lists are columns: a page of 230,000 entries has room for few words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.ignorefile.block import END
from ctxopt.core.model import (
    BuildCost,
    Confidence,
    Problem,
    Report,
    SecretFile,
    SourceState,
    SourceUse,
    Suggestion,
)
from ctxopt.core.picture.records import (
    Course,
    IgnoreText,
    OwnEntry,
    Picture,
    Spot,
    SpotKind,
    SpotState,
)
from ctxopt.core.timing.models import Model
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.view.page.packing import packed, weights_by_size
from ctxopt.view.report import header, outcome, problems, secrets
from ctxopt.view.report.json import Json, time_json
from ctxopt.view.report.sources import source_text
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import Page

# Where words are made for a terminal, a page is one without an edge.
_WIDE = Page(width=10_000)
_KINDS = {SpotKind.FOLDER: "d", SpotKind.FILE: "f", SpotKind.REST: "r"}
_STATES = [*SpotState]
_LONGEST = 400  # characters of a word that is shown
_LINES = 400  # of the ignore file as it is


class Drawn(NamedTuple):
    """A build to be shown: its name among several, report and picture.

    `options` name it in a command that is offered; None: all of them.
    """

    name: str
    report: Report
    picture: Picture
    options: Sequence[str] | None = None


Failed = tuple[str, CtxoptError]  # the name of a build, and why it was not measured


def content_of(drawn: Sequence[Drawn], failed: Sequence[Failed] = ()) -> Json:
    """All builds of a page; what several have in common is there once."""
    packets: list[Json] = []
    return {
        "builds": [_build(one, packets) for one in drawn],
        "packets": packets,
        "failed": [
            {"name": _safe(name), "message": _safe(error.message)}
            for name, error in failed
        ],
    }


def title_of(one: Drawn) -> str:
    """What a page is called."""
    verb = "reads" if formatting.reads_in_place(one.report) else "sends"
    return f"{_safe(one.name) or _root(one.report)}: what a build {verb}"


def _safe(text: str) -> str:
    shown = formatting.printable(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _build(one: Drawn, packets: list[Json]) -> Json:
    report, picture = one.report, one.picture
    numbers = {takers: at for at, takers in enumerate(_takers(picture.spots))}
    command = outcome.build_options(report) if one.options is None else one.options
    return {
        "name": _safe(one.name),
        "title": title_of(one),
        "which": _which(report),
        "root": _root(report),
        "spots": _spots(picture.spots, numbers),
        "states": _STATES,
        "takers": [list(takers) for takers in numbers],
        "sets": [list(some) for some in picture.sets],
        "suggestions": [*_suggestions(picture)],
        "unasked": list(picture.unasked),
        "none": outcome.ALL_HELD if report.held_back else outcome.NONE,
        "now": _cost(picture.now),
        "known": [[list(choice), _cost(cost)] for choice, cost in picture.known],
        "context": _course(picture.context, packets),
        "transfer": picture.transfer and _course(picture.transfer, packets),
        "own": [_own(own) for own in picture.own],
        "form": {
            "stat": picture.form.per_stat,
            "data": picture.form.per_data,
            "constant": picture.form.constant,
            "again": picture.form.again,
        },
        "sends": picture.sends,
        "isKnown": report.context is not None,
        "isWhole": report.transfer.is_whole,
        "inPlace": formatting.reads_in_place(report),
        "text": _text(picture.text),
        "first": _model(picture.first),
        "repeat": _model(picture.repeat),
        "profile": report.projection.profile if report.projection else "",
        "about": list(picture.about),
        "command": _safe(outcome.command(report, command)),
        "excluded": _excluded(report),
        "sources": [_source(use) for use in report.sources],
        "secrets": [_secret(found) for found in report.secrets],
        "problems": [
            _problem(found)
            for found in problems.worth_telling(report)
            if not found.code.startswith(secrets.CODES)
        ],
        "held": [
            {"path": _safe(held.path), "why": _safe(held.why)}
            for held in report.held_back
        ],
        "named": [
            {
                "name": _safe(named.name),
                "path": _safe(named.path),
                "sent": named.transfer.tally.wire_bytes,
                "files": named.transfer.tally.files,
            }
            for named in report.named
        ],
        "summed": _summed(report, picture),
    }


def _which(report: Report) -> str:
    """Which build it is, in words."""
    builder = formatting.BUILDERS[report.request.builder]
    ignore = header.ignore_file_words(
        report.ignore_file,
        report.context_path,
        _WIDE,
        in_place=formatting.reads_in_place(report),
    )
    dockerfile = _safe(header.dockerfile_name(report))
    stage = header.stage_name(report, _WIDE)
    return f"{dockerfile} · {builder}, {stage} · {ignore}"


def _root(report: Report) -> str:
    return _safe(report.context_path.rstrip("/").rpartition("/")[2] or "/")


def _summed(report: Report, picture: Picture) -> str:
    """What of the context has no place of its own, and what was not looked at."""
    drawn = sum(one.kind is SpotKind.FILE for one in picture.spots)
    total = report.context.files if report.context is not None else 0
    said = []
    if drawn < total:
        said.append(
            f"{drawn:,} of {formatting.count(total, 'file')} have a place of their own;"
            " smaller ones are summed up in their folder."
        )
    if report.ignore_file is not None:
        kept = "What the ignore file keeps out already is not walked, so it is not here"
        if report.excluded is not None:
            kept += " but as a sum above"
        else:
            kept += "; --excluded counts it"
        said.append(f"{kept}.")
    return " ".join(said)


# --- the picture -----------------------------------------------------------------


def _takers(spots: Sequence[Spot]) -> dict[tuple[int, ...], None]:
    return dict.fromkeys(one.takers for one in spots)


def _spots(spots: Sequence[Spot], takers: dict[tuple[int, ...], int]) -> Json:
    states = {state: at for at, state in enumerate(_STATES)}
    return {
        "names": [_safe(one.name) for one in spots],
        "parents": [one.parent for one in spots],
        "kinds": "".join(_KINDS[one.kind] for one in spots),
        "entries": [one.entries for one in spots],
        "weights": [one.weight for one in spots],
        "states": [states[one.state] for one in spots],
        "takers": [takers[one.takers] for one in spots],
        "sets": [one.chosen_by for one in spots],
    }


def _course(course: Course, packets: list[Json]) -> Json:
    mine = packed(course)
    if mine not in packets:
        packets.append(mine)
    return {
        "total": list(course.total),
        "groups": [[at, list(bulk)] for at, bulk in course.groups],
        "lengths": [one.entries for one in course.stretches],
        "sets": [one.chosen_by for one in course.stretches],
        "late": [list(one) for one in course.late],
        "steps": [list(one) for one in course.steps],
        "packets": packets.index(mine),
    }


def _own(own: OwnEntry | None) -> Json | None:
    if own is None:
        return None
    return {
        "position": own.position,
        "set": own.chosen_by,
        "isNew": own.is_new,
        "size": own.size,
        "weights": weights_by_size(own),
        "weight": list(own.weight),
    }


def _cost(cost: BuildCost) -> Json:
    return {
        "transfer": cost.transfer.wire_bytes,
        "again": cost.repeat_wire_bytes,
        "context": cost.context.wire_bytes,
        "files": cost.transfer.files,
        "fileBytes": cost.transfer.file_bytes,
        "contextFiles": cost.context.files,
        "first": time_json(cost.first_build_seconds),
        "repeat": time_json(cost.repeat_build_seconds),
    }


def _model(model: Model) -> list[float]:
    return [
        model.fixed_seconds,
        model.per_entry_seconds,
        model.per_file_seconds,
        model.per_byte_seconds,
    ]


# --- what to ignore --------------------------------------------------------------


def _suggestions(picture: Picture) -> Iterator[Json]:
    for one in picture.suggestions:
        yield {
            "id": one.id,
            "label": _safe(one.label),
            "reason": _safe(one.reason),
            "risk": _safe(one.risk),
            "question": _safe(one.question) if _asks(one) else "",
            "notes": [_safe(note) for note in one.notes],
            "confidence": one.confidence,
            "patterns": [_safe(pattern) for pattern in one.patterns],
            "paths": [_safe(path) for path in one.paths],
            "count": one.path_count,
            "sent": one.sent,
        }


def _asks(one: Suggestion) -> bool:
    return one.confidence is Confidence.ASK


def _text(text: IgnoreText) -> Json:
    lines = text.now.splitlines()
    shown = [_safe(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"({len(lines) - _LINES:,} more lines)")
    return {
        "shown": _safe(text.shown),
        "exists": text.exists,
        "now": text.now,
        "nowShown": shown,
        "before": text.before,
        "after": text.after,
        "newline": text.newline,
        "end": END.decode(),
        "exact": text.is_exact,
        "pieces": [
            {
                "by": piece.suggestion,
                "topic": piece.topic,
                "header": piece.header,
                "patterns": list(piece.patterns),
                "covered": [list(some) for some in piece.covered_by],
            }
            for piece in text.pieces
        ],
    }


# --- what else is known ----------------------------------------------------------


def _excluded(report: Report) -> tuple[int, int] | None:
    found = report.excluded
    return None if found is None else (found.files, found.file_bytes)


def _source(use: SourceUse) -> Json:
    source = use.source
    state = use.state
    return {
        "line": source.location.line,
        "text": _safe(source_text(use, _WIDE)),
        "stage": "" if source.stage.isdecimal() else _safe(source.stage),
        "entries": use.entries,
        "bytes": use.file_bytes,
        "state": "found" if state is SourceState.FOUND else formatting.STATES[state],
    }


def _secret(one: SecretFile) -> Json:
    return {
        "path": _safe(one.path),
        "what": _safe(one.what),
        "severity": one.severity,
        "reach": secrets.way(one, _LONGEST, _WIDE),
    }


def _problem(problem: Problem) -> Json:
    place = problem.file or ""
    if place and problem.line is not None:
        place += f":{problem.line}"
    return {
        "severity": problem.severity,
        "place": _safe(place),
        "message": _safe(problem.message),
        "hint": _safe(formatting.advice(problem) or ""),
    }
