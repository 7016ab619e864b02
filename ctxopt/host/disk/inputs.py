"""Reading the few files and single paths that a build begins with."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

from ctxopt.core.builders import FileNames
from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.tree import Found
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ContextError, DockerfileError, IgnoreFileError
from ctxopt.host.disk import bounded
from ctxopt.host.disk.bounded import (
    PIPE_SECONDS,
    TooLargeError,
    read_at_once,
    read_pipe,
)
from ctxopt.host.disk.tree import DiskTree

DEFAULT_DOCKERFILE = "Dockerfile"
IGNORE_FILE = ".dockerignore"
STDIN = "-"
DOCKER_FILES = FileNames()
ELSEWHERE = "change into a folder that exists, or give an absolute path"


class DockerfileText(NamedTuple):
    """A Dockerfile as read.

    `path` is absolute, or "-"; `folder` and `name` where it lies, `folder` None for
    standard input. `outside`: it does not lie in the context.
    """

    path: str
    shown: str  # as messages name it
    folder: str | None
    name: str
    content: bytes
    outside: bool
    relative: str = ""  # path in the context, links resolved; "" when outside


class IgnoreText(NamedTuple):
    """An ignore file as read; `specific` for `NAME.dockerignore`."""

    path: str
    shown: str
    content: bytes
    specific: bool = False


def is_a_folder(path: str) -> bool:
    """Whether a path as typed leads to a folder."""
    return os.path.isdir(path)


def asks_for_a_look(folder: str, files: FileNames) -> bool:
    """Whether a folder has no Dockerfile under a usual name, and can be looked through.

    The whole disk, or a home folder, is a mistake most likely.
    Rule: moby/buildkit, frontend/dockerui/config.go: in small letters where the usual
    one is missing. containers/buildah, util/util.go, DiscoverContainerfile.
    """
    names = files.dockerfiles
    if any(os.path.lexists(os.path.join(folder, name)) for name in names):
        return False
    if not (os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK)):
        return False
    try:
        return not is_vast(folder)
    except OSError:  # the current folder is gone
        return False


def context_folder(text: str) -> str:
    """The absolute path of a context as the user typed it.

    Raises ContextError for anything but a folder.
    """
    if not text:
        raise ContextError(
            "CONTEXT is an empty word",
            hint='name a folder; "." is the current one',
        )
    if text == STDIN or _is_remote(text):
        raise _no_folder(text)
    try:
        path = os.path.abspath(text)
    except OSError as error:
        raise ContextError(
            f'no such folder: "{text}": {no_current_folder(error)}', hint=ELSEWHERE
        ) from None
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | ValueError):
            message = f'no such folder: "{text}"'
        else:
            message = f'cannot look at "{text}": {error.strerror}'
        hint = _did_you_mean(text, os.path.isdir) or "check the path"
        raise ContextError(message, hint=hint) from None
    if not stat.S_ISDIR(mode):
        raise _a_file(text, path)
    return path


def _a_file(text: str, path: str) -> ContextError:
    """What a file is that was given as context; one of compose names its builds."""
    from ctxopt.host.disk.lookaround import other_file  # seldom needed

    hint = f'give the folder, and the Dockerfile with -f: -f "{text}"'
    what = "file"
    try:
        other = other_file(text, read_at_once(path))
    except OSError:
        other = None
    if other is not None:
        what, hint = other
    message = f'"{text}" is a {what}, and a context must be a folder'
    return ContextError(message, hint=hint)


def no_current_folder(error: OSError) -> str:
    """Why a relative path leads nowhere; the hint for it is `ELSEWHERE`."""
    if isinstance(error, FileNotFoundError):
        return "the current folder is gone"
    return f"the current folder cannot be told ({error.strerror})"


def _is_remote(text: str) -> bool:
    return text.startswith(("http://", "https://", "git://", "git@", "ssh://"))


def _no_folder(text: str) -> ContextError:
    """Why a context that docker takes cannot be measured, and how to go on.

    Rule: moby/buildkit, frontend/dockerui/context.go, initContext and config.go,
    MainContext: a git context is fetched by the builder, and nothing is filtered.
    """
    message = f'"{text}" is not a local folder'
    if text == STDIN:
        return ContextError(
            f"{message}: docker build - has no context but what standard input holds,"
            " and from a Dockerfile alone COPY finds nothing",
            hint="give the folder, and -f - for the Dockerfile: ctxopt scan -f - .",
        )
    from ctxopt.core.dockerfile.values.giturl import parse_git  # seldom needed
    from ctxopt.core.golang.errors import RuleError

    try:
        is_git = parse_git(text) is not None or "#" in text
    except RuleError:
        is_git = True
    if is_git:
        return ContextError(
            f"{message}: BuildKit fetches a git context itself, so no ignore file"
            " applies to it, and nothing is sent from here",
            hint="to build what is here, give the folder (docker/build-push-action:"
            " context: .); to measure that one, check it out first and give its folder",
        )
    return ContextError(
        f"{message}: the builder downloads it, and nothing is sent from here",
        hint="unpack it first and give its folder",
    )


def read_dockerfile(
    context: str,
    given: str | None,
    stdin: bytes | None,
    *,
    inside_folder: bool,
    files: FileNames = DOCKER_FILES,
) -> DockerfileText:
    """Read the Dockerfile that a build of `context` uses.

    `given` is the value of `-f`, `files` has the names to look for without it. With
    `inside_folder` links may not lead out of the Dockerfile's own folder (BuildKit),
    else they may lead anywhere (legacy client).
    Raises DockerfileError when there is none or it cannot be read.
    """
    if given == STDIN:
        return _from_stdin(stdin or b"")
    path = _absolute_dockerfile(given) if given else _default_dockerfile(context, files)
    shown = given or os.path.relpath(path, context)
    _check_dockerfile(path, shown, default=given is None)
    content = _dockerfile_content(path, shown, inside_folder=inside_folder)
    _check_kind(shown, content)
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(context))
    outside = relative == ".." or relative.startswith("../")
    if outside and given is None and not inside_folder and files == DOCKER_FILES:
        # The client takes its own default for "not given" and opens an empty name.
        raise DockerfileError(
            "unable to open Dockerfile: open : no such file or directory",
            file=shown,
            hint="it is a link that leaves the context; give the real file with -f",
        )
    folder, name = os.path.split(path)
    return DockerfileText(
        path=path,
        shown=shown,
        folder=folder,
        name=name,
        content=content,
        outside=outside,
        relative="" if outside else relative,
    )


def _from_stdin(content: bytes) -> DockerfileText:
    if len(content) > bounded.LIMIT_BYTES:
        raise _too_large(TooLargeError(), "stdin")
    _check_kind("stdin", content)
    return DockerfileText(
        path="-",
        shown="stdin",
        folder=None,
        name=DEFAULT_DOCKERFILE,
        content=content,
        outside=True,
    )


def _dockerfile_content(path: str, shown: str, *, inside_folder: bool) -> bytes:
    """What stands in a Dockerfile; `inside_folder` as for `read_dockerfile`."""
    folder, name = os.path.split(path)
    try:
        content = DiskTree(folder).read(name) if inside_folder else read_at_once(path)
    except TooLargeError as error:
        raise _too_large(error, shown) from None
    except OSError as error:
        raise DockerfileError(
            f"cannot read it: {error.strerror}", file=shown, hint="check permissions"
        ) from None
    if content is None:
        raise DockerfileError(
            f"failed to read dockerfile: open {name}: no such file or directory",
            file=shown,
            hint="it is a link that leaves its folder; give the real file with -f",
        )
    return content


def _check_kind(shown: str, content: bytes) -> None:
    """Raise DockerfileError for a compose or bake file, which names its builds.

    No builder takes one, and none gets further than its first line.
    """
    if b"services" not in content and b"target" not in content:
        return
    from ctxopt.host.disk.lookaround import other_file  # seldom needed

    other = other_file(shown, content)
    if other is not None:
        kind, hint = other
        raise DockerfileError(
            f"this is a {kind}, and no Dockerfile", file=shown, hint=hint
        )


def _too_large(error: OSError, shown: str) -> DockerfileError:
    return DockerfileError(
        f"cannot read it: {error.strerror}", file=shown, hint="check the path"
    )


def piped_dockerfile(context: str, given: str) -> bytes | None:
    """What comes out of the pipe that `-f` names, for the legacy client.

    None where it names no pipe, or one that the client does not read: it must lie
    outside the context, and what a shell writes as `<(...)` is a link to nothing for
    a client that follows links by their text. What is read counts as standard input.
    Rule: docker/cli, cli/command/image/build/context.go, getDockerfileRelPath and
    AddDockerfileToBuildContext.
    Raises DockerfileError where nobody writes into it, or far too much.
    """
    path = os.path.realpath(given)
    try:
        if not stat.S_ISFIFO(os.stat(path).st_mode):
            return None
    except (OSError, ValueError):
        return None
    if not os.path.relpath(path, os.path.realpath(context)).startswith("../"):
        return None
    try:
        return read_pipe(path)
    except TimeoutError:
        raise DockerfileError(
            f"nobody has written into this pipe for {PIPE_SECONDS} seconds",
            file=given,
            hint="start what writes into it first, or say -f - and use standard input",
        ) from None
    except TooLargeError as error:
        raise _too_large(error, given) from None
    except OSError as error:
        raise DockerfileError(
            f"cannot read it: {error.strerror}", file=given, hint="check permissions"
        ) from None


def _absolute_dockerfile(given: str) -> str:
    try:
        return os.path.abspath(given)
    except OSError as error:
        raise DockerfileError(
            f"failed to read dockerfile: {no_current_folder(error)}",
            file=given,
            hint=ELSEWHERE,
        ) from None


def _default_dockerfile(context: str, files: FileNames) -> str:
    """The first of the usual names that is there; "Dockerfile" where none is."""
    for name in files.dockerfiles:
        path = os.path.join(context, name)
        if os.path.lexists(path):
            return path
    return os.path.join(context, DEFAULT_DOCKERFILE)


def _check_dockerfile(path: str, shown: str, *, default: bool) -> None:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if default:
            hint = _likely_dockerfile(path)
        else:
            hint = _did_you_mean(shown, os.path.isfile) or (
                "check the path given with -f"
            )
        if isinstance(error, PermissionError):
            hint = "check the permissions of its folder"
        elif os.path.islink(path):
            hint = f"it is a link to {os.readlink(path)}, which is not there"
        reason = (error.strerror or "").lower()
        message = f"failed to read dockerfile: open {os.path.basename(path)}: {reason}"
        raise DockerfileError(message, file=shown, hint=hint) from None
    if stat.S_ISDIR(mode):
        raise DockerfileError(
            "this is a folder, not a Dockerfile",
            file=shown,
            hint=f"give the file in it with -f {from_here(path)}/...",
        )
    if not stat.S_ISREG(mode):
        raise DockerfileError(
            f"this is {_kind_of(mode)}, and no Dockerfile can be read from it",
            file=shown,
            hint="pipe it into standard input and say -f -",
        )


def from_here(path: str) -> str:
    """A path as somebody would type it in the current folder, if there is one."""
    try:
        return os.path.relpath(path)
    except OSError:
        return path


def _did_you_mean(path: str, fits: Callable[[str], bool]) -> str:
    """The name beside a path that is not there which was likely meant, as a hint."""
    from ctxopt.core.nearest import closest

    folder, name = os.path.split(path.rstrip("/"))
    names = [one for one in _names(folder or ".") if fits(os.path.join(folder, one))]
    near = closest(name, names)
    return f'did you mean "{os.path.join(folder, near)}"?' if near else ""


def _likely_dockerfile(default: str) -> str:
    """The files that stand for a Dockerfile where there is none, as a hint."""
    from ctxopt.host.disk.dockerfiles import is_dockerfile_name
    from ctxopt.host.disk.lookaround import builds_of_compose, dockerfiles_below

    folder = os.path.dirname(default)
    for name in _names(folder):
        path = os.path.join(folder, name)
        if is_dockerfile_name(name) and os.path.isfile(path):
            return f'there is "{name}": say -f "{from_here(path)}"'
    start = from_here(folder)
    return (
        builds_of_compose(start)
        or dockerfiles_below(folder, start)
        or "name the Dockerfile with -f, or give the folder that holds it"
    )


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def _kind_of(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def read_ignore_file(
    context: str,
    dockerfile: DockerfileText | None,
    *,
    specific: bool,
    follow: bool,
    files: FileNames = DOCKER_FILES,
) -> IgnoreText | None:
    """Read the ignore file in effect; None when there is none.

    With `specific`, `NAME.dockerignore` beside the Dockerfile comes first, also when
    it is empty. With `follow`, a linked `.dockerignore` may lead out of the context,
    and one that cannot be read is an error (legacy client).
    Raises IgnoreFileError then, and for a vast one.
    """
    if files != DOCKER_FILES:
        return _read_containers_file(context, dockerfile, files)
    if specific and dockerfile is not None and dockerfile.folder is not None:
        name = dockerfile.name + IGNORE_FILE
        path = os.path.join(dockerfile.folder, name)
        content = _read_or_none(DiskTree(dockerfile.folder), name, shown(path, context))
        if content is not None:
            return IgnoreText(path, shown(path, context), content, specific=True)
    path = os.path.join(context, IGNORE_FILE)
    if not follow:
        content = _read_or_none(DiskTree(context), IGNORE_FILE, IGNORE_FILE)
        return None if content is None else IgnoreText(path, IGNORE_FILE, content)
    try:
        if stat.S_ISFIFO(os.stat(path).st_mode):
            words = "it is a pipe, and the client would wait for ever"
        else:
            return IgnoreText(path, IGNORE_FILE, read_at_once(path))
    except FileNotFoundError:
        return None
    except BlockingIOError:
        words = "it is a device, and the client would wait for what comes from it"
    except TooLargeError as error:
        words = str(error.strerror)
    except OSError as error:
        words = (error.strerror or "").lower()
    raise IgnoreFileError(
        f"error reading .dockerignore: {words}",
        file=IGNORE_FILE,
        hint="replace it by a file that can be read, or remove it",
    )


def _read_containers_file(
    context: str, dockerfile: DockerfileText | None, files: FileNames
) -> IgnoreText | None:
    """The ignore file in effect for podman.

    One beside the Dockerfile may be a link to anywhere, one in the context has to stay
    in it.

    Rule: containers/buildah, pkg/parse/parse.go, ContainerIgnoreFile (1.28 follows
    links out of the context, too).
    Raises IgnoreFileError for one that is there and cannot be read.
    """
    if dockerfile is not None and dockerfile.folder is not None:
        for ending in files.specific:
            path = os.path.join(dockerfile.folder, dockerfile.name + ending)
            name = shown(path, context)
            content = _read_there(lambda path=path: read_at_once(path), name)  # type: ignore[misc]
            if content is not None:
                return IgnoreText(path, name, content, specific=True)
    tree = DiskTree(context)
    for name in files.ignore_files:
        if tree.kind(name) is Found.DIRECTORY:
            raise _unreadable(name, "is a directory")
        content = _read_there(lambda name=name: tree.read(name), name)  # type: ignore[misc]
        if content is not None:
            return IgnoreText(os.path.join(context, name), name, content)
    return None


def _read_there(read: Callable[[], bytes | None], name: str) -> bytes | None:
    """What `read` yields; None where there is no such file."""
    try:
        return read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, (error.strerror or "").lower()) from None


def _unreadable(name: str, why: str) -> IgnoreFileError:
    return IgnoreFileError(
        f"read {name}: {why}",
        file=name,
        hint="replace it by a file that can be read, or remove it",
    )


def _read_or_none(tree: DiskTree, name: str, shown: str) -> bytes | None:
    try:
        return tree.read(name)
    except TooLargeError as error:
        raise IgnoreFileError(
            f"cannot read it: {error.strerror}", file=shown, hint="check the file"
        ) from None
    except OSError:
        return None  # BuildKit takes an unreadable ignore file for none


class Stray(NamedTuple):
    """A linked ignore file that BuildKit follows inside of its folder only."""

    target: str  # the text of the link
    real: str  # where it leads for everyone else; absolute
    inside: str | None  # what BuildKit reads in its place; None: nothing


def stray(path: str) -> Stray | None:
    """Where the link at `path` leads, if not to the same file for BuildKit.

    None for anything else, a link that leads nowhere for anyone among it.
    """
    if not os.path.islink(path):
        return None
    folder, name = os.path.split(path)
    real = os.path.realpath(path)
    inside = resolve(DiskTree(folder), name).path
    if inside is None and not os.path.exists(real):
        return None
    if inside is not None and os.path.join(os.path.realpath(folder), inside) == real:
        return None
    return Stray(os.readlink(path), real, inside)


def shown(path: str, context: str) -> str:
    """A path as messages name it: relative to the context where it lies in it."""
    relative = os.path.relpath(path, context)
    return path if relative.startswith("../") else relative


def regular_size(context: str, path: str) -> int | None:
    """The size of an entry of the context; None when there is none."""
    try:
        return os.lstat(os.path.join(context, path)).st_size
    except OSError:
        return None


def is_folder(mode: int) -> bool:
    """Whether an entry of this mode is a folder."""
    return stat.S_ISDIR(mode)


def is_vast(path: str) -> bool:
    """Whether a context is the whole disk or a home folder, most likely by mistake."""
    real = os.path.realpath(path)
    home = os.path.expanduser("~")
    if real == "/" or (os.path.isabs(home) and real == os.path.realpath(home)):
        return True
    return _looks_like_home(real)


# What a home folder has of each row; a repository of settings has no caches.
_OF_HOMES = (
    (".ssh", ".gnupg", ".bash_history", ".zsh_history", ".python_history"),
    (".cache", ".local/share", ".local/state", "Library/Caches", "AppData/Local"),
    (".bashrc", ".profile", ".bash_profile", ".zshrc", "NTUSER.DAT"),
)


def _looks_like_home(path: str) -> bool:
    """Whether a folder is the home of somebody, mounted or copied."""
    return all(
        any(os.path.lexists(os.path.join(path, name)) for name in names)
        for names in _OF_HOMES
    )
