"""A repository brought here by git: its last commit, and nothing that runs.

No hook, filter or submodule of the repository is run, no credential is asked for: what
git cannot do without a question is an error. The size is known before a file is
checked out, and what is fetched is bounded by the limit on files of this process.
"""

from __future__ import annotations

import errno
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote, urlsplit, urlunsplit

from ctxopt.core.fleet.records import Source
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

# Half a second: a fresh checkout has fractions of seconds, which travel, too.
_FRACTION_NS = 500_000_000
_OF_PACKS = (
    "pack.threads=1",  # other processors have other repositories
    # Within a bound on memory, a large pack is looked at in pieces.
    "core.packedGitWindowSize=64m",
    "core.packedGitLimit=256m",
)
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.symlinks=true",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "submodule.recurse=false",
    "protocol.ext.allow=never",
    "init.defaultRefFormat=files",  # as `git.head` reads them
    "transfer.bundleURI=false",
    *_OF_PACKS,
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",  # answers nothing
    "SSH_ASKPASS": "true",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
# What is checked out is the commit's, whatever whoever works has set for attributes,
# filters and ends of lines; to fetch it, his proxies and keys are needed.
_NO_SETTINGS_OF_USER = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}
# Several threads pack the same otherwise each time.
_SERVER_HERE = " ".join(("git", *(f"-c {one}" for one in _OF_PACKS), "upload-pack"))
_HELPER = (
    r"""!printf 'username=%s\npassword=%s\n' "$CTXOPT_GIT_USER" """
    '"$CTXOPT_GIT_PASSWORD" #'
)
_SSH = "ssh -oBatchMode=yes"
_NEEDED = ("HOME", "PATH", "USER", "LOGNAME", "SSH_AUTH_SOCK", "TMPDIR")
_ALSO = re.compile(r"GIT_(SSL|CONFIG|SSH|PROXY)\w*|\w*_proxy|\w*_PROXY|XDG_CONFIG_HOME")
_PASSWORD = re.compile(r"(\w+://)[^/@\s]*@")
_LONGEST_WORDS = 300
_LONGEST_FACTS = 100  # what stands before a path, at most


class CloneBounds(NamedTuple):
    """The most that a clone may be."""

    size_bytes: int  # of its files
    entries: int = 2_000_000
    path_bytes: int = 1024  # of the longest path: whoever follows it needs no more


class CloneError(CtxoptError):
    """Git could not bring it."""


class CloneTooLargeError(CloneError):
    """It is larger than the bound."""


def clone(source: Source, folder: str, *, bounds: CloneBounds) -> None:
    """Bring the last commit of a source into a folder that is not there yet.

    All entries have the commit's time, so that the same commit is the same context. No
    password stays in it. Raises CloneError.
    """
    git = ["--depth=1", "--no-tags", "--single-branch", "--no-checkout", "--quiet"]
    git.append("--origin=origin")  # the user may call it otherwise
    if source.address.startswith("file:"):
        git.append(f"--upload-pack={_SERVER_HERE}")
    named = [f"--branch={source.branch}"] if source.branch else []
    login = _login(source.address)
    said = [*login.words, "clone", "--template=", *git, *named, "--"]
    env = {**_environment(), **login.variables}
    said += [login.address, folder]
    _run(said, bounds, cwd=os.path.dirname(folder), env=env)
    _run(["config", "remote.origin.url", source.place], bounds, cwd=folder)
    if not _has_commit(folder):
        return
    _check_size(folder, bounds)
    _run(["checkout", "--quiet", "--force", "HEAD"], bounds, cwd=folder)
    _set_times(folder, _seconds(folder))


class _Login(NamedTuple):
    """An address as all may see it, and how git gets the password of it."""

    address: str
    words: Sequence[str] = ()
    variables: Mapping[str, str] = MappingProxyType({})


def _login(address: str) -> _Login:
    """An address parted from its password, which a list of processes would show."""
    parts = urlsplit(address) if "://" in address else None
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or "@" not in parts.netloc
    ):
        return _Login(address)
    who, _, host = parts.netloc.rpartition("@")
    user, _, password = map(unquote, who.partition(":"))
    if not (user + password).isprintable():
        return _Login(address)  # for git to refuse
    helper = f"credential.{parts.scheme}://{host}.helper"
    return _Login(
        urlunsplit(parts._replace(netloc=host)),
        ("-c", f"{helper}=", "-c", f"{helper}={_HELPER}"),
        {"CTXOPT_GIT_USER": user, "CTXOPT_GIT_PASSWORD": password},
    )


