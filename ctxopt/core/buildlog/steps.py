"""The steps of a build in its log, and the lines of a Dockerfile shown with an error.

BuildKit names a step by its number and stage, `#4 [deps 2/3] COPY go.mod ./`, the
legacy builder as `Step 2/5 : COPY go.mod ./`.

Source: moby/buildkit, util/progress/progressui (printer.go, display.go) and
solver/errdefs/source.go, Print; moby/moby, daemon/builder/dockerfile/builder.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ctxopt.core.buildlog.errors import LogPlace
from ctxopt.core.buildlog.lines import LogLine
from ctxopt.core.model import BuilderName
from ctxopt.core.timing.progress import StepUpdate, read_line
from ctxopt.core.tuples import NamedTuple

_LEGACY_STEP: Final = r"Step \d+(?:/\d+)? : (.*)"
_TRIGGER: Final = r"# Executing \d+ build triggers?"
_UNBRACKETED: Final = r"#(\d+) ((?:ADD|COPY|RUN|FROM|WORKDIR|exporting to) .*)"
_STAGE: Final = r"\[[^\]]*\] (?:ONBUILD )?"
_INTERNAL: Final = r"\[(?:.* )?internal\] "
_FAILED_STEP: Final = r" > (.*):"
_FILE: Final = r"(\S.*):(\d+)"
_SHOWN: Final = r" *(\d+) \| (>>>|   )(?: (.*))?"

_OF_BUILDKIT: Final = (
    r"#\d+ (?:\[|sha256:|DONE|CACHED|ERROR|CANCELED|transferring )|\[\+\] Building "
    r"|.*failed to solve|.*\[internal\] load |failed to compute cache key"
    r"|{\"(?:vertexes|statuses|logs)\""
)
_OF_LEGACY: Final = (
    r"Sending build context to Docker daemon|Step \d+(?:/\d+)? :|(?:COPY|ADD) failed: "
    r"|error checking context: |DEPRECATED: The legacy builder"
    r"|.*option requires BuildKit"
)
_SUCCESS: Final = (
    r"Successfully built |\[\+\] Building .*\bFINISHED\b"
    r"|(?: =>)* ?(?:#\d+ )?(?:writing image sha256|naming to )"
)
_LAST_STEP: Final = "exporting to "  # an image, a folder, an archive

# What the legacy builder says of a step that goes on, or that may do so.
_GOES_ON: Final = (
    r" ---> |Removing intermediate container |Step |# Executing "
    r"|\S+: Pulling from |[0-9a-f]{12}: |Digest: |Status: "
)


class StepError(NamedTuple):
    """A step that failed, and with which words."""

    message: str
    step: str  # as it is called; "" where that is not told


class FailedStep(NamedTuple):
    """A step that BuildKit names at the end of a build, as it has failed."""

    step: str  # as it is called
    log_line: int

    @property
    def instruction(self) -> str:
        """Its instruction."""
        return instruction_of(self.step)


class Steps:
    """What the lines so far tell of the steps of a build."""

    def __init__(self) -> None:
        self.builder: BuilderName | None = None
        self.succeeded = False
        self.legacy = ""  # the step that the legacy builder is at
        self.failed: list[FailedStep] = []  # whose output is shown at the end
        self._names: dict[str, str] = {}

    def read(self, line: LogLine) -> list[StepError]:
        """Take one line in; gives the errors of steps that it tells of."""
        self._note_builder(line.text)
        self._note_step(line)
        return list(self._errors(line.text))

    def stopped_with(self, text: str) -> StepError | None:
        """What the last line of a log says of the step of the legacy builder.

        An error of the daemon is printed as it is, without any word in front of it;
        but the output of a RUN has any words, and the log may be cut off there.
        """
        known = self.builder is BuilderName.LEGACY and not self.succeeded
        told = self.legacy and not self.legacy.upper().startswith("RUN")
        if not (known and told) or re.match(_GOES_ON, f"{text} "):
            return None
        return StepError(text, self.legacy)

    def _note_builder(self, text: str) -> None:
        # The first word counts: what a RUN prints comes later.
        if self.builder is None:
            if re.match(_OF_BUILDKIT, text):
                self.builder = BuilderName.BUILDKIT
            elif re.match(_OF_LEGACY, text):
                self.builder = BuilderName.LEGACY
        if re.match(_SUCCESS, text):
            self.succeeded = True

    def _note_step(self, line: LogLine) -> None:
        text = line.text
        if step := re.fullmatch(_LEGACY_STEP, text):
            self.legacy = step.group(1)
        elif re.fullmatch(_TRIGGER, text):
            self.legacy = ""  # which line of the base is meant is not told
        elif failed := re.fullmatch(_FAILED_STEP, text):
            self.failed.append(FailedStep(failed.group(1), line.number))
        elif bare := re.fullmatch(_UNBRACKETED, text):
            self._names.setdefault(*bare.groups())

    def _errors(self, text: str) -> Iterator[StepError]:
        for told in read_line(text):
            if not isinstance(told, StepUpdate):
                continue
            if told.name is not None:
                self._names[told.step] = told.name
            name = self._names.get(told.step, "")
            if told.done and name.startswith(_LAST_STEP):
                self.succeeded = True
            if told.error:
                yield StepError(told.error, name)


def instruction_of(step: str) -> str:
    """The instruction of a step, without its stage; "" of one that has none."""
    return "" if re.match(_INTERNAL, step) else re.sub(f"^{_STAGE}", "", step)


class ShownSource:
    """The lines of a Dockerfile that BuildKit shows before the error they are about."""

    def __init__(self) -> None:
        self._file = ""
        self._marked: dict[int, str] = {}

    def read(self, text: str) -> bool:
        """Take one line in; gives whether it is of the lines shown."""
        if shown := re.fullmatch(_SHOWN, text):
            number, mark, words = shown.groups()
            if mark == ">>>":
                self._marked[int(number)] = words or ""
            return True
        if head := re.fullmatch(_FILE, text):
            self._file, self._marked = head.group(1), {}
        return False

    def take(self) -> tuple[LogPlace, str] | None:
        """The marked lines and their text, if any were shown since the last call."""
        if not self._marked:
            return None
        lines, words = [*self._marked], [*self._marked.values()]
        place = LogPlace(self._file, min(lines), max(lines))
        self._file, self._marked = "", {}
        return place, " ".join(" ".join(map(_uncontinued, words)).split())


def _uncontinued(line: str) -> str:
    """A line without the sign that it goes on."""
    return re.sub(r"[\\`]\s*$", "", line)
