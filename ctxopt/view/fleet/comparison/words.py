"""What became of a fleet, in words that all forms have in common."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.fleet.comparing import FleetComparison
from ctxopt.core.fleet.records import FleetLine
from ctxopt.view.fleet.words import repositories, size, some
from ctxopt.view.terminal import formatting


def both(found: FleetComparison) -> str:
    """How many repositories there were and are."""
    before, now = found.before.repositories, found.after.repositories
    said = f"{repositories(before)} before, {now:,} now"
    if found.new or found.gone:
        said += f": {len(found.new):,} new, {len(found.gone):,} gone"
    return said


def changes(found: FleetComparison, arrow: str) -> Iterator[tuple[str, str]]:
    """What became of all that can be compared: a label, and what is said of it."""
    if found.compared:
        count = repositories(found.compared)
        sizes = (found.before_wire_bytes, found.wire_bytes)
        again = (found.before_repeat_wire_bytes, found.repeat_wire_bytes)
        less = some(len(found.better), "sends less", "send less")
        more = some(len(found.worse), "sends more", "send more")
        yield "Sends", f"{_became(*sizes, arrow)}, of {count} known both times"
        yield "Again", _became(*again, arrow)
        yield "Of them", f"{less}, {more}"
    else:
        yield "Sends", "no repository is known both times"
    came, went, seen = found.secrets_came, found.secrets_went, found.secrets_seen
    said = f"{len(came):,} came, {len(went):,} went"
    if seen:
        said += f", {len(seen):,} where nothing was known before"
    yield "Secrets", said
    now, before, still = found.failed_now, found.failed_before, found.failed_still
    if now or before or still:
        said = f"{len(now):,} now, {len(before):,} before, {still:,} both times"
        yield "Failed", said
    if found.uneven:
        many = repositories(len(found.uneven))
        yield "Unknown", f"{many} with builds that were measured one time alone"


def _became(before: int, now: int, arrow: str) -> str:
    said = f"{formatting.size(before)} {arrow} {formatting.size(now)}"
    if before == now:
        return f"{said}, unchanged" if before else said
    return f"{said}, {formatting.change(before, now)}"


def signed(count: int) -> str:
    """A change of a size, with its sign."""
    return f"+{size(count)}" if count > 0 else size(count)


def sends_or_none(line: FleetLine) -> str:
    """What a repository sends; nothing where nobody knows."""
    return "" if line.has_failed else formatting.size(line.wire_bytes)


def reason(line: FleetLine) -> str:
    """Why a repository failed, or nothing."""
    return "" if line.failure is None else line.failure.message
