"""Text with values in it: in quotes, in heredocs, and whole strings of JSON.

Source: hcl, hclsyntax/spec.md, "Templates", and parser_template.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ctxopt.core.bake.records import BakeRefusedError, Place
from ctxopt.core.bake.syntax import nodes
from ctxopt.core.bake.syntax.scanner import Scanner

_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_MOST_LEVELS = 40
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_CODE = re.compile(r"u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}")


@dataclass(frozen=True, slots=True)
class _Text:
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """A value, or a word of a directive, in a template; `word` is "" for a value."""

    place: Place
    word: str
    node: nodes.Node | None = None
    names: tuple[str, ...] = ()
    trims_before: bool = False
    trims_after: bool = False


_Piece = _Text | _Mark


def quoted(scanner: Scanner) -> nodes.Node:
    """The text in quotes at the cursor."""
    scanner.expect('"')
    place = scanner.place
    pieces = _pieces(scanner, end=None)
    scanner.expect('"')
    return _assembled(place, pieces)


def whole(text: str, place: Place) -> nodes.Node:
    """All of `text`, which stands in no quotes, as a template: a string of JSON."""
    scanner = Scanner(text, place.file, place.line)
    return _assembled(place, _pieces(scanner, end=len(text)))


def heredoc(scanner: Scanner) -> nodes.Node:
    """The lines from `<<WORD` to a line that is WORD, each with its line end."""
    place = scanner.place
    opening = _HEREDOC.match(scanner.text, scanner.at)
    if not opening:
        raise scanner.error("expected a word and the end of the line after <<")
    closing = re.compile(rf"^[ \t]*{re.escape(opening[2])}(?=\r?$|\Z)", re.MULTILINE)
    end = closing.search(scanner.text, opening.end())
    if not end:
        raise scanner.error(f'this text has no end: add a line "{opening[2]}"')
    scanner.at = opening.end()
    pieces = _pieces(scanner, end=end.start())
    scanner.at = end.end()
    if opening[1]:
        pieces = _without_indent(pieces)
    return _assembled(place, pieces, is_wrapped=False)


def _pieces(scanner: Scanner, *, end: int | None) -> list[_Piece]:
    """What a template is made of, up to `end`, or to the quote that closes it."""
    found: list[_Piece] = []
    while not _is_over(scanner, end):
        start, text = scanner.text[scanner.at : scanner.at + 2], scanner.text
        place = scanner.place
        if start in {"${", "%{"}:
            scanner.at += 2
            found.append(_mark(scanner, place, start))
        elif start in {"$$", "%%"} and text.startswith("{", scanner.at + 2):
            scanner.at += 3
            found.append(_Text(place, start[1:] + "{"))
        elif end is None and start.startswith("\\"):
            found.append(_Text(place, _escape(scanner)))
        else:
            found.append(_Text(place, _plain(scanner, end)))
    return found


def _is_over(scanner: Scanner, end: int | None) -> bool:
    if end is not None:
        return scanner.at >= end
    if scanner.at >= len(scanner.text) or scanner.text[scanner.at] == "\n":
        raise scanner.error("this text has no closing quote")
    return scanner.text[scanner.at] == '"'


def _plain(scanner: Scanner, end: int | None) -> str:
    """Text that means itself: at most a line, so that each line is told apart."""
    start = scanner.at
    scanner.at += 1
    limit = len(scanner.text) if end is None else end
    stops = '$%"\\\n' if end is None else "$%"
    while scanner.at < limit and scanner.text[scanner.at] not in stops:
        if scanner.text[scanner.at - 1] == "\n":
            break
        scanner.at += 1
    return scanner.text[start : scanner.at]


def _escape(scanner: Scanner) -> str:
    letter = scanner.text[scanner.at + 1 : scanner.at + 2]
    if letter in _ESCAPES:
        scanner.at += 2
        return _ESCAPES[letter]
    code = _CODE.match(scanner.text, scanner.at + 1)
    if not code or int(code.group()[1:], 16) > 0x10FFFF:
        raise scanner.error(f'"\\{letter}" means nothing here: write \\\\ for \\')
    scanner.at = code.end()
    return chr(int(code.group()[1:], 16))


def _mark(scanner: Scanner, place: Place, opening: str) -> _Mark:
    from ctxopt.core.bake.syntax.expressions import expression  # they hold each other

    trims_before = scanner.text.startswith("~", scanner.at)
    scanner.at += trims_before
    outer, scanner.nesting = scanner.nesting, 1
    if opening == "${":
        mark = _Mark(place, "", expression(scanner))
    else:
        mark = _directive(scanner, place)
    trims_after = scanner.take("~")
    scanner.expect("}")
    scanner.nesting = outer
    return replace(mark, trims_before=trims_before, trims_after=trims_after)


def _directive(scanner: Scanner, place: Place) -> _Mark:
    from ctxopt.core.bake.syntax.expressions import expression, for_names

    word = scanner.identifier()
    if word == "if":
        return _Mark(place, word, expression(scanner))
    if word == "for":
        names = for_names(scanner)
        return _Mark(place, word, expression(scanner), names)
    if word in {"else", "endif", "endfor"}:
        return _Mark(place, word)
    raise scanner.error(f'"{word or ""}" is no directive: if, else, endif, for, endfor')


def _without_indent(pieces: list[_Piece]) -> list[_Piece]:
    """The lines of `<<-` without the blanks that all of them begin with.

    Lines of nothing but blanks are not counted, and keep theirs.
    """
    starts = [
        at
        for at, piece in enumerate(pieces)
        if (at == 0 or _ends_line(pieces[at - 1])) and not _is_blank_line(piece)
    ]
    depth = min((_indent(pieces[at]) for at in starts), default=0)
    shorter = list(pieces)
    for at in starts:
        piece = shorter[at]
        if isinstance(piece, _Text):
            shorter[at] = replace(piece, text=piece.text[depth:])
    return shorter


def _ends_line(piece: _Piece) -> bool:
    return isinstance(piece, _Text) and piece.text.endswith("\n")


def _is_blank_line(piece: _Piece) -> bool:
    return _ends_line(piece) and isinstance(piece, _Text) and not piece.text.strip()


def _indent(piece: _Piece) -> int:
    return len(piece.text) - len(piece.text.lstrip()) if isinstance(piece, _Text) else 0


def _assembled(
    place: Place, pieces: list[_Piece], *, is_wrapped: bool = True
) -> nodes.Node:
    pieces = _trimmed(pieces)
    alone = pieces[0] if len(pieces) == 1 else None
    if is_wrapped and isinstance(alone, _Mark) and alone.node and not alone.word:
        return nodes.Template(place, (alone.node,))
    rest = iter(pieces)
    parts, stop = _parts(rest, 0)
    if stop is not None:
        raise BakeRefusedError(f'"{stop.word}" ends nothing here', stop.place)
    if all(isinstance(part, nodes.Literal) for part in parts):
        text = "".join(
            str(part.value) for part in parts if isinstance(part, nodes.Literal)
        )
        return nodes.Literal(place, text)
    return _text_of(place, parts)


def _trimmed(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces where `~` took the blanks beside it."""
    found: list[_Piece] = []
    is_trimming = False
    for piece in pieces:
        if isinstance(piece, _Text):
            text = piece.text.lstrip() if is_trimming else piece.text
            is_trimming = is_trimming and not text
            found.append(replace(piece, text=text))
            continue
        if piece.trims_before:
            _trim_end(found)
        is_trimming = piece.trims_after
        found.append(piece)
    return [one for one in found if isinstance(one, _Mark) or one.text]


