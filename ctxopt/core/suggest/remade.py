"""What of a find the build itself makes: written by its commands, or laid over.

`RUN npm run build` makes `dist` anew, so that the `dist` of the context is lost there.
"""

from __future__ import annotations

from functools import cached_property

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.running.commands import Command
from ctxopt.core.running.words import outputs
from ctxopt.core.suggest.makers import Makers, Verdict
from ctxopt.core.suggest.making import Making
from ctxopt.core.suggest.proposals import BuildFacts


class Remade:
    """What a build, and the others that share its ignore file, make anew of finds."""

    def __init__(self, facts: BuildFacts) -> None:
        self._facts = facts

    def is_made(self, find: ClutterMatch) -> bool:
        """Whether a command of the build writes what has the names of a find."""
        from ctxopt.core.suggest.programs import files_of  # start-up: few are asked

        files = files_of(self._facts.tree, find) or find.paths
        names = {path.rpartition("/")[2] for path in files}
        made = {
            name
            for one, several in self._writers
            if not one.is_barred(find.path)
            for name in several
        }
        return names <= made or self.laid_over(find) is not None

    @cached_property
    def _writers(self) -> list[tuple[Command, set[str]]]:
        """The commands that are sure to run, and the names of what each writes."""
        found = (
            (one, {path.rpartition("/")[2] for path in outputs(one.program, one.words)})
            for one in self._facts.hints.commands
            if one.instruction == "RUN" and one.words and not one.ways
        )
        return [one for one in found if one[1]]

    def written(self, find: ClutterMatch) -> int:
        """The line of a command that writes a find, or a folder around it; or 0."""
        uses = self._facts.hints.uses
        path = find.path if len(find.paths) == 1 else ""
        while uses is not None and path and not self._tracks(path):
            if path in uses.written:
                return uses.written[path].command.line
            path = path.rpartition("/")[0]
        return 0

    def laid_over(self, find: ClutterMatch) -> Verdict | None:
        """What is laid over a find, or over a folder around it that git ignores."""
        makers = self._facts.hints.makers
        return None if makers is None else self._laid_over_in(makers, find)

    def is_laid_over(self, find: ClutterMatch) -> bool:
        """Whether all builds that get a find lay their own over it, this one first."""
        if self.laid_over(find) is None:
            return False
        return all(
            self._laid_over_in(one.makers, find) is not None
            for one in self._facts.others
            if _gets(one.makers, find)
        )

    def _laid_over_in(self, makers: Making, find: ClutterMatch) -> Verdict | None:
        if len(find.paths) != 1:
            return None
        path, folder = find.path, find.kind == "directory"
        while path and not self._tracks(path):
            over = makers.laid_over(path, folder=folder)
            if over is not None:
                return over
            path, folder = path.rpartition("/")[0], True
        return None

    def _tracks(self, path: str) -> bool:
        tracked = self._facts.tracked
        return tracked is not None and tracked.below(path) > 0


def _gets(makers: Makers, find: ClutterMatch) -> bool:
    """Whether a stage of a build gets a find."""
    laid = makers.found.places.of(find.path, folder=find.kind == "directory")
    return next(laid, None) is not None
