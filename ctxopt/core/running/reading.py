"""What is known while commands of a build are read, and the files that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.running.commands import Command, Started
from ctxopt.core.running.places import Places, below, within
from ctxopt.core.running.syntax.ways import Way, Ways
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import moved
from ctxopt.core.sources.tree import Found, Tree

MOST_SCRIPTS = 60  # files that are read for what commands call, at most
MOST_MODULES = 60  # and for what these take in
MOST_PUTS = 200  # commands that copy something
MOST_MOVES = 3  # copies of copies
_NO_TEXT = r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"


class Reader:
    """Reads files of the context for commands, within bounds."""

    def __init__(
        self, trace: Trace, laid: Places, tree: Tree, text: Callable[[str], str]
    ) -> None:
        self.trace = trace
        self.places = laid
        self.tree = tree
        self.text = text
        self.commands: list[Command] = []
        self.unread: list[Command] = []
        self.started: list[Started] = []
        self.variables: list[dict[str, str]] = []
        self.environments: list[dict[str, str]] = []  # what ENV sets of them
        self._texts: dict[str, str] = {}
        self._modules_read = 0
        self._entries: dict[int, dict[str, list[str]]] = {}  # of a stage, by program
        self._called: set[tuple[int, int, str, Ways]] = set()
        self._numbers = count()  # of branchings, in all texts
        self._puts: list[tuple[int, str, str]] = []  # stage, from where, to where

    def _files(self, command: Command, word: str) -> Iterator[str]:
        """The files of the context that a word of a command leads to."""
        yield from self._files_at(command, placed(command.folder, word), 0)

    def _files_at(self, command: Command, place: str, moves: int) -> Iterator[str]:
        for path in self.places.in_context(command.stage, place, command.moment):
            if path and self.tree.kind(path) is Found.FILE:
                yield path
        for other in self._mounted(command, place):
            yield from self._files_at(other[0], other[1], moves + 1)
        if moves >= MOST_MOVES or not self._puts:
            return
        lineage = {*self.places.lineage(command.stage)}
        for stage, source, to in reversed(self._puts):
            rest = within(place, to) if stage in lineage else None
            if rest is not None:
                yield from self._files_at(command, below(source, rest), moves + 1)

    def _mounted(self, command: Command, place: str) -> Iterator[tuple[Command, str]]:
        """A place in a mount of another stage, as that one has it."""
        for one in self.places.stages[command.stage].mounts:
            rest = within(place, one.place)
            if rest is not None and one.stage is not None:
                there = command._replace(stage=one.stage, step=-1)
                yield there, below(one.origin, rest)

    def _put(self, command: Command) -> None:
        """Take note of what a command copies, moves or links."""
        said = moved(command.program, command.words)
        if said is None or len(self._puts) >= MOST_PUTS:
            return
        to = placed(command.folder, said[1])
        for word in said[0]:
            inside = word.endswith(("/.", "/*")) or word in (".", "*")
            source = placed(command.folder, word.removesuffix("*") or ".")
            name = source.rpartition("/")[2]
            if not inside:
                self._puts.append((command.stage, source, below(to, name)))
            if inside or not said[1].endswith("/"):
                self._puts.append((command.stage, source, to))

    def _read(self, path: str) -> str | None:
        """A file that a person wrote; None for what is no text, or one too many."""
        if path not in self._texts:
            if len(self._texts) - self._modules_read >= MOST_SCRIPTS:
                return None
            self._texts[path] = self.text(path)
        text = self._texts[path]
        return None if not text or re.search(_NO_TEXT, text[:1_000]) else text

    def _module(self, path: str) -> str | None:
        """A file that another one takes in; they are counted by themselves."""
        if path not in self._texts:
            if self._modules_read >= MOST_MODULES:
                return None
            self._modules_read += 1
            self._texts[path] = self.text(path)
        return self._read(path)

    def _doubt(self) -> Way:
        """A way that may be the wrong one."""
        return Way(next(self._numbers), 0, 2)

    def _doubted(self, command: Command) -> Command:
        """A command that may be left out."""
        return command._replace(ways=(*command.ways, self._doubt()))

    def _take(self, command: Command, depth: int) -> None:
        """Take note of a command, and of all that it calls: `calls` knows how."""
        raise NotImplementedError
