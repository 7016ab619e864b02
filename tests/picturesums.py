"""What a page makes of a picture, in Python: `sums.js` says the same.

It knows nothing of finds and spans, only the sums that a page carries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import NamedTuple

from ctxopt.core.picture import lines
from ctxopt.core.picture.records import Bulk, Course, OwnEntry, Picture


class Left(NamedTuple):
    """What is left of a stream."""

    bulk: Bulk  # data bytes with ids
    gone: list[bool]  # for each stretch


def remainder(course: Course, hit: Sequence[bool], moved: int = 0) -> Left:
    """What is left of a stream without the sets that are hit."""
    bulk = course.total
    for at, group in course.groups:
        bulk = bulk.without(group) if hit[at] else bulk
    gone = [hit[one.chosen_by] for one in course.stretches]
    for folder in course.late:
        inside = gone[folder.at + 1 : folder.end]
        if gone[folder.at] or (inside and all(inside)):
            gone[folder.at] = True
            bulk = bulk.without(Bulk(1, 1, 0, folder.stat_bytes, 0))
    kept = _kept_packets(course, gone)
    ids = sum(
        width * sum(kept[max(bound - moved, 0) :]) for bound, width in course.steps
    )
    return Left(bulk._replace(data_bytes=bulk.data_bytes + ids), gone)


def _kept_packets(course: Course, gone: Sequence[bool]) -> list[int]:
    aside = iter(course.aside)
    packets = [next(aside) if one == 255 else one for one in course.packets]
    kept = []
    position = 0
    for one, is_gone in zip(course.stretches, gone, strict=True):
        if not is_gone:
            kept += packets[position : position + one.entries]
        position += one.entries
    return kept


def _place(course: Course, gone: Sequence[bool], position: int) -> int:
    ends = accumulate(one.entries for one in course.stretches)
    passed = 0
    for one, is_gone, end in zip(course.stretches, gone, ends, strict=True):
        if is_gone and end <= position:
            passed += one.entries
    return position - passed


def _with_own(
    course: Course, own: OwnEntry | None, hit: Sequence[bool], size: int | None
) -> Bulk:
    if own is None or size is None or hit[own.chosen_by]:
        return remainder(course, hit).bulk
    left = remainder(course, hit, int(own.is_new))
    place = _place(course, left.gone, own.position)
    width = sum(width for bound, width in course.steps if place >= bound)
    after, before = own.weights[size - own.least], own.weight
    return left.bulk.plus(
        Bulk(
            int(own.is_new),
            0,
            size - own.size,
            after[0] - before[0],
            after[1] - before[1] + (after[2] - before[2]) * width,
        )
    )


class Totals(NamedTuple):
    """What a page shows of a choice."""

    transfer: int
    files: int
    again: int
    context: int
    context_files: int


def totals(picture: Picture, chosen: Collection[int]) -> Totals:
    """What a build costs with a choice written."""
    hit = [any(one in chosen for one in some) for some in picture.sets]
    size = None
    if chosen:
        text = lines.assembled(picture.text, chosen)
        size = len(text.encode("utf-8", "surrogateescape"))
    form = picture.form
    context = transfer = _with_own(picture.context, picture.own[0], hit, size)
    if picture.transfer is not None:
        transfer = _with_own(picture.transfer, picture.own[1], hit, size)

    def wire(bulk: Bulk) -> int:
        return (
            form.per_stat * bulk.stat_bytes
            + form.per_data * bulk.data_bytes
            + form.constant
        )

    whole = wire(context), context.entries - context.directories
    if not picture.sends:
        return Totals(0, 0, 0, *whole)
    again = wire(transfer)
    if form.again is not None:
        per_stat, per_data, constant = form.again
        again = per_stat * transfer.stat_bytes + per_data * transfer.data_bytes
        again += constant
    return Totals(
        wire(transfer), transfer.entries - transfer.directories, again, *whole
    )
