"""A page of one file, under a policy that lets nothing in from elsewhere.

What is shown is JSON in a block that no browser runs. In it `<`, `>` and `&` are
escapes, so no name can end the block or begin another one; the script puts names on the
page as text alone. The policy knows style and script by their checksums.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources

from ctxopt.core.tuples import NamedTuple

POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
    "base-uri 'none'; form-action 'none'"
)
# Beside what HTML reads, the two ends of lines that JSON has and old scripts have not.
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}

File = tuple[str, str]  # a room, and a name in it
FRAME: File = ("ctxopt.view.page", "frame.html")  # around the body of any page


class Shell(NamedTuple):
    """The files that a kind of page is made of, the same for every content."""

    body: File
    styles: Sequence[File]
    scripts: Sequence[File]  # in the order in which they run


def sealed(shell: Shell, content: object, *, title: str, version: str) -> bytes:
    """The page that shows a content, made by a version of ctxopt."""
    style, script = _joined((*shell.styles,)), _script((*shell.scripts,))
    parts = {
        "policy": POLICY.format(style=_checksum(style), script=_checksum(script)),
        "version": escape(version),
        "title": escape(title),
        "style": style,
        "content": encoded(content),
        "script": script,
    }
    # In one go: nothing that is put in is taken for a place of another part.
    page = re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _framed(shell.body))
    return page.encode()


def encoded(content: object) -> str:
    """JSON in which no name ends the block that it stands in."""
    return json.dumps(content, separators=(",", ":")).translate(_ESCAPES)


@cache
def _framed(body: File) -> str:
    return _read(FRAME).replace("{{body}}", _read(body))


@cache
def _joined(files: tuple[File, ...]) -> str:
    return "".join(map(_read, files))


@cache
def _script(files: tuple[File, ...]) -> str:
    """All scripts as one, with nothing of theirs in sight of others."""
    return f'(() => {{\n"use strict";\n{_joined(files)}}})();\n'


def _read(file: File) -> str:
    room, name = file
    return resources.files(room).joinpath(name).read_text("utf-8")


def _checksum(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
