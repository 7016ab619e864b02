"""A build as the families of rules read it."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.checking.dockerfile_advice.reading import ReadStage, read_stages
from ctxopt.core.checking.records import FileText
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.golang.text import trim_space
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.model import Report, Request
from ctxopt.core.running.places import Places, places
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.advice import Advice
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.preparation.build import Build


class CheckedBuild(NamedTuple):
    """Everything that a family of rules may ask; nothing is walked again."""

    request: Request
    settings: CheckSettings
    measured: MeasuredBuild
    advice: Advice
    report: Report
    texts: tuple[FileText, ...]  # of the Dockerfile and of each ignore file
    laid: Places = Places()  # where the context lies in the stages
    stages: tuple[ReadStage, ...] = ()  # those that the target needs, and it

    @property
    def build(self) -> Build:
        """The build itself."""
        return self.measured.build

    def read(self) -> CheckedBuild:
        """The same with the commands of its stages told apart."""
        trace = self.build.trace
        if trace is None:
            return self
        laid = places(trace, DiskTree(self.build.main.path))
        return self._replace(laid=laid, stages=read_stages(trace, laid))


def texts_of(build: Build) -> Iterator[FileText]:
    """The Dockerfile and the ignore files of a build, as their lines are shown."""
    dockerfile = build.dockerfile
    yield file_text(dockerfile.shown, dockerfile.path, dockerfile.content)
    for root in (build.main, *(root for _, root in build.named)):
        if root.ignore_file is not None:
            yield _ignore_text(root.ignore_file)


def _ignore_text(file: IgnoreFile) -> FileText:
    return FileText(file.shown, file.path, tuple(line.text for line in file.lines))


def file_text(shown: str, path: str, content: bytes) -> FileText:
    """A file's lines as text; bytes that are not UTF-8 as surrogate escapes."""
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = text.split("\n")
    if not trim_space(lines[-1]):
        lines.pop()
    return FileText(shown, path, tuple(line.removesuffix("\r") for line in lines))
