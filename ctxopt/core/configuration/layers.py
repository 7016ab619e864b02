"""Settings of several layers as one configuration: the command line over all others.

settings = merged(defaults(), file, variables, typed)
configuration(settings).file
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from ctxopt.core.configuration.keys import KEYS, TABLES, Kind
from ctxopt.core.model import NO_WORDS, FrozenWords
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from ctxopt.core.suggest.policy import Never, Policy
    from ctxopt.core.suggest.rules import Rule


class Layer(IntEnum):
    """Where a setting comes from; the higher one wins."""

    DEFAULT = 0
    FILE = 1
    ENVIRONMENT = 2
    COMMAND_LINE = 3


class Origin(NamedTuple):
    """Where a setting stands: `pyproject.toml:12`, `CTXOPT_FILE`, `--file`."""

    layer: Layer
    name: str = "default"
    line: int | None = None

    def __str__(self) -> str:
        return self.name if self.line is None else f"{self.name}:{self.line}"


class Setting(NamedTuple):
    """A value, and where it stands."""

    value: Any
    origin: Origin


# By the name of the key, and that of the entry where it is a table; "" for no table.
Settings: TypeAlias = Mapping[tuple[str, str], Setting]


NO_SETTINGS: Settings = MappingProxyType({})


NO_BUDGETS: Mapping[str, int] = MappingProxyType({})


class Configuration(NamedTuple):
    """What applies, a field a key; `settings` has where each value comes from."""

    file: str | None = None  # relative to the current folder
    target: str | None = None
    builder: str = "buildkit"
    platform: str | None = None
    build_args: Mapping[str, str] = NO_WORDS
    build_contexts: Mapping[str, str] = NO_WORDS
    max_size: int | None = None  # wire bytes
    max_files: int | None = None
    max_transfer_size: int | None = None  # wire bytes
    max_transfer_files: int | None = None
    builds: Mapping[str, int] = NO_BUDGETS  # by "NAME.KEY"; see `builds.of_build`
    baseline: str | None = None  # relative to the current folder
    select: tuple[str, ...] = ()  # empty: all
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    severity: Mapping[str, str] = NO_WORDS  # by code
    per_path_severity: Mapping[str, str] = NO_WORDS  # by pattern, in their order
    never: tuple[Never, ...] = ()
    rules: tuple[Rule, ...] = ()
    profile: str = "local"
    bandwidth: str | None = None
    settings: Settings = NO_SETTINGS
    found: str | None = None  # the file, as messages name it; None: there is none

    @property
    def policy(self) -> Policy:
        """What it says of suggestions."""
        from ctxopt.core.suggest.policy import Policy  # start-up: not of a list

        return Policy(self.rules, self.never)

    def layer(self, key: str) -> Layer:
        """Where the value of a key that is no table comes from."""
        found = self.settings.get((key, ""))
        return Layer.DEFAULT if found is None else found.origin.layer


def defaults() -> Settings:
    """What applies where nobody says anything."""
    return {
        (key.name, ""): Setting(key.default, Origin(Layer.DEFAULT))
        for key in KEYS
        if key.default
    }


def merged(*layers: Settings) -> Settings:
    """The settings of all layers: of a key the last one, of a table each entry.

    A target is a stage of one Dockerfile: it goes where another one is named above it.
    """
    found: dict[tuple[str, str], Setting] = {}
    for layer in layers:
        if ("file", "") in layer:
            found.pop(("target", ""), None)
        for key, setting in layer.items():
            found.pop(key, None)  # what is said last stands last, too
            found[key] = setting
    return found


def configuration(settings: Settings, found: str | None = None) -> Configuration:
    """The configuration that some settings come to; `found` is the file's name."""
    fields: dict[str, Any] = {}
    for key in KEYS:
        if key.kind in TABLES:
            entries = {
                entry: setting.value
                for (name, entry), setting in settings.items()
                if name == key.name
            }
            is_rules = key.kind is Kind.RULES
            fields[key.field] = (
                tuple(entries.values()) if is_rules else FrozenWords(entries)
            )
        elif (key.name, "") in settings:
            fields[key.field] = settings[key.name, ""].value
    return Configuration(**fields, settings=settings, found=found)
