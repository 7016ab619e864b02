"""Docker clients found, run apart, and understood when they fail."""

from __future__ import annotations

import base64
import json
import os
import socket
import socketserver
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxopt.core.verify import Observation
from ctxopt.errors import DockerError
from ctxopt.host.docker import client as clients
from ctxopt.host.docker import observe_buildkit, observe_legacy
from ctxopt.host.docker.server import Quiet, serving

DOCKER = (
    'if [ "$1" = --version ]; then echo "Docker version 28.2.2, build e6"; exit; fi'
)

Script = Callable[..., str]

# Where the stand-ins find `sleep`; a docker there comes last.
SYSTEM_FOLDERS = ("/usr/bin", "/bin")


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clients.CLIENT_VARIABLE, raising=False)


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Return a maker of programs called docker, each in a folder of its own."""

    def make(*lines: str, folder: str = "bin") -> str:
        path = tmp_path / folder / "docker"
        path.parent.mkdir()
        path.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return make


def test_all_clients_are_found_in_the_order_of_path(
    script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    podman = script("echo podman version 4.9.3", folder="a")
    first = script(DOCKER, folder="b")
    second = script("echo 'Docker version 20.10.24+dfsg1, build 297e128'", folder="c")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "docker").symlink_to(first)
    folders = [os.path.dirname(path) for path in (podman, first, second)]
    monkeypatch.setenv("PATH", os.pathsep.join([*folders, str(tmp_path / "d")]))

    found = clients.find_clients()

    assert found == (
        clients.Client(first, "28.2.2"),
        clients.Client(second, "20.10.24+dfsg1"),
    )
    assert [client.major for client in found] == [28, 20]


def test_one_client_can_be_named(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = script(DOCKER)

    assert clients.find_clients(named)[0].path == named
    monkeypatch.setenv(clients.CLIENT_VARIABLE, named)
    assert clients.find_clients() == (clients.Client(named, "28.2.2"),)


def test_no_client_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DockerError, match="no docker client on PATH; verify asks"):
        clients.find_clients()
    with pytest.raises(DockerError, match="no docker client nowhere/docker"):
        clients.find_clients("nowhere/docker")


def test_a_client_that_hangs_is_said_in_a_sentence(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_PROBE_SECONDS", 0.2)
    hanging = script("exec sleep 60", folder="a")

    with pytest.raises(DockerError) as refused:
        clients.find_clients(hanging)
    assert str(refused.value) == (
        f"{hanging} did not finish within 0.2 seconds; "
        "name another docker client in CTXOPT_DOCKER"
    )


def test_a_client_that_hangs_does_not_hide_one_that_answers(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_PROBE_SECONDS", 1)
    hanging = script("exec sleep 60", folder="a")
    well = script(DOCKER, folder="b")
    folders = [os.path.dirname(path) for path in (hanging, well)]
    monkeypatch.setenv("PATH", os.pathsep.join([*folders, *SYSTEM_FOLDERS]))

    assert clients.find_clients()[0].path == well


def test_a_client_is_known_though_its_engine_hangs(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients of 20.10 wait for the engine before they tell their own version."""
    monkeypatch.setattr(clients, "_PROBE_SECONDS", 1)
    monkeypatch.setenv("DOCKER_HOST", "unix:///hanging")
    docker = script('[ "$DOCKER_HOST" != unix:///hanging ] || exec sleep 60', DOCKER)

    assert clients.find_clients(docker) == (clients.Client(docker, "28.2.2"),)


def test_another_program_of_that_name_is_no_client(script: Script) -> None:
    with pytest.raises(DockerError, match="does not answer like a docker client"):
        clients.find_clients(script("echo podman version 4.9.3"))


