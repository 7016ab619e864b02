"""The text of a RUN as its single commands, each with the folder that it runs in.

Rule: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3 (tokens) and 2.10.2
(operators), as far as it takes to tell the commands of a line apart.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ctxopt.core.running.words import HOME
from ctxopt.core.tuples import NamedTuple

MOST_TURNS = 20  # of a loop that are read
MOST_DEPTH = 5  # of commands inside commands: `sh -c "$(...)"`

_OPERATOR = r"&&|\|\||;;|;&|\|&|[;|&\n()]"
_NAME = r"\$(?:(\w+)|\{(\w+)(?::?[-=+?]([^}]*))?\})"
# Texts that are kept in pieces: builds of one repository run the same scripts.
_KNOWN_TEXTS = 1024
_HEREDOC = r"<<(-?)\s*(['\"]?)(\w+)\2"
# Words that stand in front of a command, and take none away.
_BEFORE = frozenset(
    (
        *("if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi"),
        *("done", "esac", "time", "exec", "command", "builtin", "eval", "sudo"),
        *("nohup", "tini", "dumb-init", "exec-in", "catatonit", "s6-setuidgid"),
        *("npx", "bunx", "pnpx", "doas", "ionice", "xargs", "env", "nice", "--"),
        *("/sbin/tini", "/usr/bin/tini", "/usr/bin/dumb-init", "/usr/bin/env"),
    )
)
_WITH_VALUE = frozenset({"timeout", "gosu", "su-exec", "chpst", "setpriv"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
# They set variables and start another program, with the options that take a value.
_STARTERS = {
    "cross-env": (),
    "cross-env-shell": (),
    "dotenv": ("-e", "-v", "-p", "-f"),
    "dotenvx": ("-f", "-e"),
    "env-cmd": ("-f", "--file", "-e", "--environments", "-r", "--rc-file"),
    "doppler": (),
    "infisical": (),
}


class Simple(NamedTuple):
    """One command: its words as the shell would hand them on."""

    words: tuple[str, ...]
    folder: str  # it runs there
    settings: tuple[str, ...] = ()  # `NAME=value` in front of it

    @property
    def text(self) -> str:
        """All of it, as messages and expressions see it."""
        return " ".join((*self.settings, *self.words))

    @property
    def program(self) -> str:
        """The name of its program, without a folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""


def commands_in(
    text: str, folder: str, variables: Mapping[str, str] | None = None, depth: int = 0
) -> Iterator[Simple]:
    """The commands of a piece of shell, those inside of others, too.

    `folder` is where it begins. What a variable that is not known would say stays as
    it is written.
    """
    if depth > MOST_DEPTH:
        return
    shell = _Shell(folder, dict(variables or {}), depth)
    yield from shell.read(text)


