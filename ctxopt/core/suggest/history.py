"""Who of a build reads `.git`: its commands, and manifests that its commands build.

A Makefile with `git describe` reads nothing as long as no RUN calls make; a `build.rs`
asks for the commit only where cargo builds it, in a stage that gets it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import TYPE_CHECKING

from ctxopt.core.running import tasks
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.places import UNKNOWN, Places, is_known, within
from ctxopt.core.running.shell import commands_in, placed
from ctxopt.core.running.words import folder_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.signs import HISTORY, BuildHint
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.suggest.repositories import Repositories


class _Kind(NamedTuple):
    """Manifests that may ask git, and the commands that build them."""

    names: tuple[str, ...]
    asks: str  # expression
    commands: str  # expression: who reads such a manifest
    targets: bool = False  # only that of the folder which a command names


_ASKS = (
    r"\bgit\W+(?:describe|rev-parse|rev-list|log|ls-files|show|status|tag|"
    r"symbolic-ref|branch|diff|shortlog)\b"
)
_PYTHON = (
    r"\b(?:pip3?|pipx?)(?:\.\d+)?\s+(?:install|wheel)\b|\buv\s+(?:sync|build|run)\b|"
    r"\buv\s+(?:pip|tool)\s+install\b|-m\s+(?:build|setuptools_scm|flit)\b|\bsetup\.py\b|"
    r"\b(?:poetry|pdm|hatch|flit|maturin|rye|pixi)\s+(?:install|build|sync|develop)\b|"
    r"\b(?:tox|nox|pyproject-build|hatchling)\b|\bpoetry\s+version\b"
)
_NODE = (
    r"\b(?:npm|pnpm|yarn|bun)\b.*\s(?!ci\b|i\b|install\b|add\b)[a-z][\w:-]*|"
    r"\b(?:vite|next|nuxt|nuxi|webpack|rollup|esbuild|ng|astro|vue-cli-service|tsup|"
    r"react-scripts|craco|rspack|rsbuild|gulp|grunt|svelte-kit|gatsby|docusaurus|turbo|"
    r"nx|vitepress|eleventy|node)\b"
)
_CARGO = (
    r"\bcargo\b(?!\s+(?:fetch|vendor|login|install\s+[a-z]))|"
    r"\b(?:maturin|trunk|cross|wasm-pack)\b"
)
_DOTNET = r"\bdotnet\s+(?:build|publish|pack|test|run)\b|\bmsbuild\b"
_SCM = (
    r"setuptools[_-]scm|hatch-vcs|hatch_vcs|versioneer|versioningit|use_scm_version|"
    r"poetry-dynamic-versioning|source\s*=\s*[\"'](?:vcs|scm)[\"']|pbr\b|"
    r"pdm\.backend\.hooks\.version|dunamai|setuptools[-_]git[-_]versioning|vcversioner|"
    r"uv-dynamic-versioning|setuptools-vcs-version|flit_scm|miniver"
)
KINDS = (
    _Kind(("pyproject.toml", "setup.cfg"), _SCM, _PYTHON, targets=True),
    _Kind(("setup.py",), f"{_SCM}|{_ASKS}", _PYTHON, targets=True),
    _Kind(("versioneer.py",), r"^", _PYTHON, targets=True),
    _Kind(
        ("package.json",),
        r"git-rev-sync|git-describe|git-revision-webpack-plugin|git-rev-webpack-plugin|"
        r"vite-plugin-git|rollup-plugin-git|babel-plugin-transform-git",
        _NODE,
    ),
    _Kind(
        (
            *("vite.config.*", "next.config.*", "nuxt.config.*", "webpack*.js"),
            *("webpack*.ts", "webpack*.cjs", "webpack*.mjs", "vue.config.*"),
            *("astro.config.*", "svelte.config.*", "rollup.config.*", "gulpfile.*"),
            *("craco.config.*", "config-overrides.js", "gatsby-config.*"),
            *("esbuild*.js", "esbuild*.mjs", "tsup.config.*", "rsbuild.config.*"),
            *("rspack.config.*", "angular.json", "ember-cli-build.js", "Gruntfile.*"),
            *("electron.vite.config.*", "eleventy.config.*", ".eleventy.js"),
            *("quasar.config.*", "farm.config.*", "remix.config.*", "metro.config.*"),
        ),
        rf"{_ASKS}|[\"']git[\"'],|git-rev|simple-git|isomorphic-git|"
        r"GitRevisionPlugin|vite-plugin-git|git-describe|git-last-commit|nodegit",
        _NODE,
    ),
    _Kind(
        ("docusaurus.config.*",),
        r"showLastUpdate(?:Time|Author)\s*:\s*true",
        r"\bdocusaurus\b|\b(?:npm|pnpm|yarn|bun)\b.*\sbuild\b",
    ),
    _Kind(
        ("config.ts", "config.js", "config.mts", "config.mjs"),
        r"\blastUpdated\s*:\s*(?:true|\{)",
        r"\bvitepress\b|\b(?:npm|pnpm|yarn|bun)\b.*\sdocs:build\b",
    ),
    _Kind(
        ("mkdocs.yml", "mkdocs.yaml"),
        r"git-(?:revision-date|authors|committers|latest)",
        r"\bmkdocs\b",
    ),
    _Kind(
        ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml"),
        r"(?i)enableGitInfo['\"]?\s*[=:]\s*true",
        r"\bhugo\b",
    ),
    _Kind(
        ("conf.py",),
        rf"{_ASKS}|setuptools_scm|sphinx_last_updated_by_git|\bgit\.Repo\b",
        r"\bsphinx-(?:build|multiversion|autobuild)\b|\bmake\b.*\bhtml\b",
    ),
    _Kind(
        ("build.rs",),
        rf"{_ASKS}|vergen|shadow_rs|\bgit2\b|built::|\bgix\b|git_version|"
        r"Command::new\(\"git\"\)|\.git/(?:HEAD|index|refs)",
        _CARGO,
    ),
    _Kind(("Cargo.toml",), r"\bvergen\b|shadow-rs|git-version|built\s*=.*git2", _CARGO),
    _Kind(
        ("pom.xml",),
        r"git-commit-id|jgitver|buildnumber-maven-plugin|maven-git-versioning",
        r"\b(?:mvn|mvnw|mvnd)\b",
    ),
    _Kind(
        ("extensions.xml",), r"jgitver|maven-git-versioning", r"\b(?:mvn|mvnw|mvnd)\b"
    ),
    _Kind(
        ("build.gradle", "build.gradle.kts", "settings.gradle*", "*.gradle"),
        rf"{_ASKS}|gradle-git-properties|jgitver|axion-release|palantir\.git-version|"
        r"nebula\.release|gitVersion\(|grgit|reckon|git-versioning|"
        r"[\"']git[\"'],|com\.gorylenko",
        r"\b(?:gradle|gradlew)\b",
    ),
    _Kind(
        ("build.sbt", "plugins.sbt"),
        r"sbt-git|GitVersioning|sbt-dynver|dynver|sbt-buildinfo.*git",
        r"\bsbt\b",
    ),
    _Kind(("mix.exs",), rf"{_ASKS}|[\"']git[\"'],", r"\bmix\b"),
    _Kind(("rebar.config",), r"\{vsn,\s*git|git_vsn|\bgit\b.*\bvsn\b", r"\brebar3\b"),
    _Kind(
        ("*.gemspec", "Rakefile"),
        rf"{_ASKS}|`git\b|[\"']git[\"'],",
        r"\bgem\s+build\b|\bbundle\b(?!\s+(?:config|check))|\brake\b|\brails\b",
    ),
    _Kind(
        (
            *("*.csproj", "*.fsproj", "*.vbproj", "Directory.Build.props"),
            *("Directory.Build.targets", "Directory.Packages.props", "*.props"),
            *("*.targets", "packages.config"),
        ),
        rf"{_ASKS}|MinVer|Nerdbank\.GitVersioning|GitVersion(?:\.MsBuild|Task)?\b|"
        r"GitInfo|Ubiquity\.Versioning|Verlite|SourceLink\.Create",
        _DOTNET,
    ),
    _Kind(("version.json",), r"(?i)nerdbank|publicReleaseRefSpec", _DOTNET),
    _Kind(
        ("CMakeLists.txt", "*.cmake"),
        rf"{_ASKS}|GIT_EXECUTABLE|find_package\(\s*Git|get_git_head_revision|"
        r"git_describe",
        r"\bcmake\b",
    ),
    _Kind(("meson.build",), rf"{_ASKS}|vcs_tag|[\"']git[\"'],", r"\bmeson\b"),
    _Kind(
        ("configure.ac", "configure.in"),
        rf"{_ASKS}|git-version-gen",
        r"\bauto(?:reconf|conf|gen)\b|\bconfigure\b|\bbootstrap\b",
    ),
    _Kind(("build.zig",), rf"{_ASKS}|[\"']git[\"'],", r"\bzig\s+build\b"),
    _Kind(("BUILD.bazel", ".bazelrc"), r"workspace_status_command", r"\bbazel(isk)?\b"),
    _Kind(("magefile.go",), rf"{_ASKS}|[\"']git[\"'],", r"\bmage\b"),
    _Kind(("*.cabal", "package.yaml"), r"gitrev|githash", r"\b(?:stack|cabal)\b"),
    _Kind(("Package.swift",), rf"{_ASKS}|[\"']git[\"'],", r"\bswift\s+build\b"),
    _Kind(("Rakefile", "tasks.py", "noxfile.py"), _ASKS, r"\b(?:rake|invoke|nox)\b"),
    _Kind(
        ("dune-project", "*.opam"), r"dune-build-info|\{dev\}.*git", r"\bdune\s+subst\b"
    ),
)

# Programs that are there to ask git.
_TOOLS = (
    r"(^|\s|/)(gitversion|dotnet-gitversion|nbgv|goreleaser|semantic-release|svu|"
    r"git-cliff|git-version|standard-version|git-chglog|setuptools[-_]scm|minver|"
    r"gitinfo|hub|gitchangelog)(\s|$)|(?:^|\s)-buildvcs(?:=true)?(?:\s|$)"
)
_MAKES: dict[
    str, tuple[tuple[str, ...], Callable[[str, list[str]], Iterator[tasks.Task]]]
] = {
    "make": (tasks.MAKEFILES, tasks.make_tasks),
    "just": (tasks.JUSTFILES, tasks.just_tasks),
    "task": (tasks.TASKFILES, tasks.task_tasks),
}
# Of the commands of git those that need no repository.
_NEED_NONE = frozenset(
    (
        *("clone", "init", "help", "version", "ls-remote", "apply", "credential"),
        *("credential-store", "credential-cache", "hash-object", "interpret-trailers"),
    )
)
_IN_TEXT = rf"{_ASKS}|\bgit\W+(?:submodule|checkout|archive)\b"


def git_program(words: Sequence[str]) -> bool:
    """Whether a call of git needs the repository that it runs in."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("--version", "--help", "--exec-path"):
            return False
        at += 2 if words[at] in ("-C", "-c", "--git-dir", "--work-tree") else 1
    if at >= len(words):
        return False
    rest = words[at + 1 :]
    if words[at] == "config":
        return not {"--global", "--system", "-f", "--file"} & {*rest}
    if words[at] in ("lfs", "flow"):
        return "install" not in rest
    return words[at] not in _NEED_NONE and "--no-index" not in rest


