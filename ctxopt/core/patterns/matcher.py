"""Ordered patterns as a matcher that descends from folder to folder.

Whether a path is excluded depends on which patterns matched its parents, and also on
which were *looked at* there: a pattern is skipped while it could not change the
outcome, and a match that nobody looked at is not handed down. So there is no verdict
on a path alone, only one on a name in a folder; a `State` is what a folder hands
down, and it answers for its names from memory.

A state is kept as small as its future allows. Once a pattern matches a folder it
matches everything below, so whatever comes before it in the file can no longer
matter, nor can a later pattern that has nothing left to change. What remains decides
whether two folders share a state, and when nothing remains the state is constant.

Rule: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.golang.paths import directory
from ctxopt.core.model import Dialect
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.patterns.plans import (
    CompiledPattern,
    Cursors,
    PatternSet,
    Position,
    WholePath,
)
from ctxopt.core.tuples import NamedTuple

_NAME_LIMIT = 16_384  # names remembered by one state
_STATE_LIMIT = 4096  # states remembered by one matcher


class Verdict(NamedTuple):
    """Whether a path stays out of the build context, and which line said so."""

    excluded: bool
    decided_by: Pattern | None  # None: no line touched the path, so it is sent


class TraceStep(NamedTuple):
    """One line that changed what becomes of a path, and where on the way it did.

    `prefix` is the path, or the folder above it, that the line matched first: what
    matches a folder holds for all below it.
    """

    pattern: Pattern
    prefix: str

    @property
    def excludes(self) -> bool:
        """Whether the line keeps the path out; otherwise it brings it back."""
        return not self.pattern.negated


class Matcher:
    """The patterns of one list, ready to judge a tree from its root down."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._errors: dict[int, PatternError] = {}
        plans = tuple(self._plans())
        self._broken = sum(1 << index for index in self._errors)
        row = "".join("01"[not pattern.negated] for pattern in self.patterns)
        positive = int(f"0{row[::-1]}", 2)
        everything = (1 << len(self.patterns)) - 1
        self._changing = (positive, everything ^ positive)  # if not excluded, if so
        self._pattern_set = PatternSet(plans)
        # Each path is judged alone, whatever was looked at for the folders above it.
        # Rule: containers/storage, pkg/fileutils/fileutils.go, Matches.
        self._alone = any(one.dialect is Dialect.STORAGE for one in self.patterns)
        self._states: dict[tuple[int, int, Cursors], State] = {}
        self.root = self._state(0, self._pattern_set.start, self._pattern_set.cursors)

    def _plans(self) -> Iterator[CompiledPattern]:
        """A plan for each pattern, equal texts sharing theirs.

        A pattern that stands again before any of the other kind is never looked at
        when it could match: the first one has had its say. Those get an empty plan.
        """
        known: dict[str, CompiledPattern | PatternError] = {}
        before: set[str] = set()
        negated = False
        for index, pattern in enumerate(self.patterns):
            if pattern.negated != negated:
                negated = pattern.negated
                before.clear()
            text = pattern.cleaned
            if text in before:
                yield CompiledPattern()
                continue
            before.add(text)
            plan = known.get(text)
            if plan is None:
                plan = known[text] = _plan_or_error(pattern)
            if isinstance(plan, PatternError):
                self._errors[index] = plan
                plan = CompiledPattern()
            yield plan

    def verdict(self, path: str) -> Verdict:
        """Judge a path from its first component down.

        Raises PatternError where a pattern that cannot be used is looked at.
        """
        if path == ".":
            return Verdict(excluded=False, decided_by=None)
        state = self.root
        *parents, name = path.split("/")
        for parent in parents:
            state = state.judge(parent).child
        judgement = state.judge(name)
        index = judgement.decided_by
        return Verdict(judgement.hit, self.patterns[index] if index >= 0 else None)

    def trace(self, path: str) -> tuple[TraceStep, ...]:
        """Each line that changed what becomes of a path, from its first folder down.

        Lines `logs`, `!logs/a`, `*.txt` and the path `logs/a`: `logs` keeps it out
        at `logs`, `!logs/a` brings it back at `logs/a`. The steps are in the order of
        the file as well, every other one excludes, and the last is what `verdict` was
        decided by. A line that matches too late to have a say (a later one has matched
        a folder above) is no step. Lines alone are asked here: whether a walk comes to
        the path at all is for `judging.path`.

        Source: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults,
        which BuildKit's walk and the archive of the legacy client ask.
        Raises PatternError where a pattern that cannot be used is looked at.
        """
        if path == ".":
            return ()
        if self._alone:
            return self.trace_alone(path)
        steps: list[TraceStep] = []
        state = self.root
        last = -1
        for prefix in _prefixes(path):
            judgement = state.judge(prefix.rpartition("/")[2])
            steps += (
                TraceStep(self.patterns[index], prefix)
                for index in bits(judgement.matched)
                if index > last
            )
            # What stands before a line that matched above is overruled by it, and
            # what stands behind is looked at only where it changes the outcome.
            last = judgement.decided_by
            state = judgement.child
        return tuple(steps)

    def trace_alone(self, path: str) -> tuple[TraceStep, ...]:
        """As `trace`, of the path judged alone, as `matches_or_parent_matches` does.

        The two differ where a folder and what is in it are told apart by the order of
        lines: with `a/b` and `!a`, the second brings `a/b` back here and not there.

        Source: moby/patternmatcher, patternmatcher.go, MatchesOrParentMatches, which
        the legacy client asks before it archives (docker/cli, build/context.go,
        ValidateContextDirectory), and BuildKit's client when it opens a file
        (tonistiigi/fsutil, filter.go, filterFS.Open).
        Raises PatternError where a pattern that cannot be used is looked at.
        """
        if path == ".":
            return ()
        hits = self._hits(path)
        _, _, looked_at = self._in_order(0, _union(hits))
        found = [*zip(hits, _prefixes(path), strict=True)]
        return tuple(
            TraceStep(
                self.patterns[index],
                next(prefix for mask, prefix in found if mask >> index & 1),
            )
            for index in bits(looked_at)
        )

    def matches_or_parent_matches(self, path: str) -> bool:
        """Judge a path alone: a pattern counts if it matches it or any parent.

        Rule: moby/patternmatcher, patternmatcher.go, MatchesOrParentMatches.
        Raises PatternError where a pattern that cannot be used is looked at.
        """
        if path == ".":
            return False
        return self._last_match(_union(self._hits(path)))

    def matches_single_parent(self, path: str) -> bool:
        """Judge a path alone: a pattern of n components is also tried on n parents.

        Rule: moby/patternmatcher, patternmatcher.go, Matches.
        Raises PatternError where a pattern that cannot be used is looked at.
        """
        if path == ".":
            return False
        *parents, hits = self._hits(path)
        if directory(path) != ".":
            for index, pattern in enumerate(self.patterns):
                if pattern.components <= len(parents):
                    hits |= parents[pattern.components - 1] & 1 << index
        return self._last_match(hits)

    def handed_down(self, path: str, above: int | None) -> tuple[bool, int]:
        """Whether a path is hit, and the patterns (one bit each) that it hands down.

        `above` is what the folder above handed down, None where there is none: then a
        pattern also counts if it matches a parent of the path.

        Rule: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults.
        Raises PatternError where a pattern that cannot be used is looked at.
        """
        hits = self._hits(path)
        if above is None:
            found, _, below = self.outcome(0, _union(hits))
        else:
            found, _, below = self.outcome(above, hits[-1])
        return found, below

    def _hits(self, path: str) -> list[int]:
        """The patterns (one bit each) that match each parent and then the path."""
        active, cursors = self._pattern_set.start, self._pattern_set.cursors
        hits = []
        for name in path.split("/"):
            arrival = self._pattern_set.arrive(active, cursors, name)
            hits.append(self._pattern_set.hits(arrival))
            active, cursors = self._pattern_set.active(arrival.bits), arrival.cursors
        return hits

    def _last_match(self, hits: int) -> bool:
        return self.outcome(0, hits)[0]

    def outcome(self, inherited: int, hits: int) -> tuple[bool, int, int]:
        """The last word of all patterns, one bit each in the arguments.

        `inherited`: they matched the parent. `hits`: they match the path itself.
        Hands back the verdict, the index of the last match (or -1), and the matches
        to hand down: those that were looked at. The patterns that are in neither
        argument change nothing, whether they are looked at or not.
        """
        if self._alone:
            return self._last_word(inherited | hits)
        return self._in_order(inherited, hits)

    def _in_order(self, inherited: int, hits: int) -> tuple[bool, int, int]:
        """The outcome where what could not change it is not looked at."""
        excluded = False
        decided = -1
        handed_down = 0
        waiting = inherited | hits | self._broken
        while looked_at := waiting & (inherited | self._changing[excluded]):
            bit = looked_at & -looked_at
            index = bit.bit_length() - 1
            waiting &= -bit << 1
            if self._broken & bit and not inherited & bit:
                raise self._error(index)
            handed_down |= bit
            excluded = not self.patterns[index].negated
            decided = index
        return excluded, decided, handed_down

    def _last_word(self, matched: int) -> tuple[bool, int, int]:
        """The outcome where the last match decides, and every pattern is looked at."""
        if self._broken:
            raise self._error((self._broken & -self._broken).bit_length() - 1)
        decided = matched.bit_length() - 1
        excluded = decided >= 0 and not self.patterns[decided].negated
        return excluded, decided, matched

    def _error(self, index: int) -> PatternError:
        """The error of a pattern: the kept one is a mould, each meeting has its own."""
        error = self._errors[index]
        return PatternError(self.patterns[index], error.hint or "", error.message)

    def descend(self, inherited: int, arrival: Position) -> State:
        """The state of the folder arrived at, shared where it may be."""
        return self._state(
            inherited, self._pattern_set.active(arrival.bits), arrival.cursors
        )

    def _state(self, inherited: int, active: int, cursors: Cursors) -> State:
        key = self._settled(inherited, active, cursors)
        found = self._states.get(key)
        if found is None:
            found = State(self, self._pattern_set, *key)
            if found.path_bound:
                return found
            if len(self._states) >= _STATE_LIMIT:
                self._states.clear()
            self._states[key] = found
        return found

    def _settled(
        self, inherited: int, active: int, cursors: Cursors
    ) -> tuple[int, int, Cursors]:
        """The same state without what can no longer change anything below."""
        last = inherited.bit_length() - 1
        first = 0
        if last >= 0 and not self._broken & ((1 << last) - 1):
            # Whatever comes before the last match is overruled by it in every path
            # below; it could only matter by failing, and nothing there can.
            inherited = 1 << last
            first = last
        running = dict(cursors)
        kept = 0
        kept_cursors = []
        reachable = {False}
        for index in range(first, len(self.patterns)):
            negated = self.patterns[index].negated
            if inherited >> index & 1:
                reachable = {not negated}
                continue
            span = self._pattern_set.span(index, active)
            if negated not in reachable or not (span or index in running):
                continue
            reachable.add(not negated)
            kept |= span
            if index in running:
                kept_cursors.append((index, running[index]))
        return inherited, kept, tuple(kept_cursors)


