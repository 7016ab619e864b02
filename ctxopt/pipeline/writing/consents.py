"""Suggestions by who has to agree before they are written.

Caches are written without a question, `docs` is asked about, and nobody is asked about
lines that keep nothing out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import Enum

from ctxopt.core.model import Confidence, Suggestion
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.core.tuples import NamedTuple
from ctxopt.pipeline.advice import hides_secrets
from ctxopt.pipeline.writing.plan import Choice


class Consents(NamedTuple):
    """What is wanted of the suggestions for one file, by who has to agree."""

    sure: tuple[Weighed, ...] = ()  # written without a question
    doubtful: tuple[Weighed, ...] = ()  # to be asked about
    idle: tuple[Weighed, ...] = ()  # lines that keep nothing out of the context

    @property
    def questions(self) -> tuple[Suggestion, ...]:
        """The suggestions to ask about, what saves most first."""
        return tuple(one.shown for one in self.doubtful)

    @property
    def unsent(self) -> tuple[Suggestion, ...]:
        """Those that need no answer, and save nothing: a layer is cached for them."""
        return tuple(one.shown for one in self.idle)

    @property
    def overruled(self) -> tuple[str, ...]:
        """What speaks against those that were asked for by name, in words."""
        return tuple(
            f"{one.shown.id} is written as you say, and yet {one.proposal.against}"
            for one in self.sure
            if one.proposal.against
        )

    def chosen(
        self, ranked: Sequence[Weighed], accepted: Collection[str]
    ) -> tuple[Weighed, ...]:
        """What is sure and what is accepted by its id, in the order of `ranked`."""
        asked = (*self.doubtful, *self.idle)
        wanted = {one.shown.id for one in self.sure}
        wanted |= {one.shown.id for one in asked if one.shown.id in accepted}
        return tuple(one for one in ranked if one.shown.id in wanted)

    def refused(self, declined: Collection[str]) -> list[Weighed]:
        """The doubtful ones that a person said no to."""
        return [one for one in self.doubtful if one.shown.id in declined]


def consents(
    ranked: Sequence[Weighed],
    choice: Choice,
    *,
    only: Collection[str],
    skip: Collection[str],
    is_first: bool,
) -> Consents:
    """The suggestions that a choice leaves, by who has to agree.

    `only` and `skip` have the ids that the names in the choice mean; `is_first` says
    that there is no ignore file yet, which begins with what is not there yet, too.
    """
    groups: dict[_Consent, list[Weighed]] = {one: [] for one in _Consent}
    for one in _wanted(ranked, choice, only, skip, is_first=is_first):
        groups[_consent(one.shown, choice, only)].append(one)
    return Consents(*(tuple(groups[one]) for one in _Consent))


def is_worth_it(chosen: Sequence[Weighed]) -> bool:
    """Whether it is wanted even where the file that grows is sent."""
    return hides_secrets(chosen) or any(one.shown.preventive for one in chosen)


class _Consent(Enum):
    """Who has to agree before a suggestion is written, in the order of `Consents`."""

    GIVEN = "given"
    ASKED = "asked"
    IDLE = "idle"  # nobody needs it: it keeps nothing out of the context


def _wanted(
    ranked: Sequence[Weighed],
    choice: Choice,
    only: Collection[str],
    skip: Collection[str],
    *,
    is_first: bool,
) -> Iterator[Weighed]:
    ahead = choice.preventive or is_first
    for one in ranked:
        shown = one.shown
        is_named = shown.id in only
        if shown.id in skip or (choice.only and not is_named):
            continue
        if not shown.preventive or is_named or ahead:
            yield one


def _consent(one: Suggestion, choice: Choice, only: Collection[str]) -> _Consent:
    if one.id in only:
        return _Consent.GIVEN
    if one.confidence is Confidence.ASK and not choice.include_ask:
        return _Consent.ASKED
    # What this build does not send, the legacy builder and other builds do.
    return _Consent.IDLE if one.for_cache else _Consent.GIVEN
