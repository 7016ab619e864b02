"""Bytes -> logical lines: directives, comments, continuations, heredocs.

Rule: moby/buildkit, parser/parser.go (Parse) and parser/directives.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.dockerfile.records import Directive, Heredoc
from ctxopt.core.dockerfile.refusal import RefusalError
from ctxopt.core.dockerfile.syntax.words import SplitLine, split_line
from ctxopt.core.dockerfile.words.expand import Lexer
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import REGEXP_SPACES, SPACES, lower
from ctxopt.core.model import Location
from ctxopt.core.tuples import NamedTuple

DEFAULT_ESCAPE = "\\"
LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)

_MAX_LINE = 65_535  # bufio.MaxScanTokenSize - 1
_BOM = "\ufeff"
_DIRECTIVE = rf"([a-zA-Z][a-zA-Z0-9]*)[{REGEXP_SPACES}]*=[{REGEXP_SPACES}]*(.+)"
_DIRECTIVES = frozenset(["syntax", "escape", "check"])
_CONTINUED = {
    escape: rf"([^\{escape}])\{escape}[ \t]*\Z|^\{escape}[ \t]*\Z"
    for escape in ("\\", "`")
}
_HEREDOC = rf"([0-9]*)<<(-?)[{REGEXP_SPACES}]*([^<]*)"
_HEREDOC_HOSTS = frozenset(["add", "copy", "run"])


class Statement(NamedTuple):
    """A logical line with its place and its heredocs, which only whoever reads on sees.

    The second form of an instruction. The builder reads all lines before it judges the
    first: which refusal wins depends on it, so lines wait in this form.
    """

    line: SplitLine
    heredocs: tuple[Heredoc, ...]
    location: Location
    text: str  # the physical lines, heredocs included


class Lines(NamedTuple):
    """A file of instructions, before anything is known of their meaning."""

    escape: str
    directives: tuple[Directive, ...]
    statements: tuple[Statement, ...]


def read_lines(text: str, name: str) -> Lines:
    """Read all instructions of a file, or of an ONBUILD trigger.

    Raises RefusalError.
    """
    return _LineReader(text, name).read()


def first_statement(text: str, name: str) -> Statement | None:
    """The first instruction of a file; None where there is none.

    Raises RefusalError where it cannot be read.
    """
    return next(_LineReader(text, name).statements(), None)


def heredoc_word(word: str) -> Heredoc | None:
    """Give the heredoc that a word opens, without its content, or None.

    Raises RuleError for quotes that do not close.
    """
    match = re.fullmatch(_HEREDOC, word) if "<<" in word else None
    if match is None or not match[3]:
        return None
    plain = Lexer(skip_unset=True).words(match[3], {})
    if len(plain) != 1:
        return None
    raw = Lexer(skip_unset=True, raw_quotes=True).words(match[3], {})
    if len(raw) != len(plain):
        message = (
            "internal lexing of heredoc produced inconsistent results: " + match[3]
        )
        raise RuleError(message, "use a plain word after <<")
    expand = _count_quotes(plain[0]) == _count_quotes(raw[0])
    return Heredoc(plain[0], expand=expand, chomp=match[2] == "-")


def _count_quotes(text: str) -> int:
    return text.count("'") + text.count('"')


class _LineReader:
    """Walks over the physical lines, once."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.physical = _PhysicalLines(text)
        self.number = 0  # of the line read last
        self.escape = DEFAULT_ESCAPE
        self.directives: list[Directive] = []
        self.in_directives = True
        self.seen: list[str] = []  # the physical lines of the statement at hand

    def statements(self) -> Iterator[Statement]:
        while (raw := self._next()) is not None:
            if self.number == 1:
                raw = raw.removeprefix(_BOM)
            self.seen = [raw]
            statement = self._statement(raw)
            if statement is not None:
                yield statement

    def read(self) -> Lines:
        statements = (*self.statements(),)
        if not statements:
            message = "file with no instructions"
            raise RefusalError(message, hint="add a FROM instruction", file=self.name)
        if self.physical.too_long:
            raise RefusalError(
                f"dockerfile line greater than max allowed size of {_MAX_LINE}",
                hint="break the line with continuations",
                file=self.name,
                line=self.number + 1,
            )
        return Lines(self.escape, tuple(self.directives), statements)

    def _next(self) -> str | None:
        raw = next(self.physical, None)
        if raw is not None:
            self.number += 1
        return raw

    def _statement(self, raw: str) -> Statement | None:
        """Read the statement that begins with `raw`; None for an empty line."""
        start = self.number
        first = raw.rstrip("\r\n").lstrip(SPACES)
        self._directive(first)
        text, continued = self._continued("" if first.startswith("#") else first)
        if not continued and not text:
            return None
        parts = [text]
        while continued and (raw_next := self._next()) is not None:
            self.seen.append(raw_next)
            following = raw_next.rstrip("\r\n")
            if following.lstrip(SPACES)[:1] in ("", "#"):
                continue
            following, continued = self._continued(following)
            parts.append(following)
        try:
            return self._finished("".join(parts), start)
        except RuleError as error:
            raise self._refused(error, start) from None

    def _finished(self, logical: str, start: int) -> Statement:
        line = split_line(logical, self.escape)
        host = line.trigger if lower(line.name) == "onbuild" else line.name
        heredocs: tuple[Heredoc, ...] = ()
        if lower(host) in _HEREDOC_HOSTS and not line.json and "<<" in logical:
            heredocs = tuple(map(self._with_content, list(_heredocs(logical))))
        return Statement(
            line,
            heredocs,
            Location(self.name, start, self.number),
            "".join(self.seen).rstrip("\r\n"),
        )

    def _with_content(self, heredoc: Heredoc) -> Heredoc:
        content: list[str] = []
        while (raw := self._next()) is not None:
            self.seen.append(raw)
            end = raw.rstrip("\r\n")
            if (end.lstrip("\t") if heredoc.chomp else end) == heredoc.name:
                return heredoc._replace(content="".join(content))
            content.append(raw)
        hint = f"end it with a line that reads {heredoc.name}"
        raise RuleError("unterminated heredoc", hint)

    def _continued(self, text: str) -> tuple[str, bool]:
        """Cut the escape character off the end, if there is one that counts."""
        is_at_end = text.rstrip(" \t").endswith(self.escape)
        match = re.search(_CONTINUED[self.escape], text) if is_at_end else None
        if match is None:
            return text, False
        return text[: match.start()] + (match[1] or ""), True

    def _directive(self, text: str) -> None:
        """Take note of a directive; anything else ends their part of the file."""
        if not self.in_directives:
            return
        match = None
        if text.startswith("#"):
            body = text[1:].lstrip(SPACES)
            trimmed = body.rstrip(REGEXP_SPACES)
            match = re.fullmatch(_DIRECTIVE, trimmed)
            if match is None and trimmed != body:
                # The value has at least one character, even if it is a blank.
                match = re.fullmatch(_DIRECTIVE, trimmed + body[-1])
        name = lower(match[1]) if match else ""
        if match is None or name not in _DIRECTIVES:
            self.in_directives = False
            return
        try:
            self._take_directive(name, match[2])
        except RuleError as error:
            raise self._refused(error, self.number) from None

    def _take_directive(self, name: str, value: str) -> None:
        if any(known.name == name for known in self.directives):
            message = f"only one {name} parser directive can be used"
            raise RuleError(message, "remove the second one")
        if name == "escape":
            if value not in _CONTINUED:
                message = f"invalid escape token '{value}' does not match ` or \\"
                raise RuleError(message, "write # escape=` or # escape=\\")
            self.escape = value
        place = Location(self.name, self.number, self.number)
        self.directives.append(Directive(name, value, place))

    def _refused(self, error: RuleError, line: int) -> RefusalError:
        return RefusalError(
            error.message,
            hint=error.hint,
            file=self.name,
            line=line,
            text="".join(self.seen).rstrip("\r\n"),
            end_line=self.number,
        )


class _PhysicalLines(Iterator[str]):
    """The lines with their ends, up to the first that the builder cannot hold."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.too_long = False

    def __next__(self) -> str:
        if self.too_long or self.position == len(self.text):
            raise StopIteration
        end = self.text.find("\n", self.position) + 1 or len(self.text)
        line = self.text[self.position : end]
        if len(line) * 4 > _MAX_LINE and _octets(line) > _MAX_LINE:
            self.too_long = True
            raise StopIteration
        self.position = end
        return line


def _octets(line: str) -> int:
    return len(line.removesuffix("\n").encode("utf-8", "surrogateescape"))


def _heredocs(logical: str) -> Iterator[Heredoc]:
    """Give the heredocs a logical line opens, in order.

    Rule: moby/buildkit, parser/parser.go, heredocsFromLine: quotes that do not
    close leave no word at all, so none of the heredocs of that line counts.
    """
    lexer = Lexer(raw_quotes=True, raw_escapes=True, skip_unset=True)
    try:
        words = lexer.words(logical, {})
    except RuleError:
        return
    for word in words:
        heredoc = heredoc_word(word)
        if heredoc is not None:
            yield heredoc
