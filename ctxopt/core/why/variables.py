"""Build arguments that nobody gave a value, and what that makes of sources.

Of `ARG DIR` and `COPY $DIR /app` without `--build-arg DIR=...` the source is empty, and
so means the whole context. Whether a variable stands for nothing is tried out: the same
Dockerfile is traced with a value for it.

Source: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert.go, dispatchArg; an
unset variable is the empty text in shell/lex.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.model import Source
from ctxopt.errors import DockerfileError

_NAME = r"\$\{?([A-Za-z_]\w*)"
_MARK = "ctxopt-unset"


def unset_arguments(
    content: bytes, shown: str, options: BuildOptions, sources: tuple[Source, ...]
) -> Mapping[Source, tuple[str, ...]]:
    """The build arguments without a value that stand in sources, for each of those.

    `content` is the Dockerfile, which has been traced with `options`.
    """
    found: dict[Source, tuple[str, ...]] = {}
    names = {name for one in sources for name in re.findall(_NAME, one.text)}
    for name in sorted(names - set(options.build_args)):
        given = options._replace(build_args={**options.build_args, name: _MARK})
        for one in _changed(content, shown, given, sources):
            found[one] = (*found.get(one, ()), name)
    return found


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
