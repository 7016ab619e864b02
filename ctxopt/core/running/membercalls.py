"""What commands run in members of a workspace: which scripts, and in which of them.

Rule: yarnpkg/berry, "yarn workspace"; pnpm.io/filtering; docs.npmjs.com, "workspaces";
turborepo.com, "turbo run"; nx.dev, "run-many"; lerna.js.org, "lerna run".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.tuples import NamedTuple

MONOREPO = frozenset({"turbo", "nx", "lerna"})  # they work in members, whatever is said
_ONE = ("-w", "--workspace", "-F", "--filter", "--filter-prod", "--scope", "--from")
_ONE_MORE = ("--include", "-p", "--projects", "--project")
_NONE = ("--exclude", "--ignore")
_ALL = frozenset({"-ws", "--ws", "--workspaces", "-r", "--recursive"})
_RECURSIVE = ("recursive", "multi", "m")  # of pnpm: its old names for `-r`
_TARGETS = ("-t", "--target", "--targets")
_RUN = ("run", "run-script")
_EXECUTE = ("exec", "dlx")
# They run a script in members; in which of them is not read here.
LOOSE = frozenset({"wsrun", "lage", "ultra"})
# Options that take a value as a word of its own, beside those of members.
_VALUED = frozenset(
    (
        *("-j", "--jobs", "--concurrency", "--workspace-concurrency", "--cwd"),
        *("--parallel", "--configuration", "-c", "--reporter", "--output-style"),
        *("--cache-dir", "--env-mode", "--output-logs", "--log-order", "--token"),
        *("--team", "--api", "--cache", "--ui", "--log-prefix", "--since", "--base"),
        *("--head", "--runner", "-C", "--dir", "--prefix"),
    )
)
# They take no value, for all that others of this name do.
_PLAIN = {
    "nx": ("--parallel",),
    "lerna": ("--parallel", "-p"),
    "turbo": ("--parallel",),
    "wsrun": ("-c", "-t"),
}
# With one of these, what is wanted comes with all that it needs.
_WITH_NEEDS = {
    "lerna": r"--include-dependencies",
    "turbo": r"--include-dependencies",
    "yarn": r"-\w*R\w*|--recursive",
}
_PARTLY = r"(?:--)?affected\b|--since\b|--dry\b|--graph\b|.*\[[^\]]*\]"
# Commands of their own, which are no scripts unless `run` is in front.
_OWN = {
    "turbo": ("prune", "login", "link", "logout", "unlink", "daemon", "gen", "bin"),
    "nx": ("g", "generate", "reset", "graph", "report", "migrate", "sync", "show"),
}
_OWN_OF_ALL = (
    *("focus", "info", "list", "ls", "install", "i", "ci", "add", "remove", "update"),
    *("up", "fetch", "rebuild", "store", "pack", "why", "outdated", "audit", "publish"),
    *("version", "exec", "deploy", "config", "import", "init", "create"),
)


class MemberCall(NamedTuple):
    """Scripts that are run in members; without `wanted`, in all that have them."""

    scripts: tuple[str, ...]
    wanted: tuple[str, ...] = ()  # names, folders, patterns of both: `...@a/web`
    unwanted: tuple[str, ...] = ()
    command: tuple[str, ...] = ()  # that is run in place of a script
    partly: bool = False  # in what has changed since then, or it is only told

    @property
    def chooses(self) -> bool:
        """Whether it is not for all members."""
        return self.partly or bool(self.wanted or self.unwanted)


class _Told(NamedTuple):
    """The words of a command by what they are for."""

    rest: list[str]  # that are no options
    wanted: list[str]
    unwanted: list[str]
    targets: list[str]
    behind: list[str]  # `--`


def member_call(program: str, words: Sequence[str]) -> MemberCall | None:
    """What a command runs in members of its workspace; None where it runs nothing."""
    own = words[: words.index("--")] if "--" in words else words
    found = _member_call(program, words)
    partly = any(re.match(_PARTLY, one) for one in own)
    return found and found._replace(partly=found.partly or partly)


def _member_call(program: str, words: Sequence[str]) -> MemberCall | None:
    told = _told(program, words[1:])
    if program in _WITH_NEEDS and _is_one(_WITH_NEEDS[program], words):
        told.wanted[:] = [f"{one}..." for one in told.wanted]
    rest = told.rest
    is_for_all = not _ALL.isdisjoint(words)
    if program == "yarn" and rest[:1] == ["workspace"] and len(rest) > 2:
        told.wanted.append(rest[1])
        rest = rest[2:]
    elif program == "yarn" and rest[:1] == ["workspaces"]:
        rest = rest[1 + (rest[1:2] == ["foreach"]) :]
    elif program == "pnpm" and rest[:1] and rest[0] in _RECURSIVE:
        rest = rest[1:]
    elif program in MONOREPO:
        return _of_monorepo(program, rest, told)
    elif program in LOOSE:
        scripts = [one for one in rest if one not in _RUN]
        found = _call(scripts[:1] if program == "wsrun" else scripts, told)
        return found and found._replace(wanted=(), unwanted=(), partly=True)
    elif not told.wanted and not told.unwanted and not is_for_all:
        return None
    if rest[:1] and rest[0] in _EXECUTE:
        # What is run has options of its own.
        at = words.index(rest[0]) + 1
        return _call([], told, [one for one in words[at:] if one != "--"])
    is_script = rest[:1] != [] and rest[0] in _RUN
    script = next((one for one in rest if one not in _RUN), None)
    if script is None or not (is_script or script not in _OWN_OF_ALL):
        return None
    return _call([script], told)


def _is_one(expression: str, words: Sequence[str]) -> bool:
    return any(re.fullmatch(expression, one) for one in words)


def _of_monorepo(program: str, rest: list[str], told: _Told) -> MemberCall | None:
    if program == "lerna":
        if rest[:1] == ["exec"]:
            return _call([], told, told.behind or rest[1:])
        is_run = rest[:1] == ["run"] and len(rest) > 1
        return _call(rest[1].split(","), told) if is_run else None
    if program == "nx":
        return _of_nx(rest, told)
    tasks = rest[1:] if rest[:1] == ["run"] else rest
    if not tasks or (tasks == rest and tasks[0] in _OWN["turbo"]):
        return None
    told.wanted.extend(one.partition("#")[0] for one in tasks if "#" in one)
    return _call([one.rpartition("#")[2] for one in tasks], told)


def _of_nx(rest: list[str], told: _Told) -> MemberCall | None:
    if rest[:1] and rest[0] in ("run-many", "affected"):
        return _call([*told.targets, *_lists(rest[1:])], told)
    if rest[:1] == ["run"] and len(rest) > 1:
        project, _, target = rest[1].partition(":")
        told.wanted.append(project)
        return _call([target.partition(":")[0]], told)
    if not rest or rest[0] in _OWN["nx"]:
        return None
    told.wanted.extend(rest[1:2])
    return _call([rest[0]], told)


def _call(
    scripts: Sequence[str], told: _Told, command: Sequence[str] = ()
) -> MemberCall | None:
    if not scripts and not command:
        return None
    return MemberCall(
        tuple(scripts),
        tuple(_lists(map(_plain, told.wanted))),
        tuple(_lists(map(_plain, told.unwanted))),
        tuple(command),
    )


def _told(program: str, words: Sequence[str]) -> _Told:
    told = _Told([], [], [], [], [])
    after: list[str] | None = None
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        for_value = _list_of(told, program, name)
        if word == "--":
            told.behind.extend(words[at + 1 :])
            break
        if after is None and _starts(program, word, told.rest):
            told.rest.append(word)
            break  # what stands behind is for that program
        if after is not None and not word.startswith("-"):
            after.append(word)
            # `nx run-many -t lint build` names several.
            after = after if program == "nx" and after is told.targets else None
        elif for_value is not None and not equals:
            after = for_value
        elif for_value is not None:
            for_value.append(value)
            after = None
        elif not word.startswith("-"):
            told.rest.append(word)
        else:
            after = None
    for one in [*told.wanted]:
        if one.startswith("!"):
            told.wanted.remove(one)
            told.unwanted.append(one[1:])
    return told._replace(targets=[*_lists(told.targets)])


def _starts(program: str, word: str, before: Sequence[str]) -> bool:
    """Whether a word is a program that is started: `pnpm turbo build --filter=web`."""
    is_script = bool(before) and before[-1] in _RUN
    return word in MONOREPO and program not in MONOREPO and not is_script


def _list_of(told: _Told, program: str, option: str) -> list[str] | None:
    """What an option speaks of; a list that nobody reads for another value."""
    if (program, option) == ("pnpm", "-w") or option in _PLAIN.get(program, ()):
        return None  # of pnpm, it is the root of the workspace
    if option in _ONE or (option in _ONE_MORE and (program, option) != ("yarn", "-p")):
        return told.wanted
    if option in _NONE:
        return told.unwanted
    if program == "nx" and option in _TARGETS:
        return told.targets
    return [] if option in _VALUED else None


def _lists(words: Sequence[str] | Iterator[str] | map[str]) -> Iterator[str]:
    for word in words:
        yield from filter(None, (one.strip() for one in word.split(",")))


def _plain(selector: str) -> str:
    """A selector without braces and dots: `...{./apps/web}^...` is `...apps/web...`."""
    found = re.fullmatch(r"(\.\.\.)?\^?(.*?)\^?(\.\.\.)?", selector)
    if found is None:
        return selector
    name = found[2].strip("{}").removeprefix("./").strip("/") or "."
    return f"{found[1] or ''}{name}{found[3] or ''}"
