"""One of several builds that are watched: its session, or why it has none.

A build that cannot be measured waits for the files that it begins with, and comes back.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from ctxopt.core.builds.problems import typed
from ctxopt.core.builds.records import FoundBuild
from ctxopt.core.findings import problems
from ctxopt.core.model import Problem, Report
from ctxopt.core.paths import is_remote
from ctxopt.core.watching.moment import WatchMoment
from ctxopt.core.watching.several import BuildProblem, BuildRow
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.inputs import IGNORE_FILE
from ctxopt.host.watches.notice import FsEvent
from ctxopt.pipeline.advice import Advice
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.watch.polled_files import PolledFiles
from ctxopt.pipeline.watch.session import Session, Settings, WatchResult
from ctxopt.pipeline.watch.shared import Share, SharedWatches

DOCKERFILE = "Dockerfile"
OUTSIDE = "its context lies elsewhere: end the watch, and start it again"


class WatchedBuild:
    """A build among others; `start` comes first."""

    def __init__(
        self,
        found: FoundBuild,
        settings: Settings,
        shared: SharedWatches,
        *,
        advice_for: Callable[[MeasuredBuild], Advice],
    ) -> None:
        self.found = found
        self._advice_for = advice_for
        self._settings = settings
        self._shared = shared
        self._share: Share | None = None
        self.session: Session | None = None
        self._why = ""  # there is no session
        self._waiting = PolledFiles()
        self._paused = False

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.found.name

    @property
    def context(self) -> str:
        """Its context, absolute."""
        return os.path.abspath(self.found.request.context)

    @property
    def report(self) -> Report | None:
        """The report as of now; None where it was never measured."""
        return None if self.session is None else self.session.report

    @property
    def is_measured(self) -> bool:
        """Whether its report is as of now."""
        return self.session is not None and not self.session.failed

    def start(self, now: float) -> BuildProblem | None:
        """Measure it; what is wrong where that cannot be done, said once."""
        waiting = _inputs(self.found)
        self._waiting.follow(waiting, {})  # before anything is read
        try:
            self.session = self._measured(now)
        except CtxoptError as error:
            return self._fails(error)
        self._why = ""
        self._waiting.follow((), {})
        return None

    def _measured(self, now: float) -> Session:
        if self.found.refusal is not None:
            raise self.found.refusal
        share = self._shared.share(self.context)
        if share is None:
            raise CtxoptError(OUTSIDE)
        try:
            session = Session(
                self.found.request, self._settings, share, advice_for=self._advice_for
            )
            session.start(now)
        except CtxoptError:
            share.close()
            raise
        self._share = share
        return session

    def _fails(self, error: CtxoptError) -> BuildProblem | None:
        said = str(error)
        if said == self._why:
            return None
        self._why = said
        return self.told(problems.refused(error))

    def told(self, problem: Problem) -> BuildProblem:
        """A problem of this build, its file named from where the person is."""
        file = typed(problem.file, self.found)
        is_stale = self.session is not None and not self.is_measured
        return BuildProblem(self.name, problem._replace(file=file), is_stale)

    def close(self) -> None:
        """Watch it no more."""
        if self._share is not None:
            self._share.close()
        self._share = self.session = None

    def hear(self, notices: list[FsEvent], now: float) -> None:
        """Take the notices of all builds."""
        if self.session is not None and self._share is not None:
            self.session.hear(self._share.heard(notices), now)

    def due(self, now: float) -> float | None:
        """When `act` has something to do; None: not before the next notice."""
        if self.session is not None:
            return self.session.due(now)
        return None if self._paused else self._waiting.due

    def pause(self, now: float) -> None:
        """Keep what happens for later; or go on."""
        self._paused = not self._paused
        if self.session is not None:
            self.session.pause(now)

    def act(self, now: float) -> tuple[WatchResult, BuildProblem | None]:
        """Measure what was touched; or try once more to measure it at all."""
        if self.session is None:
            return self._again(now)
        happened = self.session.act(now)
        if not happened.over:
            return happened, None
        self.close()
        self._waiting.follow(_inputs(self.found), {})
        return WatchResult(), self._fails(CtxoptError(happened.over))

    def _again(self, now: float) -> tuple[WatchResult, BuildProblem | None]:
        if self._paused or not self._waiting.changed(now):
            return WatchResult(), None
        problem = self.start(now)
        return WatchResult(measured=self.session is not None), problem

    def watched(self, now: float) -> WatchMoment | None:
        """All that is known of it; None where it was never measured."""
        return None if self.session is None else self.session.watched(now)

    def row(self, now: float) -> BuildRow:
        """It as of now."""
        moment = self.watched(now)
        return BuildRow(
            name=self.name,
            dockerfile=self.found.dockerfile,
            context=self.found.context,
            report=self.report,
            budget=self._settings.budget,
            failed=self._why if moment is None else moment.failed,
        )


def _inputs(found: FoundBuild) -> list[str]:
    """What a build begins with: it may be measured once one of these is another."""
    if found.refusal is not None:
        return []  # where it is named, something else has to stand
    context = os.path.abspath(found.request.context)
    dockerfile = os.path.abspath(
        found.request.dockerfile or os.path.join(context, DOCKERFILE)
    )
    named = found.request.build_contexts.values()
    return [
        *(context, os.path.join(context, IGNORE_FILE)),
        *(dockerfile, f"{dockerfile}{IGNORE_FILE}"),
        *(os.path.abspath(one) for one in named if not is_remote(one)),
    ]