def test_the_environment_shares_nothing_with_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    settings = {"proxies": {}, "auths": {"x": {}}, "cliPluginsExtraDirs": ["/plugins"]}
    (own / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    monkeypatch.setenv("DOCKER_CONFIG", str(own))
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere")
    monkeypatch.setenv("BUILDX_BUILDER", "remote")
    monkeypatch.setenv("HOME", "/home/me")

    env = clients.environment(tmp_path / "new", DOCKER_BUILDKIT="0")

    assert env["HOME"] == "/home/me"
    assert env["DOCKER_BUILDKIT"] == "0"
    assert not {"DOCKER_HOST", "BUILDX_BUILDER"} & env.keys()
    written = json.loads((Path(env["DOCKER_CONFIG"]) / "config.json").read_text())
    assert written == {"cliPluginsExtraDirs": [str(own / "cli-plugins"), "/plugins"]}


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        pytest.param(
            "DEPRECATED: The legacy builder is deprecated and will be removed.\n"
            "            Install the buildx component to build images:\n"
            "            https://docs.docker.com/go/buildx/\n\n"
            "error checking context: syntax error in pattern\n",
            "error checking context: syntax error in pattern",
            id="the legacy builder's notice is no reason",
        ),
        pytest.param(
            "------\n > [1/1] COPY:\n------\n"
            "ERROR: failed to solve: error from sender: syntax error in pattern\n\n"
            "View build details: docker-desktop://x\n",
            "error from sender: syntax error in pattern",
            id="prefixes and pointers are left out",
        ),
        pytest.param("\n", "exit status 7 without a word", id="silence"),
    ],
)
def test_the_reason_of_a_failure(stderr: str, reason: str) -> None:
    assert clients.reason(stderr, 7) == reason


def test_a_client_that_refuses_is_an_observation(
    script: Script, tmp_path: Path
) -> None:
    docker = script(DOCKER, "echo 'error checking context: no' >&2", "exit 1")

    observation = observe_legacy(str(tmp_path), None, client=docker)

    assert observation.error == "error checking context: no"
    assert observation.wire_bytes == 0


def test_a_client_that_posts_nothing_is_an_error(
    script: Script, tmp_path: Path
) -> None:
    with pytest.raises(DockerError, match="posted 0 contexts instead of one"):
        observe_legacy(str(tmp_path), None, client=script(DOCKER))