class State:
    """What one folder, or all folders in the same position, know of their names.

    `known` remembers names; `constant` is the one judgement on all names when
    nothing below can change any more, with this state as its child; `path_bound`
    says that a pattern has to see the whole path, so that no other folder shares
    this state and nothing is remembered.
    """

    __slots__ = (
        "_active",
        "_by_arrival",
        "_cursors",
        "_inherited",
        "_matcher",
        "_passed",
        "_pattern_set",
        "constant",
        "known",
        "path_bound",
    )

    def __init__(
        self,
        matcher: Matcher,
        pattern_set: PatternSet,
        inherited: int,
        active: int,
        cursors: Cursors,
    ) -> None:
        self.known: dict[str, Judgement] = {}
        self.constant: Judgement | None = None
        self.path_bound = any(isinstance(cursor, WholePath) for _, cursor in cursors)
        self._matcher = matcher
        self._pattern_set = pattern_set
        self._inherited = inherited
        self._active = active
        self._cursors = cursors
        self._passed: Callable[[str], int] | None = None
        self._by_arrival: dict[int | Position, Judgement] = {}
        if not active and not cursors:
            self.constant = self._constant()

    def judge(self, name: str) -> Judgement:
        """Judge a name in this folder.

        Raises PatternError where a pattern that cannot be used is looked at.
        """
        found = self.known.get(name) or self.constant
        return found if found is not None else self._judge(name)

    def _judge(self, name: str) -> Judgement:
        key: int | Position
        if self._cursors:
            key = self._pattern_set.arrive(self._active, self._cursors, name)
        else:
            if self._passed is None:
                self._passed = self._pattern_set.name_index(self._active).passed
            key = self._passed(name)
        if self.path_bound:
            return self._outcome(key)
        found = self._by_arrival.get(key)
        if found is None:
            found = self._by_arrival[key] = self._outcome(key)
        if len(self.known) >= _NAME_LIMIT:
            self.known.clear()
            self._by_arrival.clear()
        self.known[name] = found
        return found

    def _outcome(self, key: int | Position) -> Judgement:
        """Decide what a set of passed tests, or an arrival, comes to."""
        if isinstance(key, int):
            key = Position(self._pattern_set.advance(key), 0, ())
        hits = self._pattern_set.hits(key)
        hit, decided, inherited = self._matcher.outcome(self._inherited, hits)
        reincludes = (
            not hit
            and decided >= 0
            and not self._inherited >> decided & 1
            and not self._matcher.patterns[decided].sweeps
        )
        return Judgement(
            hit, decided, self._matcher, inherited, key, reincludes=reincludes
        )

    def _constant(self) -> Judgement | None:
        """The judgement on every name, unless it is an error."""
        try:
            found = self._outcome(0)
        except PatternError:
            return None
        found.fix(self)
        return found


