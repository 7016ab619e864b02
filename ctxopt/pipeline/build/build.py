"""A build as its builder reads it: Dockerfile, ignore file, sources; nothing walked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ctxopt.core.builders import Builder, OutsideDockerfile, find_builder
from ctxopt.core.dockerfile import (
    USUAL_PLATFORM,
    BuildOptions,
    Trace,
    link,
    parse,
    trace,
)
from ctxopt.core.findings import problems
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.judging.entry import Entry, Kind
from ctxopt.core.model import IgnoreSummary, Problem, Request, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.sources.links import follow_request, resolve
from ctxopt.core.sources.targets import trace_targets
from ctxopt.errors import CtxoptError, DockerfileError, IgnoreFileError, WriteError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.survey.question import Question
from ctxopt.pipeline.survey.survey import survey_transfer

NOTHING: tuple[str, ...] = ()  # the request of a build that takes nothing


class Root(NamedTuple):
    """One folder that a build takes from: the context, or a named context."""

    path: str  # absolute
    ignore_file: inputs.IgnoreText | None
    patterns: tuple[Pattern, ...]
    sources: tuple[Source, ...]  # those that name this root, in order
    whole: bool = False  # a stage is built from it, and so takes all of it
    named: bool = False

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
    path: str  # absolute
    shown: str
    exists: bool
    relative: str  # path in the context, links resolved; "" when outside
    stray: inputs.Stray | None = None  # a link that this builder follows elsewhere


class Build(NamedTuple):
    """A build, ready to be measured."""

    builder: Builder
    main: Root
    named: tuple[tuple[str, Root], ...]
    dockerfile: inputs.DockerfileText
    trace: Trace | None  # None: refused, but only after the context was sent
    problems: tuple[Problem, ...]

    @property
    def outside(self) -> OutsideDockerfile | None:
        """The Dockerfile, if the build takes it from outside the context."""
        if not self.dockerfile.outside:
            return None
        size = inputs.regular_size(self.main.path, inputs.IGNORE_FILE)
        return OutsideDockerfile(len(self.dockerfile.content), size)

    def question(self, root: Root, *, top: int = 0, depth: int = 0) -> Question:
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
        return Question(
            root.path,
            self.builder,
            self.builder.exclude(root.patterns, self.dockerfile.relative),
            request,
            trace_targets(wanted, tree),
            depth,
            top,
        )

    def ignore_target(self) -> IgnoreTarget:
        """The ignore file in effect, or the one that a build would look for."""
        found = self.main.ignore_file
        if found is not None:
            file = parse_ignore_file(found.content, found.shown)
            return self._target(file, found.path, exists=True)
        path = os.path.join(self.main.path, inputs.IGNORE_FILE)
        file = parse_ignore_file(b"", inputs.IGNORE_FILE)
        return self._target(file, path, exists=False)

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
        path = os.path.join(folder, name + inputs.IGNORE_FILE)
        shown = inputs.shown(path, self.main.path)
        content = found.content if found is not None else b""
        return self._target(parse_ignore_file(content, shown), path, exists=False)

    def with_ignore_file(self, content: bytes, path: str, *, specific: bool) -> Build:
        """The same build as if the ignore file at `path` had this content.

        Raises IgnoreFileError for one that the builder would refuse.
        """
        shown = inputs.shown(path, self.main.path)
        text = inputs.IgnoreText(path, shown, content, specific)
        patterns = parse_ignore_file(content, shown).patterns
        main = self.main._replace(ignore_file=text, patterns=patterns)
        return self._replace(main=main)

    def _target(self, file: IgnoreFile, path: str, *, exists: bool) -> IgnoreTarget:
        root = os.path.realpath(self.main.path)
        relative = os.path.relpath(os.path.realpath(path), root)
        outside = relative == ".." or relative.startswith("../")
        follows = self.builder.follows_links_out
        return IgnoreTarget(
            file,
            path,
            file.path,
            exists,
            "" if outside else relative,
            None if follows else inputs.stray(path),
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
    found = survey_transfer(Question(folder, builder, request=request))
    return builder.wire_bytes(found.measurement.transfer)


def _invented_bytes(builder: Builder, dockerfile: inputs.DockerfileText) -> int:
    """A Dockerfile from standard input, which the client puts into a new folder."""
    size = len(dockerfile.content)
    entry = Entry(dockerfile.name, Kind.REGULAR, 0o600, size, time.time_ns())
    return builder.entry_bytes(entry)


def prepare(
    request: Request, announce: Callable[[Problem], None] | None = None
) -> Build:
    """Read and trace a build in its builder's order, so that the first refusal wins.

    `announce` is told of problems that the user should hear of before a long walk.
    Raises CtxoptError for input that the builder would refuse before it sends anything.
    """
    builder = find_builder(request.builder)
    context = inputs.context_folder(request.context)
    found: list[Problem] = []
    if inputs.is_vast(context):
        found.append(problems.vast_context(context))
        if announce is not None:
            announce(found[-1])
    named = _named_folders(request, builder)
    dockerfile = inputs.read_dockerfile(
        context,
        request.dockerfile,
        request.dockerfile_bytes,
        inside_folder=not builder.follows_links_out,
    )
    _check_requested(builder, dockerfile)
    options = BuildOptions(
        target=request.target,
        build_args=request.build_args,
        named_contexts=tuple(request.build_contexts),
        platform=request.platform or USUAL_PLATFORM,
        scoping=builder.scoping,
    )
    ignore_file, patterns, traced = _read_in_order(
        builder, context, dockerfile, options, found
    )
    sources = traced.sources if traced else ()
    found += _unread_links(builder, context, dockerfile, ignore_file)
    main = Root(context, ignore_file, patterns, _claims(sources, SourceKind.CONTEXT))
    if traced is not None:
        found += problems.unknown_bases(traced.unknown_bases)
        if not builder.parses_dockerfile_first:
            found += problems.needs_buildkit(traced)
    return Build(
        builder,
        main,
        _named_roots(traced, named) if traced else (),
        dockerfile,
        traced,
        tuple(found),
    )


def _read_in_order(
    builder: Builder,
    context: str,
    dockerfile: inputs.DockerfileText,
    options: BuildOptions,
    found: list[Problem],
) -> tuple[inputs.IgnoreText | None, tuple[Pattern, ...], Trace | None]:
    """Dockerfile and ignore file, in the order in which the builder refuses them."""
    refusal: CtxoptError | None = None
    plan = traced = None
    try:
        plan = link(parse(dockerfile.content, dockerfile.shown), options)
    except DockerfileError as error:
        refusal = error
    if refusal is not None and builder.parses_dockerfile_first:
        raise refusal
    ignore_file = inputs.read_ignore_file(
        context,
        dockerfile,
        specific=builder.specific_ignore_file,
        follow=builder.follows_links_out,
    )
    patterns = _patterns(ignore_file)
    if plan is not None:
        try:
            traced = trace(plan)
        except DockerfileError as error:
            refusal = error
    if refusal is not None:
        if builder.parses_dockerfile_first:
            raise refusal
        found.append(problems.refused_dockerfile(refusal))
    return ignore_file, patterns, traced


def _unread_links(
    builder: Builder,
    context: str,
    dockerfile: inputs.DockerfileText,
    ignore_file: inputs.IgnoreText | None,
) -> Iterator[Problem]:
    """What people take for ignore files in effect, and this builder for none."""
    paths = []
    if builder.specific_ignore_file and dockerfile.folder is not None:
        name = dockerfile.name + inputs.IGNORE_FILE
        paths.append(os.path.join(dockerfile.folder, name))
    paths.append(os.path.join(context, inputs.IGNORE_FILE))
    for path in paths:
        if ignore_file is not None and ignore_file.path == path:
            return
        if os.path.islink(path):
            place = inputs.shown(path, context)
            why = _why_unread(path, builder)
            yield problems.unread_ignore_file(place, os.readlink(path), why)


def _why_unread(path: str, builder: Builder) -> str:
    real = os.path.realpath(path)
    if not os.path.exists(real):
        return "which is not there"
    if not os.path.isfile(real):
        return "which is no file"
    if not os.access(real, os.R_OK):
        return "which cannot be read"
    return f"out of its folder, where {builder.label} does not read it"


def _patterns(ignore_file: inputs.IgnoreText | None) -> tuple[Pattern, ...]:
    if ignore_file is None:
        return ()
    return parse_ignore_file(ignore_file.content, ignore_file.shown).patterns


def _claims(
    sources: tuple[Source, ...], kind: SourceKind, origin: str = ""
) -> tuple[Source, ...]:
    return tuple(
        source for source in sources if source.kind is kind and source.origin == origin
    )


def _check_requested(builder: Builder, dockerfile: inputs.DockerfileText) -> None:
    """The names of the Dockerfile's transfer are patterns, too."""
    names = builder.dockerfile_request(dockerfile.name)
    if names is None or dockerfile.folder is None:
        return
    tree = DiskTree(dockerfile.folder)
    request = follow_request(tree, names)
    path = resolve(tree, dockerfile.name).path
    try:
        include = Matcher(compile_patterns(request or ()))
        arrives = path is not None and include.verdict(path).excluded
    except IgnoreFileError:
        arrives = False
    if not arrives:
        message = (
            f"failed to read dockerfile: open {dockerfile.name}: "
            "no such file or directory"
        )
        raise DockerfileError(
            message,
            file=dockerfile.shown,
            hint="BuildKit reads its name as a pattern; rename the file",
        )


