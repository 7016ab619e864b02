"""The repositories that commands of a build make: each hides that of the context.

`git clone https://x/y` makes one in `y`, so that `cd y && git describe` asks nothing of
the `.git` that `COPY . .` brings. In a folder that `mkdir` or WORKDIR makes, git goes
up and finds that one. Source: git's documentation, git-clone and git-init.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.places import within
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple

MOST_MADE = 100  # more are not known, so that .git stays
_MAKING = frozenset({"clone", "init"})
# Their options that take a value as a word of its own.
_WITH_VALUE = frozenset(
    (
        *("-b", "--branch", "--depth", "-o", "--origin", "-c", "--config", "--filter"),
        *("--reference", "--reference-if-able", "--separate-git-dir", "--template"),
        *("-j", "--jobs", "-u", "--upload-pack", "--shallow-since", "--initial-branch"),
        *("--shallow-exclude", "--server-option", "--object-format", "--bundle-uri"),
    )
)


class _Repository(NamedTuple):
    """What a command makes, and where."""

    command: Command
    folder: str  # it is made there, or in there where its name is not known
    named: bool


class Repositories:
    """All that the commands of a build make."""

    def __init__(self, found: Running, tree: Tree) -> None:
        self._found = found
        self._tree = tree

    @cached_property
    def _made(self) -> list[_Repository]:
        found = (_made_by(one) for one in self._found.commands)
        # Each once, however often a text says so.
        made = {
            (one.command.stage, one.command.ways, one.folder, one.named): one
            for one in found
            if one is not None
        }
        return [*made.values()][:MOST_MADE]

    def hold(self, command: Command, at: str, root: str) -> bool:
        """Whether a folder below the root of another repository is one of these."""
        return any(
            self._holds(one, command, at)
            for one in self._made
            if one.command.stage == command.stage
            and _is_certain_for(one.command, command)
            # That which lies at the root, or around it, is not looked for.
            and (within(root, one.folder) is None or not one.named)
        )

    def _holds(self, one: _Repository, command: Command, at: str) -> bool:
        rest = within(at, one.folder)
        if rest is None or one.named:
            return rest is not None
        first = placed(one.folder, rest.split("/")[0] or ".")
        return first != one.folder and not self._is_made_otherwise(command, first)

    def _is_made_otherwise(self, command: Command, place: str) -> bool:
        """Whether a folder is the context's, or mkdir or WORKDIR makes it."""
        places = self._found.places
        layout = places.stages[command.stage]
        if any(within(one, place) is not None for one in layout.folders):
            return True
        paths = places.in_context(command.stage, place, command.moment)
        if any(not one or self._tree.kind(one) is Found.DIRECTORY for one in paths):
            return True
        return any(
            within(placed(one.folder, word), place) is not None
            for one in self._found.commands
            if one.program == "mkdir" and one.stage == command.stage
            for word in one.words[1:]
        )


def _is_certain_for(made: Command, command: Command) -> bool:
    """Whether a command is run wherever another one is."""
    return made.ways == command.ways[: len(made.ways)]


def _made_by(command: Command) -> _Repository | None:
    """The repository that `git clone` or `git init` makes."""
    if command.program != "git":
        return None
    at = folder_of("git", command.words)
    folder = command.folder if at is None else placed(command.folder, at)
    words = [*_plain(command.words[1:])]
    verb = next((number for number, one in enumerate(words) if one in _MAKING), None)
    if verb is None:
        return None
    told = words[verb + 1 :]
    if words[verb] == "init":
        return _Repository(
            command, placed(folder, told[0] if told else "."), named=True
        )
    name = told[1] if len(told) > 1 else _name_of(told[0] if told else "")
    return _Repository(command, placed(folder, name), named=bool(name))


def _plain(words: Sequence[str]) -> Iterator[str]:
    """The words of git that are no options, nor values of these."""
    after = ""
    for word in words:
        if after in (*_WITH_VALUE, "-C"):
            after = ""
        elif word.startswith("-"):
            after = word
        else:
            after = ""
            yield word


def _name_of(address: str) -> str:
    """The folder that an address is cloned into; "" where it is not known."""
    name = address.rstrip("/").removesuffix("/.git").removesuffix(".git")
    name = name.rpartition("/")[2].rpartition(":")[2]
    return "" if "$" in name or "`" in name else name
