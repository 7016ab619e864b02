"""A part of the screen that can be shorter than it would like.

    Block(Part.CHANGES, most=12, lines=changes.lines)

would show twelve changes; `lines(4)` is what is drawn of it when it may show four, and
`lines(0)` when it has given way altogether. What it is that a part counts, its own
module says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal.layout import Line


class Part(Enum):
    """What can give way to something else, and what it counts."""

    HEADER = auto()  # 1, or 0: as all that count nothing else
    SIZES = auto()  # lines beyond that of the transfer
    VERDICT = auto()
    CHANGES = auto()
    FREQUENT = auto()  # paths that change again and again
    SUGGESTIONS = auto()
    REASON = auto()  # lines
    PREVIEW = auto()  # lines of a diff
    WRITTEN = auto()
    MESSAGE = auto()
    KEYS = auto()
    GAPS = auto()  # the lines between, and what is only said for the looks


class Block(NamedTuple):
    """Lines that stand together; several blocks may share what one part is given."""

    part: Part
    most: int  # of what its part counts
    lines: Callable[[int], Sequence[Line]]


def whole(part: Part, lines: Sequence[Line]) -> Block:
    """A block that is shown as it is, or not at all."""
    return Block(part, 1, lambda count: lines if count else ())