def exec_command(
    words: tuple[str, ...], folder: str, variables: Mapping[str, str] | None = None
) -> Iterator[Simple]:
    """The commands of an array of words, as CMD may have it."""
    shell = _Shell(folder, dict(variables or {}), 0)
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

    def __init__(self, folder: str, variables: dict[str, str], depth: int) -> None:
        self.folder = folder
        self.variables = variables
        self.depth = depth
        self.around: list[str] = []  # folders of the shells around this one
        self.cases = 0  # those that are open
        self.loops: dict[str, list[str]] = {}  # what a `for` gives its name in turn

    def read(self, text: str) -> Iterator[Simple]:
        """The commands of a text."""
        words: list[str] = []
        is_pattern = False  # of a `case`, up to its bracket
        for part, is_operator in _tokens(text):
            if not is_operator:
                words.append(part)
                if _opens_case(words):
                    yield from self._inside(words)
                    self.cases, is_pattern, words = self.cases + 1, True, []
                elif words == ["esac"] and self.cases:
                    self.cases, is_pattern, words = self.cases - 1, False, []
                continue
            if is_pattern:
                is_pattern, words = part != ")", []
                continue
            yield from self.take(words)
            words = []
            if part in (";;", ";&"):
                is_pattern = bool(self.cases)
            elif part == "(":
                self.around.append(self.folder)
            elif part == ")" and self.around:
                self.folder = self.around.pop()
        yield from self.take(words)

    def _inside(self, raw: list[str]) -> Iterator[Simple]:
        """The commands inside of words: `$(...)`."""
        for word in raw:
            for inner in _substituted(word):
                yield from commands_in(
                    inner, self.folder, self.variables, self.depth + 1
                )

    def take(self, raw: list[str]) -> Iterator[Simple]:
        """One command, and those inside its words."""
        yield from self._inside(raw)
        start = _of_command(raw)
        if raw[start : start + 1] == ["for"] and raw[start + 2 : start + 3] == ["in"]:
            self.loops[raw[start + 1]] = raw[start + 3 :][:MOST_TURNS]
            return
        # Where `cd $name` leads in the end is not known.
        loops = {} if raw[start : start + 1] in (["cd"], ["pushd"]) else self.loops
        for words in _turns(raw, loops):
            yield from self._taken(words)

    def _taken(self, raw: list[str]) -> Iterator[Simple]:
        words = [expanded(_bare(word), self.variables) for word in raw]
        settings, words = _unwrapped(words)
        for one in settings:
            name, _, value = one.partition("=")
            self.variables[name] = value
        if not words:
            if settings:
                yield Simple((), self.folder, tuple(settings))
            return
        yield from self._run(settings, words)

    def _run(self, settings: list[str], words: list[str]) -> Iterator[Simple]:
        program = words[0].rpartition("/")[2]
        if program in ("cd", "pushd"):
            self._go(words)
            return
        if program in ("export", "local", "readonly"):
            yield from self.take(words[1:])
            return
        script = _script_of(program, words)
        if script is not None:
            yield from commands_in(script, self.folder, self.variables, self.depth + 1)
            return
        own = _own_words(program, words)
        yield Simple(tuple(words[:own]), self.folder, tuple(settings))
        yield from self._started(words[own:])

    def _started(self, words: list[str]) -> Iterator[Simple]:
        """What a program that starts another one is told to start."""
        words = words[1:] if words[:1] == ["--"] else words
        if words and " " in words[-1] and all("=" in one for one in words[:-1]):
            text = " ".join(words)  # `cross-env-shell A=1 "next build && next export"`
            yield from commands_in(text, self.folder, self.variables, self.depth + 1)
        elif words:
            yield from self._taken(words)

    def _go(self, words: list[str]) -> None:
        to = next((one for one in words[1:] if not one.startswith("-")), HOME)
        if "dirname" in to or "BASH_SOURCE" in to:
            # `cd "$(dirname "$0")/.."`: beside the script, which is where it starts.
            to = to.rpartition(")")[2].strip("/") or "."
        self.folder = placed(self.folder, to)


def _of_command(words: list[str]) -> int:
    """Where a command begins, behind `do`, `then` and their like."""
    return next((at for at, one in enumerate(words) if one not in _BEFORE), len(words))


def _opens_case(words: list[str]) -> bool:
    """Whether words are `case WORD in`, with nothing but `then` and the like before."""
    return words[-1] == "in" and words[_of_command(words) : -2] == ["case"]


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


def placed(folder: str, path: str) -> str:
    """A path as seen from a folder, without `.` and `..`."""
    return posixpath.normpath(posixpath.join(folder, path))


def _script_of(program: str, words: list[str]) -> str | None:
    """What `sh -c` and the like are to run."""
    if program in _SHELLS or program in ("su", "runuser"):
        for at, word in enumerate(words[1:-1], 1):
            if re.fullmatch(r"-\w*c", word) or word == "--command":
                return words[at + 1]
    return None


def _own_words(program: str, words: list[str]) -> int:
    """How many words are for a program itself: all, if it starts no other one.

    `dotenv -e .env.production -- next build` are three for `dotenv`.
    """
    valued = _STARTERS.get(program)
    if valued is None:
        return len(words)
    if "--" in words:
        return words.index("--")
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in valued else 1
    return min(at, len(words))


def _unwrapped(words: list[str]) -> tuple[list[str], list[str]]:
    """The settings in front of a command, and the command without what wraps it."""
    settings: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if re.match(r"\w+\+?=", word):
            settings.append(word)
        elif word in _WITH_VALUE:
            at += 1
            while at < len(words) and words[at].startswith("-"):
                at += 1
        elif word == "command" and words[at + 1 : at + 2] in (["-v"], ["-V"]):
            break  # it only asks for the program
        elif word in _BEFORE:
            while at + 1 < len(words) and words[at + 1].startswith("-"):
                at += 1
                if words[at] == "--":
                    break
        elif word == "&&":
            pass
        else:
            break
        at += 1
    return settings, words[at:]


