"""Clutter that changes by itself between two builds, whatever the code does.

A layer that takes it is built anew each time: a commit writes `.git`, a test run its
caches, an editor its settings. What lies still (documents, settings of linters) costs
only its bytes.
"""

from __future__ import annotations

_PREFIXES = (
    *("vcs-git:", "vcs-svn", "vcs-cvs", "vcs-worktrees", "ide-", "os-", "logs-"),
    *("tmp-", "crash-", "db-", "data-dirs", "cache-", "home-", "tf-", "infra-"),
    *("py-bytecode", "py-tool-caches", "py-coverage", "py-celery", "coverage-data"),
    *("node-tsbuildinfo", "node-next", "node-framework-state", "node-coverage"),
    *("node-yarn-state", "elixir-cover", "tests-reports", "tests-junit"),
    *("dotnet-obj", "dotnet-testresults", "java-gradle-cache", "rust-target"),
    # Whoever works on a build edits these, and builds again.
    *("docker-dockerfile", "docker-dockerignore", "docker-compose", "docker-volumes"),
    *("docker-local-cache", "git-ignored:", "environment:", "ml-runs", "ml-wandb"),
)


def unsettles_layers(rule: str) -> bool:
    """Whether what a rule, or a piece of evidence, speaks of changes by itself."""
    return f"{rule}:".startswith(_PREFIXES)
