r"""The lines of a log as docker printed them, whatever it went through since.

For example, `2026-11-27T23:25:03.3163848Z ##[error]#4 ERROR: "/x": not found` of a CI
service is `#4 ERROR: "/x": not found`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ctxopt.core.tuples import NamedTuple

# Left to be compiled by those who read a log: it takes milliseconds.
# Colours and movements of the cursor (CSI), titles (OSC), and marks of Buildkite (APC).
_ESCAPES: Final = (
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[\]_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]"
)

_DATE: Final = r"(?:\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} +\d+ )"
_TIME: Final = r"\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"

# What stands before a line, each at most once and in this order.
_FRONTS: Final = (
    # `gh run view --log`: the job and the step, with tabs.
    r"(?:[^\t]*\t[^\t]*\t)?(?:\ufeff)?",
    # The time of GitHub Actions, Azure, Jenkins; GitLab's has the stream behind it.
    # Milliseconds are those of dev containers.
    r"(?:\[\d+ ms\] )?",
    rf"(?:\[?(?:{_DATE})?{_TIME}\]?(?: \d\d[OE])?[ +]?)?",
    r"(?:##\[\w+\]|::error[^:]*::|\[(?:INFO|WARN|WARNING|ERROR|DEBUG)\] )?",
    # Cloud Build; a push to a server that builds; act.
    r"(?:Step #\d+(?: - \"[^\"]*\")?: |remote: |\[[^\]]*\] +\| )?",
    # compose: the service, in a column.
    r"(?:[A-Za-z][\w.-]* +\| )?",
)


class LogLine(NamedTuple):
    """A line of a log, without what was put before it."""

    number: int  # from 1
    text: str


def plain_lines(text: str) -> Iterator[LogLine]:
    """The lines of a log without colours, times and the marks of CI services.

    What a terminal wrote over a line, after a carriage return, is a line of its own.
    """
    front = re.compile("".join(_FRONTS))
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in re.sub(_ESCAPES, "", line).split("\r"):
            start = front.match(piece)
            plain = piece[start.end() if start else 0 :]
            if plain.strip():
                yield LogLine(number, plain.rstrip())


def decoded(log: bytes) -> str:
    """The text of a log, also of one that PowerShell wrote, in UTF-16."""
    if log.startswith((b"\xff\xfe", b"\xfe\xff")):
        return log.decode("utf-16", "replace")
    return log.decode("utf-8-sig", "surrogateescape")
