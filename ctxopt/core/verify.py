"""Hold what we say of a build against what a real docker did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

# The release from which the sender matches ignore files as we do; before it the
# order of patterns and the pruning of folders differ in odd cases.
_CURRENT_RULES_SINCE: Final = 23


@dataclass(frozen=True, slots=True)
class Observation:
    """What a real docker made of a context."""

    client: str  # its version
    engine: str | None  # its version; None: the client alone was asked
    wire_bytes: int  # 0: nothing was transferred
    printed: str | None  # the size as docker printed it
    members: tuple[str, ...] | None  # as sent, folders with "/"; None: not to be had
    dockerfile_wire_bytes: int | None = None  # None: no such transfer, or not to be had
    ignorefile_wire_bytes: int | None = None
    error: str | None = None  # what docker refused with
    exact: bool = True  # False: `wire_bytes` is read back from the rounded `printed`


@dataclass(frozen=True, slots=True)
class Prediction:
    """What we say docker would do; a field that is None is not compared."""

    wire_bytes: int
    printed: str | None = None
    members: tuple[str, ...] | None = None
    alternative_wire_bytes: int | None = None  # the legacy client's rarer order
    dockerfile_wire_bytes: int | None = None
    ignorefile_wire_bytes: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where prediction and observation part; differences are docker's minus ours."""

    same: bool
    exact: bool  # False: equal or different only as far as docker prints digits
    difference_bytes: int = 0
    missing: tuple[str, ...] = ()  # we name it, docker did not send it
    extra: tuple[str, ...] = ()  # docker sent it, we do not name it
    reordered: bool = False  # the same entries in another order
    dockerfile_difference_bytes: int = 0
    ignorefile_difference_bytes: int = 0
    error_differs: bool = False  # one of the two refuses, the other does not
    whole: bool = False  # `missing` and `extra` are those of the whole context
    note: str | None = None  # why a difference may not be ours


@dataclass(frozen=True, slots=True)
class Verification:
    """What we said, what docker did, and where the two part."""

    prediction: Prediction
    observation: Observation
    comparison: Comparison


def compare(expected: Prediction, observation: Observation) -> Comparison:
    """Tell whether docker did what we said, and if not, by how much and where.

    The wording of a refusal changes between releases, so two refusals are the
    same whatever they say; nothing else is compared then.
    """
    if expected.error is not None or observation.error is not None:
        differs = (expected.error is None) != (observation.error is None)
        return Comparison(
            same=not differs,
            exact=True,
            error_differs=differs,
            note=_note(observation) if differs else None,
        )
    difference = _difference(expected, observation)
    missing, extra, reordered = _entries(expected, observation)
    dockerfile = _minus(
        observation.dockerfile_wire_bytes, expected.dockerfile_wire_bytes
    )
    ignorefile = _ignorefile_difference(expected, observation)
    same = not (difference or missing or extra or reordered or dockerfile or ignorefile)
    return Comparison(
        same=same,
        exact=observation.exact,
        difference_bytes=difference,
        missing=missing,
        extra=extra,
        reordered=reordered,
        dockerfile_difference_bytes=dockerfile,
        ignorefile_difference_bytes=ignorefile,
        note=None if same else _note(observation),
    )


def with_whole(
    comparison: Comparison, ours: Sequence[str], theirs: Sequence[str]
) -> Comparison:
    """Add where the whole context differs, for a build that requests a part of it.

    Docker cannot be asked what it sends of a part, only how much.
    """
    missing, extra = _only_in_one(ours, theirs)
    return replace(comparison, whole=True, missing=missing, extra=extra)


def _difference(expected: Prediction, observation: Observation) -> int:
    """Return docker's bytes minus ours; 0 where rounding leaves no difference."""
    if observation.wire_bytes == expected.alternative_wire_bytes:
        return 0
    if not observation.exact and observation.printed == expected.printed:
        return 0
    return observation.wire_bytes - expected.wire_bytes


def _entries(
    expected: Prediction, observation: Observation
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return the entries only we name, those only docker sent, and "reordered"."""
    ours, theirs = expected.members, observation.members
    if ours is None or theirs is None or ours == theirs:
        return (), (), False
    missing, extra = _only_in_one(ours, theirs)
    # The rarer order of the two invented entries is the alternative, not an error.
    rarer = observation.wire_bytes == expected.alternative_wire_bytes
    return missing, extra, not (missing or extra or rarer)


def _only_in_one(
    ours: Sequence[str], theirs: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    our_set, their_set = frozenset(ours), frozenset(theirs)
    return (
        tuple(name for name in ours if name not in their_set),
        tuple(name for name in theirs if name not in our_set),
    )


def _minus(observed: int | None, expected: int | None) -> int:
    return 0 if observed is None or expected is None else observed - expected


def _ignorefile_difference(expected: Prediction, observation: Observation) -> int:
    # Old BuildKit asks for `.dockerignore` even where the ignore file beside the
    # Dockerfile wins; it makes nothing of the answer.
    if not expected.ignorefile_wire_bytes and _old_version(observation):
        return 0
    return _minus(observation.ignorefile_wire_bytes, expected.ignorefile_wire_bytes)


def _note(observation: Observation) -> str | None:
    """Return the one reason for a difference that lies in docker's age."""
    old = _old_version(observation)
    if old is None:
        return None
    return (
        f"this docker is {old}: BuildKit before {_CURRENT_RULES_SINCE} matches ignore "
        "files differently, so the difference may be its age"
    )


def _old_version(observation: Observation) -> str | None:
    """Return the version that makes this BuildKit an old one: the sender's first."""
    if observation.engine is None:
        return None
    for version in (observation.client, observation.engine):
        if _major(version) < _CURRENT_RULES_SINCE:
            return version
    return None


def _major(version: str) -> int:
    digits = version.partition(".")[0]
    return int(digits) if digits.isdigit() else _CURRENT_RULES_SINCE
