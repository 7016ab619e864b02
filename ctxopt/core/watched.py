"""What `ctxopt watch` knows at one moment: the record that its screen is drawn from.

Sizes are bytes; paths are relative to the root of the context, as in `model`.
"""

from __future__ import annotations

from typing import NamedTuple

from ctxopt.core.impact import Affected, Invalidation
from ctxopt.core.model import Location, Report

__all__ = ["Affected", "Change", "Invalidation", "Restless", "Watched", "Written"]


class Change(NamedTuple):
    """One entry before and after, and what its change means for the build."""

    path: str
    before_bytes: int | None  # None: it was not there
    after_bytes: int | None  # None: it is gone
    is_folder: bool
    inside: bool  # the ignore file lets it through
    taken: bool  # some source takes it
    decided_by: Location | None  # the line that keeps it out, or brings it back
    decided_text: str
    invalidates: tuple[Invalidation, ...]


class Restless(NamedTuple):
    """An entry that changes again and again although no source names it."""

    path: str
    times: int
    pattern: str | None  # the ignore line that would stop it; None: no line can


class Written(NamedTuple):
    """Lines that were put into the ignore file and can be taken back."""

    patterns: tuple[str, ...]
    path: str
    by_itself: bool  # by --write, without a key


class Watched(NamedTuple):
    """All that is shown: the report as of now, and what happened before."""

    report: Report
    at: float  # seconds since the start
    history: tuple[tuple[float, int], ...]  # seconds, wire bytes of the transfer
    changes: tuple[Change, ...]  # newest first
    restless: tuple[Restless, ...]
    budget: int | None
    paused: bool
    selected: int  # index into Report.suggestions
    reason_shown: bool
    message: str
    written: Written | None
    watches: int  # folders the system watches for us
    polled: int  # folders we look at ourselves
