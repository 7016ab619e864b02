"""What solutions, POMs, Gradle settings, YAML lists and other lines list.

Each reader takes what can be read simply: a path with a variable in it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ctxopt.core.suggest.workspaces.declared import (
    MEMBER,
    PART,
    REFERENCE,
    TARGET,
    Declared,
    found,
)

Reader = Callable[[str], Iterator[Declared]]


def solution(text: str) -> Iterator[Declared]:
    """The projects of a solution, .sln or .slnx.

    `dotnet restore` of it fails where one is missing (MSB3202).
    Source: dotnet/msbuild, src/Tasks/MSBuild.cs; dotnet/dotnet-docker#429.
    """
    one = r'^\s*Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+proj)"'
    other = r'<Project\b[^>]*\bPath="([^"]+proj)"'
    yield from _slashed(found(text, f"{one}", MEMBER))
    yield from _slashed(found(_without_xml_comments(text), other, MEMBER))


def project(text: str) -> Iterator[Declared]:
    """The projects that a .NET project refers to (MSB9008, and types that lack)."""
    expression = r'<ProjectReference\b[^>]*\bInclude="([^"$]+proj)"'
    yield from _slashed(found(_without_xml_comments(text), expression, REFERENCE))


def _slashed(listed: Iterator[Declared]) -> Iterator[Declared]:
    for one in listed:
        yield one._replace(path=one.path.replace("\\", "/"))


def pom(text: str) -> Iterator[Declared]:
    """The modules of a POM: "Child module ... does not exist" (Maven 3, tried)."""
    expression = r"<(?:module|subproject)>\s*([^<$\s]+)\s*<"
    yield from found(_without_xml_comments(text), expression)


def _without_xml_comments(text: str) -> str:
    return _blanked(text, r"<!--.*?-->")


def _blanked(text: str, expression: str) -> str:
    """The text without what an expression finds, line by line as before."""

    def lines(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    return re.sub(expression, lines, text, flags=re.DOTALL)


_STRINGS = r"""((?:\s*,?\s*["'][^"'\n$]+["'])+)"""


def gradle(text: str) -> Iterator[Declared]:
    """The projects and builds that settings.gradle includes.

    Gradle 9 ends where a project's folder is missing; 8 warns.
    Source: gradle/gradle, userguide/upgrading_version_8, Missing project directory.
    """
    text = _blanked(_blanked(text, r"/\*.*?\*/"), r"(?<![:\"'])//[^\n]*")
    for match in re.finditer(rf"\binclude(Build|Flat)?\b\s*[(\[]*{_STRINGS}", text):
        for name in re.finditer(r"""["']([^"']+)["']""", match[2]):
            line = text.count("\n", 0, match.start(2) + name.start()) + 1
            yield Declared(_gradle_path(name[1], match[1] or ""), line)
    folders = (
        r"""projectDir\s*=\s*[^\n]*?["']\$?(?:rootDir|\{rootDir\})?/?([\w./-]+)["']"""
    )
    yield from found(text, folders)


def _gradle_path(name: str, how: str) -> str:
    if how == "Flat":
        return f"../{name}"
    return name if how == "Build" else name.strip(":").replace(":", "/")


def go_work(text: str) -> Iterator[Declared]:
    """The modules of a go.work.

    Any go command ends where one is missing: "cannot load module ... listed in go.work
    file". Source: golang/go, src/cmd/go/internal/modload/init.go; grafana#91871.
    """
    text = re.sub(r"//.*", "", text)
    for match in re.finditer(r"(?m)^\s*use\s*(?:\(([^)]*)\)|([^\s(]+))", text):
        group = 1 if match[1] is not None else 2
        for word in re.finditer(r"[^\s\"]+", match[group]):
            line = text.count("\n", 0, match.start(group) + word.start()) + 1
            yield Declared(word[0], line)


def go_mod(text: str) -> Iterator[Declared]:
    """The modules that a go.mod takes from a folder.

    "replacement directory ... does not exist".
    Source: golang/go, src/cmd/go/internal/modload/modfile.go.
    """
    yield from found(text, r"^(?!\s*//)[^\n]*=>\s*(\.\.?/\S+)", REFERENCE)


def cmake(text: str) -> Iterator[Declared]:
    """The folders that CMakeLists.txt adds; those behind an `if` may not be asked for.

    "add_subdirectory given source ... which is not an existing directory."
    Source: Kitware/CMake, Source/cmAddSubdirectoryCommand.cxx.
    """
    added = r"^\s*add_subdirectory\s*\(\s*\"?([^\s\"$)]+)"
    yield from _between(text, added, r"(?i)^\s*if\s*\(", r"(?i)^\s*endif\s*\(")


