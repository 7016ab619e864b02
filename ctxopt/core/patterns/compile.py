"""A pattern's text as steps that run: what Docker makes a regular expression of."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from ctxopt.core.golang import regexp
from ctxopt.core.golang.automaton import Automaton
from ctxopt.core.golang.paths import to_bytes
from ctxopt.core.golang.regexp import Assertion, Chars, Item, Repeat
from ctxopt.core.patterns.plans import (
    ANY,
    LINE,
    MANY,
    MANY_LINES,
    CompiledPattern,
    Component,
    ComponentKind,
    NameTest,
    WholePath,
    around,
)

LONG = 255  # characters: no file system of Linux holds a longer name


class Form(enum.Enum):
    """What the builder compares a pattern with a path by."""

    EXACT = enum.auto()
    PREFIX = enum.auto()
    SUFFIX = enum.auto()
    REGEXP = enum.auto()


# Docker means to escape `|`, `{` and `}` too, but its table has room for 64 characters
# only and loses them; `^` is left out on purpose. So `a|b*` is an alternative there,
# and with it here.
_ESCAPED = frozenset(".+()$")


_END = ""


def translate(cleaned: str) -> tuple[Form, str]:
    """The form of a pattern, and its text as a Go regular expression.

    The text is only used for `Form.REGEXP`. The scan knows nothing of brackets: a
    star inside a class is translated like any other.

    Rule: moby/patternmatcher, patternmatcher.go, Pattern.compile.
    """
    # Go's text/scanner drops a byte order mark before the first character and
    # hands out U+FFFD for each byte that is not UTF-8.
    runes = [
        "\ufffd" if "\ud800" <= character <= "\udfff" else character
        for character in cleaned.removeprefix("\ufeff")
    ]
    form = Form.EXACT
    text = ["^"]
    source = _Runes(runes)
    while (rune := source.take()) != _END:
        if rune == "*" and source.peek() == "*":
            leading = source.taken == 1
            source.take()
            if source.peek() == "/":
                source.take()
            if source.peek() != _END:
                text.append("(.*/)?")
                form = Form.REGEXP
            elif form is Form.EXACT:
                form = Form.PREFIX
            else:
                text.append(".*")
                form = Form.REGEXP
            if leading:
                form = Form.SUFFIX
        elif rune in "*?":
            text.append("[^/]*" if rune == "*" else "[^/]")
            form = Form.REGEXP
        elif rune == "\\":
            escaped = source.take()
            text.append("\\" + escaped)
            form = Form.REGEXP if escaped else form
        else:
            text.append("\\" + rune if rune in _ESCAPED else rune)
            form = Form.REGEXP if rune in "[]" else form
    return form, "".join((*text, "$"))


class _Runes:
    """Characters taken one by one; `taken` counts them."""

    def __init__(self, runes: Sequence[str]) -> None:
        self._runes = runes
        self.taken = 0

    def peek(self) -> str:
        return self._runes[self.taken] if self.taken < len(self._runes) else _END

    def take(self) -> str:
        rune = self.peek()
        self.taken += rune != _END
        return rune


def compile_plan(cleaned: str) -> CompiledPattern:
    """A pattern without its `!`, ready to run.

    Raises GoRegexpError for one that the builder refuses on first use.
    """
    steps = _plain_glob(cleaned)
    if steps is not None:
        return CompiledPattern(steps)
    return _translated_plan(cleaned)


# Nothing in these means anything to either language but itself.
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~/@%=,:# "
)


def _plain_glob(cleaned: str) -> tuple[Component, ...] | None:
    """What `_translated_plan` says of plain characters, `**/` and single stars.

    A shortcut for what most lines are; None for anything else. It is the same, and
    a hundred times cheaper than the way through the regular expression.
    """
    base = cleaned.removeprefix("**/")
    if _PLAIN.issuperset(base):
        if base != cleaned:
            return _suffix_steps(f"/{base}")
        return tuple(NameTest(ComponentKind.LITERAL, part) for part in base.split("/"))
    if "**" in base or not _PLAIN.issuperset(base.replace("*", "")):
        return None
    steps: list[Component] = [] if base == cleaned else [MANY_LINES]
    for part in base.split("/"):
        first, *held, last = part.split("*") if "*" in part else (part, "")
        held = [text for text in held if text]
        if "*" not in part:
            steps.append(NameTest(ComponentKind.LITERAL, part))
        elif not held:
            steps.append(around(first, last))
        elif len(held) == 1 and not first and not last:
            steps.append(NameTest(ComponentKind.HOLDS, held[0]))
        else:
            return None
    return tuple(steps)


def _translated_plan(cleaned: str) -> CompiledPattern:
    form, expression = translate(cleaned)
    if form is Form.REGEXP:
        return _regexp_plan(_without_repeated_folders(regexp.parse(expression)))
    if any("\ud800" <= character <= "\udfff" for character in cleaned) or (
        form is Form.SUFFIX and not cleaned.startswith("**")
    ):
        return CompiledPattern(cursor=WholePath(_ByteTest(form, cleaned)))
    if form is Form.EXACT:
        return CompiledPattern(
            tuple(NameTest(ComponentKind.LITERAL, part) for part in cleaned.split("/"))
        )
    if form is Form.PREFIX:
        *parts, last = cleaned[:-2].split("/")
        literals = [NameTest(ComponentKind.LITERAL, part) for part in parts]
        return CompiledPattern(
            (*literals, NameTest(ComponentKind.STARTS, last) if last else ANY, MANY)
        )
    return CompiledPattern(_suffix_steps(cleaned[2:]))


def _suffix_steps(suffix: str) -> tuple[Component, ...]:
    if not suffix:
        return (MANY, ANY)
    first, *parts = suffix.split("/")
    literals = [NameTest(ComponentKind.LITERAL, part) for part in parts]
    if not first:
        return (MANY, *literals)
    return (MANY, NameTest(ComponentKind.ENDS, first), *literals)


class _ByteTest:
    """The forms without an expression, on bytes as Go compares them.

    Needed where a character of the path can be cut in the middle: by a pattern that
    holds bytes which are not UTF-8, or one that begins with a byte order mark, of
    which the scan knows nothing although the test cuts two bytes off.

    Rule: moby/patternmatcher, patternmatcher.go, Pattern.match.
    """

    def __init__(self, form: Form, cleaned: str) -> None:
        self._form = form
        self._text = to_bytes(cleaned)

    def __call__(self, path: str) -> bool:
        name = to_bytes(path)
        if self._form is Form.EXACT:
            return name == self._text
        if self._form is Form.PREFIX:
            return name.startswith(self._text[:-2])
        suffix = self._text[2:]
        return name.endswith(suffix) or (suffix[:1] == b"/" and name == suffix[1:])


_SLASH = Chars(((0x2F, 0x2F),))


_NO_SLASH = regexp.chars(regexp.inverted(_SLASH.ranges))


_STAR = Chars(_NO_SLASH.ranges, star=True)


_LINE_STAR = Chars(regexp.chars(regexp.inverted(((0x0A, 0x0A),))).ranges, star=True)


_LINE_STAR_NO_SLASH = Chars(
    regexp.chars(regexp.inverted(((0x0A, 0x0A), (0x2F, 0x2F)))).ranges, star=True
)


_FOLDERS = Repeat((_LINE_STAR, _SLASH), 0, 1)


def _without_repeated_folders(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with one `(.*/)?` for several in a row, which match the same."""
    return tuple(
        item
        for at, item in enumerate(items)
        if not at or item != _FOLDERS or items[at - 1] != _FOLDERS
    )


def _regexp_plan(items: tuple[Item, ...]) -> CompiledPattern:
    steps = _cut(items)
    if steps is None:
        return CompiledPattern(cursor=Automaton(items).start)
    return CompiledPattern(steps)


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
    if len(held) == 1 and not first and not last:
        return NameTest(ComponentKind.HOLDS, held[0])
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
