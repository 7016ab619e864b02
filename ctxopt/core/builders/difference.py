"""What one builder lets through of a context and the other one does not."""

from __future__ import annotations

from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.tuples import NamedTuple


class BuilderDifference(NamedTuple):
    """Two builders with the same folder; only files are counted.

    `files` are those that the ignore file lets through for the builder in use,
    `other_files` for the other one; `only` and `other_only` are those that the other
    one does not let through. Where `more_than` says that there are more of these two
    than that, in all, they were not counted, and none of the three is known.
    """

    other: BuilderName
    files: int
    other_files: int | None
    only: int | None
    other_only: int | None
    example: str  # the path of the first file that only one lets through
    line: Pattern | None = None  # the line that brings it back for one of them
    repair: Repair | None = None  # the line that brings it back for both
    ignore_file: str = ""  # the other one's, where it reads another
    unread: bool = False  # the other one reads none
    more_than: int | None = None
