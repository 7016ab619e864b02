"""Builds that commands and workflows name, as in `docker build -f D .` of a Makefile.

Only what is plain is read: of a path with a variable in it nothing is known.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import islice

from ctxopt.core.tuples import NamedTuple

_COMMAND = (
    r"\b(?:docker|podman|nerdctl|depot|img)(?:\s+(?:buildx|image|builder))?\s+build\s"
    r"|\bbuildah\s+(?:bud|build)\s|\bdocker-build\s"
)
_END = r"&&|\|\||[;|]|\s#\s|$"
MOST_COMMANDS = 100  # of one file
MOST_LINES = 100  # of a mapping, to each side
# Options that stand alone; all others of one letter or word take a value.
_SWITCHES = frozenset(
    {
        *("--no-cache", "--pull", "--push", "--load", "--rm", "--force-rm", "--squash"),
        *(
            "-q",
            "--quiet",
            "-D",
            "--debug",
            "--compress",
            "--check",
            "--no-cache-filter",
        ),
        *("--layers", "--tls-verify", "-t=", "--progress=plain"),
    }
)
_MAPPING = r"^( *)(-\s+)?([\w-]+)\s*:\s*(.*)$"
_FILE_WORDS = ("file", "dockerfile", "dockerfilePath", "dockerFile")
_CONTEXT_WORDS = ("context", "dockerContext", "docker_context")


class NamedBuild(NamedTuple):
    """A build that a command names; paths as they stand there."""

    context: str = "."
    dockerfile: str = ""  # below the context; "" for the usual one
    target: str = ""
    args: tuple[tuple[str, str], ...] = ()  # build arguments that are plain


def command_builds(text: str) -> Iterator[NamedBuild]:
    """The builds that commands in a script, a Makefile or a workflow start."""
    if "build" not in text:  # which every expression has; compiling takes longer
        return
    joined = text.replace("\\\n", "  ")
    for match in islice(re.finditer(_COMMAND, joined), MOST_COMMANDS):
        # A command ends with its line, between quotes, too.
        rest = joined[match.end() : match.end() + 2_000].partition("\n")[0]
        build = _of_words(_words(rest))
        if build is not None:
            yield build


def _words(rest: str) -> list[str]:
    end = re.search(_END, re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", _masked, rest))
    line = rest[: end.start()] if end else rest
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _masked(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _of_words(words: Sequence[str]) -> NamedBuild | None:
    """The build that the words behind `docker build` mean; None where none is plain."""
    file = target = context = ""
    args: dict[str, str] = {}
    waiting = [*reversed(words)]
    while waiting:
        word = waiting.pop()
        if not word.startswith("-") or word == "-":
            context = word
            continue
        name, has_value, value = word.partition("=")
        if name in _SWITCHES:
            continue
        if not has_value and waiting:
            value = waiting.pop()
        if name in ("-f", "--file"):
            file = value
        elif name == "--target":
            target = value
        elif name == "--build-arg" and "=" in value:
            args[value.partition("=")[0]] = value.partition("=")[2]
    context = context.rstrip("`)\"',]")
    if not context or any("$" in one or "://" in one for one in (file, context)):
        return None
    return NamedBuild(context, _below(file, context), target, _plain(args))


def _below(file: str, context: str) -> str:
    """A file as compose would name it: from the context, not from where one stands."""
    if not file or file.startswith("/"):
        return file
    up = "../" * len([part for part in context.split("/") if part not in ("", ".")])
    return f"{up}{file}"


def _plain(args: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(one for one in args.items() if "$" not in one[1]))


def mapped_builds(text: str) -> Iterator[NamedBuild]:
    """The builds of YAML mappings that have a Dockerfile, and maybe a context.

    So does docker/build-push-action (`context`, `file`), skaffold, render and others.
    """
    lines = text.split("\n")
    matches = enumerate(re.match(_MAPPING, line) for line in lines)
    naming = ((number, one) for number, one in matches if one and _names_file(one))
    for number, match in islice(naming, MOST_COMMANDS):
        line = lines[number]
        words, args = _around(lines, number, column=_column(line))
        file = _scalar(match[4])
        context = next((words[one] for one in _CONTEXT_WORDS if one in words), ".")
        if any("$" in one or "://" in one for one in (file, context)):
            continue
        below = _below(file, context) if match[3] == "file" else file
        target = words.get("target", "")
        yield NamedBuild(context, below, target, _plain(args))


def _names_file(match: re.Match[str]) -> bool:
    return match[3] in _FILE_WORDS and bool(match[4].strip())


def _around(
    lines: Sequence[str], number: int, *, column: int
) -> tuple[dict[str, str], dict[str, str]]:
    """The keys beside one of a YAML mapping, and the arguments listed there."""
    first = last = number
    least, most = max(number - MOST_LINES, 0), number + MOST_LINES
    while first > least and not lines[first].lstrip().startswith("- "):
        if lines[first - 1].strip() and _column(lines[first - 1]) < column:
            break
        first -= 1
    while last + 1 < min(len(lines), most):
        line = lines[last + 1]
        is_next = _column(line) == column and line.lstrip().startswith("- ")
        if line.strip() and (_column(line) < column or is_next):
            break
        last += 1
    words: dict[str, str] = {}
    args: dict[str, str] = {}
    for line in lines[first : last + 1]:
        match = re.match(_MAPPING, line)
        if match is not None and _column(line) == column:
            words[match[3]] = _scalar(match[4])
        elif "build-args" in words or "buildArgs" in words:
            pair = re.match(r"\s*(?:-\s+)?(\w+)\s*[=:]\s*(.+)", line)
            args |= {pair[1]: _scalar(pair[2])} if pair else {}
    return words, args


def _column(line: str) -> int:
    """Where the key of a line begins, behind the dash of a list."""
    return len(line) - len(re.sub(r"^ *(?:- +)?", "", line))


def _scalar(text: str) -> str:
    return re.split(r"\s#", text, maxsplit=1)[0].strip().strip("\"'")
