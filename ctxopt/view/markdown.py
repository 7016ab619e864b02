"""Text as GitHub's Markdown takes it: names are data, whatever they look like.

Where a name begins with `@` or holds `#12`, a comment on a pull request would call
people or link to issues; a code span keeps that from happening, and so does an empty
HTML comment in the middle of prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from ctxopt.core.model import Severity
from ctxopt.view.terminal import formatting

MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}  # noqa: RUF001  # what GitHub draws

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
# What GitHub makes a link of, if it is let: @people, #12, GH-12, addresses.
_CALLS = re.compile(
    r"(?<=[@#])(?=\w)|(?<=:)(?=//)|(?<=[Ww]{3})(?=\.)|(?<=[Gg][Hh])(?=-\d)"
)
_TICKS = re.compile("`+")


def write(lines: Iterable[str], out: TextIO) -> None:
    """Write lines; a character that `out` cannot hold becomes its number for HTML."""
    encoding = out.encoding or "utf-8"
    out.writelines(
        line.encode(encoding, "xmlcharrefreplace").decode(encoding) + "\n"
        for line in lines
    )


def plain(text: str) -> str:
    """Text that Markdown takes as it is, on one line, in a cell of a table as well."""
    safe = _SPECIAL.sub(r"\\\1", formatting.printable(text))
    return _CALLS.sub("<!-- -->", safe)


def code(text: str) -> str:
    r"""A name as a code span, fit for a cell of a table.

    Its fence has more backticks than stand together in it. A table takes the backslash
    before a pipe away before anything else is read, also in a code span (GitHub
    Flavored Markdown, section 4.10).
    """
    safe = formatting.printable(text).replace("|", "\\|")
    if not safe.strip():
        safe = f'"{safe}"'  # blanks alone are no code span
    longest = max(map(len, _TICKS.findall(safe)), default=0)
    fence = "`" * (longest + 1)
    # A blank is taken off each side where both have one.
    apart = " " if safe[0] in "` " or safe[-1] in "` " else ""
    return f"{fence}{apart}{safe}{apart}{fence}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, and an empty one; a head that ends in `:` is of numbers."""
    yield _row([head.removesuffix(":") for head in heads])
    yield (
        "|" + "|".join("---:" if head.endswith(":") else "---" for head in heads) + "|"
    )
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
