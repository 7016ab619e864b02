"""What all builds save together by what `write --all --yes` writes."""

from __future__ import annotations

from collections.abc import Mapping

from ctxopt.core.builds.records import RepositoryReport
from ctxopt.core.model import Projection
from ctxopt.core.tuples import NamedTuple


class Savings(NamedTuple):
    """What becomes less, over all builds; below nothing where it becomes more."""

    wire_bytes: int  # of all first builds
    repeat_wire_bytes: int  # of all repeats
    seconds: float  # estimates
    repeat_seconds: float
    profile: str  # that the seconds are estimated with


def projections(report: RepositoryReport) -> Mapping[str, Projection]:
    """What each build costs now, and with the lines written, by its name."""
    return dict(pair for advice in report.ignore_files for pair in advice.after)


def waste(projection: Projection) -> int:
    """What a first build sends, and would not with the lines written."""
    now, after = projection.now, projection.after
    return max(now.transfer_wire_bytes - after.transfer_wire_bytes, 0)


def kept_out(report: RepositoryReport) -> int:
    """What the lines keep out of the contexts, sent or not; each ignore file once."""
    return sum(
        max((_context_saved(one) for _, one in advice.after), default=0)
        for advice in report.ignore_files
    )


def _context_saved(projection: Projection) -> int:
    now, after = projection.now, projection.after
    return max(now.context_wire_bytes - after.context_wire_bytes, 0)


def savings(report: RepositoryReport) -> Savings | None:
    """The sums over all builds; None where nobody asked what to write."""
    pairs = [(one.now, one.after) for one in projections(report).values()]
    if not pairs:
        return None
    return Savings(
        sum(now.transfer_wire_bytes - then.transfer_wire_bytes for now, then in pairs),
        sum(now.repeat_wire_bytes - then.repeat_wire_bytes for now, then in pairs),
        sum(now.first_build_seconds - then.first_build_seconds for now, then in pairs),
        sum(
            now.repeat_build_seconds - then.repeat_build_seconds for now, then in pairs
        ),
        next(iter(projections(report).values())).profile,
    )
