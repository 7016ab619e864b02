"""A whole file of HCL: its settings and blocks."""

from __future__ import annotations

from ctxopt.core.bake.records import BakeRefusedError, Place
from ctxopt.core.bake.syntax import nodes, templates
from ctxopt.core.bake.syntax.expressions import expression
from ctxopt.core.bake.syntax.scanner import Scanner


def read_hcl(text: str, file: str) -> nodes.Body:
    """What the file says. Raises `BakeRefusedError` with its place where it stops."""
    scanner = Scanner(text.removeprefix("\ufeff"), file)
    return _body(scanner, closing="")


def _body(scanner: Scanner, *, closing: str) -> nodes.Body:
    scanner.deeper()
    settings: list[nodes.Setting] = []
    blocks: list[nodes.Block] = []
    while not _is_closed(scanner, closing):
        place = scanner.place
        name = scanner.identifier()
        if name is None:
            raise scanner.error("expected a name or a block here")
        if scanner.take("="):
            settings.append(nodes.Setting(place, name, expression(scanner)))
        else:
            blocks.append(_block(scanner, place, name))
        _end_line(scanner, closing)
    scanner.levels -= 1
    _refuse_repeated(settings)
    return nodes.Body(tuple(settings), tuple(blocks))


def _is_closed(scanner: Scanner, closing: str) -> bool:
    if scanner.at_end():
        if closing:
            raise scanner.error('this block has no end: add "}"')
        return True
    return bool(closing) and scanner.take(closing)


def _end_line(scanner: Scanner, closing: str) -> None:
    scanner.skip()
    rest = scanner.text[scanner.at : scanner.at + 2]
    if rest and not rest.startswith(("\n", "\r\n")) and rest[0] != closing:
        raise scanner.error("expected the end of the line here")


def _block(scanner: Scanner, place: Place, kind: str) -> nodes.Block:
    labels: list[str] = []
    while not scanner.take("{"):
        labels.append(_label(scanner))
    scanner.skip()
    rest = scanner.text[scanner.at : scanner.at + 2]
    is_short = not rest.startswith(("\n", "\r\n", "}")) and bool(rest)
    body = _short_body(scanner) if is_short else _body(scanner, closing="}")
    return nodes.Block(place, kind, tuple(labels), body)


def _short_body(scanner: Scanner) -> nodes.Body:
    """A block of one line has one setting. Source: hcl, hclsyntax/spec.md."""
    place = scanner.place
    name = scanner.identifier()
    if name is None or not scanner.take("="):
        raise scanner.error("a block on one line has one setting: use more lines")
    setting = nodes.Setting(place, name, expression(scanner))
    scanner.expect("}")
    return nodes.Body((setting,))


def _label(scanner: Scanner) -> str:
    if scanner.peek('"'):
        label = templates.quoted(scanner)
        if isinstance(label, nodes.Literal):
            return str(label.value)
        raise scanner.error("the name of a block cannot have values in it")
    name = scanner.identifier()
    if name is None:
        raise scanner.error('expected "=" or "{" after this name')
    return name


def _refuse_repeated(settings: list[nodes.Setting]) -> None:
    seen: set[str] = set()
    for one in settings:
        if one.name in seen:
            raise BakeRefusedError(f'"{one.name}" is set twice', one.place)
        seen.add(one.name)
