r"""Go's regular expressions, as far as an ignore file can reach them.

Docker turns a pattern into the text of a Go regular expression and copies parts of
it unread, so that `\d`, `\Q` or `[[:alpha:]]` in an ignore file mean what they mean
in Go. This module reads such a text into items, and spells them out for Python's `re`;
`goautomaton` runs them where that engine cannot be trusted with the time.

The subset is what the translations can emit: no `*?` and no flags, since both make
something else of `?`. Docker's escapes `+`, `(` and `)`; that of podman does not.

A byte that is not UTF-8 is U+FFFD to Go's engine; here it is a surrogate escape, so
every set holds either all of these or none.

Rule: golang/go, regexp/syntax/parse.go (flags Perl), regexp/syntax/perl_groups.go.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from ctxopt.core.golang.errors import GoRegexpError, TooManyStepsError
from ctxopt.core.golang.scripts import scripts
from ctxopt.core.tuples import NamedTuple

Ranges = tuple[tuple[int, int], ...]  # sorted, merged, both ends included

MAX_RUNE = 0x10FFFF
_REPLACEMENT = 0xFFFD
_SURROGATES = (0xD800, 0xDFFF)


class Assertion(enum.Enum):
    """A condition on a position, taking no character."""

    BEGIN = "^"
    END = "$"
    WORD = r"\b"
    NOT_WORD = r"\B"


class Chars(NamedTuple):
    """One character out of a set, or any number of them."""

    ranges: Ranges
    star: bool = False

    def takes(self, character: str) -> bool:
        """Whether a character is in the set."""
        point = ord(character)
        index = bisect_right(self.ranges, (point, MAX_RUNE + 1)) - 1
        return index >= 0 and point <= self.ranges[index][1]

    @property
    def literal(self) -> str | None:
        """The one character this stands for, or None."""
        if self.star or len(self.ranges) != 1 or self.ranges[0][0] != self.ranges[0][1]:
            return None
        return chr(self.ranges[0][0])


class Repeat(NamedTuple):
    """Items in a row, as often as said; `high` None has no bound."""

    items: tuple[Item, ...]
    low: int
    high: int | None


class Either(NamedTuple):
    """One of several rows of items."""

    branches: tuple[tuple[Item, ...], ...]


Item = Chars | Assertion | Repeat | Either


# --- Sets ------------------------------------------------------------------------


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges in order, without overlap."""
    return _merged(tuple(ranges))


@lru_cache(maxsize=1024)
def _merged(ranges: Ranges) -> Ranges:
    result: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


@lru_cache(maxsize=256)
def inverted(ranges: Ranges) -> Ranges:
    """Every character that the ranges leave out."""
    result = []
    start = 0
    for low, high in ranges:
        if low > start:
            result.append((start, low - 1))
        start = high + 1
    if start <= MAX_RUNE:
        result.append((start, MAX_RUNE))
    return tuple(result)


def chars(ranges: Iterable[tuple[int, int]], *, star: bool = False) -> Chars:
    """A set in which undecodable bytes stand where U+FFFD stands."""
    return _chars(tuple(ranges), star)


@lru_cache(maxsize=1024)  # long patterns repeat the same few sets
def _chars(ranges: Ranges, star: bool) -> Chars:  # noqa: FBT001
    runes = merged(ranges)
    low, high = _SURROGATES
    if any(first <= _REPLACEMENT <= last for first, last in runes):
        return Chars(merged((*runes, _SURROGATES)), star)
    cut = ((0, low - 1), (high + 1, MAX_RUNE))
    parts = (
        (max(first, start), min(last, stop))
        for first, last in runes
        for start, stop in cut
        if first <= stop and last >= start
    )
    return Chars(merged(parts), star)


def _spans(text: str) -> Ranges:
    """The ranges named by pairs of characters: "az09" is a-z and 0-9."""
    points = [ord(character) for character in text]
    return merged(zip(points[::2], points[1::2], strict=True))


_DIGIT = _spans("09")
WORD = _spans("09AZaz__")
_PERL_CLASSES = {
    "d": _DIGIT,
    "D": inverted(_DIGIT),
    "s": _spans("\t\n\f\r  "),
    "S": inverted(_spans("\t\n\f\r  ")),
    "w": WORD,
    "W": inverted(WORD),
}
_POSIX_CLASSES = {
    "alnum": _spans("09AZaz"),
    "alpha": _spans("AZaz"),
    "ascii": _spans("\x00\x7f"),
    "blank": _spans("\t\t  "),
    "cntrl": _spans("\x00\x1f\x7f\x7f"),
    "digit": _DIGIT,
    "graph": _spans("!~"),
    "lower": _spans("az"),
    "print": _spans(" ~"),
    "punct": _spans("!/:@[`{~"),
    "space": _spans("\t\r  "),
    "upper": _spans("AZ"),
    "word": WORD,
    "xdigit": _spans("09AFaf"),
}
_C_ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NOT_NEWLINE = chars(inverted(_spans("\n\n")))
ANYTHING = chars(((0, MAX_RUNE),), star=True)


