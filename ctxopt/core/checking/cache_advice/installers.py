"""Commands that install what manifests name, and which manifests these are.

`npm ci` installs what package.json and package-lock.json name, so that these two could
be copied, and it could be run, before the rest of a project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.running.shell import Simple
from ctxopt.core.running.words import folder_of
from ctxopt.core.tuples import NamedTuple


class Install(NamedTuple):
    """A command that installs what a manifest names."""

    tool: str  # alike for all commands that need the same manifests: node, pip
    said: str  # the command in a few words: "npm ci"
    folder: str | None  # the folder that an option sends it to; None: where it runs
    needs: tuple[str, ...]  # of these names and patterns one has to be there
    takes: tuple[str, ...] = ()  # that go with it, where they are there
    first: str = ""  # what to run above the copy instead; "": the same
    tail: str = ""  # what else is to be known


class _Tool(NamedTuple):
    """A program, and what it is told for an install."""

    tool: str
    programs: tuple[str, ...]
    actions: str  # expression for its words without options
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    first: str = ""
    tail: str = ""


_NODE_TAKES = (
    *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", ".yarnrc.yml"),
    *("pnpm-lock.yaml", "pnpm-workspace.yaml", "bun.lock", "bun.lockb"),
)
_LENT = "or lend a cache: RUN --mount=type=cache"
_TOOLS = (
    _Tool("node", ("npm",), r"ci|i|install|clean-install", ("package.json",), ()),
    _Tool("node", ("yarn",), r"|install", ("package.json",), ()),
    _Tool("node", ("pnpm", "bun"), r"i|install|fetch", ("package.json",), ()),
    _Tool("pipenv", ("pipenv",), r"install|sync", ("Pipfile",), ("Pipfile.lock",)),
    _Tool(
        "poetry",
        ("poetry",),
        r"install|sync",
        ("pyproject.toml",),
        ("poetry.lock",),
        "poetry install --no-root",
    ),
    _Tool(
        "uv",
        ("uv",),
        r"sync",
        ("pyproject.toml",),
        ("uv.lock",),
        "uv sync --no-install-project",
    ),
    _Tool("pdm", ("pdm",), r"install|sync", ("pyproject.toml",), ("pdm.lock",)),
    _Tool("bundler", ("bundle",), r"|install", ("Gemfile",), ("Gemfile.lock",)),
    _Tool(
        "composer",
        ("composer",),
        r"i|install",
        ("composer.json",),
        ("composer.lock",),
        "composer install --no-scripts --no-autoloader",
    ),
    _Tool("go", ("go",), r"mod download", ("go.mod",), ("go.sum",)),
    _Tool(
        "go",
        ("go",),
        r"(?:build|install)(?: (?!\S*@).*)?",
        ("go.sum",),
        ("go.mod",),
        "go mod download",
        _LENT,
    ),
    _Tool(
        "cargo",
        ("cargo",),
        r"(?:fetch|build|b|install|chef cook)(?: .*)?",
        ("Cargo.toml",),
        ("Cargo.lock",),
        tail="with an empty src/main.rs, as cargo chef does; " + _LENT,
    ),
    _Tool(
        "maven",
        ("mvn", "mvnw"),
        r".*\b(?:package|install|verify|compile|dependency:\S+)\b.*",
        ("pom.xml",),
        (),
        "mvn dependency:go-offline",
        _LENT,
    ),
    _Tool("mix", ("mix",), r"(?:do )?deps\.get\b.*", ("mix.exs",), ("mix.lock",)),
)
# Options that take the next word.
_VALUED = frozenset(
    (
        *("--prefix", "-C", "--dir", "--cwd", "--omit", "--only", "--include"),
        *("--registry", "--loglevel", "--cache", "--network-timeout", "--filter"),
        *("--workspace", "-w", "--working-dir", "-d", "--jobs", "-j", "--without"),
        *("--with", "--group", "--no-group", "--extra", "--python", "--project"),
        *("--directory", "-o", "-ldflags", "-tags", "-mod", "--target", "--features"),
        *("--manifest-path", "--bin", "-p", "--package", "--profile", "-f", "--file"),
        *("-P", "-c", "--configuration", "-r", "--runtime", "--gemfile", "--path"),
    )
)
_GLOBAL = frozenset({"-g", "--global", "--location=global"})
_NET = ("*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj")
_NET_TAKES = ("nuget.config", "NuGet.Config", "Directory.*.props", "packages.lock.json")


def install_of(command: Simple) -> Install | None:
    """What a command installs by its manifest; None for any other command."""
    program, words = command.program, command.words
    if _GLOBAL & {*words}:
        return None
    if program == "dotnet":
        return _dotnet(command)
    if _is_pip(words):
        return _pip(command)
    said = " ".join(_plain(words[1:]))
    for one in _TOOLS:
        if program in one.programs and re.fullmatch(one.actions, said):
            return Install(
                tool=one.tool,
                said=_short(words),
                folder=folder_of(program, words),
                needs=one.needs,
                takes=_NODE_TAKES if one.tool == "node" else one.takes,
                first=one.first,
                tail=one.tail,
            )
    return None


def _short(words: Sequence[str]) -> str:
    """A command in a few words, as it stands there."""
    return " ".join(words[:2])


def _plain(words: Sequence[str]) -> Iterator[str]:
    """The words that are neither an option nor its value."""
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word.startswith("-"):
            is_value = word in _VALUED
        else:
            yield word


# --- pip -------------------------------------------------------------------------


def _is_pip(words: Sequence[str]) -> bool:
    program = words[0].rpartition("/")[2] if words else ""
    is_module = re.fullmatch(r"python[\d.]*", program) and "pip" in words[2:3]
    is_of_uv = program == "uv" and "pip" in words[1:2]
    return bool(re.fullmatch(r"pip[\d.]*", program) or is_module or is_of_uv)


def _pip(command: Simple) -> Install | None:
    """`pip install -r FILE`, and nothing else with it that is a folder."""
    words = command.words
    if "install" not in words:
        return None
    at = words.index("install")
    files = [*_required(words[at + 1 :])]
    if not files or any(map(_is_project, words[at + 1 :])):
        return None
    said = " ".join((*words[: at + 1], "-r", files[0]))
    return Install("pip", said, None, (files[0],), (*files[1:], *_constraints(words)))


def _required(words: Sequence[str]) -> Iterator[str]:
    """The files of `-r FILE`, `-rFILE` and `--requirement=FILE`."""
    for at, word in enumerate(words):
        if word in ("-r", "--requirement", "--requirements"):
            yield from words[at + 1 : at + 2]
        elif found := re.match(r"-r(.+)|--requirements?=(.+)", word):
            yield found[1] or found[2]


def _constraints(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        if word in ("-c", "--constraint"):
            yield from words[at + 1 : at + 2]


def _is_project(word: str) -> bool:
    return word in ("-e", "--editable", ".") or word.startswith((".[", "-e.", "./."))


# --- dotnet ----------------------------------------------------------------------


def _dotnet(command: Simple) -> Install | None:
    words = [*_plain(command.words[1:])]
    if not words or words[0] not in ("restore", "build", "publish"):
        return None
    if "--no-restore" in command.words or len(words) > 2:
        return None
    named = words[1] if len(words) > 1 else ""
    needs = (named,) if re.search(r"\.\w+proj$|\.slnx?$", named) else _NET
    folder = named if named and needs is _NET else None
    return Install(
        "dotnet", _short(command.words), folder, needs, _NET_TAKES, "dotnet restore"
    )


# --- what a manifest itself says --------------------------------------------------

_OF_THE_PROJECT = {
    "pip": r"(?m)^\s*(?:-e|--editable|\.{0,2}/|\.$|file:|\S+ @ file:)",
    "bundler": r"(?m)^\s*gemspec\b|\bpath:|:path\s*=>|^\s*eval_gemfile",
    "maven": r"<modules\b",
    "mix": r"apps_path:|\bpath:",
    "composer": r'"type"\s*:\s*"path"',
    "dotnet": r"<ProjectReference|^Project\(",
}


def needs_more(tool: str, text: str) -> bool:
    """Whether a manifest names other parts of the project, so that it is not enough."""
    expression = _OF_THE_PROJECT.get(tool)
    return expression is not None and re.search(expression, text) is not None


# Folders with the dependencies themselves: nothing is fetched then.
VENDORED = {"go": "vendor/modules.txt", "cargo": "vendor", "bundler": "vendor/cache"}
_SCRIPTS = ("preinstall", "install", "postinstall", "prepare")


def caution(tool: str, text: str) -> str:
    """What else an install from the manifest alone has to mind; "" for nothing."""
    if tool != "node":
        return ""
    if re.search(r'"workspaces"\s*:', text):
        return "with the package.json of each workspace"
    found = next((one for one in _SCRIPTS if re.search(rf'"{one}"\s*:', text)), "")
    return f'with what its script "{found}" needs, or --ignore-scripts' if found else ""
