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
    STORE,
    TARGET,
    Declared,
    Lines,
    found,
)

Reader = Callable[[str], Iterator[Declared]]


def solution(text: str) -> Iterator[Declared]:
    """The projects of a solution, .sln or .slnx.

    `dotnet restore` of it fails where one is missing (MSB3202).
    Source: dotnet/msbuild, src/Tasks/MSBuild.cs; dotnet/dotnet-docker#429.
    """
    one = r'^[ \t]*Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+proj)"'
    other = r'<Project\b[^<>]*\bPath="([^"<>]+proj)"'
    yield from _slashed(found(text, f"{one}", MEMBER))
    yield from _slashed(found(_without_xml_comments(text), other, MEMBER))


def project(text: str) -> Iterator[Declared]:
    """The projects that a .NET project refers to (MSB9008, and types that lack)."""
    expression = r'<ProjectReference\b[^<>]*\bInclude="([^"$<>]+proj)"'
    yield from _slashed(found(_without_xml_comments(text), expression, REFERENCE))


def _slashed(listed: Iterator[Declared]) -> Iterator[Declared]:
    for one in listed:
        yield one._replace(path=one.path.replace("\\", "/"))


def pom(text: str) -> Iterator[Declared]:
    """The modules of a POM: "Child module ... does not exist" (Maven 3, tried)."""
    expression = r"<(?:module|subproject)>\s*([^<$\s]+)\s*<"
    yield from found(_without_xml_comments(text), expression)


def _without_xml_comments(text: str) -> str:
    return _blanked(text, "<!--", "-->")


def _blanked(text: str, start: str, end: str) -> str:
    """The text without what stands between two marks, line by line as before."""
    parts: list[str] = []
    at = 0
    while (first := text.find(start, at)) >= 0:
        last = text.find(end, first + len(start))
        if last < 0:
            break
        parts += (text[at:first], "\n" * text.count("\n", first, last))
        at = last + len(end)
    return "".join((*parts, text[at:]))


# Nothing is tried twice: a settings file may be anybody's.
_STRINGS = r"""((?:[\s,]*+["'][^"'\n$]++["'])++)"""


