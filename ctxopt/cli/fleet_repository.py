"""One repository of a fleet: brought here, measured, checked and drawn, as files.

`python -m ctxopt.cli.fleet_repository` is the process that does it for one repository
after the other; see `host.fleet.station`. It speaks to nobody but who started it.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from ctxopt import __version__
from ctxopt.cli.applying import configured_for, estimate_of, request_of
from ctxopt.cli.page import page_of_drawn
from ctxopt.core.builds.records import BuildChoice, FoundBuilds
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.checking.settings import CheckSettings, configured_settings
from ctxopt.core.configuration.builds import of_build
from ctxopt.core.configuration.layers import NO_SETTINGS, Configuration
from ctxopt.core.fleet.records import Failure, FailureKind, Source, SourceKind
from ctxopt.core.fleet.rows import Effort, Findings, from_top, row_of
from ctxopt.core.model import BuilderName
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.host.fleet import cloning
from ctxopt.host.fleet.station import serve
from ctxopt.host.git.head import commit_of
from ctxopt.host.git.repository import find_repository
from ctxopt.host.walk.processors import VARIABLE
from ctxopt.pipeline.builds.finding import find_builds
from ctxopt.pipeline.builds.pictures import drawn_of, survey_to_draw
from ctxopt.pipeline.builds.report import Surveyed, report_of_all, survey_builds
from ctxopt.pipeline.check.several import check_all
from ctxopt.pipeline.fleet.task import KNOWN, PAGE, ROW, Asked, Limits
from ctxopt.view.builds.json import all_as_json
from ctxopt.view.check.json import as_json as check_as_json
from ctxopt.view.check.sarif import findings_of

_CLONE = "repository"
_ASKING_SECONDS = 60  # for the commit that a repository elsewhere is at
_LIBRARIES = ("pathspec", "yaml")  # imported by those who meet their files
_ROOMS = ("core", "host", "pipeline", "view", "cli")
MOST_GROWTH = 5.0  # percent, as `check` has it
_PLAIN_UMASK = 0o022  # modes as most have them, whoever works


class Looked(NamedTuple):
    """What came of a look at a folder; the page is None where nothing was measured."""

    findings: Findings
    page: bytes | None


class _Work(NamedTuple):
    """What is asked of this process."""

    source: Source
    asked: Asked
    limits: Limits
    scratch: str
    attempt: int
    known: str | None


def look_at(request: Mapping[str, Any]) -> None:
    """Leave the row of a repository in its scratch folder, and its page."""
    work = _read(request)
    _be_bounded(work.limits)
    _be_silent()
    if _is_known(work):
        Path(work.scratch, KNOWN).touch()
        return
    began = time.monotonic()
    failure, looked, commit = None, None, None
    cloned = began
    try:
        top = _brought(work)
        cloned = time.monotonic()
        repository = find_repository(top)
        commit = None if repository is None else commit_of(repository)
        is_clone = work.source.kind is SourceKind.GIT
        if is_clone:
            _forget(home=work.scratch)
        looked = looked_at(top, work.asked, is_strange=is_clone)
    except MemoryError:
        said = f"it took more than {work.limits.memory_bytes:,} bytes of memory"
        failure = Failure(FailureKind.MEMORY, said)
    except cloning.CloneError as error:
        cloned = time.monotonic()
        is_large = isinstance(error, cloning.CloneTooLargeError)
        kind = FailureKind.TOO_LARGE if is_large else FailureKind.CLONE
        failure = Failure(kind, error.message)
    except CtxoptError as error:
        failure = Failure(FailureKind.REFUSED, str(error))
    except Exception as error:  # noqa: BLE001  # it costs this row, and no other
        failure = Failure(FailureKind.BUG, f"{type(error).__name__}: {error}")
    page = None if looked is None else looked.page
    row = row_of(
        work.source,
        commit=commit,
        settings=work.asked.mark,
        made_by=__version__,
        findings=Findings() if looked is None else looked.findings,
        failure=failure,
        effort=Effort(work.attempt, cloned - began, time.monotonic() - cloned),
        page=None if page is None else f"pages/{work.source.name}.html",
    )
    if page is not None:
        Path(work.scratch, PAGE).write_bytes(page)
    Path(work.scratch, ROW).write_text(json.dumps(row), encoding="ascii")


def _read(request: Mapping[str, Any]) -> _Work:
    source = Source(**request["source"])
    return _Work(
        source._replace(kind=SourceKind(source.kind)),
        Asked(**request["asked"]),
        Limits(**request["limits"]),
        request["scratch"],
        request["attempt"],
        request["known"],
    )


def _is_known(work: _Work) -> bool:
    """Whether a repository elsewhere is at the commit that is known of it.

    Asked here, where what a hostile server answers is bounded.
    """
    if work.known is None or work.source.kind is not SourceKind.GIT:
        return False
    with suppress(MemoryError):
        seconds = min(_ASKING_SECONDS, work.limits.seconds / 2)
        return cloning.remote_commit(work.source, seconds=seconds) == work.known
    return False


def _be_bounded(limits: Limits) -> None:
    """Let nothing that this process starts be beyond what it may be."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.clone_bytes),
    ):
        with suppress(ValueError, OSError):  # lower already
            resource.setrlimit(what, (most, most))
    os.umask(_PLAIN_UMASK)
    os.environ[VARIABLE] = "1"  # other processors have other repositories


