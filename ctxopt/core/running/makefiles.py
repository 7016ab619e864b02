"""What make runs for some targets of a Makefile.

Rule: GNU make manual, 4.2 (rule syntax), 6 (variables), 7 (conditionals), 8.13 (the
shell function), 9.2 (goals). Settings of variables are read as if all were used; of the
functions only `shell` is one, and what gives the folder of the Makefile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from ctxopt.core.running.targets import Making
from ctxopt.core.running.tasks import Rule, Task, joined, recipe_line
from ctxopt.core.tuples import NamedTuple

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_MOST_TURNS = 8  # variables in variables, so deep
_MOST_TEXT = 4_000  # of one variable, and what variables add to one line
_MOST_OF_ALL = 300_000  # that they add to one Makefile
_WITH_VALUE = frozenset({"-C", "-f", "-j", "-o", "-I", "-W", "--directory", "--file"})
_SETTING = r"(?:export\s+|override\s+)*([\w.-]+)\s*(\+|\?|:{1,3}|!)?=\s*(.*)$"
_NUMBER = r"[\d.]+|\$\(.*\)|`.*`|\$\w+"  # of jobs: `-j $(nproc)`
_REFERENCE = (
    r"(?<!\$)\$(?:\(([\w.-]+)\)|\{([\w.-]+)\}|([A-Za-z])|"
    r"\(call\s+([\w.-]+)(?:,[^()]*)?\))"
)
_LIST = "MAKEFILE_LIST"
_OF_FOLDER = (
    r"\$\((?:MAKEFILE_LIST|(?:dir|abspath|realpath|lastword|firstword|word|patsubst|"
    r"subst|strip)\s|shell\s+(?:dirname|realpath|readlink|cd)\s(?!.*(?:&&|;)(?!\s*pwd)))"
)
_CONDITION = r" *(if(?:n?eq|n?def)|else|endif)\b"


class _Variables(dict[str, str]):
    """The variables of a Makefile, and how much they may still add to it."""

    left = _MOST_OF_ALL


class MakeCall(NamedTuple):
    """What a command of make is told."""

    files: tuple[str, ...]  # of which the first that is there is read
    more: tuple[str, ...]  # that are read, too: of several `-f`
    targets: tuple[str, ...]
    settings: Mapping[str, str]
    options: tuple[str, ...] = ()  # as they are written


def make_call(words: Sequence[str]) -> MakeCall:
    """The Makefile, the targets and the settings of a command of make."""
    files: list[str] = []
    targets: list[str] = []
    settings: dict[str, str] = {}
    options: list[str] = []
    after = ""
    for word in words[1:]:
        option, after = after, ""
        options += [word] if word.startswith("-") and not option else []
        file = re.match(r"(?:-f|--(?:make)?file=)(.+)", word)
        name, equals, value = word.partition("=")
        if option in ("-f", "--file", "--makefile"):
            files.append(word)
        elif file is not None:
            files.append(file[1])
        elif word in _WITH_VALUE or word == "--makefile":
            after = word
        elif (
            word.startswith("-")
            or re.fullmatch(_NUMBER, word)
            or (option and option != "-j")
        ):
            continue
        elif equals:
            settings[name.rstrip(":+?")] = value
        else:
            targets.append(word)
    first = tuple(files[:1]) or MAKEFILES
    more = tuple(files[1:])
    return MakeCall(first, more, tuple(targets), settings, tuple(options))


def make_tasks(
    text: str,
    targets: Sequence[str],
    *,
    home: str = ".",
    call: MakeCall | None = None,
    lies: Callable[[str], bool] = lambda _: False,
) -> Iterator[Task]:
    """What make runs for some targets; without one, for the first.

    `home` is the folder of the Makefile, `call` the command, and `lies` says whether
    there is a file or folder.
    """
    text = _with_tabs(_with_definitions(text))
    variables = _variables(text)
    for number, line in joined(text):
        if line.startswith("\t"):
            continue
        end = max(line.rfind(")"), line.rfind("}")) + 1
        for shell in re.findall(r"\$[({]shell\s+(.*)[)}]", line[:end]):
            yield Task(number, _known(shell, variables, home))
    variables.update(call.settings if call else {})
    rules = [*_rules(text, variables, home)]
    wanted = [*targets] or variables.get(".DEFAULT_GOAL", "").split()
    wanted = wanted or [one.name for one in rules if one.is_goal][:1]
    yield from Making(rules, call.options if call else (), lies).tasks(wanted)


def included(text: str) -> Iterator[str]:
    """The names of the files that a Makefile includes, as far as they are known."""
    found = re.findall(r"(?m)^ *[-s]?include\s+(.+)$", text)
    found = [re.sub(r"\$[({]wildcard\s+([^(){}]*)[)}]", r"\1", one) for one in found]
    variables = _variables(text) if any("$" in one for one in found) else _Variables()
    for names in found:
        yield from _known(names, variables, ".").split()


def _variables(text: str) -> _Variables:
    variables = _Variables({"MAKE": "make", "CURDIR": ".", "PWD": "."})
    for _, line in joined(text):
        found = None if line.startswith("\t") else re.match(_SETTING, line.strip())
        if found is not None:
            _set(variables, found[1], found[2] or "", found[3])
    return variables


def _with_tabs(text: str) -> str:
    """A text with tabs in front of recipes, where `.RECIPEPREFIX` says otherwise.

    Rule: GNU make manual, 6.14 (other special variables).
    """
    found = re.search(r"(?m)^\.RECIPEPREFIX\s*[:?]*=\s*(\S)", text)
    if found is None:
        return text
    recipe = rf"(?m)^{re.escape(found[1])}"
    return text[: found.end()] + re.sub(recipe, "\t", text[found.end() :])


def _with_definitions(text: str) -> str:
    """A text with each `define` on a line."""
    end = text.rfind("\nendef") + 7  # behind the last one, no other has an end
    define = r"(?ms)^define\s+([\w.-]+)[ \t]*=?\n(.*?)^endef"
    return re.sub(define, _on_a_line, text[:end]) + text[end:] if end > 6 else text


def _on_a_line(found: re.Match[str]) -> str:
    """What `define` sets as one line; as many lines stay, so that numbers do."""
    lines = found[2].rstrip("\n").replace("\t", "").split("\n")
    return f"{found[1]} = " + " ; ".join(lines) + "\n" * (found[0].count("\n"))


def _set(variables: dict[str, str], name: str, how: str, value: str) -> None:
    if how == "!":
        value = f"$(shell {value})"
    if how == "+" and name in variables:
        value = f"{variables[name]} {value}"
    if name not in variables or how != "?":
        variables[name] = value[:_MOST_TEXT]


def _known(text: str, variables: _Variables, home: str) -> str:
    """A text as the shell gets it, with the variables that are known."""
    left = _MOST_TEXT

    def value(found: re.Match[str]) -> str:
        nonlocal left
        said = variables.get(found[1] or found[2] or found[3] or found[4])
        if said is None or len(said) > min(left, variables.left):
            return found[0]
        left -= len(said)
        variables.left -= len(said)
        return said

    text = _with_home(text, home)
    for _ in range(_MOST_TURNS):
        before = text
        text = re.sub(_REFERENCE, value, text)
        text = _with_home(text, home)
        if text == before:
            break
    return re.sub(r"\$\(shell\s+", "$(", text).replace("$$", "$")


def _with_home(text: str, home: str) -> str:
    """A text with its folder for what asks make where the Makefile lies.

    That is `$(dir $(abspath $(lastword $(MAKEFILE_LIST))))`, and the like.
    """
    for _ in range(_MOST_TURNS):
        at = text.find(_LIST)
        if at < 0:
            break
        start, end = at, at + len(_LIST)
        for opened, closed in _around(text, at):
            if re.match(_OF_FOLDER, text[opened:closed]) is None:
                break
            start, end = opened, closed
        text = f"{text[:start]}{home}/{text[end:]}"
    return text


def _around(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the references begin and end that a place of a text lies in."""
    closed, depth = at, 0
    for opened in range(at - 1, 0, -1):
        depth += (text[opened] == ")") - (text[opened] == "(")
        if depth < 0:
            closed = _closing(text, closed)
            yield opened - (text[opened - 1] == "$"), closed
            depth = 0


