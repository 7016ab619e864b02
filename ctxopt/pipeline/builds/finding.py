"""What somebody would build in a folder: said by files, or lying there.

    find_builds("shop", BuildChoice()).chosen    # "2 services of shop/compose.yaml"

Without a choice it is what `docker compose build`, `docker buildx bake`, `skaffold
build` and `docker build` take in the folder itself; where that is nothing, all that
lies below.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.builds.bakefiles import bake_reading, is_of_bake
from ctxopt.core.builds.choosing import by_name, chosen
from ctxopt.core.builds.composefiles import compose_files, compose_reading
from ctxopt.core.builds.globs import glob_test
from ctxopt.core.builds.kinds import BAKE_NAMES, bake_projects
from ctxopt.core.builds.naming import in_order, named_builds
from ctxopt.core.builds.reading import reading_of
from ctxopt.core.builds.records import BuildChoice, BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.builds.said import SaidBuild, joined
from ctxopt.core.builds.world import FileReading, World
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import FrozenWords, Location, Problem, Request
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.buildfiles import FilesFound, look
from ctxopt.host.disk.inputs import DEFAULT_DOCKERFILE, STDIN, context_folder
from ctxopt.host.disk.texts import BuildFileReader, process_environment
from ctxopt.pipeline.builds.alike import without_likes
from ctxopt.pipeline.builds.enclosing import enclosed
from ctxopt.pipeline.builds.ignored import ignored_folders
from ctxopt.pipeline.builds.lying import lying_builds

# What is built where nothing is named, by the tool whose file it is.
_OF_TOOLS = (BuildKind.COMPOSE, BuildKind.BAKE, BuildKind.SKAFFOLD)
USUAL = BuildChoice()
_DEEPER = "what lies below"


def find_builds(folder: str, choice: BuildChoice = USUAL) -> FoundBuilds:
    """The builds below a folder, each once and with a name of its own.

    A file that cannot be read is a problem, a build of which a part is elsewhere or
    not known has a refusal; all others go on.
    Raises ContextError for no folder, CtxoptError for a name that no build has.
    """
    context_folder(folder)
    search = _Search(_plain(folder), choice)
    if choice.names_files:
        rows = search.of_named_files()
    elif choice.everything or choice.names:
        rows = search.of_all(usual_only=False)
    else:
        rows = search.of_here() or search.of_all(usual_only=True)
    return search.told(rows)


def _plain(folder: str) -> str:
    """A folder as paths are joined to it; "" is the current one."""
    plain = os.path.normpath(folder)
    return "" if plain == "." else plain


class _Row(NamedTuple):
    """A build, and where the very same is named again."""

    said: SaidBuild
    also: tuple[Location, ...] = ()
    aliases: tuple[str, ...] = ()

    def with_another(self, other: SaidBuild) -> _Row:
        """The same, named once more: an anchor names several in one place."""
        places = (*self.also, other.place)
        names = (*self.aliases, other.name)
        known = {self.said.place, *self.also}
        return self._replace(
            also=self.also if other.place in known else places,
            aliases=self.aliases if other.name == self.said.name else names,
        )


class _Search:
    """One look for builds: what was read, and what is wrong with it."""

    def __init__(self, top: str, choice: BuildChoice) -> None:
        environment = choice.environment
        self._top = top
        self._choice = choice
        within = (top or ".") if choice.is_enclosed else None
        self._read = BuildFileReader(within=within)
        self._world = World(
            self._read,
            process_environment() if environment is None else environment,
            top,
        )
        self._left: list[str] = []  # what --all would take
        self._is_whole = True
        self._files: list[str] = []
        self._problems: dict[Problem, None] = {}
        self._unread: dict[str | None, CtxoptError] = {}  # folders, by their paths

    def of_named_files(self) -> list[_Row]:
        """The builds of the files that the choice names."""
        choice = self._choice
        said: list[SaidBuild] = []
        self._check_there("--compose", choice.compose_files)
        self._check_there("--bake", choice.bake_files)
        if choice.compose_files:
            said += self._taken([self._compose(choice.compose_files)])
        if choice.bake_files:
            said += self._taken([self._bake(choice.bake_files)])
        if not (choice.everything or choice.names):
            said = self._usual(said)
        if choice.dockerfiles:
            found = self._look(deep=True, globs=choice.dockerfiles)
            said += self._lying(found.dockerfiles, [], is_named=True)
            if not found.dockerfiles:
                raise _nothing_fits(choice.dockerfiles, self._top)
        return _folded(said)

    def _check_there(self, option: str, paths: Iterable[str]) -> None:
        """Raises CtxoptError for a file that was named and cannot be read."""
        for path in paths:
            if self._read(path) is not None:
                continue
            for error in self._read.problems:
                raise error
            hint = f"check the path given with {option}"
            raise CtxoptError(f'no such file: "{path}"', hint=hint)

    def of_here(self) -> list[_Row]:
        """What is built in the folder itself where nothing is named."""
        found = self._look(deep=False)
        naming = [one for one in found.naming if one[0] in _OF_TOOLS]
        said = self._usual(self._said(naming, own_only=True))
        said += self._lying(found.dockerfiles, said)
        if said:
            self._left.append(_DEEPER)
        else:
            self._left.clear()
        return _folded(said)

    def of_all(self, *, usual_only: bool) -> list[_Row]:
        """All that is below, too; `usual_only`: but for what has to be asked for."""
        found = self._look(deep=True)
        said = self._said(found.naming, own_only=usual_only)
        if usual_only:
            said = self._usual(said)
        said += self._lying(found.dockerfiles, said)
        self._is_whole = found.is_whole
        return _folded(said)

    def told(self, rows: Sequence[_Row]) -> FoundBuilds:
        """The record of rows, of those with the names of the choice if it has any."""
        names = named_builds([one.said for one in rows], self._top)
        builds = tuple(
            _found(row, name, self._choice)
            for row, name in zip(rows, names, strict=True)
        )
        if self._choice.names:
            builds = by_name(builds, self._choice.names)
        return FoundBuilds(
            builds=builds,
            problems=self._all_problems(),
            files=(*dict.fromkeys(self._files),),
            chosen=chosen(builds, left=self._left, is_whole=self._is_whole),
            choice=self._choice,
        )

    def _enclosed(self, said: SaidBuild) -> SaidBuild:
        """A build, refused where it takes what it must not."""
        return enclosed(said, self._top or ".") if self._choice.is_enclosed else said

    def _look(self, *, deep: bool, globs: Sequence[str] = ()) -> FilesFound:
        """The files that matter; with `globs`, Dockerfiles are what fits them."""
        found = look(
            self._top,
            deep=deep,
            is_ignored=ignored_folders(self._top) if deep else None,
            is_dockerfile=glob_test(globs) if globs else None,
            opened={part for glob in globs for part in glob.split("/")},
        )
        self._unread.update({one.file: one for one in found.unread})
        return found

    def _said(
        self, naming: Iterable[tuple[BuildKind, str]], *, own_only: bool
    ) -> list[SaidBuild]:
        """What files say, those of a folder before those of the folders in it.

        `own_only`: but for those that no tool takes by itself.
        """
        # Of compose, a variable may name files of the folder itself.
        groups: dict[tuple[BuildKind, str], list[str]] = {(BuildKind.COMPOSE, ""): []}
        for kind, path in naming:
            groups.setdefault((kind, os.path.dirname(path)), []).append(path)
        readings: list[FileReading] = []
        for (kind, folder), paths in groups.items():
            readings += self._readings(kind, folder, paths, own_only=own_only)
        told = [one for one in readings if one.files]
        return self._taken(
            sorted(told, key=lambda one: in_order(one.files[-1], self._top))
        )

    def _readings(
        self, kind: BuildKind, folder: str, paths: Sequence[str], *, own_only: bool
    ) -> Iterator[FileReading]:
        """What the files of one kind in a folder say."""
        at = "" if not (self._top or folder) else joined(self._top, folder)
        names = [os.path.basename(one) for one in paths]
        if kind is BuildKind.COMPOSE:
            for files in compose_files(at, names, self._world):
                if files.is_own or not own_only:
                    yield self._compose(files.paths, is_usual=files.is_own)
        elif kind is BuildKind.BAKE:
            for project in bake_projects(names):
                is_own = project[0] in BAKE_NAMES
                together = [joined(at, one) for one in project]
                if is_own or (not own_only and is_of_bake(together[0], self._world)):
                    yield self._bake(together, is_usual=is_own)
        else:
            for name in names:
                yield from reading_of(joined(at, name), self._world)

    def _compose(self, files: Sequence[str], *, is_usual: bool = True) -> FileReading:
        return compose_reading(
            files, self._world, profiles=self._choice.profiles, is_usual=is_usual
        )

    def _bake(self, files: Sequence[str], *, is_usual: bool = True) -> FileReading:
        choice = self._choice
        return bake_reading(
            files,
            self._world,
            names=choice.names,
            overrides=choice.overrides,
            is_usual=is_usual,
        )

    def _taken(self, readings: Iterable[FileReading]) -> list[SaidBuild]:
        said: list[SaidBuild] = []
        for one in readings:
            said += map(self._enclosed, one.builds)
            self._files += one.files
            self._problems.update(dict.fromkeys(one.problems))
        return without_likes(said, self._read)

    def _usual(self, said: Sequence[SaidBuild]) -> list[SaidBuild]:
        """Those that are built where nothing is named; the rest is counted."""
        usual = [one for one in said if one.is_usual]
        known = {one.identity for one in usual}
        rest = {one.identity for one in said} - known
        if rest:
            self._left.append(f"{len(rest)} more")
        return usual

    def _lying(
        self, paths: Iterable[str], said: Sequence[SaidBuild], *, is_named: bool = False
    ) -> list[SaidBuild]:
        """The Dockerfiles that no build names which can be measured."""
        known = {one.dockerfile_path for one in said if one.refusal is None}
        known |= {self._in_small_letters(one) for one in known}
        left = [one for one in paths if joined(self._top, one) not in known]
        in_turn = sorted(
            left, key=lambda one: in_order(joined(self._top, one), self._top)
        )
        lying = lying_builds(self._top, in_turn, self._read, is_named=is_named)
        return [*map(self._enclosed, lying)]

    def _in_small_letters(self, path: str) -> str:
        """`dockerfile` where a build names `Dockerfile` and there is none.

        Source: buildx, build/opt.go, handleLowercaseDockerfile.
        """
        folder, name = os.path.split(path)
        is_other = name == DEFAULT_DOCKERFILE and self._read(path) is None
        return os.path.join(folder, name.lower()) if is_other else path

    def _all_problems(self) -> tuple[Problem, ...]:
        errors = (*self._unread.values(), *self._read.problems)
        unread = [of_error(codes.BUILD_FILE, one) for one in errors]
        told = {one.file for one in unread}
        return (*unread, *(one for one in self._problems if one.file not in told))


def _nothing_fits(globs: Iterable[str], top: str) -> CtxoptError:
    shown = " and ".join(f'"{one}"' for one in globs)
    hint = f"--dockerfiles takes paths from {top or 'the current folder'}: **/*.build"
    return CtxoptError(f"no file fits {shown}", hint=hint)


def _folded(said: Iterable[SaidBuild]) -> list[_Row]:
    """Each build once, where it is named first."""
    rows: dict[object, _Row] = {}
    for one in said:
        row = rows.get(one.identity)
        rows[one.identity] = _Row(one) if row is None else row.with_another(one)
    return [*rows.values()]


def _found(row: _Row, name: str, choice: BuildChoice) -> FoundBuild:
    said = row.said
    return FoundBuild(
        name=name,
        kind=said.kind,
        request=_request(said, choice),
        dockerfile=said.dockerfile_path,
        context=said.context,
        place=None if said.kind is BuildKind.DOCKERFILE else said.place,
        reason=said.reason,
        refusal=said.refusal,
        also=row.also,
        aliases=row.aliases,
        unknown=said.unknown,
    )


def _request(said: SaidBuild, choice: BuildChoice) -> Request:
    inline = said.inline
    return Request(
        context=said.context,
        dockerfile=said.dockerfile if inline is None else STDIN,
        target=said.target,
        build_args=FrozenWords({**said.args, **choice.build_args}),
        build_contexts=said.contexts,
        builder=choice.builder,
        dockerfile_bytes=None if inline is None else inline.encode(),
        platform=choice.platform,
    )
