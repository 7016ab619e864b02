"""A build decided on what was read of it: which refusal wins, and what it takes.

Pure: records in, a record out; nothing here asks disk, clock or network. `reading`
hands over each input, or in its place the error that came of it, and here it is decided
which of them the builder would meet first. Of a Dockerfile with an unknown instruction
and an ignore file with an open bracket, BuildKit refuses the first, the legacy builder
the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from ctxopt.core.builders import Builder
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
from ctxopt.core.model import Problem, Request, Source, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TypeVar
from ctxopt.errors import CtxoptError, DockerfileError, IgnoreFileError
from ctxopt.host.disk.inputs import DockerfileText, IgnoreText
from ctxopt.pipeline.preparation.build import Build, Root

_T = TypeVar("_T")


class LinkEnd(Enum):
    """Where an ignore file leads that is a link and counts as none."""

    NOWHERE = "which is not there"
    NO_FILE = "which is no file"
    FORBIDDEN = "which cannot be read"
    ELSEWHERE = "out of its folder, where {builder} does not read it"


class UnreadLink(NamedTuple):
    """A link that looks like an ignore file in effect, and is none for this builder."""

    shown: str  # as messages name it
    target: str  # the text of the link
    end: LinkEnd


class Arrival(NamedTuple):
    """What decides whether the Dockerfile comes with the transfer of its own."""

    request: tuple[str, ...] | None  # of its folder, links followed; None: everything
    path: str | None  # where it lies in the folder, links followed; None: nowhere


class NamedFolder(NamedTuple):
    """A named context that is a local folder."""

    path: str  # absolute
    ignore_file: IgnoreText | CtxoptError | None = None  # None: it has none


class BuildInputs(NamedTuple):
    """All that a build begins with, as it was read.

    An error stands in the place of what could not be read, and of whatever could not be
    looked for without that.
    """

    context: str | CtxoptError  # absolute path of the folder
    dockerfile: DockerfileText | CtxoptError
    ignore_file: IgnoreText | CtxoptError | None = None  # None: there is none
    is_vast: bool = False  # the context is the whole disk or a home folder
    named: Mapping[str, NamedFolder | CtxoptError] = {}  # those that are local
    arrival: Arrival | None = None  # None: this Dockerfile has no transfer of its own
    unread: tuple[UnreadLink, ...] = ()


def prepare(request: Request, builder: Builder, inputs: BuildInputs) -> Build:
    """The build of a request, judged and traced on inputs that were read before.

    Pure, see above. Raises CtxoptError for what the builder would refuse before it
    sends anything; of several, the one that the builder would meet first.
    """
    context = _read(inputs.context)
    named = _named_folders(request, builder, inputs)
    dockerfile = _read(inputs.dockerfile)
    _check_arrival(dockerfile, inputs.arrival)
    judged = _judge(request, builder, dockerfile, inputs)
    traced = judged.trace
    sources = traced.sources if traced else ()
    main = Root(
        context,
        judged.ignore_file,
        _claims(sources, SourceKind.CONTEXT),
        unknown=_claims(sources, SourceKind.UNKNOWN),
    )
    return Build(
        builder=builder,
        main=main,
        named=_named_roots(traced, named, builder) if traced else (),
        dockerfile=dockerfile,
        trace=traced,
        problems=tuple(_problems(builder, context, inputs, judged)),
        options=_options(request, builder),
    )


def _read(value: _T | CtxoptError) -> _T:
    """An input; raises the error that stands in its place."""
    if isinstance(value, CtxoptError):
        raise value
    return value


class _JudgedText(NamedTuple):
    """Dockerfile and ignore file, as far as the builder goes before it sends."""

    ignore_file: IgnoreFile | None
    trace: Trace | None
    refusal: DockerfileError | None  # met after the transfer; then there is no trace


def _judge(
    request: Request, builder: Builder, dockerfile: DockerfileText, inputs: BuildInputs
) -> _JudgedText:
    """Dockerfile and ignore file, in the order in which the builder refuses them."""
    refusal: DockerfileError | None = None
    plan = traced = None
    try:
        parsed = parse(dockerfile.content, dockerfile.shown)
        plan = link(parsed, _options(request, builder))
    except DockerfileError as error:
        refusal = error
    if refusal is not None and builder.parses_dockerfile_first:
        raise refusal
    broken: IgnoreFileError | None = None
    ignore_file = None
    try:
        ignore_file = _parsed(_read(inputs.ignore_file), builder)
    except IgnoreFileError as error:
        if not builder.in_place:
            raise
        broken = error
    if plan is not None:
        try:
            traced = trace(plan)
            _check_commands(traced, builder)
        except DockerfileError as error:
            refusal = error
    if refusal is not None and builder.parses_dockerfile_first:
        raise refusal
    if broken is not None and traced is not None and _copies(traced):
        raise broken  # it is parsed for each COPY and ADD anew
    return _JudgedText(ignore_file, traced, refusal)


def _check_commands(traced: Trace, builder: Builder) -> None:
    """Raise DockerfileError for a command that is not handed to the engine."""
    if traced.stray_bytes is not None and builder.runs_utf8_only:
        from ctxopt.core.dockerfile.tracing import stray_bytes  # start-up: very rare

        raise stray_bytes.refused(traced.stray_bytes)


def _copies(traced: Trace) -> bool:
    """Whether an instruction copies out of the context."""
    return any(
        one.kind is SourceKind.CONTEXT and not one.mount for one in traced.sources
    )


def _options(request: Request, builder: Builder) -> BuildOptions:
    return BuildOptions(
        target=request.target,
        build_args=request.build_args,
        named_contexts=tuple(request.build_contexts),
        platform=request.platform or USUAL_PLATFORM,
        scoping=builder.scoping,
        fires_triggers=builder.fires_triggers,
        exact_target=builder.exact_target,
    )


def _parsed(text: IgnoreText | None, builder: Builder) -> IgnoreFile | None:
    """An ignore file; raises IgnoreFileError for one that is refused at once."""
    if text is None:
        return None
    file = parse_ignore_file(
        text.content,
        text.shown,
        path=text.path,
        specific=text.specific,
        dialect=builder.dialect,
    )
    return file.checked()


def _claims(
    sources: tuple[Source, ...], kind: SourceKind, origin: str = ""
) -> tuple[Source, ...]:
    return tuple(
        source for source in sources if source.kind is kind and source.origin == origin
    )


def _check_arrival(dockerfile: DockerfileText, arrival: Arrival | None) -> None:
    """The names of the Dockerfile's transfer are patterns, too."""
    if arrival is None:
        return
    try:
        include = Matcher(compile_patterns(arrival.request or ()))
        path = arrival.path
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


