"""A repository brought here by git: its last commit, and nothing that runs.

No hook, filter or submodule of the repository is run, no credential is asked for: what
git cannot do without a question is an error. The size is known before a file is
checked out, and what is fetched is bounded by the limit on files of this process.
"""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.fleet.records import Source
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.host.fleet import git

# Half a second: a fresh checkout has fractions of seconds, which travel, too.
_FRACTION_NS = 500_000_000
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
    how = ["--depth=1", "--no-tags", "--single-branch", "--no-checkout", "--quiet"]
    how.append("--origin=origin")  # the user may call it otherwise
    if source.address.startswith("file:"):
        how.append(f"--upload-pack={git.SERVER_HERE}")
    named = [f"--branch={source.branch}"] if source.branch else []
    login = git.login_of(source.address)
    said = [*login.words, "clone", "--template=", *how, *named, "--"]
    env = {**git.environment(), **login.variables}
    said += [login.address, folder]
    _run(said, bounds, cwd=os.path.dirname(folder), env=env)
    _run(["config", "remote.origin.url", source.place], bounds, cwd=folder)
    if not _has_commit(folder):
        return
    _check_size(folder, bounds)
    _run(["checkout", "--quiet", "--force", "HEAD"], bounds, cwd=folder)
    _set_times(folder, _seconds(folder))


def remote_commit(source: Source, *, seconds: float) -> str | None:
    """The commit that a source is at now; None where that cannot be told in time."""
    name = source.branch or "HEAD"
    login = git.login_of(source.address)
    asked = ["ls-remote", "--", login.address, name, f"{name}^{{}}"]
    try:
        done = subprocess.run(
            git.command(*login.words, *asked),
            env={**git.environment(), **login.variables},
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
        git.command("rev-parse", "--verify", "--quiet", "HEAD"),
        cwd=folder,
        env=git.local_environment(),
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
        git.command("ls-tree", "-r", "-l", "-z", "HEAD"),
        cwd=folder,
        env=git.local_environment(),
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
        git.command("log", "-1", "--no-show-signature", "--format=%ct", "HEAD"),
        cwd=folder,
        env=git.local_environment(),
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
            git.command(*words),
            cwd=cwd,
            env=git.local_environment() if env is None else env,
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
        raise CloneError(
            git.complaint(done.stderr) or f"git ended with {done.returncode}"
        )
