"""An engine that belongs to the tests."""

from __future__ import annotations

from dataclasses import dataclass

from ctxopt.host.docker.client import Client, run


@dataclass(frozen=True, slots=True)
class LiveEngine:
    """An engine of the tests' own, and a client to look inside."""

    host: str
    client: Client

    def ask(self, *arguments: str) -> str:
        """Return what the client prints for a command sent to this engine."""
        done = run([self.client.path, "--host", self.host, *arguments])
        assert done.status == 0, done.stderr
        return done.stdout
