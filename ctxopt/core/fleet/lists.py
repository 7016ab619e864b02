"""A file that names repositories: a folder or a git URL a line.

Empty lines and those that begin with `#` say nothing. A folder is named from where the
file lies.
"""

from __future__ import annotations

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

MOST_BYTES = 64 << 20


class ListedWord(NamedTuple):
    """A line that names something, without what stands around it."""

    word: str
    line: int  # from 1


def read_list(content: bytes, shown: str) -> list[ListedWord]:
    """The lines of a file that name something, in their order.

    Raises CtxoptError, with its place, for what is no text.
    """
    found = []
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if b"\0" in raw:
            raise CtxoptError(
                "this is no text",
                hint="write a folder or a git URL on each line",
                file=shown,
                line=number,
            )
        line = raw.strip(b" \t\r")
        if line and not line.startswith(b"#"):
            found.append(ListedWord(line.decode("utf-8", "surrogateescape"), number))
    return found
