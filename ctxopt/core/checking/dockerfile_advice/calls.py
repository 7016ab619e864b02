"""What package managers are asked in the commands of a RUN.

`apt-get -qq install -y gcc make` asks apt to install gcc and make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.running.shell import Simple
from ctxopt.core.tuples import NamedTuple

_MANAGERS = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), "apt"),
    **dict.fromkeys(("dnf", "dnf5", "microdnf"), "dnf"),
    "yum": "yum",
    "apk": "apk",
}
# Options that take the next word.
_VALUED = {
    "apt": (
        *("-o", "--option", "-c", "--config-file", "-t", "--target-release"),
        *("--default-release", "-a", "--host-architecture", "-P", "--build-profiles"),
    ),
    "apk": (
        *("-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch"),
        *("--keys-dir", "--repositories-file", "--cache-dir", "--cache-max-age"),
        *("--wait", "--progress-fd"),
    ),
    "dnf": ("-c", "--config", "-x", "--installroot", "--releasever", "--setopt"),
    "yum": ("-c", "--config", "-x", "--installroot", "--releasever", "--setopt"),
    "pip": (
        *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t"),
        *("--target", "-i", "--index-url", "--extra-index-url", "-f", "--find-links"),
        *("--prefix", "--root", "--src", "--platform", "--python-version", "--python"),
        *("--timeout", "--retries", "--proxy", "--trusted-host", "--cache-dir"),
    ),
}
_INSTALLS = {
    "apt": ("install",),
    "apk": ("add",),
    "dnf": ("install", "in", "groupinstall", "localinstall"),
    "yum": ("install", "groupinstall", "localinstall"),
    "pip": ("install",),
}

_MODULE = ("-m", "pip")  # behind the name of a Python


class Call(NamedTuple):
    """What one command asks of a package manager."""

    at: int  # number of the command in its RUN
    command: Simple
    manager: str  # apt, apk, dnf, yum or pip
    action: str  # its first word that is no option; "" without one
    words: tuple[str, ...]  # that are no options, behind it: mostly packages

    @property
    def installs(self) -> bool:
        """Whether packages are installed."""
        return self.action in _INSTALLS[self.manager]

    @property
    def said(self) -> str:
        """The program and the action, as they mostly stand next to each other."""
        words = self.command.words
        program = " ".join(words[:3]) if words[1:3] == _MODULE else words[0]
        return f"{program} {self.action}"


def calls(commands: Sequence[Simple]) -> Iterator[Call]:
    """What the commands of a RUN ask of package managers, in their order."""
    for at, command in enumerate(commands):
        words = command.words
        if re.fullmatch(r"python[\d.]*", command.program):
            if words[1:3] != _MODULE:
                continue
            words = words[2:]
        manager = _manager(words)
        if manager:
            plain = tuple(_plain(manager, words[1:]))
            action = plain[0] if plain else ""
            yield Call(at, command, manager, action, plain[1:])


def _manager(words: Sequence[str]) -> str:
    program = words[0].rpartition("/")[2] if words else ""
    if re.fullmatch(r"pip[\d.]*", program):
        return "pip"
    return _MANAGERS.get(program, "")


def _plain(manager: str, words: Sequence[str]) -> Iterator[str]:
    """The words that are neither an option nor its value."""
    valued = _VALUED[manager]
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word.startswith("-") and word != "-":
            is_value = word in valued
        else:
            yield word
