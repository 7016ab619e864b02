"""Whether what a container starts has nothing of some stages, as far as can be told.

What `COPY --from` takes along is followed by its places. Where one of them is not
known, or a stage packs what it has, a file may come along unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ctxopt.core.running.commands import STARTED, Command, Running
from ctxopt.core.running.places import is_known

_PACKS = (
    r"\b(?:tar|bsdtar|zip|7z|cpio|gzip|pigz|bzip2|xz|zstd|rsync|dd|base64|split|"
    r"squashfs|mksquashfs|git\s+archive|shutil)\b"
)


def is_apart(found: Running, command: Command, stages: Collection[int]) -> bool:
    """Whether a container starts a command whose image has nothing of some stages."""
    if command.instruction not in STARTED or command.stage in stages:
        return False
    places = found.places
    sources = places.sources_of(command.stage)
    from_there = sources & {*stages}
    if not from_there:
        return True
    taken = (one for at in sources for one in _origins(found, at))
    laid = (one.place for at in from_there for one in places.landings(at))
    return all(map(is_known, (*taken, *laid))) and not any(
        one.stage in from_there and re.search(_PACKS, one.text)
        for one in found.commands
    )


def _origins(found: Running, stage: int) -> list[str]:
    return [one.origin for one in found.places.carried(stage) if one.stage is not None]
