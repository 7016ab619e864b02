"""Variable expansion: quotes, escapes and `$`, as the builder's own little shell.

Rule: moby/buildkit, shell/lex.go. It sets no bounds: a few short lines can keep it
busy until its memory ends. The two bounds here are ctxopt's own and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ctxopt.core.dockerfile.refusal import LimitError
from ctxopt.core.dockerfile.words.variables import Doubts, Variables, merged
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import REPLACEMENT, SPACES, as_runes
from ctxopt.core.tuples import NamedTuple

_EOF = ""  # what peek and take give at the end; no character is ever empty
_SPECIAL = frozenset("@*#?-$!0")
_BOM = "\ufeff"
_BLANK = f"[{SPACES}]+"
# Each level costs Python a few calls inside each other, and it allows a thousand.
# Nobody nests a default in a default more than a few times.
_MAX_NESTING = 100
# gRPC, on which BuildKit's parts send each other what they made of a Dockerfile,
# takes no message above 16 MiB; no build needs variables beyond that.
_MAX_TAKEN = 16 << 20


class Expansion(NamedTuple):
    """What became of a word, and the names it asked for in vain.

    `text` is what it is if an image that is not read sets nothing; `doubts` says which
    variables of such an image would make another text of it.
    """

    text: str
    words: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    doubts: Doubts = ()


class Allowance:
    """How much text variables may still put into one Dockerfile.

    `ENV A1=$A0$A0`, thirty lines of it, asks for gigabytes.
    """

    __slots__ = ("_left",)

    def __init__(self, characters: int = _MAX_TAKEN) -> None:
        self._left = characters

    def take(self, characters: int) -> None:
        """Take note of so much text, or of work that is worth so much.

        Raises LimitError.
        """
        self._left -= characters
        if self._left < 0:
            message = (
                "variables make more than 16 MiB of text up to here, and ctxopt "
                "stops at that (the limit is its own, docker has none)"
            )
            raise LimitError(message, "shorten the values that are put in again here")


class Lexer(NamedTuple):
    """How words are read: the escape character and what stays as it is.

    All lexers of one build share an `allowance`; without one each word has its own.
    """

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    skip_quotes: bool = False  # quotes mean nothing
    skip_unset: bool = False  # leave `$name` of an unset name alone
    allowance: Allowance | None = None

    def word(self, word: str, variables: Mapping[str, str]) -> str:
        """Expand to one word, blanks and all (ProcessWord).

        Raises RuleError.
        """
        if _special(self.escape, self.skip_quotes).search(word) is None:
            return as_runes(word).removeprefix(_BOM)
        return self._expanded(word, variables, split=False).text

    def read(self, word: str, variables: Mapping[str, str]) -> Expansion:
        """Expand to one word, and say what is not known of it.

        Raises RuleError.
        """
        if _special(self.escape, self.skip_quotes).search(word) is None:
            return Expansion(as_runes(word).removeprefix(_BOM))
        return self._expanded(word, variables, split=False)

    def words(self, word: str, variables: Mapping[str, str]) -> tuple[str, ...]:
        """Expand, then split at unquoted blanks (ProcessWords).

        Raises RuleError.
        """
        return self.expand(word, variables).words

    def expand(self, word: str, variables: Mapping[str, str]) -> Expansion:
        """Expand and give everything that is known of it.

        Raises RuleError: `failed to process "...": ...`.
        """
        return self._expanded(word, variables, split=True)

    def _expanded(
        self, word: str, variables: Mapping[str, str], *, split: bool
    ) -> Expansion:
        reader = _WordReader(self, word, variables, split=split)
        try:
            text, words = reader.read_until(_EOF, raw_escapes=self.raw_escapes)
        except LimitError:
            raise  # told alone: the word may be long
        except RuleError as error:
            message = f"failed to process {quote(word)}: {error.message}"
            raise RuleError(message, error.hint) from None
        unmatched = tuple(reader.unmatched)
        return Expansion(text, tuple(words), unmatched, reader.doubts)


@lru_cache(maxsize=16)
def _special(escape: str, skip_quotes: bool) -> re.Pattern[str]:  # noqa: FBT001
    """The characters for which a word is not its own expansion."""
    quotes = "" if skip_quotes else "'\""
    return re.compile(f"[${quotes}{re.escape(escape)}]")


@lru_cache(maxsize=64)
def _plain(stops: str) -> re.Pattern[str]:
    """A run of characters without any of `stops`."""
    return re.compile(f"[^{re.escape(stops)}]+")


class _Words:
    """Collects text into words.

    All readers of one expansion share the buffer of the word in progress, so a
    nested `${...:-...}` wipes what its word began with; BuildKit does that.
    """

    def __init__(self, buffer: list[str]) -> None:
        self.buffer = buffer  # of texts that are not empty
        self.done: list[str] = []
        self.in_word = False
        buffer.clear()

    def add(self, text: str) -> None:
        position = 0
        is_one_word = text.isascii() and text.isprintable() and " " not in text
        for blank in () if is_one_word else re.finditer(_BLANK, text):
            if blank.start() > position:
                self.add_raw(text[position : blank.start()])
            if self.in_word and self.buffer:
                self._finish()
            position = blank.end()
        if position < len(text):
            self.add_raw(text[position:])

    def add_raw(self, text: str) -> None:
        if text:
            self.buffer.append(text)
        self.in_word = True

    def finished(self) -> list[str]:
        if self.buffer:
            self._finish()
        return self.done

    def _finish(self) -> None:
        self.done.append("".join(self.buffer))
        self.buffer.clear()
        self.in_word = False


class _NoWords(_Words):
    """Stands in where nobody asks for the words."""

    def add(self, text: str) -> None:
        """Drop it."""

    def add_raw(self, text: str) -> None:
        """Drop it."""


class _WordReader:
    """One pass over one word."""

    def __init__(
        self, lexer: Lexer, word: str, variables: Mapping[str, str], *, split: bool
    ) -> None:
        self.lexer = lexer
        self.allowance = lexer.allowance or Allowance()
        self.words = _Words if split else _NoWords
        self.depth = 0
        self.source = as_runes(word).removeprefix(_BOM)
        self.position = 0
        self.variables = variables
        self.raw_escapes = lexer.raw_escapes
        self.buffer: list[str] = []
        self.unmatched: dict[str, None] = {}
        self.doubts: Doubts = ()

    def peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def take(self) -> str:
        char = self.peek()
        self.position += len(char)
        return char

    def _run_of(self, plain: re.Pattern[str]) -> str:
        """Take all of `plain` that stands here, at least one character."""
        start = self.position
        run = plain.match(self.source, start)
        self.position = run.end() if run else start + 1
        return self.source[start : self.position]

    def read_until(self, stop: str, *, raw_escapes: bool) -> tuple[str, list[str]]:
        """Read up to and with `stop`; give the text and its words."""
        before, self.raw_escapes = self.raw_escapes, raw_escapes
        try:
            return self._read_until(stop)
        finally:
            self.raw_escapes = before

    def _read_until(self, stop: str) -> tuple[str, list[str]]:
        text: list[str] = []
        words = self.words(self.buffer)
        quotes = "" if self.lexer.skip_quotes else "'\""
        plain = _plain(f"{stop}$<{quotes}{self.lexer.escape}")
        while (char := self.peek()) != _EOF:
            if char == stop:
                self.take()
                return "".join(text), words.finished()
            if char == "$":
                value = self._dollar()
                words.add(value)
            elif char == "<" or (char in "'\"" and not self.lexer.skip_quotes):
                value = self._quoted(char)
                words.add_raw(value)
            elif char == self.lexer.escape:
                value = self._escaped()
                words.add_raw(value)
            else:
                value = self._run_of(plain)
                words.add(value)
            text.append(value)
        if stop != _EOF:
            message = f"unexpected end of statement while looking for matching {stop}"
            raise RuleError(message, f"add the missing {stop}")
        return "".join(text), words.finished()

    def _escaped(self) -> str:
        escape = self.take()
        return (escape if self.raw_escapes else "") + self.take()

    def _quoted(self, char: str) -> str:
        if char == "<":
            return self._possible_heredoc()
        return self._single_quoted() if char == "'" else self._double_quoted()

    def _possible_heredoc(self) -> str:
        self.take()
        if self.peek() != "<":
            return "<"
        taken = ["<", self.take()]
        while self.peek() in ("\t", "\r", " "):
            taken.append(self.take())
        return "".join(taken)

    def _single_quoted(self) -> str:
        mark = self.take()
        end = self.source.find(mark, self.position)
        if end < 0:
            self.position = len(self.source)  # all of it was read in search of it
            message = (
                "unexpected end of statement while looking for matching single-quote"
            )
            raise RuleError(message, "close the quote, or escape it")
        text = self.source[self.position : end]
        self.position = end + 1
        return mark + text + mark if self.lexer.raw_quotes else text

    def _double_quoted(self) -> str:
        mark = self.take()
        text: list[str] = []
        plain = _plain(f'"${self.lexer.escape}')
        while (char := self.peek()) != mark:
            if char == _EOF:
                message = (
                    "unexpected end of statement while looking for matching "
                    "double-quote"
                )
                raise RuleError(message, "close the quote, or escape it")
            text.append(
                self._dollar() if char == "$" else self._in_double_quotes(plain)
            )
        self.take()
        inside = "".join(text)
        return mark + inside + mark if self.lexer.raw_quotes else inside

    def _in_double_quotes(self, plain: re.Pattern[str]) -> str:
        if self.peek() != self.lexer.escape:
            return self._run_of(plain)
        char = self.take()
        kept = char if self.raw_escapes else ""
        following = self.peek()
        if following == _EOF:
            return kept
        if following in ('"', "$", self.lexer.escape):
            char = self.take()
        return kept + char

    def _dollar(self) -> str:
        self.take()
        if self.peek() == "{":
            self.take()
            return self._braced()
        name = self._name()
        if not name:
            return "$"
        value = self._value(name)
        self._note(self._doubts_of(name))
        if value is None:
            return "$" + name if self.lexer.skip_unset else ""
        return value

    def _braced(self) -> str:
        following = self.peek()
        if following == _EOF:
            raise _missing_brace()
        if following in "{}:":
            raise RuleError(
                "syntax error: bad substitution", "name a variable after ${"
            )
        name = self._name()
        modifier = self.take()
        if modifier == "}":
            value = self._value(name)
            self._note(self._doubts_of(name))
            if value is None:
                return f"${{{name}}}" if self.lexer.skip_unset else ""
            return value
        if modifier == "/":
            return self._replaced(name)
        if modifier == ":":
            return self._modified(name, self.take(), colon=":")
        if modifier in tuple("+-?#%"):
            return self._modified(name, modifier, colon="")
        raise _unsupported(modifier or REPLACEMENT)

    def _modified(self, name: str, modifier: str, *, colon: str) -> str:
        written = colon + (modifier or REPLACEMENT)
        is_pattern = modifier in ("#", "%")
        if colon and is_pattern:
            raise _unsupported(written)
        before, self.doubts = self.doubts, ()
        word = self._until(
            "}", raw_escapes=is_pattern, missing="syntax error: missing '}'"
        )
        of_word, self.doubts = self.doubts, before
        value = self._value(name)
        if value is None and self.lexer.skip_unset:
            return f"${{{name}{written}{word}}}"
        if modifier in ("-", "+", "?"):
            how = modifier + colon
            return self._chosen(name, value, how, word=word, of_word=of_word)
        self._note((*of_word, *self._doubts_of(name)))
        if is_pattern:
            # Start-up: few words cut a value.
            from ctxopt.core.dockerfile.words import shell_patterns as patterns

            from_end = modifier == "%"
            trim = patterns.trim_suffix if from_end else patterns.trim_prefix
            greedy = word.startswith(modifier)
            pattern = word[1:] if greedy else word
            self.allowance.take(patterns.effort(pattern, value or ""))
            return trim(pattern, value or "", greedy=greedy)
        raise _unsupported(written)

    def _chosen(
        self, name: str, value: str | None, how: str, *, word: str, of_word: Doubts
    ) -> str:
        """The value, the word or nothing; of an unread image a default is assumed.

        `how` is `-`, `+` or `?`, with a colon behind it where the empty value counts.
        """
        modifier, colon = how[0], how[1:]
        own = self._doubts_of(name)
        absent = value is None or (colon != "" and value == "")
        if modifier == "-" and (absent or value is None):
            self._note((*of_word, *(doubt._replace(assumed=True) for doubt in own)))
            return word
        if modifier == "+":
            # A part that is known keeps a value from being empty, whatever the rest is.
            self._note(own if absent else of_word)
            return "" if absent else word
        self._note(own)
        if modifier == "?" and not (absent and own):
            return _demanded(name, value, word, colon=bool(colon))
        return value or ""

    def _doubts_of(self, name: str) -> Doubts:
        variables = self.variables
        return variables.doubts(name) if isinstance(variables, Variables) else ()

    def _note(self, doubts: Doubts) -> None:
        if doubts:
            self.doubts = merged((*self.doubts, *doubts))

    def _replaced(self, name: str) -> str:
        everywhere = self.peek() == "/"
        if everywhere:
            self.take()
        missing = "syntax error: missing '/' in ${}"
        pattern = self._until("/", raw_escapes=True, missing=missing)
        missing = "syntax error: missing '}'"
        replacement = self._until("}", raw_escapes=True, missing=missing)
        value = self._value(name)
        self._note(self._doubts_of(name))
        if value is None and self.lexer.skip_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        from ctxopt.core.dockerfile.words import shell_patterns as patterns

        self.allowance.take(patterns.effort(pattern, value or ""))
        text = patterns.replace(
            pattern, value or "", replacement, everywhere=everywhere
        )
        self.allowance.take(len(text))
        return text

    def _until(self, stop: str, *, raw_escapes: bool, missing: str) -> str:
        self.depth += 1
        if self.depth > _MAX_NESTING:
            message = (
                f"${{...}} stands more than {_MAX_NESTING} deep in each other, and "
                "ctxopt reads no deeper (the limit is its own, docker has none)"
            )
            raise LimitError(message, "give the inner value a name with ARG or ENV")
        try:
            text, _ = self.read_until(stop, raw_escapes=raw_escapes)
            self.depth -= 1
            return text
        except LimitError:
            raise
        except RuleError:
            if self.peek() == _EOF:
                raise RuleError(missing, "complete the ${...}") from None
            raise

    def _name(self) -> str:
        first = self.peek()
        start = self.position
        if first.isdecimal():
            while self.peek().isdecimal():
                self.position += 1
        elif first in _SPECIAL:
            self.position += 1
        else:
            while (char := self.peek()).isalpha() or char.isdecimal() or char == "_":
                self.position += 1
        return self.source[start : self.position]

    def _value(self, name: str) -> str | None:
        value = self.variables.get(name)
        if value is None:
            self.unmatched[name] = None
        else:
            self.allowance.take(len(value))
        return value


def _demanded(name: str, value: str | None, message: str, *, colon: bool) -> str:
    hint = f"pass --build-arg {name}=..., or give it a default"
    if value is None:
        reason = message or "is not allowed to be unset"
        raise RuleError(f"{name}: {reason}", hint)
    if colon and not value:
        reason = message or "is not allowed to be empty"
        raise RuleError(f"{name}: {reason}", hint)
    return value


def _missing_brace() -> RuleError:
    return RuleError("syntax error: missing '}'", "complete the ${...}")


def _unsupported(modifier: str) -> RuleError:
    message = f"unsupported modifier ({modifier}) in substitution"
    return RuleError(message, "use one of :- - :+ + :? ? # ## % %% / //")
