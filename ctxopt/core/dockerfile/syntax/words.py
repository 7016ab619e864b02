"""One logical line -> instruction, flags and arguments, before their meaning.

Rule: moby/buildkit, parser/split_command.go and parser/line_parsers.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import BYTE_SPACES, SPACES, as_runes, lower, trim_space
from ctxopt.core.tuples import NamedTuple

BLANKS = re.compile(r"[\t\v\f\r ]+")  # no newline: it ends a line

_QUOTES = ("'", '"')
# No chain is allowed, but BuildKit first reads the last instruction of it and may
# refuse that; a chain of this length is refused as what it is.
_MAX_CHAIN = 100


class SplitLine(NamedTuple):
    """The words of one logical line, as the line parser leaves them.

    The first of four forms of an instruction: it knows neither its place in the file
    nor what its words mean, and so does for a line of a trigger, too.
    """

    name: str  # as written
    flags: tuple[str, ...]
    arguments: tuple[str, ...]
    json: bool  # for ONBUILD: of the trigger
    original: str  # the logical line
    trigger: str = ""  # the instruction that stands after ONBUILD


def split_line(line: str, escape: str) -> SplitLine:
    """Take a logical line apart.

    Raises RuleError for what the line parser itself refuses.
    """
    outer: list[tuple[str, tuple[str, ...], str]] = []
    while True:
        name, flags, rest = _split_command(line, escape)
        if lower(name) != "onbuild" or not rest:
            break
        outer.append((name, flags, line))
        if len(outer) > _MAX_CHAIN:
            raise chained_onbuild()
        line = rest
    arguments, is_json = _LINE_PARSERS.get(lower(name), _ignore)(rest, escape)
    parsed = SplitLine(name, flags, arguments, is_json, line)
    for name, flags, line in reversed(outer):
        trigger = parsed.name
        parsed = SplitLine(name, flags, (trigger,), parsed.json, line, trigger)
    return parsed


def chained_onbuild() -> RuleError:
    """Give what is said to `ONBUILD ONBUILD`."""
    message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
    return RuleError(message, "write ONBUILD once")


def _split_command(line: str, escape: str) -> tuple[str, tuple[str, ...], str]:
    name, *rest = BLANKS.split(trim_space(line), maxsplit=1)
    if not rest:
        return name, (), ""
    flags, arguments = _split_flags(rest[0], escape)
    return name, flags, trim_space(arguments)


def _split_flags(line: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Split off the leading `--` words.

    BuildKit reads them byte by byte and writes every byte back as a character of
    its own, so letters beyond ASCII come out as two or more; that is kept.
    """
    octets = line.encode("utf-8", "surrogateescape").decode("latin-1")
    flags, position = _flag_words(octets, escape)
    return flags, _from_octets(octets[position:])


def _flag_words(line: str, escape: str) -> tuple[tuple[str, ...], int]:
    """Give the flags and where the arguments begin."""
    flags: list[str] = []
    position = 0
    while True:
        while position < len(line) and line[position] in BYTE_SPACES:
            position += 1
        if not line.startswith("--", position):
            return tuple(flags), position
        word, quoted, position = _flag_word(line, position, escape)
        at_end = position == len(line)
        if word == "--":
            return tuple(flags), position
        if word or quoted:
            flags.append(word)
        if at_end:
            return tuple(flags), position


def _flag_word(line: str, position: int, escape: str) -> tuple[str, bool, int]:
    """Give one word without its quotes, whether it had any, and where it ends."""
    word: list[str] = []
    quoted, opening = False, ""
    while position < len(line):
        char = line[position]
        if not opening and char in BYTE_SPACES:
            break
        position += 1
        if opening and char == opening:
            opening = ""
        elif not opening and char in _QUOTES:
            quoted, opening = True, char
        elif char != escape:
            word.append(char)
        elif position < len(line):
            word.append(line[position])
            position += 1
    return "".join(word), quoted, position


def _ignore(_rest: str, _escape: str) -> tuple[tuple[str, ...], bool]:
    return (), False


