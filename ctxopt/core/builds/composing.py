"""A compose project -> the builds that it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import (
    SaidBuild,
    dockerfile_in,
    elsewhere,
    line_of,
    not_known,
)
from ctxopt.core.compose.nodes import Fields, Items, Node, fields_of
from ctxopt.core.compose.records import (
    ComposeBuild,
    ComposeContext,
    ComposeProblem,
    ComposeProject,
    ContextKind,
)
from ctxopt.core.model import FrozenWords, Location
from ctxopt.errors import CtxoptError

_CURE = "set its variables, in the environment or in .env"
# What has to be known of a build; an argument may be left out.
_NEEDED = ("dockerfile", "dockerfile_inline", "target")


def said_by_compose(
    project: ComposeProject, profiles: Collection[str] = ()
) -> Iterator[SaidBuild]:
    """The builds of the services, in their order; usual are those of `profiles`."""
    for build in project.builds:
        yield _said(build, project.problems, is_usual=build.is_enabled(profiles))


def _said(
    build: ComposeBuild, problems: tuple[ComposeProblem, ...], *, is_usual: bool
) -> SaidBuild:
    place = line_of(build.place.file, build.place.line)
    context = build.context.path
    args = {name: one for name, one in build.args.items() if one is not None}
    named = {
        name: _named_context(one) for name, one in build.additional_contexts.items()
    }
    return SaidBuild(
        name=build.service,
        kind=BuildKind.COMPOSE,
        place=place,
        context=context,
        dockerfile=dockerfile_in(context, build.dockerfile),
        inline=build.dockerfile_inline,
        target=build.target,
        args=FrozenWords(args),
        contexts=FrozenWords(named),
        refusal=_refusal(build, problems, place),
        is_usual=is_usual,
        unknown=build.unknown,
    )


def _named_context(context: ComposeContext) -> str:
    service = context.kind is ContextKind.SERVICE
    return f"service:{context.path}" if service else context.path


def _refusal(
    build: ComposeBuild, problems: tuple[ComposeProblem, ...], place: Location
) -> CtxoptError | None:
    """Why it cannot be measured: a part of it is elsewhere, or not known."""
    kind = build.context.kind
    if kind is ContextKind.UNKNOWN:
        return _unknown("context", build.context.text, problems, place)
    if kind is not ContextKind.FOLDER:
        is_service = kind is ContextKind.SERVICE
        address = _named_context(build.context) if is_service else build.context.path
        return elsewhere(address, place)
    unknown = next((one for one in build.unknown if one in _NEEDED), None)
    if unknown is not None:
        return _unknown(unknown, "", problems, place)
    for name, context in build.additional_contexts.items():
        if context.kind is ContextKind.UNKNOWN:
            what = f'named context "{name}"'
            return _unknown(what, context.text, problems, place)
    return None


def _unknown(
    what: str, text: str, problems: tuple[ComposeProblem, ...], place: Location
) -> CtxoptError:
    """That a variable is not set which has to be; its own words where they stand."""
    said = next((one.hint for one in problems if text and one.text == text), None)
    return not_known(what, place, text=text, cure=said or _CURE)


def is_overlay(documents: Sequence[Node]) -> bool:
    """Whether a file is made to go over another: a service of it has no image.

    `docker compose -f compose.yaml -f compose.prod.yaml` takes both; alone, such a
    file is refused.
    Source: compose-go, loader/validate.go, checkConsistency.
    """
    services = [fields_of(fields_of(one).get("services")) for one in documents]
    return any(
        not _stands_alone(fields_of(service))
        for one in services
        for service in one.values()
    )


def build_lines(documents: Sequence[Node]) -> frozenset[int]:
    """The lines of a compose file that say something of builds."""
    return frozenset(
        line
        for one in documents
        for service in fields_of(fields_of(one).get("services")).values()
        for line in _lines(fields_of(service).get("build"))
    )


def _lines(node: Node | None) -> Iterator[int]:
    if node is None:
        return
    yield node.place.line
    inner = node.entries.values() if isinstance(node, Fields) else ()
    for one in (*inner, *(node.entries if isinstance(node, Items) else ())):
        yield from _lines(one)


def _stands_alone(service: Mapping[str, Node]) -> bool:
    build = service.get("build")
    is_partial = isinstance(build, Fields) and not _CONTEXTS & {*build.entries}
    return bool({"image", "extends", "build", "provider"} & {*service}) and (
        not is_partial
    )


# A build that says neither is of the project's folder, or goes over another.
_CONTEXTS = frozenset({"context", "dockerfile", "dockerfile_inline"})
