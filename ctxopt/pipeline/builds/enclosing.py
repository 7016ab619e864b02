"""Builds of a stranger: what they name outside of their repository is not looked at.

What a compose file calls `build: /` is the disk of whoever looks.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.builds.said import SaidBuild
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.texts import lies_in


def enclosed(said: SaidBuild, top: str) -> SaidBuild:
    """A build as it is, or refused where a part of it lies outside of `top`."""
    if said.refusal is not None:
        return said
    for what, path in _parts(said):
        if not lies_in(top, path):
            refusal = CtxoptError(
                f'the {what} "{path}" lies outside of the repository,'
                " and is not looked at",
                hint="name a checkout by its folder to measure what lies around it",
                file=said.place.file,
                line=said.place.line,
            )
            return said._replace(refusal=refusal)
    return said


def _parts(said: SaidBuild) -> Iterator[tuple[str, str]]:
    """What of a build lies on the disk, and what it is."""
    yield "context", said.context
    if said.inline is None:
        yield "Dockerfile", said.dockerfile_path
    for value in said.contexts.values():
        yield "named context", value  # an address, as a path, leads nowhere
