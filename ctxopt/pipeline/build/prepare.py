"""A build read and traced in its builder's order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.builders import Builder, find_builder
from ctxopt.core.dockerfile import (
    USUAL_PLATFORM,
    BuildOptions,
    Trace,
    link,
    parse,
    trace,
)
from ctxopt.core.findings import problems
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.model import Problem, Request, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.sources.links import follow_request, resolve
from ctxopt.errors import CtxoptError, DockerfileError, IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.build.build import Build, Root


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
        builder=builder,
        main=main,
        named=_named_roots(traced, named) if traced else (),
        dockerfile=dockerfile,
        trace=traced,
        problems=tuple(found),
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
            path=path,
            ignore_file=text,
            patterns=_patterns(text),
            sources=_claims(traced.sources, SourceKind.NAMED, name),
            whole=name in traced.whole_named,
            named=True,
        )
        roots.append((name, root))
    return tuple(roots)
