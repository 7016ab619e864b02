"""A build as its builder reads it: Dockerfile, ignore file, sources; nothing walked."""

from __future__ import annotations

import os

from ctxopt.core.builders import Builder, OutsideDockerfile
from ctxopt.core.dockerfile import BuildOptions, Trace
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.model import IgnoreSummary, Problem, Source
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.links import follow_request
from ctxopt.core.sources.targets import trace_targets
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.survey.job import MeasureJob

NOTHING: tuple[str, ...] = ()  # the request of a build that takes nothing


class Root(NamedTuple):
    """One folder that a build takes from: the context, or a named context."""

    path: str  # absolute
    ignore_file: IgnoreFile | None  # parsed, and sound
    sources: tuple[Source, ...]  # those that name this root, in order
    whole: bool = False  # a stage is built from it, and so takes all of it
    named: bool = False
    unknown: tuple[Source, ...] = ()  # those that a variable nobody sees decides

    @property
    def matcher(self) -> Matcher:
        """The one matcher of the ignore file."""
        return self.ignore_file.matcher if self.ignore_file is not None else NO_PATTERNS

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What the ignore file says, in order."""
        return self.matcher.patterns

    def keeps_out(self, path: str) -> bool:
        """Whether the ignore file keeps a path out, as far as that can be told."""
        try:
            return self.matcher.verdict(path).excluded
        except PatternError:
            return False

    @property
    def taking(self) -> tuple[Source, ...]:
        """The sources without the mounts that request a path but take nothing."""
        return tuple(source for source in self.sources if source.claims)

    @property
    def is_asked_for(self) -> bool:
        """Whether there is a transfer: a stage may read a named context for another."""
        return bool(self.sources if self.named else self.taking)

    def ignore_summary(self) -> IgnoreSummary | None:
        """The ignore file in effect."""
        if self.ignore_file is None:
            return None
        return IgnoreSummary(self.ignore_file.path, len(self.patterns))


class IgnoreTarget(NamedTuple):
    """The ignore file that lines are for, and how the build sees it as an entry."""

    file: IgnoreFile
    exists: bool
    relative: str  # path in the context, links resolved; "" when outside
    stray: inputs.Stray | None = None  # a link that this builder follows elsewhere

    @property
    def path(self) -> str:
        """Where it lies, or would; absolute."""
        return self.file.path

    @property
    def shown(self) -> str:
        """As messages name it."""
        return self.file.shown


class Build(NamedTuple):
    """A build, ready to be measured."""

    builder: Builder
    main: Root
    named: tuple[tuple[str, Root], ...]
    dockerfile: inputs.DockerfileText
    trace: Trace | None  # None: refused, but only after the context was sent
    problems: tuple[Problem, ...]
    options: BuildOptions = BuildOptions()  # with which it was traced

    @property
    def is_for_both(self) -> bool:
        """Whether the other builder could build it, and may keep something else out.

        What a builder brings back by itself needs an ignore file, too.
        """
        is_understood = self.trace is not None and not self.trace.needs_buildkit
        return is_understood and self.main.ignore_file is not None

    @property
    def outside(self) -> OutsideDockerfile | None:
        """The Dockerfile, if the build takes it from outside the context."""
        if not self.dockerfile.outside:
            return None
        size = inputs.regular_size(self.main.path, inputs.IGNORE_FILE)
        return OutsideDockerfile(len(self.dockerfile.content), size)

    def job(self, root: Root, *, top: int = 0, depth: int = 0) -> MeasureJob:
        """What to measure of a root.

        Raises CtxoptError for a request or an ignore file that cannot be sent.
        """
        tree = DiskTree(root.path)
        request: tuple[str, ...] | None = NOTHING
        if root.whole:
            request = None
        elif root.is_asked_for or self.builder.sends_all:
            request = self.builder.request(root.sources, tree)
        if request != NOTHING:
            self.builder.check_exclude(root.patterns)
        wanted = self.builder.wanted(root.taking)
        return MeasureJob(
            root=root.path,
            builder=self.builder,
            exclude=self.builder.exclude(root.matcher, self.dockerfile.relative),
            request=request,
            targets=trace_targets(wanted, tree),
            depth=depth,
            top=top,
            withdrawn=self.withdrawn(root),
        )

    def withdrawn(self, root: Root) -> frozenset[str]:
        """Paths of a root that are sent, and gone before any source is looked up."""
        if root.named:
            return frozenset()
        return self.builder.withdrawn(root.matcher, self.dockerfile.relative)

    def ignore_target(self) -> IgnoreTarget:
        """The ignore file in effect, or the one that a build would look for."""
        found = self.main.ignore_file
        if found is not None:
            return self._target(found, exists=True)
        name, dialect = self.builder.files.ignore_file, self.builder.dialect
        path = os.path.join(self.main.path, name)
        file = IgnoreFile(name, (), path=path, dialect=dialect)
        return self._target(file, exists=False)

    def specific_target(self) -> IgnoreTarget:
        """The ignore file of this Dockerfile alone, beginning with the lines in effect.

        Raises WriteError where the builder would not read it.
        """
        found = self.main.ignore_file
        if found is not None and found.specific:
            return self.ignore_target()
        if not self.builder.specific_ignore_file:
            raise WriteError(
                f"the {self.builder.label} reads no ignore file of a Dockerfile's own",
                hint="leave out --per-dockerfile",
            )
        if self.dockerfile.folder is None:
            raise WriteError(
                "a Dockerfile from standard input has no ignore file of its own",
                hint="give its file with -f, or leave out --per-dockerfile",
            )
        folder, name = self.dockerfile.folder, self.dockerfile.name
        path = os.path.join(folder, name + self.builder.files.specific[0])
        shown = inputs.shown(path, self.main.path)
        nothing = IgnoreFile(shown, (), dialect=self.builder.dialect)
        start = found if found is not None else nothing
        file = start._replace(shown=shown, path=path, specific=True)
        return self._target(file, exists=False)

    def with_ignore_file(self, content: bytes, path: str, *, specific: bool) -> Build:
        """The same build as if the ignore file at `path` had this content.

        Raises IgnoreFileError for one that the builder would refuse.
        """
        shown = inputs.shown(path, self.main.path)
        file = parse_ignore_file(
            content, shown, path=path, specific=specific, dialect=self.builder.dialect
        )
        return self._replace(main=self.main._replace(ignore_file=file.checked()))

    def _target(self, file: IgnoreFile, *, exists: bool) -> IgnoreTarget:
        root = os.path.realpath(self.main.path)
        relative = os.path.relpath(os.path.realpath(file.path), root)
        outside = relative == ".." or relative.startswith("../")
        follows = self.builder.follows_links_out
        return IgnoreTarget(
            file=file,
            exists=exists,
            relative="" if outside else relative,
            stray=None if follows else inputs.stray(file.path),
        )

    def dockerfile_bytes(self) -> int | None:
        """The transfer of the Dockerfile; None where it has none of its own."""
        request = self.builder.dockerfile_request(self.dockerfile.name)
        if request is None:
            return None
        if self.dockerfile.folder is None:
            return _invented_bytes(self.builder, self.dockerfile)
        return _small_transfer(self.builder, self.dockerfile.folder, request)

    def ignore_file_bytes(self) -> int | None:
        """The transfer that asks for the context's ignore file; 0: not asked for."""
        if self.builder.dockerfile_request("") is None:
            return None
        if self.main.ignore_file is not None and self.main.ignore_file.specific:
            return 0
        return _small_transfer(self.builder, self.main.path, (inputs.IGNORE_FILE,))


def _small_transfer(builder: Builder, folder: str, names: tuple[str, ...]) -> int:
    request = follow_request(DiskTree(folder), names)
    from ctxopt.pipeline.survey.survey import survey_transfer  # start-up: of few

    found = survey_transfer(MeasureJob(folder, builder, request=request))
    return builder.wire_bytes(found.measurement.transfer)


def _invented_bytes(builder: Builder, dockerfile: inputs.DockerfileText) -> int:
    """A Dockerfile from standard input, which the client puts into a new folder."""
    from ctxopt.host.disk.probe import entry_to_be  # start-up: most have a file

    size = len(dockerfile.content)
    return builder.entry_bytes(entry_to_be(dockerfile.name, size, 0o600))
