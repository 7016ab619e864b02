"""Which files of a context hold secrets: those whose names make it likely, looked into.

The walk has noted them with everything else that it came by; here the start of each is
read, within bounds, and the rule that speaks of it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import HEAVY_BYTES, ClutterMatch
from ctxopt.core.secrets.looks import Look, look
from ctxopt.core.secrets.places import HEAD_BYTES, MOST_READ
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.rules import Rule
from ctxopt.host.disk.tree import DiskTree


class Spoken(NamedTuple):
    """A file that was looked into, and the rule that speaks of it."""

    find: ClutterMatch
    rule: Rule
    secret: bool  # whether one is in it


class Looked(NamedTuple):
    """What the looks into files told, and the finds that are left for other rules."""

    spoken: tuple[Spoken, ...]
    clutter: tuple[ClutterMatch, ...]
    unread: int = 0  # files beyond the bound

    @property
    def rules(self) -> Mapping[str, str]:
        """Of each file the id of the rule that speaks of it."""
        return {one.find.path: one.rule.id for one in self.spoken}


def look_into(root: str, index: RuleIndex, clutter: Sequence[ClutterMatch]) -> Looked:
    """What the files are that may be secrets by their names, the likeliest first."""
    marks = index.marks
    exact: list[ClutterMatch] = []
    wide: list[ClutterMatch] = []
    for find in clutter:
        wanted = find.hits & marks.secrets
        if wanted:
            (wide if not wanted & ~marks.wide else exact).append(find)
    candidates = [*exact, *wide]
    tree = DiskTree(root)
    spoken = {}
    for find in candidates[:MOST_READ]:
        found = _look(tree, index, find)
        if found is not None:
            spoken[id(find)] = found
    left = tuple(
        one
        for find in clutter
        if (one := _without_looks(find, index, spoken=id(find) in spoken)) is not None
    )
    unread = max(len(candidates) - MOST_READ, 0)
    return Looked(tuple(spoken.values()), left, unread)


def _look(tree: DiskTree, index: RuleIndex, find: ClutterMatch) -> Spoken | None:
    """The first rule of those that may speak of a file which does."""
    head = tree.beginning(find.path, HEAD_BYTES)
    tried: dict[str, Look] = {}
    for bit in bits(find.hits & index.marks.secrets):
        rule = index.rules[bit][0]
        if rule.secret not in tried:
            tried[rule.secret] = look(rule.secret, find.path, head)
        told = tried[rule.secret]
        if told.fits:
            return Spoken(find, rule, told.secret)
    return None


def _without_looks(
    find: ClutterMatch, index: RuleIndex, *, spoken: bool
) -> ClutterMatch | None:
    """A find for the other rules; None where only its content made it one."""
    marks = index.marks
    if spoken or not find.hits & marks.wide:
        return find
    hits = find.hits & ~marks.wide
    heavy = find.context.sums.file_bytes >= HEAVY_BYTES
    if hits & (marks.rules | marks.pinned) or find.line or heavy:
        return find._replace(hits=hits)
    return None
