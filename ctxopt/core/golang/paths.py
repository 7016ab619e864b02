"""Go's path arithmetic, where Python's differs by a hair.

All functions are lexical and know nothing of a disk. Text holds bytes that are not
UTF-8 as surrogate escapes; none of these rules looks inside a byte beyond ASCII.
"""

from __future__ import annotations


def clean(path: str) -> str:
    """The shortest path that means the same, judged by the text alone.

    Never empty (`.` instead), and never with two leading slashes, which is where
    `posixpath.normpath` differs.

    Rule: golang/go, path/filepath/path.go, Clean (Unix).
    """
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            kept.append(part)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append(part)
    joined = "/".join(kept)
    return f"/{joined}" if rooted else joined or "."


def join(*parts: str) -> str:
    """The parts with slashes between them, cleaned; "" when all are empty.

    Rule: golang/go, path/filepath/path.go, Join (Unix).
    """
    for index, part in enumerate(parts):
        if part:
            return clean("/".join(parts[index:]))
    return ""


def directory(path: str) -> str:
    """All but the last component, cleaned; `.` when there is only one.

    Rule: golang/go, path/filepath/path.go, Dir (Unix).
    """
    return clean(path[: path.rfind("/") + 1])


def to_bytes(text: str) -> bytes:
    """The bytes behind a text, as Go holds them; never fails.

    Surrogates that are no escapes cannot come from a disk or a file; they are
    encoded as they stand.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
