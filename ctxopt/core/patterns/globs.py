"""A pattern of filepath.Match as steps over the components of a path."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from ctxopt.core.golang.filepath_match import (
    QUESTION,
    SLASH,
    match_name,
    read_terms,
    scan_chunk,
)
from ctxopt.core.golang.paths import to_bytes
from ctxopt.core.patterns.plans import (
    CompiledPattern,
    Component,
    ComponentKind,
    NameTest,
    WholePath,
    around,
)


def plan(pattern: str) -> CompiledPattern:
    """The pattern as steps that match the complete path, never what lies below.

    Raises MalformedPatternError for a fault anywhere in the pattern.
    """
    components, crossings = _split(to_bytes(pattern))
    if crossings:
        call = partial(match_name, to_bytes(pattern))
        return CompiledPattern(cursor=WholePath(call, len(components) + crossings))
    return CompiledPattern(steps=tuple(_step(component) for component in components))


class _GlobPart:
    """The part of a pattern between two slashes, as text and as shape."""

    __slots__ = ("literal", "plain", "stars", "text")

    def __init__(self) -> None:
        self.text = b""
        self.literal = b""  # its bytes without escapes; meaningless unless `plain`
        self.plain = True  # nothing but literal bytes, apart from stars
        self.stars: list[int] = []  # places in `literal`


def _split(pattern: bytes) -> tuple[list[_GlobPart], int]:
    """The components of a pattern, and how many of its classes can take a slash."""
    components = [_GlobPart()]
    crossings = 0
    rest = pattern
    while rest:
        star, chunk, rest = scan_chunk(rest)
        current = components[-1]
        if star:
            current.text += b"*"
            current.stars.append(len(current.literal))
        terms = [*read_terms(chunk), (len(chunk), QUESTION)]
        for (start, term), (end, _) in pairwise(terms):
            if term == SLASH:
                components.append(_GlobPart())
                continue
            current = components[-1]
            current.text += chunk[start:end]
            if isinstance(term, int):
                current.literal += bytes((term,))
                continue
            current.plain = False
            crossings += term is not None and term.takes(SLASH)
    return components, crossings


def _step(component: _GlobPart) -> Component:
    """A cheap test where one decides exactly, the whole algorithm elsewhere."""
    places = sorted(set(component.stars))
    try:
        if component.plain and len(places) < 2:
            return _plain_step(component.literal, places)
    except UnicodeDecodeError:
        # The algorithm skips bytes, so a star may end inside a character.
        pass
    decide = partial(match_name, component.text)
    return NameTest(ComponentKind.CALL, repr(component.text), call=decide)


def _plain_step(literal: bytes, places: list[int]) -> Component:
    if not places:
        return NameTest(ComponentKind.LITERAL, literal.decode())
    first, last = literal[: places[0]].decode(), literal[places[0] :].decode()
    return around(first, last)
