"""A picture as JSON: its spots in columns, and the streams that can be added up."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import BuildCost
from ctxopt.core.picture.records import Course, OwnEntry, Spot, SpotKind, SpotState
from ctxopt.core.timing.models import Model
from ctxopt.view.page.packing import packed, weights_by_size
from ctxopt.view.page.shown import safe
from ctxopt.view.report.json import Json, time_json

_KINDS = {SpotKind.FOLDER: "d", SpotKind.FILE: "f", SpotKind.REST: "r"}
STATES = [*SpotState]


def takers_of(spots: Sequence[Spot]) -> dict[tuple[int, ...], None]:
    """All that takes spots, each once, in the order of the table."""
    return dict.fromkeys(one.takers for one in spots)


def spots_json(spots: Sequence[Spot], takers: dict[tuple[int, ...], int]) -> Json:
    """The spots in columns; `takers` has the row of each in its table."""
    states = {state: at for at, state in enumerate(STATES)}
    return {
        "names": [safe(one.name) for one in spots],
        "parents": [one.parent for one in spots],
        "kinds": "".join(_KINDS[one.kind] for one in spots),
        "entries": [one.entries for one in spots],
        "weights": [one.weight for one in spots],
        "states": [states[one.state] for one in spots],
        "takers": [takers[one.takers] for one in spots],
        "sets": [one.chosen_by for one in spots],
    }


def course_json(course: Course) -> Json:
    """A stream that can be added up."""
    return {
        "total": list(course.total),
        "groups": [[at, list(bulk)] for at, bulk in course.groups],
        "lengths": [one.entries for one in course.stretches],
        "sets": [one.chosen_by for one in course.stretches],
        "late": [list(one) for one in course.late],
        "steps": [list(one) for one in course.steps],
        "packets": packed(course),
    }


def own_json(own: OwnEntry | None) -> Json | None:
    """The ignore file as an entry; null where it does not travel."""
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


def cost_json(cost: BuildCost) -> Json:
    """What a build costs."""
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


def model_json(model: Model) -> list[float]:
    """Seconds: fixed, for an entry, for a file and for a byte."""
    return [
        model.fixed_seconds,
        model.per_entry_seconds,
        model.per_file_seconds,
        model.per_byte_seconds,
    ]
