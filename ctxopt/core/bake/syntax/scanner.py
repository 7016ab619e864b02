"""A cursor over text that knows its line, and steps over blanks and comments."""

from __future__ import annotations

import re

from ctxopt.core.bake.records import BakeRefusedError, Place

# Deep enough for any file a person wrote; a level costs about eight frames.
_MOST_LEVELS = 60

_BLANK = re.compile(r"(?:[ \t]|/\*.*?\*/|(?:#|//)[^\n]*)*", re.DOTALL)
_BLANK_LINES = re.compile(r"(?:[ \t\r\n]|/\*.*?\*/|(?:#|//)[^\n]*)*", re.DOTALL)
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


class Scanner:
    """The text of a file from a position on.

    Inside brackets (`nesting` above 0) a line's end is a blank. Source: hcl,
    hclsyntax/spec.md, "Comments and Whitespace".
    """

    def __init__(self, text: str, file: str, first_line: int = 1) -> None:
        self.text = text
        self.at = 0
        self.nesting = 0
        self.levels = 0
        self._file = file
        self._first_line = first_line
        self._counted = (0, first_line)

    @property
    def place(self) -> Place:
        """Where the cursor is."""
        start, line = self._counted
        if self.at < start:
            start, line = 0, self._first_line
        line += self.text.count("\n", start, self.at)
        self._counted = (self.at, line)
        return Place(self._file, line)

    def skip(self, *, lines: bool = False) -> None:
        """Steps over blanks, and over line ends where they mean nothing."""
        blank = _BLANK_LINES if lines or self.nesting else _BLANK
        found = blank.match(self.text, self.at)
        assert found
        self.at = found.end()
        if self.text.startswith("/*", self.at):
            raise self.error("this comment has no end: add */")

    def take(self, sign: str, *, lines: bool = False) -> bool:
        """Whether `sign` comes next, which is then behind the cursor."""
        self.skip(lines=lines)
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def expect(self, sign: str) -> None:
        """Steps over `sign`; anything else is an error."""
        if not self.take(sign):
            raise self.error(f'expected "{sign}" here')

    def peek(self, sign: str) -> bool:
        """Whether `sign` comes next."""
        self.skip()
        return self.text.startswith(sign, self.at)

    def identifier(self) -> str | None:
        """The name that comes next, which is then behind the cursor."""
        self.skip()
        found = _IDENTIFIER.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        return found.group()

    def keyword(self, word: str) -> bool:
        """Whether the whole word comes next, which is then behind the cursor."""
        before = self.at
        if self.identifier() == word:
            return True
        self.at = before
        return False

    def deeper(self) -> None:
        """Counts a level; hostile text has more of them than Python has frames."""
        self.levels += 1
        if self.levels > _MOST_LEVELS:
            raise self.error("this is nested too deeply to be read")

    def at_end(self) -> bool:
        """Whether nothing but blanks comes next."""
        self.skip(lines=True)
        return self.at >= len(self.text)

    def error(self, message: str) -> BakeRefusedError:
        """An error at the cursor."""
        return BakeRefusedError(message, self.place)
