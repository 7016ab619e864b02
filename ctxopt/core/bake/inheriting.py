"""Targets made whole: blocks of one name merged, parents inherited, groups spread.

Source: buildx, bake/bake.go, target, group, Merge and loadLinks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ctxopt.core.bake.blocks import UNKNOWN, Said
from ctxopt.core.bake.overrides import Override, applied
from ctxopt.core.bake.problems import ProblemList
from ctxopt.core.bake.records import (
    BakeRefusedError,
    BakeTarget,
    Place,
    UnknownValueError,
)
from ctxopt.core.golang.paths import clean

_MOST_LEVELS = 100


def merged(under: Said, over: Said) -> Said:
    """`under` with what `over` says; a whole table that is unknown leaves no row."""
    found = dict(under)
    for key, value in over.items():
        if value is UNKNOWN and key in {"args", "contexts"}:
            found = {k: v for k, v in found.items() if not k.startswith(f"{key}.")}
        found[key] = value
    return found


class Targets:
    """The targets of the files, each with its own words and its place."""

    def __init__(self, overrides: Iterable[Override], problems: ProblemList) -> None:
        self._said: dict[str, Said] = {}
        self._places: dict[str, Place] = {}
        self._overrides = tuple(overrides)
        self._problems = problems

    def add(self, name: str, said: Said, place: Place) -> None:
        """One more block; the later one of a name goes over the earlier."""
        self._said[name] = merged(self._said.get(name, {}), said)
        self._places.setdefault(name, place)

    def override(self, overrides: Iterable[Override]) -> None:
        """Sets over the targets what the command line says."""
        self._overrides = (*self._overrides, *overrides)

    @property
    def names(self) -> list[str]:
        """The names of all targets, in order."""
        return list(self._said)

    def whole(self, name: str) -> Said:
        """What a target says with all that it inherits."""
        return self._whole(name, {}, 0)

    def _whole(self, name: str, seen: dict[str, Said], level: int) -> Said:
        if name in seen:
            return seen[name]
        if name not in self._said:
            raise BakeRefusedError(f'there is no target "{name}"')
        if level > _MOST_LEVELS:
            raise UnknownValueError(f'"{name}" has too many parents in a row')
        # A target that inherits itself gets nothing of itself, as in bake.
        seen[name] = {}
        own = self._said[name]
        parents = own.get("inherits", ())
        found: Said = {}
        for parent in parents if isinstance(parents, tuple) else ():
            with self._problems.caught(self._places[name]):
                found = merged(found, self._whole(parent, seen, level + 1))
        found = merged(found, own)
        seen[name] = applied(found, name, self._overrides)
        return seen[name]

    def target(
        self, name: str, groups: tuple[str, ...], *, is_linked: bool
    ) -> BakeTarget:
        """The target as a record."""
        said = self.whole(name)
        unknown = {key for key, value in said.items() if value is UNKNOWN}
        if said.get("inherits") is UNKNOWN:
            unknown |= {"context", "dockerfile", "target", "args", "contexts"}
            unknown -= {key for key in unknown if isinstance(said.get(key), str)}
        platforms = said.get("platforms")
        return BakeTarget(
            name=name,
            place=self._places[name],
            context=_local(_text(said, "context", ".", unknown)),
            dockerfile=_text(said, "dockerfile", "Dockerfile", unknown) or "Dockerfile",
            dockerfile_inline=_text(said, "dockerfile-inline", None, unknown),
            target=_text(said, "target", None, unknown),
            args=_rows(said, "args."),
            contexts={k: v for k, v in _rows(said, "contexts.").items() if v},
            platforms=platforms if isinstance(platforms, tuple) else (),
            groups=groups,
            is_linked=is_linked,
            unknown=frozenset(unknown - {"inherits"}),
        )


def _text(said: Said, key: str, default: str | None, unknown: set[str]) -> str | None:
    if key in unknown:
        return None
    value = said.get(key, default)
    return value if isinstance(value, str) else default


def _local(context: str | None) -> str | None:
    """A folder made short, as `./a/` is "a"; a URL as it is.

    `cwd://` goes: it says that a folder is of the command's machine.
    Source: buildx, bake/bake.go, toBuildOpt.
    """
    folder = context.removeprefix("cwd://") if context is not None else None
    return folder if folder is None or "://" in folder else clean(folder)


def _rows(said: Said, prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): value
        for key, value in sorted(said.items())
        if key.startswith(prefix) and isinstance(value, str)
    }


def spread(
    name: str, groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], list[str]]:
    """The targets that a name stands for, and the groups on the way, each once."""
    targets: dict[str, None] = {}
    passed: dict[str, None] = {}
    rest = [name]
    while rest:
        one = rest.pop()
        if one not in groups:
            targets[one] = None
        elif one not in passed:
            passed[one] = None
            rest.extend(reversed(groups[one]))
    return list(targets), list(passed)