_CATEGORIES = {
    "C": ("c", "f", "o", "s"),
    "L": ("l", "m", "o", "t", "u"),
    "M": ("c", "e", "n"),
    "N": ("d", "l", "o"),
    "P": ("c", "d", "e", "f", "i", "o", "s"),
    "S": ("c", "k", "m", "o"),
    "Z": ("l", "p", "s"),
}


@lru_cache(maxsize=16)
def unicode_class(name: str) -> Ranges | None:
    """The characters of a general category such as `L` or `Lu`, or of a script.

    Categories go by Python's own tables. Go leaves unassigned characters out of `C`.

    Rule: golang/go, regexp/syntax/parse.go, unicodeTable (Go 1.24).
    """
    if name == "Any":
        return ((0, MAX_RUNE),)
    minor = _CATEGORIES.get(name[:1], ())
    if len(name) > 1 and name[1:] not in minor:
        return scripts().get(name)
    categories = {name[:1] + letter for letter in minor if name[1:] in ("", letter)}
    if not categories:
        return None
    found = []
    for inside, group in groupby(
        range(MAX_RUNE + 1),
        lambda point: unicodedata.category(chr(point)) in categories,
    ):
        if inside:
            members = list(group)
            found.append((members[0], members[-1]))
    return tuple(found)


# --- Reading ---------------------------------------------------------------------


def parse(text: str) -> tuple[Item, ...]:
    """Read the text of a Go regular expression.

    Raises GoRegexpError where regexp.Compile returns an error.
    """
    reader = _ExpressionReader(text)
    items = reader.alternatives()
    if reader.rest:
        raise GoRegexpError("unexpected )")
    size = _size(items)
    if size > _SIZE_LIMIT:
        raise GoRegexpError("expression too large")
    if size > max(_OWN_SIZE_LIMIT, len(text)):
        raise TooManyStepsError(size, _OWN_SIZE_LIMIT)
    return items


