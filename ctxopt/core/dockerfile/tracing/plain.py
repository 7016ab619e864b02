"""Instructions that read nothing: ENV sets variables, others are only checked.

Rule: moby/buildkit, dockerfile2llb/convert.go, the dispatch functions; the classic
builder does the same.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import partial

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.dockerfile.values.checks import check_ports, check_signal
from ctxopt.core.dockerfile.words.expand import Expansion, Lexer
from ctxopt.core.dockerfile.words.variables import Doubts, is_unknown, merged
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.tuples import NamedTuple


class PlainEffect(NamedTuple):
    """What an instruction sets, and what is not known of its own check."""

    values: Mapping[str, Expansion] = {}
    doubts: Doubts = ()


def apply_plain(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> PlainEffect:
    """Execute an instruction that reads nothing; give the variables it sets.

    Raises RuleError.
    """
    if instruction.name == "ENV":
        return PlainEffect(_environment(instruction, lexer, variables))
    check = _CHECKS.get(instruction.name)
    if check is None:
        return PlainEffect()
    return PlainEffect(doubts=check(instruction, lexer, variables))


def joined(workdir: str | None, path: Expansion) -> str | None:
    """The folder after a WORKDIR; None where an image that is not read decides it."""
    if path.doubts:
        return None
    if path.text.startswith("/"):
        return path.text
    return None if workdir is None else posixpath.join(workdir, path.text)


def _environment(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> dict[str, Expansion]:
    """What ENV sets; all values see the state before the instruction."""
    found: dict[str, Expansion] = {}
    for key, value in instruction.pairs:
        name = lexer.read(key, variables)
        expansion = lexer.read(value, variables)
        if not is_unknown(name.doubts):
            found[name.text] = expansion
    return found


def _label(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> Doubts:
    for pair in instruction.pairs:
        for word in pair:
            lexer.word(word, variables)
    return ()


def _expose(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> Doubts:
    ports = [lexer.expand(word, variables) for word in instruction.arguments]
    found = (_checked(one.doubts, partial(check_ports, one.words)) for one in ports)
    return merged(doubt for doubts in found for doubt in doubts)


def _volume(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> Doubts:
    volumes = [lexer.read(word, variables) for word in instruction.arguments]
    empty = [volume for volume in volumes if not volume.text]
    if not all(volume.doubts for volume in empty):
        message = "VOLUME specified can not be an empty string"
        raise RuleError(message, "name a directory")
    return merged(doubt for volume in empty for doubt in volume.doubts)


def _one_word(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> Doubts:
    lexer.word(instruction.arguments[0], variables)
    return ()


def _stop_signal(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> Doubts:
    signal = lexer.read(instruction.arguments[0], variables)
    return _checked(signal.doubts, partial(check_signal, signal.text))


def _checked(doubts: Doubts, check: Callable[[], None]) -> Doubts:
    """Check a value; one in doubt that does not pass is no more than that.

    Raises RuleError.
    """
    try:
        check()
    except RuleError:
        if not doubts:
            raise
        return doubts
    return ()


_CHECKS: Mapping[str, Callable[[Instruction, Lexer, Mapping[str, str]], Doubts]] = {
    "EXPOSE": _expose,
    "LABEL": _label,
    "STOPSIGNAL": _stop_signal,
    "USER": _one_word,
    "VOLUME": _volume,
    "WORKDIR": _one_word,
}
