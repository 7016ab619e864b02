"""States for walks that ask another question than a build does."""

from __future__ import annotations

from functools import partial

from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.patterns.matcher import Matcher


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

    __slots__ = ("_first", "_same", "_second", "known")

    def __init__(self, first: JudgingState | None, second: JudgingState | None) -> None:
        self._first = first  # None: it does not come here
        self._second = second
        self._same: dict[tuple[int, int], Decision] = {}
        self.known: dict[str, Decision] = {}  # each of them remembers its own

    def decide(self, name: str) -> Decision:
        """The decision on a name.

        Raises PatternError when a pattern that does not compile is evaluated.
        """
        first, second = _decided(self._first, name), _decided(self._second, name)
        key = id(first), id(second)
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = _compared(first, second)
        return found


def _decided(state: JudgingState | None, name: str) -> Decision | None:
    if state is None:
        return None
    decision = state.decide(name)
    if decision.error is not None:
        raise decision.error
    return decision


def _compared(first: Decision | None, second: Decision | None) -> Decision:
    both = (first, second)
    kept = [one is not None and one.kept for one in both]
    return Decision(
        kept=any(kept),
        taken=kept[0] != kept[1],
        enter=any(one is not None and one.enter for one in both),
        mask=kept[0] | kept[1] << 1,
        arrived=False,
        # They are held here, so that no other decision gets the same id.
        make_child=lambda: Compared(*(_child(one) for one in both)),
    )


def _child(decision: Decision | None) -> JudgingState | None:
    return decision.child if decision is not None and decision.enter else None


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
