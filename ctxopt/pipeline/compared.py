"""What the other builder makes of the same context: which files, and by which line.

Of `*`, `!**/x` BuildKit finds every `x`, the legacy client that of the root. Only the
folders in which the two can differ are walked once more, side by side.
"""

from __future__ import annotations

import os
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ctxopt.core.builders import Builder, find_builder, other_name
from ctxopt.core.ignorefile.lines import IgnoreFile, parse
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import state_in
from ctxopt.core.judging.special import Compared
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk import inputs
from ctxopt.host.walk.walk import Walk
from ctxopt.pipeline.measuring import MeasuredBuild

if TYPE_CHECKING:
    from ctxopt.core.builders.difference import BuilderDifference


class _Counts(NamedTuple):
    """Files that the first or the second of two builders lets through."""

    first: int = 0
    second: int = 0
    only: int = 0
    other_only: int = 0
    example: str = ""


class ComparedBuilders:
    """The files that this builder and the other let through."""

    def __init__(self, measured: MeasuredBuild) -> None:
        self.measured = measured
        self.build = measured.build
        self.matcher = self.build.main.matcher
        self.mine = self.build.builder

    @cached_property
    def other(self) -> Builder:
        """The builder that is not asked for; imported where it may do otherwise."""
        return find_builder(other_name(self.mine.name))

    def difference(self) -> BuilderDifference | None:
        """Where they differ; raises CtxoptError where one would refuse it."""
        if self.mine.dialect is not self.other.dialect:
            return self._in_other_words()
        file = self._other_file()
        if file is None and not any(one.negated for one in self.matcher.patterns):
            return None  # nothing is opened again
        if file is not None:
            counts = self._everywhere(file.matcher)
        elif self.mine.reopening(self.matcher):
            counts = self._in_reopened()
        elif self.other.reopening(self.matcher):
            counts = self._everywhere(self.matcher)
        else:
            return None  # they enter the same folders
        if not (counts.only or counts.other_only):
            return None
        # Start-up: they rarely differ.
        from ctxopt.core.builders.difference import BuilderDifference

        found = BuilderDifference(
            other=self.other.name,
            files=counts.first,
            other_files=counts.second,
            only=counts.only,
            other_only=counts.other_only,
            example=counts.example,
        )
        if file is not None:
            return found._replace(ignore_file=file.shown)
        return self._with_line(found)

    def _in_other_words(self) -> BuilderDifference | None:
        """Where the other builder reads the lines, or a file, by its own rules."""
        mine, theirs = self.build.main.ignore_file, self._read_by_other()
        if theirs is None and (mine is None or not self._is_built_by_other()):
            return None
        same = mine is not None and theirs is not None and mine.path == theirs.path
        if same and not any(map(_is_read_otherwise, self.matcher.patterns)):
            return None
        others = theirs.matcher if theirs is not None else NO_PATTERNS
        counts = self._everywhere(others)
        if not (counts.only or counts.other_only):
            return None
        # Start-up, as above.
        from ctxopt.core.builders.difference import BuilderDifference

        path = counts.example
        line = (self.matcher.verdict(path).decided_by if same else None) or (
            others.verdict(path).decided_by if same else None
        )
        return BuilderDifference(
            other=self.other.name,
            files=counts.first,
            other_files=counts.second,
            only=counts.only,
            other_only=counts.other_only,
            example=path,
            line=line,
            ignore_file="" if same or theirs is None else theirs.shown,
            unread=theirs is None,
        )

    def _is_built_by_other(self) -> bool:
        """Whether the other builder finds the Dockerfile by itself.

        A Containerfile says that nobody else is meant to.
        """
        return self.build.dockerfile.name in self.other.files.dockerfiles

    def _read_by_other(self) -> IgnoreFile | None:
        """The ignore file in effect for the other builder, as it reads it."""
        read = inputs.read_ignore_file(
            self.build.main.path,
            self.build.dockerfile,
            specific=self.other.specific_ignore_file,
            follow=self.other.follows_links_out,
            files=self.other.files,
        )
        if read is None:
            return None
        dialect = self.other.dialect
        return parse(
            read.content, read.shown, path=read.path, dialect=dialect
        ).checked()

    def _with_line(self, found: BuilderDifference) -> BuilderDifference:
        from ctxopt.core.ignorefile.repair import repair  # start-up, as above

        walks = {
            one.name: partial(_finds, one, self.build.dockerfile.relative)
            for one in (self.mine, self.other)
        }
        mended = repair(
            self.matcher, found.example, walks=walks, builder=self.other.name
        )
        return found._replace(
            line=self.matcher.verdict(found.example).decided_by,
            repair=mended if mended is not None and not mended.missed else None,
        )

    def _other_file(self) -> IgnoreFile | None:
        """The ignore file that the other builder reads, where each has its own."""
        file = self.build.main.ignore_file
        if file is None or file.specific != self.mine.specific_ignore_file:
            return None
        read = inputs.read_ignore_file(
            self.build.main.path,
            self.build.dockerfile,
            specific=self.other.specific_ignore_file,
            follow=self.other.follows_links_out,
        )
        if read is None or read.specific == file.specific:
            return None
        return parse(read.content, read.shown, path=read.path).checked()

    def _everywhere(self, others: Matcher) -> _Counts:
        state = Compared(self.mine.whole(self.matcher), self.other.whole(others))
        return self._walked("", state)

    def _in_reopened(self) -> _Counts:
        """The difference, which is in ignored folders that are entered.

        All else is the same to both: what comes back elsewhere does so by its parents.
        """
        files = self.measured.found.measurement.context.files
        only, example = 0, ""
        mine, other = self.mine.whole(self.matcher), self.other.whole(self.matcher)
        for path, found in self.measured.found.measurement.notes.reopened.items():
            if not found.files:
                continue
            theirs = state_in(other, path)
            # Where the other one never enters, all that was found in it is missed.
            missed = theirs is None
            if not (missed and example):
                state = Compared(state_in(mine, path), theirs)
                counts = self._walked(path, state, until_first=missed)
                example = example or counts.example
            only += found.files if missed else counts.only
        return _Counts(files, files - only, only, 0, example)

    def _walked(
        self, folder: str, state: JudgingState, *, until_first: bool = False
    ) -> _Counts:
        kept = [0, 0, 0, 0]  # by the mask: of nobody, the first, the second, both
        example = ""
        root = os.path.join(self.build.main.path, folder) if folder else ""
        for batch in Walk(root or self.build.main.path, state).batches():
            if until_first and example:
                break
            for name, status, decision, _ in batch.rows:
                if decision.kept and not inputs.is_folder(status.st_mode):
                    kept[decision.mask] += 1
                    if decision.taken and not example:
                        inside = f"{folder}/" if folder else ""
                        example = inside + batch.folder.prefix + name
        _, only, other_only, both = kept
        return _Counts(both + only, both + other_only, only, other_only, example)


def _is_read_otherwise(pattern: Pattern) -> bool:
    """Whether a line may mean something else to docker than to podman.

    Both read names, wildcards in them and `**/` in front alike, as long as nothing is
    brought back, and nothing stands before a `/` at the start.
    """
    return pattern.negated or any(one in pattern.cleaned for one in _SPECIAL)


_SPECIAL = ("[", "(", ")", "{", "|", "+", "^", "\\", "**")


def _finds(builder: Builder, dockerfile: str, matcher: Matcher, path: str) -> bool:
    return builder.finds(matcher, dockerfile, path)
