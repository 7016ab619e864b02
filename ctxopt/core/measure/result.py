"""A whole root measured."""

from __future__ import annotations

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.measure.ledger import OddPaths
from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.model import Place, Usage
from ctxopt.core.tuples import NamedTuple


class Measurement(NamedTuple):
    """A whole root measured."""

    context: TransferTotals
    transfer: TransferTotals
    root: Place
    largest: tuple[Place, ...]  # without the root
    used: Usage
    taken: tuple[Usage, ...]  # by each source; its `files` are all entries
    notes: OddPaths
    clutter: tuple[ClutterMatch, ...] = ()
