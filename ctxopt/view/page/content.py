"""What a page shows, as the JSON that its script reads: as much as there is room for.

Of many builds each is told in less detail, until all fit; where even that is too much,
those that send most have a picture, and the others a row of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.view.page.build import Detail, Drawn, build_json
from ctxopt.view.page.sealed import encoded
from ctxopt.view.page.sharing import Shelf
from ctxopt.view.page.shown import safe
from ctxopt.view.report.json import Json

ROOM = 900_000  # letters, beside style and script
MOST_ROWS = 150_000  # letters of them for rows of builds without a picture, and errors
DETAILS = (
    Detail(spots=4000, rows=400),
    Detail(spots=1200, rows=400),
    Detail(spots=400, rows=100),
    Detail(spots=400, rows=100, keeps_order=False),
    Detail(spots=120, rows=20, keeps_order=False),
)

Failed = tuple[str, CtxoptError]  # the name of a build, and why it was not measured


class _Row(NamedTuple):
    """A build without a picture: what it sends, again, and after `write --yes`."""

    name: str
    sent: int
    again: int
    after: int


def content_of(
    drawn: Sequence[Drawn], failed: Sequence[Failed] = (), *, room: int = ROOM
) -> Json:
    """All builds of a page, at least one; what several have in common is there once.

    It has no more than so many letters, unless a single build has more to say.
    """
    errors = [(safe(name), safe(error.message)) for name, error in failed]
    told = errors[: _fitting(errors)]
    rows = [_row_of(one) for one in drawn]
    left = room - len(encoded(told))
    for detail in DETAILS:
        least = int(detail is DETAILS[-1])
        builds, parts = _filled(drawn, rows, detail, room=left, least=least)
        if len(builds) == len(drawn):
            break
    others = rows[len(builds) :]
    shown = _fitting(others)
    return {
        "builds": builds,
        "parts": parts,
        "others": others[:shown],
        "rest": [len(others) - shown, *_totals(others[shown:])],
        "failed": told,
        "moreFailed": len(errors) - len(told),
    }


def _filled(
    drawn: Sequence[Drawn],
    rows: Sequence[_Row],
    detail: Detail,
    *,
    room: int,
    least: int,
) -> tuple[list[Json], list[object]]:
    """Builds in some detail from the first on, as many as fit, and their parts."""
    sizes = [len(encoded(row)) + 1 for row in rows]
    behind = sum(sizes)
    shelf = Shelf()
    builds: list[Json] = []
    used = parts = 0
    for one, size in zip(drawn, sizes, strict=True):
        made = build_json(one, detail)
        if len(drawn) > 1:
            made = shelf.shared(made)
        used += len(encoded(made)) + 1
        behind -= size
        if used + shelf.size + min(behind, MOST_ROWS) > room and len(builds) >= least:
            break
        builds.append(made)
        parts = len(shelf.parts)
    return builds, shelf.parts[:parts]


def _row_of(one: Drawn) -> _Row:
    report, picture = one.report, one.picture
    sent, again = picture.now.transfer.wire_bytes, picture.now.repeat_wire_bytes
    after = report.projection.after if report.projection else picture.now
    return _Row(safe(one.name), sent, again, after.transfer.wire_bytes)


def _totals(rows: Sequence[_Row]) -> tuple[int, int, int]:
    return (
        sum(row.sent for row in rows),
        sum(row.again for row in rows),
        sum(row.after for row in rows),
    )


def _fitting(rows: Sequence[object]) -> int:
    """How many rows, from the first on, there is room for."""
    ends = accumulate(len(encoded(row)) + 1 for row in rows)
    return sum(1 for end in ends if end <= MOST_ROWS)
