"""`--set TARGET.KEY=VALUE`, where TARGET may be a pattern as `*`.

Source: buildx, bake/bake.go, newOverrides and AddOverrides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctxopt.core.bake.blocks import Said
from ctxopt.core.bake.records import BakeRefusedError
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.filepath_match import match

_TEXTS = frozenset({"context", "dockerfile", "target"})
_ROWS = frozenset({"args", "contexts", "labels", "extra-hosts", "resources", "secret"})
# Understood by bake, and nothing to a context.
_OTHERS = frozenset(
    {
        *("tags", "policy", "cache-from", "cache-to", "call", "secrets", "ssh"),
        *("output", "entitlements", "annotations", "attest", "no-cache", "shm-size"),
        *("no-cache-filter", "ulimits", "network", "pull", "push", "load", "platform"),
    }
)


@dataclass(frozen=True, slots=True)
class Override:
    """One `--set`: for which targets, what, and the new value."""

    targets: frozenset[str]
    key: str
    value: str
    is_appended: bool = False


def parse(
    text: str, targets: Sequence[str], environment: Mapping[str, str]
) -> Override | None:
    """The override; None where an argument's value is to come from nowhere."""
    left, is_set, value = text.partition("=")
    key = left.removesuffix("+")
    pieces = key.split(".", 2)
    if len(pieces) < 2:
        raise BakeRefusedError(f'--set "{text}" needs TARGET.KEY=VALUE')
    if pieces[1] in _ROWS and len(pieces) != 3:
        raise BakeRefusedError(f'--set "{text}" needs a name after {pieces[1]}')
    if pieces[1] not in _TEXTS | _ROWS | _OTHERS:
        raise BakeRefusedError(f'--set "{text}" has an unknown key "{pieces[1]}"')
    chosen = frozenset(matching(pieces[0], targets))
    if not chosen:
        raise BakeRefusedError(f'--set "{text}" fits no target')
    if not is_set and pieces[1] != "args":
        raise BakeRefusedError(f'--set "{text}" needs a value after "="')
    if not is_set and pieces[2] not in environment:
        return None
    value = value if is_set else environment[pieces[2]]
    return Override(chosen, ".".join(pieces[1:]), value, left.endswith("+"))


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that a pattern fits; a name is also a pattern of itself."""
    everything = list(names)
    if pattern in everything:
        return [pattern]
    try:
        return [name for name in everything if match(pattern, name)]
    except RuleError:
        raise BakeRefusedError(f'"{pattern}" is no pattern of names') from None


def applied(said: Said, name: str, overrides: Iterable[Override]) -> Said:
    """What a target says, with what is set over it."""
    found = dict(said)
    platforms: tuple[str, ...] = ()
    is_appended = False
    for one in overrides:
        if name not in one.targets:
            continue
        if one.key == "platform":
            platforms, is_appended = (*platforms, one.value), one.is_appended
        elif one.key.partition(".")[0] in {*_TEXTS, "args", "contexts"}:
            found[one.key] = one.value
    if platforms:
        before = found.get("platforms", ())
        kept = before if is_appended and isinstance(before, tuple) else ()
        found["platforms"] = tuple(dict.fromkeys((*kept, *platforms)))
    return found
