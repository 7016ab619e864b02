"""What else the ignore file of a build serves: stages, and other Dockerfiles.

`Dockerfile` with `COPY . .` and `Dockerfile.prod` with `COPY dist /x` have one ignore
file: who writes `dist` into it for the first breaks the second.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from ctxopt.core.dockerfile import BuildOptions, Dockerfile, Trace
from ctxopt.core.dockerfile.tracing.all_stages import (
    parsed_or_none,
    traces_of_parsed,
    traces_of_stages,
)
from ctxopt.core.dockerfile.words.variables import ANYTHING
from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Location, Source, SourceKind
from ctxopt.core.steps import NOBODY, Listener, Step
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.dockerfiles import dockerfiles, tracked_ones
from ctxopt.host.disk.inputs import DEFAULT_DOCKERFILE, IGNORE_FILE
from ctxopt.host.disk.named import NamedElsewhere, named_below
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.repository import find_repository
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.traced import TracedDockerfiles

MOST_DOCKERFILES = 100  # that are read
MOST_BUILDS = 8  # of one Dockerfile, with other arguments each


class OtherBuild(NamedTuple):
    """A build of another Dockerfile that is known to be of this context."""

    shown: str  # its Dockerfile
    sources: tuple[Source, ...]  # of the context
    trace: Trace


class Neighbours(NamedTuple):
    """What is read by builds and stages that this build does not execute."""

    sources: tuple[Source, ...] = ()  # of the context
    # RUN and the like of those that have the repository, or may have.
    commands: tuple[tuple[Location, str], ...] = ()
    builds: tuple[OtherBuild, ...] = ()


def neighbours(
    build: Build,
    around: Surroundings,
    *,
    alone: bool = False,
    beside: Sequence[Build] = (),
) -> Neighbours:
    """What shares the ignore file of a build with it.

    `around` is what else lies in its context, `alone` says that the ignore file is for
    this Dockerfile and no other; `beside` are builds that are known to have it, too.
    """
    read = build.main.ignore_file
    traces = [*around.stages(build)]
    others = [around.read(one) for one in beside]
    if not alone and (read is None or not read.specific):
        others += around.others(build)
    traces += (one for other in others for one in other.traces)
    known = {*build.main.sources}
    sources: dict[Source, None] = {}
    commands: dict[tuple[Location, str], None] = {}
    for one in map(around.reads, traces):
        sources.update(one.sources)
        commands.update(one.commands)
    for own in known.intersection(sources):
        del sources[own]
    builds = (
        OtherBuild(other.shown, around.reads(one).taking, one)
        for other in others
        for one in other.built
    )
    return Neighbours((*sources,), (*commands,), (*builds,))


def stage_traces(
    content: bytes, shown: str, build: Build | None = None
) -> Iterator[Trace]:
    """What each stage of a Dockerfile reads when it is built, the last one first.

    A stage that a later one stands on or copies from is told of there. What the
    builder would refuse is left out.
    """
    options = BuildOptions() if build is None else build.options
    yield from traces_of_stages(content, shown, options)


def _taking(one: Trace) -> list[Source]:
    return [
        source
        for source in one.sources
        if source.kind is SourceKind.CONTEXT and source.claims
    ]


def _may_hold_git(source: Source) -> bool:
    """Whether a source takes the root, or something of `.git`."""
    first = _path(source).split("/", 1)[0]
    return first in ("", ".git") or filepath_match.has_wildcard(first)


def _path(source: Source) -> str:
    return paths.join("/", source.expanded)[1:]


def _unbound(source: Source) -> Source:
    """A mount with an unknown argument in its path may read whatever fits."""
    is_open = source.mount and ANYTHING in source.expanded
    return source._replace(mount=False) if is_open else source


class _Reads(NamedTuple):
    """What is read where a trace is executed, each once: as keys, to be joined."""

    taking: tuple[Source, ...]
    sources: Mapping[Source, None]  # the same, what is not known may be anything
    # Of those that may have the repository.
    commands: Mapping[tuple[Location, str], None]


def _reads(one: Trace) -> _Reads:
    taking = _taking(one)
    sources = dict.fromkeys(map(_unbound, taking))
    has_git = any(map(_may_hold_git, sources))
    return _Reads((*taking,), sources, dict.fromkeys(one.commands if has_git else ()))


# --- other Dockerfiles -----------------------------------------------------------


class _Dockerfile(NamedTuple):
    """Another Dockerfile: its path in the context, or absolute where it is outside."""

    path: str
    absolute: str
    real: str  # the same, links followed
    named: tuple[NamedElsewhere, ...]  # the builds of the context with it
    is_elsewhere: bool  # it is named for other contexts, and not for this one
    shown: str


class _Served(NamedTuple):
    """What the builds of another Dockerfile read.

    They are sure to be of this context where a file names them so, where it lies in
    the root, and where what it copies is there and not beside it.
    """

    shown: str
    traces: tuple[Trace, ...]  # of any stage
    built: tuple[Trace, ...] = ()  # those of builds that are sure


class Surroundings:
    """The Dockerfiles of a context, each read once for all builds that ask."""

    def __init__(
        self,
        tree: DiskTree,
        tracked: Callable[[], Iterable[str]] = tuple,
        listener: Listener = NOBODY,
    ) -> None:
        self._listener = listener  # hears of each that is read
        self._tree = tree
        self._tracked = tracked  # gives the paths that git tracks
        self._served: dict[str, _Served | None] = {}  # by the absolute path
        # Of builds, by their identity, for which they are kept.
        self._known: dict[int, tuple[Build, _Served]] = {}
        self._others: dict[int, tuple[Build, tuple[_Served, ...]]] = {}
        self._traced = TracedDockerfiles()
        self._reads: dict[int, tuple[Trace, _Reads]] = {}  # likewise, of traces

    def others(self, build: Build) -> tuple[_Served, ...]:
        """What is served of the Dockerfiles that share `.dockerignore` with a build."""
        known = self._others.get(id(build))
        if known is None:
            known = self._others[id(build)] = build, (*self._read_others(build),)
        return known[1]

    def _read_others(self, build: Build) -> Iterator[_Served]:
        own = os.path.realpath(build.dockerfile.path) if build.dockerfile.path else ""
        for number, one in enumerate(self._found, 1):
            if one.real == own:
                yield from self._again(one.named, build)
                continue
            if one.absolute not in self._served:
                self._listener.advising(Step.READING, number, len(self._found))
                self._served[one.absolute] = _served(one, self._tree)
            served = self._served[one.absolute]
            if served is not None:
                yield served

    def _again(
        self, named: Iterable[NamedElsewhere], build: Build
    ) -> Iterator[_Served]:
        """What other builds of the own Dockerfile read: of other stages, or arguments.

        What each of them ends with is known, so no other stage counts as built; a build
        that is this one over again is not told of.
        """
        shown, content = build.dockerfile.shown, build.dockerfile.content
        parsed = self._traced.parsed(content, shown)
        if parsed is None:
            return
        own = self._traced.plan(content, shown, build.options)
        places = {(one.target, one.args): one.place for one in named}
        for (target, args), place in [*places.items()][:MOST_BUILDS]:
            options = _told(parsed, dict(args), build.options)
            options = options._replace(target=target or None)
            plan = self._traced.plan(content, shown, options)
            is_told = options.build_args != build.options.build_args
            if plan and own and plan.target == own.target and not is_told:
                continue
            how = f"target {target} in {place}" if target else f"as in {place}"
            yield _Served(
                f"{shown} ({how})",
                self._traced.stages(content, shown, options),
                () if plan is None else self._traced.executed(plan),
            )

    def reads(self, one: Trace) -> _Reads:
        """What is read where a trace is executed."""
        known = self._reads.get(id(one))
        if known is None:
            known = self._reads[id(one)] = one, _reads(one)
        return known[1]

    def read(self, build: Build) -> _Served:
        """What a build reads that is known to be one of this context."""
        known = self._known.get(id(build))
        if known is None:
            shown = build.dockerfile.shown
            built = () if build.trace is None else (build.trace,)
            served = _Served(shown, (*built, *self.stages(build)), built)
            known = self._known[id(build)] = build, served
        return known[1]

    def stages(self, build: Build) -> tuple[Trace, ...]:
        """What each stage of its Dockerfile reads, see `stage_traces`."""
        shown, content = build.dockerfile.shown, build.dockerfile.content
        return self._traced.stages(content, shown, build.options)

    def knows(self, build: Build, beside: Sequence[Build]) -> bool:
        """Whether all that some builds read is found without being told of them."""
        if build.main.ignore_file is not None and build.main.ignore_file.specific:
            return not beside
        others = self.others(build)
        read = {_key(one) for other in others for one in other.traces}
        built = {_key(one) for other in others for one in other.built}
        known = [self.read(one) for one in beside]
        return all(
            {*map(_key, one.traces)} <= read and {*map(_key, one.built)} <= built
            for one in known
        )

    @cached_property
    def _found(self) -> tuple[_Dockerfile, ...]:
        return (*islice(_dockerfiles(self._tree, self._tracked()), MOST_DOCKERFILES),)


def _key(one: Trace) -> Hashable:
    """What two traces have in common that read and run the same."""
    sources = [(each.expanded, each.mount) for each in _taking(one)]
    return (*sources,), tuple(text for _, text in one.commands)


def _served(one: _Dockerfile, tree: DiskTree) -> _Served | None:
    """What the builds of another Dockerfile read; None where it is not served."""
    if one.is_elsewhere or os.path.isfile(one.absolute + IGNORE_FILE):
        return None
    from ctxopt.core.builds.nearness import nearness  # start-up: most have one file

    traces = (*_traces_of(one, tree),)
    sources = [source for each in traces for source in _taking(each)]
    folder = one.path.rpartition("/")[0]
    here = nearness(tree, folder, sources)
    if not (one.named or here.may_be_root):
        return None
    is_sure = one.named or here.is_root
    return _Served(one.shown, traces, traces if is_sure else ())


def _traces_of(one: _Dockerfile, tree: DiskTree) -> Iterator[Trace]:
    """What the builds of a Dockerfile read: with the arguments that files name."""
    content = tree.text(one.path) if one.path else _outside_text(one.absolute)
    parsed = parsed_or_none(content.encode("utf-8", "surrogateescape"), one.shown)
    if parsed is None:
        return
    for args in _different([dict(each.args) for each in one.named] or [{}]):
        yield from traces_of_parsed(parsed, _told(parsed, args, BuildOptions()))


def _told(
    parsed: Dockerfile, args: Mapping[str, str], options: BuildOptions
) -> BuildOptions:
    """The options of a build that is told some arguments, and maybe others."""
    known = {**options.build_args, **args}
    return options._replace(build_args={**_unknown_args(parsed, known), **known})


def _different(given: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for one in given:
        if one not in found:
            found.append(one)
    return found[:MOST_BUILDS]


def _unknown_args(parsed: Dockerfile, given: Mapping[str, str]) -> dict[str, str]:
    """The arguments without a value, each as what may be anything.

    In the name of an image that is none: there it has to be a name.
    """
    bases = " ".join(stage.text for stage in parsed.stages)
    global_ones = {
        word: "any" if f"${word}" in bases or f"${{{word}" in bases else ANYTHING
        for instruction in parsed.global_args
        for word in instruction.arguments
        if "=" not in word
    }
    inner = {
        word: ANYTHING
        for stage in parsed.stages
        for instruction in stage.instructions
        if instruction.name == "ARG"
        for word in instruction.arguments
        if "=" not in word and word not in _global_names(parsed)
    }
    found = {**inner, **global_ones}
    return {
        word: value
        for word, value in found.items()
        if word not in given and not word.startswith(("TARGET", "BUILD"))
    }


def _global_names(parsed: Dockerfile) -> set[str]:
    return {
        word.partition("=")[0]
        for instruction in parsed.global_args
        for word in instruction.arguments
    }


def _outside_text(path: str) -> str:
    folder, name = os.path.split(path)
    return DiskTree(folder).text(name)


def _dockerfiles(tree: DiskTree, tracked: Iterable[str]) -> Iterator[_Dockerfile]:
    """The Dockerfiles of a context, those that are named for it first."""
    here = os.path.realpath(tree.root)
    lying = (*dockerfiles(tree), *tracked_ones(tracked))
    # Of one in the root it is known without a file that it is built from there.
    is_alone = {*lying} <= {DEFAULT_DOCKERFILE}
    named = [
        one._replace(
            context=os.path.realpath(one.context),
            dockerfile=os.path.realpath(one.dockerfile),
        )
        for top in _tops(tree.root)
        for one in named_below(top, is_alone=is_alone)
    ]
    for_this = [one for one in named if one.context == here]
    known = {one.dockerfile for one in for_this}
    for_others = {one.dockerfile for one in named} - known
    found = [one.dockerfile for one in for_this]
    found += [os.path.join(here, path) for path in lying]
    for absolute in dict.fromkeys(found):
        relative = os.path.relpath(absolute, here)
        yield _Dockerfile(
            path="" if relative.startswith("../") else relative,
            absolute=absolute,
            real=os.path.realpath(absolute),
            named=tuple(one for one in for_this if one.dockerfile == absolute),
            is_elsewhere=absolute in for_others,
            shown=relative,
        )


def _tops(root: str) -> list[str]:
    """Where files that name builds are looked for: here, and above in a repository."""
    repository = find_repository(root)
    tops = [os.path.realpath(root)]
    if repository is not None and repository.top != tops[0]:
        tops.append(repository.top)
    return tops
