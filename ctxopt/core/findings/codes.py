"""Every problem that can be reported: its code, how bad, what it means, what to do.

One row a code, and nowhere else: `problems` makes the messages from these rows, and
the table of `docs/reference/problems.md` is held equal to them by a test. Codes are
stable words for scripts: a row may get better words, never another code. Only
constants, as every scan imports it.
"""

from __future__ import annotations

from ctxopt.core.model import Location, Problem, Severity
from ctxopt.core.tuples import NamedTuple

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Finding(NamedTuple):
    """A kind of problem, such as `source-missing`: an error, "create it, or …"."""

    code: str
    severities: tuple[Severity, ...]  # the usual one first
    title: str
    cure: str
    tells_cure: bool = False  # its message says what to do, or is the builder's own

    @property
    def severity(self) -> Severity:
        """How bad it is, where nothing else is said."""
        return self.severities[0]

    @property
    def anchor(self) -> str:
        """Where that document explains it: the part of the address behind `#`."""
        return f"problem-{self.code}"

    def problem(
        self,
        message: str,
        *,
        severity: Severity | None = None,
        place: Location | None = None,
        subject: str | None = None,
    ) -> Problem:
        """A problem of this kind, with the usual cure where `message` has none."""
        return Problem(
            self.code,
            severity or self.severity,
            message,
            place.file if place else None,
            place.line if place else None,
            subject,
            hint=None if self.tells_cure else self.cure,
            end_line=place.end_line if place else None,
        )


# --- the context and the ignore file ---------------------------------------------

VAST_CONTEXT = Finding(
    "vast-context",
    (_WARNING,),
    "the context is the whole disk or a home folder",
    "give the project's own folder",
    tells_cure=True,
)
IGNORE_FILE_UNREAD = Finding(
    "ignore-file-unread",
    (_WARNING,),
    "the ignore file is a link to what this builder does not read, and counts as none",
    "put the file itself in its place",
    tells_cure=True,
)
IGNORE_FILE_IDLE = Finding(
    "ignore-file-idle",
    (_WARNING, _NOTE),
    "a file that looks like an ignore file is not read in this build",
    "move its lines to where the hint says",
)
BUILDERS_DIFFER = Finding(
    "builders-differ",
    (_NOTE,),
    "another builder lets other files through; more than 1,000 are not counted",
    "name the folders in the line with !, or keep one ignore file for both",
)
IGNORED_WALKED = Finding(
    "ignored-walked",
    (_NOTE,),
    "BuildKit looks through 1,000 ignored folders or more for the sake of a line with"
    " ! and wildcards",
    "name the paths in the lines with !, without wildcards",
)
IDLE_LINE = Finding(
    "idle-line",
    (_WARNING, _NOTE),
    "a line of the ignore file does not mean what it seems to",
    "correct the line as the message says",
    tells_cure=True,
)
BAD_PATTERN = Finding(
    "bad-pattern",
    (_WARNING,),
    "the builder would refuse this pattern, but this build never meets it",
    "correct the pattern or take the line out",
)
CUT_OFF = Finding(
    "cut-off",
    (_ERROR,),
    "the legacy client ends the context at this pattern, without a word",
    "correct the pattern or take the line out",
)

# --- the Dockerfile ----------------------------------------------------------------

DOCKERFILE_REFUSED = Finding(
    "dockerfile-refused",
    (_ERROR,),
    "the legacy builder refuses the Dockerfile, after the context was sent",
    "correct the Dockerfile there",
    tells_cure=True,
)
NEEDS_BUILDKIT = Finding(
    "needs-buildkit",
    (_ERROR,),
    "the legacy builder does not know this feature",
    "build with BuildKit (DOCKER_BUILDKIT=1)",
)
UNKNOWN_BASE = Finding(
    "unknown-base",
    (_NOTE,),
    "a base image is not read: what its variables or its `ONBUILD` name is not seen",
    "nothing, unless a source depends on it",
    tells_cure=True,
)
UNKNOWN_VARIABLE = Finding(
    "unknown-variable",
    (_NOTE,),
    "a source, or a value that must not be empty, is what a base image that is not"
    " read sets",
    "set it above that line, with ENV or with ARG and a default, to have it judged",
)

# --- the sources of COPY, ADD and RUN --mount --------------------------------------

