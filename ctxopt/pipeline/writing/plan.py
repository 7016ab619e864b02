"""A file, as it stands, and the content it is to have: nothing is written but this.

made = draft.plan(accepted)
if made.changes:
made.apply()    # whole or not at all
"""

from __future__ import annotations

from ctxopt.core.model import BuildCost, Location, Suggestion
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk import replace as disk
from ctxopt.pipeline.advice import grows
from ctxopt.pipeline.preparation.build import IgnoreTarget


class Choice(NamedTuple):
    """Which suggestions are wanted."""

    only: tuple[str, ...] = ()  # ids or patterns; empty: all
    skip: tuple[str, ...] = ()
    include_ask: bool = False
    per_dockerfile: bool = False
    preventive: bool = False  # also what is not there yet


class WritePlan(NamedTuple):
    """A new content for one file, and what it comes to."""

    target: IgnoreTarget
    snapshot: disk.Snapshot
    after: bytes | None  # None: the file is removed
    suggestions: tuple[Suggestion, ...]  # those that are written
    now: BuildCost | None  # None: not measured
    then: BuildCost | None
    notes: tuple[str, ...]  # what could not be tried
    removes: bool = False  # it takes the block out
    edited: Location | None = None  # the block, if a person has edited what would go
    insists: bool = False  # it is wanted whatever it weighs

    @property
    def before(self) -> bytes:
        """What the file holds now; nothing where there is none."""
        return self.snapshot.content or b""

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.after != self.snapshot.content and not (
            self.snapshot.content is None and self.after == b""
        )

    @property
    def grows(self) -> bool:
        """Whether a build would send more than now: lines that weigh what they do."""
        if self.now is None or self.then is None or not self.suggestions:
            return False
        return grows(self.now, self.then)

    @property
    def goes_unasked(self) -> bool:
        """Whether `--yes` is enough to write it."""
        return self.insists or not self.grows

    @property
    def other_names(self) -> int:
        """How many hard links to the file keep what it holds now."""
        return self.snapshot.names - 1 if self.snapshot.content is not None else 0

    def apply(self) -> None:
        """Write the file, whole or not at all.

        Raises WriteError when that cannot be done, or the file has changed since.
        """
        disk.replace(self.snapshot, self.after)