def meson(text: str) -> Iterator[Declared]:
    """The folders that a meson.build enters: "Nonexistent build file"."""
    yield from _between(
        text, r"^\s*subdir\s*\(\s*'([^']+)'", r"^\s*if\b", r"^\s*endif\b"
    )


def _between(text: str, expression: str, start: str, end: str) -> Iterator[Declared]:
    """What stands on single lines; not firm between a start and an end."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        depth += bool(re.search(start, line)) - bool(re.search(end, line))
        match = re.search(expression, line, re.IGNORECASE)
        if match is not None:
            yield Declared(match[1], number, firm=depth <= 0)


def yaml_list(key: str, role: str = MEMBER) -> Reader:
    """A reader of the paths that a YAML file lists below a key of any depth."""

    def read(text: str) -> Iterator[Declared]:
        level: int | None = None
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(rf"( *){key}\s*:\s*(\[.*)?(?:#.*)?$", line)
            if match is not None:
                level = len(match[1])
                for word in re.findall(r"[^\[\],\s\"']+", match[2] or ""):
                    yield Declared(word, number, role)
                continue
            if level is None or not line.strip() or line.lstrip().startswith("#"):
                continue
            one = re.match(r"( *)-\s+[\"']?([^\"'#\s]+)", line)
            if one is None or len(one[1]) < level:
                level = None
            else:
                yield Declared(one[2], number, role)

    return read


def pubspec(text: str) -> Iterator[Declared]:
    """The workspace of Dart, packages by their path, and the assets of Flutter.

    "No file or variants found for asset" ends `flutter build`.
    Source: flutter/flutter, packages/flutter_tools/lib/src/asset.dart.
    """
    yield from yaml_list("workspace")(text)
    yield from found(text, r"^\s+path:\s*[\"']?(\.{0,2}[\w./-]+)", REFERENCE)
    yield from yaml_list("assets", PART)(text)


def mix(text: str) -> Iterator[Declared]:
    """The apps of an umbrella, and dependencies by their path."""
    text = re.sub(r"(?m)^\s*#.*", "", text)
    for one in found(text, r"\bapps_path:\s*\"([^\"]+)\""):
        yield one._replace(path=f"{one.path}/*")
    yield from found(text, r"\bpath:\s*\"([^\"#]+)\"", REFERENCE)


def sbt(text: str) -> Iterator[Declared]:
    """The projects of a build.sbt."""
    yield from found(text, r"^[^/\n]*\bin\s*\(?\s*file\(\s*\"([^\"]+)\"")
    yield from found(text, r"^[^/\n]*Project\([^)\n]*file\(\s*\"([^\"]+)\"")


def swift(text: str) -> Iterator[Declared]:
    """The targets of a Package.swift, those of tests among them.

    "Source files for target ... should be located under ..." ends `swift build`.
    Source: swiftlang/swift-package-manager, PackageLoading/PackageBuilder.swift.
    """
    yield from found(text, r"^[^/\n]*\bpath:\s*\"([^\"]+)\"", TARGET)
    tests = r"\.testTarget\(\s*name:\s*\"([^\"]+)\""
    for one in found(text, tests, TARGET):
        yield one._replace(path=f"Tests/{one.path}")


def cabal(text: str) -> Iterator[Declared]:
    """The packages of a cabal.project."""
    for match in re.finditer(
        r"(?m)^(?:optional-)?packages:((?:[^\n]*\n?)(?:[ \t]+.*\n?)*)", text
    ):
        for word in re.finditer(r"[^\s,]+", match[1]):
            line = text.count("\n", 0, match.start(1) + word.start()) + 1
            yield Declared(re.sub(r"/[^/]*\.cabal$", "", word[0]), line)


def requirements(text: str) -> Iterator[Declared]:
    """The projects that pip installs from a folder."""
    yield from found(
        text, r"^\s*(?:-e\s+|--editable[\s=])?(\.\.?/[^\s#;\[]+)", REFERENCE
    )


def gemfile(text: str) -> Iterator[Declared]:
    """The gems of a Gemfile by their path: "The path ... does not exist".

    Source: rubygems/bundler, lib/bundler/source/path.rb, load_spec_files.
    """
    option = r"^[^#\n]*\bpath(?::|\s*=>)\s*[\"']([^\"'#]+)[\"']"
    yield from found(text, option, REFERENCE)
    yield from found(text, r"^\s*path\s*\(?\s*[\"']([^\"'#]+)[\"']", REFERENCE)


def bazel(text: str) -> Iterator[Declared]:
    """The repositories of Bazel by their path."""
    expression = r"local_(?:path_override|repository)\([^)]*?\bpath\s*=\s*\"([^\"]+)\""
    yield from found(text, expression, REFERENCE, flags=re.DOTALL)
