"""Package managers: lists and caches that stay in a layer, and lists that grow old.

A file that a later RUN removes is still in the layer of the RUN that made it. In a
stage that is thrown away it costs nothing: only layers of the image are spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.checking.dockerfile_advice.calls import Call, calls
from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    kept_steps,
    said_of,
)
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Problem
from ctxopt.core.running.shell import Simple
from ctxopt.core.running.words import is_tool
from ctxopt.core.tuples import NamedTuple

_LISTS = "/var/lib/apt/lists"
_OF_LISTS = r"/var/lib/(?:apt|\{|\*)|lists|/var/(?:\*|\{)|/var/lib/?$"
_REMOVERS = frozenset({"rm", "find", "rmdir", "unlink", "truncate"})
_CLEANERS = r"(?i)clean|purge|prune"
# Scripts that come with what they build, and do nothing else.
_BUILDERS = frozenset({"configure", "autogen.sh", "bootstrap", "gradlew", "mvnw"})
_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")


# --- lists that grow old ---------------------------------------------------------


def updates_apart(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """A RUN that fetches the lists of packages, and installs nothing with them.

    It stays in the cache while a later line is changed, which then installs what the
    old lists name. Source: Docker docs, Building best practices, apt-get.
    """
    ends: list[_Waiting] = []
    for stage in stages:
        waiting = {} if stage.base is None else dict(ends[stage.base])
        for step in stage.steps:
            found = [*calls(step.commands)]
            for manager in ("apt", "apk"):
                yield from _met(step, found, manager, waiting)
        ends.append(waiting)


# The RUN that fetched lists and used none of them, by package manager.
_Waiting = dict[str, tuple[ReadStep, Call]]


def _met(
    step: ReadStep, found: Sequence[Call], manager: str, waiting: _Waiting
) -> Iterator[Problem]:
    """What is wrong when a step comes after those in which lists wait."""
    update = _update(found, manager)
    if update is not None:
        waiting.pop(manager, None)
        if not _does_more(step, found, manager):
            waiting[manager] = step, update
        return
    own = (one for one in found if one.manager == manager and one.installs)
    if manager in waiting and any(not _is_fresh(one) for one in own):
        earlier, call = waiting.pop(manager)
        yield _apart(earlier, call, step)


def _update(found: Sequence[Call], manager: str) -> Call | None:
    return next(
        (one for one in found if (one.manager, one.action) == (manager, "update")), None
    )


def _does_more(step: ReadStep, found: Sequence[Call], manager: str) -> bool:
    """Whether a RUN installs something itself, or may do so."""
    idle = ("update", "clean", "autoclean", "autoremove")
    acts = (one for one in found if one.manager == manager and one.action not in idle)
    return any(acts) or any(map(_is_unread, step.commands))


def _is_fresh(call: Call) -> bool:
    """Whether `apk add` fetches the lists itself."""
    return call.manager == "apk" and any(
        re.fullmatch(r"--no-cache|--update|--update-cache|-\w*U\w*", word)
        for word in call.command.words
    )


def _apart(step: ReadStep, call: Call, later: ReadStep) -> Problem:
    line = later.instruction.location.line
    return said_of(
        dockerfile.UPDATE_APART,
        step,
        f'"{call.said}" stands apart from the install of line {line}: the cache keeps '
        "its old lists when that line is changed",
        subject=call.said,
    )


# --- what stays in the layer -----------------------------------------------------


class _Cache(NamedTuple):
    """What a package manager leaves in the layer of its RUN."""

    finding: Finding
    manager: str
    folders: tuple[str, ...]  # where; a mount there keeps it out of the layer
    names: str  # expression: what a command says that removes it
    avoided: str = r"(?!)"  # expression: an option with which nothing is left


_CACHES = (
    _Cache(
        dockerfile.APK_CACHE_LEFT,
        "apk",
        ("/var/cache/apk", "/etc/apk/cache"),
        r"apk|/var/cache|/var/\*",
        r"--no-cache",
    ),
    _Cache(
        dockerfile.DNF_CACHE_LEFT,
        "dnf",
        ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"),
        r"dnf|yum|/var/cache|/var/\*",
    ),
    _Cache(
        dockerfile.YUM_CACHE_LEFT,
        "yum",
        ("/var/cache/yum", "/var/cache/dnf"),
        r"dnf|yum|/var/cache|/var/\*",
    ),
    _Cache(
        dockerfile.PIP_CACHE_LEFT,
        "pip",
        ("/root/.cache/pip",),
        r"\.cache|/pip|/tmp/\*|/root/\*",
        r"--no-cache.*",
    ),
)

# Where one of them is, pip may keep nothing, or keep it elsewhere.
_PIP_SETTINGS = (
    *("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME", "pip.conf"),
    *("pip config", "pip3 config"),
)


def lists_left(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """A RUN of the image that fetches apt's lists and leaves them there.

    One that stands apart from its install is told so, and nothing else.
    """
    apart = {problem.line for problem in updates_apart(stages)}
    for step in kept_steps(stages):
        call = _update([*calls(step.commands)], "apt")
        if call is None or step.instruction.location.line in apart:
            continue
        if step.lends(_LISTS, "/var/cache/apt") or (
            _removes(step.commands[call.at :], _OF_LISTS)
        ):
            continue
        yield said_of(
            dockerfile.APT_LISTS_LEFT,
            step,
            f'"{call.said}" leaves its lists in this layer (20 MB or more), where a '
            "later RUN cannot take them out",
            subject=call.said,
        )


def caches_left(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """RUNs of the image that leave the cache of a package manager in their layer."""
    is_pip_told = False
    for step in kept_steps(stages):
        text = step.instruction.text
        is_pip_told = is_pip_told or any(word in text for word in _PIP_SETTINGS)
        for cache in _CACHES:
            call = next(_leaving(cache, step), None)
            if call is None or (cache.manager == "pip" and is_pip_told):
                continue
            yield said_of(
                cache.finding,
                step,
                f'"{call.said}" leaves its cache in this layer, where a later RUN '
                "cannot take it out",
                subject=call.said,
            )


def _leaving(cache: _Cache, step: ReadStep) -> Iterator[Call]:
    """The calls of a RUN that leave a cache."""
    if step.lends(*cache.folders) or (cache.manager == "pip" and _lends_cache(step)):
        return
    for call in calls(step.commands):
        if call.manager != cache.manager or not call.installs:
            continue
        words = call.command.words
        if any(re.fullmatch(cache.avoided, word) for word in words):
            continue
        if not _removes(step.commands[call.at + 1 :], cache.names):
            yield call


def _lends_cache(step: ReadStep) -> bool:
    """Whether the cache of any user is on a mount."""
    return any(
        one.type in ("cache", "tmpfs") and ".cache" in one.target for one in step.mounts
    )


def _removes(commands: Sequence[Simple], names: str) -> bool:
    """Whether one of some commands takes away what is named so, or may do so.

    `rm -rf $DIRS` may; so may a script that is not read, and `cleanup`.
    """
    return any(
        _deletes(one, names) or _cleans(one, names) or _is_unread(one)
        for one in commands
    )


def _deletes(command: Simple, names: str) -> bool:
    return command.program in _REMOVERS and any(
        "$" in word or re.search(names, f"{command.folder}/{word}")
        for word in command.words[1:]
    )


def _cleans(command: Simple, names: str) -> bool:
    """Whether a package manager takes away what is named so.

    `apt-get clean` deletes packages and not lists: `apt-get distclean` does.
    """
    words = {*command.words[1:]}
    if command.program in ("apt", "apt-get", "aptitude"):
        return names == _OF_LISTS and bool({"distclean", "dist-clean"} & words)
    if {"cache", "purge"} <= words:
        return "pip" in command.text and "pip" in names
    return bool({"clean", "cache"} & words) and bool(re.search(names, command.program))


def _is_unread(command: Simple) -> bool:
    """Whether a command is a script of which nobody knows what it does."""
    if not command.words:
        return False
    program, first = command.program, command.words[0]
    if program in ("sh", "bash", "ash", "source", "."):
        return len(command.words) > 1
    if is_tool(program) or program in _BUILDERS:
        return False
    is_script = "/" in first and not first.startswith(_SYSTEM)
    return is_script or first.endswith(".sh") or bool(re.search(_CLEANERS, program))


# --- packages that nobody asked for ----------------------------------------------


def recommended(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """Installs by apt, in the image, with all that packages recommend."""
    for step in kept_steps(stages):
        if _sets_up_apt(step):
            return  # what it says decides from here on
        call = next(filter(_takes_recommended, calls(step.commands)), None)
        if call is not None:
            yield said_of(
                dockerfile.RECOMMENDED_PACKAGES,
                step,
                f'"{call.said}" also installs what the packages recommend',
                subject=call.said,
            )


def _sets_up_apt(step: ReadStep) -> bool:
    """Whether a step may write a file with settings of apt."""
    instruction = step.instruction
    if instruction.name in ("COPY", "ADD"):
        return "/etc/apt" in instruction.arguments[-1]
    if instruction.name != "RUN":
        return False
    said = re.search(_RECOMMENDS, instruction.text) is not None
    return said and not any(
        re.search(_RECOMMENDS, call.command.text) for call in calls(step.commands)
    )


_RECOMMENDS = r"(?i)APT::Install-Recommends"
_WITHOUT = (
    r"(?i)--no-install-recommends|.*install-recommends=.*|-R|--without-recommends"
)


def _takes_recommended(call: Call) -> bool:
    asked = call.manager == "apt" and call.installs
    return asked and not any(
        re.fullmatch(_WITHOUT, word) for word in call.command.words
    )
