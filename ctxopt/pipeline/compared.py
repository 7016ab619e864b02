"""What the other builder makes of the same context: which files, and by which line.

Of `*`, `!**/x` BuildKit finds every `x`, the legacy client that of the root. Only the
folders in which the two can differ are walked once more, side by side; where that is
the whole context, it is asked in the walk that measures the build.
"""

from __future__ import annotations

import os
from functools import cached_property, partial

from ctxopt.core.builders import (
    DOCKER_BUILDERS,
    Builder,
    find_builder,
    other_name,
)
from ctxopt.core.ignorefile.lines import IgnoreFile, parse
from ctxopt.core.judging.judge import FolderState
from ctxopt.core.judging.path import judge_path, state_in
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.typed import TYPE_CHECKING, cast
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import inputs
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult

if TYPE_CHECKING:
    from ctxopt.core.builders.difference import BuilderDifference
    from ctxopt.core.measure.beside import KeptFiles, KeptTally
    from ctxopt.pipeline.survey.beside import Comparison


def comparison_of(build: Build) -> Comparison | None:
    """What has to be asked of a whole context to tell what the other builder sends.

    None where nothing has to be, or only parts of it, or the other cannot build it.
    """
    try:
        return ComparedBuilders(build).comparison()
    except CtxoptError:
        return None  # the other builder would refuse it


