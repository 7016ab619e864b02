"""Builds before and after a change of their ignore file, judged by names alone.

Each build is a pair of states. Of a name, a `Verdict` tells which pairs lose it, which
keep it, and which have to be asked alone; pairs are bits, as in `joint`. What is known
from a name, whatever its path, is worked out once for all folders that stand alike: of
`**/node_modules` that `index.js` in it goes, of `COPY src` that `src` may not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.judging.judge import Decision, FolderState, RememberingState
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple


class PairRules(NamedTuple):
    """What a pair may lose, and how its client looks at names."""

    same_transfer: bool  # nothing that the build takes
    sends_all: bool  # whatever the sources ask for
    validates: bool  # its client looks into folders that are kept out, too
    # Whether the client opens a file, see `Builder.opens`.
    opens: Callable[[str, bool], bool] | None = None
    opens_after: Callable[[str, bool], bool] | None = None


class StatePair(NamedTuple):
    """A build in one folder, before and after; None: it does not come there."""

    bit: int
    before: FolderState | None
    after: FolderState | None


class Verdict:
    """What becomes of all entries of one name in folders that stand alike.

    Bits of pairs: `gone`, kept before and not after; `stays`, kept in both; `doubtful`,
    something speaks against it, or names are not enough; `barred`, kept out, and yet
    looked into; `asked`, whether the client opens it is told by its path; `arrived`,
    the path of some target ends here. `special` says that one of the last four is
    there, `enters` that some pair goes in, if it is a folder.
    """

    __slots__ = (
        *("arrived", "asked", "barred", "decisions", "doubtful", "enters", "gone"),
        *("inside", "special", "stays"),
    )

    def __init__(self, decisions: Sequence[tuple[Decision | None, ...]]) -> None:
        self.decisions = decisions  # of each pair of the folder, before and after
        self.inside: PairedState | None = None
        self.arrived = self.asked = self.barred = self.doubtful = 0
        self.gone = self.stays = 0
        self.enters = any(
            one is not None and one.enter for both in decisions for one in both
        )
        self.special = False


class _Memory:
    """What all states of a walk have in common."""

    __slots__ = ("late", "rules", "states", "taken")

    def __init__(self, rules: Sequence[PairRules]) -> None:
        self.rules = rules
        self.states: dict[tuple[StatePair, ...], PairedState] = {}
        # The sources of each pair that take anything, before and after; and those that
        # take a folder which travels if anything in it does.
        self.taken = [[0, 0] for _ in rules]
        self.late = [[0, 0] for _ in rules]


class PairedState(RememberingState[Verdict]):
    """The states of some pairs in one folder, and the verdicts on its names."""

    __slots__ = ("_memory", "members", "pairs")

    def __init__(self, pairs: tuple[StatePair, ...], memory: _Memory) -> None:
        super().__init__()
        self.pairs = pairs
        self.members = sum(pair.bit for pair in pairs)  # of which one side comes here
        self._memory = memory

    @classmethod
    def start(
        cls, states: Sequence[tuple[FolderState, FolderState]], rules: list[PairRules]
    ) -> PairedState:
        """All pairs in their root, with a bit each in this order."""
        pairs = [StatePair(1 << at, *both) for at, both in enumerate(states)]
        return cls((*pairs,), _Memory(rules))

    def taken(self, bit: int) -> Sequence[int] | None:
        """The sources of a pair that take any name met so far, before and after.

        None where that depends on whether something in a folder travels.
        """
        at = bit.bit_length() - 1
        taken, late = self._memory.taken[at], self._memory.late[at]
        known = all(not more & ~mask for mask, more in zip(taken, late, strict=True))
        return taken if known else None

    def rules(self, bit: int) -> PairRules:
        """What is asked of a pair."""
        return self._memory.rules[bit.bit_length() - 1]

    def inside(self, verdict: Verdict) -> PairedState:
        """The state in a folder that was entered with this verdict on its name."""
        if verdict.inside is None:
            pairs = [
                StatePair(pair.bit, *map(_child, both))
                for pair, both in zip(self.pairs, verdict.decisions, strict=True)
                if any(one is not None and one.enter for one in both)
            ]
            verdict.inside = self._shared((*pairs,))
        return verdict.inside

    def _shared(self, pairs: tuple[StatePair, ...]) -> PairedState:
        sides = [side for pair in pairs for side in pair[1:] if side is not None]
        if any(side.private for side in sides):  # good for one folder only
            return PairedState(pairs, self._memory)
        states = self._memory.states
        found = states.get(pairs)
        if found is None:
            found = states[pairs] = PairedState(pairs, self._memory)
        return found

    def _decide(self, name: str) -> Verdict:
        decisions = []
        failed = 0
        for pair in self.pairs:
            try:
                both = _decision(pair.before, name), _decision(pair.after, name)
            except PatternError:
                failed |= pair.bit
                both = None, None
            decisions.append(both)
        key = (failed, *(id(one) for both in decisions for one in both))
        found = self._same.get(key)
        if found is None:
            # It holds the decisions, so that no other one gets the same id.
            found = self._same[key] = self._combined(decisions, failed)
        return found

    def _combined(
        self, decisions: Sequence[tuple[Decision | None, ...]], failed: int
    ) -> Verdict:
        verdict = Verdict(decisions)
        verdict.doubtful = failed
        for pair, (before, after) in zip(self.pairs, decisions, strict=True):
            rules = self.rules(pair.bit)
            self._note(verdict, pair.bit, before, after)
            if _speaks_against(rules, before, after):
                verdict.doubtful |= pair.bit
            self._count(pair.bit, before, after)
        verdict.special = bool(
            verdict.doubtful | verdict.barred | verdict.asked | verdict.arrived
        )
        return verdict

    def _note(
        self,
        verdict: Verdict,
        bit: int,
        before: Decision | None,
        after: Decision | None,
    ) -> None:
        """Tell what becomes of the name in one pair."""
        rules = self.rules(bit)
        both = [one for one in (before, after) if one is not None]
        if before is not None and before.kept:
            if after is not None and after.kept:
                verdict.stays |= bit
                is_asked = (rules.opens or rules.opens_after) is not None
                if is_asked and (before.touched or after.touched):
                    verdict.asked |= bit
            else:
                verdict.gone |= bit
        if any(one.arrived for one in both):
            verdict.arrived |= bit
        if rules.validates and any(one.dropped for one in both):
            verdict.barred |= bit

    def _count(self, bit: int, before: Decision | None, after: Decision | None) -> None:
        """Note which sources take the name."""
        at = bit.bit_length() - 1
        for side, decision in enumerate((before, after)):
            if decision is not None and (decision.taken or decision.enter):
                sums = self._memory.taken if decision.taken else self._memory.late
                sums[at][side] |= decision.mask


def _decision(state: FolderState | None, name: str) -> Decision | None:
    if state is None:
        return None
    return state.known.get(name) or state.decide(name)


def _child(decision: Decision | None) -> FolderState | None:
    if decision is None or not decision.enter:
        return None
    return decision.child  # type: ignore[return-value]  # of a FolderState


def _speaks_against(
    rules: PairRules, before: Decision | None, after: Decision | None
) -> bool:
    """Whether a name comes, or goes and may not, wherever it is."""
    if after is not None and _comes(before, after):
        return True
    if before is None or not before.kept or (after is not None and after.kept):
        return False
    if rules.same_transfer:
        return bool(before.mask) if rules.sends_all else before.taken
    return before.named or before.reincluded


def _comes(before: Decision | None, after: Decision) -> bool:
    """Whether a name is kept, taken or entered after, and was not before."""
    if before is None:
        return after.kept or after.enter
    return (
        after.kept > before.kept
        or after.taken > before.taken
        or after.enter > before.enter
    )
