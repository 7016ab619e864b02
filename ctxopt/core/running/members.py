"""The packages of a workspace in which a package manager runs a script.

`yarn workspace web build`, `pnpm --filter web build` and `npm run build -w web` run it
in the folder of a member, which the manifest at the root finds with its patterns.
Rule: yarnpkg/berry, "yarn workspace"; pnpm.io/filtering; docs.npmjs.com, "workspaces".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.paths import join
from ctxopt.core.running.tasks import PACKAGE
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

PNPM = "pnpm-workspace.yaml"
MOST_MEMBERS = 200
DEPTH = 3  # folders that `**` goes down

_FOREIGN = frozenset({"node_modules", ".git", "dist", "target", ".next"})
_ONE = ("-w", "--workspace", "-F", "--filter", "--scope", "--from", "--include")
_ALL = frozenset({"-ws", "--ws", "--workspaces", "-r", "--recursive"})


class MemberCall(NamedTuple):
    """A script that is run in members; without `wanted`, in all that have it."""

    script: str
    wanted: tuple[str, ...] = ()  # names, folders, and patterns of both

    def means(self, folder: str, name: str) -> bool:
        """Whether it is for the member of a name, in a folder of the workspace."""
        return not self.wanted or any(
            fnmatchcase(given, text) for text in self.wanted for given in (folder, name)
        )


def member_call(program: str, words: Sequence[str]) -> MemberCall | None:
    """What a command runs in members of its workspace; None where it runs nothing."""
    # Of pnpm, `-w` is the root of the workspace.
    wanted, rest = _parted([w for w in words[1:] if (program, w) != ("pnpm", "-w")])
    if program == "yarn" and rest[:1] == ["workspace"] and len(rest) > 2:
        wanted, rest = [*wanted, rest[1]], rest[2:]
    elif program == "yarn" and rest[:1] == ["workspaces"]:
        rest = [one for one in rest[1:] if one not in ("foreach", "run")]
    elif not wanted and not _ALL.intersection(words):
        return None
    script = next((one for one in rest if one not in ("run", "run-script")), None)
    if script is None or script in ("focus", "info", "list", "install", "ci", "add"):
        return None
    return MemberCall(script, tuple(map(_selected, wanted)))


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What options say of members, and the words that are no options."""
    wanted: list[str] = []
    rest: list[str] = []
    after = ""
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            break
        if after:
            wanted.append(word)
            after = ""
        elif word in _ONE:
            after = word
        elif equals and name in _ONE:
            wanted.append(value)
        elif not word.startswith("-"):
            rest.append(word)
    return wanted, rest


def _selected(text: str) -> str:
    """A selector without what pnpm puts around it: `...{./apps/web}^...`."""
    return text.strip(".^{}").removeprefix("/").rstrip("/")


def member_folders(
    tree: Tree, read: Callable[[str], str | None], folder: str
) -> Iterator[tuple[str, str]]:
    """The members of the workspace in a folder, each with the name of its package."""
    found = dict.fromkeys(
        path
        for pattern in _patterns(read, folder)
        for path in _folders(tree, folder, pattern.strip("./").split("/"))
    )
    for path in [*found][:MOST_MEMBERS]:
        if tree.kind(join(path, PACKAGE)) is Found.FILE:
            name = _manifest(read(join(path, PACKAGE))).get("name")
            yield path, name if isinstance(name, str) else ""


def _patterns(read: Callable[[str], str | None], folder: str) -> Iterator[str]:
    listed = _manifest(read(join(folder, PACKAGE))).get("workspaces", [])
    if isinstance(listed, dict):
        listed = listed.get("packages", [])
    if isinstance(listed, list):
        yield from (one for one in listed if isinstance(one, str))
    for line in (read(join(folder, PNPM)) or "").split("\n"):
        one = re.match(r"""\s*-\s*["']?([^"'#]+)""", line)
        if one is not None:
            yield one[1].strip()


def _manifest(text: str | None) -> dict[str, Any]:
    import json  # start-up: few have a manifest

    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _folders(tree: Tree, folder: str, parts: Sequence[str]) -> Iterator[str]:
    """The folders that a pattern of a workspace finds; none for one with a `!`."""
    if not parts:
        yield folder
        return
    head, rest = parts[0], parts[1:]
    if "*" not in head:
        yield from _folders(tree, join(folder, head), rest)
        return
    for name in tree.names(folder) if folder.count("/") < DEPTH else ():
        path = join(folder, name)
        if name in _FOREIGN or tree.kind(path) is not Found.DIRECTORY:
            continue
        if fnmatchcase(name, head):
            yield from _folders(tree, path, rest)
        if head == "**":
            yield from _folders(tree, path, parts)
