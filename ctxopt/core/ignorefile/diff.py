"""Two states of an ignore file as a unified diff."""

from __future__ import annotations

import re


def unified_diff(before: bytes, after: bytes, name: str) -> tuple[str, ...]:
    """The lines of a unified diff, without their newlines; none if nothing changed.

    Carriage returns stay at the ends of lines, and bytes that are not UTF-8 are
    surrogate escapes.
    """
    import difflib

    lines: list[str] = []
    for line in difflib.unified_diff(
        _cut(before), _cut(after), f"a/{name}", f"b/{name}"
    ):
        lines.append(line.removesuffix("\n"))
        if not line.endswith("\n"):
            lines.append("\\ No newline at end of file")
    return tuple(lines)


def _cut(content: bytes) -> list[str]:
    # str.splitlines() would also cut at characters that end no line of a file.
    return re.findall(r"[^\n]*\n|[^\n]+", content.decode("utf-8", "surrogateescape"))