class _ExpressionReader:
    """A position in the text; each method takes what it is named for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def rest(self) -> bool:
        return self._at < len(self._text)

    def alternatives(self) -> tuple[Item, ...]:
        branches = [self._sequence()]
        while self._takes("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else (Either(tuple(branches)),)

    def _sequence(self) -> tuple[Item, ...]:
        items: list[Item] = []
        repeated = False
        while self.rest and not self._sees(")") and not self._sees("|"):
            bounds = self._repetition()
            if bounds is None:
                items.extend(self._atom())
                repeated = False
                continue
            if repeated:
                raise GoRegexpError("invalid nested repetition operator")
            if not items:
                raise GoRegexpError("missing argument to repetition operator")
            items.append(_repeated(items.pop(), *bounds))
            repeated = True
        return tuple(items)

    def _repetition(self) -> tuple[int, int | None] | None:
        """Take `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`; other braces are literal."""
        if self._takes("*"):
            return 0, None
        if self._takes("+"):
            return 1, None
        if self._takes("?"):
            return 0, 1
        found = _COUNTED.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        low = _count(found["low"])
        high = None if found["comma"] else low
        high = _count(found["high"]) if found["high"] else high
        if max(low, high or 0) > _REPEAT_LIMIT or (high is not None and low > high):
            raise GoRegexpError(f"invalid repeat count: {found[0]}")
        return low, high

    def _sees(self, token: str) -> bool:
        return self._text.startswith(token, self._at)

    def _takes(self, token: str) -> bool:
        if not self._sees(token):
            return False
        self._at += len(token)
        return True

    def _next(self) -> str:
        """The next character; "" at the end."""
        character = self._text[self._at : self._at + 1]
        self._at += 1
        return character

    def _atom(self) -> Sequence[Item]:
        if self._sees("["):
            return (self._bracket(),)
        if self._sees("\\"):
            return self._escape()
        character = self._next()
        if character == "(":
            return (self._group(),)
        if character == ".":
            return (_NOT_NEWLINE,)
        if character == "^":
            return (Assertion.BEGIN,)
        if character == "$":
            return (Assertion.END,)
        return (_single(character),)

    def _group(self) -> Either:
        items = self.alternatives()
        if not self._takes(")"):
            raise GoRegexpError("missing closing )")
        return Either((items,))

    def _escape(self) -> Sequence[Item]:
        for token, assertion in _ESCAPED_ASSERTIONS:
            if self._takes(token):
                return (assertion,)
        if self._takes(r"\Q"):
            return [_single(character) for character in self._quoted()]
        ranges = self._class_escape()
        if ranges is not None:
            return (chars(ranges),)
        return (_single(chr(self._character_escape())),)

    def _quoted(self) -> str:
        r"""What stands between `\Q` and `\E`, or the end: all of it is literal."""
        end = self._text.find(r"\E", self._at)
        literal = self._text[self._at : end if end >= 0 else len(self._text)]
        self._at = min(self._at + len(literal) + len(r"\E"), len(self._text))
        return literal

    def _class_escape(self) -> Ranges | None:
        r"""Take `\d`, `\pL` and the like, inside a class or out of it."""
        letter = self._text[self._at + 1 : self._at + 2]
        if not self._sees("\\") or not letter:
            return None
        if letter in _PERL_CLASSES:
            self._at += 2
            return _PERL_CLASSES[letter]
        if letter not in "pP":
            return None
        self._at += 2
        name = self._class_name()
        ranges = unicode_class(name.removeprefix("^"))
        if ranges is None:
            raise GoRegexpError(f"invalid character class range: \\{letter}{{{name}}}")
        negated = (letter == "P") != name.startswith("^")
        return inverted(ranges) if negated else ranges

    def _class_name(self) -> str:
        """Take a letter, or a name in braces."""
        if not self._takes("{"):
            return self._next()
        end = self._text.find("}", self._at)
        if end < 0:
            raise GoRegexpError("invalid character class range: a { without its }")
        name = self._text[self._at : end]
        self._at = end + 1
        return name

    def _character_escape(self) -> int:
        r"""Take an escape that stands for one character, such as `\.` or `\x41`."""
        start = self._at
        self._at += 1
        character = self._next()
        if not character:
            raise GoRegexpError("trailing backslash at end of expression")
        if character.isascii() and not character.isalnum():
            return ord(character)
        if character in _C_ESCAPES:
            return ord(_C_ESCAPES[character])
        if character == "x":
            found = _HEX.match(self._text, self._at)
            point = (
                int(found["braced"] or found["plain"], 16) if found else MAX_RUNE + 1
            )
            if found is not None and point <= MAX_RUNE:
                self._at = found.end()
                return point
        elif character == "0" or (character in _OCTAL and self._octal()):
            for _ in range(2):
                character += self._next() if self._octal() else ""
            return int(character, 8)
        escape = self._text[start : self._at]
        raise GoRegexpError(f"invalid escape sequence: {escape}")

    def _octal(self) -> bool:
        return self.rest and self._text[self._at] in _OCTAL

    def _bracket(self) -> Chars:
        """Take a class from `[` to its `]`; a `]` in first place is a member."""
        self._at += 1
        negated = self._takes("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self._sees("]"):
            first = False
            ranges.extend(self._members())
        self._at += 1
        members = merged(ranges)
        return chars(inverted(members) if negated else members)

    def _members(self) -> Ranges:
        posix = self._posix_class()
        if posix is not None:
            return posix
        escaped = self._class_escape()
        if escaped is not None:
            return escaped
        low = high = self._class_character()
        if self._sees("-") and self._at + 1 < len(self._text) and not self._sees("-]"):
            self._at += 1
            high = self._class_character()
        if high < low:
            raise GoRegexpError("invalid character class range")
        return ((low, high),)

    def _posix_class(self) -> Ranges | None:
        end = self._text.find(":]", self._at + 2) if self._sees("[:") else -1
        if end < 0:
            return None
        name = self._text[self._at + 2 : end]
        ranges = _POSIX_CLASSES.get(name.removeprefix("^"))
        if ranges is None:
            raise GoRegexpError(f"invalid character class range: [:{name}:]")
        self._at = end + 2
        return inverted(ranges) if name.startswith("^") else ranges

    def _class_character(self) -> int:
        if not self.rest:
            raise GoRegexpError("missing closing ]")
        if self._sees("\\"):
            return self._character_escape()
        return _rune(self._next())


_ESCAPED_ASSERTIONS = (
    (r"\A", Assertion.BEGIN),
    (r"\z", Assertion.END),
    (r"\b", Assertion.WORD),
    (r"\B", Assertion.NOT_WORD),
)
_HEX = re.compile("{(?P<braced>[0-9a-fA-F]+)}|(?P<plain>[0-9a-fA-F]{2})")
_OCTAL = "01234567"

# A count has no leading zero; what does not look like this is literal text.
_COUNTED = re.compile("{(?P<low>0|[1-9][0-9]*)(?P<comma>,(?P<high>0|[1-9][0-9]*)?)?}")
_REPEAT_LIMIT = 1000
_COUNT_DIGITS = 4  # no larger count is allowed, whatever it is
# Go goes up to _SIZE_LIMIT: an automaton of three million positions, for one line.
_OWN_SIZE_LIMIT = 100_000
_SIZE_LIMIT = (128 << 20) // 40  # instructions


def _count(digits: str) -> int:
    """A repeat count; more than the limit, where it is more."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _COUNT_DIGITS else _REPEAT_LIMIT + 1