@pytest.mark.parametrize("builder", ["legacy", "buildkit"])
def test_a_client_that_hangs_is_stopped_and_nothing_is_left(
    builder: str, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    docker = script(
        DOCKER,
        'case "$*" in *build\\ --*|*--host*) exec sleep 60 ;; esac',
        "echo buildx v0.21.0",
    )

    observe = _observe_posted if builder == "legacy" else _observe_whole
    with pytest.raises(DockerError, match=r"did not finish within 0\.2 seconds"):
        observe(tmp_path, docker, timeout_seconds=0.2)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("builder", ["legacy", "buildkit"])
def test_an_interrupt_leaves_nothing(
    builder: str, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    docker = script(
        DOCKER,
        'case "$*" in *build\\ --*|*--host*)',
        "sleep 0.3; kill -INT $PPID; exec sleep 60 ;; esac",
        "echo buildx v0.21.0",
    )

    observe = _observe_posted if builder == "legacy" else _observe_whole
    with pytest.raises(KeyboardInterrupt):
        observe(tmp_path, docker, timeout_seconds=60)
    assert list(scratch.iterdir()) == []


def test_no_buildx_is_said_in_a_sentence(script: Script, tmp_path: Path) -> None:
    docker = script(DOCKER, "exit 1")

    with pytest.raises(DockerError, match=r"docker 28\.2\.2 has no buildx and cannot"):
        _observe_whole(tmp_path, docker)


def test_an_engine_nobody_can_name_is_said_in_a_sentence(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_PROBE_SECONDS", 1)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    docker = script(DOCKER, "exec sleep 60")

    with pytest.raises(DockerError) as refused:
        observe_buildkit(
            str(tmp_path), None, dockerfile_content=b"", follow=(), client=docker
        )
    assert str(refused.value) == (
        f"docker does not say which engine it uses: {docker} did not finish within "
        "1 seconds; restart that engine or name another in DOCKER_HOST; "
        "--builder legacy needs none"
    )


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(
            "exit 1",
            "no docker engine answers at unix:///none; start it or name another in "
            "DOCKER_HOST; --builder legacy needs none",
            id="silence",
        ),
        pytest.param(
            "echo 'Cannot connect to the Docker daemon at unix:///none. "
            "Is the docker daemon running?' >&2; exit 1",
            "no docker engine answers at unix:///none; start it or name another in "
            "DOCKER_HOST; --builder legacy needs none",
            id="no engine",
        ),
        pytest.param(
            "echo 'Got permission denied while trying to connect to the Docker daemon "
            "socket at unix:///none: Get x: dial unix: permission denied' >&2; exit 1",
            "no permission to talk to the docker engine at unix:///none; join the "
            "group its socket belongs to, or be root; --builder legacy needs none",
            id="no permission",
        ),
        pytest.param(
            "echo 'Error response from daemon: client version 1.50 is too new.' >&2; "
            "exit 1",
            "the docker engine at unix:///none cannot be asked: client version 1.50 "
            "is too new.; name another in DOCKER_HOST; --builder legacy needs none",
            id="another version",
        ),
        pytest.param(
            "exec sleep 60",
            "the docker engine at unix:///none does not answer: {docker} did not "
            "finish within 1 seconds; restart it; --builder legacy needs none",
            id="an engine that hangs",
        ),
    ],
)
def test_an_engine_that_cannot_be_asked_is_said_in_a_sentence(
    answer: str,
    sentence: str,
    script: Script,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clients, "_PROBE_SECONDS", 1)
    docker = script(
        DOCKER, 'if [ "$1" = buildx ]; then echo buildx v0.21.0; exit; fi', answer
    )

    with pytest.raises(DockerError) as refused:
        _observe_whole(tmp_path, docker)
    assert str(refused.value) == sentence.format(docker=docker)


def test_buildx_tells_exact_sizes_and_the_reduced_build_leaves_no_trace(
    script: Script, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    events = [
        {
            "vertexes": [
                {"digest": "c", "name": "[internal] load build context"},
            ]
        },
        {
            "statuses": [
                {"id": "transferring context:", "vertex": "c", "current": 26_621_337}
            ]
        },
        {
            "vertexes": [
                {
                    "digest": "c",
                    "name": "[internal] load build context",
                    "completed": "T",
                }
            ]
        },
    ]
    progress = "\n".join(map(json.dumps, events))
    records = tmp_path / "records"
    docker = script(
        DOCKER,
        f'echo "$*" >>"{log}"',
        'case "$*" in',
        "'buildx version') echo github.com/docker/buildx v0.21.1 abc ;;",
        "version*) echo 28.2.2 ;;",
        f"'buildx du'*) printf 'ID:\\tmine\\n'; cat '{records}' 2>/dev/null; true ;;",
        f"'buildx build'*) printf 'ID:\\tnew\\n' >'{records}'",
        f"cat >&2 <<'END'\n{progress}\nEND\n;;",
        "esac",
    )

    observation = _observe_whole(tmp_path, docker)

    assert observation.client == "28.2.2 with buildx 0.21.1"
    assert observation.engine == "28.2.2"
    assert (observation.wire_bytes, observation.exact) == (26_621_337, True)
    commands = log.read_text(encoding="utf-8").splitlines()
    build = next(line for line in commands if line.startswith("buildx build"))
    assert "--progress rawjson --output type=tar,dest=-" in build
    assert commands[-1] == "buildx prune --all --force --filter id=new"


BUILTIN = (
    'if [ "$1" = --version ]; then echo "Docker version 20.10.24, build e6"; exit; fi',
    'case "$*" in',
    "'buildx version') exit 1 ;;",
    "version*) echo 20.10.24 ;;",
    "build\\ --progress*) CODE",
    "cat >&2 <<'END'",
    "#3 [internal] load build context",
    "#3 transferring context: 26.62MB 0.3s done",
    "#3 DONE 0.4s",
    "END",
    ";;",
    "esac",
)
# A client's part of a build: it asks the engine that it was given.
POSTING = """
import os, socket
engine = socket.socket(socket.AF_UNIX)
engine.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))
engine.sendall(b"POST /v1.41/build?version=2 HTTP/1.1\\r\\n\\r\\n")
while engine.recv(4096):
    pass
"""
# vertex "c" by its name, its transfer of 26,621,337 bytes, its end; as protobuf.
TOLD = (
    b"\x0a\x22\x0a\x01c\x1a\x1d[internal] load build context",
    b"\x12\x1f\x0a\x15transferring context:\x12\x01c\x20\x99\xeb\xd8\x0c",
    b"\x0a\x26\x0a\x01c\x1a\x1d[internal] load build context\x32\x02\x08\x01",
)


def test_a_builtin_client_whose_engine_cannot_be_overheard_tells_rounded_sizes(
    script: Script, tmp_path: Path
) -> None:
    docker = script("\n".join(BUILTIN).replace("CODE", ""))

    observation = _observe_whole(tmp_path, docker)

    assert (observation.wire_bytes, observation.exact) == (26_620_000, False)
    assert observation.printed == "26.62MB"


@pytest.mark.skipif(sys.platform == "win32", reason="needs sockets in folders")
@pytest.mark.parametrize(
    ("told", "size", "exact"),
    [
        pytest.param(3, 26_621_337, True, id="all of it"),
        pytest.param(2, 26_620_000, False, id="not the end"),
    ],
)
def test_a_builtin_client_is_overheard(
    told: int, size: int, script: Script, tmp_path: Path, *, exact: bool
) -> None:
    events = [
        {"id": "moby.buildkit.trace", "aux": base64.b64encode(message).decode()}
        for message in TOLD[:told]
    ]
    answer = "\r\n".join(["HTTP/1.1 200 OK", "", *map(json.dumps, events), ""])

    class Engine(Quiet, socketserver.UnixStreamServer):
        def finish_request(self, request: object, client_address: object) -> None:
            assert isinstance(request, socket.socket)
            if request.recv(4096):
                request.sendall(answer.encode())

    server = Engine(str(tmp_path / "engine"), socketserver.BaseRequestHandler)
    (tmp_path / "post.py").write_text(POSTING, encoding="utf-8")
    code = f"'{sys.executable}' '{tmp_path}/post.py'"
    docker = script("\n".join(BUILTIN).replace("CODE", code))

    with serving(server):
        observation = observe_buildkit(
            str(tmp_path),
            None,
            dockerfile_content=b"FROM scratch\n",
            follow=("src",),
            host=f"unix://{tmp_path}/engine",
            client=docker,
        )

    assert (observation.wire_bytes, observation.exact) == (size, exact)
    assert observation.printed == "26.62MB"


def test_private_folders_are_private_and_go_away() -> None:
    with clients.private_folder() as folder:
        mode = stat.S_IMODE(folder.stat().st_mode)
        (folder / "x").write_bytes(b"")
    assert not folder.exists()
    if sys.platform != "win32":
        assert mode == 0o700


def _observe_whole(
    context: Path, docker: str, *, timeout_seconds: float = 60
) -> Observation:
    return observe_buildkit(
        str(context),
        None,
        dockerfile_content=b"FROM scratch\n",
        follow=("",),
        host="unix:///none",
        client=docker,
        timeout_seconds=timeout_seconds,
    )


def _observe_posted(
    context: Path, docker: str, *, timeout_seconds: float
) -> Observation:
    return observe_legacy(
        str(context), None, client=docker, timeout_seconds=timeout_seconds
    )
