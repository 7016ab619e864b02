"""A context as advice knows it, beside the finds of a walk: read once for all builds.

What is here is the same for whoever builds with the folder: what git tracks and
ignores, the other Dockerfiles in it, and what their commands say.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from itertools import chain

from ctxopt.core.model import Location
from ctxopt.core.running.commands import Command, elsewhere
from ctxopt.core.steps import NOBODY, Listener, Step
from ctxopt.core.suggest.conditions import Conditions
from ctxopt.core.suggest.embeds import Embedding
from ctxopt.core.suggest.expectations import Programs
from ctxopt.core.suggest.gitlines import GitPatterns
from ctxopt.core.suggest.hints import OtherHints
from ctxopt.core.suggest.others import Needs
from ctxopt.core.suggest.workspaces.listing import Listings
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.disk.manifests import Manifests, Workings, workings
from ctxopt.host.disk.tree import KeptTree
from ctxopt.host.git.index import TrackedFiles, tracked
from ctxopt.host.git.lines import ignore_file
from ctxopt.pipeline.preparation.neighbours import OtherBuild, Surroundings

if TYPE_CHECKING:
    from ctxopt.core.dockerfile import Trace
    from ctxopt.core.patterns.pattern import Pattern
    from ctxopt.core.suggest.preventive import Foreseen
    from ctxopt.core.suggest.rules import Rule
    from ctxopt.host.git.asked import GitAsked


class Ground:
    """A context, as it is now and for one set of rules; see the module.

    Who asks about a later state makes another.
    """

    def __init__(self, root: str, listener: Listener = NOBODY) -> None:
        self.tree = KeptTree(root)
        self.tracked = LazyTracked(root)
        self.around = Surroundings(self.tree, self.tracked.paths, listener)
        self._listener = listener
        # By what is asked for: the ignore file's path, what hits now, its patterns.
        self.foreseen: dict[
            tuple[tuple[str, ...], int, tuple[Pattern, ...]], tuple[Foreseen, ...]
        ] = {}
        # Of files that may be secrets, by the path and the rules that are asked.
        self.looks: dict[tuple[str, int], tuple[Rule, bool] | None] = {}
        self.manifests = Manifests(self.tree)
        self.conditions = Conditions(self.tree)
        self.git_patterns = GitPatterns(
            self.tracked, place=os.path.realpath(root), file=partial(ignore_file, root)
        )
        self.embedding = Embedding(self.tree)
        self.programs = Programs(self.tree, self.tree.text)
        self.needs = Needs()
        self.listings = Listings(self.tree, self.tree.text)
        # By the identity of a trace, which is kept with what is said of it.
        self._works: dict[int, tuple[Trace, Workings]] = {}
        self._commands: dict[int, tuple[Trace, tuple[Command, ...]]] = {}
        self._elsewhere: dict[tuple[Location, str], tuple[Command, ...]] = {}

    @cached_property
    def git(self) -> GitAsked | None:
        """What git ignores; None where it has nothing to say."""
        from ctxopt.host.git.asked import GitAsked  # start-up: not all ask for it

        return GitAsked.below(self.tree.root)

    def works(self, trace: Trace) -> Workings:
        """What the commands of a build do with the context."""
        known = self._works.get(id(trace))
        if known is None:
            known = self._works[id(trace)] = trace, workings(self.tree, trace)
        return known[1]

    def hints(self, one: OtherBuild) -> OtherHints:
        """What the commands of another build show."""
        self._listener.advising(Step.ADVISING)
        works = self.works(one.trace)
        return OtherHints(one.shown, works.uses, works.makers)

    def commands(self, one: OtherBuild) -> tuple[Command, ...]:
        """The commands of another build."""
        known = self._commands.get(id(one.trace))
        if known is None:
            known = one.trace, self.commands_in(one.trace.commands)
            self._commands[id(one.trace)] = known
        return known[1]

    def commands_in(self, found: Iterable[tuple[Location, str]]) -> tuple[Command, ...]:
        """The commands that stand in the instructions of other builds."""
        return (*chain.from_iterable(map(self._read, found)),)

    def _read(self, one: tuple[Location, str]) -> tuple[Command, ...]:
        known = self._elsewhere.get(one)
        if known is None:
            place, text = one
            read = elsewhere([(place.file, place.line, text)])
            known = self._elsewhere[one] = (*read,)
        return known


class LazyTracked:
    """What git tracks, read when it is first asked for."""

    def __init__(self, context: str) -> None:
        self._context = context
        self._below: dict[str, int] = {}  # of each path that was asked for

    def below(self, path: str) -> int:
        """How many tracked files are at a path or below it."""
        known = self._below.get(path)
        if known is None:
            known = self._below[path] = self._files.below(path)
        return known

    def containing(self, text: str) -> Iterator[str]:
        """The tracked paths that hold a text."""
        return self._files.containing(text)

    def paths(self) -> Iterable[str]:
        """All of them; none where it cannot be told."""
        return self._files

    @cached_property
    def files(self) -> TrackedFiles | None:
        """The same; None where it cannot be told."""
        return tracked(self._context)

    @property
    def _files(self) -> TrackedFiles:
        return _NONE if self.files is None else self.files


_NONE = TrackedFiles([])
