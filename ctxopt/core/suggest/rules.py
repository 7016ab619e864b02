"""What usually does not belong in a build context, as data, and when a rule applies.

The rules are in `rules.toml`, whose head says what the keys mean. A rule that hits
a path with one of its patterns speaks only where `applies` finds its conditions met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

from ctxopt.core.model import Confidence

TABLE = "rules.toml"
# Folders with more names than that are not looked through to the end.
MOST_NAMES = 2_000
KINDS = ("", "directory", "file", "link")
SEVERITIES = ("high", "medium", "low")


class Rule(NamedTuple):
    """What it is, why it may stay out, and what must be true of a match."""

    id: str
    category: str
    patterns: tuple[str, ...]  # as in an ignore file
    label: str  # what it is, in a few words
    reason: str  # one sentence
    confidence: Confidence
    risk: str = ""  # which builds need it
    question: str = ""  # for ASK
    markers: tuple[str, ...] = ()  # one exists next to the match or at the root
    beside: tuple[str, ...] = ()  # one exists next to the match
    inside: tuple[str, ...] = ()  # one exists in the matched folder
    kind: str = ""  # one of KINDS; "": whatever it is
    only: tuple[str, ...] = ()  # names of all files in the folder, at all levels
    content: str = ""  # expression found in the first 4 KiB of the file
    link_target: str = ""  # expression that the text of the link starts with
    min_bytes: int = 0  # file bytes of the match, at least
    anywhere: bool = False  # likely to come back in other folders
    ask_if_run: str = ""  # expression: commands that may read it
    made_by: str = ""  # expression: commands that make it anew in the image
    used_by: str = ""  # "git": whatever reads the repository's history


class KeepRule(NamedTuple):
    """What builds are made of: no suggestion may take it away."""

    id: str
    patterns: tuple[str, ...]
    reason: str
    declared_only: bool = False  # only what a manifest of the project declares


class Secret(NamedTuple):
    """Names of files that are worth a warning when they travel."""

    id: str
    severity: str  # one of SEVERITIES
    names: tuple[str, ...]  # of the file, or with the folders right above it
    unless: tuple[str, ...] = ()
    check: str = ""  # expression to be found in the file
    note: str = ""


class RuleBook(NamedTuple):
    """All that is known; where two rules hit the same path, the first one speaks."""

    rules: tuple[Rule, ...]
    nevers: tuple[KeepRule, ...]
    secrets: tuple[Secret, ...]

    def by_id(self, id_: str) -> Rule:
        """The rule of that id; raises KeyError for a stranger."""
        for rule in self.rules:
            if rule.id == id_:
                return rule
        raise KeyError(id_)


_Record = TypeVar("_Record", Rule, KeepRule, Secret)


@cache
def rules() -> RuleBook:
    """The rules that ship with ctxopt.

    They come from a copy of `rules.toml` that Python has compiled: to parse the text
    would take a third of a short scan.
    """
    from ctxopt.core.suggest import rules_table as table

    confidence = Rule._fields.index("confidence")
    return RuleBook(
        tuple(
            Rule._make(
                (*row[:confidence], Confidence(row[confidence]), *row[confidence + 1 :])
            )
            for row in table.RULES
        ),
        tuple(KeepRule._make(row) for row in table.NEVERS),
        tuple(Secret._make(row) for row in table.SECRETS),
    )


def parse(text: str) -> RuleBook:
    """The rule book that a TOML text says.

    Raises ValueError with the id of the rule that is wrong; what only a look at the
    patterns and expressions can tell is left to `faults`, which takes longer.
    """
    from tomllib import loads

    tables = loads(text)
    unknown = tables.keys() - {"schema", "rule", "never", "secret"}
    if unknown or tables.get("schema") != 1:
        raise ValueError(f"{TABLE}: not of schema 1, or strange: {sorted(unknown)}")
    return RuleBook(
        _records(Rule, tables.get("rule", ())),
        _records(KeepRule, tables.get("never", ())),
        _records(Secret, tables.get("secret", ())),
    )


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
            raise ValueError(f'{TABLE}: "{id_}": {sorted(strange)} unknown or missing')
        if id_ in made:
            raise ValueError(f'{TABLE}: "{id_}" is there twice')
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
        closed = {"kind": KINDS, "severity": SEVERITIES}.get(key)
        if closed is None or value in closed:
            return value
    raise ValueError(f'{TABLE}: "{id_}": {key} cannot be {value!r}')


def faults(book: RuleBook) -> list[str]:
    """What is wrong with patterns and expressions, each with the id of the rule."""
    from ctxopt.core.patterns.multimatch import compile_set
    from ctxopt.core.patterns.pattern import compile_patterns
    from ctxopt.errors import CtxoptError

    found = []
    for id_, text in _patterns(book):
        try:
            compile_set([text])
            if compile_patterns([text])[0].fails:
                found.append(f'"{id_}": pattern "{text}" fails when it is tried')
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
    pairs = [
        (rule.id, text)
        for rule in book.rules
        for text in (rule.content, rule.link_target, rule.ask_if_run, rule.made_by)
    ]
    return [*pairs, *((secret.id, secret.check) for secret in book.secrets)]
