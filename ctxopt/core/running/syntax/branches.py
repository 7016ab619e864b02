"""Which commands of a shell text are run whatever happens, and which only may be.

`[ "$X" = 1 ] || exit 0; npm ci` is no promise that packages are installed; `if [ -f
yarn.lock ]; then yarn; else npm ci; fi` is, by one command or the other. No test is
judged. A command that is not a test is taken to do its work, unless the text says what
to do where it fails.
Rule: POSIX.1-2017, Shell Command Language, 2.9.3 (lists) and 2.9.4 (compound commands).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ctxopt.core.running.syntax.grammar import (
    Call,
    Chain,
    Choice,
    Function,
    Group,
    If,
    Lines,
    Loop,
    Node,
    Part,
    tree_of,
)
from ctxopt.core.running.syntax.pieces import Piece, pieces
from ctxopt.core.running.syntax.tokens import KNOWN_TEXTS
from ctxopt.core.running.syntax.ways import Way, Ways
from ctxopt.core.tuples import NamedTuple

# They are asked something: that they fail is one of two answers.
_QUESTIONS = frozenset(
    (
        *("[", "[[", "test", "false", "grep", "egrep", "fgrep", "which", "type"),
        *("hash", "diff", "cmp", "getent", "id", "pgrep", "expr", "let", "read"),
        *("ls", "stat"),
    )
)
# Words of a `for` that are there for certain: no variable, or numbers of seq. A pattern
# that fits nothing is a word itself (POSIX, 2.13.3), unless bash is told not to.
_ENTERED = r"[^$`]+|(?:\$\(|`)seq\s[^$`)]*[1-9][^$`)]*[)`]"
_LEAVING = frozenset({"exit", "return", "break", "continue", "exec"})
_MOST_ORS = 50  # of one chain
_MOST_CALLS = 20  # functions that call functions, so deep
_NEVER = 1_000_000  # more branches than there are
_PATTERN = r"[*?\[]"
_NULLGLOB = "nullglob"
_ERREXIT = r"\bset\s+-\w*e|-o\s+errexit|^#![^\n]*\s-\w*e"


class _End(NamedTuple):
    """How some commands may end, beside that they do their work."""

    fails: bool = False  # they never end well
    leaves: bool = False  # what stands behind them may not be reached
    asks: bool = False  # failing is one of two answers


@lru_cache(maxsize=KNOWN_TEXTS)
def branches(text: str, *, checked: bool) -> tuple[tuple[Ways, ...], int]:
    """The ways to each piece of a text, and how many branchings it has.

    `checked` says that the build fails where the last command of the text does.
    """
    found = pieces(text)
    walk = _Walk(len(found), errexit=re.search(_ERREXIT, text) is not None)
    walk.drops_patterns = _NULLGLOB in text
    tree = tree_of(found)
    walk.functions = {one.name: one for one in _functions(tree)}
    walk.lines(tree, (), checked=checked)
    while walk.functions:  # that nobody calls
        name = next(iter(walk.functions))
        walk.called(name, (walk.closed(),), checked=False)
    # What is not in the tree, as it lies too deep or is of no known grammar.
    lost = (walk.closed(),)
    both = zip(found, walk.found, strict=True)
    ways = (lost if _is_lost(*one) else one[1] or () for one in both)
    return tuple(map(walk.settled, ways)), len(walk.open_to)


def _is_lost(piece: Piece, ways: Ways | None) -> bool:
    return ways is None and not piece.kind and piece.words[:1] not in ((), ("for",))


def _functions(lines: Lines) -> Iterator[Function]:
    for chain in lines:
        for part in chain:
            if isinstance(part.node, Function):
                yield part.node
            elif isinstance(part.node, Group):
                yield from _functions(part.node.lines)


def _is_question(words: Sequence[str]) -> bool:
    program = words[0].rpartition("/")[2]
    asks = program == "command" and words[1:2] in (("-v",), ("-V",))
    return program in _QUESTIONS or asks or words[-1] in ("]]", "]")


class _Walk:
    """Goes through a tree, and notes the ways to its pieces."""

    def __init__(self, count: int, *, errexit: bool) -> None:
        self.found: list[Ways | None] = [None] * count
        self.errexit = errexit
        # By the number of a branching: the branches in which the build goes on.
        self.open_to: list[list[int]] = []
        self.functions: dict[str, Function] = {}
        self.ends: dict[str, _End] = {}  # of functions that were called
        self.calls = 0  # of functions, in one another
        # How many commands were met that leave the shell, and a function.
        self.exits = self.returns = 0
        self.alone = False  # in a shell whose failure does not matter
        self.loops = 0  # around the command
        self.drops_patterns = False  # that fit nothing

    def closed(self) -> Way:
        """A way that may be the wrong one."""
        return Way(self._fork([0, 1]), 0, 2)

    def _fork(self, open_to: list[int]) -> int:
        self.open_to.append(open_to)
        return len(self.open_to) - 1

    def settled(self, ways: Ways) -> Ways:
        """Ways without those that are the only ones on which a build goes on."""
        found = []
        for branching, branch, _ in ways:
            open_to = self.open_to[branching]
            if branch not in open_to:
                found.append(Way(branching, branch, _NEVER))
            elif len(open_to) > 1:
                found.append(Way(branching, branch, len(open_to)))
        return tuple(found)

    def lines(self, lines: Lines, ways: Ways, *, checked: bool) -> _End:
        """Chains, one behind the other."""
        fails = leaves = False
        end = _End()
        for number, chain in enumerate(lines, 1):
            end = self._chain(chain, ways, checked=checked and number == len(lines))
            fails |= end.fails
            if end.leaves and not leaves:  # one doubt is enough
                leaves = True
                ways = (*ways, self.closed())
        return _End(fails, leaves, end.asks)

    def _chain(self, chain: Chain, ways: Ways, *, checked: bool) -> _End:
        """Commands joined by `&&` and `||`, which go together from the left."""
        places = [at for at, one in enumerate(chain) if one.operator == "||"]
        if not places:
            return self._ands(chain, ways, checked=checked)
        if len(places) > _MOST_ORS:
            ways = (*ways, self.closed())
            return self._ands(chain, ways, checked=False)._replace(fails=False)
        at = places[-1]
        left, other, rest = chain[:at], chain[at], chain[at + 1 :]
        fork = self._fork([0, 1])
        is_last = checked and not rest
        instead = (*ways, Way(fork, 1, 2))
        second = self.part(other, instead, checked=is_last or self.errexit)
        # Then so does the build, or it is tried again: the left side has to end well.
        ends_it = second.asks or second.leaves or rest  # the loop, or may do so
        if second.fails or (self.loops and not ends_it and _ends_the_loop(left)):
            self.open_to[fork] = [0]
        first = self._chain(left, (*ways, Way(fork, 0, 2)), checked=True)
        fails = first.fails and second.fails
        end = _End(fails, first.leaves or second.leaves, second.asks)
        return self._behind(end, rest, ways, checked=checked)

    def _behind(self, end: _End, rest: Chain, ways: Ways, *, checked: bool) -> _End:
        """What follows behind `&&`, where the commands before it end well."""
        if not rest:
            return end
        if end.leaves or (end.asks and not checked):
            ways = (*ways, self.closed())
        last = self._ands(rest, ways, checked=checked)
        fails = end.fails or (last.fails and not end.asks)
        return _End(fails, last.leaves or end.leaves, last.asks or end.asks)

    def _ands(self, chain: Chain, ways: Ways, *, checked: bool) -> _End:
        fails = leaves = asks = False
        inside = ways
        for number, one in enumerate(chain, 1):
            end = self.part(one, inside, checked=checked and number == len(chain))
            fails |= end.fails and not asks
            leaves |= end.leaves
            asks |= end.asks
            if inside == ways and (end.leaves or (end.asks and not checked)):
                inside = (*ways, self.closed())  # one doubt is enough
        return _End(fails, leaves, asks)

    def part(self, part: Part, ways: Ways, *, checked: bool) -> _End:
        """One command of a chain."""
        for one in part.piped:
            self._node(one, ways, checked=False)
        end = self._node(part.node, ways, checked=checked and not part.negated)
        return _End(leaves=end.leaves, asks=True) if part.negated else end

    def _node(self, node: Node, ways: Ways, *, checked: bool) -> _End:
        if isinstance(node, Call):
            return self._call(node, ways, checked=checked)
        if isinstance(node, Function):
            return _End()
        if not node.closed:
            ways = (*ways, self.closed())
        if isinstance(node, Group):
            if not node.apart:
                return self.lines(node.lines, ways, checked=checked)
            before = self.exits, self.returns, self.alone
            self.alone = self.alone or not (checked or self.errexit)
            end = self.lines(node.lines, ways, checked=checked)
            self.exits, self.returns, self.alone = before
            return _End(fails=end.fails and checked, asks=end.asks)
        if isinstance(node, If):
            return self._if(node, ways)
        if isinstance(node, Choice):
            return self._arms(node.arms, ways, complete=node.complete)
        return self._loop(node, ways)

    def _call(self, node: Call, ways: Ways, *, checked: bool) -> _End:
        self.found[node.piece] = ways
        program, *rest = node.words
        if program in self.ends:
            return self.ends[program]
        if program in self.functions and self.calls < _MOST_CALLS:
            return self.called(program, ways, checked=checked)
        if program in _LEAVING and (rest or program != "exec"):
            fails = checked if program == "return" else program == "exit"
            fails = fails and not self.alone
            is_failure = re.fullmatch("[1-9][0-9]*", "".join(rest)) is not None
            if fails and is_failure:
                return _End(fails=True)
            self.exits += program in ("exit", "exec")
            self.returns += program == "return"
            return _End(leaves=True)
        if program == "false":
            return _End(fails=checked, asks=True)
        return _End(asks=_is_question(node.words))

    def called(self, name: str, ways: Ways, *, checked: bool) -> _End:
        """A function where it is called first."""
        body = self.functions.pop(name).body
        self.ends[name] = _End()  # where it calls itself
        exits, returns = self.exits, self.returns
        self.calls += 1
        end = self.part(body, ways, checked=checked)
        self.calls -= 1
        self.returns = returns
        self.ends[name] = end._replace(leaves=self.exits > exits)
        return self.ends[name]

    def _if(self, node: If, ways: Ways) -> _End:
        bodies = [body for _, body in node.arms]
        if node.other is not None:
            bodies.append(node.other)
        fork = len(self.open_to)
        end = self._arms(bodies, ways, complete=node.other is not None)
        for number, (condition, _) in enumerate(node.arms):
            if self.open_to[fork] == [1] and _is_negated(condition):
                self._chain(condition[0], ways, checked=True)
            elif not number and (self.open_to[fork] == [0] or _is_tried(node)):
                self.lines(condition, ways, checked=False)
            else:
                self.lines(condition, (*ways, self.closed()), checked=False)
        return end

    def _arms(self, arms: Sequence[Lines], ways: Ways, *, complete: bool) -> _End:
        """Bodies of which one is run, or none where they are not complete."""
        count = len(arms) + (not complete)
        fork = self._fork([*range(count)])
        leaves = False
        for number, one in enumerate(arms):
            inside = (*ways, Way(fork, number, count))
            end = self.lines(one, inside, checked=False)
            leaves |= end.leaves
            if end.fails:
                self.open_to[fork].remove(number)
        return _End(not self.open_to[fork], leaves)

    def _loop(self, node: Loop, ways: Ways) -> _End:
        is_entered = _is_entered(node, drops_patterns=self.drops_patterns)
        inside = ways if is_entered else (*ways, self.closed())
        before = self.exits + self.returns
        self.loops += 1
        end = self.lines(node.body, inside, checked=False)
        self.loops -= 1
        leaves = self.exits + self.returns > before  # for more than the loop
        # `until npm ci; do` ends where that has done its work, unless by `break`.
        is_last = node.word == "until" or _is_negated(node.condition)
        if not is_last or end.leaves:
            ways = (*ways, self.closed())
        self.lines(node.condition, ways, checked=is_last)
        return _End(fails=end.fails and is_entered, leaves=leaves)


def _is_entered(node: Loop, *, drops_patterns: bool) -> bool:
    """Whether the body of a loop is run at least once, as far as words tell.

    `for i in 1 2 3`, `for i in $(seq 3)`, `while true`; or a loop that counts and ends
    by `break`, to try something again.
    """
    if node.word == "for":
        return any(
            re.fullmatch(_ENTERED, one)
            and not (drops_patterns and re.search(_PATTERN, one))
            for one in node.words[3:]
        )
    if node.word != "while" or len(node.condition) != 1:
        return False
    words = [*_first_words(node.condition)]
    if words in (["true"], [":"]):
        return True
    counts = words[:1] in (["["], ["[["], ["test"]) and {"-lt", "-le"} & {*words}
    return bool(counts) and any(_ends_the_loop(one) for one in node.body)


def _ends_the_loop(chain: Chain) -> bool:
    """Whether a chain is of the kind `npm ci && break`: what is tried, then the end."""
    first, *rest = chain
    ends = [one for one in rest if one.operator == "&&"]
    is_tried = isinstance(first.node, Call) and not _is_question(first.node.words)
    return (
        is_tried
        and not first.negated
        and any(
            isinstance(one.node, Call) and one.node.words in (("break",), ("exit", "0"))
            for one in ends
        )
    )


def _is_tried(node: If) -> bool:
    """Whether a condition has work to do, and nothing is done where that fails.

    For example, `if npm ci; then echo done; fi`.
    """
    (condition, _), *others = node.arms
    words = [*_first_words(condition)]
    is_one = len(condition) == 1 and len(condition[0]) == 1
    plain = is_one and not condition[0][0].piped and not others and node.other is None
    return plain and bool(words) and not _is_question(words)


def _first_words(lines: Lines) -> Iterator[str]:
    if lines and lines[0] and not lines[0][0].negated:
        node = lines[0][0].node
        yield from node.words if isinstance(node, Call) else ()


def _is_negated(lines: Lines) -> bool:
    """Whether a condition is one command that is not to fail: `! npm ci`."""
    return len(lines) == 1 and len(lines[0]) == 1 and lines[0][0].negated
