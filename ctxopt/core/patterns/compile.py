"""A pattern's text as steps that run: what Docker makes a regular expression of."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from ctxopt.core.golang.paths import to_bytes
from ctxopt.core.model import Dialect
from ctxopt.core.patterns.plans import (
    ANY,
    MANY,
    MANY_LINES,
    CompiledPattern,
    Component,
    ComponentKind,
    NameTest,
    WholePath,
    around,
)


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
_ESCAPED_BY_STORAGE = frozenset(".$")
_END = ""


def translate(cleaned: str) -> tuple[Form, str]:
    """The form of a pattern, and its text as a Go regular expression.

    The text is only used for `Form.REGEXP`. The scan knows nothing of brackets: a
    star inside a class is translated like any other.

    Rule: moby/patternmatcher, patternmatcher.go, Pattern.compile.
    """
    form = Form.EXACT
    text = ["^"]
    source = _scanned(cleaned)
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


def translate_storage(cleaned: str) -> str:
    """A pattern as the Go regular expression that podman makes of it.

    There is one form for all, and little is escaped: `c++` is refused, `a|b` are two
    expressions of which the first has no end. What matches a folder matches all that
    is in it.

    Rule: containers/storage, pkg/fileutils/fileutils.go, Pattern.compile (1.43 with
    buildah 1.28, and unchanged since).
    """
    text = ["^"]
    source = _scanned(cleaned)
    while (rune := source.take()) != _END:
        if rune == "*" and source.peek() == "*":
            source.take()
            if source.peek() == "/":
                source.take()
            text.append(".*" if source.peek() == _END else "(.*/)?")
        elif rune in "*?":
            text.append("[^/]*" if rune == "*" else "[^/]")
        elif rune == "\\":
            text.append("\\" + source.take())
        else:
            text.append("\\" + rune if rune in _ESCAPED_BY_STORAGE else rune)
    return "".join((*text, "(/.*)?$"))


def _scanned(cleaned: str) -> _Runes:
    """A pattern as Go's text/scanner hands it out.

    It drops a byte order mark before the first character, and makes U+FFFD of each
    byte that is not UTF-8.
    """
    return _Runes(
        [
            "\ufffd" if "\ud800" <= character <= "\udfff" else character
            for character in cleaned.removeprefix("\ufeff")
        ]
    )


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


def compile_plan(cleaned: str, dialect: Dialect = Dialect.MOBY) -> CompiledPattern:
    """A pattern without its `!`, ready to run.

    Raises GoRegexpError for one that the builder refuses on first use.
    """
    steps = _plain_glob(cleaned)
    if steps is not None:
        return CompiledPattern(steps)
    if dialect is Dialect.STORAGE:
        from ctxopt.core.patterns.expressions import compile_with_below

        return compile_with_below(translate_storage(cleaned))
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
    *folders, last = base.split("/")
    if "**" in last or not _PLAIN.issuperset(base.replace("*", "")):
        return None
    steps: list[Component] = [] if base == cleaned else [MANY_LINES]
    for part in (*folders, last):
        if part == "**" and steps[-1:] != [MANY_LINES]:
            steps.append(MANY_LINES)
            continue
        if "**" in part:
            return None
        first, *held, last = part.split("*") if "*" in part else (part, "")
        held = [text for text in held if text]
        if "*" not in part:
            steps.append(NameTest(ComponentKind.LITERAL, part))
        elif not held:
            steps.append(around(first, last))
        elif len(held) == 1:
            steps.append(NameTest(ComponentKind.HOLDS, held[0], last, first))
        else:
            return None
    return tuple(steps)


def _translated_plan(cleaned: str) -> CompiledPattern:
    form, expression = translate(cleaned)
    if form is Form.REGEXP:
        # Start-up: few lines are more than names and stars.
        from ctxopt.core.patterns.expressions import compile_expression

        return compile_expression(expression)
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
