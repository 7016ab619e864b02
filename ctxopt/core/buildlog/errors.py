"""What stopped a build, as far as its log tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ctxopt.core.model import BuilderName


class LogCause(Enum):
    """What an error of a build is about; the first ones are about its context."""

    NOT_FOUND = "source-not-found"  # not there, or kept out: the message is the same
    OUTSIDE = "source-outside"  # a path, or a link on it, leads out of the context
    NO_SOURCE = "no-source"  # nothing of all that an instruction names
    LINK_LOOP = "link-loop"
    NOT_A_FOLDER = "not-a-folder"  # a file on the way to a source
    UNREADABLE = "unreadable"  # the client may not read it
    BAD_PATTERN = "bad-pattern"  # of the ignore file, or of an --exclude
    DESTINATION = "destination"  # several files to one name (legacy builder)
    COLLISION = "collision"  # a folder is copied onto a file, or the other way round
    NO_CONTEXT = "no-context"  # the folder itself is not there
    NO_DOCKERFILE = "no-dockerfile"
    CLIENT = "context-refused"  # another word of the client or the sender
    WORDLESS = "source-failed"  # a step that copies failed; the log does not say why

    DOCKERFILE = "dockerfile-refused"
    TARGET = "target-not-found"
    NEEDS_BUILDKIT = "needs-buildkit"

    STAGE_FILE = "stage-file-not-found"  # of COPY --from
    IMAGE = "image"
    COMMAND = "command"
    SECRET = "secret"  # noqa: S105 - a word, not one
    DISK = "disk-full"
    DAEMON = "daemon"
    EXPORT = "export"
    CANCELLED = "cancelled"
    OTHER = "other"

    @property
    def is_of_context(self) -> bool:
        """Whether a path of the context, or the context itself, is the cause."""
        return self in _OF_CONTEXT


_OF_CONTEXT = frozenset(
    {
        LogCause.NOT_FOUND,
        LogCause.OUTSIDE,
        LogCause.NO_SOURCE,
        LogCause.LINK_LOOP,
        LogCause.NOT_A_FOLDER,
        LogCause.UNREADABLE,
        LogCause.BAD_PATTERN,
        LogCause.DESTINATION,
        LogCause.COLLISION,
        LogCause.NO_CONTEXT,
        LogCause.NO_DOCKERFILE,
        LogCause.CLIENT,
        LogCause.WORDLESS,
    }
)


class LogOutcome(Enum):
    """How the builds of a log ended."""

    FAILED = "failed"
    SUCCEEDED = "succeeded"
    UNTOLD = "untold"  # it stops before the end, or is of no build


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The lines of a Dockerfile that a builder shows with an error."""

    file: str  # its name as the builder knows it; "" where it is not told
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class LogError:
    """One error of a build."""

    cause: LogCause
    message: str  # what docker says, without the words that only wrap it
    log_line: int  # the first line of the log that has it
    subject: str = ""  # the path in the context; of others the image, target, command
    instruction: str = ""  # the step, as it is shown: "COPY config.yml /app/"
    place: LogPlace | None = None


@dataclass(frozen=True, slots=True)
class BuildLog:
    """What a log tells of its builds."""

    builder: BuilderName | None  # None: it could be of either
    outcome: LogOutcome
    errors: tuple[LogError, ...] = ()
    lines: int = 0  # of the log; 0: nothing is in it
