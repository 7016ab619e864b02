"""All builds of a repository watched: one wait for all, and each change told of each.

    with SeveralSession(folder, found, find, settings_of) as session:
        session.start(now)
        session.hear(session.watches.wait(timeout), now)
        happened = session.act(now)     # once `due` says so

As with `Session`, whoever calls tells what time it is. The files that name builds are
read anew when they change, and builds come and go.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Self

from ctxopt.core.builds.records import FoundBuild, FoundBuilds
from ctxopt.core.findings import problems
from ctxopt.core.model import Problem
from ctxopt.core.paths import join
from ctxopt.core.watching.several import (
    BuildChange,
    BuildEvent,
    BuildProblem,
    SeveralEvent,
    SeveralMoment,
    SharedChange,
    latest,
    may_name_builds,
)
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.paths import still_leads
from ctxopt.host.watches.notice import FsEvent
from ctxopt.host.watches.watches import Watches
from ctxopt.pipeline.advice import Advice, Estimate
from ctxopt.pipeline.builds.advising import Adviser
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.watch.among import WatchedBuild
from ctxopt.pipeline.watch.polled_files import PolledFiles
from ctxopt.pipeline.watch.session import Session, Settings, WatchResult
from ctxopt.pipeline.watch.shared import SharedWatches

# What is due so soon after something else is done with it, and told as one.
TOGETHER_SECONDS = 0.25


class SeveralSession:
    """Several builds that are watched; `start` comes first.

    `found` are those that there are, and `find` looks again; `settings_of` says what is
    wanted of one by its name. `folder` is where they are looked for, as it was typed.
    """

    def __init__(
        self,
        folder: str,
        found: FoundBuilds,
        find: Callable[[], FoundBuilds],
        settings_of: Callable[[str], Settings],
    ) -> None:
        self._folder = folder
        self._path = os.path.abspath(folder)
        self._find = find
        self._settings_of = settings_of
        self._found = found
        self._shared = SharedWatches(_root(self._path, self._found))
        self._own = self._shared.share(self._path)
        self._builds: dict[str, WatchedBuild] = {}
        self._advisers: dict[Estimate, Adviser] = {}  # of this act
        self._files = PolledFiles()
        self._to_find: float | None = None  # when to look for builds again
        self._changes: tuple[SharedChange, ...] = ()
        self._polling_said: set[str] = set()  # codes
        self._paused = False
        self.message = ""  # what there is to say

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.watches.close()

    @property
    def watches(self) -> Watches:
        """What all builds wait for."""
        return self._shared.watches

    @property
    def builds(self) -> tuple[WatchedBuild, ...]:
        """The builds, in the order in which they were found."""
        return tuple(self._builds.values())

    @property
    def found(self) -> FoundBuilds:
        """What was found last."""
        return self._found

    # --- time and notices --------------------------------------------------------

    def start(self, now: float) -> SeveralEvent:
        """Measure all for the first time; what is wrong with some ends no other."""
        told = [BuildProblem("", one) for one in self._found.problems]
        told += self._take(self._found, now)
        told += (BuildProblem("", one) for one in self._polling())
        done = [(one, WatchResult()) for one in self.builds]
        return SeveralEvent(
            builds=tuple(_events(done, {}, now)), problems=tuple(told), found=True
        )

    def hear(self, notices: list[FsEvent], now: float) -> None:
        """Take notices of the system."""
        own = [] if self._own is None else [*self._own.heard(notices)]
        is_new_folder = any(one.is_folder and one.name for one in own)
        if is_new_folder or any(may_name_builds(one.name) for one in notices):
            self._to_find = now + TOGETHER_SECONDS
        for build in self.builds:
            build.hear(notices, now)

    def due(self, now: float) -> float | None:
        """When `act` has something to do; None: not before the next notice."""
        waits = [one.due(now) for one in self.builds]
        if not self._paused:
            waits += [self._files.due, self._to_find]
        return min((one for one in waits if one is not None), default=None)

    def pause(self, now: float) -> None:
        """Keep what happens for later; or go on."""
        self._paused = not self._paused
        for build in self.builds:
            build.pause(now)

    def act(self, now: float) -> SeveralEvent:
        """Find and measure what was touched; nothing happened where nothing was."""
        due = self.due(now)
        if due is None or due > now:
            return SeveralEvent()
        if not still_leads(self._folder, self._path):
            return SeveralEvent(over="the folder is gone")
        before = {one.name: one.session for one in self.builds}
        self._advisers.clear()  # what they know may be of before
        again = self._found_again(now)
        acts = [(one, *one.act(now + TOGETHER_SECONDS)) for one in self.builds]
        told = [*again.problems]
        for build, happened, problem in acts:
            told += [problem] if problem is not None else []
            told += map(build.told, happened.problems)
        self._say(acts)
        done = [(build, happened) for build, happened, _ in acts]
        changes = self._together(done)
        self._changes = latest(changes, self._changes)
        return SeveralEvent(
            changes=changes,
            builds=tuple(_events(done, before, now)),
            problems=tuple(told),
            found=again.found,
        )

    def _say(
        self, acts: Sequence[tuple[WatchedBuild, WatchResult, BuildProblem | None]]
    ) -> None:
        """Keep the last word of a build, behind its name."""
        for build, _, problem in acts:
            said = build.session.message if build.session is not None else ""
            said = problem.problem.message if problem is not None else said
            if said:
                self.message = f"{build.name}: {said}"
            if build.session is not None:
                build.session.message = ""

    def _polling(self) -> Iterator[Problem]:
        """That folders are polled, and why: each reason is said once."""
        reasons = (
            (problems.watch_polling, self.watches.silence),
            (problems.watch_limit, self.watches.problem),
        )
        for made, said in reasons:
            problem = None if said is None else made(said)
            if problem is not None and problem.code not in self._polling_said:
                self._polling_said.add(problem.code)
                yield problem

    # --- which builds there are ----------------------------------------------------

    def _found_again(self, now: float) -> SeveralEvent:
        """Look for builds where a file that names some has changed."""
        is_due = self._to_find is not None and self._to_find <= now
        if self._paused or not (self._files.changed(now) or is_due):
            return SeveralEvent()
        self._to_find = None
        try:
            found = self._find()
        except CtxoptError as error:
            self.message = str(error)
            return SeveralEvent(
                problems=(BuildProblem("", problems.refused(error), stale=True),)
            )
        known = {*self._found.problems}
        told = [BuildProblem("", one) for one in found.problems if one not in known]
        before = [_what(one) for one in self._found.builds]
        told += self._take(found, now)
        is_other = before != [_what(one) for one in found.builds]
        return SeveralEvent(problems=tuple(told), found=is_other)

    def _take(self, found: FoundBuilds, now: float) -> list[BuildProblem]:
        """Watch these builds from now on; those that are as before go on."""
        self._found = found
        known, self._builds = self._builds, {}
        told = []
        for one in found.builds:
            build = known.get(one.name)
            if build is not None and _what(build.found) == _what(one):
                self._builds[one.name] = known.pop(one.name)
                continue
            settings = self._settings_of(one.name)
            build = WatchedBuild(
                one,
                settings,
                self._shared,
                advice_for=partial(self._advice, settings.estimate),
            )
            self._builds[one.name] = build
            problem = build.start(now)
            told += [problem] if problem is not None else []
        for left in known.values():
            left.close()
        self._files.follow(map(os.path.abspath, found.files), {})
        self._look_for_more()
        return told

    def _look_for_more(self) -> None:
        """Watch the folders where another build may come."""
        if self._own is None:
            return
        for folder in _between(self._path, [one.context for one in self.builds]):
            self._own.follow(folder)

    def _advice(self, estimate: Estimate, measured: MeasuredBuild) -> Advice:
        """The advice for one build, with what is read of a folder read once an act."""
        adviser = self._advisers.get(estimate)
        if adviser is None:
            adviser = self._advisers[estimate] = Adviser(estimate)
        return adviser.of(measured)

    # --- what is told of all ---------------------------------------------------------

    def _together(
        self, acts: Sequence[tuple[WatchedBuild, WatchResult]]
    ) -> tuple[SharedChange, ...]:
        """The changes of all builds, each path once."""
        by_path: dict[str, list[BuildChange]] = {}
        for build, happened in acts:
            for change in happened.changes:
                path = os.path.realpath(build.context)
                whole = build.report is not None and build.report.transfer.is_whole
                is_sent = change.inside and (change.taken or whole)
                told = BuildChange(build.name, change, is_sent)
                by_path.setdefault(join(path, change.path), []).append(told)
        known = tuple(one.name for one in self.builds if one.is_measured)
        return tuple(
            SharedChange(self._shown(path), tuple(some), known)
            for path, some in by_path.items()
        )

    def _shown(self, path: str) -> str:
        """A path from the folder as it was typed; absolute where it is outside."""
        below = os.path.relpath(path, os.path.realpath(self._path))
        if below.startswith("../"):
            return path
        return os.path.normpath(os.path.join(self._folder, below))

    def watched(self, now: float) -> SeveralMoment:
        """All that is known of the builds."""
        return SeveralMoment(
            folder=self._folder,
            rows=tuple(one.row(now) for one in self.builds),
            changes=self._changes,
            paused=self._paused,
            message=self.message,
            watches=self.watches.held,
            polled=self.watches.polled,
        )


def _events(
    done: Sequence[tuple[WatchedBuild, WatchResult]],
    before: Mapping[str, Session | None],
    now: float,
) -> Iterator[BuildEvent]:
    """What there is to tell of each build; `before` has their sessions till then."""
    for build, happened in done:
        moment = build.watched(now)
        is_new = before.get(build.name) is not build.session
        new, gone = happened.appeared, happened.vanished
        is_other = happened.measured or happened.changes or new or gone
        if moment is not None and (is_new or is_other):
            yield BuildEvent(
                build.name, moment, happened.changes, new, gone, is_new=is_new
            )


def _what(found: FoundBuild) -> object:
    """What a build is, to tell it from another one of its name."""
    return found.name, found.request, found.dockerfile, str(found.refusal or "")


def _root(folder: str, found: FoundBuilds) -> str:
    """The folder above all contexts that are on the disk."""
    contexts = [one.request.context for one in found.builds if one.refusal is None]
    return os.path.commonpath([*map(os.path.realpath, (folder, *contexts))])


def _between(folder: str, contexts: Sequence[str]) -> list[str]:
    """The folders from one down to the contexts in it, relative, each once."""
    found = {"": None}
    for context in contexts:
        below = os.path.relpath(context, folder)
        while below not in {"", "."} and not below.startswith(".."):
            found[below] = None
            below = os.path.dirname(below)
    return [one for one in found if os.path.isdir(os.path.join(folder, one))]
