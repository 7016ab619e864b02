"""Statement -> Instruction: flags, argument counts and what each one demands.

Rule: moby/buildkit, instructions/parse.go and instructions/bflag.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto

from ctxopt.core.dockerfile.records import Flag, Heredoc, Instruction
from ctxopt.core.dockerfile.syntax.lines import Statement, heredoc_word
from ctxopt.core.dockerfile.syntax.words import chained_onbuild
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import (
    REGEXP_SPACES,
    lower,
    parse_signed,
    same_fold,
    trim_space,
    upper,
)


class FlagKind(Enum):
    """What a flag takes."""

    SWITCH = auto()  # nothing, true or false
    ONCE = auto()
    MANY = auto()


_COPY_FLAGS = {
    "chown": FlagKind.ONCE,
    "chmod": FlagKind.ONCE,
    "link": FlagKind.SWITCH,
    "exclude": FlagKind.MANY,
}
_DURATIONS = ("interval", "timeout", "start-period", "start-interval")
_FLAGS: Mapping[str, Mapping[str, FlagKind]] = {
    "ADD": _COPY_FLAGS
    | {
        "keep-git-dir": FlagKind.SWITCH,
        "checksum": FlagKind.ONCE,
        "unpack": FlagKind.SWITCH,
    },
    "COPY": _COPY_FLAGS | {"from": FlagKind.ONCE, "parents": FlagKind.SWITCH},
    "FROM": {"platform": FlagKind.ONCE},
    "HEALTHCHECK": dict.fromkeys((*_DURATIONS, "retries"), FlagKind.ONCE),
    "RUN": {
        "mount": FlagKind.MANY,
        "network": FlagKind.ONCE,
        "security": FlagKind.ONCE,
        "device": FlagKind.MANY,
    },
}
# These two never look at their flags, so any are let through.
_UNREAD_FLAGS = frozenset(["ARG", "STOPSIGNAL"])
_EXACTLY_ONE = frozenset(["MAINTAINER", "USER", "WORKDIR", "STOPSIGNAL"])
_AT_LEAST_ONE = frozenset(["ARG", "EXPOSE", "HEALTHCHECK", "ONBUILD", "VOLUME"])
# Here the flags are read before the arguments are counted.
_AT_LEAST_ONE_AFTER_FLAGS = frozenset(["ENV", "LABEL", "SHELL"])
_AT_LEAST_TWO = frozenset(["ADD", "COPY"])
_FREE = frozenset(["RUN", "CMD", "ENTRYPOINT", "FROM"])
NAMES = tuple(
    sorted(
        _EXACTLY_ONE | _AT_LEAST_ONE | _AT_LEAST_ONE_AFTER_FLAGS | _AT_LEAST_TWO | _FREE
    )
)

_BY_LOWER_NAME = {name.lower(): name for name in NAMES}

_NETWORKS = ("default", "none", "host")
_SECURITIES = ("insecure", "sandbox")
_NO_TRIGGERS = frozenset(["MAINTAINER", "FROM"])
_ONBUILD = rf"(?ia)^[{REGEXP_SPACES}]*ONBUILD[{REGEXP_SPACES}]*"
_STAGE_NAME = r"[a-z][a-z0-9-_.]*"
_MILLISECOND = 1_000_000
_WORDS_OF_FROM = (1, 3)


def read_instruction(statement: Statement) -> Instruction:
    """Check a statement as far as BuildKit does before anything is executed.

    Raises RuleError.
    """
    name = _BY_LOWER_NAME.get(lower(statement.line.name))
    if name is None:
        from ctxopt.core.dockerfile.syntax.nearest import suggestion

        near = suggestion(statement.line.name, NAMES, case_sensitive=False)
        message = f"unknown instruction: {statement.line.name}{near}"
        raise RuleError(message, "correct the first word of the line")
    flags = _checked(name, statement)
    return Instruction(
        name=name,
        arguments=_REWRITES.get(name, _unchanged)(statement),
        location=statement.location,
        text=statement.text,
        flags=flags,
        heredocs=statement.heredocs,
        json=statement.line.json,
    )


def stage_name(arguments: tuple[str, ...]) -> str:
    """Give the name in `FROM base AS name`, in lower case, or nothing.

    Raises RuleError.
    """
    if len(arguments) not in _WORDS_OF_FROM or (
        len(arguments) > 1 and not same_fold(arguments[1], "as")
    ):
        message = "FROM requires either one or three arguments"
        raise RuleError(message, "write FROM image or FROM image AS name")
    if len(arguments) == 1:
        return ""
    name = lower(arguments[2])
    if not re.fullmatch(_STAGE_NAME, name):
        message = (
            f"invalid name for build stage: {quote(arguments[2])}, "
            "name can't start with a number or contain symbols"
        )
        raise RuleError(message, "begin the name with a letter")
    return name


def _checked(name: str, statement: Statement) -> tuple[Flag, ...]:
    """Check counts and flags in BuildKit's order; give the flags."""
    arguments = statement.line.arguments
    if name in _AT_LEAST_TWO and len(arguments) < 2:
        message = (
            f"{name} requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )
        raise RuleError(message, "add the destination")
    if name in _EXACTLY_ONE and len(arguments) != 1:
        message = f"{name} requires exactly one argument"
        raise RuleError(message, "add the argument")
    if name in _AT_LEAST_ONE:
        _demand_one(name, arguments)
    if name == "FROM":
        stage_name(arguments)
    if name == "HEALTHCHECK" and upper(arguments[0]) == "NONE":
        if len(arguments) > 1:
            message = "HEALTHCHECK NONE takes no arguments"
            raise RuleError(message, "remove what follows NONE")
        return ()
    flags = () if name in _UNREAD_FLAGS else _read_flags(name, statement.line.flags)
    if name in _AT_LEAST_ONE_AFTER_FLAGS:
        _demand_one(name, arguments)
    _CHECKS.get(name, _nothing)(statement, flags)
    return flags


def _demand_one(name: str, arguments: tuple[str, ...]) -> None:
    if not arguments:
        message = f"{name} requires at least one argument"
        raise RuleError(message, "add the argument")


def _read_flags(instruction: str, words: tuple[str, ...]) -> tuple[Flag, ...]:
    known = _FLAGS.get(instruction, {})
    flags: list[Flag] = []
    for word in words:
        if word == "--":
            break
        flag = _read_flag(word, known)
        if known[flag.name] is not FlagKind.MANY and flag.name in [
            given.name for given in flags
        ]:
            message = f"duplicate flag specified: --{flag.name}"
            raise RuleError(message, "give the flag once")
        flags.append(_valued(flag, known[flag.name], has_value="=" in word))
    return tuple(flags)


def _read_flag(word: str, known: Mapping[str, FlagKind]) -> Flag:
    if not word.startswith("--"):
        message = f"arg should start with -- : {word}"
        raise RuleError(message, "write flags as --name=value")
    name, _, value = word[2:].partition("=")
    if name not in known:
        from ctxopt.core.dockerfile.syntax.nearest import suggestion

        near = suggestion(name, known, case_sensitive=True)
        hint = f"known here: {', '.join(known)}" if known else "remove the flag"
        raise RuleError(f"unknown flag: --{name}{near}", hint)
    return Flag(name, value)


def _valued(flag: Flag, kind: FlagKind, *, has_value: bool) -> Flag:
    is_switch = kind is FlagKind.SWITCH
    if (has_value and not flag.value) if is_switch else not has_value:
        message = f"missing a value on flag: --{flag.name}"
        raise RuleError(message, f"write --{flag.name}=VALUE")
    if not is_switch:
        return flag
    value = lower(flag.value) or "true"
    if value not in ("true", "false"):
        message = f"expecting boolean value for flag --{flag.name}, not: {flag.value}"
        raise RuleError(message, f"write --{flag.name} or --{flag.name}=false")
    return Flag(flag.name, value)


def _nothing(_statement: Statement, _flags: tuple[Flag, ...]) -> None:
    """Demand nothing more."""


def _check_pairs(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    if "" in statement.line.arguments[::3]:
        _refuse_blank(upper(statement.line.name))


def _check_args(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    if any(word.startswith("=") for word in statement.line.arguments):
        _refuse_blank("ARG")


def _refuse_blank(name: str) -> None:
    raise RuleError(f"{name} names can not be blank", "write a name before =")


def _check_destination(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    if opened_heredoc(statement.line.arguments[-1]):
        name = upper(statement.line.name)
        message = f"{name} cannot accept a heredoc as a destination"
        raise RuleError(message, "put the destination last")


def opened_heredoc(word: str) -> Heredoc | None:
    """Give the heredoc a word of COPY or ADD names; a broken one names none."""
    try:
        return heredoc_word(word)
    except RuleError:
        return None


def _check_onbuild(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    trigger = upper(trim_space(statement.line.arguments[0]))
    if trigger == "ONBUILD":
        raise chained_onbuild()
    if trigger in _NO_TRIGGERS:
        message = f"{trigger} isn't allowed as an ONBUILD trigger"
        raise RuleError(message, "use another instruction")


def _check_shell(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    if not statement.line.json:
        message = "SHELL requires the arguments to be in JSON form"
        raise RuleError(message, 'write SHELL ["executable", "parameter"]')


def _check_volumes(statement: Statement, _flags: tuple[Flag, ...]) -> None:
    if any(not trim_space(word) for word in statement.line.arguments):
        message = "VOLUME specified can not be an empty string"
        raise RuleError(message, "name a directory")


def _check_health(statement: Statement, flags: tuple[Flag, ...]) -> None:
    kind = upper(statement.line.arguments[0])
    if kind != "CMD":
        message = f"Unknown type {quote(kind)} in HEALTHCHECK (try CMD)"
        raise RuleError(message, "write HEALTHCHECK CMD command")
    if len(statement.line.arguments) == 1:
        message = "Missing command after HEALTHCHECK CMD"
        raise RuleError(message, "add the command")
    values = {flag.name: flag.value for flag in flags}
    for name in _DURATIONS:
        _check_interval(name, values.get(name, ""))
    if values.get("retries"):
        retries = parse_signed(values["retries"], 32)
        if retries < 0:
            message = f"--retries cannot be negative ({retries})"
            raise RuleError(message, "write a whole number, or remove the flag")


def _check_interval(name: str, value: str) -> None:
    if not value:
        return
    from ctxopt.core.golang.durations import parse_duration  # start-up: few have any

    duration = parse_duration(value)
    if duration and duration < _MILLISECOND:
        message = f"Interval {quote(name)} cannot be less than 1ms"
        raise RuleError(message, "write a longer duration")


def _check_run(_statement: Statement, flags: tuple[Flag, ...]) -> None:
    values = {flag.name: flag.value for flag in flags}
    if not values.keys().isdisjoint({"device", "mount"}):
        # Start-up: few commands have such flags.
        from ctxopt.core.dockerfile.syntax import mounts

        for flag in flags:
            if flag.name == "device":
                mounts.check_device(flag.value)
        for flag in flags:
            if flag.name == "mount":
                mounts.mount_origin(flag.value)
    network = values.get("network", "default")
    if network not in _NETWORKS:
        message = f"invalid network mode {quote(network)}"
        raise RuleError(message, f"use one of {', '.join(_NETWORKS)}")
    security = values.get("security", "sandbox")
    if security not in _SECURITIES:
        message = f"security {quote(security)} is not valid"
        raise RuleError(message, f"use one of {', '.join(_SECURITIES)}")


def _unchanged(statement: Statement) -> tuple[str, ...]:
    return statement.line.arguments


def _trigger(statement: Statement) -> tuple[str, ...]:
    """Give the trigger's own text, heredocs put back."""
    parts = [re.sub(_ONBUILD, "", statement.line.original, count=1)]
    parts += (f"\n{heredoc.content}{heredoc.name}" for heredoc in statement.heredocs)
    return ("".join(parts),)


def _trimmed(statement: Statement) -> tuple[str, ...]:
    return tuple(map(trim_space, statement.line.arguments))


def _sorted(statement: Statement) -> tuple[str, ...]:
    """Sort as Go does, by bytes; the order decides which port is refused first."""
    return tuple(sorted(statement.line.arguments, key=_octets))


def _octets(word: str) -> bytes:
    return word.encode("utf-8", "surrogateescape")


_CHECKS: Mapping[str, Callable[[Statement, tuple[Flag, ...]], None]] = {
    "ADD": _check_destination,
    "ARG": _check_args,
    "COPY": _check_destination,
    "ENV": _check_pairs,
    "HEALTHCHECK": _check_health,
    "LABEL": _check_pairs,
    "ONBUILD": _check_onbuild,
    "RUN": _check_run,
    "SHELL": _check_shell,
    "VOLUME": _check_volumes,
}
_REWRITES: Mapping[str, Callable[[Statement], tuple[str, ...]]] = {
    "EXPOSE": _sorted,
    "ONBUILD": _trigger,
    "VOLUME": _trimmed,
}
