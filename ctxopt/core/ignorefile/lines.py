"""An ignore file, read as Docker reads it and kept as it was written.

It is parsed once for a build, and so are its patterns and the matcher of them: who has
the `IgnoreFile` has all three.

Every line keeps its own bytes, so that a file with mixed line ends, odd encodings or
comments can be written back unchanged; which of the lines mean something is a second
question, answered by `patterns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ctxopt.core.golang.paths import clean
from ctxopt.core.golang.text import trim_space
from ctxopt.core.model import Dialect, Location
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import IgnoreFileError

if TYPE_CHECKING:
    from typing import Self

BOM = b"\xef\xbb\xbf"

# Docker reads lines into a buffer of 64 KiB, which the newline has to fit into too.
LINE_LIMIT = 65_536

# Our own bound. Docker tries every pattern on every path, which takes minutes with so
# many; here each has its own bit in a number as long as there are bits, so that memory
# grows with the square: these take a gigabyte, ten times as many a hundred.
PATTERN_LIMIT = 50_000


class Line(NamedTuple):
    """One line: what it says, and the bytes that end it."""

    number: int  # from 1
    content: bytes
    ending: bytes  # b"" only where the file ends without one

    @property
    def text(self) -> str:
        """What the line says, as text."""
        return self.content.decode("utf-8", "surrogateescape")

    @property
    def entry(self) -> str | None:
        """What the line hands to the matcher; None for a comment or a blank line.

        Rule: moby/patternmatcher, ignorefile/ignorefile.go, ReadAll.
        """
        # Only in the first column: a blank before it makes `#` part of a pattern.
        if self.content.startswith(b"#"):
            return None
        trimmed = trim_space(self.text)
        negated = trimmed.startswith("!")
        pattern = trim_space(trimmed[1:]) if negated else trimmed
        if pattern:
            pattern = clean(pattern)
            if len(pattern) > 1:
                pattern = pattern.removeprefix("/")
        elif not negated:
            return None
        return f"!{pattern}" if negated else pattern

    @property
    def storage_entry(self) -> str | None:
        """What the line hands to podman's matcher; None for a comment or a blank line.

        Slashes are taken off before blanks: with a blank in front of it, the slash of
        ` /foo` stays, and the line matches nothing.

        Rule: openshift/imagebuilder, builder.go, ParseIgnoreReader.
        """
        if self.content.startswith(b"#"):
            return None
        return self.text.strip("/") or None


class _IgnoreFileFields(NamedTuple):
    """The fields of an IgnoreFile."""

    shown: str  # as messages name it
    lines: tuple[Line, ...]
    has_bom: bool = False
    path: str = ""  # absolute, where it lies on the disk
    specific: bool = False  # a `NAME.dockerignore`
    dialect: Dialect = Dialect.MOBY


class IgnoreFile(_IgnoreFileFields):
    """The lines of an ignore file; a byte order mark belongs to none of them."""

    # No slots: what its lines mean is kept beside them once it is asked for.

    @property
    def newline(self) -> bytes:
        r"""How most lines end: b"\n" or b"\r\n"."""
        ends = [line.ending for line in self.lines]
        return b"\r\n" if ends.count(b"\r\n") > ends.count(b"\n") else b"\n"

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """What the file says, in order.

        Raises IgnoreFileError for a line that the builder refuses at once, and for
        the first of too many.
        """
        entries = [*self._entries()]
        if len(entries) > PATTERN_LIMIT:
            raise IgnoreFileError(
                f"more than {PATTERN_LIMIT:,} patterns, and ctxopt follows no more "
                "(the limit is its own, docker has none)",
                hint="ignore whole folders instead of single files",
                file=self.shown,
                line=entries[PATTERN_LIMIT][0].number,
            )
        return compile_patterns(
            [entry for _, entry in entries],
            [Location(self.shown, line.number, line.number) for line, _ in entries],
            [trim_space(line.text) for line, _ in entries],
            dialect=self.dialect,
        )

    def _entries(self) -> Iterator[tuple[Line, str]]:
        """The lines that say something, with what they hand to the matcher."""
        in_storage = self.dialect is Dialect.STORAGE
        for line in self.lines:
            if in_storage and self.has_bom and line.number == 1:
                # To podman the mark is a character of the first line.
                line = line._replace(content=BOM + line.content)  # noqa: PLW2901
            entry = line.storage_entry if in_storage else line.entry
            if entry is not None:
                yield line, entry

    @cached_property
    def matcher(self) -> Matcher:
        """The patterns as the one matcher that all of a build asks.

        Raises IgnoreFileError as `patterns` does.
        """
        return Matcher(self.patterns)

    def checked(self) -> Self:
        """The file itself; raises IgnoreFileError as `patterns` does."""
        _ = self.patterns
        return self

    def to_bytes(self) -> bytes:
        """The file as it was read."""
        mark = BOM if self.has_bom else b""
        return mark + b"".join(line.content + line.ending for line in self.lines)


def parse(
    content: bytes,
    shown: str,
    *,
    path: str = "",
    specific: bool = False,
    dialect: Dialect = Dialect.MOBY,
) -> IgnoreFile:
    """Read an ignore file, keeping every line so it can be written back unchanged.

    `shown` is its name in messages, `path` where it lies, if it lies anywhere.

    Rule: moby/patternmatcher, ignorefile/ignorefile.go, ReadAll; golang/go,
    bufio/scan.go, ScanLines.
    Raises IgnoreFileError for a line of 65,536 bytes or more, where Docker's scanner
    gives up.
    """
    has_bom = content.startswith(BOM)
    lines = []
    for number, whole in enumerate(content.split(b"\n"), 1):
        if len(whole) >= LINE_LIMIT and dialect is Dialect.MOBY:
            raise IgnoreFileError(
                "bufio.Scanner: token too long",
                hint=f"a line may hold {LINE_LIMIT - 1} bytes; shorten or split it",
                file=shown,
                line=number,
            )
        body = whole.removeprefix(BOM) if number == 1 else whole
        stripped = body.removesuffix(b"\r")
        lines.append(Line(number, stripped, body[len(stripped) :] + b"\n"))
    kept = tuple(_without_last_newline(lines))
    return IgnoreFile(shown, kept, has_bom, path, specific, dialect)


def _without_last_newline(lines: list[Line]) -> list[Line]:
    """Take back the newline after the last piece, and the piece if it is empty."""
    last = lines.pop()
    ending = last.ending.removesuffix(b"\n")
    if last.content or ending:
        lines.append(Line(last.number, last.content, ending))
    return lines