SOURCE_MISSING = Finding(
    "source-missing",
    (_ERROR,),
    "a source is not in the context",
    "create it, correct the name, or drop it from the instruction",
)
SOURCE_IGNORED = Finding(
    "source-ignored",
    (_ERROR,),
    "a source is there, but the ignore file keeps it out",
    "bring it back with a line !PATH below that pattern,"
    " or drop it from the instruction",
)
SOURCE_OUTSIDE = Finding(
    "source-outside",
    (_ERROR,),
    "a source lies above the context",
    "a build sees nothing above its context:"
    " move the file in, or give a higher folder as CONTEXT",
)
SOURCE_EMPTY = Finding(
    "source-empty",
    (_NOTE, _ERROR),
    "a source matches nothing",
    "correct the pattern, or drop it from the instruction",
)
EXCLUDE_REFUSED = Finding(
    "exclude-refused",
    (_ERROR,),
    "BuildKit refuses a pattern of `--exclude`",
    "correct the pattern, or leave the flag out",
)
CUT_AT_ROOT = Finding(
    "cut-at-root",
    (_NOTE,),
    "a source leads above the context, is cut off there, and takes what has its name"
    " inside",
    "write it without ../ if that is meant; else give a higher folder as CONTEXT, or"
    " --build-context NAME=DIR and COPY --from=NAME",
)
IDLE_EXCLUDE = Finding(
    "idle-exclude",
    (_WARNING, _NOTE),
    "an `--exclude` takes nothing away from what its instruction copies",
    "correct the pattern, or take the flag out",
)
SHALLOW_EXCLUDE = Finding(
    "shallow-exclude",
    (_NOTE, _WARNING),
    "an `--exclude` leaves deeper files of the same name in",
    "write **/ before the pattern if those are meant, too",
)
DANGLING_LINK = Finding(
    "dangling-link",
    (_NOTE,),
    "a link is copied, and what it leads to is not",
    "copy its target to the same place beside it, or put the file itself there",
)
DESTINATION_SLASH = Finding(
    "destination-slash",
    (_ERROR, _WARNING),
    "several files go to a destination that does not end with a slash",
    "end the destination with a slash",
)
FOLDERS_FLATTENED = Finding(
    "folders-flattened",
    (_NOTE,),
    "a wildcard hits folders, and what is in them arrives without their names",
    "copy the folder that they are in, or say `--parents`",
    tells_cure=True,
)

MOUNT_SENDS_ALL = Finding(
    "mount-sends-all",
    (_NOTE,),
    "a mount of a RUN makes BuildKit send the whole context",
    "name what it needs with `source=`; for a tmpfs, write `from=scratch`",
)

COPY_COLLISION = Finding(
    "copy-collision",
    (_ERROR,),
    "a file and a folder are copied to the same place",
    "copy them to different places, or leave one of them out",
)
HOMELESS_OWNER = Finding(
    "homeless-owner",
    (_ERROR,),
    "an owner is named where nothing is yet in which the name could be looked up",
    "give the owner in numbers, such as 1000:1000",
)
HEREDOC_NAME = Finding(
    "heredoc-name",
    (_ERROR,),
    "a file that is written in the Dockerfile has the name of a folder, or one in it",
    "give it a plain name, and the folder to the destination",
)

# --- what is read on the way -------------------------------------------------------

UNREADABLE = Finding(
    "unreadable",
    (_ERROR, _WARNING, _NOTE),
    "a file or folder may not be read",
    "make it readable, or keep it out with the ignore file",
)
ARRIVES_EMPTY = Finding(
    "arrives-empty",
    (_WARNING,),
    "the order of the lines with `!` makes BuildKit send a file empty",
    "move the lines with ! below those that exclude",
)
NOT_UTF8 = Finding(
    "not-utf8",
    (_ERROR,),
    "BuildKit cannot send a name, or the target of a link, that is not UTF-8",
    "rename it, or keep it out with the ignore file",
)
PATH_TOO_LONG = Finding(
    "path-too-long",
    (_ERROR,),
    "a path has more than 4095 bytes",
    "shorten the folders on the way, or ignore them",
)
VANISHED = Finding(
    "vanished",
    (_WARNING,),
    "a folder vanished while it was read",
    "measure again",
    tells_cure=True,
)
NOT_SENT = Finding(
    "not-sent",
    (_NOTE,),
    "a socket is left out, as a tar cannot hold one",
    "nothing",
    tells_cure=True,
)
RANDOM_SIZE = Finding(
    "random-size",
    (_NOTE,),
    "the legacy client makes this context in one of two sizes, at random",
    "nothing",
    tells_cure=True,
)