def remote_commit(source: Source, *, seconds: float) -> str | None:
    """The commit that a source is at now; None where that cannot be told in time."""
    name = source.branch or "HEAD"
    login = _login(source.address)
    asked = ["ls-remote", "--", login.address, name, f"{name}^{{}}"]
    try:
        done = subprocess.run(
            _git(*login.words, *asked),
            env={**_environment(), **login.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    refs: dict[str, str] = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        commit, _, ref = line.partition("\t")
        refs[ref] = commit
    # As `clone --branch` looks: heads before tags; of a tag, the commit behind it.
    order = (f"refs/heads/{name}", f"refs/tags/{name}^{{}}", f"refs/tags/{name}")
    return next((refs[one] for one in ("HEAD", *order) if one in refs), None)


def close_links_out(folder: str) -> int:
    """Let no link of a clone lead to what is on this machine; how many did.

    What a stranger's link leads to could be read as a Dockerfile, and quoted. Such a
    link leads nowhere from then on, with a target of the same length, which is all of
    it that travels.
    """
    top = os.path.realpath(folder)
    closed = 0
    for path in _links(folder):
        real = os.path.realpath(path)
        inside = real == top or real.startswith(f"{top}/")
        if inside or not os.path.lexists(real):
            continue
        length = len(os.fsencode(os.readlink(path)))
        status = os.lstat(path)
        os.unlink(path)
        os.symlink("-" * length, path)
        times = status.st_atime_ns, status.st_mtime_ns
        os.utime(path, ns=times, follow_symlinks=False)
        _set_time(os.path.dirname(path), status.st_mtime_ns)
        closed += 1
    return closed


def _links(folder: str) -> Iterator[str]:
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if os.path.islink(inside := os.path.join(path, name)):
                yield inside


def _has_commit(folder: str) -> bool:
    done = subprocess.run(
        _git("rev-parse", "--verify", "--quiet", "HEAD"),
        cwd=folder,
        env=_local_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _check_size(folder: str, bounds: CloneBounds) -> None:
    """Raise CloneTooLargeError for a tree that is larger than the bound.

    A few objects can name billions of files: nothing is counted beyond the bound.
    """
    size = count = longest = 0
    with subprocess.Popen(
        _git("ls-tree", "-r", "-l", "-z", "HEAD"),
        cwd=folder,
        env=_local_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        rest = b""
        while piece := process.stdout.read(1 << 16):
            *entries, rest = (rest + piece).split(b"\0")
            count += len(entries)
            for one in entries:
                facts, _, path = one.partition(b"\t")
                told = facts.split()
                size += int(told[3]) if told[3:] and told[3].isdigit() else 0
                longest = max(longest, len(path))
            longest = max(longest, len(rest) - _LONGEST_FACTS)
            if size > bounds.size_bytes or count > bounds.entries:
                process.kill()
                raise _too_large(bounds)
            if longest > bounds.path_bytes:
                process.kill()
                raise CloneTooLargeError(
                    f"a path in it has more than {bounds.path_bytes:,} bytes"
                )
    if process.returncode:
        raise CloneError("git cannot tell which files it has")


def _too_large(bounds: CloneBounds) -> CloneTooLargeError:
    return CloneTooLargeError(
        f"its files are more than {bounds.size_bytes:,} bytes"
        f" or more than {bounds.entries:,} entries"
    )


def _seconds(folder: str) -> int:
    done = subprocess.run(
        _git("log", "-1", "--no-show-signature", "--format=%ct", "HEAD"),
        cwd=folder,
        env=_local_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    said = done.stdout.strip()
    return int(said) if said.isdigit() else 0


def _set_times(folder: str, seconds: int) -> None:
    time_ns = min(seconds, 2**33) * 1_000_000_000 + _FRACTION_NS
    for path, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            _set_time(os.path.join(path, name), time_ns)
    _set_time(folder, time_ns)


def _set_time(path: str, time_ns: int) -> None:
    os.utime(path, ns=(time_ns, time_ns), follow_symlinks=False)


def _run(
    words: Sequence[str],
    bounds: CloneBounds,
    *,
    cwd: str,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run git; raises CloneError with what it says last."""
    try:
        done = subprocess.run(
            _git(*words),
            cwd=cwd,
            env=_local_environment() if env is None else env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            # Python is deaf for SIGXFSZ, and so is git then: it says what is too large.
            restore_signals=False,
        )
    except FileNotFoundError:
        raise CloneError("there is no git here", hint="install git") from None
    if done.returncode and os.strerror(errno.EFBIG).encode() in done.stderr:
        raise _too_large(bounds)
    if done.returncode:
        raise CloneError(_said(done.stderr) or f"git ended with {done.returncode}")


def _said(stderr: bytes) -> str:
    """The lines of git that say what is wrong, without a password."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    told = [one for one in lines if one.startswith(("fatal:", "error:", "remote:"))]
    words = " ".join(one.strip() for one in (told or lines[-1:]))
    return _PASSWORD.sub(r"\1", words)[:_LONGEST_WORDS]


def _git(*words: str) -> list[str]:
    return ["git", *(word for one in _SETTINGS for word in ("-c", one)), *words]


def _environment() -> Mapping[str, str]:
    """What git and ssh need of the user's environment, and no question."""
    known = {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or _ALSO.fullmatch(name)
    }
    return {"GIT_SSH_COMMAND": _SSH, **known, **_ENVIRONMENT}


def _local_environment() -> Mapping[str, str]:
    """What git needs where all is here already: nothing of the user's."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return {**kept, **_ENVIRONMENT, **_NO_SETTINGS_OF_USER}
