"""Compose and bake files: known for what they are, and the builds they name."""

from __future__ import annotations

import json

import pytest

from ctxopt.core.buildfiles import BAKE, COMPOSE, NamedBuild, kind_of, named_builds

COMPOSE_FILE = b"""\
name: shop
services:
  web:
    image: shop/web
    build:
      context: ./web   # the front
      dockerfile: ../docker/web.Dockerfile
      target: "prod"
      args:
        target: no
        context: no
  # api:
  #   build: no
  'api':
    build: ./api
  flow:
    build: {context: "a b", dockerfile: D}
  db:
    image: postgres
  variable:
    build: ${WHERE}
  remote:
    build: https://github.com/x/y.git
volumes:
  build:
"""
HCL_FILE = b"""\
variable "TAG" { default = "x" }
group "default" { targets = ["web"] }
target "web" {
  context    = "web"
  dockerfile = "Dockerfile.dev"
  args = {
    target = "no"
  }
}
target "of-a-variable" {
  context = "${TAG}"
}
"""
JSON_FILE = json.dumps(
    {
        "group": {"default": {"targets": ["web"]}},
        "target": {"web": {"context": "./web", "args": {"target": "x"}}, "b": {}},
    }
).encode()


def test_a_compose_file_names_its_builds() -> None:
    assert kind_of(COMPOSE_FILE) == COMPOSE
    assert named_builds(COMPOSE_FILE) == (
        NamedBuild("web", "./web", "../docker/web.Dockerfile", "prod"),
        NamedBuild("api", "./api"),
        NamedBuild("flow", "a b", "D"),
    )


def test_a_bake_file_names_its_targets() -> None:
    assert (kind_of(HCL_FILE), kind_of(JSON_FILE)) == (BAKE, BAKE)
    assert named_builds(HCL_FILE) == (NamedBuild("web", "web", "Dockerfile.dev"),)
    assert named_builds(JSON_FILE) == (NamedBuild("web", "./web"), NamedBuild("b"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"FROM x\nCOPY <<E /c.yaml\nservices:\n  a:\nE\n", id="a heredoc"),
        pytest.param(b'from x\nRUN echo \\\ntarget "x" {\n', id="a command"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"ARG services\n# target", id="no FROM yet"),
        pytest.param(b"{not json, target}", id="broken"),
        pytest.param(b"[" * 100_000 + b'"target"', id="deep"),
        pytest.param(b"\xff\x00services", id="no text"),
    ],
)
def test_what_may_be_a_dockerfile_is_left_to_the_builder(content: bytes) -> None:
    assert not kind_of(content)


@pytest.mark.parametrize(
    "content",
    [
        b"services:",
        b"services: {}",
        b"services:\n  a: {build: .}",
        b"services:\n  - a\n",
        b'{"target": []}',
        b'{"target": {"a": 1, "b": {"context": 2}}}',
        b"services:\n a:\n  build:\n   context:\n",
    ],
)
def test_what_cannot_be_read_simply_is_no_error(content: bytes) -> None:
    assert kind_of(content)
    assert all(build.name in ("a", "b") for build in named_builds(content))
