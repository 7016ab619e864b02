"""Builds by the ignore file that they read, or would read if it were there."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError
from ctxopt.host.disk.inputs import shown
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.preparation.build import Build, IgnoreTarget


class Member(NamedTuple):
    """A measured build, by its name among all."""

    name: str
    measured: MeasuredBuild

    @property
    def build(self) -> Build:
        """As its builder reads it."""
        return self.measured.build

    @property
    def root(self) -> str:
        """The folder that its paths are in, links followed."""
        return os.path.realpath(self.build.main.path)

    @property
    def dockerfile(self) -> str:
        """Where its Dockerfile is; "" for one that is no file."""
        build = self.build
        if build.dockerfile.folder is None or not build.dockerfile.path:
            return ""
        return os.path.realpath(build.dockerfile.path)


class Group(NamedTuple):
    """The builds of one ignore file."""

    target: IgnoreTarget
    members: tuple[Member, ...]
    specific: bool  # of one Dockerfile and no other

    @property
    def names(self) -> tuple[str, ...]:
        """The builds by their names."""
        return tuple(one.name for one in self.members)


def grouped(members: Sequence[Member]) -> tuple[Group, ...]:
    """Builds by the ignore file in effect, in the order of the first of each.

    What is not known as a whole is left out: whatever is said of it would be wrong.
    """
    groups: dict[tuple[str, bool], list[Member]] = {}
    for one in members:
        if not one.measured.can_be_told:
            continue
        target = one.build.ignore_target()
        # A link that one builder follows and another does not is two files.
        key = os.path.realpath(target.path), target.stray is not None
        groups.setdefault(key, []).append(one)
    return tuple(_group(of_one) for of_one in groups.values())


def _group(members: Sequence[Member]) -> Group:
    target = from_here(members[0].build.ignore_target())
    return Group(target, (*members,), specific=target.file.specific)


def from_here(target: IgnoreTarget) -> IgnoreTarget:
    """The same, named as one would type it: many contexts have a `.dockerignore`."""
    file = target.file
    return target._replace(file=file._replace(shown=shown(file.path, os.curdir)))


def by_dockerfile(group: Group) -> tuple[Group, ...]:
    """The builds of a group that could have an ignore file of their Dockerfile's own.

    None for what has one, and for a Dockerfile that is no file or whose builder reads
    no such file.
    """
    groups: dict[str, list[Member]] = {}
    for one in group.members if not group.specific else ():
        if one.dockerfile and one.build.builder.specific_ignore_file:
            groups.setdefault(one.dockerfile, []).append(one)
    return tuple(own_group(of_one) for of_one in groups.values())


def own_group(members: Sequence[Member]) -> Group:
    """Builds of one Dockerfile, with an ignore file of its own.

    Raises WriteError where the builder would not read it.
    """
    if not members[0].dockerfile:
        raise WriteError(f"{members[0].name} has no Dockerfile that is a file")
    target = from_here(members[0].build.specific_target())
    return Group(target, (*members,), specific=True)
