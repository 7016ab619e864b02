"""What leaving finds out of the context saves: the difference of two measurements."""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.builders import Builder, OutsideDockerfile
from ctxopt.core.judging.entry import Entry
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.measure.remainder import Remainder, without
from ctxopt.core.measure.stream import Total, TransferTotals
from ctxopt.core.measure.wire import id_width
from ctxopt.core.model import BuildCost, Tally
from ctxopt.core.timing.models import Load, Profile
from ctxopt.core.tuples import NamedTuple


class IgnoreFileChange(NamedTuple):
    """The ignore file as an entry of the context, before and after it is written.

    `before` None: there was none; `after` None: it is removed. `positions` are its
    places in the context and in the transfer, None where it does not travel.
    """

    before: Entry | None
    after: Entry | None
    positions: tuple[int | None, int | None]

    @property
    def moved(self) -> tuple[int, int]:
        """How much later the others stand for a new one before them."""
        if self.before is not None:
            return 0, 0
        context, transfer = self.positions
        return int(context is not None), int(transfer is not None)


class Savings(NamedTuple):
    """One measured root, to be weighed again without some of it."""

    builder: Builder
    outside: OutsideDockerfile | None
    context: TransferTotals
    transfer: TransferTotals
    profile: Profile
    sends: bool = True  # False: this build takes nothing at all
    repeats_all: bool = False  # it has to send everything each time

    def now(self) -> BuildCost:
        """What is sent as things stand."""
        return self._sent(self.context, self.transfer, self.outside)

    def after(
        self, clutter: Iterable[ClutterMatch], change: IgnoreFileChange | None = None
    ) -> BuildCost:
        """What is sent without some finds, the ignore file having changed."""
        chosen = [*clutter]
        # Whoever writes a file parts it from its other names.
        parted = change is not None and change.before is not None
        places = change.positions if change is not None and parted else (None, None)
        moved = (0, 0) if change is None else change.moved
        spans = (find.context for find in chosen)
        context = without(self.context, spans, places[0], moved=moved[0])
        transfer = context
        if self.transfer is not self.context:
            spans = (find.transfer for find in chosen)
            transfer = without(self.transfer, spans, places[1], moved=moved[1])
        outside = self.outside
        if change is None:
            return self._sent(context, transfer, outside)
        if outside is not None and change.after is not None:
            outside = outside._replace(ignore_file_size=change.after.size)
        changed = [
            _changed(self.builder, total, change, position)
            for total, position in zip(
                (context, transfer), change.positions, strict=True
            )
        ]
        return self._sent(changed[0], changed[1], outside)

    def _sent(
        self, context: Total, transfer: Total, outside: OutsideDockerfile | None
    ) -> BuildCost:
        if not self.sends:
            whole = self.builder.context(context, self.builder.transfer(context, None))
            return BuildCost(whole, Tally(), 0, 0.0, 0.0)
        first = self.builder.transfer(transfer, outside)
        repeat = first.repeat_wire_bytes
        again = first.tally.wire_bytes if repeat is None or self.repeats_all else repeat
        tally = first.tally
        files = 0 if again != tally.wire_bytes else tally.files
        return BuildCost(
            self.builder.context(context, first),
            tally,
            again,
            self.profile.first.seconds(
                Load(tally.entries, tally.files, tally.wire_bytes)
            ),
            self.profile.repeat.seconds(Load(tally.entries, files, again)),
        )


def _changed(
    builder: Builder, total: Remainder, change: IgnoreFileChange, position: int | None
) -> Remainder:
    """A transfer in which the ignore file has another size."""
    if position is None:
        return total
    wire = builder.wire
    place = total.position(position)
    entries = files = stat = data = 0
    for entry, sign in ((change.before, -1), (change.after, 1)):
        weight = wire.weigh(entry, None) if entry is not None else None
        if entry is None or weight is None:
            continue
        entries += sign
        files += sign * entry.size
        stat += sign * weight[0]
        data += sign * (weight[1] + weight[2] * id_width(wire.id_steps, place))
    return total._replace(
        entries=total.entries + entries,
        file_bytes=total.file_bytes + files,
        stat_bytes=total.stat_bytes + stat,
        data_bytes=total.data_bytes + data,
    )
