"""Several builds as JSON, an object a line: each names the build that it is about.

`builds` has all of them, first and whenever there are others; `ready`, `change` and
`problem` are those of a single build, with its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.watching.several import BuildRow, SeveralEvent, SeveralMoment
from ctxopt.view.report.json import Json
from ctxopt.view.watch.events import JsonLines, as_line


class SeveralJson:
    """Events of several builds as JSON."""

    __slots__ = ()

    def begin(self, event: SeveralEvent, moment: SeveralMoment, now: float) -> str:
        """All builds, and each as `watch` of it alone would begin."""
        return self.tell(event, moment, now)

    def tell(self, event: SeveralEvent, moment: SeveralMoment, now: float) -> str:
        """What happened: other builds, problems, then build by build."""
        lines = [_builds(moment, now)] if event.found else []
        lines += [*_problems(event, now), *_changes(event, now)]
        return "".join(lines)

    def end(self, why: str, now: float) -> str:
        """Watching is over; the last line."""
        return JsonLines().end(why, now)


def _builds(moment: SeveralMoment, now: float) -> str:
    about: Json = {"folder": moment.folder, "builds": [*map(_build, moment.rows)]}
    return as_line("builds", now, about)


def _build(row: BuildRow) -> Json:
    return {
        "name": row.name,
        "dockerfile": row.dockerfile or None,
        "context": row.context,
        "transfer_wire_bytes": row.wire_bytes,
        "budget_bytes": row.budget,
        "failed": row.failed or None,
    }


def _problems(event: SeveralEvent, now: float) -> Iterator[str]:
    for build, problem, stale in event.problems:
        yield JsonLines(build).problem(problem, now, stale=stale)


def _changes(event: SeveralEvent, now: float) -> Iterator[str]:
    for one in event.builds:
        lines = JsonLines(one.build)
        if one.is_new:
            yield lines.ready(one.moment, now)
            continue
        yield lines.change(
            one.changes, one.moment, now, new=one.appeared, gone=one.vanished
        )
