"""The page put together, under a policy that lets nothing in from elsewhere.

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

from ctxopt.view.page.content import Drawn, Failed, content_of, title_of

STYLES = ("base.css", "page.css")
SCRIPTS = (
    *("words.js", "elements.js", "squarify.js", "text.js", "sums.js", "treemap.js"),
    *("reading.js", "weighing.js"),
    *("picture.js", "table.js", "choosing.js", "facts.js", "page.js"),
)
POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
    "base-uri 'none'; form-action 'none'"
)
# Beside what HTML reads, the two ends of lines that JSON has and old scripts have not.
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def page_of(
    drawn: Sequence[Drawn], version: str, failed: Sequence[Failed] = ()
) -> bytes:
    """The page of some builds, at least one, made by a version of ctxopt.

    `failed` are those that could not be measured.
    """
    style, script = _style(), _script()
    made = json.dumps(content_of(drawn, failed), separators=(",", ":"))
    parts = {
        "policy": POLICY.format(style=_checksum(style), script=_checksum(script)),
        "version": escape(version),
        "title": escape(title_of(drawn[0])),
        "style": style,
        "content": made.translate(_ESCAPES),
        "script": script,
    }
    # In one go: nothing that is put in is taken for a place of another part.
    page = re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _read("page.html"))
    return page.encode()


@cache
def _style() -> str:
    return "".join(map(_read, STYLES))


@cache
def _script() -> str:
    """All scripts as one, with nothing of theirs in sight of others."""
    body = "".join(_read(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _read(name: str) -> str:
    return resources.files("ctxopt.view.page").joinpath(name).read_text("utf-8")


def _checksum(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
