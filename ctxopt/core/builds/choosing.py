"""Which of the builds that were found are taken, and the line that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ctxopt.core.builds.records import BuildKind, FoundBuild
from ctxopt.core.nearest import closest
from ctxopt.errors import CtxoptError

_MOST_NAMED = 4
_WORDS = {
    BuildKind.COMPOSE: ("service", "services"),
    BuildKind.BAKE: ("target", "targets"),
    BuildKind.WORKFLOW: ("build", "builds"),
    BuildKind.SKAFFOLD: ("artifact", "artifacts"),
    BuildKind.DEVCONTAINER: ("build", "builds"),
}
_FILES = {
    BuildKind.COMPOSE: "compose files",
    BuildKind.BAKE: "bake files",
    BuildKind.WORKFLOW: "workflows",
    BuildKind.SKAFFOLD: "skaffold files",
    BuildKind.DEVCONTAINER: "dev containers",
}


def by_name(
    builds: Sequence[FoundBuild], names: Sequence[str]
) -> tuple[FoundBuild, ...]:
    """The builds that are asked for, each by its name or by the end of it.

    Raises CtxoptError for a name that none of them has.
    """
    found: dict[FoundBuild, None] = {}
    for name in names:
        fitting = [one for one in builds if one.name == name] or [
            one for one in builds if name in one.aliases or _ends_so(one, name)
        ]
        if not fitting:
            raise _no_such(name, builds)
        found.update(dict.fromkeys(fitting))
    return tuple(one for one in builds if one in found)


def _ends_so(build: FoundBuild, name: str) -> bool:
    """Whether it is called so in its own file, as `web` of `examples/shop/web`."""
    if build.name.endswith((f"/{name}", f":{name}")):
        return True
    return name in {build.dockerfile, build.context}


def _no_such(name: str, builds: Sequence[FoundBuild]) -> CtxoptError:
    known = [one.name for one in builds]
    near = closest(name, known)
    if near:
        hint = f'did you mean "{near}"?'
    else:
        hint = f"there are {_some(known)}" if known else "none was found here"
    return CtxoptError(f'no build is called "{name}"', hint=hint)


def chosen(
    taken: Sequence[FoundBuild], left: Sequence[str] = (), *, is_whole: bool = True
) -> str:
    """What was taken, in one line: `3 services of compose.yaml; Dockerfile.ci`.

    `left` is what --all would take, too; `is_whole` is false where there is more than
    is looked at.
    """
    parts = [
        _of_kind(kind, [one for one in taken if one.kind is kind]) for kind in _WORDS
    ]
    guessed = [one.dockerfile for one in taken if one.kind is BuildKind.DOCKERFILE]
    has_others = len(guessed) < len(taken)
    parts.append(_of_dockerfiles(guessed, has_others=has_others))
    parts.append(f"--all takes {' and '.join(left)}, too" if left else "")
    parts.append("" if is_whole else "there are more folders than are looked into")
    return "; ".join(filter(None, parts))


def _of_kind(kind: BuildKind, builds: Sequence[FoundBuild]) -> str:
    if not builds:
        return ""
    files = Counter(one.place.file for one in builds if one.place is not None)
    one, several = _WORDS[kind]
    count = f"{len(builds)} {one if len(builds) == 1 else several}"
    where = next(iter(files)) if len(files) == 1 else f"{len(files)} {_FILES[kind]}"
    return f"{count} of {where}"


def _of_dockerfiles(paths: Sequence[str], *, has_others: bool) -> str:
    if not paths:
        return ""
    if len(paths) == 1:
        return f"{paths[0]}, that no file names" if has_others else paths[0]
    which = " that no file names" if has_others else ""
    return f"{len(paths)} Dockerfiles{which}: {_some(paths)}"


def _some(names: Iterable[str]) -> str:
    known = [*names]
    more = len(known) - _MOST_NAMED
    return ", ".join(known[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
