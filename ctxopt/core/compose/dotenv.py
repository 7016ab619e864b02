r"""The text of an `.env` file: names and values, quoted or not.

    parse_dotenv('A=1\nB="$A-x"', {}.get) == {"A": "1", "B": "1-x"}

Source: compose-go, dotenv/parser.go and godotenv.go.
"""

from __future__ import annotations

import re

from ctxopt.core.compose.interpolation import InterpolationError, Lookup, interpolate
from ctxopt.errors import ComposeFileError

_BETWEEN = re.compile(r"(?:\s|#[^\n]*)*")
_EXPORT = re.compile(r"export(?=\s)[\t\v\f\r \x85\xa0]*")
_BLANK = re.compile(r"[\t\v\f\r \x85\xa0]*")
_NAME = re.compile(r"[\w.\-\[\]\t\v\f\r \x85\xa0]*")
_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:[abcfnrtv$"\\]|0\d{0,3})')
_LETTERS = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))


def parse_dotenv(
    text: str,
    lookup: Lookup,
    *,
    file: str = ".env",
    before: dict[str, str] | None = None,
) -> dict[str, str]:
    """The variables of a file; a name alone in its line takes what `lookup` has.

    What `lookup` knows goes before what the file says, in a value's own variables;
    `before` are those of the files read earlier. Raises ComposeFileError.
    """
    known = dict(before or {})
    text = text.removeprefix("\ufeff")
    position = _skip(text, 0)
    while position < len(text):
        position = _skip(text, _statement(_Where(file, text, position), known, lookup))
    return known


class _Where:
    """A position in a file, for who has to name its line."""

    __slots__ = ("file", "position", "text")

    def __init__(self, file: str, text: str, position: int) -> None:
        self.file = file
        self.text = text
        self.position = position

    def error(self, message: str, hint: str | None = None) -> ComposeFileError:
        """An error at this position, which quotes its line."""
        return ComposeFileError(
            message,
            hint=hint,
            file=self.file,
            line=self.text.count("\n", 0, self.position) + 1,
            text=self.text[self.position :].split("\n", 1)[0],
        )


def _skip(text: str, position: int) -> int:
    """Behind blanks, empty lines and comments."""
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _statement(where: _Where, known: dict[str, str], lookup: Lookup) -> int:
    """Reads one statement into `known`; gives where it ends."""
    text, start = where.text, where.position
    exported = _EXPORT.match(text, start)
    start = exported.end() if exported else start
    end = _end_of_name(where, start)
    if start == len(text):
        raise where.error("export names no variable")
    if end == len(text):  # a name alone counts only with its line's end
        return end
    name = text[start:end].rstrip()
    if " " in name:
        raise where.error("a name cannot contain a space")
    if text[end] == "\n":
        inherited = lookup(name)
        if inherited is not None:
            known[name] = inherited
        return end
    value, after = _read_value(where, end + 1, known, lookup)
    known[name] = value
    return after


def _end_of_name(where: _Where, start: int) -> int:
    found = _NAME.match(where.text, start)
    end = found.end() if found else start
    if end < len(where.text) and where.text[end] not in "=:\n":
        raise where.error(
            f'unexpected "{where.text[end]}" in the name of a variable',
            "write NAME=value, and quotes around a value of several lines",
        )
    return end


def _read_value(
    where: _Where, start: int, known: dict[str, str], lookup: Lookup
) -> tuple[str, int]:
    blank = _BLANK.match(where.text, start)
    start = blank.end() if blank else start
    if where.text[start : start + 1] in {'"', "'"}:
        return _quoted(where, start, known, lookup)
    line = where.text[start:].split("\n", 1)[0]
    value = line.split(" #", 1)[0].rstrip()
    return _expanded(where, value, known, lookup), start + len(line)


def _quoted(
    where: _Where, start: int, known: dict[str, str], lookup: Lookup
) -> tuple[str, int]:
    found = _QUOTED.match(where.text, start)
    if found is None:
        raise where.error("this value has no closing quote")
    quote, inner = found.groups()
    value = _unescape_quote(inner, quote)
    if quote == '"':
        value = _expanded(where, _ESCAPE.sub(_unescaped, value), known, lookup)
    return value, found.end()


def _unescape_quote(inner: str, quote: str) -> str:
    """The quote is itself behind a backslash; all other pairs stay, for now."""
    return re.sub(
        r"\\(.)",
        lambda pair: quote if pair[1] == quote else pair[0],
        inner,
        flags=re.DOTALL,
    )


def _unescaped(found: re.Match[str]) -> str:
    r"""What an escape stands for; `\$` is a dollar that begins no variable."""
    mark, digits = found[0][1], found[0][2:]
    if mark == "$":
        return "$$"
    if mark == "0":
        is_octal = re.fullmatch("[0-3][0-7]{2}", digits)
        return chr(int(digits, 8)) if is_octal else f"\\{digits}"
    return _LETTERS.get(mark, found[0] if mark == "c" else mark)


def _expanded(where: _Where, value: str, known: dict[str, str], lookup: Lookup) -> str:
    def look(name: str) -> str | None:
        found = lookup(name)
        return known.get(name) if found is None else found

    try:
        return interpolate(value, look)
    except InterpolationError as error:
        raise where.error(error.message, error.hint) from None
