"""Bake files become targets: the way in.

Source: buildx, bake/bake.go, ReadTargets, ParseFiles and ReadLocalFiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ctxopt.core.bake import overrides as setting
from ctxopt.core.bake.blocks import as_texts, named_blocks, said
from ctxopt.core.bake.evaluation.values import to_bool, to_text
from ctxopt.core.bake.inheriting import Targets, spread
from ctxopt.core.bake.problems import ProblemList
from ctxopt.core.bake.records import BakeReading, BakeRefusedError, BakeTarget, Reader
from ctxopt.core.bake.scopes import GlobalNames
from ctxopt.core.bake.syntax import nodes
from ctxopt.core.bake.syntax.bodies import read_hcl
from ctxopt.core.bake.syntax.json_bodies import read_json

DEFAULT_FILES = (
    "docker-bake.json",
    "docker-bake.hcl",
    "docker-bake.override.json",
    "docker-bake.override.hcl",
)
_MOST_BYTES = 1 << 20


def read_bake(
    read: Reader,
    *,
    files: Sequence[str] = (),
    names: Sequence[str] | None = ("default",),
    environment: Mapping[str, str] | None = None,
    overrides: Iterable[str] = (),
    local_platform: str | None = None,
) -> BakeReading:
    """The targets that `names` ask for, and those they take as contexts.

    `read` gives a file's bytes, or None where there is none. Without `files` they are
    those that bake looks for; its compose files are not read here. Later files go over
    earlier ones. For example, `names=("test-*",)` are all whose name begins so; None is
    all that there are, and is content with none.
    """
    texts, problems = _texts(read, files)
    body = _body(texts, problems)
    known = environment or {}
    given = {"BAKE_CMD_CONTEXT": "cwd://", "BAKE_LOCAL_PLATFORM": local_platform}
    scope = GlobalNames(body, known, given)
    _check_variables(scope, problems)
    targets, groups = _declared(body, scope, problems)
    for text in overrides:
        with problems.caught():
            one = setting.parse(text, targets.names, known)
            targets.override([one] if one else [])
    asked = (*groups, *targets.names) if names is None else names
    found = _asked(asked, targets, groups, problems)
    return BakeReading(tuple(found), problems.found, tuple(texts))


def _texts(read: Reader, files: Sequence[str]) -> tuple[dict[str, str], ProblemList]:
    texts: dict[str, str] = {}
    asked = files or DEFAULT_FILES
    problems = ProblemList(texts, asked[0])
    for name in asked:
        content = read(name)
        if content is not None and len(content) <= _MOST_BYTES:
            texts[name] = content.decode(errors="replace")
        elif content is not None:
            problems.add(f'"{name}" is too large for a bake file', None)
        elif files:
            problems.add(f'there is no bake file "{name}"', None)
    if not texts and not files:
        problems.add("there is no bake file here", None)
    return texts, problems


def _body(texts: Mapping[str, str], problems: ProblemList) -> nodes.Body:
    """All files as one body; a file that cannot be read is left out, and said."""
    settings: list[nodes.Setting] = []
    blocks: list[nodes.Block] = []
    for name, text in texts.items():
        with problems.caught():
            one = _file(text, name)
            settings += one.settings
            blocks += one.blocks
    return nodes.Body(tuple(settings), tuple(blocks))


def _file(text: str, name: str) -> nodes.Body:
    """By the end of its name; a name with neither is tried as both."""
    if name.endswith(".json"):
        return read_json(text, name)
    try:
        return read_hcl(text, name)
    except BakeRefusedError:
        if name.endswith(".hcl") or not text.lstrip().startswith("{"):
            raise
        return read_json(text, name)


def _check_variables(names: GlobalNames, problems: ProblemList) -> None:
    """Bake works out all variables, also those that nothing uses."""
    for name, block in names.variables.items():
        with problems.caught(block.place):
            names.variable(name)
        for rule in block.body.blocks:
            if rule.type == "validation":
                with problems.caught(rule.place):
                    _check_rule(rule, names)
    for name, one in names.functions.items():
        with problems.caught(one.place):
            names.function(name)


def _check_rule(rule: nodes.Block, names: GlobalNames) -> None:
    condition = rule.body.setting("condition")
    message = rule.body.setting("error_message")
    if condition is None or message is None:
        raise BakeRefusedError("a validation needs condition and error_message")
    if not to_bool(names.evaluator.value(condition.value, {})):
        said_so = names.evaluator.value(message.value, {})
        text = "a validation failed" if said_so is None else to_text(said_so)
        raise BakeRefusedError(text, condition.place)


def _declared(
    body: nodes.Body, names: GlobalNames, problems: ProblemList
) -> tuple[Targets, dict[str, tuple[str, ...]]]:
    """The targets and groups of the files; a matrix makes a group of its label."""
    named = named_blocks(body, names, problems)
    for block in body.blocks:
        if block.type == "group" and block.labels:
            names.blocks["group", block.labels[0]] = (block, {})
    names.blocks.update({("target", one.name): (one.block, one.scope) for one in named})
    targets = Targets((), problems)
    for one in named:
        targets.add(one.name, said(one, names, problems), one.block.place)
    groups = _groups(body, names, problems)
    for one in named:
        label = one.block.labels[0]
        if label != one.name:
            members = groups.get(label, ())
            groups[label] = tuple(dict.fromkeys((*members, one.name)))
    return targets, groups


def _groups(
    body: nodes.Body, names: GlobalNames, problems: ProblemList
) -> dict[str, tuple[str, ...]]:
    """The later group of a name stands in place of the earlier."""
    found: dict[str, tuple[str, ...]] = {}
    for block in body.blocks:
        if block.type != "group" or not block.labels:
            continue
        members = block.body.setting("targets")
        with problems.caught(block.place):
            if members is None:
                raise BakeRefusedError("a group needs targets")
            value = names.evaluator.value(members.value, {})
            found[block.labels[0]] = tuple(dict.fromkeys(as_texts(value)))
    return found


def _asked(
    asked: Sequence[str],
    targets: Targets,
    groups: Mapping[str, tuple[str, ...]],
    problems: ProblemList,
) -> list[BakeTarget]:
    chosen: dict[str, None] = {}
    for name in asked:
        with problems.caught():
            for one in _matched(name.replace(".", "_"), targets, groups):
                chosen.update(dict.fromkeys(spread(one, groups)[0]))
    held = {name: _holding(name, groups) for name in targets.names}
    found: dict[str, BakeTarget] = {}
    rest = [(name, False) for name in chosen]
    while rest:
        name, is_linked = rest.pop(0)
        if name in found:
            continue
        with problems.caught():
            whole = targets.target(name, held.get(name, ()), is_linked=is_linked)
            found[name] = whole
            rest += [(link, True) for link in _links(whole)]
    return list(found.values())


def _matched(
    pattern: str, targets: Targets, groups: Mapping[str, tuple[str, ...]]
) -> list[str]:
    if not set(pattern) & set("*?[]"):
        return [pattern]
    found = setting.matching(pattern, (*groups, *targets.names))
    if not found:
        raise BakeRefusedError(f'no target fits "{pattern}"')
    return found


def _holding(name: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(group for group in groups if name in spread(group, groups)[0])


def _links(one: BakeTarget) -> list[str]:
    """The targets whose result this one takes as a context."""
    return [
        value.removeprefix("target:")
        for value in one.contexts.values()
        if value.startswith("target:")
    ]