def _whole(rest: str, _escape: str) -> tuple[tuple[str, ...], bool]:
    return ((rest,) if rest else ()), False


def _words(rest: str, _escape: str) -> tuple[tuple[str, ...], bool]:
    return (tuple(BLANKS.split(rest)) if rest else ()), False


def _string_array(rest: str) -> tuple[str, ...] | None:
    """The strings of a JSON array, None if it is none."""
    if not rest.lstrip().startswith("["):
        return None
    from ctxopt.core.golang.jsonarray import string_array  # start-up: it takes json

    return string_array(rest)


def _maybe_json(rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    elements = _string_array(rest)
    return _whole(rest, escape) if elements is None else (elements, True)


def _maybe_json_list(rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    elements = _string_array(rest)
    return _words(rest, escape) if elements is None else (elements, True)


def _names(rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    return tuple(_quoted_words(rest, escape)), False


def _health(rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    """Split off the first word; byte by byte, as BuildKit does."""
    octets = rest.encode("utf-8", "surrogateescape").decode("latin-1")
    size = next((i for i, c in enumerate(octets) if c in BYTE_SPACES), len(octets))
    if size == 0:
        return (), False
    kind, command = octets[:size], octets[size:].lstrip(BYTE_SPACES)
    arguments, is_json = _maybe_json(_from_octets(command), escape)
    return (_from_octets(kind), *arguments), is_json


def _from_octets(octets: str) -> str:
    return octets.encode("latin-1").decode("utf-8", "surrogateescape")


def _pairs(instruction: str) -> Callable[[str, str], tuple[tuple[str, ...], bool]]:
    """Make the parser of `ENV` and `LABEL`: key, value, delimiter, and so on."""

    def parse(rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
        words = _quoted_words(rest, escape)
        if not words:
            return (), False
        if "=" not in words[0]:
            parts = BLANKS.split(rest, maxsplit=1)
            if len(parts) == 1:
                message = f"{instruction} must have two arguments"
                raise RuleError(message, f"write {instruction} NAME=VALUE")
            return (*parts, ""), False
        found: list[str] = []
        for word in words:
            key, equals, value = word.partition("=")
            if not equals:
                message = (
                    f"Syntax error - can't find = in {quote(word)}. "
                    "Must be of the form: name=value"
                )
                raise RuleError(message, "quote values that hold blanks")
            found += (key, value, equals)
        return tuple(found), False

    return parse


def _quoted_words(rest: str, escape: str) -> list[str]:
    """Split at blanks that are neither quoted nor escaped; quotes stay.

    Rule: moby/buildkit, parser/line_parsers.go, parseWords.
    """
    words: list[str] = []
    rest = as_runes(rest)
    position = 0
    while True:
        while position < len(rest) and rest[position] in SPACES:
            position += 1
        if position == len(rest):
            return words
        word, position = _quoted_word(rest, position, escape)
        if word:
            words.append(word)


def _quoted_word(rest: str, position: int, escape: str) -> tuple[str, int]:
    word: list[str] = []
    opening = ""
    while position < len(rest):
        char = rest[position]
        if not opening and char in SPACES:
            break
        position += 1
        if not opening and char in _QUOTES:
            opening = char
        elif char == opening:
            opening = ""
        if char == escape and opening != "'":
            if position == len(rest):
                break
            word.append(char)
            char = rest[position]
            position += 1
        word.append(char)
    return "".join(word), position


_LINE_PARSERS: dict[str, Callable[[str, str], tuple[tuple[str, ...], bool]]] = {
    "add": _maybe_json_list,
    "arg": _names,
    "cmd": _maybe_json,
    "copy": _maybe_json_list,
    "entrypoint": _maybe_json,
    "env": _pairs("ENV"),
    "expose": _words,
    "from": _words,
    "healthcheck": _health,
    "label": _pairs("LABEL"),
    "maintainer": _whole,
    "onbuild": _ignore,
    "run": _maybe_json,
    "shell": _maybe_json,
    "stopsignal": _whole,
    "user": _whole,
    "volume": _maybe_json_list,
    "workdir": _whole,
}
