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
