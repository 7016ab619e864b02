"""What applies to a command, and from where: `--show-config`.

configuration: pyproject.toml
file                 docker/Dockerfile    pyproject.toml:12
target               prod                 --target
build-args VERSION   1.2                  pyproject.toml:15
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from ctxopt.core.configuration.keys import BY_NAME, KEYS, Kind
from ctxopt.core.configuration.layers import Configuration, Setting
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal.formatting import printable, size

SCHEMA = "ctxopt/config/1"
NONE = "-"  # for a key that nobody says anything of
_WIDEST = 40  # columns that a value gets, beside its place


class _Row(NamedTuple):
    """A key or an entry of one, what applies, and where it stands."""

    name: str
    value: str
    origin: str


def show_text(configured: Configuration, stream: TextIO) -> None:
    """Write all keys, a row each, with what applies and where that stands."""
    rows = [*_rows(configured)]
    names = max(len(row.name) for row in rows)
    values = min(_WIDEST, max(len(row.value) for row in rows))
    found = configured.found or "no file"
    stream.write(printable(f"configuration: {found}", stream.encoding or "utf-8"))
    stream.write("\n")
    for row in rows:
        line = f"{row.name:<{names}}  {row.value:<{values}}  {row.origin}"
        stream.write(printable(line, stream.encoding or "utf-8").rstrip() + "\n")


def show_json(configured: Configuration, stream: TextIO) -> None:
    """Write what applies as one JSON object; keys that nobody sets are left out."""
    settings = [
        {
            "key": key,
            "entry": entry or None,
            "value": _plain(setting.value),
            "origin": {
                "layer": setting.origin.layer.name.lower().replace("_", "-"),
                "name": setting.origin.name,
                "line": setting.origin.line,
            },
        }
        for (key, entry), setting in configured.settings.items()
    ]
    shown = {"schema": SCHEMA, "file": configured.found, "settings": settings}
    stream.write(json.dumps(shown, indent=2) + "\n")


def _rows(configured: Configuration) -> Iterator[_Row]:
    """The rows in the order of the schema."""
    for key in KEYS:
        said = [
            (entry, setting)
            for (name, entry), setting in configured.settings.items()
            if name == key.name
        ]
        for entry, setting in said:
            name = f"{key.name} {entry}".rstrip()
            yield _Row(name, _words(key.name, entry, setting), str(setting.origin))
        if not said:
            yield _Row(key.name, NONE, "default")


def _words(key: str, entry: str, setting: Setting) -> str:
    value = _plain(setting.value)
    kind = BY_NAME[key].kind
    if kind is Kind.BUILDS:
        kind = BY_NAME[entry.rpartition(".")[2]].kind
    if kind is Kind.SIZE:
        return size(value)
    if kind is Kind.RULES:
        return "  ".join(value["patterns"])
    return "  ".join(value) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    """A value as JSON has it: of a never-list the patterns, of a rule what it says."""
    if hasattr(value, "_asdict"):
        return {key: _plain(one) for key, one in value._asdict().items() if one}
    if isinstance(value, tuple):
        return [one.pattern if hasattr(one, "pattern") else one for one in value]
    return value
