"""Build arguments that have no value where a source reads them.

Of `ARG DIR` and `COPY $DIR /app` without `--build-arg DIR=...` the source is empty, and
so means the whole context. Whether a variable stands for nothing is tried out: the same
Dockerfile is traced with a value for it. The same comes of `ARG DIR=dist` above the
first FROM, which no stage knows that does not say `ARG DIR` itself.

Source: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert.go, dispatchArg; an
unset variable is the empty text in shell/lex.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ctxopt.core.dockerfile import BuildOptions, Stage, link, parse, trace
from ctxopt.core.model import Source
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import DockerfileError

_NAME = r"\$\{?([A-Za-z_]\w*)"
_MARK = "ctxopt-unset"


class Valueless(NamedTuple):
    """The build arguments of a source that stand for nothing in it."""

    unset: tuple[str, ...] = ()  # nobody gives them a value
    undeclared: tuple[str, ...] = ()  # only a line above the first FROM does


NOTHING = Valueless()


def valueless(
    content: bytes, shown: str, options: BuildOptions, sources: Iterable[Source]
) -> Mapping[Source, Valueless]:
    """The sources in which build arguments stand for nothing.

    `content` is the Dockerfile, which has been traced with `options`.
    """
    reading = tuple(one for one in sources if "$" in one.text)
    if not reading:
        return {}
    unset = unset_arguments(content, shown, options, reading)
    undeclared = known_above_only(content, shown, reading)
    return {
        one: Valueless(unset.get(one, ()), undeclared.get(one, ()))
        for one in {*unset, *undeclared}
    }


def unset_arguments(
    content: bytes, shown: str, options: BuildOptions, sources: tuple[Source, ...]
) -> Mapping[Source, tuple[str, ...]]:
    """The build arguments without a value that stand in sources, for each of those."""
    found: dict[Source, tuple[str, ...]] = {}
    names = {name for one in sources for name in re.findall(_NAME, one.text)}
    for name in sorted(names - set(options.build_args)):
        given = options._replace(build_args={**options.build_args, name: _MARK})
        for one in _changed(content, shown, given, sources):
            found[one] = (*found.get(one, ()), name)
    return found


def known_above_only(
    content: bytes, shown: str, sources: tuple[Source, ...]
) -> Mapping[Source, tuple[str, ...]]:
    """The arguments in sources that are set above the first FROM alone, for each."""
    try:
        parsed = parse(content, shown)
    except DockerfileError:
        return {}
    above = {_name(word) for one in parsed.global_args for word in one.arguments}
    stages = {stage.label: stage for stage in parsed.stages}
    found = {}
    for source in sources:
        stage = stages.get(source.stage)
        own = _declared(stage, source.location.line) if stage is not None else above
        read = dict.fromkeys(re.findall(_NAME, source.text))
        names = tuple(one for one in read if one in above and one not in own)
        if names:
            found[source] = names
    return found


def _declared(stage: Stage, line: int) -> set[str]:
    """The variables that a stage sets above a line."""
    above = [one for one in stage.instructions if one.location.line < line]
    names = {
        _name(word) for one in above if one.name == "ARG" for word in one.arguments
    }
    return names | {key for one in above if one.name == "ENV" for key, _ in one.pairs}


def _name(word: str) -> str:
    return word.partition("=")[0]


def _changed(
    content: bytes, shown: str, given: BuildOptions, sources: tuple[Source, ...]
) -> list[Source]:
    """The sources that have a value now where they had none."""
    try:
        traced = trace(link(parse(content, shown), given)).sources
    except DockerfileError:
        return []
    marked = {_place(one): one.expanded for one in traced}
    return [
        one
        for one in sources
        if _MARK in (now := marked.get(_place(one), ""))
        and now.replace(_MARK, "") == one.expanded
    ]


def _place(source: Source) -> tuple[object, ...]:
    return source.stage, source.location, source.text, source.instruction
