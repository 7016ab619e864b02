"""The program of a workspace that `cargo run` or an alias of it starts.

`cargo xtask dist` is `cargo run --package xtask -- dist` where an alias says so.
Rule: the Cargo Book, "cargo run" and "Configuration", [alias]; matklad/cargo-xtask.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence

from ctxopt.core.tuples import NamedTuple

CONFIGURATIONS = (".cargo/config.toml", ".cargo/config")
_RUN = frozenset({"run", "r"})
_WITH_VALUE = frozenset(
    (
        *("-p", "--package", "--bin", "--example", "--manifest-path", "--target"),
        *("--profile", "--features", "-F", "-j", "--target-dir", "--color", "-Z"),
    )
)
_ABOVE = ("", "crates", "tools", "libs", "packages")  # where members mostly lie


class CargoRun(NamedTuple):
    """What is run: a package by its name, or the one that a manifest is of."""

    package: str = ""
    program: str = ""  # of `--bin`

    def sources(self) -> Iterator[str]:
        """Where its sources may lie, as the folder of the command sees it."""
        folders = [
            f"{above}/{self.package}/".removeprefix("/") if self.package else ""
            for above in (_ABOVE if self.package else ("",))
        ]
        for folder in folders:
            yield f"{folder}src/main.rs"
            for name in filter(None, (self.program, self.package)):
                yield f"{folder}src/bin/{name}.rs"


def cargo_run(words: Sequence[str], configuration: str) -> CargoRun | None:
    """What a command runs; None where it runs no program."""
    own = [*words[1 : words.index("--") if "--" in words else None]]
    while own and own[0].startswith("+"):
        own = own[1:]
    if own and own[0] not in _RUN:
        own = [*_alias(own[0], configuration), *own[1:]]
        own = own[: own.index("--") if "--" in own else None]
    if not own or own[0] not in _RUN:
        return None
    said: dict[str, str] = {}
    after = ""
    for word in own[1:]:
        name, equals, value = word.partition("=")
        if after:
            said[after], after = word, ""
        elif equals:
            said[name] = value
        elif word in _WITH_VALUE:
            after = word
    return CargoRun(said.get("-p") or said.get("--package", ""), said.get("--bin", ""))


def _alias(name: str, configuration: str) -> list[str]:
    """The words that a name of a project stands for; none of other names."""
    if "alias" not in configuration:
        return []
    try:
        listed = tomllib.loads(configuration).get("alias")
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    said = listed.get(name) if isinstance(listed, dict) else None
    if isinstance(said, list):
        return [one for one in said if isinstance(one, str)]
    return said.split() if isinstance(said, str) else []
