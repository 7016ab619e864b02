"""A folder that the fold is in, with the sums of what is below it."""

from __future__ import annotations

from ctxopt.core.judging.rows import FolderRef
from ctxopt.core.measure.parts import Subtotal
from ctxopt.core.measure.places import TopPlaces
from ctxopt.core.measure.stream import EntryStream


class FolderSums:
    """A folder that the fold is in; its sums are of what is below it."""

    __slots__ = (
        "file_bytes",
        "files",
        "folder",
        "kept",
        "late",
        "linked_bytes",
        "mask",
        "own_bytes",
        "prefix_bytes",
        "sent",
        "shown",
        "span",
        "taken",
        "unsent_bytes",
        "used_bytes",
        "wire_bytes",
    )

    def __init__(
        self,
        folder: FolderRef,
        *,
        kept: bool,
        taken: bool,
        span: int,
        sent: int,
        mask: int,
        own_bytes: int,
    ) -> None:
        self.folder = folder
        # -1 where names are not weighed in bulk.
        prefix = folder.prefix
        self.prefix_bytes = len(prefix) if prefix.isascii() else -1
        self.kept = kept  # its own entry is counted in the context
        self.taken = taken  # and in the transfer
        self.span = span  # position of its own entry, or of what comes first in it
        self.sent = sent
        self.mask = mask
        self.own_bytes = own_bytes  # wire bytes of its own entry
        self.files = 0
        self.file_bytes = 0
        self.linked_bytes = 0  # the most that entries with other names may weigh
        self.wire_bytes = 0
        self.unsent_bytes = 0  # file bytes
        self.used_bytes = 0
        self.shown: TopPlaces | None = None
        self.late: list[tuple[EntryStream, int]] = []  # STAT bytes there

    def subtotal(self) -> Subtotal:
        """Its sums as plain values."""
        return Subtotal(
            self.mask,
            self.files,
            self.file_bytes,
            self.linked_bytes,
            self.wire_bytes,
            self.unsent_bytes,
            self.used_bytes,
            self.shown,
        )
