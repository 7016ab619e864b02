"""Compose and bake files: known for what they are, and the builds they name."""

from __future__ import annotations

import json

import pytest

from ctxopt.core.buildfiles import (
    BAKE,
    COMPOSE,
    NamedBuild,
    environment,
    kind_of,
    named_builds,
)

NO_WORDS = (("context", "no"), ("target", "no"))
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
        NamedBuild("web", "./web", "../docker/web.Dockerfile", "prod", NO_WORDS),
        NamedBuild("api", "./api"),
        NamedBuild("flow", "a b", "D"),
    )


def test_a_bake_file_names_its_targets() -> None:
    assert (kind_of(HCL_FILE), kind_of(JSON_FILE)) == (BAKE, BAKE)
    args = (("target", "no"),)
    web = NamedBuild("web", "web", "Dockerfile.dev", args=args)
    assert named_builds(HCL_FILE) == (web,)
    web = NamedBuild("web", "./web", args=(("target", "x"),))
    assert named_builds(JSON_FILE) == (web, NamedBuild("b"))


def test_a_target_inherits_what_it_does_not_say() -> None:
    bake = b"""\
target "_base" {
  context = "."
  args = { NODE = "20", "X" = "${Y}" }
}
target "api" {
  inherits = ["_base"]
  dockerfile = "api/Dockerfile"
}
"""
    args = (("NODE", "20"),)
    assert named_builds(bake) == (
        NamedBuild("_base", ".", args=args),
        NamedBuild("api", ".", "api/Dockerfile", args=args),
    )


def test_a_compose_file_has_variables_and_arguments() -> None:
    compose = b"""\
services:
  ad:
    build:
      context: ${ROOT:-.}
      dockerfile: ${AD_DOCKERFILE}
      args:
        - APP=ad
        - "LEVEL=1"
        - PASSED
  other:
    build:
      context: .
      dockerfile: ${NOBODY_KNOWS}
"""
    known = environment("# all\nAD_DOCKERFILE=./src/ad/Dockerfile\n")
    assert named_builds(compose, known) == (
        NamedBuild(
            "ad", ".", "./src/ad/Dockerfile", "", (("APP", "ad"), ("LEVEL", "1"))
        ),
    )


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


SIZE = 250_000  # bytes


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("", "\n"),
        ("", 'target "a" {\n'),
        ('target "a" {\n', "inherits = [\n"),
        ('target "a" {\n', "args = {\n"),
        ('target "a" {\nargs = {\n', "a"),
        ("services:\na", " "),
        ("services:\n", "${a:-"),
    ],
)
def test_a_file_without_end_ends(start: str, text: str) -> None:
    content = start + text * (SIZE // len(text)) + "\n}\n"
    assert named_builds(content.encode(), {"b": "c"}) == ()
    assert environment(content) == {}


def test_arguments_of_a_target_may_hold_braces() -> None:
    text = (
        'target "a" {\n  args = {\n    V = "${VERSION}"\n    "W" = "w}"\n    X = "x"\n'
        '  }\n  context = "web"\n}\ntarget "b" {\n  args = { Y = "y" }\n'
        '  inherits = ["a"]\n  target = "t"\n}\n'
    )
    words = (("W", "w}"), ("X", "x"))
    assert named_builds(text.encode()) == (
        NamedBuild("a", "web", args=words),
        NamedBuild("b", "web", target="t", args=(*words, ("Y", "y"))),
    )