def _closing(text: str, at: int) -> int:
    """Where a bracket ends that is open at a place."""
    depth = 1
    while at < len(text) and depth:
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return at


def _rules(text: str, variables: _Variables, home: str) -> Iterator[Rule]:
    head: tuple[list[str], tuple[str, ...]] | None = None
    recipe: list[Task] = []
    conditions = 0  # that are open: of `ifeq` and the like
    for number, line in joined(text):
        if line.startswith("\t"):
            said = recipe_line(number, line)
            known = _known(said.text, variables, home)
            more = recipe_line(number, known)  # a variable may bring marks, too
            doubtful = said.doubtful or more.doubtful or conditions > 0
            recipe.append(Task(number, more.text, doubtful))
            continue
        if condition := re.match(_CONDITION, line):
            opens, closes = condition[1].startswith("if"), condition[1] == "endif"
            conditions = max(conditions + opens - closes, 0)
            continue  # it ends no recipe
        plain = line if "=" in line else _known(line, variables, home)
        found = re.match(r"([^\s#:=][^:=#]*?)\s*::?(?!=)\s*([^=]*)$", plain)
        if found is None and (not line.strip() or line.startswith("#")):
            continue
        for name in head[0] if head else ():
            yield Rule(name, head[1] if head else (), tuple(recipe))
        head, recipe = None, []
        if found is not None:
            needs, _, first = found[2].partition(";")
            head = found[1].split(), tuple(needs.split())
            recipe = [Task(number, first.strip())] if first.strip() else []
    for name in head[0] if head else ():
        yield Rule(name, head[1] if head else (), tuple(recipe))