class ComparedBuilders:
    """The files that this builder and the other let through."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.matcher = self.build.main.matcher
        self.mine = self.build.builder

    @cached_property
    def other(self) -> Builder:
        """The builder that is not asked for; imported where it may do otherwise."""
        return find_builder(other_name(self.mine.name))

    def comparison(self) -> Comparison | None:
        """What `difference` has to ask of the whole context, if anything.

        Nothing of a builder that is not docker's and has a language of its own: what
        podman sends of a folder depends on where its walk began. Raises CtxoptError as
        `difference` does.
        """
        if self.mine.name not in DOCKER_BUILDERS:
            return None
        others = self._others()
        return None if others is None else self._asked(others)

    def difference(
        self, found: MeasureResult, beside: KeptFiles | None
    ) -> BuilderDifference | None:
        """Where they differ; raises CtxoptError where one would refuse it.

        `found` is what this builder lets through, `beside` what came of `comparison`,
        None where it was not asked.
        """
        if self.mine.name not in DOCKER_BUILDERS:
            return self._in_other_words(found)
        file = self._file
        others = self._others()
        if others is not None:
            counts = beside or self._everywhere(others)
        elif self._is_reopening and _finds_in_reopened(found):
            counts = self._in_reopened(found)
        else:
            return None  # they find the same in the folders that they enter
        if not counts.example:
            return None
        difference = self._told(counts, found)
        if file is not None:
            return difference._replace(ignore_file=file.shown)
        return self._with_line(difference)

    def _told(self, counts: KeptFiles, found: MeasureResult) -> BuilderDifference:
        """What was counted, as far as it was, in the builders' names."""
        # Start-up: they rarely differ.
        from ctxopt.core.builders.difference import BuilderDifference

        is_counted = counts.more_than is None
        return BuilderDifference(
            other=self.other.name,
            files=counts.first if is_counted else self._files_in(found),
            other_files=counts.second if is_counted else None,
            only=counts.only if is_counted else None,
            other_only=counts.other_only if is_counted else None,
            example=counts.example,
            more_than=counts.more_than,
        )

    def _files_in(self, found: MeasureResult) -> int:
        """The files of the context, without those that no line lets through."""
        relative = self.build.dockerfile.relative
        lines, all_lines = self.matcher, self.mine.exclude(self.matcher, relative)
        by_itself = [
            path
            for path in self.mine.brings_back(relative)
            if self._keeps(all_lines, path) and not self._keeps(lines, path)
        ]
        return found.measurement.context.files - len(by_itself)

    def _keeps(self, matcher: Matcher, path: str) -> bool:
        decision = judge_path(self.mine.whole(matcher), path)
        return decision is not None and decision.kept

    def _in_other_words(self, found: MeasureResult) -> BuilderDifference | None:
        """Where the other builder reads the lines, or a file, by its own rules."""
        mine, theirs = self.build.main.ignore_file, self._read_by_other()
        if theirs is None and (mine is None or not self._is_built_by_other()):
            return None
        same = mine is not None and theirs is not None and mine.path == theirs.path
        if same and not any(map(_is_read_otherwise, self.matcher.patterns)):
            return None
        others = theirs.matcher if theirs is not None else NO_PATTERNS
        counts = self._everywhere(others)
        if not counts.example:
            return None
        path = counts.example
        line = (self.matcher.verdict(path).decided_by if same else None) or (
            others.verdict(path).decided_by if same else None
        )
        return self._told(counts, found)._replace(
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

    def _others(self) -> Matcher | None:
        """The lines of the other builder, where it may differ anywhere."""
        if self._file is not None:
            return self._file.matcher
        if self._is_reopening or not self._brings_back:
            return None
        return self.matcher if self.other.reopening(self.matcher) else None

    @property
    def _brings_back(self) -> bool:
        return any(one.negated for one in self.matcher.patterns)

    @property
    def _is_reopening(self) -> bool:
        """Whether this builder alone looks into some ignored folders."""
        return self._brings_back and bool(self.mine.reopening(self.matcher))

    @cached_property
    def _file(self) -> IgnoreFile | None:
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

    def _asked(self, others: Matcher) -> Comparison:
        from ctxopt.pipeline.survey.beside import Comparison  # start-up, as above

        root = self.build.main.path
        return Comparison(
            MeasureJob(root, self.mine, self.matcher),
            MeasureJob(root, self.other, others),
        )

    def _everywhere(self, others: Matcher) -> KeptFiles:
        first, second = self.mine.whole(self.matcher), self.other.whole(others)
        most = self._asked(others).most
        return self._walked("", first, second, most).result(most)

    def _in_reopened(self, found: MeasureResult) -> KeptFiles:
        """The difference, which is in ignored folders that are entered.

        All else is the same to both: what comes back elsewhere does so by its parents.
        """
        from ctxopt.core.measure.beside import KeptFiles  # start-up, as above

        files = found.measurement.context.files
        only, example = 0, ""
        mine, other = self.mine.whole(self.matcher), self.other.whole(self.matcher)
        for path, inside in found.measurement.notes.reopened.items():
            if not inside.files:
                continue
            ours, theirs = _state_in(mine, path), _state_in(other, path)
            # Where the other one never enters, all that was found in it is missed.
            missed = theirs is None
            if not (missed and example):
                tally = self._walked(path, ours, theirs, 0 if missed else None)
                counts = tally.result()
                if counts.example:
                    example = example or f"{path}/{counts.example}"
            only += inside.files if missed else counts.only
        return KeptFiles(files, files - only, only, 0, example)

    def _walked(
        self,
        folder: str,
        first: FolderState | None,
        second: FolderState | None,
        most: int | None,
    ) -> KeptTally:
        """The files of a folder, at least until just one keeps more than `most`."""
        from ctxopt.pipeline.survey.beside import kept_below  # start-up, as above

        path = self.build.main.path
        root = os.path.join(path, folder) if folder else path
        return kept_below(root, first, second, most)


def _state_in(state: FolderState, folder: str) -> FolderState | None:
    """The state in a folder; None where the walk never enters it."""
    return cast("FolderState | None", state_in(state, folder))


def _finds_in_reopened(found: MeasureResult) -> bool:
    """Whether there are files in ignored folders that were entered."""
    return any(inside.files for inside in found.measurement.notes.reopened.values())


def _is_read_otherwise(pattern: Pattern) -> bool:
    """Whether a line may mean something else to docker than to podman.

    Both read names, wildcards in them and `**/` in front alike, as long as nothing is
    brought back, and nothing stands before a `/` at the start.
    """
    return pattern.negated or any(one in pattern.cleaned for one in _SPECIAL)


_SPECIAL = ("[", "(", ")", "{", "|", "+", "^", "\\", "**")


def _finds(builder: Builder, dockerfile: str, matcher: Matcher, path: str) -> bool:
    return builder.finds(matcher, dockerfile, path)
