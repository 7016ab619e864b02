"""Where a command is told to put what it makes, in place of where it does so by itself.

`CARGO_TARGET_DIR=/t cargo build` makes no `target`, and `python -m venv /opt/v` no
`.venv`. Source: the Cargo Book, "Environment variables"; docs.astral.sh, uv's
UV_PROJECT_ENVIRONMENT; getcomposer.org, COMPOSER_VENDOR_DIR; bundler.io, "bundle
config"; python-poetry.org, "virtualenvs.in-project"; pipenv.pypa.io, PIPENV_VENV_IN_
PROJECT; vite.dev, "build.outDir"; typescriptlang.org, "outDir".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from ctxopt.core.running.commands import Command
from ctxopt.core.running.places import within
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import runs_elsewhere, runs_nothing
from ctxopt.core.suggest.makers import Answer, Makers
from ctxopt.core.tuples import NamedTuple

_OPTION = (
    r"\s(?:--(?:target-dir|modules-dir|modules-folder|vendor-dir|out-?dir|outDir|"
    r"dist-dir|output-path|build-path)[ =]|-DbuildDirectory=)(\S+)"
)
_IN_OPTIONS = ("dir", "Dir", "path", "folder")  # one of them is in each
_OPTIONS_OF = {
    **dict.fromkeys(("hugo", "jekyll"), r"\s(?:-d[ =]?|--destination[ =])(\S+)"),
    **dict.fromkeys(("mkdocs",), r"\s(?:-d[ =]?|--site-dir[ =])(\S+)"),
    "cmake": r"\s(?:-B\s*|--build\s+|--install\s+)([^\s-]\S*)",
}
_VARIABLES = {
    "uv": ("UV_PROJECT_ENVIRONMENT",),
    "cargo": ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"),
    "composer": ("COMPOSER_VENDOR_DIR",),
    "bundle": ("BUNDLE_PATH",),
}
_ENVIRONMENT = r"\bvirtualenv\b|\s-m\s+venv\b|\buv\s+venv\b"
_OF_ENVIRONMENT = frozenset({"venv", "virtualenv", "-m", "uv"})
_VALUED = frozenset({"-p", "--python", "--prompt", "--seed-packages"})
# They keep environments in a folder of the user, unless they are told.
IN_PROJECT = {
    "poetry": r"POETRY_VIRTUALENVS_IN_PROJECT=(?:1|true)|\bin-project\s*=?\s*true",
    "pipenv": r"PIPENV_VENV_IN_PROJECT=\w",
}
# They find what they have made, wherever they were told to put it.
_FINDING = frozenset({"uv", "cargo", "bundle"})
_OUT = r"""\b%s["']?\s*:\s*["'`]([^"'`$]+)["'`]"""


class _Settings(NamedTuple):
    """Where a file says in which folder a program puts what it makes."""

    files: tuple[str, ...]  # of which the first that is there counts
    said: str  # expression


def _scripts(name: str) -> tuple[str, ...]:
    return tuple(f"{name}.config.{one}" for one in ("ts", "js", "mts", "mjs", "cjs"))


_GRADLE = _Settings(
    ("build.gradle", "build.gradle.kts"),
    r"(?m)^\s*(?:project\.)?buildDir\s*=\s*(?:file\()?[\"']([^\"'$]+)",
)
_CONFIGURED = {
    "vite": _Settings(_scripts("vite"), _OUT % "outDir"),
    "next": _Settings(_scripts("next"), _OUT % "distDir"),
    "tsc": _Settings(("tsconfig.json",), _OUT % "outDir"),
    "webpack": _Settings(
        _scripts("webpack"),
        r"""\bpath\s*:\s*[^\n"'`,]*(?:,\s*)?["'`]/?([\w./-]+)["'`]""",
    ),
    "cargo": _Settings(
        (".cargo/config.toml",), r"(?m)^target-dir\s*=\s*[\"']([^\"']+)"
    ),
    "gradle": _GRADLE,
    "gradlew": _GRADLE,
}
_NO_BUILDERS = frozenset(
    (
        *("eslint", "prettier", "stylelint", "biome", "jest", "vitest", "mocha"),
        *("tslint", "knip", "depcheck", "husky", "vue-tsc", "rimraf", "del-cli"),
    )
)
_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_INSTALLING = frozenset({"i", "ci", "install", "add", "install-clean", "clean-install"})


def sent_away(makers: Makers, command: Command, path: str, place: str) -> Answer | None:
    """NEEDED where what a command makes is told not to lie at a place; else None.

    UNSURE where only what its script runs says so: that may do more.
    """

    def read(file: str) -> str:
        found = makers.found.places.in_context(command.stage, file, command.moment)
        return next((text for one in found if (text := makers.text(one))), "")

    def lies(told: Sequence[str]) -> bool:
        return any(within(place, one) is not None for one in told)

    variables = makers.found.variables[command.stage]
    own = told_places(command, variables, read)
    if own:
        is_found = command.program in _FINDING and not _is_named(makers, path)
        return None if is_found or lies(own) else Answer.NEEDED
    if command.program in IN_PROJECT:
        is_away = _is_of_the_user(makers, command, path, read)
        return Answer.NEEDED if is_away else None
    inner = [*makers.inner(command)] if runs_script(command) else []
    several = [told_places(one, variables, read) for one in builders(inner)]
    if not inner or not all(several) or any(map(lies, several)):
        return None
    return Answer.UNSURE


def _is_of_the_user(
    makers: Makers, command: Command, path: str, read: Callable[[str], str]
) -> bool:
    """Whether an environment that commands name is kept in a folder of the user."""
    if not _is_named(makers, path):
        return False  # it is only found by who makes it, wherever that is
    variables = makers.found.variables[command.stage]
    said = "\n".join(
        (
            *(f"{name}={value}" for name, value in variables.items()),
            *(one.text for one in makers.found.commands if one.stage == command.stage),
            read(placed(command.folder, "poetry.toml")),
        )
    )
    return re.search(IN_PROJECT[command.program], said) is None


def _is_named(makers: Makers, path: str) -> bool:
    """Whether commands use a path by its name."""
    use = makers.uses.of(path)
    return use is not None and use.hard


def told_places(
    command: Command,
    variables: Mapping[str, str],
    read: Callable[[str], str],
) -> list[str]:
    """The places where a command is told to put what it makes; none if nothing says so.

    `read` gives the text of a file at a place.
    """
    # Start-up: most say nothing of it, and no expression is made for them.
    options = [_OPTIONS_OF[command.program]] if command.program in _OPTIONS_OF else []
    options += [_OPTION] if any(one in command.text for one in _IN_OPTIONS) else []
    for one in options:
        if said := re.search(one, command.text):
            return [placed(command.folder, said[1])]
    if "env" in command.text and re.search(_ENVIRONMENT, command.text):
        return _environment(command)
    for name in _VARIABLES.get(command.program, ()):
        here = re.search(rf"(?:^|\s){name}=(\S+)", command.text)
        value = here[1] if here else variables.get(name, "")
        if value:
            return [placed(command.folder, value)]
    return [*_configured(command, read)]


def _environment(command: Command) -> list[str]:
    """The folder of an environment that is named."""
    names = []
    after = ""
    for word in command.words[1:]:
        option, after = after, word
        if word.startswith("-") or word in _OF_ENVIRONMENT or option in _VALUED:
            continue
        names.append(word)
    if not names:
        return []
    return [placed(command.folder, one) for one in names]


def _configured(command: Command, read: Callable[[str], str]) -> Iterator[str]:
    """Where a configuration sends what is made; plugins may send it elsewhere, too."""
    known = _CONFIGURED.get(command.program)
    if known is None or {"-p", "--project", "-b", "-c", "--config"} & {*command.words}:
        return
    texts = (read(placed(command.folder, one)) for one in known.files)
    found = re.search(known.said, next(filter(None, texts), ""))
    if found is not None:
        yield placed(command.folder, found[1])


def runs_script(command: Command) -> bool:
    """Whether a package manager runs a script of a package, and installs nothing."""
    words = [one for one in command.words[1:] if not one.startswith("-")]
    is_told = "run" in words or command.program != "npm"
    return command.program in _MANAGERS and bool(
        is_told and words and words[0] not in _INSTALLING
    )


def builders(commands: Sequence[Command]) -> list[Command]:
    """The commands that may make something, linters and their like left out."""
    return [
        one
        for one in commands
        if one.words
        and not (runs_nothing(one.program) or runs_elsewhere(one.program))
        and one.program not in _NO_BUILDERS
        and not runs_script(one)
    ]