def _bare(word: str) -> str:
    """A word without its quotes and backslashes."""
    if not any(one in word for one in "'\"\\"):
        return word
    found: list[str] = []
    quote = ""
    at = 0
    while at < len(word):
        one = word[at]
        if one == "\\" and quote != "'" and at + 1 < len(word):
            at += 1
            found.append(word[at])
        elif one in "'\"" and quote in ("", one):
            quote = "" if quote else one
        else:
            found.append(one)
        at += 1
    return "".join(found)


def _substituted(word: str) -> Iterator[str]:
    """The texts of `$(...)` and of backticks in a word that single quotes spare."""
    at = 0
    quoted = False  # by double quotes, in which single ones mean nothing
    while at < len(word):
        one = word[at]
        if one == "\\":
            at += 1
        elif one == '"':
            quoted = not quoted
        elif one == "'" and not quoted:
            at = _end(word, at + 1, "'")
        elif one == "`":
            end = _end(word, at + 1, "`")
            yield word[at + 1 : end]
            at = end
        elif word.startswith("$(", at) and not word.startswith("$((", at):
            end = _closing(word, at + 2)
            yield word[at + 2 : end]
            at = end
        at += 1


def _end(text: str, at: int, quote: str) -> int:
    found = text.find(quote, at)
    return len(text) if found < 0 else found


def _closing(text: str, at: int) -> int:
    """Where the bracket that was opened before `at` is closed."""
    depth = 1
    while at < len(text):
        one = text[at]
        if one == "\\":
            at += 1
        elif one == "'":
            at = _end(text, at + 1, "'")
        elif one in "()":
            depth += 1 if one == "(" else -1
            if not depth:
                return at
        at += 1
    return at


@lru_cache(maxsize=_KNOWN_TEXTS)
def _tokens(text: str) -> tuple[tuple[str, bool], ...]:
    """The words of a text, and the operators between them (with True)."""
    return (*_split(text),)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    text = _without_bodies(text.replace("\\\n", ""))
    word: list[str] = []
    at = 0
    while at < len(text):
        one = text[at]
        end = _word_end(text, at)
        if end > at:
            word.append(text[at:end])
            at = end
            continue
        found = re.compile(_OPERATOR).match(text, at)
        operator = found[0] if found is not None else ""
        if word and (operator or one.isspace()):
            yield "".join(word), False
            word = []
        if operator:
            yield operator, True
            at += len(operator)
        elif one == "#" and not word:
            at = _end(text, at, "\n")
        elif one in "<>":
            at, read = _redirected(text, at)
            if word and "".join(word).isdigit():
                word = []
            if read:
                yield read, False
        else:
            if not one.isspace():
                word.append(one)
            at += 1
    if word:
        yield "".join(word), False


def _without_bodies(text: str) -> str:
    """A text without what its heredocs hold."""
    if "<<" not in text:
        return text
    kept: list[str] = []
    close = ""  # the line that ends the body we are in
    for line in text.split("\n"):
        if close:
            close = "" if line.strip("\t") == close else close
            continue
        kept.append(line)
        found = re.search(_HEREDOC, line)
        close = found[3] if found is not None else ""
    return "\n".join(kept)


def _word_end(text: str, at: int) -> int:
    """Where a part of a word ends that only quotes or brackets hold together."""
    one = text[at]
    if one == "\\":
        return min(at + 2, len(text))
    if one == "'":
        return _end(text, at + 1, "'") + 1
    if one == "`":
        return _end(text, at + 1, "`") + 1
    if text.startswith("$(", at):
        return _closing(text, at + 2) + 1
    if text.startswith("${", at):
        return _end(text, at, "}") + 1
    if one != '"':
        return at
    at += 1
    while at < len(text) and text[at] != '"':
        if text[at] in "\\`" or text.startswith("$(", at):
            at = _word_end(text, at)
        else:
            at += 1
    return at + 1


def _redirected(text: str, at: int) -> tuple[int, str]:
    """Where a redirection ends, and the file that it reads; "" for none."""
    heredoc = re.compile(_HEREDOC).match(text, at)
    if heredoc is not None:
        return heredoc.end(), ""
    found = re.compile(r"(<>|<|>>|>\||>)(&?)\s*([^\s;&|<>()]*)").match(text, at)
    if found is None:
        return at + 1, ""
    reads = found[1] in ("<", "<>") and not found[2]
    return found.end(), found[3] if reads else ""
