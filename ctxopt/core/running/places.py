"""Where a path of the context comes to lie, in which stage.

`COPY . /app` lays the root of the context at `/app`, so that `/app/target` in a command
of that stage is `target` of the context; in another stage it is something else. What
`COPY --from=STAGE` takes along is followed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.dockerfile.records import (
    NO_BASE,
    Instruction,
    StageRun,
    StepRun,
    Trace,
)
from ctxopt.core.golang import filepath_match
from ctxopt.core.model import Source, SourceKind
from ctxopt.core.paths import join
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple

# The folder that an image sets which is not read; nobody knows where it is.
UNKNOWN = "?"
_TARGETS = ("target", "dst", "destination")
MOST_LANDINGS = 400  # of one stage


class Landing(NamedTuple):
    """A path of the context, and where it is in a stage."""

    path: str  # "" is the whole context
    place: str
    names: str = ""  # a pattern: of what lies in `path` only this comes
    step: int | None = None  # mounted for that step and no other
    since: int = -1  # the step of its stage that brings it


class Carried(NamedTuple):
    """What a stage takes from another one, or from an image."""

    stage: int | None  # None: an image
    origin: str  # the place there
    place: str  # the place here
    line: int
    exact: bool = True  # one path by its name, no wildcard
    file: str = ""  # the Dockerfile of that line


class Layout(NamedTuple):
    """What one stage gets by copying, those below it left out."""

    label: str
    base: int | None
    image: str  # the image that it begins with, as written; "" for none
    landings: tuple[Landing, ...]
    carried: tuple[Carried, ...]
    folders: tuple[str, ...]  # where each step runs
    covered: tuple[tuple[int, str], ...] = ()  # by mounts of a step, and of no context
    mounts: tuple[Carried, ...] = ()  # of other stages, for one step each
    lent: tuple[tuple[int, str], ...] = ()  # by bind mounts of a step


class Places(NamedTuple):
    """The stages of a build as places for the paths of its context."""

    stages: tuple[Layout, ...] = ()

    @property
    def final(self) -> int:
        """The stage that is the image."""
        return len(self.stages) - 1

    def lineage(self, stage: int) -> Iterator[int]:
        """A stage, and those that it stands on."""
        below: int | None = stage
        while below is not None:
            yield below
            below = self.stages[below].base

    def landings(self, stage: int) -> Iterator[Landing]:
        """What of the context lies in a stage when it is done."""
        for one in self.lineage(stage):
            for landing in self.stages[one].landings:
                if landing.step is None or one == stage:
                    yield landing

    def carried(self, stage: int) -> Iterator[Carried]:
        """What a stage has from others."""
        for one in self.lineage(stage):
            yield from self.stages[one].carried

    def sources_of(self, stage: int) -> set[int]:
        """A stage, and all that it has anything of."""
        found: set[int] = set()
        waiting = [stage]
        while waiting:
            for one in self.lineage(waiting.pop()):
                if one not in found:
                    found.add(one)
                    both = (*self.stages[one].carried, *self.stages[one].mounts)
                    waiting += [more.stage for more in both if more.stage is not None]
        return found

    def image(self, stage: int) -> str:
        """The image that a stage stands on in the end."""
        return self.stages[[*self.lineage(stage)][-1]].image

    def is_covered(self, stage: int, step: int, place: str) -> bool:
        """Whether a mount of a step hides what lies at a place, and is gone then."""
        return any(
            at == step and within(place, mounted) is not None
            for at, mounted in self.stages[stage].covered
        )

    def is_lent(self, stage: int, step: int, path: str, place: str) -> bool:
        """Whether a step has a mount where a path lies by a copy.

        What the step writes there is in no layer.
        """
        return any(
            at == step and within(place, mounted) is not None
            for at, mounted in self.stages[stage].lent
        ) and any(
            one.step is None and place_of(one, path, folder=True) == place
            for one in self.landings(stage)
        )

    def of(self, path: str, *, folder: bool) -> Iterator[tuple[int, str]]:
        """The stages that get a path of the context, and where it lies there."""
        for stage in range(len(self.stages)):
            found = (place_of(one, path, folder=folder) for one in self.landings(stage))
            for place in dict.fromkeys(found):
                if place is not None:
                    yield stage, place

    def since(self, stage: int, path: str, place: str) -> Iterator[tuple[int, int]]:
        """When a path comes to lie at a place: the stages and steps that bring it."""
        for at in range(len(self.stages)):
            if stage in self.lineage(at):
                for one in self.stages[at].landings:
                    if place_of(one, path, folder=True) == place:
                        yield at, one.since

    def in_context(self, stage: int, place: str, step: int) -> Iterator[str]:
        """The paths of the context that lie at a place of a stage, for one step.

        What is copied later is not there yet; a step below 0 is the stage when done.
        """
        for at in self.lineage(stage):
            for one in self.stages[at].landings:
                if one.step is not None and (at, one.step) != (stage, step):
                    continue
                if at == stage and 0 <= step < one.since:
                    continue
                yield from context_paths(one, place)


def place_of(landing: Landing, path: str, *, folder: bool) -> str | None:
    """Where a path lies by a landing; None where it does not come."""
    rest = within(path, landing.path)
    if rest is None:
        return None
    if not landing.names:
        return below(landing.place, rest)
    name, _, inside = rest.partition("/")
    if not name or not fnmatchcase(name, landing.names):
        return None
    # What lies in a folder that a wildcard hits comes without the folder.
    if inside or folder:
        return below(landing.place, inside)
    return below(landing.place, name)


def context_paths(landing: Landing, place: str) -> Iterator[str]:
    """The paths of the context that may lie at a place by a landing."""
    rest = within(place, landing.place)
    if rest is not None and not landing.names:
        yield join(landing.path, rest) if rest else landing.path
        return
    if rest and fnmatchcase(rest, landing.names):
        yield join(landing.path, rest)
    if rest is not None or is_known(place) == is_known(landing.place):
        return
    # One of the two begins in a folder that an unread image sets.
    parts = [one for one in place.split("/") if one not in ("", UNKNOWN)]
    for at in range(len(parts)):
        yield join(landing.path, "/".join(parts[at:]))


def is_known(place: str) -> bool:
    """Whether a place does not hang on an image that is not read."""
    return not place.startswith(UNKNOWN)


def within(path: str, folder: str) -> str | None:
    """A path as seen from a folder that holds it, "" for itself; else None."""
    if path == folder:
        return ""
    if folder in ("", "/"):
        return path.removeprefix("/") if folder else path
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else None


def below(folder: str, path: str) -> str:
    """A path below a place."""
    return posixpath.join(folder, path) if path else folder


def places(trace: Trace, tree: Tree) -> Places:
    """Where the context comes to lie in the stages of a build."""
    made: list[Layout] = []
    for run in trace.runs:
        made.append(_Laying(trace, tree, made, run).laid())
    return Places(tuple(made))


class _Laying:
    """One stage, instruction by instruction."""

    def __init__(
        self, trace: Trace, tree: Tree, done: Sequence[Layout], run: StageRun
    ) -> None:
        self.trace = trace
        self.tree = tree
        self.done = done
        self.run = run
        self.landings: list[Landing] = []
        self.carried: list[Carried] = []
        self.covered: list[tuple[int, str]] = []
        self.mounts: list[Carried] = []
        self.lent: list[tuple[int, str]] = []
        self.folder = UNKNOWN
        if run.base is not None:
            self.folder = done[run.base].folders[-1]
        elif run.scratch or run.image == NO_BASE:
            self.folder = "/"

    def laid(self) -> Layout:
        """What the stage has when it is done."""
        folders: list[str] = []
        for number, step in enumerate(self.run.steps):
            if step.instruction.name == "WORKDIR":
                self.folder = self._workdir(step)
            for mount in step.instruction.flag_values("mount"):
                self._cover(mount, number)
            for index in step.sources:
                self._lay(self.trace.sources[index], step, number)
            folders.append(self.folder)
        return Layout(
            label=self.run.label,
            base=self.run.base,
            image=self.run.image,
            landings=tuple(self.landings[:MOST_LANDINGS]),
            carried=tuple(self.carried),
            folders=(*folders, self.folder),
            covered=tuple(self.covered),
            mounts=tuple(self.mounts),
            lent=tuple(self.lent),
        )

    def _cover(self, mount: str, number: int) -> None:
        """Take note of a mount that begins empty, or with what it had before."""
        options = _options(mount)
        target = next((options[one] for one in _TARGETS if one in options), "")
        if options.get("type") in ("cache", "tmpfs") and target:
            self.covered.append((number, placed(self.folder, target)))
        elif options.get("type", "bind") == "bind" and target:
            self.lent.append((number, placed(self.folder, target)))

    def _workdir(self, step: StepRun) -> str:
        path = step.workdir or step.instruction.arguments[0]
        if "$" in path:
            return UNKNOWN
        return placed(self.folder, path)

    def _lay(self, source: Source, step: StepRun, number: int) -> None:
        place = self._destination(source, step.instruction)
        at = number if source.mount else None
        if source.kind is SourceKind.CONTEXT and source.claims:
            self._land(source, place, at, number)
        elif source.kind in (SourceKind.STAGE, SourceKind.IMAGE) and not source.mount:
            stage = step.stages[0] if step.stages else None
            self._carry(source, place, stage, number)
        elif source.kind is SourceKind.STAGE:
            file, line, *_ = source.location
            origin = posixpath.normpath(posixpath.join("/", source.expanded))
            for stage in step.stages:
                self.mounts.append(Carried(stage, origin, place, line, file=file))

    def _destination(self, source: Source, instruction: Instruction) -> str:
        if source.mount:
            return placed(self.folder, _mount_target(source, instruction))
        if source.destination_assumed or "$" in source.destination:
            # `${LAMBDA_TASK_ROOT}`: the image's own folder, as its workdir is.
            rest = source.destination.strip("/")
            return below(UNKNOWN, "" if "$" in rest else rest)
        return placed(self.folder, source.destination)

    def _land(self, source: Source, place: str, step: int | None, number: int) -> None:
        path = posixpath.normpath(posixpath.join("/", source.expanded))[1:]
        folder, _, name = path.rpartition("/")
        if filepath_match.has_wildcard(path) and not source.mount:
            if not filepath_match.has_wildcard(folder):
                self.landings.append(Landing(folder, place, name, step, number))
            return
        if source.parents:
            place = below(place, path)
        elif self._is_file(path) and not source.mount and _into(source):
            place = below(place, name)
        self.landings.append(Landing(path, place, "", step, number))

    def _is_file(self, path: str) -> bool:
        return bool(path) and self.tree.kind(path) is Found.FILE

    def _carry(
        self, source: Source, place: str, stage: int | None, number: int
    ) -> None:
        file, line, *_ = source.location
        origin = posixpath.normpath(posixpath.join("/", source.expanded))
        exact = not filepath_match.has_wildcard(origin)
        if not exact:
            origin = origin.rpartition("/")[0] or "/"
        if source.expanded.startswith("$") or "$" in origin:
            origin = UNKNOWN
        self.carried.append(Carried(stage, origin, place, line, exact, file))
        if stage is not None:
            self._follow(stage, origin, place, number)

    def _follow(self, stage: int, origin: str, place: str, number: int) -> None:
        """What of the context comes along with what is taken from a stage."""
        there = Places(tuple(self.done))
        for one in [*there.landings(stage)][:MOST_LANDINGS]:
            rest = within(one.place, origin)
            inside = within(origin, one.place)
            if rest is not None:
                to = below(place, rest)
                self.landings.append(Landing(one.path, to, one.names, since=number))
            elif inside and not one.names:
                path = join(one.path, inside)
                file = self._is_file(path)
                to = below(place, inside.rpartition("/")[2]) if file else place
                self.landings.append(Landing(path, to, since=number))


def _into(source: Source) -> bool:
    """Whether the destination is a folder that a file goes into."""
    said = source.destination
    return (
        said.endswith("/")
        or said.rpartition("/")[2] in (".", "..", "")
        or (not source.alone)
    )


def _mount_target(source: Source, instruction: Instruction) -> str:
    """Where a mount lies, by the options of the one that the source is of."""
    for value in instruction.flag_values("mount"):
        options = _options(value)
        said = options.get("source") or options.get("src") or "/"
        if source.text in (said, said or "/"):
            for name in _TARGETS:
                if name in options:
                    return options[name]
    return "."


def _options(mount: str) -> dict[str, str]:
    parted = (one.partition("=") for one in mount.split(","))
    return {name.strip().lower(): said for name, _, said in parted}
