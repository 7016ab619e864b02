"""A folder measured on its own: plain values that go from one process to another.

A worker measures `node_modules` and hands back a `PartialMeasurement`; the fold that
has just counted the folder's own entry joins it, as if it had seen all that is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.measure.clutter_match import PartialClutter
    from ctxopt.core.measure.ledger import OddPaths, SourceSums
    from ctxopt.core.measure.places import TopPlaces
    from ctxopt.core.measure.stream import EntryStream


class Subtotal(NamedTuple):
    """The sums of what is below a folder; see `FolderSums`."""

    mask: int  # the sources that take any of it
    files: int
    file_bytes: int
    linked_bytes: int  # the most that entries with other names may weigh
    wire_bytes: int
    unsent_bytes: int  # file bytes
    used_bytes: int
    shown: TopPlaces | None
    reopened: int  # folders below that are ignored and entered


class PartialMeasurement(NamedTuple):
    """What a fold has measured of one folder, without the folder's own entry.

    Or of some consecutive batches of it, and of all folders between them.
    """

    context: EntryStream
    transfer: EntryStream  # the same object where everything is asked for
    top: Subtotal
    notes: OddPaths
    largest: TopPlaces
    sources: SourceSums
    clutter: PartialClutter
