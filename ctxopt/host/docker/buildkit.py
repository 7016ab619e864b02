"""Ask an engine what BuildKit receives of a context.

The exact sizes come from buildx's raw progress, or, with a client that has BuildKit
built in and prints them rounded, from the engine's own words, heard by a relay.

Not supported: the TLS material of a docker context (that of DOCKER_CERT_PATH is),
and engines that are none, such as a builder of its own made with `buildx create`.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ctxopt.core.verify import Observation
from ctxopt.errors import DockerError
from ctxopt.host.docker import client as clients
from ctxopt.host.docker.cache import list_records, prune_records
from ctxopt.host.docker.client import Client
from ctxopt.host.docker.progress import ProgressStep, find_step, parse_progress
from ctxopt.host.docker.reduced import padded, reduced_dockerfile
from ctxopt.host.docker.relay import Relay, relay
from ctxopt.host.docker.tar import CountedStream, read_members
from ctxopt.host.docker.trace import parse_answer

BUILD_SECONDS: Final = 900.0
# From 23 on `docker build` is buildx; from 18.09 the client has BuildKit built in.
_BUILTIN: Final = range(19, 23)
_BUILDX: Final = re.compile(r"buildx v?((\d+)\.(\d+)\S*)")
_RAWJSON_SINCE: Final = (0, 14)
_DOCKERFILE: Final = "Dockerfile"
_ENGINELESS: Final = "--builder legacy needs none"
_TLS_VARIABLES: Final = ("DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")


@dataclass(frozen=True, slots=True)
class _EngineBuilder:
    """A client that can drive BuildKit, and the way it does."""

    client: Client
    version: str  # with that of buildx, which is the one that sends
    buildx: bool
    rawjson: bool


@dataclass(frozen=True, slots=True)
class _Definition:
    """The reduced Dockerfile on disk."""

    path: Path
    same_weight: bool  # its transfer weighs what the real one's does


def observe_buildkit(
    context_path: str,
    dockerfile_path: str | None,
    *,
    dockerfile_content: bytes,
    follow: Sequence[str],
    host: str | None = None,
    client: str | None = None,
    timeout_seconds: float = BUILD_SECONDS,
) -> Observation:
    """Return what an engine receives for a build that requests `follow`.

    `follow` holds the requested paths, clean and relative, wildcards live; an empty
    one is the whole context, and only then `members` can be had.
    `dockerfile_path` (None: standard input) and its content lend the reduced
    Dockerfile name, weight and ignore file; neither is run. `host` defaults to the
    engine the user's docker talks to. A transfer that the builder refuses is an
    observation with an `error`; that a source is missing is none, for it shows only
    after the transfer.

    Raises DockerError where no client can drive BuildKit or no engine answers.
    """
    available = clients.find_clients(client)
    host = host or _current_host(available[0])
    members: list[str] = []
    with clients.private_folder() as folder:
        env = _environment(folder, host)
        builder = _find_builder(available, env)
        engine = _engine_version(builder.client, env, host)
        definition = _write_definition(
            folder / "build", dockerfile_path, dockerfile_content, follow
        )
        # Root is told by leaving it out, as buildx does with every owner.
        tells_owner = not builder.buildx and _is_owned(definition.path)
        with (
            _leaving_no_records(builder, env),
            _overhearing(builder, folder, env) as line,
        ):
            done = clients.run_to_stream(
                _build(builder, definition.path, context_path),
                lambda read: _collect(read, members),
                env=env | {"DOCKER_HOST": line.host},
                scratch=folder,
                timeout_seconds=timeout_seconds,
            )
    steps = _read_steps(builder, done.stderr, line.answers)
    seen = _observe_progress(builder, engine, done, steps)
    if tells_owner or not definition.same_weight:
        seen = replace(seen, dockerfile_wire_bytes=None)
    whole = "" in follow and seen.error is None
    return replace(seen, members=tuple(members)) if whole else seen


def _current_host(client: Client) -> str:
    """Return the engine that the user's own docker would talk to."""
    if host := os.environ.get("DOCKER_HOST"):  # wins over every docker context
        return host
    form = "{{.Endpoints.docker.Host}}"
    try:
        done = clients.run([client.path, "context", "inspect", "--format", form])
    except clients.TooSlowError as error:
        raise DockerError(
            f"docker does not say which engine it uses: {error.message}",
            hint=f"restart that engine or name another in DOCKER_HOST; {_ENGINELESS}",
        ) from error
    if done.status != 0 or not done.stdout.strip():
        why = clients.reason(done.stderr, done.status)
        message = f"docker does not say which engine it uses: {why}"
        raise DockerError(message, hint="name one in DOCKER_HOST")
    return done.stdout.strip()


