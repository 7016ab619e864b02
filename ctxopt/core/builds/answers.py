"""What docker itself makes of a compose or bake file, held against our reading.

differences(found.builds, bake_answers(printed, "/srv/shop"))
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ctxopt.core.builds.records import FoundBuild
from ctxopt.core.paths import is_remote
from ctxopt.core.tuples import NamedTuple

_NOTHING: Mapping[str, str] = {}


class Answer(NamedTuple):
    """A build as docker tells of it; folders and files are absolute."""

    name: str
    context: str
    dockerfile: str  # "" for one that stands in the file
    inline: str = ""
    target: str = ""
    args: Mapping[str, str] = _NOTHING
    contexts: Mapping[str, str] = _NOTHING


class BuildDifference(NamedTuple):
    """Where two readings of a build part."""

    build: str
    field: str  # "" where only one of the two has the build
    ours: str
    theirs: str


def compose_answers(printed: str, folder: str) -> tuple[Answer, ...]:
    """The builds of `docker compose config --format json`.

    `folder` is where it was asked, absolute. Raises ValueError for any other text.
    Rule: compose-spec/compose-go, types.Project and types.BuildConfig as JSON.
    """
    services = _table(_table(json.loads(printed)).get("services"))
    return tuple(
        _answer(name, _table(one["build"]), folder, inline="dockerfile_inline")
        for name, one in services.items()
        if one.get("build") is not None
    )


def bake_answers(printed: str, folder: str) -> tuple[Answer, ...]:
    """The targets of `docker buildx bake --print`; as `compose_answers`.

    Rule: docker/buildx, bake/bake.go, Target as JSON.
    """
    targets = _table(_table(json.loads(printed)).get("target"))
    return tuple(
        _answer(name, one, folder, inline="dockerfile-inline")
        for name, one in targets.items()
    )


def differences(
    builds: Sequence[FoundBuild], answers: Sequence[Answer], folder: str
) -> tuple[BuildDifference, ...]:
    """Where our reading says anything else than docker's, build by build.

    What we know that we do not know is no difference.
    """
    theirs = {one.name: one for one in answers}
    found: list[BuildDifference] = []
    for build in builds:
        for name in (build.name, *build.aliases):
            answer = theirs.pop(name, None)
            if build.refusal is not None:
                continue
            if answer is None:
                found.append(BuildDifference(name, "", "has it", "has it not"))
            else:
                found += _between(_ours(build, folder), answer, unknown=build.unknown)
    found += (BuildDifference(name, "", "has it not", "has it") for name in theirs)
    return tuple(found)


def _between(
    ours: Answer, theirs: Answer, *, unknown: Sequence[str]
) -> Iterator[BuildDifference]:
    for field in ("context", "dockerfile", "inline", "target"):
        mine, other = getattr(ours, field), getattr(theirs, field)
        if mine != other:
            yield BuildDifference(ours.name, field, mine, other)
    for field in ("args", "contexts"):
        mine, other = getattr(ours, field), getattr(theirs, field)
        for key in dict.fromkeys((*mine, *other)):
            said = f"{field}.{key}"
            if mine.get(key) != other.get(key) and said not in unknown:
                yield BuildDifference(
                    ours.name, said, mine.get(key, "-"), other.get(key, "-")
                )


def _ours(build: FoundBuild, folder: str) -> Answer:
    request = build.request
    context = _absolute(request.context, folder)
    inline = request.dockerfile_bytes
    file = ""
    if inline is None:
        file = _absolute(request.dockerfile or f"{context}/Dockerfile", folder)
    return Answer(
        name=build.name,
        context=context,
        dockerfile=file,
        inline=(inline or b"").decode("utf-8", "surrogateescape"),
        target=request.target or "",
        args=request.build_args,
        contexts={
            name: _plain(value, folder)
            for name, value in request.build_contexts.items()
        },
    )


def _answer(name: str, said: Mapping[str, Any], folder: str, *, inline: str) -> Answer:
    context = _plain(said.get("context") or ".", folder)
    text = said.get(inline) or ""
    file = said.get("dockerfile") or "Dockerfile"
    contexts = said.get("contexts") or said.get("additional_contexts") or {}
    args = said.get("args") or {}
    return Answer(
        name=name,
        context=context,
        dockerfile="" if text else _absolute(file, context),
        inline=text,
        target=said.get("target") or "",
        args={key: value for key, value in args.items() if value is not None},
        contexts={key: _plain(value, folder) for key, value in contexts.items()},
    )


def _plain(context: str, folder: str) -> str:
    """A context as it can be compared: absolute where it is a folder."""
    if context.startswith("service:"):  # bake says of a service what it is there
        return f"target:{context.removeprefix('service:')}"
    return context if is_remote(context) else _absolute(context, folder)


def _absolute(path: str, folder: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        message = "docker printed no table where one is expected"
        raise ValueError(message)  # noqa: TRY004  # as json does of what it cannot read
    return value
