"""States for walks that ask another question than a build does."""

from __future__ import annotations

from functools import partial

from ctxopt.core.judging.judge import Decision, JudgingState, StandingState
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import TypeAlias


class LegacyValidation:
    """The walk of the legacy client before it archives anything.

    It judges each path alone and enters no excluded folder, whatever is brought back
    below it. Rule: docker/cli, build/context.go, ValidateContextDirectory.
    """

    __slots__ = ("_matcher", "_prefix", "known")

    def __init__(self, matcher: Matcher, prefix: str = "") -> None:
        self._matcher = matcher
        self._prefix = prefix
        self.known: dict[str, Decision] = {}  # nothing is asked twice

    def decide(self, name: str) -> Decision:
        """The decision on a name.

        Raises PatternError when a pattern that does not compile is evaluated.
        """
        path = self._prefix + name
        kept = not self._matcher.matches_or_parent_matches(path)
        return Decision(
            kept=kept,
            taken=kept,
            enter=kept,
            mask=0,
            arrived=False,
            make_child=partial(LegacyValidation, self._matcher, path + "/"),
        )


class Compared:
    """Two walks of the same folder side by side, and in what they differ.

    `kept` and `enter` hold where they do for one of them. `mask` tells who keeps a
    name: 1 the first, 2 the second, 3 both; `taken` says that just one does.
    Where one of them fails on a pattern, so does this.
    """

    __slots__ = ("_both", "_known", "_same", "known")

    def __init__(self, both: _Both, known: dict[tuple[int, int], Compared]) -> None:
        self._both = both  # None: that one does not come here
        self._known = known  # by the ids of the two, which are held there
        self._same: dict[tuple[int, int], Decision] = {}
        self.known: dict[str, Decision] = {}  # each of them remembers its own

    @classmethod
    def start(
        cls, first: StandingState | None, second: StandingState | None
    ) -> Compared:
        """Both in the folder in which they begin."""
        return cls((first, second), {})

    @property
    def standing(self) -> tuple[object, ...]:
        """What decides on all names here and below; as that of `FolderState`."""
        return tuple(one and one.standing for one in self._both)

    @property
    def private(self) -> bool:
        """Whether one of them knows its own path, and so serves one folder only."""
        return any(one is not None and one.private for one in self._both)

    @property
    def opens(self) -> None:
        """Who opens a file makes no difference: it is named."""

    def decide(self, name: str) -> Decision:
        """The decision on a name.

        Raises PatternError when a pattern that does not compile is evaluated.
        """
        first, second = (_decided(one, name) for one in self._both)
        key = id(first), id(second)
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = self._compared(first, second)
        return found

    def _compared(self, first: Decision | None, second: Decision | None) -> Decision:
        both = (first, second)
        kept = [one is not None and one.kept for one in both]
        return Decision(
            kept=any(kept),
            taken=kept[0] != kept[1],
            enter=any(one is not None and one.enter for one in both),
            mask=kept[0] | kept[1] << 1,
            arrived=False,
            # They are held here, so that no other decision gets the same id.
            make_child=lambda: self._inside(_child(first), _child(second)),
        )

    def _inside(
        self, first: StandingState | None, second: StandingState | None
    ) -> Compared:
        """Both in a folder inside; one state for all folders that are alike to both."""
        both = first, second
        key = id(first), id(second)
        found = self._known.get(key)
        if found is None:
            found = Compared(both, self._known)
            if not found.private:
                self._known[key] = found
        return found


_Both: TypeAlias = "tuple[StandingState | None, StandingState | None]"


def _decided(state: StandingState | None, name: str) -> Decision | None:
    if state is None:
        return None
    decision = state.known.get(name) or state.decide(name)
    if decision.error is not None:
        raise decision.error
    return decision


def _child(decision: Decision | None) -> StandingState | None:
    if decision is None or not decision.enter:
        return None
    return cast("StandingState", decision.child)  # as the one that decided is


class NoFilter:
    """A state that lets all through and only tells what another one thinks of it.

    `taken` says that the entry travels, `kept` and `enter` hold for all.
    """

    __slots__ = ("_real", "known")

    def __init__(self, real: JudgingState | None) -> None:
        self._real = real
        self.known: dict[str, Decision] = {}

    def decide(self, name: str) -> Decision:
        """The decision on a name.

        Raises PatternError when a pattern that does not compile is evaluated.
        """
        real = self._real.decide(name) if self._real is not None else None
        return Decision(
            kept=True,
            taken=real is not None and real.kept,
            enter=True,
            mask=0,
            arrived=False,
            make_child=lambda: NoFilter(
                real.child if real is not None and real.enter else None
            ),
        )
