"""The text of a RUN as its single commands, each with the folder that it runs in.

Rule: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3 (tokens) and 2.10.2
(operators), as far as it takes to tell the commands of a line apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, repeat

from ctxopt.core.running.syntax.braces import without_braces
from ctxopt.core.running.syntax.pieces import CHOICE, pieces
from ctxopt.core.running.syntax.tokens import bare, substituted
from ctxopt.core.running.syntax.ways import Way, Ways
from ctxopt.core.running.whereabouts import GOING, Whereabouts, placed
from ctxopt.core.running.wrapping import (
    WRAPPERS,
    inner_folder,
    inner_words,
    own_words,
    sent_to,
    unwrapped,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.running.piping import Piped

MOST_TURNS = 20  # of a loop that are read
MOST_DEPTH = 5  # of commands inside commands: `sh -c "$(...)"`
MOST_VALUE = 4_000  # characters of a variable

_NAME = r"\$(?:(\w+)|\{(\w+)(?::?[-=+?]([^}]*))?\})"
# Without any of it all commands of a text are run, one behind the other.
_BRANCHING = (
    r"\|\||\b(?:if|case|for|while|until|exit|return|break|continue|exec|function)\b|"
    r"\(\s*\)"
)
# Nor with these, unless `&&` says what their answer is for.
_ASKING = (
    r"(?:^|[\s;&|(/])(?:!|\[\[?|test|false|\w*grep|which|type|hash|diff|cmp|command|"
    r"getent|id|expr|let|read|ls|stat)\s"
)
_FOR_FILES = frozenset({"find", "parallel"})
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})


class Simple(NamedTuple):
    """One command: its words as the shell would hand them on."""

    words: tuple[str, ...]
    folder: str  # it runs there
    settings: tuple[str, ...] = ()  # `NAME=value` in front of it
    ways: Ways = ()  # the branches that lead to it

    @property
    def text(self) -> str:
        """All of it, as messages and expressions see it."""
        return " ".join((*self.settings, *self.words))

    @property
    def program(self) -> str:
        """The name of its program, without a folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""


def commands_in(
    text: str,
    folder: str,
    variables: Mapping[str, str] | None = None,
    *,
    checked: bool = True,
    numbers: Iterator[int] | None = None,
    script: str = "",
) -> Iterator[Simple]:
    """The commands of a piece of shell, those inside of others, too.

    `folder` is where it begins, `script` the place of the file that it is, if any. What
    a variable that is not known would say stays as it is written. `checked` says that
    the build fails where its last command does, and `numbers` tell the branchings of
    all texts of a build apart.
    """
    shell = _Shell(folder, dict(variables or {}), numbers or count(), script=script)
    yield from shell.read(text, checked=checked)


def exec_command(
    words: tuple[str, ...],
    folder: str,
    variables: Mapping[str, str] | None = None,
    numbers: Iterator[int] | None = None,
) -> Iterator[Simple]:
    """The commands of an array of words, as CMD may have it."""
    shell = _Shell(folder, dict(variables or {}), numbers or count())
    yield from shell.take(list(words))


