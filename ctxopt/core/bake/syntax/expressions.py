"""Expressions as HCL writes them, from a cursor to nodes."""

from __future__ import annotations

import re
from decimal import Decimal

from ctxopt.core.bake.records import Place
from ctxopt.core.bake.syntax import nodes, templates
from ctxopt.core.bake.syntax.scanner import Scanner

# By strength, the weakest first. Source: hcl, hclsyntax/expression_ops.go.
_STRENGTHS = (
    ("||",),
    ("&&",),
    ("==", "!="),
    (">=", "<=", ">", "<"),
    ("+", "-"),
    ("*", "/", "%"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MOST_DIGITS = 400
_WORDS = {"true": True, "false": False, "null": None}


def expression(scanner: Scanner) -> nodes.Node:
    """The expression at the cursor, as long as it goes on."""
    scanner.deeper()
    condition = _operation(scanner, 0)
    place = scanner.place
    if scanner.take("?"):
        then = expression(scanner)
        scanner.expect(":")
        condition = nodes.Conditional(place, condition, then, expression(scanner))
    scanner.levels -= 1
    return condition


def _operation(scanner: Scanner, strength: int) -> nodes.Node:
    if strength == len(_STRENGTHS):
        return _unary(scanner)
    left = _operation(scanner, strength + 1)
    while sign := _sign(scanner, strength):
        place = scanner.place
        right = _operation(scanner, strength + 1)
        left = nodes.Operation(place, sign, (left, right))
    return left


def _sign(scanner: Scanner, strength: int) -> str | None:
    # `%{` and `~}` belong to a template, `=>` to a table.
    for sign in _STRENGTHS[strength]:
        if scanner.take(sign):
            return sign
    return None


def _unary(scanner: Scanner) -> nodes.Node:
    scanner.skip()
    place = scanner.place
    for sign in ("-", "!"):
        if scanner.take(sign):
            scanner.deeper()
            operand = _unary(scanner)
            scanner.levels -= 1
            return nodes.Operation(place, sign, (operand,))
    return _with_traversal(scanner, _primary(scanner))


def _primary(scanner: Scanner) -> nodes.Node:
    scanner.skip()
    place = scanner.place
    if scanner.peek('"'):
        return templates.quoted(scanner)
    if scanner.peek("<<"):
        return templates.heredoc(scanner)
    if scanner.take("("):
        return _bracketed(scanner)
    if scanner.take("["):
        return _sequence(scanner, place)
    if scanner.take("{"):
        return _table(scanner, place)
    if found := _NUMBER.match(scanner.text, scanner.at):
        return _number(scanner, found.group())
    name = scanner.identifier()
    if name is None:
        raise scanner.error("expected a value here")
    if scanner.text.startswith("(", scanner.at) or scanner.text.startswith(
        "::", scanner.at
    ):
        return _call(scanner, place, name)
    return (
        nodes.Literal(place, _WORDS[name])
        if name in _WORDS
        else nodes.Name(place, name)
    )


def _number(scanner: Scanner, text: str) -> nodes.Node:
    exponent = text.lower().partition("e")[2]
    if len(text) > _MOST_DIGITS or len(exponent) > 4:
        raise scanner.error("this number is too long to be read")
    place = scanner.place
    scanner.at += len(text)
    return nodes.Literal(place, Decimal(text))


def _bracketed(scanner: Scanner) -> nodes.Node:
    scanner.nesting += 1
    inner = expression(scanner)
    scanner.expect(")")
    scanner.nesting -= 1
    return inner


def _call(scanner: Scanner, place: Place, name: str) -> nodes.Node:
    scanner.expect("(")
    scanner.nesting += 1
    arguments: list[nodes.Node] = []
    is_expanded = False
    while not scanner.take(")"):
        arguments.append(expression(scanner))
        is_expanded = scanner.take("...")
        if is_expanded or not scanner.take(","):
            scanner.expect(")")
            break
    scanner.nesting -= 1
    return nodes.Call(place, name, tuple(arguments), is_expanded)


def _sequence(scanner: Scanner, place: Place) -> nodes.Node:
    scanner.nesting += 1
    if scanner.keyword("for"):
        found = _for(scanner, place, closing="]")
        scanner.nesting -= 1
        return found
    members: list[nodes.Node] = []
    while not scanner.take("]"):
        members.append(expression(scanner))
        if not scanner.take(","):
            scanner.expect("]")
            break
    scanner.nesting -= 1
    return nodes.Sequence(place, tuple(members))


def _for(scanner: Scanner, place: Place, *, closing: str) -> nodes.Node:
    names = for_names(scanner)
    over = expression(scanner)
    scanner.expect(":")
    value = expression(scanner)
    key, is_grouped = None, False
    if closing == "}":
        scanner.expect("=>")
        key, value = value, expression(scanner)
        is_grouped = scanner.take("...")
    condition = expression(scanner) if scanner.keyword("if") else None
    scanner.expect(closing)
    return nodes.For(
        place=place,
        names=names,
        over=over,
        value=value,
        key=key,
        condition=condition,
        is_grouped=is_grouped,
    )


def for_names(scanner: Scanner) -> tuple[str, ...]:
    """The one or two names of a `for`, up to behind its `in`."""
    names = [scanner.identifier()]
    if scanner.take(","):
        names.append(scanner.identifier())
    found = tuple(name for name in names if name is not None)
    if len(found) != len(names) or not scanner.keyword("in"):
        raise scanner.error('expected "for NAME in VALUES" here')
    return found


def _table(scanner: Scanner, place: Place) -> nodes.Node:
    outer, scanner.nesting = scanner.nesting, 0
    scanner.skip(lines=True)
    if scanner.keyword("for"):
        scanner.nesting = 1
        found = _for(scanner, place, closing="}")
        scanner.nesting = outer
        return found
    rows: list[tuple[nodes.Node, nodes.Node]] = []
    while not scanner.take("}", lines=True):
        rows.append(_row(scanner))
        # Rows end with a comma or with their line.
        if not (scanner.take(",") or scanner.take("\n") or scanner.take("\r\n")):
            scanner.expect("}")
            break
    scanner.nesting = outer
    return nodes.Table(place, tuple(rows))


def _row(scanner: Scanner) -> tuple[nodes.Node, nodes.Node]:
    key = expression(scanner)
    if isinstance(key, nodes.Name) and not _is_bracketed(scanner):
        key = nodes.Literal(key.place, key.name)
    elif isinstance(key, nodes.Literal) and not isinstance(key.value, str):
        key = nodes.Literal(key.place, _word_of(key))
    if not (scanner.take("=") or scanner.take(":")):
        raise scanner.error('expected "=" and a value after this key')
    return key, expression(scanner)


def _is_bracketed(scanner: Scanner) -> bool:
    return scanner.text[: scanner.at].rstrip().endswith(")")


def _word_of(key: nodes.Literal) -> str | Decimal | bool | None:
    words = {True: "true", False: "false", None: "null"}
    return key.value if isinstance(key.value, Decimal) else words[key.value]  # type: ignore[index]


def _with_traversal(scanner: Scanner, value: nodes.Node) -> nodes.Node:
    """`value` with the `.name`, `[key]` and splats that follow it."""
    while True:
        scanner.skip()
        place = scanner.place
        if scanner.text.startswith("...", scanner.at):
            return value
        if scanner.take(".*"):
            return nodes.Splat(place, value, _attributes(scanner, place))
        if scanner.take("[*]"):
            each = _with_traversal(scanner, nodes.SplatItem(place))
            return nodes.Splat(place, value, each)
        if scanner.take("."):
            value = _attribute(scanner, value)
        elif scanner.take("["):
            value = _index(scanner, value)
        else:
            return value


def _attributes(scanner: Scanner, place: Place) -> nodes.Node:
    """What `.*` asks of each: names only, an index is of the whole."""
    each: nodes.Node = nodes.SplatItem(place)
    while not scanner.peek("...") and scanner.take("."):
        each = _attribute(scanner, each)
    return each


def _attribute(scanner: Scanner, of: nodes.Node) -> nodes.Node:
    place = scanner.place
    if found := re.compile(r"\d+").match(scanner.text, scanner.at):
        scanner.at = found.end()
        key = nodes.Literal(place, Decimal(found.group()[:9]))
        return nodes.Index(place, of, key)
    name = scanner.identifier()
    if name is None:
        raise scanner.error('expected a name after "."')
    return nodes.Attribute(place, of, name)


def _index(scanner: Scanner, of: nodes.Node) -> nodes.Node:
    place = scanner.place
    scanner.nesting += 1
    key = expression(scanner)
    scanner.expect("]")
    scanner.nesting -= 1
    return nodes.Index(place, of, key)
