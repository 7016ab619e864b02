"""The suggestions that both builders accept, when some stand in the way of a source.

Of `.git`, `logs` and `build` the second is left out where the legacy builder needs a
file in it that BuildKit does not; the others are written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ctxopt.core.suggest.weighing import Weighed
from ctxopt.core.tuples import NamedTuple
from ctxopt.pipeline.simulation import ChangeError


class Agreed(NamedTuple):
    """What can be written, and what there is to say of it."""

    chosen: tuple[Weighed, ...]
    notes: tuple[str, ...]


def agreed(
    chosen: Sequence[Weighed],
    attempt: Callable[[Sequence[Weighed]], Sequence[str]],
    *,
    insisted: Collection[str] = (),
    again: bool = False,
) -> Agreed:
    """Those of the chosen that pass together, without the ones that stand in the way.

    `attempt` tries some of them out and hands back what could not be tried; `insisted`
    has the ids that a person asked for by name. `again`: the others may be written by
    now, so that none is left.
    Raises the first ChangeError where one that was asked for is in the way, or where
    there is nothing else to write.
    """
    left = [*chosen]
    said: list[str] = []
    first: ChangeError | None = None
    least = 1 if again else 2
    while True:
        try:
            return Agreed(tuple(left), (*attempt(left), *said))
        except ChangeError as refusal:
            first = first or refusal
            blamed = _blamed(left, refusal, attempt)
            if blamed is None or len(left) < least or blamed.shown.id in insisted:
                raise first from None
            left.remove(blamed)
            said.append(f"{blamed.shown.id} is left out: {refusal.why}")


def _blamed(
    chosen: Sequence[Weighed],
    refusal: ChangeError,
    attempt: Callable[[Sequence[Weighed]], Sequence[str]],
) -> Weighed | None:
    """Which one is in the way: by its line, or else the first that is alone, too."""
    for one in chosen:
        if refusal.text in one.proposal.lines:
            return one
    if len(chosen) == 1:
        return chosen[0]
    for one in chosen:
        try:
            attempt([one])
        except ChangeError:
            return one
    return None
