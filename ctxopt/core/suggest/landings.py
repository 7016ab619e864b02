"""What of the context only stages get that are thrown away, and nothing there reads.

Where a stage has nothing but `go build` to do, a bundle that `COPY . .` brings along is
in no image: Go takes what its sources embed, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.running.commands import Command
from ctxopt.core.running.places import Places
from ctxopt.core.suggest.hints import BuildHints, OtherHints
from ctxopt.core.suggest.makers import Answer, Makers
from ctxopt.core.suggest.rules import Rule

# They read nothing of a project but what they are told of by its path.
_MODEST = frozenset(
    {
        *("apk", "apt", "apt-get", "dnf", "yum", "microdnf", "update-ca-certificates"),
        *("adduser", "addgroup", "useradd", "groupadd", "mkdir", "chmod", "chown"),
        *("cd", "set", "export", "env", "test", "[", "true", "touch", "rm", "ls"),
        *("git", "echo", "printf", "date", "uname", "curl", "wget"),
    }
)
_GO = frozenset({"build", "install", "mod", "env", "version", "vet", "test", "tool"})
_DEPENDENCIES, _DATA = "dependencies", "data"  # Rule.topic


class Landings:
    """Answers for all builds that are known to be of the context."""

    def __init__(self, hints: BuildHints, others: Iterable[OtherHints] = ()) -> None:
        makers = (hints.makers, *(one.makers for one in others))
        self._builds = [one for one in makers if one is not None]

    def is_thrown_away(self, find: ClutterMatch) -> bool:
        """Whether stages get a find, and no image does."""
        stages = [
            (stage, build.found.places.final)
            for build in self._builds
            for stage, _ in _got(build, find)
        ]
        return bool(stages) and all(stage != final for stage, final in stages)

    def is_idle(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether no image gets it, and nothing in a stage that does works with it."""
        if not rule.run_by or not self.is_thrown_away(find):
            return False
        answers = {build.verdict(rule, find).answer for build in self._builds}
        if not answers <= {Answer.MADE, Answer.UNUSED}:
            return False
        return rule.topic == _DEPENDENCIES or all(map(_is_modest, self._beside(find)))

    def is_data_of_nobody(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether it is data that no image gets, and nothing in a stage reads.

        Tests may read what lies beside them, whatever git says of it.
        """
        if rule.topic != _DATA or not self.is_thrown_away(find):
            return False
        beside = [*self._beside(find)]
        return all(map(_is_modest, beside)) and not any(map(_is_test, beside))

    def runs(self, program: str, *words: str) -> bool:
        """Whether a command that is sure to run starts a program with such a word."""
        commands = self._builds[0].found.commands if self._builds else ()
        return any(
            one.program == program
            and not one.ways
            and not one.bars
            and one.words[1:2]
            and one.words[1] in words
            for one in commands
        )

    def _beside(self, find: ClutterMatch) -> Iterator[Command]:
        """The commands of the stages that get a find, and what cannot be read there."""
        for build in self._builds:
            laid = {stage for stage, _ in _laid(build.found.places, find)}
            for one in (*build.found.commands, *build.found.unread):
                if one.stage in laid:
                    yield one


def _laid(places: Places, find: ClutterMatch) -> Iterator[tuple[int, str]]:
    for path in find.paths:
        yield from places.of(path, folder=find.kind == "directory")


def _got(build: Makers, find: ClutterMatch) -> Iterator[tuple[int, str]]:
    """The same with where commands put it on."""
    laid = [*_laid(build.found.places, find)]
    yield from laid
    yield from build.moved_on(laid)


def _is_modest(command: Command) -> bool:
    if command.program == "go":
        return command.words[1:2] != () and command.words[1] in _GO
    return command.program in _MODEST


def _is_test(command: Command) -> bool:
    return command.program == "go" and command.words[1:2] in (("test",), ("tool",))
