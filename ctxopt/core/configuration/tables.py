"""The text of a configuration file as settings, each with its line.

Imported only where there is a file: the parser of TOML takes as long to import as a
small context to scan.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from ctxopt.core.configuration.keys import BUDGETS, BY_NAME, KEYS, TABLES, Key, Kind
from ctxopt.core.configuration.layers import Layer, Origin, Setting, Settings
from ctxopt.core.configuration.places import Step, line_of
from ctxopt.core.configuration.values import WrongValueError, of_toml, quoted
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.policy import Never
from ctxopt.core.suggest.rules import Rule, rules
from ctxopt.core.suggest.tables import RuleError, faults, read_rules
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ConfigurationError

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
ALL_KEYS = tuple(key.name for key in KEYS)
# What people type for a key, beside what looks like it.
_MEANT = {
    "dockerfile": "file",
    "stage": "target",
    "args": "build-args",
    "contexts": "build-contexts",
    "exclude": "ignore",
    "keep": "never",
    "size": "max-size",
    "budget": "max-transfer-size",
}


class ConfigurationFile(NamedTuple):
    """A file as read: `shown` as messages name it, `folder` to which paths relate.

    `table` is the way to the keys: `("tool", "ctxopt")` in a `pyproject.toml`.
    """

    text: str
    shown: str
    folder: str
    table: tuple[str, ...] = ()


def read_settings(file: ConfigurationFile) -> Settings | None:
    """What a file says, in its order; None for one without the table of ctxopt.

    Raises ConfigurationError for a text that is no TOML, for an unknown key and for a
    value that its key cannot hold, each with its line.
    """
    found: Any = _parsed(file)
    for name in file.table:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    if not isinstance(found, Mapping):
        _refuse(file, (), f"expected a table, not {quoted(found)}")
    settings: dict[tuple[str, str], Setting] = {}
    for name, value in found.items():
        key = BY_NAME.get(name)
        if key is None:
            _refuse(file, (name,), f'no such key: "{name}"', hint=_nearest(name))
        settings.update(_settings_of(file, key, value))
    return settings


def _parsed(file: ConfigurationFile) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = str(error)
        place = _PLACE.search(said)
        line = file.text.count("\n") + 1 if place else None
        if place and place[1]:
            line = int(place[1])
        message = f"this is no TOML: {_PLACE.sub('', said)}"
        raise ConfigurationError(message, file=file.shown, line=line) from None


def _settings_of(
    file: ConfigurationFile, key: Key, value: object
) -> Iterator[tuple[tuple[str, str], Setting]]:
    if key.kind is Kind.RULES:
        yield from _rules(file, key, value)
        return
    if key.kind is Kind.BUILDS:
        yield from _builds(file, key, value)
        return
    try:
        read = of_toml(key, value, file.folder)
    except WrongValueError as error:
        _refuse(file, (key.name, error.entry), _where(key, error))
    if key.kind in TABLES:
        for entry, one in read.items():
            yield (key.name, entry), Setting(one, _origin(file, key.name, entry))
        return
    if key.kind is Kind.NEVER:
        read = tuple(Never(text, str(_origin(file, key.name, text))) for text in read)
    yield (key.name, ""), Setting(read, _origin(file, key.name))


def _builds(
    file: ConfigurationFile, key: Key, value: object
) -> Iterator[tuple[tuple[str, str], Setting]]:
    """The budgets of single builds, each under `NAME.KEY`."""
    if not isinstance(value, Mapping):
        _refuse(file, (key.name,), f"{key.name}: expected {key.expected}")
    for name, table in value.items():
        at = f"{key.name}.{name}"
        if not isinstance(table, Mapping):
            why = f"{at}: expected a table of budgets, not {quoted(table)}"
            _refuse(file, (key.name, name), why)
        for word, one in table.items():
            place = (key.name, name, word)
            if word not in BUDGETS:
                hint = _nearest(word, BUDGETS)
                _refuse(file, place, f'{at}: no such key: "{word}"', hint=hint)
            try:
                size = of_toml(BY_NAME[word], one, file.folder)
            except WrongValueError as error:
                _refuse(file, place, f"{at}.{word}: {error.why}")
            yield (key.name, f"{name}.{word}"), Setting(size, _origin(file, *place))


def _where(key: Key, error: WrongValueError) -> str:
    entry = f'."{error.entry}"' if error.entry and key.kind in TABLES else ""
    return f"{key.name}{entry}: {error.why}"


def _rules(
    file: ConfigurationFile, key: Key, value: object
) -> Iterator[tuple[tuple[str, str], Setting]]:
    if not isinstance(value, list) or not all(
        isinstance(one, Mapping) for one in value
    ):
        _refuse(file, (key.name,), f"rule: expected {key.expected}")
    try:
        made = _checked(value)
    except RuleError as error:
        id_ = f' "{error.id}"' if error.id else ""
        at = (Step(key.name, error.number), error.key)
        _refuse(file, at, f"rule{id_}: {error.why}")
    for number, one in enumerate(made):
        origin = _origin(file, Step(key.name, number))
        yield (key.name, one.id), Setting(one, origin)


def _checked(tables: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules of a project; raises RuleError for one that cannot be used."""
    made = read_rules(tables)
    known = {one.id for one in rules().rules}
    for number, one in enumerate(made):
        why = _id_fault(one.id)
        if one.id in known:
            why = "ctxopt has a rule of this name; give yours another id"
        if why:
            raise RuleError(why, id_=one.id, number=number, key="id")
    for fault in faults(made):
        raise fault
    return made


def _id_fault(id_: str) -> str:
    """Why a rule of a project cannot have a name; "" for one that it can have.

    It stands in commands and comments, and must not look like a name of evidence.
    """
    if not _ID.fullmatch(id_):
        return "an id is of small letters, digits and -, such as source-maps"
    if ids.is_evidence(id_):
        word = id_.partition("-")[0]
        return f"what begins with {word}- is the name of something else"
    if ids.rule_of(id_) != id_:
        end = id_.rpartition("-")[2]
        return f"what ends with -{end} is the name of a part of another rule"
    return ""


def _origin(file: ConfigurationFile, *at: str | Step) -> Origin:
    return Origin(Layer.FILE, file.shown, _line(file, at))


def _line(file: ConfigurationFile, at: Iterable[str | Step]) -> int | None:
    """The line of a key, or of an entry of one."""
    steps = (one if isinstance(one, Step) else Step(one) for one in at if one)
    return line_of(file.text, (*map(Step, file.table), *steps))


def _refuse(
    file: ConfigurationFile,
    at: Iterable[str | Step],
    message: str,
    *,
    hint: str | None = None,
) -> NoReturn:
    """Raise the error about a key, or an entry of one, with its line."""
    raise ConfigurationError(message, hint=hint, file=file.shown, line=_line(file, at))


def _nearest(name: str, names: Sequence[str] = ALL_KEYS) -> str:
    """What to write instead of a key that there is not."""
    if name == "tool":
        return "in this file the keys stand without [tool.ctxopt]"
    plain = name.lower().replace("_", "-")
    close = [plain] if plain in names else get_close_matches(plain, names, n=1)
    meant = _MEANT.get(plain) if _MEANT.get(plain) in names else None
    meant = meant or next(iter(close), None)
    if meant:
        return f"did you mean {meant}?"
    return f"there are {', '.join(names)}"