# --- named contexts --------------------------------------------------------------


def _named_folders(request: Request, builder: Builder) -> Mapping[str, str]:
    """The named contexts that are local folders.

    Raises CtxoptError for one that is not there.
    """
    if request.build_contexts and not builder.takes_named_contexts:
        raise CtxoptError(
            f"the {builder.label} knows no --build-context",
            hint="leave it out, or measure with --builder buildkit",
        )
    folders = {}
    for name, value in request.build_contexts.items():
        if not _is_remote(value) or os.path.isdir(value):
            folders[name] = _named_folder(name, value)
    return folders


def _named_folder(name: str, value: str) -> str:
    """The absolute path of a named context; raises CtxoptError if it is no folder."""
    why = f'no such folder: "{value}"'
    hint = "check the path given with --build-context"
    try:
        path = os.path.abspath(value)
        if os.path.isdir(path):
            return path
    except OSError as error:
        why, hint = f"{why}: {inputs.no_current_folder(error)}", inputs.ELSEWHERE
    raise CtxoptError(f"failed to get build context {name}: {why}", hint=hint)


_REMOTE = (
    "docker-image://",
    "oci-layout://",
    "target:",
    "input:",
    "http://",
    "https://",
    "git://",
    "ssh://",
    "git@",
)


def _is_remote(value: str) -> bool:
    return value.startswith(_REMOTE)


def _named_roots(
    traced: Trace, folders: Mapping[str, str]
) -> tuple[tuple[str, Root], ...]:
    """The local named contexts that the build reads, each with its own ignore file."""
    roots = []
    for name in traced.context_names:
        if name not in folders:
            continue
        path = folders[name]
        text = inputs.read_ignore_file(path, None, specific=False, follow=False)
        root = Root(
            path,
            text,
            _patterns(text),
            _claims(traced.sources, SourceKind.NAMED, name),
            whole=name in traced.whole_named,
            named=True,
        )
        roots.append((name, root))
    return tuple(roots)
