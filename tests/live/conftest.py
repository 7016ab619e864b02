"""What the live tests ask: the docker clients of this machine, and an engine.

An engine is only asked where CTXOPT_ENGINE_HOST names one that was started for the
tests (`.ci/engine`), never the one that somebody works with.
"""

from __future__ import annotations

import os

import pytest

from ctxopt.errors import DockerError
from ctxopt.host.docker.client import Client, find_clients
from tests.live.engine import LiveEngine

ENGINE_VARIABLE = "CTXOPT_ENGINE_HOST"
# The recorded client is 28.2.2; older ones match odd ignore files differently.
CURRENT_RELEASE = 23


@pytest.fixture(scope="session")
def docker_clients() -> tuple[Client, ...]:
    """Return the clients here, the first on PATH first."""
    try:
        return find_clients()
    except DockerError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def current_client(docker_clients: tuple[Client, ...]) -> Client:
    """Return a client of the releases whose posts were recorded."""
    for client in docker_clients:
        if client.major >= CURRENT_RELEASE:
            return client
    found = ", ".join(client.version for client in docker_clients)
    pytest.skip(f"needs a docker client from {CURRENT_RELEASE} on, found {found}")


@pytest.fixture(scope="session")
def live_engine(docker_clients: tuple[Client, ...]) -> LiveEngine:
    """Return the engine that was started for these tests."""
    host = os.environ.get(ENGINE_VARIABLE)
    if not host:
        pytest.skip(f"no engine: start one with .ci/engine and set {ENGINE_VARIABLE}")
    return LiveEngine(host, docker_clients[0])
