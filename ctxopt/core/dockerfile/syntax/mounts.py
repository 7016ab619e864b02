"""The values of `RUN --mount=` and `--device=`.

Rule: moby/buildkit, instructions/commands_runmount.go, commands_rundevice.go;
tonistiigi/go-csvvalue, csvvalue.go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from ctxopt.core.dockerfile.syntax.nearest import suggestion
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import lower, parse_bool, parse_unsigned
from ctxopt.core.tuples import NamedTuple

_TYPES = ("bind", "cache", "secret", "ssh", "tmpfs")
_SHARING = ("locked", "private", "shared")
_KEYS = (
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
)
_SWITCHES = frozenset(["readonly", "ro", "readwrite", "rw"])
_WRITABLE = frozenset(["readwrite", "rw"])
_SAME_KEY = {"src": "source", "dst": "target", "destination": "target"}
_NUMBERS = {"mode": 8, "uid": 10, "gid": 10}
_OWNED = frozenset(["secret", "ssh", "cache"])  # types that know mode, uid and gid
_SIZE = r"(?s)([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?) ?(.*)"
_SIZE_UNIT = r"(?i)|b|[kmgtp](?:b|ib)?"
_HINT = "see the options of this mount type in the Dockerfile reference"


class Mount(NamedTuple):
    """A mount of a RUN, expanded and checked."""

    type: str = "bind"
    origin: str = ""  # `from`
    source: str = ""
    source_text: str = ""  # the source as written
    target: str = ""
    target_text: str = ""  # the target as written
    writable: bool = False


class _MountDraft:
    """A mount on its way, field by field."""

    __slots__ = ("given", "texts", "type", "writable")

    def __init__(self) -> None:
        self.type = "bind"
        self.given: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.writable = False  # a bind mount is read-only unless it says otherwise


def parse_mount(value: str, expand: Callable[[str], str]) -> Mount:
    """Expand and check a mount as it is done when its RUN is executed.

    Raises RuleError.
    """
    draft = _MountDraft()
    for entry in _fields(value, "mounts"):
        key, equals, text = entry.partition("=")
        key = lower(key)
        if equals:
            _take(draft, key, text, expand(text), entry)
        elif key == "required":
            _demand_type(draft, key, "secret", "ssh")
        elif key in _SWITCHES:
            draft.writable = key in _WRITABLE
        else:
            message = f"invalid field '{entry}' must be a key=value pair"
            raise RuleError(message, _with_value(entry))
    _check_whole(draft)
    return Mount(
        type=draft.type,
        origin=draft.given.get("from", ""),
        source=draft.given.get("source", ""),
        source_text=draft.texts.get("source", ""),
        target=draft.given.get("target", ""),
        target_text=draft.texts.get("target", ""),
        writable=draft.writable,
    )


def mount_origin(value: str) -> str:
    """Give what `from=` says, unexpanded: all that is read while parsing.

    Raises RuleError.
    """
    origin = ""
    for entry in _fields(value, "mounts"):
        key, equals, text = entry.partition("=")
        if not equals or lower(key) != "from":
            continue
        if "$" in text[:-1]:
            message = (
                f"'{lower(key)}' doesn't support variable expansion, "
                "define alias stage instead"
            )
            raise RuleError(message, "name a stage with FROM ... AS and use that")
        origin = text
    return origin


def check_device(value: str) -> None:
    """Check a `--device`.

    Raises RuleError.
    """
    name = ""
    for entry in _fields(value, "devices"):
        key, equals, text = entry.partition("=")
        key = lower(key)
        if key == "required":
            if equals and parse_bool(text) is None:
                message = f"invalid value for {key}: {text}"
                raise RuleError(message, "write true or false")
        elif equals and key == "name":
            if name:
                message = f"device name already set to {name}"
                raise RuleError(message, "name one device only")
            name = text
        elif not name:
            name = entry
        elif not equals:
            message = f"invalid field '{entry}' must be a key=value pair"
            raise RuleError(message, _with_value(entry))
        else:
            near = suggestion(key, ("name", "required"), case_sensitive=True)
            message = f"unexpected key '{key}' in '{entry}'{near}"
            raise RuleError(message, "use name and required only")


def _with_value(entry: str) -> str:
    """What to do about a field without a value."""
    return f"write {entry}=VALUE" if entry else "take out the comma that is too much"


def _take(draft: _MountDraft, key: str, text: str, value: str, entry: str) -> None:
    """Take one `key=value`; the checks come in the order of the fields."""
    if key == "type":
        draft.type = _one_of(lower(value), value, _TYPES, "mount type")
    elif key == "sharing":
        value = _one_of(lower(value), value, _SHARING, "sharing value")
    elif key in _SWITCHES:
        switched_on = parse_bool(value)
        _demand(switched_on is not None, key, value, "write true or false")
        draft.writable = switched_on is (key in _WRITABLE)
    elif key == "required":
        _demand_type(draft, key, "secret", "ssh")
        _demand(parse_bool(value) is not None, key, value, "write true or false")
    elif key == "size":
        _demand_type(draft, key, "tmpfs")
        _demand(_is_size(value), key, value, "write a size such as 64m")
    elif key in _NUMBERS:
        if parse_unsigned(value, _NUMBERS[key], 32) is None:
            raise RuleError(f"invalid value {value} for {key}", "write a number")
    elif key not in _KEYS:
        near = suggestion(key, _KEYS, case_sensitive=True)
        raise RuleError(f"unexpected key '{key}' in '{entry}'{near}", _HINT)
    key = _SAME_KEY.get(key, key)
    draft.given[key], draft.texts[key] = value, text


def _one_of(value: str, written: str, options: tuple[str, ...], what: str) -> str:
    if value in options:
        return value
    near = suggestion(written, options, case_sensitive=True)
    message = f"unsupported {what} {quote(written)}{near}"
    raise RuleError(message, f"use one of {', '.join(options)}")


def _demand(fine: bool, key: str, value: str, hint: str) -> None:  # noqa: FBT001
    if not fine:
        raise RuleError(f"invalid value for {key}: {value}", hint)


def _demand_type(draft: _MountDraft, key: str, *types: str) -> None:
    if draft.type not in types:
        message = f"unexpected key '{key}' for mount type '{draft.type}'"
        raise RuleError(message, f"use it with type={' or '.join(types)}")


def _is_size(text: str) -> bool:
    """Whether docker/go-units, RAMInBytes, takes it for a size."""
    match = re.fullmatch(_SIZE, text)
    if match is None or not re.fullmatch(_SIZE_UNIT, match[2]):
        return False
    number = float(match[1])
    return math.isfinite(number) and number >= 0


def _check_whole(draft: _MountDraft) -> None:
    """Check what the fields mean together."""
    given = draft.given
    if draft.type not in _OWNED:
        for key in _NUMBERS:
            if key in given:
                message = f"{key} not allowed for {quote(draft.type)} type mounts"
                raise RuleError(message, f"remove {key}")
    if draft.type == "secret":
        _check_secret(given)
    if given.get("sharing") and draft.type != "cache":
        message = f"invalid cache sharing set for {draft.type} mount"
        raise RuleError(message, "remove sharing")


def _check_secret(given: dict[str, str]) -> None:
    if given.get("from"):
        message = "secret mount should not have a from"
        raise RuleError(message, "remove from")
    if given.get("sharing"):
        message = "secret mount should not define sharing"
        raise RuleError(message, "remove sharing")
    if not any(given.get(key) for key in ("source", "target", "id")):
        message = "invalid secret mount. one of source, target required"
        raise RuleError(message, "add id=NAME")
    if given.get("source") and given.get("id"):
        message = "both source and id can't be set"
        raise RuleError(message, "remove source")


def _fields(line: str, what: str) -> list[str]:
    """Split one line of comma-separated values.

    Raises RuleError.
    """
    for end in ("\r\n", "\n"):
        if line.endswith(end):
            line = line.removesuffix(end)
            break
    if not line:
        raise RuleError(f"failed to parse csv {what}: EOF", "give it a value")
    fields: list[str] = []
    position = 0
    while True:
        taken = _quoted_field if line[position : position + 1] == '"' else _plain_field
        text, position = taken(line, position, what)
        fields.append(text)
        if position > len(line):
            return fields


def _plain_field(line: str, position: int, what: str) -> tuple[str, int]:
    """Give a field and where the next begins, beyond the end if there is none."""
    comma = line.find(",", position)
    end = comma if comma >= 0 else len(line)
    stray = line.find('"', position, end)
    if stray >= 0:
        raise _csv_refused(line, stray, what, 'bare " in non-quoted-field')
    return line[position:end], end + 1


def _quoted_field(line: str, position: int, what: str) -> tuple[str, int]:
    parts: list[str] = []
    position += 1
    while True:
        end = line.find('"', position)
        if end < 0:
            raise _csv_refused(line, position, what, _UNCLOSED)
        parts.append(line[position:end])
        following = line[end + 1 : end + 2]
        if following in ("", ","):
            return "".join(parts), end + 2
        if following != '"':
            raise _csv_refused(line, end, what, _UNCLOSED)
        parts.append('"')
        position = end + 2


_UNCLOSED = 'extraneous or missing " in quoted-field'


def _csv_refused(line: str, position: int, what: str, problem: str) -> RuleError:
    column = len(line[:position].encode("utf-8", "surrogateescape")) + 1
    message = (
        f"failed to parse csv {what}: parse error on line 1, column {column}: {problem}"
    )
    return RuleError(message, "quote the whole field, and double quotes inside it")