def _problems(
    builder: Builder, context: str, inputs: BuildInputs, judged: _JudgedText
) -> Iterator[Problem]:
    """What the user should hear of a build that is not refused."""
    if inputs.is_vast:
        yield problems.vast_context(context)
    if judged.refusal is not None:
        yield problems.refused_dockerfile(judged.refusal)
    for one in inputs.unread:
        why = one.end.value.format(builder=builder.label)
        yield problems.unread_ignore_file(one.shown, one.target, why)
    if judged.trace is not None:
        yield from problems.unknown_variables(judged.trace.unknown_uses)
        yield from problems.unknown_bases(judged.trace.unknown_bases)
        if builder.looks_up_owners and judged.trace.homeless_owners:
            from ctxopt.core.findings import instructions  # start-up: very rare

            for place, name in judged.trace.homeless_owners:
                yield instructions.homeless_owner(name, place)
        yield from _heredocs(builder, judged.trace)
        for source, refusal in builder.refused_excludes(judged.trace.sources):
            from ctxopt.core.findings import copied  # start-up: few are refused

            yield copied.refused_exclude(source, refusal)
        if not builder.parses_dockerfile_first:
            yield from problems.needs_buildkit(judged.trace)


def _heredocs(builder: Builder, traced: Trace) -> Iterator[Problem]:
    """Files written in the Dockerfile that the builder cannot make."""
    for source in traced.sources:
        if source.kind is SourceKind.HEREDOC and source.claims:
            refusal = builder.heredoc_failure(source.expanded)
            if refusal:
                from ctxopt.core.findings import instructions  # start-up: very rare

                yield instructions.heredoc_name(source, refusal)


# --- named contexts --------------------------------------------------------------


def _named_folders(
    request: Request, builder: Builder, inputs: BuildInputs
) -> Mapping[str, NamedFolder]:
    """The named contexts that are local folders.

    Raises CtxoptError for one that is not there.
    """
    if request.build_contexts and not builder.takes_named_contexts:
        raise CtxoptError(
            f"the {builder.label} knows no --build-context",
            hint="leave it out, or measure with --builder buildkit",
        )
    return {name: _read(folder) for name, folder in inputs.named.items()}


def _named_roots(
    traced: Trace, folders: Mapping[str, NamedFolder], builder: Builder
) -> tuple[tuple[str, Root], ...]:
    """The local named contexts that the build reads, each with its own ignore file."""
    roots = []
    for name in traced.context_names:
        if name not in folders:
            continue
        root = Root(
            path=folders[name].path,
            ignore_file=_parsed(_read(folders[name].ignore_file), builder),
            sources=_claims(traced.sources, SourceKind.NAMED, name),
            whole=name in traced.whole_named,
            named=True,
            unknown=_claims(traced.sources, SourceKind.UNKNOWN, name),
        )
        roots.append((name, root))
    return tuple(roots)
