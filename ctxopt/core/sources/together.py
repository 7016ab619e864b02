"""The sources of one instruction side by side: what they bring, and where it goes.

`COPY a *.b dest` brings one entry for `a` and one for each hit of `*.b`; a folder is
one, with all that is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.dockerfile.records import StageRun, StepRun
from ctxopt.core.golang import paths as gopath
from ctxopt.core.model import Source
from ctxopt.core.tuples import NamedTuple


class Brought(NamedTuple):
    """What one source brings to its instruction."""

    source: Source
    hits: int | None  # entries; None: not known
    paths: tuple[str, ...] = ()  # of those, the ones that lie in a local folder
    files: bool = False  # whether all of them are files for sure
    ignored: tuple[str, ...] = ()  # what it would hit, but for the ignore file

    @property
    def names(self) -> tuple[str, ...]:
        """What to call the entries."""
        return self.paths or (self.source.text or self.source.expanded,)


class StepPlace(NamedTuple):
    """Where a step stands: indexes into the stages executed and into their steps."""

    run: int
    step: int


def ends_as_folder(destination: str) -> bool:
    """Whether BuildKit takes a destination for a folder by its text alone.

    Rule: moby/buildkit, dockerfile2llb/convert.go, pathRelativeToWorkingDir, and
    llbsolver/file/backend.go, cleanPath: a slash or a dot at its end.
    """
    return destination.rpartition("/")[2] in ("", ".")


def may_be_folder(
    runs: Sequence[StageRun],
    sources: Sequence[Source],
    place: StepPlace,
    brings_files: Callable[[int], bool],
) -> bool:
    """Whether steps before an instruction may have made its destination a folder.

    `brings_files` says of a source, by its index, that it brings nothing but files.
    """
    step = runs[place.run].steps[place.step]
    destination = sources[step.sources[0]].destination
    folder = _absolute(step.workdir, destination)
    names = destination, step.instruction.arguments[-1].strip("\"'")
    for earlier in _steps_before(runs, place):
        if earlier.instruction.name == "RUN":
            if any(_mentions(earlier.instruction.text, name) for name in names):
                return True
        elif any(_is_at_or_above(folder, one) for one in _made(earlier, sources)):
            return True
        elif _lands_on(earlier, sources, folder):
            if not all(map(brings_files, earlier.sources)):
                return True
            if not sources[earlier.sources[0]].destination_assumed:
                return False  # a file it is; else it went elsewhere, maybe
    return False


def is_made_folder(
    runs: Sequence[StageRun], sources: Sequence[Source], place: StepPlace
) -> bool:
    """Whether steps before an instruction have surely made its destination a folder."""
    step = runs[place.run].steps[place.step]
    folder = _absolute(step.workdir, sources[step.sources[0]].destination)
    return any(
        _is_at_or_above(folder, one)
        for earlier in _steps_before(runs, place)
        for one in _made(earlier, sources)
    )


def _steps_before(runs: Sequence[StageRun], place: StepPlace) -> Iterator[StepRun]:
    """The steps that made what a step finds, the last one first."""
    yield from reversed(runs[place.run].steps[: place.step])
    below = runs[place.run].base
    while below is not None:
        yield from reversed(runs[below].steps)
        below = runs[below].base


def _made(step: StepRun, sources: Sequence[Source]) -> Iterator[str]:
    """Folders that are there after a step, whatever it copies."""
    if step.instruction.name == "WORKDIR" and step.workdir is not None:
        yield gopath.clean(step.workdir)
    if step.instruction.name in ("ADD", "COPY") and step.sources:
        destination = sources[step.sources[0]].destination
        folder = _absolute(step.workdir, destination)
        yield folder if ends_as_folder(destination) else gopath.directory(folder)


def _lands_on(step: StepRun, sources: Sequence[Source], folder: str) -> bool:
    if step.instruction.name not in ("ADD", "COPY") or not step.sources:
        return False
    destination = sources[step.sources[0]].destination
    return _absolute(step.workdir, destination) == folder


def _absolute(workdir: str | None, destination: str) -> str:
    """Where a destination is; below "?" where the working folder is not known."""
    if destination.startswith("/"):
        return gopath.clean(destination)
    return gopath.join("?" if workdir is None else workdir, destination)


def _is_at_or_above(folder: str, path: str) -> bool:
    return folder == "/" or f"{path}/".startswith(f"{folder}/")


_BRACES = r"\$\{(\w+)\}"


def _mentions(text: str, destination: str) -> bool:
    """Whether a command has a destination in it, `$NAME` and `${NAME}` being one."""
    name = re.escape(re.sub(_BRACES, r"$\1", destination).rstrip("/"))
    text = re.sub(_BRACES, r"$\1", text)
    return re.search(rf"(?<![\w.-]){name}(?![\w.-])", text) is not None


_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


def may_be_unpacked(head: bytes) -> bool:
    """Whether ADD may take a file with these first bytes for a tar, packed or not.

    Rule: moby/go-archive, compression.Detect, and archive/tar's magic.
    """
    return head.startswith(_PACKED) or head[257:262] == b"ustar"
