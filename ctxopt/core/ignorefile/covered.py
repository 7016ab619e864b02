"""New lines of a block that say nothing beside the others.

Of `.next` and `.next/cache` the second one is not written: the first takes it along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.ignorefile.block import BlockEntry
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns


def uncovered(entries: Sequence[BlockEntry]) -> list[BlockEntry]:
    """The same without patterns for what lies in a folder that another one takes."""
    inside = {text for one in entries for text in one.patterns if "/" in text}
    if not inside:
        return [*entries]
    patterns = dict.fromkeys(text for one in entries for text in one.patterns)
    takes = Matcher(compile_patterns(tuple(patterns))).matches_or_parent_matches
    covered = {text for text in inside if any(map(takes, folders_of(text)))}
    left = (
        one._replace(patterns=tuple(x for x in one.patterns if x not in covered))
        for one in entries
    )
    return [one for one in left if one.patterns]


def folders_of(pattern: str) -> Iterator[str]:
    """The folders that all that a pattern hits lies in, as far as it says them."""
    folders = pattern.split("/")[:-1]
    for count, name in enumerate(folders, 1):
        if any(one in name for one in "*?[\\"):
            return
        yield "/".join(folders[:count])
