"""The fixes of a check, tried out and written: a file whole, or not at all.

Of an ignore file both builders walk with the new lines first, and nothing may go or
come but what a fix is for; a Dockerfile is parsed and traced again, and each of its
sources has to find what it found. What does not pass together is tried alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from ctxopt.core.builders import find_builder
from ctxopt.core.checking.fixing import apart, mended
from ctxopt.core.checking.records import CheckReport, Fix, MendedText, Unmended
from ctxopt.core.model import Reach, Request, SourceState, SourceUse
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError, DockerfileError, WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.host.disk.inputs import STDIN
from ctxopt.pipeline.advice import Estimate, advise, rule_index_of
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.check.checked import texts_of
from ctxopt.pipeline.measuring import measure_build
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.prepare import prepare
from ctxopt.pipeline.preparation.reading import read_build, read_inputs
from ctxopt.pipeline.proposing import served
from ctxopt.pipeline.simulation import ChangeError, NewIgnoreFile, simulate
from ctxopt.pipeline.survey.survey import survey
from ctxopt.pipeline.uses import uses_of

# One file each, and fixes may be in the way of one another; most checks need one.
ROUNDS = 8

Attempt = Callable[[bytes, Sequence[Fix]], None]


class MendedFile(NamedTuple):
    """A file with some fixes made, not yet written."""

    text: MendedText
    snapshot: disk.Snapshot

    def apply(self) -> None:
        """Write it, whole or not at all.

        Raises WriteError when that cannot be done, or the file has changed since.
        """
        disk.replace(self.snapshot, self.text.after)


class MendingPlan(NamedTuple):
    """What can be mended of what a check found, and what cannot.

    Each file was tried beside the others as they are now: after the first is written,
    the next needs a plan of its own.
    """

    files: tuple[MendedFile, ...]
    left: tuple[Unmended, ...]


def plan_mending(request: Request, report: CheckReport) -> MendingPlan:
    """Try out the fixes of a check; nothing is written.

    Raises CtxoptError for input that the builder would refuse, and for a file that is
    no longer what was checked.
    """
    if not _fixes(report):
        return MendingPlan((), ())
    return _plan([_Reader("", request, read_build(request))], report)


def plan_mending_all(
    requests: Mapping[str, Request], report: CheckReport
) -> MendingPlan:
    """Try out the fixes of a check of several builds, by their names.

    Each file is changed once, for all builds that read it: what one of them does not
    bear is left out. One that its builder refuses as it stands cannot be broken.
    Raises CtxoptError for a file that is no longer what was checked.
    """
    if not _fixes(report):
        return MendingPlan((), ())
    return _plan([*_readers(requests)], report)


class _Reader(NamedTuple):
    """A build that reads files which may be mended; named where it is one of many."""

    name: str
    request: Request
    build: Build

    @property
    def ignore_path(self) -> str | None:
        """The path of the ignore file of its context."""
        file = self.build.main.ignore_file
        return None if file is None else file.path

    def reads_beside(self, path: str) -> bool:
        """Whether a file is the ignore file of one of its named contexts."""
        files = (root.ignore_file for _, root in self.build.named)
        return any(file is not None and file.path == path for file in files)


def _readers(requests: Mapping[str, Request]) -> Iterator[_Reader]:
    for name, request in requests.items():
        with suppress(CtxoptError):
            yield _Reader(name, request, read_build(request))


def _fixes(report: CheckReport) -> list[Fix]:
    return [one.fix for one in report.diagnostics if one.fix is not None]


def _plan(readers: Sequence[_Reader], report: CheckReport) -> MendingPlan:
    for one in readers:
        _check_unchanged(one.build, report)
    fixes = _fixes(report)
    files: list[MendedFile] = []
    left: list[Unmended] = []
    for path in dict.fromkeys(_paths(readers)):
        some = apart(fix for fix in fixes if fix.path == path)
        if some:
            plan = _Planned(readers, path, shown=_shown(report, path))
            made = plan.mended(some)
            files += [made] if made is not None else []
            left += plan.left
    return MendingPlan(tuple(files), tuple(left))


def _paths(readers: Sequence[_Reader]) -> Iterator[str]:
    """The files that may be mended: what a source names comes first."""
    yield from (one.build.dockerfile.path for one in readers)
    yield from (one.ignore_path for one in readers if one.ignore_path is not None)


def _shown(report: CheckReport, path: str) -> str:
    return next(one.shown for one in report.texts if one.path == path)


def _check_unchanged(build: Build, report: CheckReport) -> None:
    """Fixes are lines by number, and so for the very lines that were checked."""
    known = {one.path: one for one in report.texts if one.path != STDIN}
    for text in texts_of(build):
        checked = known.get(text.path)
        if checked is not None and checked.lines != text.lines:
            raise _changed(checked.shown)


def _changed(shown: str) -> WriteError:
    return WriteError(
        "it changed while it was checked",
        file=shown,
        hint="nothing was written; run it again",
    )


class _Trial(NamedTuple):
    """One build, and how it is tried out with another content of a file."""

    name: str
    attempt: Attempt


class _Planned:
    """One file, and which of its fixes pass for all builds that read it."""

    def __init__(self, readers: Sequence[_Reader], path: str, *, shown: str) -> None:
        self._snapshot = disk.read(path)
        self._shown = shown
        self.left: list[Unmended] = []
        self._trials = [*self._of(readers, path)]

    def _of(self, readers: Sequence[_Reader], path: str) -> Iterator[_Trial]:
        for one in readers:
            trial: _Dockerfile | _IgnoreFile
            if path == one.build.dockerfile.path:
                trial = _Dockerfile(one.request)
            elif path == one.ignore_path:
                trial = _IgnoreFile(one.request, one.build)
            else:
                if one.reads_beside(path):
                    yield _Trial(one.name, _refuse_beside)
                continue
            if self._snapshot.content != trial.content:
                raise _changed(self._shown)
            yield _Trial(one.name, trial.attempt)

    def mended(self, fixes: Sequence[Fix]) -> MendedFile | None:
        """The file with all fixes that pass; None where none does."""
        made = self._passing(fixes)
        if not made:
            return None
        before = self._snapshot.content or b""
        text = MendedText(self._shown, before, mended(before, made), tuple(made))
        return MendedFile(text, self._snapshot)

    def _passing(self, fixes: Sequence[Fix]) -> list[Fix]:
        if self._why_not(fixes) is None:
            return [*fixes]
        made: list[Fix] = []
        for fix in fixes:
            why = self._why_not([*made, fix])
            if why is None:
                made.append(fix)
            else:
                self.left.append(Unmended(self._shown, fix, why))
        return made

    def _why_not(self, fixes: Sequence[Fix]) -> str | None:
        """Why a build does not bear some fixes, behind its name; None: all do."""
        content = mended(self._snapshot.content or b"", fixes)
        for name, attempt in self._trials:
            of = f"{name}: " if name else ""
            try:
                attempt(content, fixes)
            except ChangeError as refusal:
                return f"{of}{refusal.why}"
            except CtxoptError as error:
                return f"{of}{error.message}"
        return None


def _refuse_beside(_content: bytes, _fixes: Sequence[Fix]) -> None:
    """What is written is tried out on contexts, and not on named ones."""
    raise WriteError("a named context of this build has this ignore file")


# --- an ignore file -------------------------------------------------------------------


class _IgnoreFile:
    """Tries out contents of the ignore file in force."""

    def __init__(self, request: Request, build: Build) -> None:
        file = build.main.ignore_file
        assert file is not None  # or no fix is for it
        self._request = request
        self._build = build
        self._file = file
        self._elsewhere = served(build, alone=file.specific).sources
        self.content = file.to_bytes()

    def attempt(self, content: bytes, fixes: Sequence[Fix]) -> None:
        """Try a content with both builders.

        Raises ChangeError where more would come or go than the fixes are for.
        """
        comes = [path for fix in fixes for path in fix.comes]
        change = NewIgnoreFile(
            content=content,
            path=self._file.path,
            shown=self._file.shown,
            announced=_goes(fixes),
            specific=self._file.specific,
            elsewhere=self._elsewhere,
            brings_back=comes,
        )
        simulate(self._request, change)
        if comes:
            file, specific = self._file, self._file.specific
            after = self._build.with_ignore_file(content, file.path, specific=specific)
            _check_secrets(self._build, after)


def _goes(fixes: Sequence[Fix]) -> frozenset[str] | None:
    """What some fixes may keep out together; None: whatever no source names."""
    paths: set[str] = set()
    for fix in fixes:
        if fix.goes is None:
            return None
        paths.update(fix.goes)
    return frozenset(paths)


def _check_secrets(before: Build, after: Build) -> None:
    """Refuse to send a file with a secret in it that was not sent before."""
    new = sorted(_secrets(after) - _secrets(before))
    if new:
        raise WriteError(f'it would send "{new[0]}", which holds a secret')


def _secrets(build: Build) -> frozenset[str]:
    """The files with a secret in them that a build sends."""
    advice = advise(measure_build(build, rule_index=rule_index_of), Estimate())
    return frozenset(
        one.path for one in advice.secrets if one.reach is not Reach.NOWHERE
    )


# --- a Dockerfile ------------------------------------------------------------------


class _Dockerfile:
    """Tries out contents of the Dockerfile."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._builder = find_builder(request.builder)
        self._read = read_inputs(request, self._builder)
        text = self._read.dockerfile
        if isinstance(text, CtxoptError):
            raise text
        self._text = text
        self.content = text.content

    def attempt(self, content: bytes, _fixes: Sequence[Fix]) -> None:
        """Parse and trace a content, and look up what its sources find.

        Raises CtxoptError where a source that was found is not found with it, or where
        one that was mended is not.
        """
        before, after = self._build(self.content), self._build(content)
        uses, uses_after = _uses(before), _uses(after)
        if len(uses) != len(uses_after):
            raise DockerfileError("it would have other sources")
        for use, now in zip(uses, uses_after, strict=True):
            is_same = use.source.expanded == now.source.expanded
            wanted = use.state if is_same else SourceState.FOUND
            if now.state is not wanted:
                raise DockerfileError(f'"{now.source.text}" would be {now.state}')
        _check_secrets(before, after)

    def _build(self, content: bytes) -> Build:
        read = self._read._replace(dockerfile=self._text._replace(content=content))
        return prepare(self._request, self._builder, read)


def _uses(build: Build) -> tuple[SourceUse, ...]:
    job = build.job(build.main)
    found = survey(job)
    arrivals = Arrivals(build, build.main, job, found)
    return uses_of(build, build.main, job, found, arrivals=arrivals)[0]
