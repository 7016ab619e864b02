"""What the user's own configuration of docker says: the ground for doors that need it.

For example, `{"currentContext": "colima"}` in `~/.docker/config.json`.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Final

_DEFAULT: Final = "default"


def folder() -> str:
    """Return where docker's client keeps its configuration.

    Rule: docker/cli, cli/config/config.go, Dir.
    """
    return os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")


def settings() -> dict[str, object]:
    """Return the settings; none where there is no file, or docker cannot read it."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        with open(os.path.join(folder(), "config.json"), "rb") as file:
            value = json.load(file)
        if isinstance(value, dict):
            return value
    return {}


def context_in_force() -> str:
    """Return the name of the docker context in force, or the host that overrides it.

    Rule: docker/cli, cli/command/cli.go, resolveContextName.
    """
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        if value := os.environ.get(variable):
            return value
    name = settings().get("currentContext")
    return name if name and isinstance(name, str) else _DEFAULT
