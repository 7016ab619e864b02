"""Instructions that read nothing: ENV sets variables, others are only checked.

Rule: moby/buildkit, dockerfile2llb/convert.go, the dispatch functions; the classic
builder does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.dockerfile.values.checks import check_ports, check_signal
from ctxopt.core.dockerfile.words.expand import Lexer
from ctxopt.core.golang.errors import RuleError

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def apply_plain(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> dict[str, str]:
    """Execute an instruction that reads nothing; give the variables it sets.

    Raises RuleError.
    """
    if instruction.name == "ENV":
        # All values see the state before the instruction.
        return {
            lexer.word(key, variables): lexer.word(value, variables)
            for key, value in instruction.pairs
        }
    check = _CHECKS.get(instruction.name)
    if check is not None:
        check(instruction, lexer, variables)
    return {}


def _label(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> None:
    for pair in instruction.pairs:
        for word in pair:
            lexer.word(word, variables)


def _expose(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> None:
    ports = [lexer.words(word, variables) for word in instruction.arguments]
    check_ports(port for words in ports for port in words)


def _volume(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> None:
    volumes = [lexer.word(word, variables) for word in instruction.arguments]
    if "" in volumes:
        message = "VOLUME specified can not be an empty string"
        raise RuleError(message, "name a directory")


def _one_word(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> None:
    lexer.word(instruction.arguments[0], variables)


def _stop_signal(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> None:
    check_signal(lexer.word(instruction.arguments[0], variables))


_CHECKS: Mapping[str, Callable[[Instruction, Lexer, Mapping[str, str]], None]] = {
    "EXPOSE": _expose,
    "LABEL": _label,
    "STOPSIGNAL": _stop_signal,
    "USER": _one_word,
    "VOLUME": _volume,
    "WORKDIR": _one_word,
}
