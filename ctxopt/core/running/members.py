"""The packages of a workspace in which a script is run.

The manifest at the root finds them with its patterns; where tasks need others first,
turbo.json and nx.json say so.
Rule: docs.npmjs.com, "workspaces"; pnpm.io/filtering; turborepo.com, "dependsOn".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.paths import join
from ctxopt.core.running.manifests import json_object, strings
from ctxopt.core.running.membercalls import MONOREPO, MemberCall
from ctxopt.core.running.places import within
from ctxopt.core.running.tasks import PACKAGE
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple

PNPM, LERNA, TURBO, NX = "pnpm-workspace.yaml", "lerna.json", "turbo.json", "nx.json"
_NEEDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
MOST_MEMBERS = 200
DEPTH = 3  # folders that `**` goes down

_FOREIGN = frozenset({"node_modules", ".git", "dist", "target", ".next"})


class Member(NamedTuple):
    """A package of a workspace."""

    folder: str  # in the context
    inside: str  # the same, as the root sees it
    name: str
    needs: frozenset[str]  # names of packages
    scripts: frozenset[str]


def selected(members: Sequence[Member], call: MemberCall) -> list[Member]:
    """The members that a call means."""
    found = [*members]
    if call.wanted:
        several = (
            one for text in call.wanted for one in _meant(members, text, members)
        )
        found = [*dict.fromkeys(several)]
    unwanted = {one for text in call.unwanted for one in _meant(members, text)}
    return [one for one in found if one not in unwanted]


def _meant(
    members: Sequence[Member], selector: str, guess: Sequence[Member] = ()
) -> list[Member]:
    """The members that one selector means; a guess where its language is not known."""
    text = selector.removeprefix("...").removesuffix("...")
    if "[" in text:  # what git says has changed
        return [*members]
    hits = [one for one in members if _is_it(one, text)]
    if not hits and "/" not in text:  # pnpm, nx: the name without its scope
        hits = [one for one in members if _bare(one) == text]
    if not hits:  # npm, pnpm: a folder that members are in
        hits = [one for one in members if one.inside.startswith(f"{text}/")]
    if not hits and re.search(r"[$`{:]", text):  # `tag:web`, `$APP`
        hits = [*guess]
    if selector.endswith("..."):
        hits = _around(members, hits, lambda one, other: other.name in one.needs)
    if selector.startswith("..."):
        hits = _around(members, hits, lambda one, other: one.name in other.needs)
    return hits


def _is_it(member: Member, text: str) -> bool:
    return any(fnmatchcase(one, text) for one in (member.inside, member.name))


def _bare(member: Member) -> str:
    return (member.name or member.inside).rpartition("/")[2]


def _around(
    members: Sequence[Member],
    hits: Sequence[Member],
    leads: Callable[[Member, Member], bool],
) -> list[Member]:
    found = [*hits]
    for one in found:
        found += [
            other for other in members if other not in found and leads(one, other)
        ]
    return found


class Run(NamedTuple):
    """A script, or the command of a call, that is run in a member."""

    member: Member
    script: str  # "" for a command
    sure: bool  # else the call may mean others


class Meant(NamedTuple):
    """A call as it is meant at the root of its workspace."""

    root: str
    members: tuple[Member, ...]
    program: str
    call: MemberCall

    @property
    def clear(self) -> bool:
        """Whether each name and pattern fits members: none is guessed."""
        texts = (*self.call.wanted, *self.call.unwanted)
        fits = all(_meant(self.members, text) for text in texts)
        return fits and not self.call.partly


class Chosen(NamedTuple):
    """What a call means, and what it runs in each member, by the folder of that."""

    asked: Meant
    told: dict[str, list[Run]]


def meant(
    tree: Tree,
    read: Callable[[str], str | None],
    folder: str,
    program: str,
    call: MemberCall,
) -> Meant:
    """What a call in a folder of the context means.

    What turbo, nx and lerna are told in a member is about that member.
    """
    root = folder
    if program in MONOREPO:
        while root and not _is_root(read, root):
            root = root.rpartition("/")[0]
        if root != folder and not call.wanted:
            call = call._replace(wanted=(within(folder, root) or folder,))
    return Meant(root, tuple(members_of(tree, read, root)), program, call)


def runs(read: Callable[[str], str | None], asked: Meant) -> list[Run]:
    """What a call runs in members of a workspace, with all that tasks need first."""
    clear = asked.clear
    if asked.call.command:
        return [Run(one, "", clear) for one in selected(asked.members, asked.call)]
    needs = _needs_of(read, asked.root, asked.program)
    sure = {*_scripts(asked, needs, known=True)} if clear else set()
    # nx sees imports, too: any member may need any.
    several = _scripts(asked, needs, known=asked.program != "nx")
    return [Run(*one, one in sure) for one in several]


def _scripts(
    asked: Meant, needs: Mapping[str, Sequence[str]], *, known: bool
) -> list[tuple[Member, str]]:
    """The scripts that are run, each in its member.

    `known` is which members need which; else it may be any.
    """
    members, call = asked.members, asked.call
    found = [
        (one, script) for one in selected(members, call) for script in call.scripts
    ]
    seen = {*found}
    for member, script in found:
        own = needs.get(f"{member.name}#{script}", needs.get(script, ()))
        for need in own:
            for one in _needed(members, member, need, known=known):
                if one not in seen:
                    seen.add(one)
                    found.append(one)
    return found


def _needed(
    members: Sequence[Member], member: Member, need: str, *, known: bool
) -> Iterator[tuple[Member, str]]:
    name, mark, task = need.partition("#")
    if mark:
        yield from ((one, task) for one in members if one.name == name)
    elif need.startswith("^"):
        for one in members:
            if not known or one.name in member.needs:
                yield one, need[1:]
    else:
        yield member, need


def members_of(
    tree: Tree, read: Callable[[str], str | None], root: str
) -> Iterator[Member]:
    """The members of the workspace in a folder."""
    for folder, name in member_folders(tree, read, root):
        said = json_object(read(join(folder, PACKAGE)))
        needs = (said.get(key) for key in _NEEDS)
        scripts = said.get("scripts")
        yield Member(
            folder,
            folder.removeprefix(f"{root}/"),
            name,
            frozenset(one for some in needs if isinstance(some, dict) for one in some),
            frozenset(scripts if isinstance(scripts, dict) else ()),
        )


def _needs_of(
    read: Callable[[str], str | None], root: str, program: str
) -> dict[str, list[str]]:
    """What tasks need first, by their names: `^build` is that of what is needed.

    Package managers know of none. lerna asks nx, and so reads nx.json.
    """
    found: object = None
    if program == "turbo":
        said = json_object(read(join(root, TURBO)))
        found = said.get("tasks") or said.get("pipeline")
    elif program in MONOREPO:
        found = json_object(read(join(root, NX))).get("targetDefaults")
    needs: dict[str, list[str]] = {}
    for name, task in found.items() if isinstance(found, dict) else ():
        if isinstance(task, dict):
            needs[name] = strings(task.get("dependsOn"))
    return needs


def member_folders(
    tree: Tree, read: Callable[[str], str | None], folder: str
) -> Iterator[tuple[str, str]]:
    """The members of the workspace in a folder, each with the name of its package."""
    found = dict.fromkeys(
        path
        for pattern in _patterns(read, folder)
        for path in _folders(tree, folder, pattern.strip("./").split("/"))
    )
    for path in [*found][:MOST_MEMBERS]:
        if tree.kind(join(path, PACKAGE)) is Found.FILE:
            name = json_object(read(join(path, PACKAGE))).get("name")
            yield path, name if isinstance(name, str) else ""


def _is_root(read: Callable[[str], str | None], folder: str) -> bool:
    """Whether a folder is that of a workspace."""
    files = (PNPM, LERNA, TURBO, NX)
    return "workspaces" in json_object(read(join(folder, PACKAGE))) or any(
        read(join(folder, one)) for one in files
    )


def _patterns(read: Callable[[str], str | None], folder: str) -> Iterator[str]:
    lerna = read(join(folder, LERNA))
    if lerna:
        yield from strings(json_object(lerna).get("packages", ["packages/*"]))
    listed = json_object(read(join(folder, PACKAGE))).get("workspaces", [])
    if isinstance(listed, dict):
        listed = listed.get("packages", [])
    yield from strings(listed)
    for line in (read(join(folder, PNPM)) or "").split("\n"):
        one = re.match(r"""\s*-\s*["']?([^"'#]+)""", line)
        if one is not None:
            yield one[1].strip()


def _folders(tree: Tree, folder: str, parts: Sequence[str]) -> Iterator[str]:
    """The folders that a pattern of a workspace finds; none for one with a `!`."""
    if not parts:
        yield folder
        return
    head, rest = parts[0], parts[1:]
    if "*" not in head:
        yield from _folders(tree, join(folder, head), rest)
        return
    for name in tree.names(folder) if folder.count("/") < DEPTH else ():
        path = join(folder, name)
        if name in _FOREIGN or tree.kind(path) is not Found.DIRECTORY:
            continue
        if fnmatchcase(name, head):
            yield from _folders(tree, path, rest)
        if head == "**":
            yield from _folders(tree, path, parts)