NEVER_CACHED = Finding(
    "never-cached",
    (_WARNING,),
    "the legacy client makes `.dockerignore` anew at each build, and a source takes it",
    "add a line `.dockerignore` to the ignore file",
)

# --- secrets ---------------------------------------------------------------------

_LEND = "keep it out of the context; RUN --mount=type=secret lends it without a trace"
SECRET_KEY = Finding(
    "secret-key",
    (_WARNING, _NOTE),
    "a private key, or a store of keys, is in the context",
    "keep it out of the context; RUN --mount=type=ssh or type=secret lends it to a RUN",
)
SECRET_TOKEN = Finding(
    "secret-token",
    (_WARNING, _NOTE),
    "a login or a token of a service is in the context",
    _LEND,
)
SECRET_ENV = Finding(
    "secret-env",
    (_WARNING, _NOTE),
    "an environment file with passwords or tokens is in the context",
    "keep it out of the context; docker run --env-file gives it to the container",
)
SECRET_SETTINGS = Finding(
    "secret-settings",
    (_WARNING, _NOTE),
    "settings with passwords or tokens are in the context",
    "keep them out of the context, and mount them when the container starts",
)
SECRET_STATE = Finding(
    "secret-state",
    (_WARNING, _NOTE),
    "a state or variables of Terraform with secrets are in the context",
    "keep them out of the context",
)
SECRET_PROFILE = Finding(
    "secret-profile",
    (_WARNING, _NOTE),
    "passwords that a browser or a password manager keeps are in the context",
    "keep them out of the context: give the project's own folder",
)
SECRETS_UNREAD = Finding(
    "secrets-unread",
    (_NOTE,),
    "more files could hold a secret than are looked into",
    "keep folders of data out of the context",
)

# --- only while watching -----------------------------------------------------------

REFUSED = Finding(
    "refused",
    (_ERROR,),
    "after a change the build cannot be measured",
    "correct what the message names",
    tells_cure=True,
)
NOT_WRITTEN = Finding(
    "not-written",
    (_WARNING,),
    "lines could not be written into the ignore file",
    "correct what the message names",
    tells_cure=True,
)
WATCH_LIMIT = Finding(
    "watch-limit",
    (_WARNING,),
    "the system gives too few watches, so folders are polled",
    "raise the limit that the message names",
    tells_cure=True,
)
WATCH_POLLING = Finding(
    "watch-polling",
    (_NOTE,),
    "folders are polled where the system tells nothing of changes",
    "nothing",
    tells_cure=True,
)

# --- the files that name builds --------------------------------------------------

BUILD_FILE = Finding(
    "build-file",
    (_WARNING, _NOTE),
    "a file that names builds says something that cannot be used or known",
    "mend the file at the line that is named",
)

FINDINGS = (
    *(VAST_CONTEXT, IGNORE_FILE_UNREAD, IGNORE_FILE_IDLE, BUILDERS_DIFFER),
    *(IGNORED_WALKED, IDLE_LINE, BAD_PATTERN, CUT_OFF),
    *(DOCKERFILE_REFUSED, NEEDS_BUILDKIT, UNKNOWN_BASE, UNKNOWN_VARIABLE),
    *(SOURCE_MISSING, SOURCE_IGNORED, SOURCE_OUTSIDE, SOURCE_EMPTY),
    *(EXCLUDE_REFUSED, CUT_AT_ROOT, IDLE_EXCLUDE, SHALLOW_EXCLUDE, DANGLING_LINK),
    *(DESTINATION_SLASH, FOLDERS_FLATTENED, MOUNT_SENDS_ALL, COPY_COLLISION),
    *(HOMELESS_OWNER, HEREDOC_NAME),
    *(UNREADABLE, ARRIVES_EMPTY, NOT_UTF8, PATH_TOO_LONG, VANISHED, NOT_SENT),
    *(RANDOM_SIZE, NEVER_CACHED),
    *(SECRET_KEY, SECRET_TOKEN, SECRET_ENV, SECRET_SETTINGS, SECRET_STATE),
    *(SECRET_PROFILE, SECRETS_UNREAD),
    *(REFUSED, NOT_WRITTEN, WATCH_LIMIT, WATCH_POLLING),
    BUILD_FILE,
)

# Codes whose message is not followed by a cure.
TELLING = frozenset(one.code for one in FINDINGS if one.tells_cure)
