"""The pieces of a shell text as the tree of its commands.

Rule: POSIX.1-2017, Shell Command Language, 2.10.2. What is not of that grammar, such as
a text for PowerShell, gives a tree whose ends are missing: `closed` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from ctxopt.core.running.syntax.pieces import CHOICE, ESAC, PATTERN, RESERVED, Piece
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

MOST_DEPTH = 40  # of commands around commands
_END = ("end", "", -1)
_SEPARATORS = frozenset({";", "\n", "&"})


class Call(NamedTuple):
    """A command that runs no other one."""

    words: tuple[str, ...]
    piece: int


class If(NamedTuple):
    """Conditions with what is run where they hold, and what is run else."""

    arms: tuple[tuple[Lines, Lines], ...]
    other: Lines | None
    closed: bool


class Choice(NamedTuple):
    """A `case`; `complete` where one of its patterns is `*`."""

    arms: tuple[Lines, ...]
    complete: bool
    closed: bool


class Loop(NamedTuple):
    """A `for` with its words, or a `while` or `until` with its condition."""

    word: str
    words: tuple[str, ...]
    condition: Lines
    body: Lines
    closed: bool


class Group(NamedTuple):
    """Lines in braces, or in a shell of their own."""

    lines: Lines
    apart: bool
    closed: bool


class Function(NamedTuple):
    """What is run where its name is called."""

    name: str
    body: Part


class Part(NamedTuple):
    """One command of a chain: a pipeline by its last, with those before."""

    operator: str  # in front of it: "", "&&" or "||"
    node: Node
    piped: tuple[Node, ...] = ()
    negated: bool = False


Node: TypeAlias = "Call | If | Choice | Loop | Group | Function"
Chain: TypeAlias = tuple[Part, ...]
Lines: TypeAlias = tuple[Chain, ...]
_Token: TypeAlias = tuple[str, str, int]


def tree_of(pieces: Sequence[Piece]) -> Lines:
    """The commands of a text as a tree."""
    reader = _Reader(pieces)
    found: list[Chain] = []
    while reader.at < len(reader.tokens):
        before = reader.at
        found += reader.lines()
        reader.at += reader.at == before  # an end of what has not begun
    return tuple(found)


def _tokens(pieces: Sequence[Piece]) -> Iterator[_Token]:
    for number, piece in enumerate(pieces):
        if piece.kind == PATTERN:
            yield "pattern", piece.words[0] if piece.words else "", number
            continue
        if piece.kind == ESAC:
            yield "word", "esac", number
            continue
        start = 0
        for word in takewhile(RESERVED.__contains__, piece.words):
            yield "word", word, number
            start += 1
        if piece.kind == CHOICE:
            yield "word", "case", number
        elif start < len(piece.words):
            yield "call", "", number
        if piece.operator:
            yield "operator", piece.operator, number


class _Reader:
    """Goes through the tokens of a text."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.tokens = [*_tokens(pieces)]
        self.at = 0
        self.depth = 0

    @property
    def _next(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def _takes(self, kind: str, *texts: str) -> bool:
        """Whether the next token is such a one, which is gone by then."""
        found = self._next
        if found[0] != kind or found[1] not in texts:
            return False
        self.at += 1
        return True

    def lines(self) -> Lines:
        """Chains, up to a word or an operator that ends what is around them."""
        self.depth += 1
        found = [*self._chains()] if self.depth < MOST_DEPTH else ()
        self.depth -= 1
        return tuple(found)

    def _chains(self) -> Iterator[Chain]:
        while True:
            while self._takes("operator", *_SEPARATORS):
                pass
            chain = self._chain()
            if not chain:
                return
            yield chain

    def _chain(self) -> Chain:
        found: list[Part] = []
        operator = ""
        while True:
            while operator and self._takes("operator", "\n"):
                pass
            part = self._part(operator)
            if part is None:
                return tuple(found)
            found.append(part)
            operator = self._next[1]
            if not self._takes("operator", "&&", "||"):
                return tuple(found)

    def _part(self, operator: str) -> Part | None:
        negated = False
        while self._next[0] == "word" and self._next[1] in ("!", "time"):
            negated ^= self._next[1] == "!"
            self.at += 1
        nodes: list[Node] = []
        while (node := self._node()) is not None:
            nodes.append(node)
            if not self._takes("operator", "|", "|&"):
                break
            while self._takes("operator", "\n"):
                pass
        if not nodes:
            return None
        return Part(operator, nodes[-1], tuple(nodes[:-1]), negated)

    def _node(self) -> Node | None:
        kind, text, number = self._next
        if kind == "call":
            self.at += 1
            return self._call(number)
        if self._takes("operator", "("):
            inside = self.lines()
            return Group(inside, apart=True, closed=self._takes("operator", ")"))
        if self._takes("word", "{"):
            inside = self.lines()
            return Group(inside, apart=False, closed=self._takes("word", "}"))
        if self._takes("word", "if"):
            return self._if()
        if self._takes("word", "while", "until"):
            condition = self.lines()
            return self._loop(text, (), condition)
        return self._case() if self._takes("word", "case") else None

    def _call(self, number: int) -> Node | None:
        words = self.pieces[number].words
        start = next((at for at, one in enumerate(words) if one not in RESERVED), 0)
        words = words[start:]
        is_named = words[0] == "function"
        if words[0] == "for":
            while self._takes("operator", ";", "\n"):
                pass
            return self._loop("for", words, ())
        if len(words) == 1 + is_named and self._takes("operator", "("):
            is_named = self._takes("operator", ")")
            if not is_named:
                inside = self.lines()
                return Group(inside, apart=True, closed=self._takes("operator", ")"))
        if not is_named:
            return Call(words, number)
        while self._takes("operator", "\n"):
            pass
        self.depth += 1
        body = self._part("") if self.depth < MOST_DEPTH else None
        self.depth -= 1
        return None if body is None else Function(words[-1], body)

    def _if(self) -> If:
        arms: list[tuple[Lines, Lines]] = []
        other: Lines | None = None
        while True:
            condition = self.lines()
            if not self._takes("word", "then"):
                return If((*arms, (condition, ())), other, closed=False)
            arms.append((condition, self.lines()))
            if not self._takes("word", "elif"):
                break
        if self._takes("word", "else"):
            other = self.lines()
        return If(tuple(arms), other, self._takes("word", "fi"))

    def _loop(self, word: str, words: tuple[str, ...], condition: Lines) -> Loop:
        opened = self._takes("word", "do")
        body = self.lines()
        return Loop(
            word, words, condition, body, opened and self._takes("word", "done")
        )

    def _case(self) -> Choice:
        arms: list[Lines] = []
        complete = False
        while True:
            while self._takes("operator", ";;", ";&", ";", "\n"):
                pass
            if self._next[0] != "pattern":
                break
            while self._next[0] == "pattern":
                complete |= self._next[1] == "*"
                self.at += 1
            arms.append(self.lines())
        return Choice(tuple(arms), complete, self._takes("word", "esac"))
