"""The records of an engine's build cache: to leave none of ours behind."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Final

from ctxopt.errors import DockerError
from ctxopt.host.docker.client import Client, run

_RECORD: Final = re.compile(r"^ID:\s+(\S+)", re.MULTILINE)


def list_records(
    client: Client, env: Mapping[str, str], *, buildx: bool
) -> frozenset[str] | None:
    """Return the ids of the engine's cache records, None where it does not tell."""
    if buildx:
        text = _output([client.path, "buildx", "du", "--verbose"], env)
        return None if text is None else frozenset(_RECORD.findall(text))
    form = "{{json .BuildCache}}"
    text = _output([client.path, "system", "df", "--verbose", "--format", form], env)
    return None if text is None else _ids(text)


def prune_records(
    client: Client, env: Mapping[str, str], ids: Collection[str], *, buildx: bool
) -> None:
    """Remove these records; one that is in use meanwhile stays."""
    command = "buildx" if buildx else "builder"
    for record in sorted(ids):
        prune = [client.path, command, "prune", "--all", "--force"]
        _output([*prune, "--filter", f"id={record}"], env)


def _output(arguments: list[str], env: Mapping[str, str]) -> str | None:
    """Return what docker prints, None where it fails: a cache is no result."""
    try:
        done = run(arguments, env=env)
    except DockerError:
        return None
    return done.stdout if done.status == 0 else None


def _ids(text: str) -> frozenset[str] | None:
    try:
        return frozenset(str(record["ID"]) for record in json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None
