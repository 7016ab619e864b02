"""Runs of files that git tracks in part, one find for each file.

The walk knows no index of git: `a.log` and `b.log` of one folder are one find. Where
git tracks one and not the other, each is weighed by itself, as the walk did.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from ctxopt.core.builders import Builder
from ctxopt.core.measure.clutter_match import NOTHING, ClutterMatch, Span
from ctxopt.core.measure.stream import Sums, regular_bytes
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.git.tracked import Tracked


def parted(
    clutter: Sequence[ClutterMatch], tracked: Tracked, root: str, builder: Builder
) -> Sequence[ClutterMatch]:
    """The finds, those that git tracks in part replaced by one for each file."""
    found: list[ClutterMatch] = []
    for find in clutter:
        in_part = _is_in_part(find, tracked)
        found += (parts_of(find, root, builder) if in_part else None) or (find,)
    return found


def _is_in_part(find: ClutterMatch, tracked: Tracked) -> bool:
    if len(find.names) < 2 or find.kind != "file" or not tracked.below(find.folder):
        return False
    known = sum(map(tracked.below, find.paths))
    return 0 < known < len(find.names)


def parts_of(
    find: ClutterMatch, root: str, builder: Builder
) -> Sequence[ClutterMatch] | None:
    """A find for each file; None where they do not add up to what was measured."""
    sums = [_weighed(path, root, builder) for path in find.paths]
    known = [one for one in sums if one is not None]
    together = Sums(*map(sum, zip(*known, strict=True))) if known else None
    if len(known) < len(sums) or together != find.context.sums:
        return None
    return [_part(find, at, one) for at, one in enumerate(known)]


def _weighed(path: str, root: str, builder: Builder) -> Sums | None:
    from ctxopt.host.disk.probe import entry_at  # start-up: most have no such run

    entry = entry_at(os.path.join(root, path), path, builder.reads_attribute)
    weight = None if entry is None else builder.wire.weigh(entry, None)
    if entry is None or weight is None:
        return None
    return Sums(0, regular_bytes(entry), weight[0], weight[1])


def _part(find: ClutterMatch, at: int, sums: Sums) -> ClutterMatch:
    first = find.context.start + at
    sent = find.transfer != NOTHING
    start = find.transfer.start + at
    return find._replace(
        path=find.paths[at],
        names=(find.names[at],),
        files=1,
        context=Span(first, first + 1, sums),
        transfer=Span(start, start + 1, sums) if sent else NOTHING,
    )
