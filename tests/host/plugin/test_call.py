"""What docker asks of a plugin, and the words that it calls it with."""

from __future__ import annotations

import json
import re

import pytest

from ctxopt.host.plugin.call import NAME, Call, metadata, read_call


def test_the_metadata_are_those_that_docker_asks_for() -> None:
    """docker/cli, cli-plugins/manager/plugin.go, newPlugin: what it refuses."""
    said = json.loads(metadata("1.2.3"))
    assert said["SchemaVersion"] == "0.1.0"
    assert said["Vendor"]
    assert said["Version"] == "1.2.3"
    assert "\n" not in said["ShortDescription"]
    assert re.fullmatch("[a-z][a-z0-9]*", NAME)


REMOTE = {"DOCKER_CONTEXT": "remote", "DOCKER_HOST": None}


@pytest.mark.parametrize(
    ("typed", "words", "environment"),
    [
        pytest.param("ctxopt scan .", "scan .", {}, id="a command"),
        pytest.param("ctxopt", "", {}, id="nothing but the name"),
        pytest.param("ctxopt scan ctxopt", "scan ctxopt", {}, id="its name twice"),
        pytest.param("-c remote ctxopt ls", "ls", REMOTE, id="a context"),
        pytest.param("-cremote ctxopt ls", "ls", REMOTE, id="a context without blank"),
        pytest.param("-Dc remote ctxopt ls", "ls", REMOTE, id="behind a switch"),
        pytest.param("--context=remote ctxopt ls", "ls", REMOTE, id="with ="),
        pytest.param("--context remote ctxopt ls", "ls", REMOTE, id="its long name"),
        pytest.param(
            "-H tcp://h:1 ctxopt ls", "ls", {"DOCKER_HOST": "tcp://h:1"}, id="a host"
        ),
        pytest.param(
            "--config /c ctxopt ls", "ls", {"DOCKER_CONFIG": "/c"}, id="a folder"
        ),
        pytest.param(
            "--tlsverify --tlscacert ca.pem ctxopt ls",
            "ls",
            {"DOCKER_TLS_VERIFY": "1"},
            id="what is said of certificates",
        ),
        pytest.param("--tlsverify=false ctxopt ls", "ls", {}, id="a switch is off"),
        pytest.param("-D -l debug ctxopt ls -l", "ls -l", {}, id="what means nothing"),
        pytest.param("-c ctxopt ctxopt ls", "ls", {
            "DOCKER_CONTEXT": "ctxopt", "DOCKER_HOST": None
        }, id="a context of the name"),
        pytest.param("--help ctxopt", "--help", {}, id="help in front"),
        pytest.param("--help ctxopt ls", "ls --help", {}, id="help of a command"),
        pytest.param("help ctxopt ls", "help ls", {}, id="the command help"),
    ],
)  # fmt: skip
def test_the_words_behind_the_name_are_for_ctxopt(
    typed: str, words: str, environment: dict[str, str | None]
) -> None:
    assert read_call(typed.split()) == Call(tuple(words.split()), environment)


def test_a_line_that_is_being_typed_keeps_its_empty_word() -> None:
    call = read_call(["__complete", "ctxopt", "scan", ""])
    assert (call.words, call.completes) == (("scan", ""), True)


@pytest.mark.parametrize("typed", ["scan .", "", "--version", "-q scan", "help"])
def test_without_the_name_it_is_run_as_ctxopt_is(typed: str) -> None:
    call = read_call(typed.split())
    assert (call.words, call.by_docker) == (tuple(typed.split()), False)
