"""Options for many builds: which of a folder are meant, handed over as found.

A command gets `found` beside its `request`: None where the request is the one build
that is meant, else all that were found, and `request.context` is where.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING

import click

from ctxopt.cli.configuring import (
    apply_to_build,
    budgeted_builds,
    in_force,
    typed_options,
)
from ctxopt.cli.options import (
    SHARED_OPTIONS,
    apart,
    complete_file,
    complete_folder,
    requested,
)
from ctxopt.cli.saying import complain
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from ctxopt.core.builds.records import BuildChoice, FoundBuild, FoundBuilds
    from ctxopt.core.model import Request

_FIND = "ctxopt.find"  # in the context of a command: looks for its builds again
_ELSEWHERE = "name another folder, or files: --compose, --bake, --dockerfiles"
_YAML, _BAKE = (".yaml", ".yml"), (".hcl", ".json")
_WORDS = click.argument(
    "words", nargs=-1, metavar="[CONTEXT] [NAME...]", shell_complete=complete_folder
)
_MANY = (
    click.option(
        "--all",
        "everything",
        is_flag=True,
        help="All builds of the folder: of compose, bake and other files that name "
        "builds, and of the Dockerfiles below.",
    ),
    click.option(
        "--compose",
        "compose_files",
        metavar="FILE",
        multiple=True,
        shell_complete=complete_file,
        help="The services of this compose file; several are merged.",
    ),
    click.option(
        "--bake",
        "bake_files",
        metavar="FILE",
        multiple=True,
        shell_complete=complete_file,
        help="The targets of this bake file; several are merged.",
    ),
    click.option(
        "--dockerfiles",
        metavar="GLOB",
        multiple=True,
        help='The Dockerfiles of this pattern, as "src/**/Dockerfile".',
    ),
)


class _Asked(NamedTuple):
    """What the words of the command line come to.

    `is_implied`: nobody asked for several, but the first word is no folder.
    """

    context: str  # as typed
    folder: str  # where builds are looked for
    choice: BuildChoice | None = None  # None: the one build of the context
    is_implied: bool = False


def which_builds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of one build and of many.

    It is called with a `request` and with `found`. A folder without a Dockerfile, and
    a word that is no folder, have builds looked for without being asked.
    """

    @wraps(command)
    def with_builds(
        *,
        words: tuple[str, ...],
        everything: bool,
        compose_files: tuple[str, ...],
        bake_files: tuple[str, ...],
        dockerfiles: tuple[str, ...],
        **options: object,
    ) -> None:
        asked = _asked(
            words,
            everything=everything,
            compose_files=compose_files,
            bake_files=bake_files,
            dockerfiles=dockerfiles,
        )
        asked = _given_as_dockerfile(click.get_current_context(), asked, words)
        request = requested(asked.folder if asked.choice else asked.context)
        request, found = _found(request, asked)
        command(request, found=found, **apart(options))

    decorated: Callable[..., None] = with_builds
    for option in reversed((_WORDS, *_MANY, *SHARED_OPTIONS)):
        decorated = option(decorated)
    return decorated


def found_again() -> FoundBuilds:
    """What the words of the command come to now, as files may be others."""
    found: FoundBuilds = click.get_current_context().meta[_FIND]()
    return found


def check_budgets(folder: str, found: FoundBuilds) -> None:
    """Raise CtxoptError, with its place, for a budget that is for no build there."""
    names = [one.name for one in found.builds]
    if not budgeted_builds().difference(names):
        return
    from ctxopt.core.builds.records import BuildChoice
    from ctxopt.core.configuration.builds import check_names
    from ctxopt.pipeline.builds.finding import find_builds

    everything = find_builds(folder, BuildChoice(everything=True)).builds
    check_names(in_force(), dict.fromkeys([*names, *(one.name for one in everything)]))


def _asked(
    words: Sequence[str],
    *,
    everything: bool,
    compose_files: Sequence[str],
    bake_files: Sequence[str],
    dockerfiles: Sequence[str],
) -> _Asked:
    """The folder and the builds that are meant; names come behind the folder."""
    from ctxopt.core.builds.records import BuildChoice  # start-up: most ask for one
    from ctxopt.host.disk.inputs import is_a_folder

    files = (*compose_files, *bake_files)
    has_folder = bool(words) and not files and is_a_folder(words[0])
    folder = words[0] if has_folder else "."
    names = (*words[1:],) if has_folder else (*words,)
    if everything or files or dockerfiles:
        choice = BuildChoice(
            everything=everything,
            compose_files=(*compose_files,),
            bake_files=(*bake_files,),
            dockerfiles=(*dockerfiles,),
            names=names,
        )
        return _Asked(folder, folder, choice)
    if names and (has_folder or not any(map(_is_path, names))):
        choice = BuildChoice(names=names)
        return _Asked(words[0], folder, choice, is_implied=not has_folder)
    _check_single(words)
    return _Asked(folder if has_folder or not words else words[0], folder)


