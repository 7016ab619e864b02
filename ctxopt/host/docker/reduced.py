"""The Dockerfile that asks BuildKit for the same paths and does nothing else.

A real Dockerfile pulls images and runs commands. What of the context travels hangs
on its sources alone, so a build `FROM scratch` with the same sources is enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

# What the variable expansion of a word would take for its own.
_LIVE: Final = re.compile(r"""[\\$'"<]""")
# An own folder, so that a source is no obstacle to another's parents.
_DESTINATION: Final = "/ctxopt/"
_COMMENT: Final = "#" * 79 + "\n"


def reduced_dockerfile(follow: Sequence[str]) -> bytes:
    """Return a Dockerfile whose build requests exactly the paths `follow`.

    The paths are clean and relative to the context, wildcards live; an empty one is
    the whole context, and no path at all is no request.

    Rule: moby/buildkit, frontend/dockerfile: shell/lex.go (ProcessWord) takes one
    level of quoting from each source; dockerfile2llb/convert.go
    (normalizeContextPaths) joins it with "/" and cleans it.
    """
    if not follow:
        return b"FROM scratch\nLABEL ctxopt=verify\n"
    if "" in follow:
        return b"FROM scratch\nCOPY . /\n"
    words = [_LIVE.sub(r"\\\g<0>", f"/{path}") for path in follow]
    # One a line: the builder refuses lines beyond 64 KiB.
    sources = "".join(f"  {json.dumps(word)}, \\\n" for word in words)
    return f'FROM scratch\nCOPY [ \\\n{sources}  "{_DESTINATION}"]\n'.encode()


def padded(dockerfile: bytes, length: int) -> bytes | None:
    """Return `dockerfile` with comments to `length`; None where it is longer already.

    A Dockerfile of the same length weighs the same when it is transferred.
    """
    missing = length - len(dockerfile)
    if missing <= 0:
        return None if missing else dockerfile
    comments = _COMMENT * (missing // len(_COMMENT) + 1)
    return dockerfile + comments[: missing - 1].encode() + b"\n"