def expanded(word: str, variables: Mapping[str, str]) -> str:
    """A word with the variables that are known."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        default = found[3] if found[3] is not None else found[0]
        return variables.get(name, default)

    return re.sub(_NAME, value, word) if "$" in word else word


class _Shell:
    """A shell that goes through a text, and knows where it is."""

    def __init__(
        self,
        folder: str,
        variables: dict[str, str],
        numbers: Iterator[int],
        *,
        depth: int = 0,
        ways: Ways = (),
        script: str = "",
    ) -> None:
        self.where = Whereabouts(folder)
        self.script = script
        self.variables = variables
        self.numbers = numbers
        self.depth = depth
        self.ways = ways  # to the command that is read
        self.loops: dict[str, list[str]] = {}  # what a `for` gives its name in turn
        self.gets: Piped | None = None  # through a pipe, for the command that is read
        self.last: list[str] = []  # the words of the command before

    def read(self, text: str, *, checked: bool) -> Iterator[Simple]:
        """The commands of a text."""
        outer = self.ways
        found = pieces(text)
        for piece, ways in zip(
            found, self._branches(text, checked=checked), strict=False
        ):
            self.ways = (*outer, *ways)
            self.where.look(self.ways)
            self.last = []
            if piece.kind == CHOICE:
                yield from self._inside(piece.words)
            elif not piece.kind:
                yield from self.take(list(piece.words))
            if piece.operator in ("|", "|&"):
                from ctxopt.core.running.piping import piped  # start-up: few are piped

                self.gets = piped(self.last, self.gets)
            elif piece.words:
                self.gets = None
            if piece.operator == "(":
                self.where.enter()
            elif piece.operator == ")":
                self.where.leave()

    def _branches(self, text: str, *, checked: bool) -> Iterable[Ways]:
        """The ways to the pieces of a text, told apart from those of other texts."""
        if not re.search(_BRANCHING, text) and not (
            "&&" in text and re.search(_ASKING, text.replace("\\\n", ""))
        ):
            return repeat(())
        # Start-up: most have none.
        from ctxopt.core.running.syntax.branches import branches

        found, several = branches(text, checked=checked)
        own = [next(self.numbers) for _ in range(several)]
        return [
            tuple(one._replace(branching=own[one.branching]) for one in ways)
            for ways in found
        ]

    def _shell(self, text: str) -> Iterator[Simple]:
        """The commands of a shell that this one starts."""
        if self.depth < MOST_DEPTH:
            yield from self._inner().read(text, checked=False)

    def _evaluated(self, text: str) -> Iterator[Simple]:
        """The commands of a text that this shell itself reads, as `eval` does."""
        if self.depth < MOST_DEPTH:
            outer = self.ways
            self.depth += 1
            yield from self.read(text, checked=False)
            self.depth -= 1
            self.ways = outer

    def _inside(self, raw: Iterable[str]) -> Iterator[Simple]:
        """The commands inside of words: `$(...)`."""
        for word in raw:
            for inner in substituted(word):
                yield from self._shell(inner)

    def take(self, raw: list[str]) -> Iterator[Simple]:
        """One command, and those inside its words."""
        yield from self._inside(raw)
        start = _of_command(raw)
        if raw[start : start + 1] == ["for"] and raw[start + 2 : start + 3] == ["in"]:
            self.loops[raw[start + 1]] = raw[start + 3 :][:MOST_TURNS]
            return
        if raw[start : start + 1] == ["read"] and self.gets:
            self.loops[raw[-1]] = [*self.gets.names]
            return
        # Where `cd $name` leads in the end is not known.
        loops = {} if raw[start : start + 1] in (["cd"], ["pushd"]) else self.loops
        for words in _turns(raw, loops):
            yield from self.taken(words)

    def taken(self, raw: list[str]) -> Iterator[Simple]:
        """One command in one turn of a loop."""
        words = [word for one in raw for word in self._known(one)]
        if self.gets and "xargs" in words[:2]:
            from ctxopt.core.running.piping import with_names  # start-up, as above

            words = with_names(words, self.gets.names)
        outer = self.ways
        if "xargs" in words[:2]:  # it may get nothing
            self.ways = (*outer, Way(next(self.numbers), 0, 2))
        folder, words = sent_to(words)
        if folder and self.depth < MOST_DEPTH:
            yield from self._inner(folder).taken(words)
        else:
            yield from self._started_by(words)
        self.ways = outer

    def _started_by(self, words: list[str]) -> Iterator[Simple]:
        """What words start, with all that stands around it."""
        settings, words = unwrapped(words)
        for one in settings:
            name, _, value = one.partition("=")
            self.variables[name] = value[:MOST_VALUE]
        if not words:
            if settings:
                yield from self._here(settings, [])
            return
        self.last = words
        yield from self._run(settings, words)

    def _known(self, raw: str) -> list[str]:
        """A word as the program gets it, as far as that is known.

        It is several where a variable that is not quoted has several in it, or where
        it has braces.
        """
        if "$" not in raw and "`" not in raw:
            words = without_braces(raw) if "{" in raw else [raw]
            return [bare(one) for one in words]
        word = expanded(raw, self.variables)
        if "$" in word or "`" in word:
            from ctxopt.core.running.ownplace import answered, asks  # start-up: few do

            if asks(word):
                word = answered(word, self.script, self.where.folder)
        if word != raw and raw[:1] == "$" and not re.search(r"[\"'`(]|=", raw):
            return word.split()  # POSIX, 2.6.5: field splitting
        return [bare(word)]

    def _run(self, settings: list[str], words: list[str]) -> Iterator[Simple]:
        program = words[0].rpartition("/")[2]
        if program in GOING:
            self.where.go(words, self.ways)
            return
        if program in _DECLARING:
            at = next((n for n, one in enumerate(words) if n and one[:1] != "-"), None)
            yield from self.take(words[at:]) if at else ()
            return
        if program == "eval":
            yield from self._evaluated(" ".join(words[1:]))
            return
        script = _script_of(program, words)
        if script is not None:
            outer = self.ways
            if program == "trap":  # at the end, or where a signal comes, or never
                self.ways = (*outer, Way(next(self.numbers), 0, 2))
            yield from self._shell(script)
            self.ways = outer
            return
        if self.gets or program in _FOR_FILES:
            yield from self._for_files(program, words)
        if self.gets and program in _SHELLS and all(w[:1] == "-" for w in words[1:]):
            for one in self.gets.texts:  # `cat x.sh | sh`
                yield from self._here([], [*words, one])
        own = own_words(program, words)
        yield from self._here(settings, words[:own])
        inside = words[own:]
        if not inside and (inside := inner_words(program, words)):
            folder = inner_folder(program, words)
            if folder and self.depth < MOST_DEPTH:
                yield from self._inner(folder).started(inside)
                return
        yield from self.started(inside)

    def _for_files(self, program: str, words: list[str]) -> Iterator[Simple]:
        """What is done with the files that find finds, or that a pipe brings."""
        # start-up: few do anything with several files
        from ctxopt.core.running.piping import FOUND, executed, side_by_side, unpacked

        if program == "parallel":
            told = "sh", "-c", side_by_side(words)
            yield from self._perhaps([*told])
            return
        copies = unpacked(words, self.where.folder, self.gets) if self.gets else None
        if copies is not None:
            yield from self._here([], copies)
        for one in executed(words) if program == "find" else ():
            for folder in one.folders or (".",):
                yield from self._perhaps(one.words, folder)
            for folder in one.folders:
                yield from self._perhaps(one.words, placed(folder, FOUND))

    def _perhaps(self, words: list[str], folder: str = ".") -> Iterator[Simple]:
        """A command that is run in a folder, or not at all."""
        if self.depth < MOST_DEPTH:
            doubt = Way(next(self.numbers), 0, 2)
            yield from self._inner(folder, doubt).taken(words)

    def _inner(self, folder: str = ".", *ways: Way) -> _Shell:
        """A shell that this one starts, in a folder, and on some more branches."""
        return _Shell(
            placed(self.where.folder, folder),
            dict(self.variables),
            self.numbers,
            depth=self.depth + 1,
            ways=(*self.ways, *ways),
            script=self.script,
        )

    def _here(self, settings: list[str], words: list[str]) -> Iterator[Simple]:
        """A command where it is run; once for each folder that may be."""
        one = Simple(tuple(words), self.where.folder, tuple(settings), self.ways)
        if not self.where.others:
            yield one
            return
        folders = (one.folder, *self.where.others)
        number = next(self.numbers)
        for branch, folder in enumerate(folders):
            way = Way(number, branch, len(folders))
            yield one._replace(folder=folder, ways=(*self.ways, way))

    def started(self, words: list[str]) -> Iterator[Simple]:
        """What a program that starts another one is told to start."""
        words = words[1:] if words[:1] == ["--"] else words
        if words and " " in words[-1] and all("=" in one for one in words[:-1]):
            # `cross-env-shell A=1 "next build && next export"`
            yield from self._shell(" ".join(words))
        elif words:
            yield from self.taken(words)


def _of_command(words: list[str]) -> int:
    """Where a command begins, behind `do`, `then` and their like."""
    return next((at for at, one in enumerate(words) if one not in WRAPPERS), len(words))


def _turns(words: list[str], loops: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The words of a command in each turn of the loop whose name is in them."""
    for name, values in loops.items():
        named = re.compile(rf"\$(?:{re.escape(name)}\b|\{{{re.escape(name)}\}})")
        if any(named.search(one) for one in words):
            for value in values:
                said = value.replace("\\", r"\\")
                yield [named.sub(said, one) for one in words]
            return
    yield words


def _script_of(program: str, words: list[str]) -> str | None:
    """What `sh -c` and the like are to run, and `trap` in the end."""
    if program == "trap" and len(words) > 2 and words[1][:1] not in ("", "-"):
        return words[1]
    if program in _SHELLS or program in ("su", "runuser"):
        for at, word in enumerate(words[1:-1], 1):
            if re.fullmatch(r"-\w*c", word) or word == "--command":
                return words[at + 1]
    return None
