"""The fold: batches of judged entries in, sizes out.

Two streams run side by side, of the context and of the transfer; they are one and the
same where the request has no filter. A fold may also measure one folder on its own,
and the part that comes of it is joined to the whole later, in order: nothing in it
depends on what came before.
"""

from __future__ import annotations

from collections.abc import Mapping

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.folders import FolderStack
from ctxopt.core.measure.ledger import FoldOptions, Ledger
from ctxopt.core.measure.parts import PartialMeasurement
from ctxopt.core.measure.places import Ending, place_of
from ctxopt.core.measure.result import Measurement
from ctxopt.core.measure.runs import PlainRuns
from ctxopt.core.measure.singles import SingleEntries

__all__ = ["NO_LINES", "Fold", "FoldOptions"]

NO_LINES: Mapping[str, int] = {}


class Fold:
    """Adds up batches, in the builder's order."""

    def __init__(self, options: FoldOptions) -> None:
        ledger = Ledger(options)
        self._begin(ledger, FolderStack(ledger))

    def _begin(self, ledger: Ledger, folders: FolderStack) -> None:
        self.options = ledger.options
        self._ledger = ledger
        self.context = ledger.context  # so far; for whoever shows progress
        self._folders = folders
        singles = SingleEntries(ledger, folders)
        self._runs = PlainRuns(ledger, folders, singles)

    def copy(self) -> Fold:
        """The same fold, to go on with in another way."""
        other: Fold = Fold.__new__(Fold)
        ledger = self._ledger.copy()
        other._begin(ledger, self._folders.copy(ledger))
        return other

    def add(self, batch: Batch, lines: Mapping[str, int] = NO_LINES) -> None:
        """Count the rows of a batch.

        `lines` has the names in it that git ignores, and a number for the line.
        """
        level = self._folders.at(batch.folder)
        if batch.rows:
            self._runs.count(level, batch.rows, lines)
        if batch.last:
            self._folders.leave()

    def join(
        self,
        folder: FolderRef,
        other: PartialMeasurement,
        lines: Mapping[int, int] | None = None,
        *,
        last: bool = True,
    ) -> None:
        """Count a folder that was measured on its own, or consecutive batches of it.

        What comes before them must just have been counted, as the folder's own row
        before its first batch. `lines` has the numbers that stand here for those of
        the part; `last` says that the folder ends with it.
        """
        ledger = self._ledger
        span, sent = self._folders.join(self._folders.at(folder), other)
        ledger.notes.extend(other.notes)
        ledger.sources.join(other.sources)
        ledger.clutter.join(other.clutter, lines or {}, context=span, transfer=sent)
        if last:
            self._folders.leave()

    def part(self) -> PartialMeasurement:
        """What was measured of one folder, or of some batches of it, for `join`."""
        ledger = self._ledger
        top = self._folders.close()
        return PartialMeasurement(
            context=ledger.context,
            transfer=ledger.transfer,
            top=top.subtotal(),
            notes=ledger.notes,
            largest=ledger.largest.trimmed(),
            sources=ledger.sources,
            clutter=ledger.clutter.part(),
        )

    def finish(self) -> Measurement:
        """Settle the fold as the measurement of a whole root."""
        ledger = self._ledger
        top = self._folders.close()
        context = ledger.context.settle(ledger.wire)
        transfer = ledger.transfer.settle(ledger.wire) if ledger.filtered else context
        ending = Ending.of(context, transfer)
        used, taken = ledger.sources.usage(
            ledger.options.sources, ledger.context.linked
        )
        return Measurement(
            context=context,
            transfer=transfer,
            root=place_of(self._folders.candidate(top), ending),
            largest=ledger.largest.places(ending),
            used=used,
            taken=taken,
            notes=ledger.notes,
            clutter=tuple(ledger.clutter.found),
        )
