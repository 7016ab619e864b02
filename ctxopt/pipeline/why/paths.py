"""One path of a context, and all that is told of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ctxopt.core.dockerfile import Trace, parse
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.model import GitState, Source, SourceKind, SourceState
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.links import is_above, leads_out, link_destination
from ctxopt.core.sources.nearby import nearest_paths
from ctxopt.core.sources.outcomes import outcomes_of
from ctxopt.core.sources.targets import trace_targets
from ctxopt.core.sources.together import may_be_unpacked
from ctxopt.core.sources.tree import Found
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.why.answer import (
    GitWord,
    Habit,
    Manner,
    PathAnswer,
    PathState,
    SourceAnswer,
    Standing,
    Taker,
)
from ctxopt.core.why.habits import habits
from ctxopt.core.why.standing import stand
from ctxopt.core.why.takers import Asked, asking, in_other_stages, takers
from ctxopt.core.why.variables import NOTHING, Valueless, valueless
from ctxopt.errors import DockerfileError
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.meaning import made_before
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.repairing import repair_path
from ctxopt.pipeline.why.locating import Located
from ctxopt.pipeline.why.meant import elsewhere, failures
from ctxopt.pipeline.why.others import git_word, idle_lines, other_builder
from ctxopt.pipeline.why.outside import ways_in


class PathAsker:
    """A build that is asked about single paths of a root, the main one or a named one.

    `name` is that of the named context, "" for the main one.
    """

    def __init__(self, build: Build, root: Root, name: str = "") -> None:
        self.build = build
        self.root = root
        self.name = name
        self._dockerfile = "" if root.named else build.dockerfile.relative
        self._arrivals = Arrivals(build, root, build.job(root))
        self.tree = self._arrivals.tree
        self._wanted = build.builder.wanted(root.taking)

    def answer(self, located: Located) -> PathAnswer:
        """All that is told of one path."""
        if not located.inside:
            return self._outside(located)
        kind = self.tree.kind(located.path) if located.path else Found.DIRECTORY
        if kind is None:
            return self._missing(located)
        return self._there(located, kind)

    def is_in(self, path: str) -> bool:
        """Whether a path of the disk is in the context."""
        return self._standing(path).state is PathState.CONTEXT

    # --- what is on the disk -----------------------------------------------------

    def _there(self, located: Located, kind: Found) -> PathAnswer:
        path = located.path
        standing = self._standing(path)
        file = self.root.ignore_file
        answer = PathAnswer(
            asked=located.asked,
            path=path,
            standing=standing,
            context=self.name,
            ignore_file=file.shown if file is not None else "",
            kind=kind,
            link=located.link,
            target=self.tree.target(path) if kind is Found.LINK else "",
            takers=tuple(self._at_fault(standing, self._sent(standing, path, kind))),
            failing=tuple(one for one in self.root.patterns if one.fails),
        )
        if not path:
            return answer
        answer = self._with_cures(answer)
        if answer.in_context and not any(one.takes for one in answer.takers):
            answer = self._with_meant(answer)
        return answer if self.root.named else self._with_others(answer)

    def _with_meant(self, answer: PathAnswer) -> PathAnswer:
        """The same with the sources that may have been meant to take it."""
        sources = self.build.trace.sources if self.build.trace is not None else ()
        return answer._replace(
            failures=tuple(failures(self._failing.values(), answer, self.tree)),
            elsewhere=tuple(elsewhere(sources, answer.path)),
        )

    def _with_cures(self, answer: PathAnswer) -> PathAnswer:
        """The same with what would bring it back, or keep it out."""
        path, standing = answer.path, answer.standing
        is_out = standing.state is PathState.IGNORED
        repair = repair_path(self.build, self.root, path, self.tree) if is_out else None
        answer = answer._replace(
            git=git_word(self.root.path, path, is_folder=answer.is_folder),
            repair=repair,
            habits=() if is_out or standing.forced else tuple(self._habits(path)),
            dangles=bool(answer.target) and self._dangles(path, answer.target),
        )
        return answer._replace(keep_out=_keep_out(answer))

    def _with_others(self, answer: PathAnswer) -> PathAnswer:
        """The same with what the other builder does, and what files say that idle."""
        build, path, standing = self.build, answer.path, answer.standing
        other = other_builder(build, path, standing, is_folder=answer.is_folder)
        read = other.ignore_file if other is not None else ""
        is_out = standing.state is PathState.IGNORED
        lines = idle_lines(build, path, is_out=is_out)
        idle = tuple(one for one in lines if one.file != read)
        return answer._replace(other=other, idle_lines=idle)

    def _dangles(self, link: str, target: str) -> bool:
        """Whether a link leads to something that no source takes.

        What is absolute may be there in the image.
        """
        if target.startswith("/"):
            return False
        path = link_destination(link, target)[1:]
        kind = self.tree.kind(path) if path else Found.DIRECTORY
        if leads_out(link, target) or kind is None:
            return True
        return not any(
            one.takes and one.manner is not Manner.LINK
            for one in self._takers(path, kind)
        )

    def _standing(self, path: str) -> Standing:
        if not path:
            return Standing(PathState.CONTEXT)
        return stand(
            self.build.builder,
            self.root.matcher,
            self._dockerfile,
            path,
            is_folder=self.tree.kind(path) is Found.DIRECTORY,
        )

    def _habits(self, path: str) -> Iterator[Habit]:
        return habits(self.root.matcher, path, self._exists)

    def _exists(self, path: str) -> bool:
        return self.tree.kind(path) is not None

    # --- what is not -------------------------------------------------------------

    def _missing(self, located: Located) -> PathAnswer:
        path = located.path
        standing = Standing(PathState.MISSING)
        try:
            steps = self.root.matcher.trace(path)
            standing = standing._replace(steps=steps)
        except PatternError:
            pass  # the build fails where it comes to something of that name
        asked = (
            self._with_failure(want, taker)
            for want, taker in asking(self._wanted, path)
        )
        found = tuple(self._at_fault(standing, asked))
        near = next(nearest_paths(self.tree, path, lambda _: False), None)
        made = made_before(self.root.path, path, near)
        return PathAnswer(
            asked=located.asked,
            path=path,
            standing=standing,
            context=self.name,
            link=located.link,
            target=self.tree.target(located.link) if located.link else "",
            takers=found,
            closed=self._closed_above(path),
            git=None if made is None else GitWord(GitState.IGNORED, made),
            near=near if made is None else None,
        )

    def _closed_above(self, path: str) -> str:
        """The first folder above a path that may not be entered; "" for none."""
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        closed = (one for one in above if self.tree.is_closed(one, to_listing=False))
        return next(closed, "")

    def _outside(self, located: Located) -> PathAnswer:
        instead: tuple[str, ...] = ()
        if os.path.lexists(located.path):
            instead = tuple(ways_in(self.build, located.path))
        return PathAnswer(
            asked=located.asked,
            path=located.path,
            standing=Standing(PathState.OUTSIDE),
            link=located.link,
            target=self.tree.target(located.link) if located.link else "",
            takers=tuple(self._asking_above(located)),
            instead=instead,
        )

    def _asking_above(self, located: Located) -> Iterator[Taker]:
        """The sources that name a path outside, as written or through a link."""
        for want in self._wanted:
            text = want.source.expanded
            place = os.path.normpath(f"{self.root.path}/{text}")
            through = bool(located.named) and want.path == located.named
            if through or (is_above(text) and place == located.path):
                yield self._with_failure(want, Taker(want.source, Manner.NAMED))

    # --- who takes it ------------------------------------------------------------

    def _sent(self, standing: Standing, path: str, kind: Found) -> Iterator[Taker]:
        """Who takes a path, where it is sent at all.

        Of `COPY a^b* /x/` BuildKit takes `a^bc`, and the client, who reads `^` in
        another way, does not send it.
        """
        is_file = bool(path) and kind is not Found.DIRECTORY
        in_context = standing.state is PathState.CONTEXT
        unsent = is_file and in_context and not self._arrivals.has(path)
        for taker in self._takers(path, kind):
            takes = taker._replace(fails=False).takes
            lacks = unsent and takes and not standing.withdrawn
            yield taker._replace(unsent=True) if lacks else taker

    def _takers(self, path: str, kind: Found) -> Iterator[Taker]:
        asked = Asked(path, kind)
        trace = self.build.trace
        for want, taker in takers(self._wanted, asked, self.tree, trace):
            unpacked = self._is_unpacked(taker, path)
            yield self._with_failure(want, taker)._replace(unpacked=unpacked)
        for source in self.root.unknown:
            undeclared = self._valueless.get(source, NOTHING).undeclared
            yield Taker(source, Manner.UNKNOWN, undeclared=undeclared)
        yield from in_other_stages(self._unneeded, asked, self.tree)

    def _at_fault(self, standing: Standing, found: Iterable[Taker]) -> Iterator[Taker]:
        """The same, where what is not sent may be all that a wildcard hits."""
        is_out = standing.state in {PathState.IGNORED, PathState.MISSING}
        for taker in found:
            source = taker.source
            is_asked = is_out and taker.takes and has_wildcard(source.expanded)
            lacks = is_asked and source in self._failing
            yield taker._replace(fails=True) if lacks else taker

    @cached_property
    def _failing(self) -> Mapping[Source, SourceAnswer]:
        """The sources of this root that find nothing, so that the build fails."""
        # Start-up: most paths that are asked for are taken, or kept out by name.
        from ctxopt.pipeline.why.sources import of_root

        found = of_root(self.build, self.root, self.name)
        lacking = (one for one in found if one.use.state is not SourceState.FOUND)
        return {one.use.source: one for one in lacking if one.fails}

    def _with_failure(self, want: CopySource, taker: Taker) -> Taker:
        """The same, saying whether the build fails at this source."""
        source = want.source
        doubt = self._valueless.get(source, NOTHING)
        taker = taker._replace(unset=doubt.unset, undeclared=doubt.undeclared)
        if taker.manner in {Manner.SWEPT, Manner.WITHIN, Manner.WILDCARD}:
            return taker
        traced = trace_targets((want,), self.tree).traced
        sent, ignored = self._arrivals.sent, self._arrivals.ignored
        (outcome,) = outcomes_of(traced, [1], sent, ignored)
        fails = self.build.builder.failure(want, outcome) is not None
        return taker._replace(fails=fails and not want.source.assumed)

    def _is_unpacked(self, taker: Taker, path: str) -> bool:
        """Whether ADD unpacks a path; what lies in a folder is copied as it is."""
        is_hit = taker.manner in {Manner.NAMED, Manner.WILDCARD}
        is_added = taker.source.instruction == "ADD" and is_hit
        return is_added and may_be_unpacked(self.tree.head(path))

    @property
    def _kind(self) -> SourceKind:
        return SourceKind.NAMED if self.root.named else SourceKind.CONTEXT

    @cached_property
    def _valueless(self) -> Mapping[Source, Valueless]:
        file, root = self.build.dockerfile, self.root
        return valueless(
            file.content,
            file.shown,
            self.build.options,
            (*root.sources, *root.unknown),
        )

    @cached_property
    def _unneeded(self) -> tuple[CopySource, ...]:
        """The sources of stages that this build does not need."""
        build = self.build
        if build.trace is None or not _has_more_stages(build, build.trace):
            return ()
        # Start-up: most builds need all of their stages.
        from ctxopt.pipeline.preparation.neighbours import stage_traces

        known = {(one.stage, one.location) for one in build.trace.sources}
        content, shown = build.dockerfile.content, build.dockerfile.shown
        found = (
            source
            for trace in stage_traces(content, shown, build)
            for source in trace.sources
            if source.kind is self._kind
            and source.origin == self.name
            and (source.stage, source.location) not in known
        )
        return tuple(build.builder.wanted([*dict.fromkeys(found)]))


def _keep_out(answer: PathAnswer) -> str:
    """The line that keeps out a path which sources only sweep in; "" for none.

    None where a line brings it back, which is then meant, or a source names it.
    """
    taking = [one for one in answer.takers if one.takes]
    is_swept = bool(taking) and all(one.manner is Manner.SWEPT for one in taking)
    if not (answer.in_context and is_swept) or answer.standing.steps or answer.habits:
        return ""
    return escaped(answer.path) or ""


def _has_more_stages(build: Build, trace: Trace) -> bool:
    try:
        parsed = parse(build.dockerfile.content, build.dockerfile.shown)
    except DockerfileError:
        return False
    return len(parsed.stages) > len(trace.runs)
