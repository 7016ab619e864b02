"""Which files name builds: by their name, and by what stands in them."""

from __future__ import annotations

import json

import pytest

from ctxopt.core.builds.kinds import kind_of, kind_of_name, may_be_dockerfile
from ctxopt.core.builds.records import BuildKind

HCL = b'group "default" { targets = ["web"] }\ntarget "web" {\n  context = "web"\n}\n'


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("compose.yaml", BuildKind.COMPOSE),
        ("a/b/docker-compose.yml", BuildKind.COMPOSE),
        ("docker-compose.prod.yml", BuildKind.COMPOSE),
        ("Docker-Compose-dev.YAML", BuildKind.COMPOSE),
        ("composer.yaml", None),
        ("compose.json", None),
        ("docker-bake.hcl", BuildKind.BAKE),
        ("docker-bake.override.json", BuildKind.BAKE),
        ("docker/rocm.hcl", BuildKind.BAKE),
        (".terraform.lock.hcl", None),
        ("bake.json", None),
        ("skaffold.yaml", BuildKind.SKAFFOLD),
        ("skaffold.dev.yml", BuildKind.SKAFFOLD),
        (".github/workflows/any.yml", BuildKind.WORKFLOW),
        ("a/.forgejo/workflows/any.yaml", BuildKind.WORKFLOW),
        (".github/workflows/any.md", None),
        (".github/other.yml", None),
        (".devcontainer/devcontainer.json", BuildKind.DEVCONTAINER),
        (".devcontainer.json", BuildKind.DEVCONTAINER),
        ("my-devcontainer.json", None),
        ("Dockerfile", None),
    ],
)
def test_a_name_tells_the_kind(path: str, kind: BuildKind | None) -> None:
    assert kind_of_name(path) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"services:\n  a: {build: .}\n", BuildKind.COMPOSE, id="compose"),
        pytest.param(b'"services": {}\n', BuildKind.COMPOSE, id="a quoted key"),
        pytest.param(b'{"services": {}}', BuildKind.COMPOSE, id="compose as JSON"),
        pytest.param(HCL, BuildKind.BAKE, id="bake"),
        pytest.param(
            json.dumps({"target": {"a": {}}}).encode(), BuildKind.BAKE, id="JSON"
        ),
        pytest.param(b"FROM x\nCOPY <<E /c\nservices:\n  a:\nE\n", None, id="heredoc"),
        pytest.param(b'from x\nRUN echo \\\ntarget "x" {\n', None, id="a command"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"ARG services\n# target", None, id="no FROM yet"),
        pytest.param(b"{not json, target}", None, id="broken"),
        pytest.param(b"[" * 100_000 + b'"target"', None, id="deep"),
        pytest.param(b"\xff\x00services", None, id="no text"),
    ],
)
def test_a_text_tells_the_kind(content: bytes, kind: BuildKind | None) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("FROM x\n", True),
        ("# syntax=docker/dockerfile:1\n\n  from --platform=$P x as y\n", True),
        ("ARG V=1\nFROM x:${V} AS y\r\n", True),
        ("\ufeffFROM x\n", True),
        ("FROM x", True),
        ("package main\n// FROM x\nFROM x\n", False),
        ("from os import path\n", False),
        ("RUN x\nFROM y\n", False),
        ("ARG V\n", False),
        ("#" * 100_000, False),
        ("\n" * 100_000 + "x", False),
    ],
)
def test_a_dockerfile_begins_like_one(text: str, *, may_be: bool) -> None:
    assert may_be_dockerfile(text.encode()) is may_be
