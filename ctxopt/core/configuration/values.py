"""What a key may hold: read from TOML, and from the words of a variable."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ctxopt.core.configuration.keys import LISTS, SEVERITIES, Key, Kind
from ctxopt.core.paths import is_remote
from ctxopt.errors import CtxoptError

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


class WrongValueError(ValueError):
    """A value that a key cannot hold: what is expected, and which entry it is in."""

    def __init__(self, why: str, entry: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.entry = entry  # of a table or a list


def parse_size(text: str) -> int | None:
    """The bytes of words such as `50MB`, `1.5GiB` or `4096`; None for anything else.

    As docker prints sizes, `k`, `M`, `G` and `T` are powers of 1000; with an `i`, of
    1024.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        return None
    number, unit, binary = found.groups()
    step: int = (1024 if binary else 1000) ** _POWERS[unit.lower()]
    return int(Fraction(number) * step)


def of_toml(key: Key, value: object, folder: str) -> Any:
    """The value of a key as a TOML file has it; paths are relative to its `folder`.

    Of a table a mapping, in the order of the file. Raises WrongValueError.
    """
    if key.kind in _TABLES:
        if not isinstance(value, Mapping):
            raise _wrong(key, value)
        read = _TABLES[key.kind]
        return {name: _entry(key, name, one, read) for name, one in value.items()}
    if key.kind is Kind.PATHS:
        texts = of_toml(key._replace(kind=Kind.TEXTS), value, folder)
        return {name: _context(folder, text) for name, text in texts.items()}
    found = _PLAIN[key.kind](key, value)
    return relative_to(folder, found) if key.kind is Kind.PATH else found


def of_words(key: Key, text: str) -> Any:
    """The value of a key as a variable says it: lists with commas, paths as they are.

    Raises WrongValueError.
    """
    if key.kind in LISTS:
        words = [one.strip() for one in text.split(",") if one.strip()]
        return _PLAIN[key.kind](key, words)
    if key.kind is Kind.COUNT and text.isdecimal():
        return int(text)
    return _PLAIN[key.kind](key, text)


def relative_to(folder: str, path: str) -> str:
    """A path that is relative to a folder; `-` in a file is a name like any other."""
    return posixpath.join(folder or ".", path) if folder or path == "-" else path


def _context(folder: str, text: str) -> str:
    return text if is_remote(text) else relative_to(folder, text)


def _wrong(key: Key, value: object, entry: str = "") -> WrongValueError:
    return WrongValueError(f"expected {key.expected}, not {quoted(value)}", entry)


def quoted(value: object) -> str:
    """A value as TOML writes it, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)


def _text(key: Key, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(key, value)
    if key.choices and value not in key.choices:
        raise _wrong(key, value)
    return value


def _size(key: Key, value: object) -> int:
    if type(value) is int and value >= 0:
        return value
    size = parse_size(value) if isinstance(value, str) else None
    if size is None:
        raise _wrong(key, value)
    return size


def _count(key: Key, value: object) -> int:
    if type(value) is not int or value < 0:
        raise _wrong(key, value)
    return value


def _bandwidth(key: Key, value: object) -> str:
    from ctxopt.core.timing.bandwidth import parse_bandwidth

    text = _text(key, value)
    try:
        parse_bandwidth(text)
    except CtxoptError:
        raise _wrong(key, value) from None
    return text


def _words(key: Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(key, value)
    for one in value:
        if not isinstance(one, str) or not one:
            raise _wrong(key, one)
    return tuple(value)


def _patterns(key: Key, value: object) -> tuple[str, ...]:
    words = _words(key, value)
    for text in words:
        _check_pattern(text)
    return words


def _check_pattern(text: str) -> None:
    from ctxopt.core.suggest.tables import pattern_fault

    why = pattern_fault(text)
    if why:
        raise WrongValueError(f'pattern "{text}"{why}', text)


def _severity(_key: Key, name: str, value: object) -> str:
    if value in SEVERITIES:
        return str(value)
    known = ", ".join(f'"{one}"' for one in SEVERITIES[:-1])
    why = f'expected {known} or "{SEVERITIES[-1]}", not {quoted(value)}'
    raise WrongValueError(why, name)


def _path_severity(key: Key, pattern: str, value: object) -> str:
    _check_pattern(pattern)
    return _severity(key, pattern, value)


def _plain_text(_key: Key, name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise WrongValueError(f"expected a text in quotes, not {quoted(value)}", name)


def _entry(
    key: Key, name: str, value: object, read: Callable[[Key, str, object], str]
) -> str:
    if not name:
        raise WrongValueError('an entry has no name: ""')
    return read(key, name, value)


_PLAIN: Mapping[Kind, Callable[[Key, object], Any]] = {
    Kind.TEXT: _text,
    Kind.PATH: _text,
    Kind.SIZE: _size,
    Kind.COUNT: _count,
    Kind.BANDWIDTH: _bandwidth,
    Kind.WORDS: _words,
    Kind.NEVER: _patterns,
}
_TABLES: Mapping[Kind, Callable[[Key, str, object], str]] = {
    Kind.TEXTS: _plain_text,
    Kind.SEVERITIES: _severity,
    Kind.PATH_SEVERITIES: _path_severity,
}