def _check_single(words: Sequence[str]) -> None:
    if len(words) > 1:
        raise click.UsageError(f'one context at a time: "{words[1]}" is another one')


def _is_path(word: str) -> bool:
    """Whether a word cannot be the name of a build: it is there, or looks elsewhere."""
    elsewhere = (
        word in ("", "-") or "://" in word or word.startswith(("/", "./", "../"))
    )
    return elsewhere or os.path.lexists(word)


def _given_as_dockerfile(
    ctx: click.Context, asked: _Asked, words: Sequence[str]
) -> _Asked:
    """`-f compose.yaml` is `--compose compose.yaml`, as people type it."""
    given = ctx.params.get("dockerfile")
    if not given or not given.endswith((*_YAML, *_BAKE)):
        return asked
    choice = _choice_of(given)
    if choice is None:
        return asked
    ctx.params["dockerfile"] = None  # what follows takes it for a Dockerfile
    names = tuple(word for word in words if word.strip("./"))
    return _Asked(".", ".", choice._replace(names=names))


def _choice_of(path: str) -> BuildChoice | None:
    """The builds of a compose or bake file; None for any other file."""
    from ctxopt.core.builds.kinds import kind_of
    from ctxopt.core.builds.records import BuildChoice, BuildKind
    from ctxopt.host.disk.bounded import read_at_once

    try:
        kind = kind_of(read_at_once(path))
    except OSError:
        return None  # what is wrong with it is said of a Dockerfile, too
    if kind is BuildKind.COMPOSE:
        return BuildChoice(compose_files=(path,))
    return BuildChoice(bake_files=(path,)) if kind is BuildKind.BAKE else None


def _found(request: Request, asked: _Asked) -> tuple[Request, FoundBuilds | None]:
    """The one build that is meant, or all that were found."""
    alone = request._replace(context=asked.context)
    if asked.choice is None:
        if not _asks_for_a_look(request):
            return request, None
        from ctxopt.core.builds.records import BuildChoice

        asked = asked._replace(choice=BuildChoice(), is_implied=True)
    elif single := _said_of_one():
        if not asked.is_implied:
            raise click.UsageError(f"{single} is for one build: leave it out here")
        return alone, None
    found = _looked_for(request, asked)
    if found is None:
        return alone, None
    if not found.builds:
        raise _nothing(asked.folder, found)
    is_one = len(found.builds) == 1 and found.builds[0].refusal is None
    if is_one and (asked.is_implied or (asked.choice and asked.choice.names)):
        complain(f"note: {_told(found.builds[0])}")
        apply_to_build(found.builds[0].name)
        return found.builds[0].request, None
    return request, found


def _asks_for_a_look(request: Request) -> bool:
    """Whether a context without a Dockerfile is looked through for builds."""
    from ctxopt.core.builders import find_builder
    from ctxopt.host.disk.inputs import asks_for_a_look

    if request.dockerfile is not None:
        return False
    return asks_for_a_look(request.context, find_builder(request.builder).files)


def _looked_for(request: Request, asked: _Asked) -> FoundBuilds | None:
    """What the files of a folder say; None where there is nothing, and nobody asked."""
    from ctxopt.pipeline.builds.finding import find_builds

    assert asked.choice is not None
    choice = asked.choice._replace(
        build_args=request.build_args,
        builder=request.builder,
        platform=request.platform,
    )
    find = partial(find_builds, asked.folder, choice)
    click.get_current_context().meta[_FIND] = find
    try:
        found = find()
    except CtxoptError:
        if not asked.is_implied:
            raise
    else:
        if found.builds or found.problems or not asked.is_implied:
            return found
    _check_single(choice.names)
    return None


def _nothing(folder: str, found: FoundBuilds) -> CtxoptError:
    """Why there is no build at all: the files say none, or cannot be read."""
    if not found.problems:
        return CtxoptError(f'nothing in "{folder}" says what to build', hint=_ELSEWHERE)
    first = found.problems[0]
    return CtxoptError(first.message, file=first.file, line=first.line, hint=first.hint)


def _said_of_one() -> str:
    """The option that was typed and is for one build alone; "" where none was.

    What a file or a variable says of the usual build is for that, and ends nothing.
    """
    typed = typed_options()
    single = ("-f", "--target", "--build-context")
    return next((name for name in single if name in typed), "")


def _told(one: FoundBuild) -> str:
    """Which build it is that was meant."""
    where = f" of {one.place.file}:{one.place.line}" if one.place else ""
    file = f", Dockerfile {one.dockerfile}" if one.dockerfile else ""
    reason = f" ({one.reason})" if one.reason else ""
    lies_there = one.place is None and one.request.dockerfile is not None
    needs = f"; docker build takes it with -f {one.dockerfile}" if lies_there else ""
    return f'"{one.name}"{where}: context {one.context}{reason}{file}{needs}'
