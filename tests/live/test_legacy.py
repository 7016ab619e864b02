"""The client of this machine, posting to our loopback engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.verify import Observation
from ctxopt.host.docker import observe_legacy
from ctxopt.host.docker.client import Client
from tests.trees import Case, build_tree, load_cases

pytestmark = pytest.mark.live

# The client takes its rarer order in one of eight runs.
ORDER_TRIES = 12


@pytest.mark.parametrize("case", list(load_cases()), ids=lambda case: case["id"])
def test_the_observer_sees_what_was_recorded(
    case: Case, current_client: Client, tmp_path: Path
) -> None:
    expected = case["expected"]["legacy"]
    observation = _observe(case, current_client, tmp_path)

    if "error" in expected:
        assert observation.error == expected["error"]
        return
    assert observation.error is None
    assert observation.members == tuple(expected["members"])
    assert observation.wire_bytes == expected["bytes"]
    assert observation.printed == expected["human"]


def _observe(case: Case, client: Client, folder: Path) -> Observation:
    """Observe `case`, in the client's common order where it has two."""
    context, dockerfile = build_tree(case, folder)
    for _ in range(ORDER_TRIES):
        observation = observe_legacy(
            context,
            dockerfile,
            target=case.get("target"),
            build_args=case.get("build_args"),
            client=client.path,
        )
        if (observation.members or ())[-2:] != (
            ".dockerignore",
            ".dockerfile.RANDOM",
        ) or _has_ignore_file(context):
            break
    return observation


def _has_ignore_file(context: str) -> bool:
    """Tell whether the context has an ignore file, so that only one name is new."""
    return (Path(context) / ".dockerignore").exists()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return a context that every release of the client posts alike."""
    folder = tmp_path / "context"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a.py").write_bytes(b"x" * 1000)
    (folder / "logs").mkdir()
    (folder / "logs" / "app.log").write_bytes(b"x" * 5000)
    (folder / "Dockerfile").write_bytes(b"FROM scratch\nCOPY . /\n")
    (folder / ".dockerignore").write_bytes(b"logs\n")
    return folder


def test_every_client_here_posts_the_same(
    docker_clients: tuple[Client, ...], context: Path
) -> None:
    for client in docker_clients:
        observation = observe_legacy(str(context), None, client=client.path)

        assert observation == Observation(
            client=client.version,
            engine=None,
            wire_bytes=2 * 1024 + 512 + 1536 + 1024,
            printed="5.12kB",
            members=(".dockerignore", "Dockerfile", "src/", "src/a.py"),
        )


def test_a_dockerfile_from_standard_input_is_posted_under_an_invented_name(
    docker_clients: tuple[Client, ...], context: Path
) -> None:
    observation = observe_legacy(
        str(context),
        None,
        stdin_dockerfile=b"FROM scratch\n",
        client=docker_clients[0].path,
    )

    assert observation.members == (
        ".dockerignore",
        "Dockerfile",
        "src/",
        "src/a.py",
        ".dockerfile.RANDOM",
    )
    assert observation.wire_bytes == 2 * 1024 + 512 + 1536 + 512 + 13


def test_a_refused_ignore_file_is_an_observation(
    docker_clients: tuple[Client, ...], context: Path
) -> None:
    (context / ".dockerignore").write_bytes(b"[a-\n")

    observation = observe_legacy(str(context), None, client=docker_clients[0].path)

    assert observation.error is not None
    assert observation.error.endswith("syntax error in pattern")
    assert observation.members is None
