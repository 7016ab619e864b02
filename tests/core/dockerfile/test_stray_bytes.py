"""Commands in another encoding than UTF-8."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace


def line(text: bytes) -> int | None:
    """The line of the command that BuildKit could not hand over."""
    content = b"FROM scratch\n" + text
    traced = trace(link(parse(content, "Dockerfile"), BuildOptions()))
    return traced.stray_bytes and traced.stray_bytes.location.line


@pytest.mark.parametrize(
    "text",
    [
        b"RUN echo caf\xe9",
        b"RUN --network=none echo caf\xe9",
        b"RUN <<E\necho caf\xe9\nE",
        b"RUN cat <<E\ncaf\xe9\nE",
        b"RUN cat <<E\n#!caf\xe9\nE",
    ],
    ids=repr,
)
def test_what_a_shell_is_to_do_is_kept_byte_for_byte(text: bytes) -> None:
    assert line(text) == 2


@pytest.mark.parametrize(
    "text",
    [
        "RUN echo café".encode(),
        b'RUN ["echo", "caf\xe9"]',
        b"RUN <<E\n#!/bin/sh\necho caf\xe9\nE",
        b"RUN <<-E\n\t#!/bin/sh\n\techo caf\xe9\nE",
        b"CMD echo caf\xe9",
        b"ENV A=caf\xe9",
        b"COPY <<E /x\ncaf\xe9\nE",
        b"LABEL a=caf\xe9\nRUN echo",
        b"# caf\xe9\nRUN echo",
        b"FROM scratch\nRUN echo\nFROM scratch AS no\nRUN caf\xe9\nFROM scratch",
    ],
    ids=repr,
)
def test_all_else_loses_such_a_byte_on_the_way(text: bytes) -> None:
    assert line(text) is None