def _rune(character: str) -> int:
    """The code point that Go sees: U+FFFD for a byte that is not UTF-8."""
    low, high = _SURROGATES
    return _REPLACEMENT if low <= ord(character) <= high else ord(character)


def _single(character: str) -> Chars:
    point = _rune(character)
    return chars(((point, point),))


def _repeated(item: Item, low: int, high: int | None) -> Item:
    """The item repeated.

    Rule: golang/go, regexp/syntax/parse.go, repeat, repeatIsValid.
    """
    if isinstance(item, Chars) and not item.star and (low, high) == (0, None):
        return Chars(item.ranges, star=True)
    inner = item.branches[0] if isinstance(item, Either) else (item,)
    repeat = Repeat(inner, low, high)
    if max(low, high or 0) > 1 and not _is_valid(repeat, _REPEAT_LIMIT):
        raise GoRegexpError("invalid repeat count")
    return repeat


def _is_valid(item: Item, limit: int) -> bool:
    """Whether counts inside counts multiply to no more than the limit."""
    if not isinstance(item, Repeat):
        return True
    count = item.low if item.high is None else item.high
    if count > limit:
        return False
    within = limit // count if count else limit
    return item.high == 0 or all(_is_valid(inner, within) for inner in item.items)


def _size(items: Sequence[Item]) -> int:
    """How many instructions Go makes of it.

    Rule: golang/go, regexp/syntax/parse.go, calcSize.
    """
    size = 0
    for item in items:
        if isinstance(item, Repeat):
            inner = _size(item.items)
            if item.high is None:
                size += item.low * inner + 2
            else:
                size += item.high * (inner + 1) - item.low
        elif isinstance(item, Either):
            size += sum(_size(branch) + 1 for branch in item.branches)
        else:
            size += 1
    return size


def anchored(items: Sequence[Item]) -> tuple[int, int]:
    """Where the items lie between the `^` at the start and the `$` at the end."""
    start, stop = 0, len(items)
    while start < stop and items[start] is Assertion.BEGIN:
        start += 1
    while stop > start and items[stop - 1] is Assertion.END:
        stop -= 1
    return start, stop


# --- As a Python expression ------------------------------------------------------


def python_text(items: Sequence[Item]) -> str:
    r"""The same expression for Python's `re`; use it with `match` or `search`.

    Free of flags: every set is spelled out, so neither `re.ASCII` nor Python's idea
    of `\s` matters, and `\Z` is the end of the text even after a newline.
    """
    return "".join(_python_item(item) for item in items)


def _python_item(item: Item) -> str:
    if isinstance(item, Chars):
        return python_set(item.ranges) + ("*" if item.star else "")
    if isinstance(item, Repeat):
        high = "" if item.high is None else item.high
        return f"(?:{python_text(item.items)}){{{item.low},{high}}}"
    if isinstance(item, Either):
        return f"(?:{'|'.join(python_text(branch) for branch in item.branches)})"
    return _PYTHON_ASSERTIONS[item]


# Spelled out because Python's `\B` does not match in an empty text.
_PYTHON_WORD = "[0-9A-Za-z_]"
_PYTHON_ASSERTIONS = {
    Assertion.BEGIN: r"\A",
    Assertion.END: r"\Z",
    Assertion.WORD: (
        f"(?:(?<={_PYTHON_WORD})(?!{_PYTHON_WORD})|(?<!{_PYTHON_WORD})(?={_PYTHON_WORD}))"
    ),
    Assertion.NOT_WORD: (
        f"(?:(?<={_PYTHON_WORD})(?={_PYTHON_WORD})|(?<!{_PYTHON_WORD})(?!{_PYTHON_WORD}))"
    ),
}


@lru_cache(maxsize=256)
def python_set(ranges: Ranges) -> str:
    """A set as a class of Python's `re`."""
    if not ranges:
        return "(?!)"
    outside = inverted(ranges)
    if not outside:
        return r"[\s\S]"
    if len(outside) < len(ranges):
        return f"[^{_python_members(outside)}]"
    return f"[{_python_members(ranges)}]"


def _python_members(ranges: Ranges) -> str:
    return "".join(
        _python_member(low)
        if low == high
        else f"{_python_member(low)}-{_python_member(high)}"
        for low, high in ranges
    )


def _python_member(rune: int) -> str:
    """A character of a class: as a number, parsed slowly, where it may be a sign."""
    text = chr(rune)
    is_itself = text.isascii() and (text.isalnum() or text in "._")
    return text if is_itself else f"\\U{rune:08x}"
