"""When a rule holds for a path: what stands beside it, inside it and in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.rules import EXPECTED, MOST_NAMES, PLAIN, Rule


class Conditions:
    """What rules ask of the paths of a context; found once for all builds."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        # By rule, path and kind, of what does not depend on a build.
        self._known: dict[tuple[str, str, str], bool] = {}

    def hold(
        self,
        rule: Rule,
        path: str,
        *,
        kind: str,
        file_bytes: int,
        expected: Callable[[str], object],
    ) -> bool:
        """Whether a rule applies, see `applies`."""
        if file_bytes < rule.min_bytes:
            return False
        key = rule.id, path, kind
        if key not in self._known:
            self._known[key] = _is_meant(rule, path, kind, self._tree)
        return self._known[key] and _is_as_expected(rule, path, expected)


def applies(
    rule: Rule,
    path: str,
    *,
    kind: str,
    file_bytes: int,
    tree: Tree,
    expected: Callable[[str], object] = lambda _: None,
) -> bool:
    """Whether all conditions of a rule hold for a path that one of its patterns hits.

    `kind` is what stands at the path, `file_bytes` what its files add up to; `expected`
    says of a folder whether a program expects it.
    """
    return (
        file_bytes >= rule.min_bytes
        and _is_meant(rule, path, kind, tree)
        and _is_as_expected(rule, path, expected)
    )


def _is_as_expected(rule: Rule, path: str, expected: Callable[[str], object]) -> bool:
    """Whether programs expect a folder, or do not, as a rule wants it."""
    if rule.folder == PLAIN:
        return not expected(path)
    return rule.folder != EXPECTED or bool(expected(path.rpartition("/")[0]))


def _is_meant(rule: Rule, path: str, kind: str, tree: Tree) -> bool:
    """Whether all else that a rule asks of a path holds, whoever builds."""
    if rule.kind and rule.kind != kind:
        return False
    if rule.apart and _is_apart(path, rule.apart, tree):
        return False
    folder = path.rpartition("/")[0]
    return (
        (not rule.beside or any_in(folder, rule.beside, tree))
        and (
            not rule.markers
            or any_in(folder, rule.markers, tree)
            or any_in("", rule.markers, tree)
        )
        and (not rule.inside or any_in(path, rule.inside, tree))
        and not (rule.unless_beside and any_in(folder, rule.unless_beside, tree))
        and not (rule.unless_inside and any_in(path, rule.unless_inside, tree))
        and (not rule.link_target or _points_to(rule.link_target, path, kind, tree))
        and (not rule.content or _contains(rule.content, path, kind, tree))
        and (not rule.secret or _looks(rule.secret, path, kind, tree))
        and (not rule.only or (kind == "directory" and _holds(rule.only, path, tree)))
        and (not rule.lacks or not has_any(rule.lacks, path, tree))
    )


def _is_apart(path: str, signs: Sequence[str], tree: Tree) -> bool:
    """Whether a folder on the way says that it is data of a program."""
    folders = [name for name in signs if name[0] != "/"]
    files = [name[1:] for name in signs if name[0] == "/"]
    while path := path.rpartition("/")[0]:
        name = path.rpartition("/")[2]
        if any(_name(one).fullmatch(name) for one in folders):
            return True
        if any_in(path, files, tree):
            return True
    return False


def any_in(folder: str, wanted: Sequence[str], tree: Tree) -> bool:
    """Whether one of these paths exists in a folder."""
    for text in wanted:
        path = join(folder, text)
        if "*" not in text:
            if tree.kind(path) is not None:
                return True
            continue
        above, _, name = path.rpartition("/")
        expression = _name(name)
        if any(expression.fullmatch(one) for one in tree.names(above)):
            return True
    return False


def _points_to(expression: str, path: str, kind: str, tree: Tree) -> bool:
    return kind == "link" and re.match(expression, tree.target(path)) is not None


def _contains(expression: str, path: str, kind: str, tree: Tree) -> bool:
    if kind != "file":
        return False
    return re.search(expression.encode(), tree.head(path)) is not None


def _looks(test: str, path: str, kind: str, tree: Tree) -> bool:
    from ctxopt.core.secrets.looks import look  # start-up: of what may be a secret

    return kind == "file" and look(test, path, tree.head(path)).fits


def _holds(names: Sequence[str], folder: str, tree: Tree) -> bool:
    """Whether a folder holds files of these names, some at least, and no others."""
    expressions = [_name(name) for name in names]
    folders = [folder]
    seen = files = 0
    while folders:
        above = folders.pop()
        for name in tree.names(above):
            seen += 1
            if seen > MOST_NAMES:
                return False
            path = join(above, name)
            if tree.kind(path) is Found.DIRECTORY:
                folders.append(path)
            elif any(expression.fullmatch(name) for expression in expressions):
                files += 1
            else:
                return False
    return files > 0


def has_any(names: Sequence[str], folder: str, tree: Tree) -> bool:
    """Whether one of the first files in a folder, at any level, has such a name."""
    folders = [folder]
    seen = 0
    while folders:
        above = folders.pop()
        for name in tree.names(above):
            seen += 1
            if seen > MOST_NAMES:
                return False
            if is_named(name, names):
                return True
            path = join(above, name)
            if tree.kind(path) is Found.DIRECTORY:
                folders.append(path)
    return False


def is_named(name: str, like: Sequence[str]) -> bool:
    """Whether a name is one of some that may hold `*`."""
    return any(_name(one).fullmatch(name) for one in like)


@cache
def _name(text: str) -> re.Pattern[str]:
    """The expression of a name that may hold `*`, for any characters."""
    parts = (re.escape(part) for part in text.split("*"))
    return re.compile(".*".join(parts), re.DOTALL)
