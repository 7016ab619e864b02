"""The other Dockerfiles that an ignore file serves, asked together what they need.

Of three hundred builds of a context each asks all the others about each find: whether
`api/Dockerfile` needs `logs` is found out once, and kept as a bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.suggest.hints import OtherHints
from ctxopt.core.suggest.rules import Rule


class Needs:
    """What Dockerfiles of one context need, for one set of rules; see the module.

    A Dockerfile is a bit, by when it was first met.
    """

    def __init__(self) -> None:
        self._bits: dict[OtherHints, int] = {}
        # By rule, path and kind: who was asked about it, and who needs it.
        self._known: dict[tuple[str, str, str], list[int]] = {}

    def bit(self, one: OtherHints) -> int:
        """The bit that stands for a Dockerfile."""
        return self._bits.setdefault(one, 1 << len(self._bits))

    def known(self, rule: Rule, find: ClutterMatch) -> list[int]:
        """Who was asked about a find, and who needs it: to be written to."""
        return self._known.setdefault((rule.id, find.path, find.kind), [0, 0])


class Others:
    """Some of these Dockerfiles, in their order."""

    def __init__(
        self, several: Iterable[OtherHints] = (), needs: Needs | None = None
    ) -> None:
        self._needs = Needs() if needs is None else needs
        self._several = {one: self._needs.bit(one) for one in several}
        self._all = sum(self._several.values())

    def __iter__(self) -> Iterator[OtherHints]:
        return iter(self._several)

    def need(self, rule: Rule, find: ClutterMatch) -> str | None:
        """Why the first that needs a find does, in words; None where none does."""
        if not self._all:
            return None
        known = self._needs.known(rule, find)
        asked, needing = known
        if not (self._all & ~asked or self._all & needing):
            return None
        for one, bit in self._several.items():
            if asked & bit and not needing & bit:
                continue
            known[0] |= bit
            why = one.need(rule, find)
            if why is not None:
                known[1] |= bit
                return why
        return None
