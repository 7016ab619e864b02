r"""A Go expression as steps over components, or as an automaton where it has none.

`^(.*/)?[^/]*\.log$` is cut at its slashes into any number of components, and one that
ends in `.log`. A component is tested by the cheapest question that decides it exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from ctxopt.core.golang import regexp
from ctxopt.core.golang.automaton import Automaton
from ctxopt.core.golang.regexp import Assertion, Chars, Item, Repeat
from ctxopt.core.patterns.plans import (
    LINE,
    MANY_LINES,
    CompiledPattern,
    Component,
    ComponentKind,
    NameTest,
    around,
)

LONG = 255  # characters: no file system of Linux holds a longer name

_SLASH = Chars(((0x2F, 0x2F),))
_NO_SLASH = regexp.chars(regexp.inverted(_SLASH.ranges))
_STAR = Chars(_NO_SLASH.ranges, star=True)
_LINE_STAR = Chars(regexp.chars(regexp.inverted(((0x0A, 0x0A),))).ranges, star=True)
_LINE_STAR_NO_SLASH = Chars(
    regexp.chars(regexp.inverted(((0x0A, 0x0A), (0x2F, 0x2F)))).ranges, star=True
)
_FOLDERS = Repeat((_LINE_STAR, _SLASH), 0, 1)
_BELOW = Repeat((_SLASH, _LINE_STAR), 0, 1)


def compile_expression(expression: str) -> CompiledPattern:
    """What Docker makes of a pattern, ready to run.

    Raises GoRegexpError for one that Go refuses.
    """
    items = _without_repeated_folders(regexp.parse(expression))
    steps = _cut(items)
    if steps is None:
        return CompiledPattern(cursor=Automaton(items).start)
    return CompiledPattern(steps)


def compile_with_below(expression: str) -> CompiledPattern:
    """What podman makes of a pattern: it ends in `(/.*)?$`, or in one branch of `|`.

    What matches a folder is known to match all that is in it, so that the end is left
    out where the rest can be cut into components.
    Raises GoRegexpError for one that Go refuses.
    """
    items = _without_repeated_folders(regexp.parse(expression))
    if items[-2:] == (_BELOW, Assertion.END):
        steps = _cut((*items[:-2], Assertion.END))
        if steps is not None:
            return CompiledPattern(steps)
    return CompiledPattern(cursor=Automaton(items).start)


def _without_repeated_folders(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with one `(.*/)?` for several in a row, which match the same."""
    return tuple(
        item
        for at, item in enumerate(items)
        if not at or item != _FOLDERS or items[at - 1] != _FOLDERS
    )


def _cut(items: tuple[Item, ...]) -> tuple[Component, ...] | None:
    """The expression cut at its slashes; None if it can cross one elsewhere."""
    start, stop = regexp.anchored(items)
    if stop == len(items):
        return None
    steps: list[Component] = []
    component: list[Item] = []
    for at, item in enumerate(items[start:stop], start):
        if item == _SLASH:
            steps.append(_component(component))
            component = []
        elif item == _FOLDERS and not component:
            if not steps or steps[-1] != MANY_LINES:
                steps.append(MANY_LINES)
        elif item == _LINE_STAR and at == stop - 1:
            return (*steps, *_rest(component))
        elif _stays_inside(item):
            component.append(item)
        else:
            return None
    return (*steps, _component(component))


def _stays_inside(item: Item) -> bool:
    """Whether the item takes no slash, and cannot tell one from an end of the text."""
    if isinstance(item, Chars):
        return not item.takes("/")
    if isinstance(item, Repeat):
        return all(_stays_inside(inner) for inner in item.items)
    return item in (Assertion.WORD, Assertion.NOT_WORD)


def _rest(component: list[Item]) -> tuple[Component, ...]:
    """`.*` at the end: the component so far, its rest, and everything below."""
    if not component:
        return (LINE, MANY_LINES)
    return (_component([*component, _LINE_STAR_NO_SLASH]), MANY_LINES)


def _component(items: list[Item]) -> NameTest:
    """The cheapest test that decides one component exactly."""
    chunks = list(_chunks(items))
    texts = [_literal(chunk) for chunk in chunks]
    literals = [text for text in texts if text is not None]
    if len(literals) < len(texts):
        return _component_expression(items, chunks)
    first, *middle, last = literals if len(literals) > 1 else (*literals, "")
    held = [text for text in middle if text]
    if len(literals) == 1:
        return NameTest(ComponentKind.LITERAL, first)
    if not held:
        return around(first, last)
    if len(held) == 1:
        return NameTest(ComponentKind.HOLDS, held[0], last, first)
    return _component_expression(items, chunks)


def _literal(chunk: list[Item]) -> str | None:
    """The text that the items stand for, if they stand for one only."""
    characters = [item.literal for item in chunk if isinstance(item, Chars)]
    text = "".join(character for character in characters if character is not None)
    return text if len(text) == len(chunk) else None


def _component_expression(items: list[Item], chunks: list[list[Item]]) -> NameTest:
    """A component as one expression that Python's engine decides in linear time.

    Between stars that take everything the first place is as good as any later one,
    so nothing has to be tried again. Other stars are left to the automaton.
    """
    if not all(_has_fixed_length(item) for chunk in chunks for item in chunk):
        whole = Automaton((Assertion.BEGIN, *items, Assertion.END))
        return NameTest(ComponentKind.CALL, _about(items), call=whole.matches)
    shortest = sum(isinstance(item, Chars) for chunk in chunks for item in chunk)
    if shortest > LONG:
        return NameTest(
            ComponentKind.CALL, _about(items), call=_LongTest(chunks, shortest)
        )
    texts = [regexp.python_text(chunk) for chunk in chunks]
    head = _leading(chunks[0])
    tail = _leading(chunks[-1][::-1])[::-1]
    return NameTest(ComponentKind.REGEX, _joined(texts), tail, head)


def _about(items: Sequence[Item]) -> str:
    r"""What a test is about, in a few words: a set such as `\pL` has 600 ranges."""
    return f"{len(items)} items"


def _joined(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return rf"(?:{texts[0]})\Z"
    first, *middle, last = texts
    lazy = "".join(rf"(?>[\s\S]*?{text})" for text in middle)
    return rf"(?:{first}{lazy}[\s\S]*{last})\Z"


class _LongTest:
    """A test that no name on an ordinary disk is long enough to pass.

    To compile a component of 64 KiB takes a second, so that is left until a name
    comes that could pass.
    """

    def __init__(self, chunks: list[list[Item]], shortest: int) -> None:
        self._chunks = chunks
        self._shortest = shortest

    def __call__(self, name: str) -> bool:
        return len(name) >= self._shortest and self._compiled.match(name) is not None

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(_joined([regexp.python_text(c) for c in self._chunks]))


def _leading(chunk: list[Item]) -> str:
    """The text that the first items stand for."""
    text = ""
    for item in chunk:
        if not isinstance(item, Chars) or item.literal is None:
            break
        text += item.literal
    return text


def _has_fixed_length(item: Item) -> bool:
    return isinstance(item, Assertion) or (isinstance(item, Chars) and not item.star)


def _chunks(items: list[Item]) -> Iterator[list[Item]]:
    """The items between stars that take everything."""
    chunk: list[Item] = []
    for item in items:
        if item == _STAR:
            yield chunk
            chunk = []
        else:
            chunk.append(item)
    yield chunk
