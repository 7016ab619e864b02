"""The text of a log to the errors of its builds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ctxopt.core.buildlog.errors import (
    BuildLog,
    LogCause,
    LogError,
    LogOutcome,
    LogPlace,
)
from ctxopt.core.buildlog.lines import LogLine, plain_lines
from ctxopt.core.buildlog.messages import Meaning, Unwrapped, explain, unwrap
from ctxopt.core.buildlog.steps import (
    FailedStep,
    ShownSource,
    StepError,
    Steps,
    instruction_of,
)
from ctxopt.core.model import BuilderName

_METADATA: Final = r"\[(?:.* )?internal\] load metadata for (.*)"
_BASE: Final = r"(?i)FROM (?:--\S+ )*(\S+)"
_FROM_FLAG: Final = r"(?i)(?:COPY|ADD) (?:--\S+ )*--from=\S"
_MOUNT_FLAG: Final = r"--mount=(\S+)"
# What an unknown message is about, by the step that failed with it.
_OF_STEP: Final = (
    (r"(?:exporting|pushing) ", LogCause.EXPORT),
    (r"(?:\[.*\] )?FROM ", LogCause.IMAGE),
    (r"(?:\[.*\] )?RUN ", LogCause.COMMAND),
)


def read_log(text: str) -> BuildLog:
    """What a log tells of its builds: each error once, in the order of the log.

    Understood is what docker prints in any form (plain, a terminal's, rawjson), by
    either builder, through compose, bake or a CI service. What a RUN prints is not.
    """
    reader = _Reader()
    lines = [*plain_lines(text)]
    for line in lines:
        reader.read(line)
    if lines:
        reader.end(lines[-1])
    return BuildLog(
        builder=reader.steps.builder,
        outcome=reader.outcome,
        errors=tuple(_without_followers(reader.errors)),
        lines=len(lines),
    )


class _Reader:
    """What has been read so far."""

    def __init__(self) -> None:
        self.steps = Steps()
        self.errors: list[LogError] = []
        self._source = ShownSource()
        self._wrapping = ""  # of a message that begins in the next line

    def read(self, line: LogLine) -> None:
        for failed in self.steps.read(line):
            self._add(_of_step(failed, line.number))
        if self._source.read(line.text) or re.match(r"#\d+ |{", line.text):
            return
        message = unwrap(f"{self._wrapping}{line.text}")
        # A narrow terminal breaks the line before a long word.
        is_empty = message.ends_build and not message.text
        self._wrapping = f"{line.text} " if is_empty else ""
        meaning = None if is_empty else self._explain(message, line.text)
        if meaning is not None:
            self._add(self._of_end(message, meaning, line.number))

    def _explain(self, message: Unwrapped, line: str) -> Meaning | None:
        """What a line that is of no step means.

        BuildKit marks all that a RUN prints; so "ERROR: ..." without is of the build.
        """
        meaning = explain(message)
        steps = self.steps
        is_open = steps.builder is BuilderName.BUILDKIT and not steps.succeeded
        if meaning is None and is_open and line.strip() != message.text:
            return Meaning(LogCause.OTHER)
        return meaning

    def end(self, last: LogLine) -> None:
        """Take what only the end of a log shows to be an error."""
        stopped = self.steps.stopped_with(last.text)
        if not self.errors and stopped is not None:
            self._add(_of_step(stopped, last.number))
        # On a terminal, of several steps that fail one has its words below.
        if len(self.steps.failed) > 1:
            for failed in self.steps.failed:
                if _copies(failed) and not self._is_told(failed):
                    self.errors.append(_wordless(failed))

    def _is_told(self, failed: FailedStep) -> bool:
        return any(
            _words(error.instruction) == _words(failed.instruction)
            or _is_about(failed, error.subject)
            for error in self.errors
        )

    @property
    def outcome(self) -> LogOutcome:
        if self.errors:
            return LogOutcome.FAILED
        done = self.steps.succeeded
        return LogOutcome.SUCCEEDED if done else LogOutcome.UNTOLD

    def _of_end(self, message: Unwrapped, meaning: Meaning, number: int) -> LogError:
        """The error of a line that is of no step: the last word of a build."""
        shown = self._source.take()
        steps = self.steps
        step = self._step_of(meaning) or steps.legacy
        place = shown[0] if shown else None
        if place is None and meaning.line is not None:
            place = LogPlace("", meaning.line, meaning.line)
        error = _error(message, meaning, step, number)
        instruction = shown[1] if shown else error.instruction
        return replace(error, instruction=instruction, place=place)

    def _step_of(self, meaning: Meaning) -> str:
        """The failed step that the last word of a build is about, if that is clear."""
        failed = self.steps.failed
        if len(failed) > 1:
            failed = [one for one in failed if _is_about(one, meaning.subject)]
        return failed[0].step if len(failed) == 1 else ""

    def _add(self, error: LogError) -> None:
        """Keep an error, or complete the one that is the same."""
        same = [known for known in self.errors if _is_same(known, error)]
        if not same:
            self.errors.append(error)
            return
        words = _words(error.instruction)
        best = next((one for one in same if _words(one.instruction) == words), same[0])
        self.errors[self.errors.index(best)] = _completed(best, error)


def _is_about(failed: FailedStep, path: str) -> bool:
    """Whether a step names a path."""
    named = (word.strip('/[],"') for word in failed.instruction.split())
    return bool(path) and path in named


def _copies(failed: FailedStep) -> bool:
    is_copy = failed.instruction.startswith(("COPY ", "ADD "))
    return is_copy and not _reads_elsewhere(failed.instruction)


def _wordless(failed: FailedStep) -> LogError:
    return LogError(
        cause=LogCause.WORDLESS,
        message=f"{failed.instruction} failed",
        log_line=failed.log_line,
        instruction=failed.instruction,
    )


def _of_step(failed: StepError, number: int) -> LogError:
    """The error of a step of BuildKit, which is wrapped only in part."""
    message = unwrap(failed.message)._replace(ends_build=True)
    meaning = explain(message) or Meaning(LogCause.OTHER)
    return _error(message, meaning, failed.step, number)


def _error(message: Unwrapped, meaning: Meaning, step: str, number: int) -> LogError:
    cause, subject = _in_step(meaning, step)
    return LogError(
        cause=cause,
        message=message.text,
        log_line=number,
        subject=subject,
        instruction=instruction_of(step),
    )


def _in_step(meaning: Meaning, step: str) -> tuple[LogCause, str]:
    """The cause and its subject, as the step has it that failed so."""
    if metadata := re.fullmatch(_METADATA, step):
        return LogCause.IMAGE, metadata.group(1)
    cause, instruction = meaning.cause, instruction_of(step)
    if cause is LogCause.NOT_FOUND and _reads_elsewhere(instruction):
        cause = LogCause.STAGE_FILE
    elif cause is LogCause.OTHER:
        cause = next((one for form, one in _OF_STEP if re.match(form, step)), cause)
    if cause is LogCause.IMAGE and not meaning.subject:
        base = re.match(_BASE, instruction)
        return cause, base.group(1) if base else ""
    return cause, meaning.subject


def _reads_elsewhere(instruction: str) -> bool:
    """Whether an instruction reads a stage or an image, and not the context."""
    if re.match(_FROM_FLAG, instruction):
        return True
    mounts = [one.split(",") for one in re.findall(_MOUNT_FLAG, instruction)]
    binds = [one for one in mounts if not _is_of_other_type(one)]
    return bool(binds) and all(
        any(part.startswith("from=") for part in one) for one in binds
    )


def _is_of_other_type(mount: list[str]) -> bool:
    return any(part.startswith("type=") and part != "type=bind" for part in mount)


def _is_same(known: LogError, error: LogError) -> bool:
    """Whether the last word of a build repeats what one of its steps has said."""
    if not _may_be_of_one(known, error):
        return False
    if known.message == error.message and not (known.subject or error.subject):
        return True
    causes = {known.cause, error.cause}
    if len(causes) > 1 and causes != {LogCause.NOT_FOUND, LogCause.STAGE_FILE}:
        return False
    return bool(known.subject) and known.subject == error.subject


def _may_be_of_one(known: LogError, error: LogError) -> bool:
    """Whether two errors about one path can be of the same instruction."""
    if not known.instruction or not error.instruction:
        return True
    if known.place is not None and error.place is not None:
        return known.place == error.place
    return _words(known.instruction) == _words(error.instruction) or (
        error.place is not None or known.place is not None
    )


def _words(instruction: str) -> list[str]:
    return instruction.split()


def _completed(known: LogError, error: LogError) -> LogError:
    """One of two reports of an error, with what only the other one has."""
    return replace(
        known,
        instruction=known.instruction or error.instruction,
        place=known.place or error.place,
    )


def _without_followers(errors: list[LogError]) -> Iterator[LogError]:
    """The errors without those that only follow from another one.

    "Build failed", says compose, when a step did.
    """
    first = [error for error in errors if not _follows(error)]
    yield from first or errors


def _follows(error: LogError) -> bool:
    untold = error.cause is LogCause.OTHER and not error.instruction
    return untold or error.cause is LogCause.CANCELLED
