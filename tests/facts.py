"""What a trace or a measurement says, to be compared with another one's."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.dockerfile import Trace
from ctxopt.core.measure.result import Measurement
from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.model import Source, SourceKind
from ctxopt.pipeline.survey.job import MeasureResult

A_STRETCH = 100  # positions between two totals that are compared


def claims_of_context(trace: Trace) -> list[Source]:
    """The sources by which a build takes from its main context."""
    return [
        one for one in trace.sources if one.kind is SourceKind.CONTEXT and one.claims
    ]


def facts(measured: Measurement) -> tuple[object, ...]:
    """Everything that is measured, in values that can be compared."""
    notes = measured.notes
    return (
        *totals(measured.context),
        *totals(measured.transfer),
        measured.root,
        measured.largest,
        measured.used,
        measured.taken,
        measured.clutter,
        sorted(notes.arrived),
        notes.unreadable,
        notes.unsendable,
        notes.unspeakable,
        notes.withheld,
    )


def totals(total: TransferTotals) -> Iterator[object]:
    """One stream, with what it keeps of single positions."""
    yield from (total.entries, total.directories, total.file_bytes)
    yield from (total.stat_bytes, total.data_bytes)
    running = total.running_packets
    yield [running.at(position) for position in range(len(running) - 1)]
    yield [running[position] for position in range(0, len(running), A_STRETCH)]
    yield running[len(running) - 1]
    yield total.stream.late


def survey_facts(found: MeasureResult) -> tuple[object, ...]:
    """The same of a whole survey."""
    lost = found.lost
    return (
        *facts(found.measurement),
        *(lost.unreadable, lost.vanished, lost.barred, lost.too_long),
        *(str(found.context_error), str(found.cut_off)),
        found.git_lines,
    )
