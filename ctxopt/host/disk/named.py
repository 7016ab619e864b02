"""Builds that compose and bake files, workflows and scripts of a project name.

A look that is bounded: usual names in the folder itself and in a few below it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.disk.texts import BuildFileReader, process_environment

if TYPE_CHECKING:
    from ctxopt.core.builds.said import SaidBuild

MOST_FILES = 60  # read
MOST_NAMES = 5_000  # of one folder
FILE_BYTES = 256 << 10  # a larger one was not written by a person
MOST_BUILDS = 200

# Where such files are kept, beside the root itself.
_FOLDERS = (
    *("", ".github/workflows", ".gitea/workflows", ".forgejo/workflows", "docker"),
    *(".docker", "deploy", "deployment", "compose", "infra", "ops", "build", "ci"),
    *("scripts", ".devcontainer", "bin", "hack", "dev", "containers"),
)
_COMPOSE = r"(?i)(?:docker-)?compose[\w.-]*\.ya?ml"
_BAKE = r"(?i)docker-bake[\w.-]*\.json|(?!\.terraform)[\w.-]+\.hcl"
_OTHERS = (
    r"(?i)(?:GNU)?makefile|[\w.-]+\.mk|justfile|taskfile\.ya?ml|"
    r"[\w.-]*\.sh|\.gitlab-ci\.ya?ml|cloudbuild[\w.-]*\.ya?ml|skaffold[\w.-]*\.ya?ml|"
    r"render\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|Jenkinsfile|fly\.toml"
)
_OTHER_JSON = frozenset({"package.json", "devcontainer.json"})
# What a compose file has in it that names another Dockerfile, target or argument.
_SAYS_MORE = rb"dockerfile|target|args|extends|include|\\"
# How the names of all of them end: where none does, no expression is compiled.
_ENDS = (
    *(".yml", ".yaml", ".json", ".hcl", ".mk", ".sh", ".toml"),
    *("makefile", "justfile", "jenkinsfile"),
)
_WORKFLOW = r"(?i).*\.ya?ml"


class NamedElsewhere(NamedTuple):
    """A build that some file names; `context` and `dockerfile` are absolute."""

    context: str
    dockerfile: str
    target: str
    args: tuple[tuple[str, str], ...]
    place: str  # the file that names it, relative to where it was looked for


def named_below(top: str, *, is_alone: bool = False) -> tuple[NamedElsewhere, ...]:
    """The builds that the files of a project name, each once, in the order found.

    With `is_alone` there is one Dockerfile: a compose file that can only say again that
    it is built is not read, which saves its reader's start.
    """
    read = BuildFileReader(FILE_BYTES)
    return _first(
        one
        for path in _files(top)
        if not (is_alone and _says_nothing_new(top, path, read))
        for one in _builds_of(top, path, read)
    )


def _says_nothing_new(top: str, path: str, read: BuildFileReader) -> bool:
    """Whether all builds of a compose file are of a folder and its own Dockerfile."""
    if not _is_compose(os.path.basename(path)):
        return False
    return re.search(_SAYS_MORE, read(os.path.join(top, path)) or b"") is None


def named_by_commands(top: str) -> tuple[NamedElsewhere, ...]:
    """The same of scripts, Makefiles and workflows alone: what their commands build."""
    read = BuildFileReader(FILE_BYTES)
    texts = ((path, read(os.path.join(top, path))) for path in _files(top))
    return _first(
        one
        for path, content in texts
        if content and not _is_compose(os.path.basename(path))
        for one in _of_commands(top, path, content)
    )


def _first(found: Iterable[NamedElsewhere]) -> tuple[NamedElsewhere, ...]:
    """Each once, as many as are ever asked about."""
    known: dict[NamedElsewhere, None] = {}
    for one in found:
        known.setdefault(one)
        if len(known) >= MOST_BUILDS:
            break
    return (*known,)


class FoundLine(NamedTuple):
    """A line of one of those files."""

    place: str  # the file, relative to where it was looked for
    line: int  # from 1
    text: str


def first_line(top: str, wanted: re.Pattern[str]) -> FoundLine | None:
    """The first line of those files that holds something wanted, comments left out."""
    read = BuildFileReader()
    for path in _files(top):
        content = read(os.path.join(top, path)) or b""
        text = content.decode("utf-8", "replace")
        if wanted.search(text) is None:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            is_comment = line.lstrip().startswith(("#", "//"))
            if not is_comment and wanted.search(line):
                return FoundLine(path, number, line.strip())
    return None


def _files(top: str) -> Iterator[str]:
    count = 0
    for folder in _FOLDERS:
        for name in _names(os.path.join(top, folder)):
            if _is_wanted(folder, name):
                count += 1
                yield os.path.join(folder, name)
                if count >= MOST_FILES:
                    return


def _is_wanted(folder: str, name: str) -> bool:
    if not name.lower().endswith(_ENDS):
        return False
    if folder.endswith("workflows"):
        return re.fullmatch(_WORKFLOW, name) is not None
    if _is_compose(name) or _is_bake(name):
        return True
    lower = name.lower()
    if lower.endswith(".json"):  # many are: no expression is compiled for them
        return lower in _OTHER_JSON
    return re.fullmatch(_OTHERS, name) is not None


def _is_compose(name: str) -> bool:
    return "compose" in name.casefold() and re.fullmatch(_COMPOSE, name) is not None


def _is_bake(name: str) -> bool:
    is_meant = "docker-bake" in (folded := name.casefold()) or folded.endswith(".hcl")
    return is_meant and re.fullmatch(_BAKE, name) is not None


def _names(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(names, key=os.fsencode) if len(names) <= MOST_NAMES else []


def _builds_of(top: str, path: str, read: BuildFileReader) -> Iterator[NamedElsewhere]:
    content = read(os.path.join(top, path))
    if content is None:
        return
    for one in _said_by(top, path, content, read):
        if one.refusal is None and one.inline is None:
            yield NamedElsewhere(
                context=os.path.normpath(one.context),
                dockerfile=os.path.normpath(one.dockerfile_path),
                target=one.target or "",
                args=tuple(sorted(one.args.items())),
                place=os.path.relpath(one.place.file, top),
            )
    name = os.path.basename(path)
    if not (_is_compose(name) or _is_bake(name)):
        yield from _of_commands(top, path, content)


def _said_by(
    top: str, path: str, content: bytes, read: BuildFileReader
) -> Iterable[SaidBuild]:
    """What the true reader of a file makes of it; imported where it names builds."""
    name = os.path.basename(path)
    word = _word_of(path, name)
    if not word or word not in content:
        return []
    from ctxopt.core.builds.bakefiles import bake_from
    from ctxopt.core.builds.composefiles import compose_with
    from ctxopt.core.builds.reading import reading_of
    from ctxopt.core.builds.world import World

    world = World(read, process_environment(), top)
    absolute = os.path.join(top, path)
    if _is_compose(name):
        return compose_with(absolute, world).builds
    if _is_bake(name):
        # Those of a file in a folder below may be started from the top.
        bases = dict.fromkeys((os.path.dirname(absolute), top))
        return [one for base in bases for one in bake_from([absolute], base, world)]
    readings = reading_of(absolute, world)
    return [build for one in readings for build in one.builds]


def _word_of(path: str, name: str) -> bytes:
    """What stands in a file that names a build; nothing for a file that never does."""
    if _is_compose(name):
        return b"build"
    if _is_bake(name):
        return b"target"
    if os.path.dirname(path).endswith("workflows") and re.fullmatch(_WORKFLOW, name):
        return b"build-push-action"
    if name.startswith("skaffold"):
        return b"artifacts"
    return b"ocker" if name == "devcontainer.json" else b""


def _of_commands(top: str, path: str, content: bytes) -> Iterator[NamedElsewhere]:
    """What a script builds: mostly started from the top, a workflow always."""
    is_yaml = path.endswith((".yml", ".yaml"))
    if not is_yaml and b"build" not in content:  # start-up: no command says it
        return
    from ctxopt.core.buildcommands import command_builds, mapped_builds

    text = content.decode("utf-8", "replace")
    found = [*command_builds(text)]
    if is_yaml:
        found += mapped_builds(text)
    for one in found:
        context = os.path.normpath(os.path.join(top, one.context))
        file = os.path.normpath(os.path.join(context, one.dockerfile or "Dockerfile"))
        yield NamedElsewhere(context, file, one.target, one.args, path)
