"""Several views of one folder judged together: where all decide alike, once for all.

A view is what one job makes of a tree. Ten builds of one root differ in few names: of
`node_modules/a/b.js` all of them say the same, however their ignore files came to it.
A `JointState` puts a name to the states of all views and hands out one decision, with
the sides where they do not agree.

Views are bits of `members`. So that one fold can tell whose sources take an entry, each
view has a row of bits in the masks of joint decisions: with three sources at most, the
second source of view 1 is bit 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.judge import Decision, RememberingState, StandingState
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple


class View(NamedTuple):
    """Views that stand in one state, as the bits of `members`."""

    state: StandingState
    members: int


class Rows:
    """Which bits of a joint mask are whose sources."""

    __slots__ = ("_ones", "width")

    def __init__(self, width: int) -> None:
        self.width = width  # the most sources that a view has
        self._ones: dict[int, int] = {}

    def spread(self, mask: int, members: int) -> int:
        """A mask of these views' own, put in the row of each."""
        if not mask:
            return 0
        ones = self._ones.get(members)
        if ones is None:
            ones = sum(1 << member * self.width for member in bits(members))
            self._ones[members] = ones
        return mask * ones

    def of(self, members: int) -> int:
        """All bits in the rows of some views."""
        return self.spread((1 << self.width) - 1, members)


class JointDecision(Decision):
    """What becomes of a name for several views; `sides` are who disagree, if any."""

    __slots__ = ("sides",)

    def __init__(
        self,
        first: Decision,
        mask: int,
        make_child: Callable[[], JointState],
        sides: Sequence[int] = (),
    ) -> None:
        super().__init__(
            kept=first.kept,
            taken=first.taken,
            enter=first.enter,
            mask=mask,
            arrived=first.arrived,
            make_child=make_child,
            hits=first.hits,
            named=first.named,
            reincluded=first.reincluded,
            error=first.error,
            touched=first.touched,
        )
        self.sides = sides


class _Memory:
    """What all joint states of a walk have in common."""

    __slots__ = ("rows", "states")

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.states: dict[tuple[tuple[int, int], ...], JointState] = {}


class JointState(RememberingState[Decision]):
    """The states of several views in one folder.

    Its decision is that of the first side, if there are several. It raises PatternError
    where that is what all views come to.
    """

    __slots__ = ("_memory", "views")

    def __init__(self, views: tuple[View, ...], memory: _Memory) -> None:
        super().__init__()
        self.views = views
        self._memory = memory

    @classmethod
    def start(cls, states: Sequence[StandingState], width: int) -> JointState:
        """All views in their root: the first state is that of member 0."""
        views = [View(state, 1 << member) for member, state in enumerate(states)]
        return _joint(views, _Memory(Rows(width)))

    @property
    def members(self) -> int:
        """The views, a bit each."""
        return sum(view.members for view in self.views)

    @property
    def opens(self) -> Callable[[str, bool], bool] | None:
        """Whether the client opens a file that a line touches; None: always.

        The same for all views, where they agree on such a file.
        """
        return self.views[0].state.opens

    @property
    def rows(self) -> Rows:
        """Which bits of masks are whose."""
        return self._memory.rows

    def together(self, others: Iterable[JointState]) -> JointState:
        """The state of these views and of those of other states in the same folder."""
        views = [view for one in (self, *others) for view in one.views]
        return _joint(views, self._memory)

    def only(self, members: int) -> JointState:
        """The state of some of the views."""
        views = [View(one.state, one.members & members) for one in self.views]
        return _joint([view for view in views if view.members], self._memory)

    def _decide(self, name: str) -> Decision:
        views = self.views
        decisions: list[Decision | None] = []
        failed: PatternError | None = None
        for view in views:
            try:
                decisions.append(view.state.known.get(name) or view.state.decide(name))
            except PatternError as error:
                failed = error
                decisions.append(None)
        if failed is not None and not any(decisions):
            raise failed
        key = tuple([id(decision) for decision in decisions])
        found = self._same.get(key)
        if found is None:
            found = self._combined(decisions)
            # The ids are those of decisions that `found` holds.
            self._same[key] = found
        return found

    def _combined(self, decisions: Sequence[Decision | None]) -> JointDecision:
        spread = self._memory.rows.spread
        sides: dict[object, int] = {}
        first: Decision | None = None
        mask = 0
        for view, decision in zip(self.views, decisions, strict=True):
            opens = view.state.opens
            outcome = _outcome(decision, opens) if decision is not None else None
            sides[outcome] = sides.get(outcome, 0) | view.members
            if decision is not None:
                first = first or decision
                mask |= spread(decision.mask, view.members)
        assert first is not None  # or all of them fail, and there is no decision
        apart = tuple(sides.values()) if len(sides) > 1 else ()
        return JointDecision(first, mask, lambda: self._child(decisions), apart)

    def _child(self, decisions: Sequence[Decision | None]) -> JointState:
        return _joint(
            [
                View(decision.child, view.members)  # type: ignore[arg-type]
                for view, decision in zip(self.views, decisions, strict=True)
                if decision is not None
            ],
            self._memory,
        )


def _outcome(decision: Decision, opens: object) -> tuple[object, ...]:
    """In what decisions must agree for one fold to count for both.

    Who takes an entry is told apart by the mask, but not whether anybody does. Whether
    a file is opened is asked where a line touches it.
    """
    return (
        decision.kept,
        decision.taken,
        decision.enter,
        bool(decision.mask),
        decision.arrived,
        decision.hits,
        decision.named,
        decision.reincluded,
        decision.error is None,
        opens if decision.touched and decision.kept else None,
    )


def _joint(views: Iterable[View], memory: _Memory) -> JointState:
    """One state for all, views of equal standing in one: shared, if it may be."""
    standing: dict[tuple[object, ...], View] = {}
    for state, members in views:
        place = state.standing
        known = standing.get(place)
        if known is None:
            standing[place] = View(state, members)
        else:
            standing[place] = View(known.state, known.members | members)
    merged = tuple(standing.values())
    if any(view.state.private for view in merged):
        return JointState(merged, memory)
    key = tuple(sorted((id(view.state), view.members) for view in merged))
    found = memory.states.get(key)
    if found is None:
        found = memory.states[key] = JointState(merged, memory)
    return found