def _environment(folder: Path, host: str) -> dict[str, str]:
    env = clients.environment(
        folder / "config",
        DOCKER_HOST=host,
        DOCKER_BUILDKIT="1",
        # Off: it would run git in the context, and add a file to the result.
        BUILDX_GIT_INFO="0",
        BUILDX_NO_DEFAULT_ATTESTATIONS="1",
    )
    for name in _TLS_VARIABLES:
        if value := os.environ.get(name):
            env[name] = value
    return env


def _find_builder(
    available: Sequence[Client], env: Mapping[str, str]
) -> _EngineBuilder:
    """Return the first client that can drive BuildKit, with buildx where it has it."""
    for client in available:
        done = clients.run(
            [client.path, "buildx", "version"], env={**env, **clients.NO_ENGINE}
        )
        if done.status == 0 and (match := _BUILDX.search(done.stdout)):
            number = (int(match.group(2)), int(match.group(3)))
            return _EngineBuilder(
                client,
                version=f"{client.version} with buildx {match.group(1)}",
                buildx=True,
                rawjson=number >= _RAWJSON_SINCE,
            )
        if client.major in _BUILTIN:
            return _EngineBuilder(client, client.version, buildx=False, rawjson=False)
    message = f"docker {available[0].version} has no buildx and cannot drive BuildKit"
    raise DockerError(
        message, hint="install its buildx plugin, or verify with --builder legacy"
    )


def _engine_version(client: Client, env: Mapping[str, str], host: str) -> str:
    form = "{{.Server.Version}}"
    try:
        done = clients.run([client.path, "version", "--format", form], env=env)
    except clients.TooSlowError as error:
        message = f"the docker engine at {host} does not answer: {error.message}"
        raise DockerError(message, hint=f"restart it; {_ENGINELESS}") from error
    if done.status == 0 and (version := done.stdout.strip()):
        return version
    if "permission denied" in done.stderr.lower():
        message = f"no permission to talk to the docker engine at {host}"
        hint = f"join the group its socket belongs to, or be root; {_ENGINELESS}"
    elif "annot connect" in done.stderr or not done.stderr.strip():
        message = f"no docker engine answers at {host}"
        hint = f"start it or name another in DOCKER_HOST; {_ENGINELESS}"
    else:
        why = clients.reason(done.stderr, done.status)
        message = f"the docker engine at {host} cannot be asked: {why}"
        hint = f"name another in DOCKER_HOST; {_ENGINELESS}"
    raise DockerError(message, hint=hint)


def _write_definition(
    folder: Path, original: str | None, content: bytes, follow: Sequence[str]
) -> _Definition:
    """Write the reduced Dockerfile and the ignore file that belongs to its name.

    The context's own `.dockerignore` needs no copy: the builder reads it in place,
    unless the one beside the Dockerfile exists, which wins (moby/buildkit:
    frontend/dockerui/config.go, ReadEntrypoint).
    """
    folder.mkdir(mode=0o700)
    name = _DOCKERFILE if original is None else os.path.basename(original)
    path = folder / name
    reduced = reduced_dockerfile(follow)
    same_weight = padded(reduced, len(content))
    path.write_bytes(reduced if same_weight is None else same_weight)
    path.chmod(0o644)
    if original is None:
        return _Definition(path, same_weight=same_weight is not None)
    plain = _copy_beside(original, path)
    return _Definition(path, same_weight=same_weight is not None and plain)


