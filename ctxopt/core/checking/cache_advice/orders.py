"""Dependencies that are installed after the whole project was copied.

Then each change of any file installs them anew. The manifests copied first, and the
install run on them, stay in the cache until a manifest changes.
Source: Docker docs, Optimize cache usage in builds, Order your layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.checking.cache_advice.broad import Brought, Context
from ctxopt.core.checking.cache_advice.installers import (
    VENDORED,
    Install,
    caution,
    install_of,
    needs_more,
)
from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    in_one_line,
    listed,
    said_of,
)
from ctxopt.core.checking.families import cache
from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.model import Problem
from ctxopt.core.paths import join
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple


class _Late(NamedTuple):
    """An install, and the COPY of the whole project that it comes after."""

    step: ReadStep
    install: Install
    copy: Brought  # of its manifest
    manifests: tuple[str, ...]  # paths of the context


def installs_late(
    trace: Trace, stages: Sequence[ReadStage], context: Context
) -> Iterator[Problem]:
    """The first install of each kind in a stage, where it comes after such a COPY.

    One that ran before it, here or in a stage that this one has something of, has done
    the work already; one with a cache on a mount does little.
    """
    done: list[frozenset[str]] = []
    for number, stage in enumerate(stages):
        tools = set() if stage.base is None else set(done[stage.base])
        for step in stage.steps:
            for other in trace.runs[number].steps[step.number].stages:
                tools |= done[other] if other < len(done) else set()
            for at, command in enumerate(step.commands):
                install = install_of(command)
                if install is None or install.tool in tools:
                    continue
                tools.add(install.tool)
                late = _late(number, step, at, install=install, context=context)
                if late is not None and not _is_changed(late, stage.steps, at):
                    yield _problem(late, context)
        done.append(frozenset(tools))


def _late(
    stage: int, step: ReadStep, at: int, *, install: Install, context: Context
) -> _Late | None:
    """An install as one that comes late; None where it does not, or has to."""
    if step.is_trigger or any(mount.type == "cache" for mount in step.mounts):
        return None
    folder = placed(step.commands[at].folder, install.folder or ".")
    for need in _spelled(install.needs, stage, step, folder=folder, context=context):
        place = placed(folder, need)
        found = [*context.brought(stage, place, step.number)]
        copy = next((one for one in found if one.is_broad), None)
        if copy is None or not context.has(copy.path):
            continue
        if _is_vendored(install, copy.path, context):
            return None
        if needs_more(install.tool, context.text(copy.path)):
            return None
        return _Late(step, install, copy, _manifests(install, copy.path, context))
    return None


def _spelled(
    needs: Sequence[str], stage: int, step: ReadStep, *, folder: str, context: Context
) -> Iterator[str]:
    """The names of manifests, with patterns as what they hit in that folder."""
    for need in needs:
        if "*" not in need:
            yield need
            continue
        for one in context.brought(stage, folder, step.number):
            yield from (n for n in context.names(one.path) if fnmatchcase(n, need))


def _is_vendored(install: Install, manifest: str, context: Context) -> bool:
    name = VENDORED.get(install.tool)
    return bool(name) and context.has(join(manifest.rpartition("/")[0], name or ""))


def _manifests(install: Install, manifest: str, context: Context) -> tuple[str, ...]:
    """The manifest, and what is there beside it that goes with it."""
    folder = manifest.rpartition("/")[0]
    beside = context.names(folder)
    names: list[str] = []
    for one in install.takes:
        if "/" in one.removeprefix("./"):
            names.append(one.removeprefix("./"))
        names += (name for name in beside if fnmatchcase(name, one.removeprefix("./")))
    paths = (join(folder, name) for name in names)
    return (manifest, *(path for path in dict.fromkeys(paths) if context.has(path)))


def _is_changed(late: _Late, steps: Sequence[ReadStep], at: int) -> bool:
    """Whether a command between COPY and install speaks of the manifest.

    `sed -i ... requirements.txt` may change it, and then it is not the one copied.
    """
    name = late.copy.path.rpartition("/")[2]
    between = [
        command
        for step in steps
        if late.copy.step < step.number < late.step.number
        for command in step.commands
    ]
    return any(name in one.text for one in (*between, *late.step.commands[:at]))


def _problem(late: _Late, context: Context) -> Problem:
    copy = context.instruction(late.copy)
    install = late.install
    manifests = listed(late.manifests)
    cure = f'above that line copy {manifests} and run "{install.first or install.said}"'
    more = [install.tail, caution(install.tool, context.text(late.copy.path))]
    return said_of(
        cache.INSTALL_LATE,
        late.step,
        f'"{install.said}" runs anew after each change of any file, as '
        f'"{in_one_line(copy)}" (line {copy.location.line}) stands above it',
        subject=" ".join(install.said.split()[:2]),
        cure=", ".join((cure, *filter(None, more))),
    )
