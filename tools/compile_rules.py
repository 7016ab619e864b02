"""The rule book that a TOML text says, what is wrong with it, and its compiled copy.

`python -m tools.compile_rules` reads `ctxopt/core/suggest/rules.toml` and writes
`rules_table.py` beside it, which is what a scan reads. A table with faults is told,
and not compiled.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tomllib import loads
from typing import Any, TypeVar, get_type_hints

from ctxopt.core.model import Confidence
from ctxopt.core.patterns.multimatch import compile_set
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import Component, Many, NameTest
from ctxopt.core.secrets.looks import TESTS
from ctxopt.core.secrets.places import FOREIGN
from ctxopt.core.suggest import rules
from ctxopt.core.suggest.rules import (
    EXPECTED,
    PLAIN,
    KeepRule,
    Rule,
    RuleBook,
)
from ctxopt.core.suggest.topics import TITLES
from ctxopt.errors import CtxoptError

FOLDER = Path(rules.__file__).parent
TABLE = FOLDER / "rules.toml"
COMPILED = FOLDER / "rules_table.py"
COMMAND = "python -m tools.compile_rules"

_KINDS = ("", "directory", "file", "link")
_FAMILIES = ("key", "token", "env", "settings", "state", "profile")
_CLOSED = {
    "kind": _KINDS,
    "family": _FAMILIES,
    "secret": TESTS,
    "topic": tuple(TITLES),
    "tracked": (rules.GOES, rules.STAYS),
    "ignored": (rules.LIKELY, rules.ONLY),
    "folder": ("", PLAIN, EXPECTED),
}
# What a part of another rule says itself; the rest it shares.
_OF_ITS_OWN = frozenset(
    {
        *("id", "patterns", "markers", "beside", "inside", "kind", "only", "content"),
        *("link_target", "min_bytes", "anywhere", "unless_beside", "unless_inside"),
        *("part_of", "apart", "lacks", "lasting"),
    }
)
_Record = TypeVar("_Record", Rule, KeepRule)


def main() -> int:
    """Compile the rules; 1 when something is wrong with them."""
    try:
        book = parse(TABLE.read_text("utf-8"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    found = faults(book)
    for fault in found:
        print(f"{TABLE.name}: {fault}", file=sys.stderr)
    if not found:
        COMPILED.write_text(compiled(book), "utf-8")
    return 1 if found else 0


def compiled(book: RuleBook) -> str:
    """The module that holds a book as tuples of constants."""
    lines = [
        f'"""What `{TABLE.name}` says; made by `{COMMAND}`."""',
        "# fmt: off",
        "# ruff: noqa: E501, Q000",
        "",
        "from __future__ import annotations",
        "",
        "from typing import Any",
        *_constant("RULES", book.rules),
        *_constant("NEVERS", book.nevers),
        *_pattern_constants(text for _, text in _patterns(book)),
    ]
    return "\n".join(lines) + "\n"


def _constant(name: str, records: Iterable[tuple[object, ...]]) -> list[str]:
    rows = [
        tuple(str(one) if isinstance(one, Confidence) else one for one in record)
        for record in records
    ]
    return [
        "",
        f"{name}: tuple[tuple[Any, ...], ...] = (",
        *(f"    {row!r}," for row in rows),
        ")",
    ]


def _pattern_constants(texts: Iterable[str]) -> list[str]:
    """Each pattern as the numbers of its steps, and the steps."""
    steps: dict[Component, int] = {}
    numbered = {
        pattern.text: tuple(
            steps.setdefault(step, len(steps)) for step in pattern.plan.steps
        )
        for pattern in compile_patterns(list(dict.fromkeys([*texts, *FOREIGN])))
    }
    return [
        "",
        "STEPS: tuple[tuple[Any, ...], ...] = (",
        *(f"    {_step(step)!r}," for step in steps),
        ")",
        "",
        "PATTERNS: dict[str, tuple[int, ...]] = {",
        *(f"    {text!r}: {numbers!r}," for text, numbers in numbered.items()),
        "}",
    ]


def _step(step: Component) -> tuple[object, ...]:
    if isinstance(step, Many):
        return (step.lines,)
    kind, *texts, _ = step
    return (int(kind), *texts)


def parse(text: str) -> RuleBook:
    """The rule book that a TOML text says.

    Raises ValueError with the id of the rule that is wrong; what only a look at the
    patterns and expressions can tell is left to `faults`, which takes longer.
    """
    tables = loads(text)
    unknown = tables.keys() - {"schema", "rule", "never"}
    if unknown or tables.get("schema") != 1:
        raise ValueError(
            f"{TABLE.name}: not of schema 1, or strange: {sorted(unknown)}"
        )
    return RuleBook(
        _records(Rule, _whole(tables.get("rule", ()))),
        _records(KeepRule, tables.get("never", ())),
    )


def _whole(tables: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rules, those that are parts of others with all that they share with them."""
    heads = {table.get("id"): table for table in tables if "part_of" not in table}
    whole = []
    for table in tables:
        head = heads.get(table.get("part_of"), {})
        if "part_of" in table and not head:
            raise ValueError(
                f'{TABLE.name}: "{table.get("id")}": part_of names no rule of its own'
            )
        shared = {key: head[key] for key in head if key not in _OF_ITS_OWN}
        if "part_of" in table and shared.keys() & table.keys():
            raise ValueError(
                f'{TABLE.name}: "{table.get("id")}": a part says only where it holds'
            )
        whole.append({**shared, **table} if "part_of" in table else table)
    return whole


