"""Bytes -> Dockerfile, or the words in which BuildKit refuses them.

Rule: moby/buildkit, dockerfile2llb/convert.go (toDispatchState, up to the stages)
and instructions/parse.go (Parse), the grammar of the newest builtin frontend.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.dockerfile.records import Directive, Dockerfile, Instruction, Stage
from ctxopt.core.dockerfile.refusal import RefusalError, refuse
from ctxopt.core.dockerfile.syntax.instructions import read_instruction, stage_name
from ctxopt.core.dockerfile.syntax.lines import Statement, first_statement, read_lines
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import lower, parse_bool, trim_space

_CHECK_PARTS = 3
_FIRST = ("from", "arg")  # before a FROM, `parse` takes nothing else
# The longest Dockerfiles that people have are of some thousand; each source costs time
# at every name that the walk meets.
_MAX_INSTRUCTIONS = 50_000


def parse(content: bytes, name: str) -> Dockerfile:
    """Read a Dockerfile as BuildKit's newest frontend does.

    Bytes that are not UTF-8 are kept as surrogate escapes. Raises DockerfileError
    in BuildKit's words for everything it refuses before it links the stages.
    """
    if not content:
        message = "the Dockerfile cannot be empty"
        raise RefusalError(message, hint="add a FROM instruction", file=name)
    lines = read_lines(_text(content), name)
    for directive in lines.directives:
        if directive.name == "check":
            _check_lint_options(directive)
    _check_length(lines.statements)
    global_args: list[Instruction] = []
    stages: list[tuple[Instruction, list[Instruction]]] = []
    for statement in lines.statements:
        instruction = _instruction(statement)
        if instruction.name == "FROM":
            stages.append((instruction, []))
        elif stages:
            stages[-1][1].append(instruction)
        elif instruction.name == "ARG":
            global_args.append(instruction)
        else:
            hint = "put FROM before it"
            raise refuse("no build stage in current context", hint, instruction)
    if not stages:
        message = "dockerfile contains no stages to build"
        raise RefusalError(message, hint="add a FROM instruction", file=name)
    return Dockerfile(
        path=name,
        escape=lines.escape,
        directives=lines.directives,
        global_args=tuple(global_args),
        stages=tuple(
            _stage(index, opening, tuple(instructions))
            for index, (opening, instructions) in enumerate(stages)
        ),
    )


def begins(content: bytes, name: str) -> bool:
    """Whether the first instruction is one that a Dockerfile can begin with.

    The rest is not read: a program of ten thousand lines may be called
    `dockerfile_test.go`. Raises DockerfileError where it cannot be read.
    """
    first = first_statement(_text(content), name)
    return first is not None and lower(first.line.name) in _FIRST


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _check_length(statements: Sequence[Statement]) -> None:
    if len(statements) <= _MAX_INSTRUCTIONS:
        return
    first = statements[_MAX_INSTRUCTIONS]
    raise RefusalError(
        f"there are {len(statements):,} instructions, and ctxopt stops at "
        f"{_MAX_INSTRUCTIONS:,} (the limit is its own, docker has none)",
        hint="copy folders, not their files one by one",
        file=first.location.file,
        line=first.location.line,
        text=first.text,
    )


def _instruction(statement: Statement) -> Instruction:
    try:
        return read_instruction(statement)
    except RuleError as error:
        raise RefusalError(
            error.message,
            hint=error.hint,
            file=statement.location.file,
            line=statement.location.line,
            text=statement.text,
            end_line=statement.location.end_line,
            prefixed=True,
        ) from None


def _stage(
    index: int, opening: Instruction, instructions: tuple[Instruction, ...]
) -> Stage:
    name = stage_name(opening.arguments)
    return Stage(
        index=index,
        name=name,
        base=opening.arguments[0],
        platform=opening.flag("platform"),
        location=opening.location,
        text=opening.text,
        instructions=instructions,
        written_name=opening.arguments[-1] if name else "",
    )


def _check_lint_options(directive: Directive) -> None:
    """Refuse what BuildKit's linter cannot read (linter.go, ParseLintOptions)."""
    value = trim_space(directive.value.partition(" ")[0])
    for part in value.split(";", _CHECK_PARTS - 1) if value else ():
        key, equals, setting = part.partition("=")
        key, setting = trim_space(key), trim_space(setting)
        problem = ""
        if not equals:
            problem = f"invalid check option {quote(part)}"
        elif key not in ("skip", "experimental", "error"):
            problem = f"invalid check option {quote(key)}"
        elif key == "error" and parse_bool(setting) is None:
            problem = (
                f"failed to parse check option {quote(part)}: "
                f"strconv.ParseBool: parsing {quote(setting)}: invalid syntax"
            )
        if problem:
            raise RefusalError(
                f"failed to parse check options: {problem}",
                hint="write check=skip=RULE;error=true",
                file=directive.location.file,
                line=directive.location.line,
                text=f"# {directive.name}={directive.value}",
            )
