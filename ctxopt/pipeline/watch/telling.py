"""Single changes of a watched build: what was there before, and what it means.

Of `logs/a.log` that had 3 kB and has 5 kB now: 2 kB more, `COPY . .` takes it, and two
instructions run again.

What is told of a path is the difference of two measurements. Of what the ignore file
keeps out nothing is measured, and so only known what was told before.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence

from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Location
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.debounce import PendingChanges
from ctxopt.core.watching.impact import Impacts, Invalidation
from ctxopt.core.watching.moment import (
    Change,
    FrequentChange,
    What,
    told_as,
    what_changed,
)
from ctxopt.core.watching.record import Facts
from ctxopt.core.watching.restless import RestlessPath
from ctxopt.host.disk import replace as disk
from ctxopt.host.disk.paths import content, stat_path
from ctxopt.pipeline.survey.incremental import IncrementalMeasurement

MOST_CHANGES = 200  # looked at one by one in a burst, and kept for the screen
MOST_TOLD = 50 * MOST_CHANGES  # paths of which is remembered what was told last


class _Before(NamedTuple):
    """What was known of a path before it changed."""

    facts: Facts | None
    is_known: bool  # False: nobody looked
    decision: Decision | None


class _Told(NamedTuple):
    """What a path looked like when it was told last."""

    facts: Facts | None
    content: bytes | None  # a hash of it; None: it was not read


class _JudgedChange(NamedTuple):
    """A change, and the sources that take it."""

    change: Change
    mask: int


class Earlier(NamedTuple):
    """What was known of changed paths as long as nothing was measured again."""

    groups: Mapping[str, Sequence[str]]  # by what they are told as
    before: Mapping[str, _Before]
    subtrees: frozenset[str]  # folders that may be others


class After(NamedTuple):
    """What is so after the change."""

    kept: IncrementalMeasurement | None
    matcher: Matcher
    impacts: Impacts
    entered: frozenset[str]  # folders that the build can see

    def invalidations(self, mask: int, what: What) -> tuple[Invalidation, ...]:
        """What runs again; nothing where no builder finds anything different."""
        if what is What.NOTHING:
            return ()
        return self.impacts.impact_of(mask).invalidations


def decision_on(path: str, kept: IncrementalMeasurement | None) -> Decision | None:
    """What the walk makes of a path; None where it never comes to it."""
    if kept is None:
        return None
    try:
        return judge_path(kept.state, path)
    except PatternError:
        return None


def frequent(
    paths: Iterable[RestlessPath], kept: IncrementalMeasurement | None
) -> tuple[FrequentChange, ...]:
    """Of paths that change again and again, those that are sent and no source names."""
    shown = []
    for path, times in paths:
        decision = decision_on(path, kept)
        if decision is None or not decision.kept or decision.named:
            continue
        shown.append(FrequentChange(path, times, escaped(path)))
    return tuple(shown)


class Telling:
    """The changes of one context, told one after the other."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._told: dict[str, _Told] = {}
        self.latest: tuple[Change, ...] = ()  # newest first, one for each path

    def look(
        self, changed: PendingChanges, kept: IncrementalMeasurement | None
    ) -> Earlier:
        """Note what is known of what changed, before anything is measured again."""
        groups = _groups(changed)
        paths = [path for some in groups.values() for path in some]
        before = {path: self._before(path, kept) for path in paths}
        return Earlier(groups, before, frozenset(changed.subtrees))

    def _before(self, path: str, kept: IncrementalMeasurement | None) -> _Before:
        decision = decision_on(path, kept)
        if kept is not None and decision is not None and decision.kept:
            return _Before(kept.facts(path), is_known=True, decision=decision)
        told = self._told.get(path)
        facts = told.facts if told is not None else None
        return _Before(facts, is_known=told is not None, decision=decision)

    def changes(self, earlier: Earlier, after: After) -> tuple[Change, ...]:
        """What each change means; of a flood, the first ones only."""
        changes: list[Change] = []
        for name, paths in earlier.groups.items():
            judged = [
                found
                for path in paths
                if self._is_of_the_build(path, after)
                and (found := self._judged(path, earlier, after))
            ]
            if judged:
                changes.append(_as_one(name, judged, after))
            if len(changes) == MOST_CHANGES:
                break
        # What changes again and again must not push aside all the others.
        told = {one.path for one in changes}
        others = [one for one in self.latest if one.path not in told]
        self.latest = (*reversed(changes), *others)[:MOST_CHANGES]
        return tuple(changes)

    def _is_of_the_build(self, path: str, after: After) -> bool:
        folder, _, name = path.rpartition("/")
        if not path or folder not in after.entered:
            return False
        # What the writer made on the way, and has taken away again.
        is_temporary = name.startswith(disk.TEMPORARY)
        return not is_temporary or stat_path(self._root, path) is not None

    def _judged(
        self, path: str, earlier: Earlier, after: After
    ) -> _JudgedChange | None:
        """What became of a path; None where it is as it was, or came and went."""
        before = earlier.before[path]
        now, decision = self._now(path, after.kept)
        if before.is_known and before.facts == now and path not in earlier.subtrees:
            return None
        what = self._what(path, before, now)
        if what is What.NOTHING and path in earlier.subtrees:
            what = What.INSIDE  # another folder may stand there now
        if now is None:
            decision = before.decision or decision
        inside = decision is not None and decision.kept
        taken = decision is not None and decision.taken
        mask = decision.mask if decision is not None and taken else 0
        location, text = _decided_by(after.matcher, path, inside=inside)
        old = before.facts
        known = now or old
        change = Change(
            path=path,
            before_bytes=old.size if old is not None else None,
            after_bytes=now.size if now is not None else None,
            is_folder=known.is_folder
            if known is not None
            else path in earlier.subtrees,
            inside=inside,
            taken=taken,
            decided_by=location,
            decided_text=text,
            invalidates=after.invalidations(mask, what),
            what=what,
            mode=stat.S_IMODE(known.mode) if known is not None else 0,
        )
        return _JudgedChange(change, mask)

    def _now(
        self, path: str, kept: IncrementalMeasurement | None
    ) -> tuple[Facts | None, Decision | None]:
        """What stands at a path, measured where that was done, and what comes of it."""
        decision = decision_on(path, kept)
        if kept is not None and decision is not None and decision.kept:
            return kept.facts(path), decision
        return stat_path(self._root, path), decision

    def _what(self, path: str, before: _Before, now: Facts | None) -> What:
        """What is different, by the content where it was read the last time, too."""
        told = self._told.get(path)
        is_file = now is not None and now.is_file
        read = content(self._root, path) if is_file else None
        if len(self._told) > MOST_TOLD:
            self._told.clear()
        self._told[path] = _Told(now, read)
        if not before.is_known and now is not None:
            return What.UNKNOWN
        what = what_changed(before.facts, now)
        if what is not What.TIME or told is None or told.facts != before.facts:
            return what
        if told.content is None or read is None:
            return what
        return What.NOTHING if told.content == read else What.CONTENT


