"""The automaton that tells, folder by folder, which sources take an entry.

`sources.py` finds on disk what each source leads to; here the walk meets it. States
are values: two folders in the same position of all targets share what they know.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.patterns.matcher import Matcher, State
from ctxopt.core.patterns.plans import CompiledPattern, Cursors, PatternSet
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import Protocol


class Excluding(Protocol):
    """What a `--exclude` leaves out of what is copied: a matcher, or one on its way."""

    @property
    def root(self) -> State:
        """The state of what is copied."""


class Target(NamedTuple):
    """What the walk looks out for on behalf of one source."""

    source: int  # its number
    plan: CompiledPattern  # without steps for the root itself
    path: str | None  # None for a pattern
    takes: bool = True  # False: it must be there, but is not taken
    include: Matcher | None = None  # `--parents`
    exclude: Excluding | None = None  # `--exclude`
    sweeps: bool = False  # a pattern of wildcards alone: what it hits has no name


class _TargetProgress:
    """All targets ahead, side by side; compared by identity."""

    __slots__ = ("pattern_set", "targets")

    def __init__(self, targets: tuple[Target, ...], pattern_set: PatternSet) -> None:
        self.targets = targets
        self.pattern_set = pattern_set


class Filter(NamedTuple):
    """A target that was entered and lets only some of what is below through."""

    source: int
    include: State | None
    exclude: State | None
    inside: bool = False  # what `include` asks for was found further up
    sweeps: bool = False  # see Target


class Claims(NamedTuple):
    """What the sources make of one name."""

    mask: int  # sources that take this entry, a bit each
    arrived: bool  # the path of some target ends here
    below: ClaimState
    # A source says this very path, or a wildcard of it hits it that says anything.
    named: bool = False


class ClaimState(NamedTuple):
    """The sources' state in one folder."""

    run: _TargetProgress
    active: int
    cursors: Cursors
    mask: int  # sources that take everything in here
    filters: tuple[Filter, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether all names here, and all below, are taken alike."""
        return not (self.active or self.cursors or self.filters)

    @property
    def is_ahead(self) -> bool:
        """Whether some source may name something below."""
        return bool(self.active or self.cursors)

    def without_started(self) -> ClaimState:
        """The same without the sources that take what is here."""
        return self._replace(mask=0, filters=())

    def as_started_before(self, above: ClaimState) -> ClaimState:
        """The same without the sources that did not take the folder above."""
        sources = {one.source for one in above.filters}
        filters = tuple(one for one in self.filters if one.source in sources)
        return self._replace(mask=self.mask & above.mask, filters=filters)

    def take(self, name: str) -> Claims:
        """Judge one name of the folder."""
        if self.settled:
            return Claims(self.mask, arrived=False, below=self)
        pattern_set, targets = self.run.pattern_set, self.run.targets
        arrival = pattern_set.arrive(self.active, self.cursors, name)
        here = [targets[index] for index in bits(pattern_set.hits(arrival))]
        mask, filters = self.mask, []
        named = not all(target.sweeps for target in here)
        for earlier in self.filters:
            bit, below = _pass(earlier, name)
            mask |= bit
            filters.append(below)
            arrives = below.inside and not earlier.inside
            named = named or (arrives and not earlier.sweeps)
        inside, entered = _arrive(here)
        for target in here:
            # What a pattern before a pivot matches is copied itself if it is a file.
            if target.takes and (target.include is None or target.path is None):
                mask |= 1 << target.source
        below_taking = ClaimState(
            self.run,
            pattern_set.active(arrival.bits),
            arrival.cursors,
            self.mask | inside,
            (*filters, *entered),
        )
        arrived = any(target.path is not None for target in here)
        return Claims(mask, arrived, below_taking, named)


def start(targets: Sequence[Target], whole: int) -> ClaimState:
    """The state of the root folder; `whole` has a bit for each source of all of it."""
    here = [target for target in targets if target.path == ""]
    ahead = tuple(target for target in targets if target.path != "")
    mask, filters = _arrive(here)
    pattern_set = PatternSet([target.plan for target in ahead])
    run = _TargetProgress(ahead, pattern_set)
    return ClaimState(
        run, pattern_set.start, pattern_set.cursors, whole | mask, filters
    )


def _arrive(targets: Sequence[Target]) -> tuple[int, tuple[Filter, ...]]:
    """Enter targets: bits that take all from here down, and those that filter it."""
    mask = 0
    filters = []
    for target in targets:
        if target.include is not None or target.exclude is not None:
            include = target.include.root if target.include else None
            exclude = target.exclude.root if target.exclude else None
            sweeps = target.sweeps
            filters.append(Filter(target.source, include, exclude, sweeps=sweeps))
        elif target.takes:
            mask |= 1 << target.source
    return mask, tuple(filters)


def _pass(filter_: Filter, name: str) -> tuple[int, Filter]:
    """Put a name through a filter: the source's bit if it passes, and what follows."""
    taken = True
    inside = filter_.inside
    include = exclude = None
    if filter_.include is not None:
        judged = filter_.include.judge(name)
        taken = inside = judged.hit
        include = judged.child
    if filter_.exclude is not None:
        judged = filter_.exclude.judge(name)
        taken, exclude = taken and not judged.hit, judged.child
    bit = 1 << filter_.source if taken else 0
    return bit, filter_._replace(include=include, exclude=exclude, inside=inside)
