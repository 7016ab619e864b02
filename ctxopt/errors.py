"""The error tree: everything a user can cause, with file and line where known."""

from __future__ import annotations


class CtxoptError(Exception):
    """Something the user can mend; printed as one line, never as a traceback.

    `message` holds what is wrong, in the builder's own words where it is the
    builder that refuses; `hint` what to do about it; `file`, `line` (from 1)
    and `end_line` where; `text` the words in question as the user wrote them.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        file: str | None = None,
        line: int | None = None,
        text: str | None = None,
        end_line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.text = text
        self.end_line = end_line

    def __reduce__(self) -> tuple[object, ...]:
        # Some kinds are made from other things than their message.
        return _restored, (type(self), self.args, self.__dict__.copy())

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = (
                f"{self.file}: " if self.line is None else f"{self.file}:{self.line}: "
            )
        quoted = ""
        if self.text and _shorten(self.text) not in self.message:
            quoted = f' in "{_shorten(self.text)}"'
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{_shorten(self.message, 300)}{quoted}{hint}"


class ConfigurationError(CtxoptError):
    """The configuration of a project, or a variable of ctxopt, cannot be used."""


class ComposeFileError(CtxoptError):
    """Docker compose would refuse this compose file or `.env` file."""


class ContextError(CtxoptError):
    """The context folder cannot be measured: missing, not a folder, unreadable."""


class IgnoreFileError(CtxoptError):
    """The builder would refuse this ignore file."""


class DockerfileError(CtxoptError):
    """The builder would refuse this Dockerfile."""


class DockerError(CtxoptError):
    """The docker installed here cannot be asked, or answered something unusable."""


class WorkerError(CtxoptError):
    """A process that shares the work cannot start, or was killed."""


class WriteError(CtxoptError):
    """The file cannot be read for writing or written; it is as it was."""


def _restored(
    kind: type[CtxoptError], arguments: tuple[object, ...], fields: dict[str, object]
) -> CtxoptError:
    """An error as it was before it was copied or pickled."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(fields)
    return error


def _shorten(text: str, limit: int = 120) -> str:
    """The first line of `text`, cut where a terminal would wrap it twice."""
    first = text.split("\n", 1)[0]
    return first if len(first) <= limit else first[: limit - 1] + "…"
