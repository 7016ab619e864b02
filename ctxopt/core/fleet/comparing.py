"""What became of a fleet between two reports; what one of them lacks is unknown.

Repositories are the same where their names are. Sizes, findings and secrets are
compared where the same builds could be measured both times: that a sum grew because a
build was read for the first time says nothing of the repository.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ctxopt.core.fleet.records import FleetLine, FleetTotals
from ctxopt.core.fleet.totals import totals_of
from ctxopt.core.tuples import NamedTuple


class SizeChange(NamedTuple):
    """A repository that sends more or less than it did."""

    name: str
    label: str
    place: str
    before_wire_bytes: int
    wire_bytes: int
    before_repeat_wire_bytes: int
    repeat_wire_bytes: int

    @property
    def more(self) -> int:
        """What it sends more, below nothing where that is less."""
        return self.wire_bytes - self.before_wire_bytes


class Uneven(NamedTuple):
    """A repository of which other builds could be measured than before."""

    name: str
    label: str
    place: str
    builds: tuple[str, ...]  # measured at one time alone, or not there at the other


class CodeChange(NamedTuple):
    """A finding, in repositories that are compared."""

    code: str
    before: int  # repositories that had it
    after: int
    came: int  # that have it, and had not
    went: int


class SecretChange(NamedTuple):
    """A file with a secret in it."""

    name: str  # of the repository
    label: str
    path: str


class FleetComparison(NamedTuple):
    """All that is told of two reports of a fleet."""

    before: FleetTotals
    after: FleetTotals
    compared: int = 0  # repositories, and what they send together
    before_wire_bytes: int = 0
    wire_bytes: int = 0
    before_repeat_wire_bytes: int = 0
    repeat_wire_bytes: int = 0
    new: tuple[FleetLine, ...] = ()  # the largest first
    gone: tuple[FleetLine, ...] = ()
    better: tuple[SizeChange, ...] = ()  # the largest change first
    worse: tuple[SizeChange, ...] = ()
    uneven: tuple[Uneven, ...] = ()
    # There both times, by name: those that failed one time alone.
    failed_now: tuple[FleetLine, ...] = ()
    failed_before: tuple[FleetLine, ...] = ()
    failed_still: int = 0
    codes: tuple[CodeChange, ...] = ()  # that came or went somewhere
    secrets_came: tuple[SecretChange, ...] = ()
    secrets_went: tuple[SecretChange, ...] = ()
    secrets_seen: tuple[SecretChange, ...] = ()  # there now, and before is not known

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse: sends more, fails, has a finding or a secret."""
        found = any(one.came for one in self.codes)
        return bool(self.worse or self.failed_now or self.secrets_came or found)


_Pair = tuple[FleetLine, FleetLine]


def compare(old: Sequence[FleetLine], new: Sequence[FleetLine]) -> FleetComparison:
    """What became of the repositories of one report, as the other has them."""
    known = {one.name: one for one in old}
    names = {one.name for one in new}
    fresh = _by_size(one for one in new if one.name not in known)
    pairs = [
        (known[one.name], one) for one in sorted(new, key=_name) if one.name in known
    ]
    even = [*filter(_is_even, pairs)]
    changes = [_size_change(pair) for pair in even]
    return FleetComparison(
        before=totals_of(old),
        after=totals_of(new),
        compared=len(even),
        before_wire_bytes=sum(one.before_wire_bytes for one in changes),
        wire_bytes=sum(one.wire_bytes for one in changes),
        before_repeat_wire_bytes=sum(one.before_repeat_wire_bytes for one in changes),
        repeat_wire_bytes=sum(one.repeat_wire_bytes for one in changes),
        new=fresh,
        gone=_by_size(one for one in old if one.name not in names),
        better=_ranked(one for one in changes if one.more < 0),
        worse=_ranked(one for one in changes if one.more > 0),
        uneven=(*_uneven(pairs),),
        failed_now=tuple(
            now for then, now in pairs if now.has_failed and not then.has_failed
        ),
        failed_before=tuple(
            now for then, now in pairs if then.has_failed and not now.has_failed
        ),
        failed_still=sum(then.has_failed and now.has_failed for then, now in pairs),
        codes=_codes(even),
        secrets_came=(*_came(even, fresh),),
        secrets_went=(*_secrets((now, then) for then, now in even),),
        secrets_seen=(*_secrets(pair for pair in pairs if not _is_even(pair)),),
    )


def _name(line: FleetLine) -> str:
    return line.name


def _is_known(pair: _Pair) -> bool:
    return not any(one.has_failed for one in pair)


def _is_even(pair: _Pair) -> bool:
    """Whether the two can be compared."""
    return _is_known(pair) and not _apart(pair)


def _apart(pair: _Pair) -> tuple[str, ...]:
    """The builds that could not be measured at one time, and not so at the other."""
    then, now = (
        {one.name for one in line.builds if one.wire_bytes is None} for line in pair
    )
    return tuple(sorted(then ^ now))


def _uneven(pairs: Iterable[_Pair]) -> Iterator[Uneven]:
    for then, now in pairs:
        apart = _apart((then, now))
        if apart and _is_known((then, now)):
            yield Uneven(now.name, now.called, now.place, apart)


def _size_change(pair: _Pair) -> SizeChange:
    then, now = pair
    return SizeChange(
        *(now.name, now.called, now.place, then.wire_bytes, now.wire_bytes),
        *(then.repeat_wire_bytes, now.repeat_wire_bytes),
    )


def _by_size(lines: Iterable[FleetLine]) -> tuple[FleetLine, ...]:
    return (*sorted(lines, key=lambda one: (-one.wire_bytes, one.name)),)


def _ranked(changes: Iterable[SizeChange]) -> tuple[SizeChange, ...]:
    return (*sorted(changes, key=lambda one: (-abs(one.more), one.name)),)


def _codes(pairs: Sequence[_Pair]) -> tuple[CodeChange, ...]:
    """Those that came or went, what came in most repositories first."""
    before, after, came, went = (Counter[str]() for _ in range(4))
    for then, now in pairs:
        had, has = ({*_found(line.codes)} for line in (then, now))
        before.update(had)
        after.update(has)
        came.update(has - had)
        went.update(had - has)
    changes = (
        CodeChange(code, before[code], after[code], came[code], went[code])
        for code in {*came, *went}
    )
    return (*sorted(changes, key=lambda one: (-one.came, -one.went, one.code)),)


def _found(codes: Mapping[str, int]) -> Iterable[str]:
    return (code for code, count in codes.items() if count)


def _came(even: Iterable[_Pair], fresh: Iterable[FleetLine]) -> Iterator[SecretChange]:
    """Secrets that were not there, those of repositories that were not there, too."""
    yield from _secrets(even)
    for line in sorted(fresh, key=_name):
        yield from _of(line, line.secrets)


def _secrets(pairs: Iterable[_Pair]) -> Iterator[SecretChange]:
    """Secrets of the second of each two that the first has not."""
    for other, line in pairs:
        known = {*other.secrets}
        yield from _of(line, (path for path in line.secrets if path not in known))


def _of(line: FleetLine, paths: Iterable[str]) -> Iterator[SecretChange]:
    return (SecretChange(line.name, line.called, path) for path in paths)