def _groups(changed: PendingChanges) -> dict[str, list[str]]:
    """The changed paths by what they are told as; of a flood, the first ones only."""
    groups: dict[str, list[str]] = {}
    for path in changed.paths:
        some = groups.setdefault(told_as(path), [])
        if len(some) < MOST_CHANGES:
            some.append(path)
        if len(groups) > 2 * MOST_CHANGES:  # not all of them are of the build
            break
    return groups


def _decided_by(
    matcher: Matcher, path: str, *, inside: bool
) -> tuple[Location | None, str]:
    """The line that says whether a path is inside.

    Of what is gone, that line may be gone, too.
    """
    try:
        verdict = matcher.verdict(path)
    except PatternError:
        return None, ""
    by = verdict.decided_by
    if by is None or verdict.excluded == inside:
        return None, ""
    return by.location, by.text


def _as_one(name: str, judged: Sequence[_JudgedChange], after: After) -> Change:
    """One change for all that is told under one name."""
    for one, _ in judged:
        coming = one.what in {What.NEW, What.GONE}
        if one.path == name and (coming or len(judged) == 1):
            return one
    mask = 0
    for _, bits in judged:
        mask |= bits
    changes = [one for one, _ in judged]
    first = next((one for one in changes if one.inside), changes[0])
    is_touched = all(one.what is What.NOTHING for one in changes)
    what = What.NOTHING if is_touched else What.INSIDE
    return first._replace(
        path=name,
        before_bytes=0,
        after_bytes=0,
        is_folder=True,
        taken=any(one.taken for one in changes),
        invalidates=after.invalidations(mask, what),
        what=what,
        mode=0,
    )