def _records(
    record: type[_Record], tables: Sequence[Mapping[str, Any]]
) -> tuple[_Record, ...]:
    known = get_type_hints(record)
    required = known.keys() - record._field_defaults.keys()
    made = {}
    for table in tables:
        id_ = str(table.get("id", ""))
        strange = table.keys() - known.keys() or required - table.keys()
        if strange:
            raise ValueError(
                f'{TABLE.name}: "{id_}": {sorted(strange)} unknown or missing'
            )
        if id_ in made:
            raise ValueError(f'{TABLE.name}: "{id_}" is there twice')
        made[id_] = record(
            **{key: _value(id_, key, value, known[key]) for key, value in table.items()}
        )
    return tuple(made.values())


def _value(id_: str, key: str, value: object, kind: object) -> Any:
    """A value as the records have it. Raises ValueError for one that cannot be."""
    if key == "confidence" and value in tuple(Confidence):
        return Confidence(str(value))
    if kind == tuple[str, ...] and isinstance(value, list) and value:
        if all(isinstance(one, str) and one for one in value):
            return tuple(value)
    elif type(value) is kind and value:
        closed = _CLOSED.get(key)
        if closed is None or value in closed:
            return value
    raise ValueError(f'{TABLE.name}: "{id_}": {key} cannot be {value!r}')


def faults(book: RuleBook) -> list[str]:
    """What is wrong with patterns and expressions, each with the id of the rule."""
    found = []
    for id_, text in _patterns(book):
        try:
            compile_set([text])
            (pattern,) = compile_patterns([text])
            if pattern.fails:
                found.append(f'"{id_}": pattern "{text}" fails when it is tried')
            elif any(
                isinstance(step, NameTest) and step.call for step in pattern.plan.steps
            ):
                found.append(f'"{id_}": pattern "{text}" is too dear for a table')
        except (CtxoptError, ValueError) as error:
            found.append(f'"{id_}": pattern "{text}": {error}')
    for id_, expression in _expressions(book):
        try:
            re.compile(expression)
        except re.error as error:
            found.append(f'"{id_}": expression "{expression}": {error}')
    return found


def _patterns(book: RuleBook) -> list[tuple[str, str]]:
    pairs = [(rule.id, text) for rule in book.rules for text in rule.patterns]
    return [*pairs, *((one.id, text) for one in book.nevers for text in one.patterns)]


def _expressions(book: RuleBook) -> list[tuple[str, str]]:
    return [
        (rule.id, text)
        for rule in book.rules
        for text in (rule.content, rule.link_target, rule.ask_if_run, rule.made_by)
    ]


if __name__ == "__main__":
    sys.exit(main())