def _trim_end(found: list[_Piece]) -> None:
    for at in range(len(found) - 1, -1, -1):
        piece = found[at]
        if isinstance(piece, _Mark):
            return
        found[at] = replace(piece, text=piece.text.rstrip())
        if piece.text.strip():
            return


def _parts(rest: Iterator[_Piece], level: int) -> tuple[list[nodes.Node], _Mark | None]:
    """The parts up to a directive's `else` or end, and that."""
    found: list[nodes.Node] = []
    for piece in rest:
        if isinstance(piece, _Text):
            found.append(nodes.Literal(piece.place, piece.text))
        elif not piece.word and piece.node:
            found.append(piece.node)
        elif piece.word in {"if", "for"}:
            found.append(_whole_directive(rest, piece, level + 1))
        else:
            return found, piece
    return found, None


def _whole_directive(rest: Iterator[_Piece], start: _Mark, level: int) -> nodes.Node:
    if level > _MOST_LEVELS:
        raise BakeRefusedError("this is nested too deeply to be read", start.place)
    assert start.node
    parts, stop = _parts(rest, level)
    inner = _text_of(start.place, parts)
    if start.word == "for":
        _check_end(start, stop, "endfor")
        members = nodes.For(start.place, start.names, start.node, inner)
        return nodes.Joined(start.place, members)
    otherwise: nodes.Node = nodes.Literal(start.place, "")
    if stop and stop.word == "else":
        parts, stop = _parts(rest, level)
        otherwise = _text_of(start.place, parts)
    _check_end(start, stop, "endif")
    return nodes.Conditional(start.place, start.node, inner, otherwise)


def _check_end(start: _Mark, stop: _Mark | None, word: str) -> None:
    if stop is None or stop.word != word:
        message = f'"%{{ {start.word} }}" has no end: add "%{{ {word} }}"'
        raise BakeRefusedError(message, start.place)


def _text_of(place: Place, parts: list[nodes.Node]) -> nodes.Node:
    # The empty text at the end keeps a single value from standing for itself.
    return nodes.Template(place, (*parts, nodes.Literal(place, "")))
