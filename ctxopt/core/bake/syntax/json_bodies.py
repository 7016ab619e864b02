"""A bake file in JSON as the body that HCL would have, each value with its line.

Source: hcl, json/spec.md: blocks are objects by their label, or lists of such; texts
are templates.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ctxopt.core.bake.records import BakeRefusedError, Place
from ctxopt.core.bake.syntax import nodes, templates
from ctxopt.core.bake.syntax.expressions import expression
from ctxopt.core.bake.syntax.scanner import Scanner

_BLOCKS = frozenset({"target", "group", "variable", "function"})
_KEYWORDS = frozenset({"type", "params", "variadic_params"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))|\\')
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read_json(text: str, file: str) -> nodes.Body:
    """What the file says. Raises `BakeRefusedError` with its place where it stops."""
    scanner = Scanner(text.removeprefix("\ufeff"), file)
    scanner.nesting = 1
    found = _value(scanner)
    if not isinstance(found, nodes.Table) or not scanner.at_end():
        raise scanner.error("a bake file in JSON is one object")
    settings: list[nodes.Setting] = []
    blocks: list[nodes.Block] = []
    for key, value in found.rows:
        name = _name(key)
        if name in _BLOCKS:
            blocks += _blocks(name, value)
        elif name != "//":
            settings.append(nodes.Setting(key.place, name, _read(value)))
    return nodes.Body(tuple(settings), tuple(blocks))


def _value(scanner: Scanner) -> nodes.Node:
    scanner.skip()
    place = scanner.place
    if scanner.take("{"):
        return _object(scanner, place)
    if scanner.take("["):
        return _array(scanner, place)
    if scanner.peek('"'):
        return nodes.Literal(place, _string(scanner))
    if found := _NUMBER.match(scanner.text, scanner.at):
        scanner.at = found.end()
        return nodes.Literal(place, Decimal(found.group()))
    for word, value in (("true", True), ("false", False), ("null", None)):
        if scanner.keyword(word):
            return nodes.Literal(place, value)
    raise scanner.error("expected a value of JSON here")


def _object(scanner: Scanner, place: Place) -> nodes.Node:
    scanner.deeper()
    rows: list[tuple[nodes.Node, nodes.Node]] = []
    while not scanner.take("}"):
        if rows:
            scanner.expect(",")
        scanner.skip()
        key = nodes.Literal(scanner.place, _string(scanner))
        scanner.expect(":")
        rows.append((key, _value(scanner)))
    scanner.levels -= 1
    return nodes.Table(place, tuple(rows))


def _array(scanner: Scanner, place: Place) -> nodes.Node:
    scanner.deeper()
    members: list[nodes.Node] = []
    while not scanner.take("]"):
        if members:
            scanner.expect(",")
        members.append(_value(scanner))
    scanner.levels -= 1
    return nodes.Sequence(place, tuple(members))


def _string(scanner: Scanner) -> str:
    found = _STRING.match(scanner.text, scanner.at)
    if not found:
        raise scanner.error("expected a text in quotes here")
    scanner.at = found.end()
    return _ESCAPE.sub(lambda one: _letter(one, scanner), found[1])


def _letter(escape: re.Match[str], scanner: Scanner) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    if escape[2]:
        return _LETTERS.get(escape[2], escape[2])
    raise scanner.error("a backslash means nothing here")


def _name(key: nodes.Node) -> str:
    assert isinstance(key, nodes.Literal)
    return str(key.value)


def _blocks(kind: str, value: nodes.Node) -> list[nodes.Block]:
    """Each label's block; a list of objects under a label is a block each."""
    tables = value.members if isinstance(value, nodes.Sequence) else (value,)
    found: list[nodes.Block] = []
    for table in tables:
        for label, inner in _table(table).rows:
            bodies = inner.members if isinstance(inner, nodes.Sequence) else (inner,)
            for one in bodies:
                body = _body(_table(one), kind)
                found.append(nodes.Block(label.place, kind, (_name(label),), body))
    return found


def _table(value: nodes.Node) -> nodes.Table:
    if isinstance(value, nodes.Table):
        return value
    raise BakeRefusedError("expected an object here", value.place)


def _body(table: nodes.Table, kind: str) -> nodes.Body:
    settings: list[nodes.Setting] = []
    blocks: list[nodes.Block] = []
    for key, value in table.rows:
        name = _name(key)
        if kind == "variable" and name == "validation":
            blocks += _validations(value)
        elif name != "//":
            is_word = kind in {"variable", "function"} and name in _KEYWORDS
            read = _keyword(value) if is_word else _read(value)
            settings.append(nodes.Setting(key.place, name, read))
    return nodes.Body(tuple(settings), tuple(blocks))


def _validations(value: nodes.Node) -> list[nodes.Block]:
    tables = value.members if isinstance(value, nodes.Sequence) else (value,)
    return [
        nodes.Block(one.place, "validation", (), _body(_table(one), ""))
        for one in tables
    ]


def _read(value: nodes.Node) -> nodes.Node:
    """The value with its texts as templates."""
    if isinstance(value, nodes.Literal) and isinstance(value.value, str):
        return templates.whole(value.value, value.place)
    if isinstance(value, nodes.Sequence):
        return nodes.Sequence(value.place, tuple([_read(one) for one in value.members]))
    if isinstance(value, nodes.Table):
        rows = [(_read(key), _read(one)) for key, one in value.rows]
        return nodes.Table(value.place, tuple(rows))
    return value


def _keyword(value: nodes.Node) -> nodes.Node:
    """A text that is an expression itself: a type, or the name of a parameter."""
    if isinstance(value, nodes.Sequence):
        members = [_keyword(one) for one in value.members]
        return nodes.Sequence(value.place, tuple(members))
    if isinstance(value, nodes.Literal) and isinstance(value.value, str):
        scanner = Scanner(value.value, value.place.file, value.place.line)
        return expression(scanner)
    return value
