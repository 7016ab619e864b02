"""Bake's targets -> the builds that they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.bake.records import BakeReading, BakeTarget
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import (
    DEFAULT_DOCKERFILE,
    SaidBuild,
    dockerfile_in,
    elsewhere,
    is_address,
    joined,
    line_of,
    not_known,
)
from ctxopt.core.model import FrozenWords, Location
from ctxopt.errors import CtxoptError

_DEFAULT = "default"
_TARGET = "target:"
_NEEDED = ("context", "dockerfile", "dockerfile-inline", "target", "contexts")
_CURE = "give its variables in the environment"


def said_by_bake(
    reading: BakeReading, base: str, *, names: Sequence[str] = ()
) -> Iterator[SaidBuild]:
    """The builds of the targets, in their order.

    `base` is the folder that bake runs in, `names` what is asked for: a private target
    is said only then. Usual are those that bake builds where no name is given.
    """
    usual = _usual(reading.targets)
    has_default = bool(usual)
    for target in reading.targets:
        is_asked = target.name in names or target.name in usual
        if is_asked or not (_is_private(target) or _says_nothing(target)):
            is_usual = target.name in usual or not has_default
            yield _said(target, base, is_usual=is_usual)


def _usual(targets: Sequence[BakeTarget]) -> set[str]:
    """The names of the targets of the default group, with those they take from."""
    by_name = {one.name: one for one in targets}
    waiting = [one.name for one in targets if _DEFAULT in (one.name, *one.groups)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in found:
            found.add(name)
            values = by_name[name].contexts.values()
            waiting += [v[len(_TARGET) :] for v in values if v.startswith(_TARGET)]
    return found


def _is_private(target: BakeTarget) -> bool:
    """Source: buildx, commands/bake.go, printTargetList: a convention."""
    return target.name.startswith("_")


def _says_nothing(target: BakeTarget) -> bool:
    """Whether it only holds what others inherit, as `docker-metadata-action` does."""
    said = (target.target, target.dockerfile_inline, *target.contexts, *target.groups)
    is_plain = target.context == "." and target.dockerfile == DEFAULT_DOCKERFILE
    return is_plain and not any(said) and not target.is_linked and not target.unknown


def _said(target: BakeTarget, base: str, *, is_usual: bool) -> SaidBuild:
    place = line_of(target.place.file, target.place.line)
    said = target.context or ""
    context = said if is_address(said) else joined(base, said or ".")
    return SaidBuild(
        name=target.name,
        kind=BuildKind.BAKE,
        place=place,
        context="" if target.context is None else context,
        dockerfile=_dockerfile(target, context, base),
        inline=target.dockerfile_inline,
        target=target.target,
        args=FrozenWords(target.args),
        contexts=FrozenWords(
            {name: _value(one, base) for name, one in target.contexts.items()}
        ),
        refusal=_refusal(target, context, place),
        is_usual=is_usual,
        unknown=(*sorted(target.unknown),),
    )


def _dockerfile(target: BakeTarget, context: str, base: str) -> str | None:
    said = target.dockerfile
    if said is not None and said.startswith("cwd://"):
        return joined(base, said.removeprefix("cwd://"))
    return dockerfile_in(context, said)


def _value(context: str, base: str) -> str:
    """A named context: a folder from where bake runs, or as it stands."""
    local = context.removeprefix("cwd://")
    return context if is_address(local) else joined(base, local)


def _refusal(target: BakeTarget, context: str, place: Location) -> CtxoptError | None:
    for what in _NEEDED:
        rows = [one for one in target.unknown if one == what or _is_row(one, what)]
        if rows:
            return not_known(rows[0], place, cure=_CURE)
    if is_address(context):
        return elsewhere(context, place)
    return None


def _is_row(unknown: str, what: str) -> bool:
    return what == "contexts" and unknown.startswith("contexts.")
