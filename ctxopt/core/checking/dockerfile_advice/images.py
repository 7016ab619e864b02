"""Images that a build begins with, or copies from, and that move under their name."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.checking.families import dockerfile
from ctxopt.core.dockerfile.records import NO_BASE, Trace
from ctxopt.core.dockerfile.values.reference import parse_reference
from ctxopt.core.findings.codes import Finding
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.model import Location, Problem, SourceKind
from ctxopt.core.tuples import NamedTuple


class NamedImage(NamedTuple):
    """An image, and where it is named."""

    name: str  # with the values of variables
    place: Location


def moving_images(trace: Trace) -> Iterator[Problem]:
    """A note for each image without a tag, or with the tag latest.

    A digest settles it, and what a stage or a named context has the name of is no
    image. Rule: distribution/reference, TagNameOnly: no tag means latest.
    """
    for image in dict.fromkeys(_images(trace)):
        finding = _finding(image.name)
        if finding is not None:
            yield finding.problem(
                f'"{image.name}" is another image after each release: what builds '
                "today may not build then",
                place=image.place,
                subject=image.name,
            )


def _images(trace: Trace) -> Iterator[NamedImage]:
    for place, name in trace.unknown_bases:
        yield NamedImage(name, place)
    for source in trace.sources:
        if source.kind is SourceKind.IMAGE and source.claims:
            yield NamedImage(source.origin, source.location)


def _finding(name: str) -> Finding | None:
    """What is said of an image; None for one that stays what it is."""
    if name == NO_BASE:
        return None
    try:
        reference = parse_reference(name)
    except RuleError:
        return None  # the builder refuses it
    if reference.digest:
        return None
    if not reference.tag:
        return dockerfile.UNTAGGED_IMAGE
    return dockerfile.LATEST_IMAGE if reference.tag == "latest" else None
