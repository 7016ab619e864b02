"""How often each rule found something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.checking.records import CheckReport
from ctxopt.view.report.problems import SEVERITY
from ctxopt.view.terminal.layout import QUIET, Line, Page, left, shorten_end
from ctxopt.view.terminal.output import page_of, write_lines


def show(report: CheckReport, out: TextIO) -> None:
    """Write a line for each rule that found something, the most frequent first."""
    write_lines(render(report, page_of(out)), out)


def render(report: CheckReport, page: Page) -> Iterator[Line]:
    """Count, number, word and title of each rule that found something."""
    counts = Counter((one.rule, one.severity) for one in report.diagnostics)
    width = max((len(rule.code) for rule, _ in counts), default=0)
    for (rule, severity), number in counts.most_common():
        head = f"{number:>6,}  {rule.number}  "
        room = max(page.width - len(head) - 9 - width - 2, 0)
        title = shorten_end(page.safe(rule.finding.title), room, page)
        yield (
            (head, ""),
            (left(severity, 9), SEVERITY[severity]),
            (f"{left(rule.code, width)}  ", ""),
            (title, QUIET),
        )
