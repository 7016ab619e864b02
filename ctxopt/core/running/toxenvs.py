"""What tox runs in the environments that a command names.

Rule: tox.wiki, "Configuration" (settings of tox and of environments, substitutions,
conditions by factors), "CLI". It may be told in TOML or setup.cfg, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from configparser import Error, RawConfigParser
from shlex import quote
from tomllib import TOMLDecodeError, loads

from ctxopt.core.running.syntax.braces import without_braces
from ctxopt.core.running.tasks import Task, joined
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

FILES = ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")
_COMMANDS = ("commands_pre", "commands", "commands_post")
_FOLDER = ("change_dir", "changedir")
_ENVIRONMENTS = ("env_list", "envlist")
_MOST_TURNS = 5  # references in references
_MOST_TEXT = 20_000
_MOST_ENVIRONMENTS = 60
_FACTORS = r"^\s*!?[\w.{}-]+(?:,\s*!?[\w.{}-]+)*:\s+"
# The sections of an ini file, and those that stand for them in TOML.
_Sections = dict[str, dict[str, str]]
_CORE, _BASE, _OF_ONE = "tox", "testenv", "testenv:"


def tox_tasks(path: str, text: str, words: Sequence[str]) -> list[Task] | None:
    """What is run of a file; None where it says nothing of tox.

    All of it is in doubt: an environment may be skipped.
    """
    sections = _sections(path, text)
    if not sections:
        return None
    core, base = sections.get(_CORE, {}), sections.get(_BASE, {})
    found: list[Task] = []
    for name in [*_named(words, core)][:_MOST_ENVIRONMENTS]:
        own = {**base, **sections.get(f"{_OF_ONE}{name}", {})}
        folder = next((own[one] for one in _FOLDER if one in own), "")
        told = _substituted(folder, sections).strip()
        for key in _COMMANDS:
            text = _substituted(own.get(key, ""), sections)
            found += [Task(0, one, doubtful=True, folder=told) for one in _lines(text)]
    return [*dict.fromkeys(found)]


def _named(words: Sequence[str], core: Mapping[str, str]) -> Iterator[str]:
    """The environments that a command names; without any, those of the file."""
    said = ""
    for at, word in enumerate(words):
        if word == "--":
            break
        option = re.fullmatch(r"(?:-e|--env(?:=|$))(.*)", word)
        if option is not None:
            said = option[1] or "".join(words[at + 1 : at + 2])
    if not said or said == "ALL":
        said = next((core[one] for one in _ENVIRONMENTS if one in core), "") or "py"
    for one in re.split(r"[\s,]+(?![^{]*\})", said.strip()):
        yield from without_braces(one)


def _lines(text: str) -> Iterator[str]:
    """The commands of a text, one a line, without conditions and marks in front."""
    for _, line in joined(text):
        said = re.sub(_FACTORS, "", line).strip().lstrip("-! ")
        if said and not said.startswith("#"):
            yield said


def _substituted(text: str, sections: _Sections) -> str:
    """A text with what it refers to; what else stands in braces only tox knows."""

    def value(found: re.Match[str]) -> str:
        return sections.get(found[1], {}).get(found[2], "")

    for _ in range(_MOST_TURNS):
        before = text
        text = re.sub(r"\{\[([^\]]+)\](\w+)\}", value, text)[:_MOST_TEXT]
        if text == before:
            break
    text = re.sub(r"\{(?:toxinidir|tox_root)\}/?", "./", text)
    text = re.sub(r"\{(?:envpython|env_python)\}", "python", text)
    text = re.sub(r"\{posargs(?::([^{}]*))?\}", lambda found: found[1] or "", text)
    return re.sub(r"\{(\w+)(?::[^{}]*)?\}", r"$TOX_\1", text)


def _sections(path: str, text: str) -> _Sections:
    name = path.rpartition("/")[2]
    if name.endswith(".toml"):
        try:
            said: Any = loads(text)
        except (TOMLDecodeError, RecursionError):
            return {}
        if name == "pyproject.toml":
            tool = said.get("tool")
            said = tool.get("tox") if isinstance(tool, dict) else None
        if not isinstance(said, dict):
            return {}
        legacy = said.get("legacy_tox_ini")
        return _of_ini(legacy) if isinstance(legacy, str) else _of_toml(said)
    found = _of_ini(text)
    if name == "setup.cfg":
        if "tox:tox" not in found:
            return {}
        found[_CORE] = found.pop("tox:tox")
    return found


def _of_ini(text: str) -> _Sections:
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except Error:
        return {}
    return {one: dict(parser.items(one)) for one in parser.sections()}


def _of_toml(said: dict[str, Any]) -> _Sections:
    tables = said.get("env")
    found = {_CORE: _keys(said), _BASE: _keys(said.get("env_run_base"))}
    for name, one in tables.items() if isinstance(tables, dict) else ():
        found[f"{_OF_ONE}{name}"] = _keys(one)
    return found


def _keys(table: object) -> dict[str, str]:
    """The settings that count, each as an ini file would say it."""
    said: dict[str, str] = {}
    for key in (*_COMMANDS, *_FOLDER, *_ENVIRONMENTS):
        value = table.get(key) if isinstance(table, dict) else None
        if isinstance(value, str):
            said[key] = value
        elif isinstance(value, list):
            said[key] = "\n".join(map(_line, value))
    return said


def _line(value: object) -> str:
    """One entry of a list: a command as its words, or a name."""
    if isinstance(value, list):
        return " ".join(quote(one) for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""