def is_manifest(name: str) -> bool:
    """Whether a file of this name may ask git."""
    plain, ends, starts, edges = _named()
    if name in plain or name.endswith(ends):
        return True
    # Most names of a large context end here, at the price of two looks.
    return name.startswith(starts) and any(
        name.startswith(first) and name.endswith(last, len(first))
        for first, last in edges
    )


class _Names(NamedTuple):
    """The names of all kinds at once: no expression is compiled."""

    plain: frozenset[str]
    ends: tuple[str, ...]  # of `*.csproj`
    starts: tuple[str, ...]  # of those that begin with a text
    edges: tuple[tuple[str, str], ...]  # what is around the star of these


@cache
def _named() -> _Names:
    names = dict.fromkeys(one for kind in KINDS for one in kind.names)
    pairs = [one.partition("*") for one in names]
    edges = tuple((first, last) for first, star, last in pairs if first and star)
    return _Names(
        plain=frozenset(first for first, star, _ in pairs if not star),
        ends=tuple(last for first, star, last in pairs if star and not first),
        starts=tuple(first for first, _ in edges),
        edges=edges,
    )


class History:
    """Looks for what of a build reads `.git`."""

    def __init__(
        self,
        found: Running,
        tree: Tree,
        text: Callable[[str], str],
        files: Mapping[str, str],
    ) -> None:
        self.found = found
        self.places: Places = found.places
        self.tree = tree
        self.text = text
        self.files = files  # manifests with their texts, by path
        self.roots: dict[int, list[str]] = {}  # where the root of the context lies
        for stage, place in self.places.of(HISTORY, folder=True):
            self.roots.setdefault(stage, []).append(placed(place, ".."))

    def readers(self, elsewhere: Iterable[Command] = ()) -> Iterator[BuildHint]:
        """The lines by which `.git` is read; of other builds by their text."""
        for one in self.found.commands:
            if one.stage in self.roots and self._reads(one):
                yield _said(one)
        yield from self._by_manifests()
        yield from self._elsewhere([*elsewhere])

    # --- commands

    def _reads(self, command: Command) -> bool:
        if re.search(_TOOLS, command.text):
            return True
        if not command.words:
            return bool(command.script) and bool(re.search(_IN_TEXT, command.text))
        if command.program != "git" or not git_program(command.words):
            return False
        folder = folder_of("git", command.words)
        at = command.folder if folder is None else placed(command.folder, folder)
        return self._is_ours(command, at)

    def _is_ours(self, command: Command, at: str) -> bool:
        """Whether a folder lies in the repository of the context, in no other one."""
        for root in self.roots[command.stage]:
            is_near = is_known(at) != is_known(root) or within(at, root) is not None
            if is_near and not self._others.hold(command, at, root):
                return True
        return False

    @cached_property
    def _others(self) -> Repositories:
        from ctxopt.core.suggest.repositories import Repositories  # start-up: few ask

        return Repositories(self.found, self.tree)

    # --- manifests

    def _by_manifests(self) -> Iterator[BuildHint]:
        for path, text in self.files.items():
            name = path.rpartition("/")[2]
            for kind in KINDS:
                if not any(fnmatchcase(name, one) for one in kind.names):
                    continue
                asking = _first(kind.asks, text)
                if asking is not None and self._is_built(kind, path):
                    line, said = asking
                    yield BuildHint(path, line, said or name)
                    break

    def _is_built(self, kind: _Kind, path: str) -> bool:
        """Whether a command builds a manifest where `.git` is, too."""
        expression = re.compile(kind.commands)
        for stage, place in self.places.of(path, folder=False):
            if stage not in self.roots:
                continue
            lineage = {*self.places.lineage(stage)}
            home = placed(place, "..")
            for one in self.found.commands:
                built = one.stage in lineage and expression.search(one.text)
                if built and self._reaches(kind, one, home):
                    return True
            # What cannot be read may build it.
            if any(one.stage in lineage for one in self.found.unread):
                return True
        return False

    def _reaches(self, kind: _Kind, command: Command, home: str) -> bool:
        folder = folder_of(command.program, command.words)
        at = command.folder if folder is None else placed(command.folder, folder)
        if not kind.targets:
            return is_known(at) != is_known(home) or (
                within(home, at) is not None or within(at, home) is not None
            )
        targets = [*self._python_targets(command, at)]
        return any(
            is_known(one) != is_known(home) or one == home for one in targets
        ) or (at != home and UNKNOWN in targets)

    def _python_targets(self, command: Command, at: str) -> Iterator[str]:
        """The folders of the projects that a command of Python builds."""
        text = command.text
        if re.search(r"--no-(root|self|install-project|install-workspace)\b", text):
            return
        installs = re.search(r"\bpip\S*\s+(install|wheel)\b|\btool\s+install\b", text)
        if not installs:
            yield at
            for word in command.words[1:]:
                if "/" in word and not word.startswith("-"):
                    yield placed(at, word)
            return
        requirements = False
        for before, word in zip(command.words, command.words[1:], strict=False):
            if before in ("-r", "--requirement"):
                requirements = True
                yield from self._required(command, placed(at, word), at)
            elif _is_path(word):
                yield placed(at, re.sub(r"\[.*\]$", "", word))
        if not requirements and any(one == "-e" for one in command.words):
            yield at

    def _required(self, command: Command, place: str, at: str) -> Iterator[str]:
        """The projects that a file of requirements names by their paths."""
        for path in self.places.in_context(command.stage, place, command.moment):
            for line in self.text(path).split("\n"):
                said = re.sub(r"^(-e|--editable)[ =]", "", line.strip())
                if _is_path(said):
                    yield placed(at, re.sub(r"\[.*\]$", "", said.split()[0]))

    # --- other builds

    def _elsewhere(self, commands: list[Command]) -> Iterator[BuildHint]:
        clones = {
            (one.file, one.line)
            for one in commands
            if one.program == "git" and "clone" in one.words
        }
        for one in commands:
            if re.search(_TOOLS, one.text):
                yield _said(one)
            elif one.program == "git" and git_program(one.words):
                away = one.folder != UNKNOWN or folder_of("git", one.words)
                if not away or (one.file, one.line) not in clones:
                    yield _said(one)
            elif one.program in _MAKES:
                yield from self._made_elsewhere(one)
        for path, text in self.files.items():
            if "/" in path:
                continue
            for kind in KINDS:
                asking = self._asked_elsewhere(kind, path, text, commands)
                if asking is not None:
                    yield BuildHint(path, *asking)

    def _made_elsewhere(self, command: Command) -> Iterator[BuildHint]:
        """What tasks of the root ask that another build starts."""
        names, read = _MAKES[command.program]
        wanted = [one for one in command.words[1:] if not one.startswith("-")]
        for name in names:
            if self.tree.kind(name) is not Found.FILE:
                continue
            for task in read(self.text(name), wanted):
                for one in commands_in(task.text, UNKNOWN):
                    if one.program == "git" and git_program(one.words):
                        yield BuildHint(name, task.line, " ".join(one.words[:3]))

    def _asked_elsewhere(
        self, kind: _Kind, path: str, text: str, commands: list[Command]
    ) -> tuple[int, str] | None:
        """The line of a manifest at the root that a command of another build reads."""
        if not any(fnmatchcase(path, one) for one in kind.names):
            return None
        expression = re.compile(kind.commands)
        built = any(
            expression.search(one.text)
            and (not kind.targets or [*self._python_targets(one, one.folder)])
            for one in commands
        )
        return _first(kind.asks, text) if built else None


def _is_path(word: str) -> bool:
    return word.startswith((".", "/")) or (
        "/" in word and "://" not in word and "@" not in word and word[:1] != "-"
    )


def _first(expression: str, text: str) -> tuple[int, str] | None:
    """The first line in which an expression is found, and what of it."""
    pattern = re.compile(expression)
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(("#", "//")) and "#!" not in line:
            continue
        found = pattern.search(line)
        if found is not None:
            return number, found.group()
    return None


def _said(command: Command) -> BuildHint:
    """A command as a hint, at the place where it stands."""
    text = command.text
    if command.words and command.program == "git":
        text = " ".join(command.words[:3])
    file, line = command.file, command.line
    if command.script:
        file, line = command.script, command.script_line or 1
    return BuildHint(file, line, text[:60])
