r"""What each message of docker means, newer and older ones.

A message is wrapped in others on its way to the screen:

    ERROR: failed to build: failed to solve: failed to compute cache key: failed to
    calculate checksum of ref x::y: "/config.yml": not found

`unwrap` takes the wrapping off, `explain` knows what is left, by a table.

Source: moby/buildkit, client/solve.go ("failed to solve"), solver/edge.go ("failed to
compute cache key"), solver/llbsolver/ops/opsutils/contenthash.go ("failed to calculate
checksum"); docker/buildx, commands/build.go ("failed to build"), build/build.go
("target x"), cmd/buildx/main.go ("ERROR"). Older forms are from recorded logs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ctxopt.core.buildlog.errors import LogCause
from ctxopt.core.tuples import NamedTuple

# Taken off in any order and number. Those of the first row show that a build ended.
_ENDING: Final = (
    r"failed to build:",
    r"failed to solve(?: with frontend [\w.:/-]+)?:",
    r"buildx (?:bake )?failed with:",
    r"Error response from daemon:",
    r"Service '[^']*' failed to build ?:",
    r"rpc error: code = \w+ desc =",
    r"failed to create LLB definition:",
    r"failed to build LLB:",
    r"failed to run Build function:",
    r"failed to compute cache key:",
    r"failed to load cache key:",
    r"failed to calculate checksum of ref \S+:",
)
_BESIDE: Final = (r"(?:ERROR|Error|error):", r"target [\w.-]+:")
_WRAPPING: Final = f"(?:{'|'.join(_BESIDE)}|(?P<ending>{'|'.join(_ENDING)}))(?: +|$)"

# Where the builder had the context, or the Dockerfile, on its own disk.
_MOUNT: Final = r"\S*?buildkit-mount\d+[/\\]"
_LEGACY_MOUNT: Final = r".*?docker-builder\d+[/\\]"
_GONE: Final = (
    r"(?:no such file or directory"
    r"|The system cannot find the (?:file|path) specified\.?)"
)


class Meaning(NamedTuple):
    """What a message is about."""

    cause: LogCause
    subject: str = ""
    line: int | None = None  # of the Dockerfile, where the message has it


class _Form(NamedTuple):
    """One form of a message."""

    cause: LogCause
    pattern: str  # with the group `subject`, and `line`, where it names them
    stands_alone: bool = False  # nothing but docker says so, even without a wrapping


_FORMS: Final = (
    # moby/buildkit, cache/contenthash/checksum.go, errNotFound; the second since 2020.
    _Form(
        LogCause.NOT_FOUND,
        r'"(?P<quoted>(?:[^"\\]|\\.)*)":? not found(?:: not found)?',
    ),
    # tonistiigi/fsutil, copy/copy.go, ResolveWildcards: the folder before a wildcard.
    _Form(
        LogCause.NOT_FOUND,
        rf"(?:failed to walk \S+: )?\w+ {_MOUNT}(?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(LogCause.NOT_FOUND, rf"l?stat /?(?P<subject>.*): {_GONE}"),
    # moby/moby, daemon/builder/dockerfile/copy.go, getCopyInfosForSourcePaths and stat.
    _Form(
        LogCause.NOT_FOUND,
        r"(?:COPY|ADD) failed: file not found in build context or excluded by "
        r"\.dockerignore: stat (?P<subject>.*): file does not exist",
        stands_alone=True,
    ),
    _Form(
        LogCause.NOT_FOUND,
        rf"(?:COPY|ADD) failed: l?stat {_LEGACY_MOUNT}(?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(
        LogCause.NOT_FOUND,
        rf"(?:COPY|ADD) failed: \w+ {_LEGACY_MOUNT}(?P<windows>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(
        LogCause.STAGE_FILE,
        r"(?:COPY|ADD) failed: l?stat (?:\S*/(?:merged|diff|rootfs)/)?(?P<subject>.*): "
        rf"(?:file does not exist|{_GONE})",
        stands_alone=True,
    ),
    _Form(
        LogCause.OUTSIDE,
        r"(?:(?:COPY|ADD) failed: )?[Ff]orbidden path outside the build context: "
        r"(?P<subject>.*?)(?: \(.*\))?",
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_SOURCE,
        r"(?:COPY|ADD) failed: no source files were specified",
        stands_alone=True,
    ),
    _Form(
        LogCause.DESTINATION,
        r"(?:(?:COPY|ADD) failed: )?When using (?:COPY|ADD) with more than one source "
        r"file, the destination must be a directory and end with a /",
        stands_alone=True,
    ),
    # containerd/continuity, fs/path.go; moby/buildkit, cache/contenthash/path.go.
    _Form(LogCause.LINK_LOOP, r"too many (?:sym)?links(?:: /?(?P<subject>.*))?"),
    # tonistiigi/fsutil, receive.go: what the client, who reads the disk, has said.
    _Form(
        LogCause.UNREADABLE,
        r"error from sender: \w+ (?P<subject>.*): "
        r"(?:permission denied|operation not permitted|Access is denied\.)",
        stands_alone=True,
    ),
    _Form(
        LogCause.NOT_A_FOLDER,
        r"error from sender: \w+ (?P<subject>.*): not a directory",
        stands_alone=True,
    ),
    # docker/cli, cli/command/image/build/context.go, ValidateContextDirectory.
    _Form(
        LogCause.UNREADABLE,
        r"error checking context: '?(?:can't stat|no permission to read from) "
        r"'(?P<subject>.*?)''?\.?",
        stands_alone=True,
    ),
    # tonistiigi/fsutil, filter.go, NewFilterFS; moby/patternmatcher, New.
    _Form(
        LogCause.BAD_PATTERN,
        r"(?:error from sender|error checking context): "
        r"(?:invalid excludepatterns: \[(?P<subject>.*)\]: )?syntax error in pattern",
        stands_alone=True,
    ),
    _Form(
        LogCause.BAD_PATTERN,
        r"(?:invalid excludepatterns: \[(?P<subject>.*)\]: )?syntax error in pattern",
    ),
    _Form(
        LogCause.COLLISION,
        r"cannot copy to non-directory: .*?(?:cachemounts/buildkit\d+|vfs/dir/\w+)?"
        r"/(?P<subject>[^/]*)",
        stands_alone=True,
    ),
    _Form(
        LogCause.COLLISION,
        r"failed to copy files: .*/(?P<subject>[^/]*): not a directory",
        stands_alone=True,
    ),
    # docker/cli, cli/command/image/build.go, runBuild, and build/context_detect.go.
    _Form(
        LogCause.NO_CONTEXT,
        r'unable to prepare context: path "(?P<subject>.*)" not found',
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_CONTEXT,
        rf"failed to get build context \S+: \w+ (?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_CONTEXT,
        r"build path (?P<subject>.*) either does not exist, is not accessible, or .*",
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_CONTEXT,
        r"(?:docker: )?[\"']docker (?:\w+ )*build[\"'] requires (?:exactly )?"
        r"1 argument\.?",
        stands_alone=True,
    ),
    # docker/cli, cli/command/image/build/context.go, getDockerfileRelPath.
    _Form(
        LogCause.NO_DOCKERFILE,
        r"unable to prepare context: unable to evaluate symlinks in Dockerfile path: "
        rf"\w+ (?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    # moby/buildkit, frontend/dockerui/config.go, ReadEntrypoint.
    _Form(
        LogCause.NO_DOCKERFILE,
        rf"failed to read dockerfile: \w+ (?:{_MOUNT})?(?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_DOCKERFILE,
        r"Cannot locate specified Dockerfile: (?P<subject>.*)",
        stands_alone=True,
    ),
    _Form(
        LogCause.NO_DOCKERFILE,
        rf"resolve : \w+ (?P<subject>.*): {_GONE}",
        stands_alone=True,
    ),
    _Form(
        LogCause.CLIENT,
        r"(?:unable to prepare context|error checking context|error from sender): .*",
        stands_alone=True,
    ),
    # moby/buildkit, frontend/dockerfile/instructions/parse.go, parseError; 20.10 has
    # no "on".
    _Form(
        LogCause.DOCKERFILE,
        r"[Dd]ockerfile parse error(?: on)? line (?P<line>\d+): (?P<subject>.*)",
        stands_alone=True,
    ),
    _Form(
        LogCause.IMAGE,
        r"invalid from flag value (?P<subject>[^\s:]+(?::\S+)?): (?:pull access denied"
        r"|manifest|Get) .*",
    ),
    # moby/buildkit, frontend/dockerfile/shell/lex.go, ProcessWord.
    _Form(
        LogCause.DOCKERFILE,
        r'failed to process "(?P<subject>.*)": .*',
        stands_alone=True,
    ),
    _Form(
        LogCause.DOCKERFILE,
        r"(?P<subject>unknown instruction: .*|unterminated heredoc"
        r"|the Dockerfile (?:\(.*\) )?cannot be empty|file with no instructions"
        r"|no build stage in current context|dockerfile contains no stages to build"
        r"|circular dependency detected .*|invalid from flag value .*"
        r"|invalid stage index .*|failed to parse stage name .*"
        r"|cannot copy from stage .*|variable expansion is not supported for .*"
        r"|source can't be a (?:URL|git ref) for COPY)",
    ),
    _Form(
        LogCause.DOCKERFILE,
        r"(?P<subject>base name \(.*\) should not be blank)",
        stands_alone=True,
    ),
    # moby/buildkit, frontend/dockerfile/dockerfile2llb/convert.go; 20.10's daemon.
    _Form(
        LogCause.TARGET,
        r'target stage "?(?P<subject>[^"]+?)"? could not be found.*',
    ),
    _Form(
        LogCause.TARGET,
        r"failed to reach build target (?P<subject>.*) in Dockerfile",
    ),
    # moby/moby, daemon/builder/dockerfile/dispatchers.go, dispatchCopy, dispatchRun.
    _Form(
        LogCause.NEEDS_BUILDKIT,
        r"the (?P<subject>--\S+) option requires BuildKit\..*",
        stands_alone=True,
    ),
    # --- none of the context -----------------------------------------------------
    # moby/moby, daemon/internal/distribution/errors.go; containerd, remotes/docker.
    _Form(
        LogCause.IMAGE,
        r"pull access denied for (?P<subject>[^,]+), .*",
        stands_alone=True,
    ),
    _Form(
        LogCause.IMAGE, r"manifest for (?P<subject>\S+) not found.*", stands_alone=True
    ),
    _Form(
        LogCause.IMAGE,
        r"(?:(?P<subject>[^\s:]\S*): )?(?:pull access denied,"
        r"|failed to resolve source metadata for |failed to do request: "
        r"|failed to authorize: |failed to fetch (?:anonymous|oauth) token"
        r"|no match for platform in manifest|unexpected status (?:code|from)"
        r"|(?:failed to copy: )?httpReadSeeker: ).*",
    ),
    _Form(
        LogCause.IMAGE,
        r"(?:failed to resolve (?:reference|image) \"(?P<subject>[^\"]*)\""
        r"|error getting credentials).*",
    ),
    _Form(LogCause.IMAGE, r"no matching manifest for .*", stands_alone=True),
    _Form(
        LogCause.IMAGE, r"(?:toomanyrequests|too many requests): .*", stands_alone=True
    ),
    # moby/buildkit, solver/llbsolver/ops/exec.go, Exec, and source/local: secrets.
    _Form(
        LogCause.COMMAND,
        r'process "(?P<subject>.*)" did not complete successfully: .*',
        stands_alone=True,
    ),
    _Form(
        LogCause.COMMAND,
        r"executor failed running \[(?P<subject>.*)\]: .*",
        stands_alone=True,
    ),
    _Form(
        LogCause.COMMAND,
        r"The command '(?P<subject>.*)' returned a non-zero code: \d+",
        stands_alone=True,
    ),
    _Form(
        LogCause.COMMAND,
        r"(?:failed to create .*: )?OCI runtime create failed: .*",
        stands_alone=True,
    ),
    _Form(LogCause.SECRET, r"secret (?P<subject>\S+): not found"),
    _Form(LogCause.SECRET, r"no SSH key .* forwarded from the client"),
    _Form(LogCause.IMAGE, r"(?:\S+: )?(?P<subject>[\w./:@-]+): not found"),
    _Form(LogCause.DISK, r".*no space left on device.*"),
    _Form(
        LogCause.DAEMON,
        r"(?:Cannot connect to the Docker daemon|error during connect: |permission "
        r"denied while trying to connect to |Got permission denied while trying to ).*",
        stands_alone=True,
    ),
    _Form(LogCause.OTHER, r"(?:COPY|ADD) failed: .*", stands_alone=True),
    _Form(LogCause.EXPORT, r"(?:failed to push|failed to export) .*"),
    _Form(LogCause.CANCELLED, r"(?:context canceled|[Cc]anceled).*"),
)


class Unwrapped(NamedTuple):
    """A message without what it was wrapped in."""

    text: str
    ends_build: bool  # the wrapping shows that it is what a build failed with


def unwrap(line: str) -> Unwrapped:
    """The message at the core of a line of a log."""
    text, ends_build = line.strip(), False
    while wrapping := re.match(_WRAPPING, text):
        ends_build = ends_build or bool(wrapping["ending"])
        text = text[wrapping.end() :]
    return Unwrapped(text, ends_build)


def explain(message: Unwrapped) -> Meaning | None:
    """What a message means; None for one that is not of docker.

    Without a wrapping only what nothing but docker says is believed: the output of a
    RUN has "not found", too.
    """
    if not message.ends_build and not _standing_alone().fullmatch(message.text):
        return None
    for form in _FORMS:
        if message.ends_build or form.stands_alone:
            match = re.fullmatch(form.pattern, message.text)
            if match is not None:
                return _meaning(form.cause, match)
    return Meaning(LogCause.OTHER)


@cache
def _standing_alone() -> re.Pattern[str]:
    """All forms that need no wrapping in one: most lines of a log have none of them."""
    alone = (one.pattern for one in _FORMS if one.stands_alone)
    unnamed = (re.sub(r"\(\?P<\w+>", "(?:", one) for one in alone)
    return re.compile("|".join(unnamed))


def _meaning(cause: LogCause, match: re.Match[str]) -> Meaning:
    told = {name: text for name, text in match.groupdict().items() if text}
    if "quoted" in told:
        told["subject"] = re.sub(_ESCAPED, _rune, told["quoted"])
    if "windows" in told:
        told["subject"] = told["windows"].replace("\\", "/")
    subject = told.get("subject", "")
    if cause in _FROM_ROOT:
        subject = subject.lstrip("/")
    return Meaning(cause, subject, int(told["line"]) if "line" in told else None)


# Whose path a builder shows from the root of what it has.
_FROM_ROOT = frozenset({LogCause.NOT_FOUND, LogCause.STAGE_FILE, LogCause.LINK_LOOP})

# What Go's %q makes of a character that cannot be shown, or that would end the text.
_ESCAPED: Final = r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))"


def _rune(match: re.Match[str]) -> str:
    byte, short, long, itself = match.groups()
    if byte:
        code = int(byte, 16)
        return chr(0xDC00 + code) if code >= 0x80 else chr(code)
    return chr(int(short or long, 16)) if short or long else itself
