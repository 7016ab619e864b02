"""What rush runs: scripts of its projects, and commands of its own.

Rule: rushjs.io, "rush build", "Incremental builds", "Custom commands", "rushx". What is
as it was when it was built is skipped, so that no project is built for certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxopt.core.running.manifests import json_object, strings
from ctxopt.core.tuples import NamedTuple

MANIFEST = "rush.json"
COMMANDS = "common/config/rush/command-line.json"
_INSTALLED = r"install-run-(rushx?)\.js"
_OWN = frozenset(
    (
        *("install", "update", "add", "remove", "check", "purge", "init", "link"),
        *("unlink", "list", "scan", "setup", "version", "publish", "change", "deploy"),
        *("tab-complete", "update-autoinstaller", "install-autoinstaller", "alert"),
    )
)
MOST_PROJECTS = 200


class RushCall(NamedTuple):
    """What a command runs: scripts in all projects, or a text of the shell."""

    scripts: tuple[str, ...] = ()
    shell: str = ""


def installed(words: Sequence[str]) -> tuple[str, ...]:
    """The command that rush's own script starts: `node x/install-run-rush.js`."""
    found = re.search(rf"(?:^|/){_INSTALLED}$", words[1]) if len(words) > 1 else None
    return (found[1], *words[2:]) if found else ()


def rush_call(words: Sequence[str], commands: str | None) -> RushCall:
    """What a command runs; `commands` is what the project says of commands."""
    name = next((one for one in words[1:] if not one.startswith("-")), "")
    if not name or name in _OWN:
        return RushCall()
    listed = json_object(_plain(commands or "")).get("commands")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("name") == name:
            shell = one.get("shellCommand")
            phases = strings(one.get("phases"))
            return RushCall(
                (name, *phases), shell=shell if isinstance(shell, str) else ""
            )
    return RushCall(("build" if name == "rebuild" else name,))


def projects(manifest: str) -> list[str]:
    """The folders of the projects that a rush.json lists."""
    found = re.findall(r'"projectFolder"\s*:\s*"([^"\n]+)"', _plain(manifest))
    return found[:MOST_PROJECTS]


def _plain(text: str) -> str:
    """A text without comments, and without commas behind the last entry."""
    text = re.sub(r"(?m)^\s*//.*$", "", re.sub(r"(?s)/\*.*?\*/", "", text))
    return re.sub(r",(\s*[}\]])", r"\1", text)
