"""Rules as tables of TOML say them, and what is wrong with them.

Those that ship with ctxopt (`rules.toml`) and those of a project's configuration are
read here, so that the same keys mean the same. Imported only where there are tables to
read: a scan without rules of its own reads the compiled copy.

    (rule,) = read_rules([{"id": "maps", "patterns": ["**/*.map"], ...}])
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_type_hints

from ctxopt.core.model import Confidence
from ctxopt.core.patterns.multimatch import compile_set
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import NameTest
from ctxopt.core.secrets.looks import TESTS
from ctxopt.core.suggest import rules
from ctxopt.core.suggest.rules import EXPECTED, PLAIN, KeepRule, Rule
from ctxopt.core.suggest.topics import TITLES
from ctxopt.errors import CtxoptError

_CLOSED: Mapping[str, Sequence[str]] = {
    "kind": ("", "directory", "file", "link"),
    "family": ("key", "token", "env", "settings", "state", "profile"),
    "secret": tuple(TESTS),
    "topic": tuple(TITLES),
    "tracked": (rules.GOES, rules.STAYS),
    "ignored": (rules.LIKELY, rules.ONLY),
    "folder": ("", PLAIN, EXPECTED),
    "confidence": tuple(Confidence),
}
_EXPRESSIONS = ("content", "link_target", "ask_if_run", "made_by")
_WORDS: Mapping[object, str] = {
    tuple[str, ...]: 'a list of texts, such as ["a", "b"]',
    str: "a text",
    int: "a whole number above 0",
    bool: "true",
}
# What a part of another rule says itself; the rest it shares.
_OF_ITS_OWN = frozenset(
    {
        *("id", "patterns", "markers", "beside", "inside", "kind", "only", "content"),
        *("link_target", "min_bytes", "anywhere", "unless_beside", "unless_inside"),
        *("part_of", "apart", "lacks", "lasting", "secret"),
    }
)
_Record = TypeVar("_Record", Rule, KeepRule)


class RuleError(ValueError):
    """A rule that cannot be: its place among the tables, its id, the key, and why."""

    def __init__(
        self, why: str, *, id_: str = "", number: int = 0, key: str = ""
    ) -> None:
        super().__init__(f'"{id_}": {why}')
        self.why = why
        self.id = id_
        self.number = number  # from 0
        self.key = key


def read_rules(tables: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules that tables say, in their order.

    Raises RuleError for the first that is wrong; what only a look at the patterns and
    expressions can tell is left to `faults`, which takes longer.
    """
    return _records(Rule, _whole(tables))


def read_keep_rules(tables: Sequence[Mapping[str, Any]]) -> tuple[KeepRule, ...]:
    """What must stay, as tables say it. Raises RuleError for the first wrong one."""
    return _records(KeepRule, tables)


def faults(records: Iterable[Rule | KeepRule]) -> Iterator[RuleError]:
    """What is wrong with patterns and expressions, rule by rule."""
    for number, one in enumerate(records):
        for text in one.patterns:
            why = pattern_fault(text)
            if why:
                yield RuleError(
                    f'pattern "{text}"{why}', id_=one.id, number=number, key="patterns"
                )
        for key in _EXPRESSIONS if isinstance(one, Rule) else ():
            expression = getattr(one, key)
            try:
                re.compile(expression)
            except re.error as error:
                why = f'expression "{expression}": {error}'
                yield RuleError(why, id_=one.id, number=number, key=key)


def pattern_fault(text: str) -> str:
    """What is wrong with a pattern that is looked out for; "" for nothing.

    For example, `: syntax error in pattern` of `[a`.
    """
    if text.startswith("!"):
        return ": a pattern with ! brings nothing back here"
    if text.startswith("#"):
        return ": it is a comment in an ignore file; write \\# in front"
    try:
        (pattern,) = compile_patterns([text])
        compile_set([text])
    except CtxoptError as error:
        return f": {error}"
    except ValueError:
        return ": ** has to stand alone between slashes"
    if pattern.fails:
        return " fails when it is tried"
    if any(isinstance(step, NameTest) and step.call for step in pattern.plan.steps):
        return " takes too long to match"
    return ""


def _whole(tables: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rules, those that are parts of others with all that they share with them."""
    heads = {table.get("id"): table for table in tables if "part_of" not in table}
    whole = []
    for number, table in enumerate(tables):
        if "part_of" not in table:
            whole.append(table)
            continue
        head = heads.get(table["part_of"], {})
        shared = {key: head[key] for key in head if key not in _OF_ITS_OWN}
        why = ""
        if not head:
            why = "part_of names no rule of its own"
        elif shared.keys() & table.keys():
            why = "a part says only where it holds"
        if why:
            id_ = str(table.get("id", ""))
            raise RuleError(why, id_=id_, number=number, key="part_of")
        whole.append({**shared, **table})
    return whole


def _records(
    record: type[_Record], tables: Sequence[Mapping[str, Any]]
) -> tuple[_Record, ...]:
    known = get_type_hints(record)
    required = [key for key in known if key not in record._field_defaults]
    made: dict[str, _Record] = {}
    for number, table in enumerate(tables):
        id_ = str(table.get("id", ""))
        try:
            _check_keys(table, known, required)
            values = {key: _value(key, table[key], known[key]) for key in table}
        except RuleError as error:
            raise RuleError(error.why, id_=id_, number=number, key=error.key) from None
        if id_ in made:
            raise RuleError("is there twice", id_=id_, number=number, key="id")
        made[id_] = record(**values)
    return tuple(made.values())


def _check_keys(
    table: Mapping[str, Any], known: Iterable[str], required: Iterable[str]
) -> None:
    from difflib import get_close_matches  # hardly ever needed

    for key in table:
        if key not in known:
            close = get_close_matches(key, list(known), n=1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            raise RuleError(f'no such key: "{key}"{hint}', key=key)
    missing = [key for key in required if key not in table]
    if missing:
        raise RuleError(f"it lacks {' and '.join(missing)}")


def _value(key: str, value: object, kind: object) -> Any:
    """A value as the records have it. Raises RuleError for one that cannot be."""
    closed = _CLOSED.get(key)
    if closed is not None and isinstance(value, str) and value in closed and value:
        return Confidence(value) if kind is Confidence else value
    if closed is not None:
        known = ", ".join(f'"{one}"' for one in closed if one)
        raise RuleError(f"{key} is one of {known}, not {_said(value)}", key=key)
    if kind == tuple[str, ...] and isinstance(value, list) and value:
        if all(isinstance(one, str) and one for one in value):
            return tuple(value)
    elif type(value) is kind and value and not _is_negative(value):
        return value
    raise RuleError(f"{key} is {_WORDS[kind]}, not {_said(value)}", key=key)


def _is_negative(value: object) -> bool:
    return isinstance(value, int) and value < 0


def _said(value: object) -> str:
    """A value as a TOML file writes it, as far as that is plain."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
