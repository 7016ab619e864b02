"""Find docker clients and run them apart from the user's own configuration."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from ctxopt.errors import DockerError
from ctxopt.host import docker_config

CLIENT_VARIABLE: Final = "CTXOPT_DOCKER"  # overrides the search on PATH
# Old clients knock at the engine whatever they are asked, and hang where it hangs.
NO_ENGINE: Final = {
    "DOCKER_HOST": "npipe:////./pipe/none" if sys.platform == "win32" else "unix:///-"
}
_PROBE_SECONDS: Final = 30.0
_KIND_SECONDS: Final = 5
_VERSION: Final = re.compile(r"^Docker version ([0-9][^\s,]*)")
# What the user set for their own builds must not change ours.
_FOREIGN_PREFIXES: Final = ("DOCKER_", "BUILDX_", "BUILDKIT_", "OTEL_")
# Lines of stderr that are no reason for a failure.
_CHATTER: Final = re.compile(
    r"^(DEPRECATED: |Install the buildx component|BuildKit is currently disabled|"
    r"environment[- ]variable|https://docs\.docker\.com/|See 'docker|Run 'docker|"
    r"View build details:|-+$|\d* ?>>>)"
)
_PREFIXES: Final = re.compile(
    r"^(ERROR: |error: |Error response from daemon: |docker: |failed to solve: |"
    r"rpc error: code = \w+ desc = )+"
)


@dataclass(frozen=True, slots=True)
class Client:
    """A docker client on this machine."""

    path: str
    version: str

    @property
    def major(self) -> int:
        """The release, 28 for 28.2.2."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])


class TooSlowError(DockerError):
    """A client did not end in time."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a client ended."""

    status: int
    stdout: str
    stderr: str


