"""How Go treats text, where Python differs and a Dockerfile can tell.

BuildKit is written in Go, so blanks, letters, quoting and numbers in a Dockerfile
are what Go's standard library says they are.
"""

from __future__ import annotations

import re

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote

# White space, by who asks. Python's own `strip()` also takes U+001C to U+001F. None has
# a member that is a surrogate, as a byte that is not UTF-8 is here.
SPACES = (  # unicode.IsSpace
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
BYTE_SPACES = "\t\n\v\f\r \x85\xa0"  # those of them that a single byte can be
REGEXP_SPACES = "\t\n\f\r "  # \s of regular expressions
REPLACEMENT = "\ufffd"

_SURROGATES = "[\ud800-\udfff]"
_TRUE = frozenset(["1", "t", "T", "TRUE", "true", "True"])
_FALSE = frozenset(["0", "f", "F", "FALSE", "false", "False"])
_DIGITS = {8: "[0-7]+", 10: "[0-9]+"}


def trim_space(text: str) -> str:
    """`text` without white space at its ends.

    Rule: golang/go, strings.TrimSpace (unicode.IsSpace).
    """
    return text.strip(SPACES)


def as_runes(text: str) -> str:
    """Give each byte that is not UTF-8 the face it has once Go decodes the text."""
    return text if text.isascii() else re.sub(_SURROGATES, REPLACEMENT, text)


def lower(text: str) -> str:
    """Lower-case rune by rune, never changing the length."""
    return text.lower() if text.isascii() else "".join(map(_lower_rune, text))


def upper(text: str) -> str:
    """Upper-case rune by rune, never changing the length."""
    return text.upper() if text.isascii() else "".join(map(_upper_rune, text))


def same_fold(one: str, other: str) -> bool:
    """Whether two texts are equal when case does not count (strings.EqualFold)."""
    return [_fold_rune(rune) for rune in one] == [_fold_rune(rune) for rune in other]


def parse_bool(text: str) -> bool | None:
    """Read a boolean as strconv.ParseBool does; None if it is none."""
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


def parse_unsigned(text: str, base: int, bits: int) -> int | None:
    """Read an unsigned number of at most `bits` bits; None if it is none."""
    if not re.fullmatch(_DIGITS[base], text):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > bits:
        return None
    number = int(digits, base)
    return number if number < 1 << bits else None


def parse_signed(text: str, bits: int = 64) -> int:
    """Read a decimal number as strconv.ParseInt does.

    Raises RuleError in Go's words.
    """
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if not re.fullmatch(_DIGITS[10], digits):
        message = f"strconv.ParseInt: parsing {quote(text)}: invalid syntax"
        raise RuleError(message, "write a whole number")
    digits = digits.lstrip("0") or "0"
    limit = 1 << (bits - 1)
    number = sign * int(digits) if len(digits) <= bits else limit
    if not -limit <= number < limit:
        message = f"strconv.ParseInt: parsing {quote(text)}: value out of range"
        raise RuleError(message, "write a smaller number")
    return number


def parse_integer(text: str) -> int | None:
    """Read a decimal number as strconv.Atoi does; None if it is none."""
    try:
        return parse_signed(text)
    except RuleError:
        return None


def _lower_rune(rune: str) -> str:
    lowered = rune.lower()
    return lowered[0] if rune == "\u0130" or len(lowered) == 1 else rune


def _upper_rune(rune: str) -> str:
    raised = rune.upper()
    return raised if len(raised) == 1 else rune


def _fold_rune(rune: str) -> str:
    folded = rune.casefold()
    return folded if len(folded) == 1 else rune


def cased(nearest: str, word: str) -> str:
    """A known word in the case in which a mistyped one was written."""
    if re.search(_SURROGATES, word):
        return nearest  # Go replaces such a byte, so that no case fits
    if word == lower(word):
        return lower(nearest)
    return upper(nearest) if word == upper(word) else nearest
