"""What a check is told: which rules count, how much, and when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ctxopt.core.model import Severity

NO_SEVERITIES: Mapping[str, Severity | None] = {}


class Budgets(NamedTuple):
    """The most that context and transfer may be; None: no bound. Sizes in bytes."""

    context_bytes: int | None = None
    context_files: int | None = None
    transfer_bytes: int | None = None
    transfer_files: int | None = None
    clutter_bytes: int = 1_000_000  # of the transfer; beyond it a check warns


class Growth(NamedTuple):
    """From which sizes on a build may grow, and how much."""

    baseline: str  # the path of the file with the sizes as they were
    percent: float = 5.0  # of each size


class CheckSettings(NamedTuple):
    """What the user asked of a check.

    Rules are named by number (`CTX201`), by the start of one (`CTX2`) or by word
    (`source-ignored`). A severity of None turns a rule off.
    """

    select: tuple[str, ...] = ()  # none: all of them
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity | None] = NO_SEVERITIES  # by rule
    per_path: tuple[tuple[str, Severity | None], ...] = ()  # by glob; the last holds
    budgets: Budgets = Budgets()
    growth: Growth | None = None
