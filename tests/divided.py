"""Walks of any size shared out, with processes and without."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import pytest

from ctxopt.core.model import Request
from ctxopt.errors import CtxoptError
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.walk import walk as walk_module
from ctxopt.host.walk import workers as workers_module
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey import stretches
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.survey import survey
from tests.facts import survey_facts


@contextmanager
def divided(
    rows: int = 0, folders: int = 2, names: int = 512, parts: int = 128
) -> Iterator[None]:
    """Share out trees of any size, from so many rows and waiting folders on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk_module, "DIVISION_ROWS", rows)
        patch.setattr(walk_module, "FEWEST_PARTS", folders)
        patch.setattr(walk_module, "SLICE", names)
        patch.setattr(stretches, "PARTS", parts)
        yield


def question_of(request: Request) -> MeasureJob:
    """A question with everything that a scan asks."""
    build = read_build(request)
    question = build.job(build.main, top=3, depth=2)
    return question._replace(
        rule_index=rule_index_of(build), ignored=git_ignored(build.main.path)
    )


# Workers, and from how many rows and waiting folders on the walk is divided into how
# many parts: early, late, and into few.
EARLY, LATE = (8, 0, 2, 128), (3, 12, 1, 2)
DIVISIONS = [EARLY, (2, 3, 2, 1), LATE]


def several_are(
    expected: object,
    question: MeasureJob,
    divisions: Sequence[tuple[int, int, int, int]],
    *,
    most: int = 8,
) -> None:
    """Compare what is expected with several processes, dividing in each of the ways."""
    for workers, rows, folders, parts in divisions:
        with divided(rows, folders, parts=parts):
            found = survey(question, workers=min(workers, most))
            assert survey_facts(found) == expected


def done_here(
    work: Callable[[int], object], jobs: int, workers: int
) -> Generator[object, None, None]:
    """What `share_out` hands back, without a process: the last part is done first."""
    assert workers > 1
    try:
        pickled = [pickle.dumps(work(number)) for number in reversed(range(jobs))]
    except CtxoptError as error:
        raise workers_module.JobError from error
    for one in reversed(pickled):
        yield pickle.loads(one)  # noqa: S301  # pickled the line above


def dies_at_its_second(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    """Let the second part that a worker takes, by a function of a module, be its last.

    One that is taken here is an error.
    """
    parent, take = os.getpid(), getattr(module, name)
    done: list[int] = []

    def once(*arguments: object) -> object:
        assert os.getpid() != parent
        if done:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(1)
        return take(*arguments)

    patch.setattr(module, name, once)


@contextmanager
def without_children() -> Iterator[list[int]]:
    """See that all that is forked meanwhile, which is told, has ended and been reaped.

    Others may have children in this process: of these nothing is asked.
    """
    fork, forked = os.fork, list[int]()

    def noted() -> int:
        pid = fork()
        if pid:
            forked.append(pid)
        return pid

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fork", noted)
        yield forked
    for pid in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


@contextmanager
def without_forks() -> Iterator[None]:
    """Let no worker be another process: what each does is done here."""
    here = os.open(".", os.O_RDONLY)  # workers change it
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workers_module, "share_out", done_here)
            yield
    finally:
        os.fchdir(here)
        os.close(here)
