"""The words for what is wrong with the sources of one instruction together."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.findings import codes
from ctxopt.core.findings.copied import column_of
from ctxopt.core.model import Location, Problem, Severity, Source
from ctxopt.core.sources.together import Brought

_NAMED = 2  # how many entries a message names


def refused_together(brought: Sequence[Brought], refusal: str) -> Problem:
    """An instruction that fails, although none of its sources does alone."""
    if any(one.hits for one in brought):
        return _needs_slash(brought, refusal)
    source = brought[0].source
    shown = [f'"{one.source.text or one.source.expanded}"' for one in brought]
    verb = "matches" if len(shown) == 1 else "match"
    problem = codes.SOURCE_EMPTY.problem(
        f"{_listed(shown)} {verb} nothing; the build fails: {refusal}",
        severity=Severity.ERROR,
        place=source.location,
        subject=source.expanded,
    )
    return problem._replace(column=column_of(source))


def hits_ignored(
    brought: Sequence[Brought], why: str, refusal: str, cure: str | None
) -> Problem:
    """An instruction that hits nothing but what is kept out; `why` says by what."""
    source = brought[0].source
    shown = source.text or source.expanded
    problem = codes.SOURCE_IGNORED.problem(
        f'"{shown}" hits nothing that is sent: {why}; the build fails: {refusal}',
        severity=Severity.ERROR,
        place=source.location,
        subject=source.expanded,
    )
    return problem._replace(column=column_of(source), hint=cure or problem.hint)


def homeless_owner(name: str, place: Location) -> Problem:
    """A step that is to belong to a user or group whom nothing there names."""
    return codes.HOMELESS_OWNER.problem(
        f'"{name}" is looked up in a stage that is still empty; '
        "the build fails: invalid user index: -1",
        place=place,
        subject=name,
    )


def heredoc_name(source: Source, refusal: str) -> Problem:
    """A file written in the Dockerfile, under a name that no file can be made by."""
    return codes.HEREDOC_NAME.problem(
        f'"{source.text}" cannot be made a file; the build fails: {refusal}',
        place=source.location,
        subject=source.expanded,
    )


def _needs_slash(brought: Sequence[Brought], refusal: str) -> Problem:
    source = brought[0].source
    problem = codes.DESTINATION_SLASH.problem(
        f'{_entries(brought)} go to "{source.destination}", which does not end with a '
        f"slash; the build fails: {refusal}",
        severity=Severity.ERROR,
        place=source.location,
        subject=source.destination,
    )
    return problem._replace(hint=_cure(source.destination))


def overwritten(brought: Sequence[Brought], *, sure: bool) -> Problem:
    """Files of which each replaces the one before it, under one name.

    `sure` says that the destination cannot be a folder by then.
    """
    source = brought[0].source
    last = [name for one in brought for name in one.names][-1]
    unless = "" if sure else f', unless "{source.destination}" is a folder by then'
    problem = codes.DESTINATION_SLASH.problem(
        f'{_entries(brought)} go to "{source.destination}", which does not end with a '
        f'slash: only "{last}" is left there{unless}',
        severity=Severity.WARNING,
        place=source.location,
        subject=source.destination,
    )
    return problem._replace(hint=_cure(source.destination))


def _cure(destination: str) -> str:
    return f'write "{destination}/", with a slash at its end'


def _entries(brought: Sequence[Brought]) -> str:
    names = [name for one in brought if one.hits for name in one.names]
    shown = [f'"{name}"' for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED:,} more")
    return _listed(shown)


def _listed(shown: Sequence[str]) -> str:
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last
