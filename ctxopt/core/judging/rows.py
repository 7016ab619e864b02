"""What flows from the walk to whoever folds or lists it: folders and their rows."""

from __future__ import annotations

from ctxopt.core.judging.entry import FORMAT, Entry, EntryKind
from ctxopt.core.judging.judge import Decision
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import TypeAlias


class StatResult(Protocol):  # pragma: no cover
    """The fields of os.stat_result that matter here."""

    @property
    def st_mode(self) -> int:
        """Kind and permissions."""

    @property
    def st_size(self) -> int:
        """Bytes."""

    @property
    def st_mtime_ns(self) -> int:
        """Nanoseconds since 1970."""

    @property
    def st_nlink(self) -> int:
        """How many names the inode has."""

    @property
    def st_ino(self) -> int:
        """The inode."""

    @property
    def st_rdev(self) -> int:
        """The device that a device file stands for."""


class Extra(NamedTuple):
    """What few entries have: a link target, attributes, a content nobody sees."""

    target: str = ""
    attributes: tuple[tuple[str, bytes], ...] = ()
    readable: bool = True
    withheld: bool = False  # the client names it and then does not open it


# Plain tuples: one is made for every entry of the tree.
Row: TypeAlias = tuple[str, StatResult, Decision, Extra | None]


class FolderRef:
    """One folder on the way; compared by identity."""

    __slots__ = ("depth", "holds_gitignore", "parent", "path", "prefix", "row")

    def __init__(self, parent: FolderRef | None = None, row: Row | None = None) -> None:
        self.parent = parent
        self.row = row  # its own row in the parent; None for the root
        self.path = ""  # of the root
        self.prefix = ""  # what stands before a name of this folder in its path
        self.depth = 0  # of the root
        self.holds_gitignore = False  # told when the first batch comes
        if parent is not None and row is not None:
            self.path = parent.prefix + row[0]
            self.prefix = self.path + "/"
            self.depth = parent.depth + 1


class Batch(NamedTuple):
    """Consecutive rows of one folder, in the builder's order.

    Where a batch `enters`, its last row is a folder whose batches come next. A folder
    ends with exactly one batch that is `last`. Rows hold all that is kept, and folders
    that are not but may have something kept below.
    """

    folder: FolderRef
    rows: list[Row]
    last: bool
    enters: bool = False


_NO_EXTRA = Extra()


def row_entry(path: str, row: Row) -> Entry:
    """A row as a record, for everything that is not weighed in bulk."""
    _, status, _, extra = row
    extra = extra or _NO_EXTRA
    return Entry(
        path,
        EntryKind(status.st_mode & FORMAT),
        status.st_mode & 0o7777,
        status.st_size,
        status.st_mtime_ns,
        status.st_nlink,
        status.st_ino,
        status.st_rdev,
        extra.target,
        extra.attributes,
        extra.readable and not extra.withheld,
    )
