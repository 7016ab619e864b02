"""What a configuration says of one of several builds, by its name in the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ctxopt.core.configuration.keys import BUDGETS, BY_NAME
from ctxopt.core.configuration.layers import Configuration
from ctxopt.core.nearest import closest
from ctxopt.errors import ConfigurationError

_TABLE = "builds"


def of_build(configured: Configuration, name: str) -> Configuration:
    """What holds for a build: its own budgets in the place of those for all.

    A variable, or the command line, is over what a file says of a single build.
    """
    own: dict[str, Any] = {}
    for word in BUDGETS:
        setting = configured.settings.get((_TABLE, f"{name}.{word}"))
        if setting and setting.origin.layer >= configured.layer(word):
            own[BY_NAME[word].field] = setting.value
    return configured._replace(**own)


def check_names(configured: Configuration, names: Iterable[str]) -> None:
    """Refuse a table for a build that there is not.

    Raises ConfigurationError with its place and the nearest name.
    """
    known = [*names]
    for (table, entry), setting in configured.settings.items():
        name = entry.rpartition(".")[0]
        if table != _TABLE or name in known:
            continue
        near = closest(name, known)
        there = f"there are {', '.join(known)}" if known else "there is none"
        origin = setting.origin
        raise ConfigurationError(
            f'builds.{name}: no build has the name "{name}"',
            hint=f"did you mean {near}?" if near else there,
            file=origin.name,
            line=origin.line,
        )
