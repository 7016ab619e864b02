"""Which file is a manifest of which tool, by its name."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ctxopt.core.suggest.workspaces.declared import MEMBER, Declared
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


class Kind(NamedTuple):
    """A manifest: how it is read, which commands read it, what a member holds.

    Wildcards mean folders with one of the `inner` names only.
    """

    reader: str  # a function of `toml_manifests`, `json_...`, `text_...`: "toml.cargo"
    commands: str  # expression
    inner: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()  # without one of them beside it no member is firm
    other_locks: tuple[str, ...] = ()  # likewise, and they are not about members
    lenient: bool = False  # wildcards may find less, as long as they find something

    def read(self, text: str) -> Iterator[Declared]:
        """What a manifest of this kind lists."""
        group, _, name = self.reader.partition(".")
        declared: Iterator[Declared] = getattr(_readers(group), name)(text)
        return declared

    def is_strict(self, role: str, names: Container[str]) -> bool:
        """Whether its tool fails where one is missing, by what is beside it."""
        locks = self.locks if role == MEMBER else (*self.locks, *self.other_locks)
        return not self.locks or any(lock in names for lock in locks)


def _readers(group: str) -> ModuleType:
    # Start-up: most folders have no manifest, and others those of one language.
    if group == "json":
        from ctxopt.core.suggest.workspaces import json_manifests

        return json_manifests
    if group == "toml":
        from ctxopt.core.suggest.workspaces import toml_manifests

        return toml_manifests
    from ctxopt.core.suggest.workspaces import text_manifests

    return text_manifests


_NODE = r"\b(?:npm|npx|pnpm|yarn|bun|bunx|corepack|turbo|nx|lerna)\b"
_DOTNET = r"\b(?:dotnet|msbuild|nuget)\b"
_GRADLE = r"\bgradlew?\b"
_DART = r"\b(?:dart|flutter|melos|fvm)\b"
_PYTHON = r"\b(?:uv|rye|hatch|pip3?|pdm|poetry|pipenv|python3?)\b"
_GO = r"\bgo\s+\w"
_BAZEL = r"\bbazel(?:isk)?\b"
_SOLUTION = Kind("text.solution", rf"{_DOTNET}(?![^&|;\n]*\.(?:cs|fs|vb)proj\b)")
_PROJECT = Kind("text.project", _DOTNET)
_SETTINGS = Kind("text.gradle", _GRADLE)
_SOURCES = Kind("text.nuget", _DOTNET)
_PACKAGES = ("package.json",)
# `npm ci` goes on without what is missing, pnpm without a member.
_STRICT_LOCKS = ("yarn.lock", "bun.lock", "bun.lockb")
_PNPM_LOCKS = ("pnpm-lock.yaml",)

KINDS = {
    "Cargo.toml": Kind(
        "toml.cargo",
        r"\b(?:cargo|maturin|trunk|wasm-pack|cross|dx)\b",
        ("Cargo.toml",),
        lenient=True,
    ),
    "pyproject.toml": Kind("toml.pyproject", _PYTHON, ("pyproject.toml",)),
    "requirements.txt": Kind("text.find_links", _PYTHON),
    ".yarnrc": Kind("text.yarnrc", r"\byarn\b"),
    "package.json": Kind("json.package", _NODE, _PACKAGES, _STRICT_LOCKS, _PNPM_LOCKS),
    "pnpm-workspace.yaml": Kind("text.pnpm", _NODE, _PACKAGES),
    "lerna.json": Kind("json.lerna", _NODE, _PACKAGES, _STRICT_LOCKS),
    "tsconfig.json": Kind("json.tsconfig", rf"{_NODE}|\btsc\b"),
    "deno.json": Kind("json.deno", r"\bdeno\b"),
    "deno.jsonc": Kind("json.deno", r"\bdeno\b"),
    "composer.json": Kind("json.composer", r"\bcomposer\b", ("composer.json",)),
    "go.work": Kind("text.go_work", _GO),
    "go.mod": Kind("text.go_mod", _GO),
    "pom.xml": Kind("text.pom", r"\b(?:mvnw?|mvnd)\b"),
    "settings.gradle": _SETTINGS,
    "settings.gradle.kts": _SETTINGS,
    "build.sbt": Kind("text.sbt", r"\bsbt\b"),
    "mix.exs": Kind("text.mix", r"\bmix\b", ("mix.exs",)),
    "pubspec.yaml": Kind("text.pubspec", _DART, ("pubspec.yaml",)),
    "melos.yaml": Kind("text.yaml_packages", _DART, ("pubspec.yaml",)),
    "CMakeLists.txt": Kind("text.cmake", r"\bcmake\b"),
    "meson.build": Kind("text.meson", r"\bmeson\b"),
    "Package.swift": Kind("text.swift", r"\bswift\b"),
    "stack.yaml": Kind("text.yaml_packages", r"\bstack\b"),
    "cabal.project": Kind("text.cabal", r"\bcabal\b"),
    "Gemfile": Kind("text.gemfile", r"\b(?:bundle|bundler|rake|rails)\b|\bbin/\w+"),
    **dict.fromkeys(("nuget.config", "NuGet.config", "NuGet.Config"), _SOURCES),
    "MODULE.bazel": Kind("text.bazel", _BAZEL),
    "WORKSPACE": Kind("text.bazel", _BAZEL),
}
_SUFFIXES = {
    ".sln": _SOLUTION,
    ".slnx": _SOLUTION,
    ".csproj": _PROJECT,
    ".fsproj": _PROJECT,
    ".vbproj": _PROJECT,
}
# What may run any tool: a script, or a file of targets.
OPAQUE = (
    r"\b(?:make|ninja|just|task|rake|bazel|earthly|nix|ant|tox|nox|invoke)\b|"
    r"(?<![\w.-])(?![\w./-]*entrypoint)[\w./-]+\.(?:sh|bash)\b"
)


def kind_of(name: str) -> Kind | None:
    """The kind of manifest that a file of this name is; None for another file."""
    return KINDS.get(name) or _SUFFIXES.get(name[name.rfind(".") :])
