"""A folder measured on its own: plain values that go from one process to another.

A worker measures `node_modules` and hands back a `PartialMeasurement`; the fold that
has just counted the folder's own entry joins it, as if it had seen all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

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

    @property
    def masks(self) -> int:
        """All sources that take any of it."""
        return self.top.mask | self.sources.masks

    def renumbered(self, lines: Mapping[int, int]) -> PartialMeasurement:
        """The same with other numbers for the lines of git."""
        found = [one.renumbered(lines) for one in self.clutter.found]
        return self._replace(clutter=self.clutter._replace(found=found))

    def among(self, change: Callable[[int], int]) -> PartialMeasurement:
        """The same for some of those whose sources are told by the masks.

        All of them agree on whether an entry is taken at all, so that the bits of
        others can stay until each has its own: only finds are joined by their masks.
        """
        found = self.clutter.found
        changed = [one.masked(change) for one in found]
        return self._replace(clutter=self.clutter._replace(found=changed))

    def masked(self, change: Callable[[int], int]) -> PartialMeasurement:
        """The same, who takes what told by other masks.

        `change` must keep apart what is taken and what is not, and come to the same for
        masks together as for each of them.
        """
        shown = self.top.shown
        context = self.context.masked(change)
        transfer = context
        if self.transfer is not self.context:
            transfer = self.transfer.masked(change)
        clutter = self.clutter
        found = [one.masked(change) for one in clutter.found]
        return self._replace(
            context=context,
            transfer=transfer,
            top=self.top._replace(
                mask=change(self.top.mask),
                shown=shown.masked(change) if shown is not None else None,
            ),
            largest=self.largest.masked(change),
            sources=self.sources.masked(change),
            clutter=clutter._replace(found=found),
        )