def _forget(*, home: str) -> None:
    """Let nothing of whoever works come into what is said of a stranger's files.

    The same commit is the same row, whatever variables and home folder a worker has.
    """
    os.environ.clear()
    os.environ.update({"HOME": str(Path(home, "home")), VARIABLE: "1"})


def _be_silent() -> None:
    """Say nothing on the terminal of whoever works: the row tells it."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _brought(work: _Work) -> str:
    """The folder of a repository, which is the current one from then on."""
    folder = work.source.place
    if work.source.kind is SourceKind.GIT:
        folder = str(Path(work.scratch).resolve() / _CLONE)
        bounds = cloning.CloneBounds(work.limits.clone_bytes)
        cloning.clone(work.source, folder, bounds=bounds)
        cloning.close_links_out(folder)
    try:
        os.chdir(folder)
    except OSError as error:
        raise CtxoptError(
            f"cannot enter the folder: {error.strerror}", file=folder
        ) from None
    return folder


# --- what a look is ------------------------------------------------------------------


def looked_at(top: str, asked: Asked, *, is_strange: bool) -> Looked:
    """What `scan --all` and `check --all` say of the current folder, which is `top`.

    Files of one `is_strange` get no variable of this process, and name nothing that
    lies elsewhere.
    """
    configured = configured_for(".", NO_SETTINGS)
    request = request_of(".", configured)
    if asked.builder is not None:
        request = request._replace(builder=BuilderName(asked.builder))
    choice = BuildChoice(
        everything=True,
        build_args=request.build_args,
        builder=request.builder,
        platform=request.platform,
        environment={} if is_strange else None,
        is_enclosed=is_strange,
    )
    found = find_builds(".", choice)
    estimate = estimate_of(configured)
    survey = survey_to_draw if asked.pages else survey_builds
    surveyed = survey(found, estimate=estimate, policy=configured.policy)
    report = report_of_all(top, found, surveyed)
    checked = _checked(found, surveyed, configured)
    findings = Findings(
        scan=from_top(all_as_json(report), top, everywhere=is_strange),
        check=from_top(check_as_json(checked), top, everywhere=is_strange),
        sarif=from_top(findings_of(checked), top, everywhere=is_strange),
    )
    page = None
    if asked.pages and report.measured:
        page = page_of_drawn(drawn_of(surveyed))
    return Looked(findings, page)


def _checked(
    found: FoundBuilds, surveyed: Surveyed, configured: Configuration
) -> CheckReport:
    """What `check --all` finds."""

    def settings_of(name: str) -> CheckSettings:
        return configured_settings(of_build(configured, name), max_growth=MOST_GROWTH)

    settings = configured_settings(configured, max_growth=MOST_GROWTH)
    report = check_all(".", found, settings, settings_of=settings_of, surveyed=surveyed)
    return report._replace(made_by=__version__)


def _import_all() -> None:
    """Import what a look may need, so that all copies have it."""
    for room in _ROOMS:
        package = import_module(f"ctxopt.{room}")
        for module in walk_packages(package.__path__, f"ctxopt.{room}."):
            if module.name != __name__:
                import_module(module.name)
    for library in _LIBRARIES:
        import_module(library)


def main() -> None:
    """Look at one repository after the other, each in a copy of this process."""
    import gc

    _import_all()
    gc.freeze()  # shared with the copies for good
    serve(look_at)


if __name__ == "__main__":
    main()
