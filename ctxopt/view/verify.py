"""What `verify` says: same or not, by how much, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builds.answers import BuildDifference
from ctxopt.core.builds.records import FoundBuilds
from ctxopt.core.verify import Comparison, Observation, Prediction, Verification
from ctxopt.view.terminal.formatting import printable

SHOWN = 10  # entries named of each kind


def describe(verification: Verification) -> Iterator[str]:
    """The verdict first, then who was asked, then every difference in a line."""
    prediction, observation = verification.prediction, verification.observation
    comparison = verification.comparison
    if comparison.same:
        yield f"same: {_what(prediction, observation)}"
    else:
        yield f"differs: {_difference(comparison, prediction, observation)}"
    yield f"asked: {_who(observation)}"
    if not comparison.same:
        yield from _details(comparison)
        if comparison.note:
            yield f"note: {comparison.note}"


def describe_reading(
    asked: Sequence[str], parted: Sequence[BuildDifference], found: FoundBuilds
) -> Iterator[str]:
    """Whether docker reads the same builds in compose and bake files, and where not."""
    count = len(found.builds)
    builds = f"{count} build{'s' if count != 1 else ''}"
    if parted:
        wrong = len({one.build for one in parted})
        yield f"differs: {wrong} of {builds} read otherwise"
    else:
        yield f"same: {builds}"
    yield f"asked: {' and '.join(asked)}"
    for one in parted[:SHOWN]:
        said = f"{one.field}: " if one.field else ""
        ours, theirs = printable(one.ours), printable(one.theirs)
        yield f'{printable(one.build)}: {said}ctxopt "{ours}", docker "{theirs}"'
    if len(parted) > SHOWN:
        yield f"{len(parted) - SHOWN} more"


def _what(prediction: Prediction, observation: Observation) -> str:
    if prediction.error is not None:
        return f"both refuse: {printable(observation.error or '')}"
    size = observation.wire_bytes
    if not observation.exact:
        return f'docker prints "{observation.printed}", as predicted'
    said = f', printed as "{observation.printed}"' if observation.printed else ""
    if size == prediction.alternative_wire_bytes:
        return f"{size} bytes{said}, the rarer of the two sizes predicted"
    entries = observation.members
    count = f", {len(entries)} entries" if entries is not None else ""
    return f"{size} bytes{said}{count}"


def _difference(
    comparison: Comparison, prediction: Prediction, observation: Observation
) -> str:
    if comparison.error_differs:
        if observation.error is None:
            return (
                f"docker takes it, ctxopt refuses: {printable(prediction.error or '')}"
            )
        return f"docker refuses it, ctxopt does not: {printable(observation.error)}"
    ours, theirs = prediction.wire_bytes, observation.wire_bytes
    about = "" if observation.exact else "about "
    if comparison.difference_bytes:
        by = f"{about}{comparison.difference_bytes:+d} bytes"
        return f"docker sends {about}{theirs} bytes, ctxopt says {ours} ({by})"
    return f"{theirs} bytes as predicted, but not the same entries or small transfers"


def _who(observation: Observation) -> str:
    client = f"docker client {observation.client}"
    if observation.engine is None:
        return f"{client}, legacy builder, no engine needed"
    exact = "" if observation.exact else "; it tells sizes rounded only"
    return f"{client}, engine {observation.engine}, BuildKit{exact}"


def _details(comparison: Comparison) -> Iterator[str]:
    where = " (of the whole context)" if comparison.whole else ""
    yield from _entries(f"only ctxopt names{where}", comparison.missing)
    yield from _entries(f"only docker sends{where}", comparison.extra)
    if comparison.whole and not (comparison.missing or comparison.extra):
        yield "the whole context has the same entries: what is requested of it differs"
    if comparison.reordered:
        yield "the same entries in another order"
    if comparison.dockerfile_difference_bytes:
        yield f"the Dockerfile's transfer: {comparison.dockerfile_difference_bytes:+d}"
    if comparison.ignorefile_difference_bytes:
        yield f"the ignore file's transfer: {comparison.ignorefile_difference_bytes:+d}"


def _entries(what: str, names: Sequence[str]) -> Iterator[str]:
    for name in names[:SHOWN]:
        yield f"{what}: {printable(name)}"
    if len(names) > SHOWN:
        yield f"{what}: {len(names) - SHOWN} more"
