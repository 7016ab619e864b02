"""Where commands put what a stage has of the context: `cp -r /src /out`.

What `COPY --from=b /out /app` takes then is the context's own, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.places import Places, below, within
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import moved
from ctxopt.core.tuples import NamedTuple

MOST_PLACES = 60  # of one path


class Origin(NamedTuple):
    """Where a path is put from, and by which command; -1: by COPY, when all is done."""

    stage: int
    place: str
    command: int = -1


def moved_on(
    found: Running, laid: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], Origin]:
    """The stages and places to which commands take a path, and from where.

    `laid` are those that it has without.
    """
    known = {*laid}
    if not known:
        return {}
    puts = [(n, one) for n, one in enumerate(found.commands) if _puts(one)]
    origins: dict[tuple[int, str], Origin] = {}
    mounts = any(one.mounts for one in found.places.stages)
    waiting = [*known] if puts or mounts else []
    while waiting and len(origins) < MOST_PLACES:
        stage, place = waiting.pop()
        for to, origin in (
            *_by_commands(found, puts, stage, place),
            *_by_copies(found.places, stage, place),
        ):
            if to not in known:
                known.add(to)
                origins[to] = origin
                waiting.append(to)
    return origins


def _puts(command: Command) -> bool:
    return (
        command.instruction == "RUN"
        and moved(command.program, command.words) is not None
    )


def _by_commands(
    found: Running, puts: list[tuple[int, Command]], stage: int, place: str
) -> Iterator[tuple[tuple[int, str], Origin]]:
    lineage = {*found.places.lineage(stage)}
    for number, one in puts:
        said = moved(one.program, one.words)
        if said is None or one.stage not in lineage:
            continue
        to = placed(one.folder, said[1])
        for word in said[0]:
            inside = word.rstrip("/").endswith(("/.", "/*")) or word in (".", "./", "*")
            source = placed(one.folder, word.removesuffix("*") or ".")
            rest = within(place, source)
            if rest is None:
                continue
            if not inside and _is_there(found, one, to):
                rest = below(source.rpartition("/")[2], rest)
            yield (stage, below(to, rest)), Origin(stage, place, number)


def _is_there(found: Running, command: Command, place: str) -> bool:
    """Whether a folder is there already that a command puts something at."""
    *_, said = command.words
    layout = found.places.stages[command.stage]
    is_folder = said.endswith(("/", "/.")) or said == "." or place in layout.folders
    return is_folder or any(
        placed(one.folder, word) == place
        for one in found.commands
        if one.program == "mkdir" and one.stage == command.stage
        for word in one.words[1:]
    )


def _by_copies(
    places: Places, stage: int, place: str
) -> Iterator[tuple[tuple[int, str], Origin]]:
    for other in range(stage + 1, len(places.stages)):
        for one in (*places.carried(other), *places.stages[other].mounts):
            rest = within(place, one.origin)
            if one.stage == stage and rest is not None:
                yield (other, below(one.place, rest)), Origin(stage, place)
