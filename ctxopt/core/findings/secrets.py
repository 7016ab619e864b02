"""The words for files with a secret in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.findings import codes
from ctxopt.core.model import GitState, Problem, Reach, SecretFile

_FINDINGS = {
    "key": codes.SECRET_KEY,
    "token": codes.SECRET_TOKEN,
    "env": codes.SECRET_ENV,
    "settings": codes.SECRET_SETTINGS,
    "state": codes.SECRET_STATE,
    "profile": codes.SECRET_PROFILE,
}
CODES = frozenset(one.code for one in _FINDINGS.values())
_GIT = {
    GitState.TRACKED: "; git tracks it",
    GitState.IGNORED: "; git ignores it, the build does not",
    GitState.UNTRACKED: "",
    GitState.UNKNOWN: "",
}


def of_files(files: Iterable[SecretFile]) -> Iterator[Problem]:
    """A problem for each file; nothing of what is in it."""
    for one in files:
        place = one.source.location if one.source is not None else None
        yield _FINDINGS[one.family].problem(
            f'"{one.path}": {one.what}, {way(one)}{_GIT[one.git]}',
            severity=one.severity,
            place=place,
            subject=one.path,
        )


def way(one: SecretFile) -> str:
    """How far a file goes, and what takes it there."""
    if one.reach is Reach.NOWHERE:
        return "which this build does not send, and others may"
    if one.reach is Reach.CONTEXT or one.source is None:
        return "which is sent, and no COPY takes it"
    text = " ".join(one.source.line_text.split())
    if one.reach is Reach.MOUNT:
        return f'which "{text}" lends to a command'
    if one.reach is Reach.STAGE:
        stage = one.source.stage
        return f'which "{text}" puts into stage {stage}, which is thrown away'
    return f'which "{text}" puts into the image'


def unread(number: int, looked_into: int) -> Problem:
    """Files beyond the bound, by their number."""
    return codes.SECRETS_UNREAD.problem(
        f"{looked_into + number:,} files could hold a secret by their names; the first "
        f"{looked_into:,} were looked into",
        subject=str(number),
    )
