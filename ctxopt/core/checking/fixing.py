"""Fixes put into the text of a file, which stays byte for byte what it is elsewhere.

Of `a` and `b`, each with a carriage return behind it, and `**/b` in the place of line 2
it is `a` and `**/b`, with theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ctxopt.core.checking.records import Fix

_BOM = b"\xef\xbb\xbf"


def apart(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """Those of one file that have no line in common, in order; of two the first.

    Each is there once. What is left out may be made once these are.
    """
    chosen: list[Fix] = []
    for fix in sorted(dict.fromkeys(fixes), key=lambda one: (one.first, one.last)):
        if not chosen or fix.first > max(chosen[-1].first, chosen[-1].last):
            chosen.append(fix)
    return tuple(chosen)


def mended(content: bytes, fixes: Sequence[Fix]) -> bytes:
    """A file with some fixes made that are `apart`.

    The ends of lines stay as they are, also that of the last one; new lines end as
    those that they take the place of, or as most do. A byte order mark stays.
    """
    mark = _BOM if content.startswith(_BOM) else b""
    lines = re.findall(rb"[^\n]*\n|[^\n]+", content.removeprefix(_BOM))
    newline = _newline(lines)
    for fix in reversed(fixes):
        at = fix.first - 1
        old = lines[at : fix.last]
        end = _end(old[-1]) if old and _end(old[-1]) else newline
        lines[at : max(fix.last, at)] = [_encoded(one) + end for one in fix.lines]
    text = b"".join(one if _end(one) else one + newline for one in lines)
    if content and not content.endswith(b"\n"):
        text = text.removesuffix(b"\n").removesuffix(b"\r")
    return mark + text


def _encoded(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")


def _end(line: bytes) -> bytes:
    if line.endswith(b"\r\n"):
        return b"\r\n"
    return b"\n" if line.endswith(b"\n") else b""


def _newline(lines: Sequence[bytes]) -> bytes:
    ends = [*map(_end, lines)]
    return b"\r\n" if ends.count(b"\r\n") > ends.count(b"\n") else b"\n"
