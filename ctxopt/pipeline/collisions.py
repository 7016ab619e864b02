"""Copies of a build that clash: a file where a folder is, or the other way round.

Stages are gone through as they are executed. What a RUN, another stage, an image or an
archive has made is not known, so that nothing before it counts any more.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress

from ctxopt.core.dockerfile import Trace
from ctxopt.core.dockerfile.records import StageRun, StepRun
from ctxopt.core.findings.collisions import collision
from ctxopt.core.model import Problem, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.limited import LimitedTree, UntoldError
from ctxopt.core.sources.overlay import (
    CollisionError,
    CopiedFiles,
    Destination,
    Overlay,
)
from ctxopt.core.sources.together import may_be_unpacked
from ctxopt.core.sources.tree import Found
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.errors import IgnoreFileError
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.preparation.build import Build

# How often the disk is asked what stands at a path, for all stages together; after
# that no more is known.
MOST_LOOKS = 10_000
_READ = frozenset({SourceKind.CONTEXT, SourceKind.HEREDOC})


def collisions_of(build: Build, arrivals: Arrivals) -> Iterator[Problem]:
    """The first clash of each stage; it is BuildKit's words that are known."""
    if build.builder.sends_all or build.trace is None:
        return
    yield from _Stages(build, arrivals, build.trace).problems()


class _Stages:
    """The stages of one build, one after the other."""

    def __init__(self, build: Build, arrivals: Arrivals, trace: Trace) -> None:
        self._builder = build.builder
        self._trace = trace
        self._tree = LimitedTree(arrivals.tree, MOST_LOOKS)
        self._arrivals = arrivals
        self._ends: list[tuple[Overlay, str | None]] = []

    def problems(self) -> Iterator[Problem]:
        for run in self._trace.runs:
            yield from self._stage(run)

    def _stage(self, run: StageRun) -> Iterator[Problem]:
        files, workdir = self._beginning(run)
        for step in run.steps:
            try:
                files = self._after(files, step, workdir)
            except CollisionError as error:
                yield collision(error.collision, step.instruction.location)
                files = self._unknown(workdir)
                break
            except UntoldError:
                files = self._unknown(step.workdir)
            workdir = step.workdir
        self._ends.append((files, workdir))

    def _beginning(self, run: StageRun) -> tuple[Overlay, str | None]:
        if run.base is not None:
            files, workdir = self._ends[run.base]
            try:
                return files.copy(), workdir
            except UntoldError:
                return self._unknown(workdir), workdir
        overlay = Overlay(self._tree, self._arrives, is_open=not run.scratch)
        return overlay, "/" if run.scratch else None

    def _unknown(self, workdir: str | None) -> Overlay:
        """Files of which no more is known than the folder one works in."""
        files = Overlay(self._tree, self._arrives, is_open=True)
        with suppress(UntoldError):
            if workdir is not None:
                files.make_folder(Destination(workdir, as_folder=True))
        return files

    def _after(self, files: Overlay, step: StepRun, workdir: str | None) -> Overlay:
        """The files after an instruction; raises CollisionError where it fails."""
        match step.instruction.name:
            case "RUN":
                return self._unknown(workdir)
            case "WORKDIR" if step.workdir is not None:
                files.make_folder(Destination(step.workdir, as_folder=True))
            case "COPY" | "ADD":
                return self._copied(files, step, workdir)
        return files

    def _copied(self, files: Overlay, step: StepRun, workdir: str | None) -> Overlay:
        instruction = step.instruction
        sources = [self._trace.sources[number] for number in step.sources]
        target = _target(sources, workdir) if sources else None
        known = all(map(_is_known, sources))
        linked = instruction.flag("link") == "true" and not instruction.flag("chmod")
        if not target or not known:
            return self._unknown(workdir)
        if workdir is None and not sources[0].destination.startswith("/"):
            self._put_somewhere(sources, target)
            return self._unknown(workdir)
        if linked:  # made beside the stage, and put on top of it
            files = Overlay(self._tree, self._arrives, is_open=False)
        complete = self._put(files, sources, target)
        return files if complete and not linked else self._unknown(workdir)

    def _put(self, files: Overlay, sources: list[Source], target: Destination) -> bool:
        """Copy all sources; whether all that came of it is known."""
        complete = True
        for source in sources:
            if source.kind is SourceKind.HEREDOC:
                files.put_file(source.expanded, f"<<{source.expanded}", target)
                continue
            for name, layer in self._hits(source):
                if source.instruction == "ADD" and self._is_packed(layer.path):
                    complete = False
                else:
                    files.put(name, layer, target)
        return complete

    def _put_somewhere(self, sources: list[Source], target: Destination) -> None:
        """Copy to a folder that an image which is not read has chosen."""
        try:
            self._put(self._unknown(None), sources, target)
        except CollisionError as error:
            found = error.collision
            place = found.place.removeprefix("/")
            raise CollisionError(found._replace(place=place)) from None

    def _hits(self, source: Source) -> Iterator[tuple[str, CopiedFiles]]:
        """What a source hits: its name there, and where it leads."""
        (want,) = self._builder.wanted((source,))
        try:
            patterns = compile_patterns(want.exclude)
        except IgnoreFileError:
            return
        usable = [pattern for pattern in patterns if not pattern.fails]
        exclude = Matcher(usable) if usable else None
        for hit in hits_of(want, self._tree):
            path = want.led_to(self._tree, hit).path
            if path is None or not all(map(self._arrives, {hit, path})):
                continue
            called = hit if want.glob is not None else want.path
            yield posixpath.basename(called), CopiedFiles(path, exclude=exclude)

    def _arrives(self, path: str) -> bool:
        """Whether a path is in the transfer, or anything below it.

        Raises UntoldError where it takes too long to tell: neither may be assumed.
        """
        comes = self._arrivals.comes(path)
        if comes is None:
            raise UntoldError
        return comes

    def _is_packed(self, path: str) -> bool:
        """Whether ADD may unpack it, so that what becomes of it is not known."""
        if self._tree.kind(path) is not Found.FILE:
            return False
        head = self._tree.head(path)
        return may_be_unpacked(head)


def _is_known(source: Source) -> bool:
    """Whether it can be told what a source puts where, whatever an image sets."""
    assumed = source.assumed or source.destination_assumed
    return source.kind in _READ and not source.parents and not assumed


def _target(sources: list[Source], workdir: str | None) -> Destination:
    """Where an instruction copies to, from the root where its folder is not known.

    Rule: moby/buildkit, dockerfile2llb, pathRelativeToWorkingDir.
    """
    text = sources[0].destination
    path = posixpath.normpath(posixpath.join("/", workdir or "/", text))
    as_folder = text in ("", ".") or text.endswith(("/", "/."))
    return Destination("/" + path.lstrip("/"), as_folder)