def _is_owned(path: Path) -> bool:
    """Tell whether a file belongs to anybody but root."""
    status = path.stat()
    return bool(status.st_uid or status.st_gid)


def _copy_beside(original: str, path: Path) -> bool:
    """Copy stat and ignore file of `original`; False where more than they would travel.

    BuildKit also takes the targets of links, and a `dockerfile` beside `Dockerfile`.
    """
    shutil.copystat(original, path)
    ignore_file = original + ".dockerignore"
    if os.path.isfile(ignore_file):
        shutil.copy2(ignore_file, f"{path}.dockerignore")
    names = os.listdir(os.path.dirname(original) or ".")
    twin = path.name == _DOCKERFILE and _DOCKERFILE.lower() in names
    return not (twin or os.path.islink(original) or os.path.islink(ignore_file))


def _build(builder: _EngineBuilder, dockerfile: Path, context_path: str) -> list[str]:
    command = (
        ["buildx", "build", "--builder", "default"] if builder.buildx else ["build"]
    )
    return [
        *(builder.client.path, *command),
        *("--progress", "rawjson" if builder.rawjson else "plain"),
        # To us instead of into the engine, which so keeps no image.
        *("--output", "type=tar,dest=-"),
        *("--file", str(dockerfile)),
        *("--", os.path.abspath(context_path)),
    ]


@contextlib.contextmanager
def _leaving_no_records(
    builder: _EngineBuilder, env: Mapping[str, str]
) -> Iterator[None]:
    """Remove what a build adds to the engine's cache: copies of the user's files.

    What another build adds in the meantime goes too: its next run is a first one.
    """
    before = list_records(builder.client, env, buildx=builder.buildx)
    try:
        yield
    finally:
        after = list_records(builder.client, env, buildx=builder.buildx)
        if before is not None and after is not None:
            prune_records(builder.client, env, after - before, buildx=builder.buildx)


@contextlib.contextmanager
def _overhearing(
    builder: _EngineBuilder, folder: Path, env: Mapping[str, str]
) -> Iterator[Relay]:
    """Lend a relay to the engine where it helps and can be, else the engine itself.

    buildx is answered through gRPC, in words of its own.
    """
    direct = Relay(env["DOCKER_HOST"], [])
    if builder.buildx or any(name in env for name in _TLS_VARIABLES):
        yield direct
        return
    with relay(folder, direct.host) as way:
        yield way or direct


def _read_steps(
    builder: _EngineBuilder, stderr: str, answers: Sequence[bytes | bytearray]
) -> tuple[ProgressStep, ...]:
    """Return the build's steps, with exact sizes as far as anybody told them."""
    if builder.rawjson:
        return parse_progress(stderr)
    told = {
        step.name: step.wire_bytes
        for answer in answers
        for step in parse_answer(bytes(answer))
        if step.done
    }
    return tuple(step.exactly(told.get(step.name)) for step in parse_progress(stderr))


def _collect(read: Callable[[int], bytes], members: list[str]) -> None:
    stream = CountedStream(read)
    with contextlib.suppress(ValueError):  # a build that fails sends no tar
        members.extend(read_members(stream))
    stream.drain()


def _observe_progress(
    builder: _EngineBuilder,
    engine: str,
    done: clients.Finished,
    steps: Sequence[ProgressStep],
) -> Observation:
    context = find_step(steps, "load build context")
    refused = done.status != 0 and not (context and context.done)
    return Observation(
        client=builder.version,
        engine=engine,
        wire_bytes=(context and context.wire_bytes) or 0,
        printed=context.printed if context else None,
        members=None,
        dockerfile_wire_bytes=_exact(find_step(steps, "load build definition")),
        ignorefile_wire_bytes=_exact(find_step(steps, "load .dockerignore")),
        error=clients.reason(done.stderr, done.status) if refused else None,
        exact=context is None or context.exact,
    )


def _exact(step: ProgressStep | None) -> int | None:
    """Return a step's bytes unless docker rounded them."""
    return step.wire_bytes if step and step.exact else None
