"""Read what BuildKit transferred from what the engine answers to `POST /build`.

The answer is a stream of JSON lines. Those with the id `moby.buildkit.trace` hold
the progress as the client gets it, before it rounds any size.

Rule: moby/moby, builder/builder-next/builder.go (Build) for the lines;
moby/buildkit, api/services/control/control.proto for what they hold.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ctxopt.host.docker.progress import ProgressStep
from ctxopt.host.docker.protobuf import Value, read_fields

_ID: Final = "moby.buildkit.trace"
_END_OF_HEAD: Final = b"\r\n\r\n"
_INFORMATIONAL: Final = b"HTTP/1.1 1"
_CHUNKED: Final = b"transfer-encoding: chunked"
_TRANSFERRING: Final = b"transferring "

# Field numbers.
_VERTEXES, _STATUSES = 1, 2
_DIGEST, _VERTEX_NAME, _VERTEX_COMPLETED, _ERROR = 1, 3, 6, 7
_ID_FIELD, _VERTEX, _CURRENT = 1, 2, 4


def parse_answer(answer: bytes) -> tuple[ProgressStep, ...]:
    """Return the steps of a build out of the engine's whole HTTP response.

    Steps whose `done` is set have come with their last size. Empty for an answer
    that is not understood or broke off within a line.
    """
    steps: dict[bytes, ProgressStep] = {}
    try:
        for message in _messages(_body(answer)):
            _apply(message, steps)
    except ValueError:  # what is not understood may hide the size that counts
        return ()
    return tuple(steps.values())


def _body(answer: bytes) -> bytes:
    """Return the response's body, as far as it came."""
    head, _, body = answer.partition(_END_OF_HEAD)
    while head.startswith(_INFORMATIONAL):  # such as 100 Continue
        head, _, body = body.partition(_END_OF_HEAD)
    return b"".join(_chunks(body)) if _CHUNKED in head.lower() else body


def _chunks(body: bytes) -> Iterator[bytes]:
    position = 0
    while (end := body.find(b"\r\n", position)) >= 0:
        try:
            length = int(body[position:end].partition(b";")[0], 16)
        except ValueError:
            return
        if length <= 0:
            return
        yield body[end + 2 : end + 2 + length]
        position = end + 2 + length + 2


def _messages(body: bytes) -> Iterator[bytes]:
    """Yield the progress messages; raises ValueError for a line that is no JSON."""
    for line in body.splitlines():
        event = json.loads(line) if line.strip() else None
        if isinstance(event, dict) and event.get("id") == _ID:
            yield base64.b64decode(str(event.get("aux")), validate=True)


def _apply(message: bytes, steps: dict[bytes, ProgressStep]) -> None:
    """Bring `steps` up to date with a StatusResponse.

    Raises ValueError for what is none.
    """
    for number, value in read_fields(message):
        if number not in (_VERTEXES, _STATUSES):
            continue
        if not isinstance(value, bytes):
            raise ValueError(f"field {number} is no message")  # noqa: TRY004  # input
        fields = dict(read_fields(value))  # of repeated ones the last: none matters
        if number == _VERTEXES:
            _apply_vertex(fields, steps)
        else:
            _apply_status(fields, steps)


def _apply_vertex(fields: dict[int, Value], steps: dict[bytes, ProgressStep]) -> None:
    digest = _bytes(fields, _DIGEST)
    name = _bytes(fields, _VERTEX_NAME).decode("utf-8", "replace")
    step = steps.get(digest) or ProgressStep(name)
    done = _VERTEX_COMPLETED in fields and not _bytes(fields, _ERROR)
    steps[digest] = replace(step, done=done)


def _apply_status(fields: dict[int, Value], steps: dict[bytes, ProgressStep]) -> None:
    digest, current = _bytes(fields, _VERTEX), fields.get(_CURRENT, 0)
    named = _bytes(fields, _ID_FIELD).startswith(_TRANSFERRING)
    if named and digest in steps and isinstance(current, int):
        steps[digest] = replace(steps[digest], wire_bytes=current)


def _bytes(fields: dict[int, Value], number: int) -> bytes:
    value = fields.get(number, b"")
    return value if isinstance(value, bytes) else b""