def find_clients(client: str | None = None) -> tuple[Client, ...]:
    """Return the docker clients here, in the order of PATH; at least one.

    `client`, else the environment's CTXOPT_DOCKER, names the only one to use.
    Raises DockerError where there is none, one that hangs, or only something else
    by that name.
    """
    named = client or os.environ.get(CLIENT_VARIABLE)
    paths = _named_path(named) if named else _paths()
    found = []
    refusal: DockerError | None = None
    for path in paths:
        try:
            version = _version(path)
        except DockerError as error:
            refusal = refusal or error
            continue
        if version is not None:
            found.append(Client(path, version))
    if found:
        return tuple(found)
    if refusal is not None:
        raise refusal
    if paths:
        message = f"{paths[0]} does not answer like a docker client"
        raise DockerError(message, hint=f"name another one in {CLIENT_VARIABLE}")
    message = f"no docker client {named}" if named else "no docker client on PATH"
    raise DockerError(
        message,
        hint="verify asks a real docker: install its client, or name it in "
        f"{CLIENT_VARIABLE}",
    )


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Lend a folder that only we may enter; it is removed afterwards, come what may."""
    with tempfile.TemporaryDirectory(
        prefix="ctxopt-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def environment(config: Path, **extra: str) -> dict[str, str]:
    """Return an environment for a client that shares nothing with the user's own.

    `config` becomes its configuration folder: no credentials, proxies or builder
    of the user, and for BuildKit a node nobody has seen, so that every transfer is
    a first one. Plugins stay where the user has them.
    """
    config.mkdir(mode=0o700, exist_ok=True)
    settings = {"cliPluginsExtraDirs": _plugin_folders()}
    (config / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    return _inherited() | {"DOCKER_CONFIG": str(config), "LC_ALL": "C"} | extra


def run(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    timeout_seconds: float | None = None,
) -> Finished:
    """Run a client to its end and return what it said.

    `timeout_seconds` None is for questions that it answers at once.
    Raises DockerError where it cannot be started, TooSlowError where it hangs.
    """
    with _running(arguments, env, subprocess.PIPE, timeout_seconds) as process:
        stdout, stderr = process.communicate(stdin)
    return Finished(process.returncode, _decode(stdout), _decode(stderr))


def run_to_stream(
    arguments: Sequence[str],
    consume: Callable[[Callable[[int], bytes]], None],
    *,
    env: Mapping[str, str],
    scratch: Path,
    timeout_seconds: float,
) -> Finished:
    """Run a client whose stdout is read by `consume` as it comes, whatever its size.

    `scratch` is a folder for its stderr. Raises DockerError as `run` does.
    """
    messages = scratch / "stderr"
    with (
        messages.open("wb") as stderr,
        _running(arguments, env, stderr, timeout_seconds) as process,
    ):
        cast("IO[bytes]", process.stdin).close()
        consume(cast("IO[bytes]", process.stdout).read)
    return Finished(process.returncode, "", _decode(messages.read_bytes()))


def not_started(path: str, error: OSError) -> DockerError:
    """Return the error for a client that the system refuses to run."""
    return DockerError(
        f"cannot run {path}: {error.strerror}",
        hint=f"name another docker client in {CLIENT_VARIABLE}",
    )


def reason(stderr: str, status: int) -> str:
    """Return why a client failed: its last line of substance, without prefixes."""
    for line in reversed(stderr.splitlines()):
        text = line.strip()
        if text and not _CHATTER.match(text):
            return _PREFIXES.sub("", text)
    return f"exit status {status} without a word"


@contextlib.contextmanager
def _running(
    arguments: Sequence[str],
    env: Mapping[str, str] | None,
    stderr: int | IO[bytes],
    timeout_seconds: float | None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a client until its output is read; whatever happens, it is gone after."""
    try:
        process = subprocess.Popen(
            arguments,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            process_group=0,  # so that it can be ended with its plugins
        )
    except OSError as error:
        raise not_started(arguments[0], error) from error
    late = threading.Event()
    seconds = _PROBE_SECONDS if timeout_seconds is None else timeout_seconds
    timer = threading.Timer(seconds, _stop_late, (process, late))
    timer.start()
    with process:
        try:
            yield process
            process.wait()
        finally:
            timer.cancel()
            _stop(process)
    if late.is_set():
        raise TooSlowError(
            f"{arguments[0]} did not finish within {seconds:g} seconds",
            hint=f"name another docker client in {CLIENT_VARIABLE}"
            if timeout_seconds is None
            else "try again when the machine is less busy, or with a smaller context",
        )


def _stop_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a client if it still runs, kindly at first, so that it can clear up."""
    if process.poll() is not None:
        return
    _signal(process, kindly=True)
    try:
        process.wait(_KIND_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process, kindly=False)
        process.wait()


def _signal(process: subprocess.Popen[bytes], *, kindly: bool) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM if kindly else signal.SIGKILL)


def _named_path(named: str) -> list[str]:
    path = shutil.which(named)
    return [path] if path else []


def _paths() -> list[str]:
    """Return every `docker` on PATH once, links to the same file included once."""
    paths: dict[str, str] = {}
    for folder in os.get_exec_path():
        if path := shutil.which("docker", path=folder):
            paths.setdefault(os.path.realpath(path), path)
    return list(paths.values())


def _version(path: str) -> str | None:
    """Return the version, None for what is no docker (podman answers to the name)."""
    done = run([path, "--version"], env=_inherited() | NO_ENGINE)
    match = _VERSION.match(done.stdout)
    return match.group(1) if match else None


def _inherited() -> dict[str, str]:
    """Return our environment without what configures builds."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_FOREIGN_PREFIXES)
    }


def _plugin_folders() -> list[str]:
    """Return where the user's own configuration keeps client plugins."""
    folders = [os.path.join(docker_config.folder(), "cli-plugins")]
    extra = docker_config.settings().get("cliPluginsExtraDirs")
    if isinstance(extra, list):
        folders += [str(path) for path in extra]
    return folders


def _decode(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")