def gradle(text: str) -> Iterator[Declared]:
    """The projects and builds that settings.gradle includes.

    Gradle 9 ends where a project's folder is missing; 8 warns.
    Source: gradle/gradle, userguide/upgrading_version_8, Missing project directory.
    """
    text = re.sub(r"(?<![:\"'])//[^\n]*", "", _blanked(text, "/*", "*/"))
    lines = Lines(text)
    for match in re.finditer(rf"\binclude(Build|Flat)?\b\s*+[(\[]*+{_STRINGS}", text):
        for name in re.finditer(r"""["']([^"']+)["']""", match[2]):
            line = lines.of(match.start(2) + name.start())
            yield Declared(_gradle_path(name[1], match[1] or ""), line)
    folders = (
        r"""projectDir\s*+=\s*+[^\n]{0,200}?["']"""
        r"""\$?(?:rootDir|\{rootDir\})?/?([\w./-]+)["']"""
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
    lines = Lines(text)
    for match in re.finditer(r"(?m)^[ \t]*use\s*(?:\(([^()]*)\)|([^\s(]+))", text):
        group = 1 if match[1] is not None else 2
        for word in re.finditer(r"[^\s\"]+", match[group]):
            yield Declared(word[0], lines.of(match.start(group) + word.start()))


def go_mod(text: str) -> Iterator[Declared]:
    """The modules that a go.mod takes from a folder.

    "replacement directory ... does not exist".
    Source: golang/go, src/cmd/go/internal/modload/modfile.go.
    """
    yield from found(text, r"^(?![ \t]*//)[^\n]*=>\s*(\.\.?/\S+)", REFERENCE)


def cmake(text: str) -> Iterator[Declared]:
    """The folders that CMakeLists.txt adds; those behind an `if` may not be asked for.

    "add_subdirectory given source ... which is not an existing directory."
    Source: Kitware/CMake, Source/cmAddSubdirectoryCommand.cxx.
    """
    added = r"^[ \t]*add_subdirectory\s*\(\s*\"?([^\s\"$)]+)"
    yield from _between(text, added, r"(?i)^[ \t]*if\s*\(", r"(?i)^[ \t]*endif\s*\(")


def meson(text: str) -> Iterator[Declared]:
    """The folders that a meson.build enters: "Nonexistent build file"."""
    yield from _between(
        text, r"^[ \t]*subdir\s*\(\s*'([^']+)'", r"^[ \t]*if\b", r"^[ \t]*endif\b"
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


yaml_packages = yaml_list("packages")


def pnpm(text: str) -> Iterator[Declared]:
    """The packages of pnpm, which goes on where one is missing.

    So it does with `--frozen-lockfile`, and where another package asks for it (pnpm 9
    and 10, tried; pnpm/pnpm#7667).
    """
    for one in yaml_list("packages")(text):
        yield one._replace(firm=False)


def pubspec(text: str) -> Iterator[Declared]:
    """The workspace of Dart, packages by their path, and the assets of Flutter.

    "No file or variants found for asset" ends `flutter build`.
    Source: flutter/flutter, packages/flutter_tools/lib/src/asset.dart.
    """
    yield from yaml_list("workspace")(text)
    yield from found(text, r"^[ \t]+path:\s*[\"']?(\.{0,2}[\w./-]+)", REFERENCE)
    yield from yaml_list("assets", PART)(text)


def mix(text: str) -> Iterator[Declared]:
    """The apps of an umbrella, and dependencies by their path."""
    text = re.sub(r"(?m)^[ \t]*#.*", "", text)
    for one in found(text, r"\bapps_path:\s*\"([^\"]+)\""):
        yield one._replace(path=f"{one.path}/*")
    yield from found(text, r"\bpath:\s*\"([^\"#]+)\"", REFERENCE)


def sbt(text: str) -> Iterator[Declared]:
    """The projects of a build.sbt."""
    text = re.sub(r"//.*", "", text)
    yield from found(text, r"\bin\b\s*+\(?\s*+file\(\s*\"([^\"]+)\"")
    yield from found(text, r"\bProject\([^()\n]*\bfile\(\s*\"([^\"]+)\"")


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
    lines = Lines(text)
    for match in re.finditer(
        r"(?m)^(?:optional-)?packages:((?:[^\n]*\n?)(?:[ \t]+.*\n?)*)", text
    ):
        for word in re.finditer(r"[^\s,]+", match[1]):
            line = lines.of(match.start(1) + word.start())
            yield Declared(re.sub(r"/[^/]*\.cabal$", "", word[0]), line)


def requirements(text: str) -> Iterator[Declared]:
    """The projects that pip installs from a folder."""
    yield from found(
        text, r"^[ \t]*(?:-e\s+|--editable[\s=])?(\.\.?/[^\s#;\[]+)", REFERENCE
    )


def find_links(text: str) -> Iterator[Declared]:
    """The projects that pip installs from a folder, and where it finds archives.

    A requirements file may hold `--find-links ./wheels`.
    """
    yield from requirements(text)
    option = r"^[ \t]*(?:-f|--find-links)[\s=]+(?!\w+://)(\S+)"
    yield from found(text, option, STORE)


def yarnrc(text: str) -> Iterator[Declared]:
    """The folder of archives that Yarn 1 installs from without a network."""
    yield from found(text, r"^yarn-offline-mirror\s+[\"']?(\.?[^\"'\s]+)", STORE)


def nuget(text: str) -> Iterator[Declared]:
    """The folders that NuGet restores from; without one it ends with NU1301.

    Rule: learn.microsoft.com, NuGet errors, NU1301: "The local source doesn't exist".
    """
    added = r'<add\b[^<>]*\bkey="[^"]*"[^<>]*\bvalue="(\.{0,2}[\w./\\-]+)"'
    text = _without_xml_comments(text)
    for block in re.finditer(r"(?s)<packageSources>.*?</packageSources>", text):
        first = text.count("\n", 0, block.start())
        for one in _slashed(found(block[0], added, STORE)):
            yield one._replace(line=one.line + first)


def gemfile(text: str) -> Iterator[Declared]:
    """The gems of a Gemfile by their path: "The path ... does not exist".

    Source: rubygems/bundler, lib/bundler/source/path.rb, load_spec_files.
    """
    option = r"^[^#\n]*\bpath(?::|\s*=>)\s*[\"']([^\"'#]+)[\"']"
    yield from found(text, option, REFERENCE)
    yield from found(text, r"^[ \t]*path\s*+\(?\s*+[\"']([^\"'#]+)[\"']", REFERENCE)


def bazel(text: str) -> Iterator[Declared]:
    """The repositories of Bazel by their path."""
    expression = (
        r"local_(?:path_override|repository)\([^()]*?\bpath\s*+=\s*+\"([^\"]+)\""
    )
    yield from found(text, expression, REFERENCE, flags=re.DOTALL)
