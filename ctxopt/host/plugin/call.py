"""ctxopt as a plugin of docker's client: what docker asks of it, and how it is called.

docker runs `docker-ctxopt docker-cli-plugin-metadata` to know it, and then with all the
words of its own command line: `docker -c remote ctxopt scan .` runs `docker-ctxopt -c
remote ctxopt scan .`. Rule: docker/cli, cli-plugins/manager/manager.go,
PluginRunCommand; cli-plugins/metadata/metadata.go; cli/flags/options.go, InstallFlags.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ctxopt.core.tuples import NamedTuple

NAME = "ctxopt"
EXECUTABLE = f"docker-{NAME}"
CALLED = f"docker {NAME}"  # as it is called then
METADATA = "docker-cli-plugin-metadata"
_SHORT = "Measure a build context, and keep out of it what no build needs"
_SOCKET = "DOCKER_CLI_PLUGIN_SOCKET"

# docker's options in front of a plugin's name, short and long; these take a value.
_VALUED = {"c": "context", "H": "host", "l": "log-level"}
_LONG = frozenset(
    {*_VALUED.values(), "config", "tlscacert", "tlscert", "tlskey"},
)
_COMPLETIONS = ("__complete", "__completeNoDesc")


class Call(NamedTuple):
    """How docker called: what its options mean as variables, and the words for ctxopt.

    None in `environment` takes a variable away. `completes`: the words are those of a
    line that is being typed, the last of them not to its end.
    """

    words: tuple[str, ...]
    environment: Mapping[str, str | None] = MappingProxyType({})
    completes: bool = False
    by_docker: bool = True  # False: run by its own name, as ctxopt is


def metadata(version: str) -> str:
    """What docker wants to know of a plugin of some version, as JSON."""
    said = {
        "SchemaVersion": "0.1.0",
        "Vendor": "the ctxopt authors",
        "Version": version,
        "ShortDescription": _SHORT,
    }
    return json.dumps(said, indent=4) + "\n"


def read_call(args: Sequence[str]) -> Call:
    """What the words mean that docker runs a plugin with.

    For example, `-c remote ctxopt scan .` are the words `scan .` in that context.
    """
    options = dict(_options(args))
    rest = [*args[_width(args) :]]
    environment = _environment(options)
    match rest:
        case [first, name, *words] if first in _COMPLETIONS and name == NAME:
            return Call(tuple(words), environment, completes=True)
        case ["help", name, *words] if name == NAME:
            return Call(("help", *words), environment)
        case [name, *words] if name == NAME:
            asks = {"help", "h"} & options.keys()
            return Call((*words, *(["--help"] if asks else [])), environment)
        case _:
            return Call(tuple(args), by_docker=False)


def _width(args: Sequence[str]) -> int:
    """How many words docker's own options have, in front of the first other word."""
    at = 0
    while at < len(args) and args[at].startswith("-"):
        at += 2 if _wants_next(args[at]) else 1
    return at


def _wants_next(word: str) -> bool:
    """Whether the value of an option is the next word."""
    if word.startswith("--"):
        return word[2:] in _LONG
    letters = word[1:]
    valued = [at for at, letter in enumerate(letters) if letter in _VALUED]
    return bool(valued) and valued[0] == len(letters) - 1


def _options(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Docker's own options by their long names, with their values."""
    words = iter(args[: _width(args)])
    for word in words:
        value = next(words, "") if _wants_next(word) else ""
        if word.startswith("--"):
            name, _, inside = word[2:].partition("=")
            yield name, inside or value
            continue
        for at, letter in enumerate(word[1:], 2):
            if letter in _VALUED:
                yield _VALUED[letter], word[at:].removeprefix("=") or value
                break
            yield letter, ""


def _environment(options: Mapping[str, str]) -> Mapping[str, str | None]:
    """The variables that say what some options of docker say.

    Rule: docker/cli, cli/command/cli.go, resolveContextName: a context that is named
    goes before DOCKER_HOST, which goes before DOCKER_CONTEXT.
    """
    said: dict[str, str | None] = {}
    if options.get("config"):
        said["DOCKER_CONFIG"] = options["config"]
    if options.get("host"):
        said["DOCKER_HOST"] = options["host"]
    if options.get("context"):
        said |= {"DOCKER_CONTEXT": options["context"], "DOCKER_HOST": None}
    if "tlsverify" in options and options["tlsverify"] != "false":
        said["DOCKER_TLS_VERIFY"] = "1"
    return said


def end_with_docker() -> None:
    """Be interrupted as soon as docker is: it hangs up on its plugins, and no more.

    Where docker does not run in front of a terminal, nobody else sends a signal.
    Rule: docker/cli, cli-plugins/socket/socket.go, ConnectAndWait.
    """
    address = os.environ.pop(_SOCKET, "")
    if not address:
        return
    import fcntl
    import signal
    import socket

    line = socket.socket(socket.AF_UNIX)
    try:
        # Go writes the zero byte of an abstract address as @.
        line.connect(f"\0{address[1:]}" if address.startswith("@") else address)
    except OSError:
        return
    signal.signal(signal.SIGIO, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    descriptor = line.detach()  # open as long as the process is
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
