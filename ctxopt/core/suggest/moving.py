"""Where commands put what a stage has of the context: `cp -r /src /out`.

What `COPY --from=b /out /app` takes then is the context's own, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.running.commands import Running
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
    puts = [*_puts(found)]
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


class _Put(NamedTuple):
    """What a command copies, moves or links, and where to."""

    number: int  # of all commands
    stage: int
    sources: tuple[tuple[str, bool], ...]  # places; whether what is inside is meant
    to: str
    # It is a folder which is there before; else it may be one that an image has.
    is_there: bool


def _puts(found: Running) -> Iterator[_Put]:
    made = {
        (one.stage, placed(one.folder, word))
        for one in found.commands
        if one.program == "mkdir"
        for word in one.words[1:]
    }
    for number, one in enumerate(found.commands):
        said = moved(one.program, one.words) if one.instruction == "RUN" else None
        if said is None:
            continue
        to = placed(one.folder, said[1])
        is_there = (
            said[1].endswith(("/", "/."))
            or said[1] == "."
            or to in found.places.stages[one.stage].folders
            or (one.stage, to) in made
        )
        sources = (_source(one.folder, word) for word in said[0])
        yield _Put(number, one.stage, tuple(sources), to, is_there)


def _source(folder: str, word: str) -> tuple[str, bool]:
    inside = word.rstrip("/").endswith(("/.", "/*")) or word in (".", "./", "*")
    return placed(folder, word.removesuffix("*") or "."), inside


def _by_commands(
    found: Running, puts: list[_Put], stage: int, place: str
) -> Iterator[tuple[tuple[int, str], Origin]]:
    lineage = {*found.places.lineage(stage)}
    for one in puts:
        for source, inside in one.sources if one.stage in lineage else ():
            rest = within(place, source)
            if rest is None:
                continue
            origin = Origin(stage, place, one.number)
            if not inside:
                name = source.rpartition("/")[2]
                yield (stage, below(one.to, below(name, rest))), origin
            if inside or not one.is_there:
                yield (stage, below(one.to, rest)), origin


def _by_copies(
    places: Places, stage: int, place: str
) -> Iterator[tuple[tuple[int, str], Origin]]:
    for other in range(stage + 1, len(places.stages)):
        for one in (*places.carried(other), *places.stages[other].mounts):
            rest = within(place, one.origin)
            if one.stage == stage and rest is not None:
                yield (other, below(one.place, rest)), Origin(stage, place)