class Judgement:
    """What becomes of all names with the same outcome in one state.

    `hit`: excluded (or, where the patterns say what to take, included).
    `decided_by`: the index of the pattern that had the last word, -1 for none.
    `matched`: the patterns that were looked at and match, one bit each.
    `reincludes`: a negated pattern brings back these very names, not a folder above.
    """

    __slots__ = (
        "_arrival",
        "_child",
        "_matcher",
        "decided_by",
        "hit",
        "matched",
        "reincludes",
    )

    def __init__(
        self,
        hit: bool,  # noqa: FBT001  # built in one place, in the order of the outcome
        decided_by: int,
        matcher: Matcher,
        matched: int,
        arrival: Position,
        *,
        reincludes: bool = False,
    ) -> None:
        self.hit = hit
        self.reincludes = reincludes
        self.decided_by = decided_by
        self._matcher = matcher
        self.matched = matched
        self._arrival = arrival
        self._child: State | None = None

    @property
    def child(self) -> State:
        """The state inside, if the name is a folder."""
        if self._child is None:
            self._child = self._matcher.descend(self.matched, self._arrival)
        return self._child

    def fix(self, child: State) -> None:
        """Say what `child` is, where it is already known."""
        self._child = child


def _plan_or_error(pattern: Pattern) -> CompiledPattern | PatternError:
    try:
        return pattern.plan
    except PatternError as error:
        return error


def _prefixes(path: str) -> Iterator[str]:
    """The folders above a path, from the first one down, and then the path."""
    slash = path.find("/")
    while slash >= 0:
        yield path[:slash]
        slash = path.find("/", slash + 1)
    yield path


def _union(masks: Sequence[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


NO_PATTERNS = Matcher(())  # of a root without an ignore file
