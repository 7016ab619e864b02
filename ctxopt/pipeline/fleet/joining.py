"""What is kept of the repositories of a fleet -> the record that the views read.

One row is in memory at a time; of each a line is left.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator

from ctxopt.core.fleet.records import (
    FleetLine,
    FleetReport,
    FleetSettings,
)
from ctxopt.core.fleet.rows import Row, line_of
from ctxopt.core.fleet.totals import report_of
from ctxopt.errors import CtxoptError
from ctxopt.host.fleet.store import read_row

LINES = "report.jsonl"


def joined(folder: str, names: Iterable[str], settings: FleetSettings) -> FleetReport:
    """The report of the repositories of these names that are kept in a folder."""
    rows = (read_row(folder, name) for name in names)
    return report_of((line_of(row) for row in rows if row is not None), settings)


def found_in(
    folder: str, report: FleetReport
) -> Iterator[tuple[FleetLine, Row | None]]:
    """The lines of a report with what a check found, None where nothing was checked."""
    for line in report.lines:
        row = read_row(folder, line.name)
        yield line, None if row is None else row["sarif"]


def reread(folder: str) -> FleetReport:
    """A report that was made before; raises CtxoptError where there is none."""
    path = os.path.join(folder, LINES)
    try:
        with open(path, "rb") as file:
            names = [json.loads(line)["name"] for line in file]
    except (OSError, ValueError, KeyError, TypeError):
        raise CtxoptError(
            f'there is no report of a fleet in "{folder}"',
            hint="name the folder that ctxopt fleet wrote with -o",
        ) from None
    return joined(folder, names, FleetSettings())
