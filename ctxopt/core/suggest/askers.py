"""The manifests that may ask git, and the commands that build them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from ctxopt.core.tuples import NamedTuple


class Kind(NamedTuple):
    """Manifests that may ask git, and the commands that build them."""

    names: tuple[str, ...]
    asks: str  # expression
    commands: str  # expression: who reads such a manifest
    targets: bool = False  # only that of the folder which a command names


ASKS = (
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
    Kind(("pyproject.toml", "setup.cfg"), _SCM, _PYTHON, targets=True),
    Kind(("setup.py",), f"{_SCM}|{ASKS}", _PYTHON, targets=True),
    Kind(("versioneer.py",), r"^", _PYTHON, targets=True),
    Kind(
        ("package.json",),
        r"git-rev-sync|git-describe|git-revision-webpack-plugin|git-rev-webpack-plugin|"
        r"vite-plugin-git|rollup-plugin-git|babel-plugin-transform-git",
        _NODE,
    ),
    Kind(
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
        rf"{ASKS}|[\"']git[\"'],|git-rev|simple-git|isomorphic-git|"
        r"GitRevisionPlugin|vite-plugin-git|git-describe|git-last-commit|nodegit",
        _NODE,
    ),
    Kind(
        ("docusaurus.config.*",),
        r"showLastUpdate(?:Time|Author)\s*:\s*true",
        r"\bdocusaurus\b|\b(?:npm|pnpm|yarn|bun)\b.*\sbuild\b",
    ),
    Kind(
        ("config.ts", "config.js", "config.mts", "config.mjs"),
        r"\blastUpdated\s*:\s*(?:true|\{)",
        r"\bvitepress\b|\b(?:npm|pnpm|yarn|bun)\b.*\sdocs:build\b",
    ),
    Kind(
        ("mkdocs.yml", "mkdocs.yaml"),
        r"git-(?:revision-date|authors|committers|latest)",
        r"\bmkdocs\b",
    ),
    Kind(
        ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml"),
        r"(?i)enableGitInfo['\"]?\s*[=:]\s*true",
        r"\bhugo\b",
    ),
    Kind(
        ("conf.py",),
        rf"{ASKS}|setuptools_scm|sphinx_last_updated_by_git|\bgit\.Repo\b",
        r"\bsphinx-(?:build|multiversion|autobuild)\b|\bmake\b.*\bhtml\b",
    ),
    Kind(
        ("build.rs",),
        rf"{ASKS}|vergen|shadow_rs|\bgit2\b|built::|\bgix\b|git_version|"
        r"Command::new\(\"git\"\)|\.git/(?:HEAD|index|refs)",
        _CARGO,
    ),
    Kind(("Cargo.toml",), r"\bvergen\b|shadow-rs|git-version|built\s*=.*git2", _CARGO),
    Kind(
        ("pom.xml",),
        r"git-commit-id|jgitver|buildnumber-maven-plugin|maven-git-versioning",
        r"\b(?:mvn|mvnw|mvnd)\b",
    ),
    Kind(
        ("extensions.xml",), r"jgitver|maven-git-versioning", r"\b(?:mvn|mvnw|mvnd)\b"
    ),
    Kind(
        ("build.gradle", "build.gradle.kts", "settings.gradle*", "*.gradle"),
        rf"{ASKS}|gradle-git-properties|jgitver|axion-release|palantir\.git-version|"
        r"nebula\.release|gitVersion\(|grgit|reckon|git-versioning|"
        r"[\"']git[\"'],|com\.gorylenko",
        r"\b(?:gradle|gradlew)\b",
    ),
    Kind(
        ("build.sbt", "plugins.sbt"),
        rf"{ASKS}|[\"']git[\"'],|sbt-git|GitVersioning|sbt-dynver|dynver|"
        r"sbt-buildinfo.*git",
        r"\bsbt\b",
    ),
    Kind(("mix.exs",), rf"{ASKS}|[\"']git[\"'],", r"\bmix\b"),
    Kind(("rebar.config",), r"\{vsn,\s*git|git_vsn|\bgit\b.*\bvsn\b", r"\brebar3\b"),
    Kind(
        ("*.gemspec", "Rakefile"),
        rf"{ASKS}|`git\b|[\"']git[\"'],",
        r"\bgem\s+build\b|\bbundle\b(?!\s+(?:config|check))|\brake\b|\brails\b",
    ),
    Kind(
        (
            *("*.csproj", "*.fsproj", "*.vbproj", "Directory.Build.props"),
            *("Directory.Build.targets", "Directory.Packages.props", "*.props"),
            *("*.targets", "packages.config"),
        ),
        rf"{ASKS}|MinVer|Nerdbank\.GitVersioning|GitVersion(?:\.MsBuild|Task)?\b|"
        r"GitInfo|Ubiquity\.Versioning|Verlite|SourceLink\.Create",
        _DOTNET,
    ),
    Kind(("version.json",), r"(?i)nerdbank|publicReleaseRefSpec", _DOTNET),
    Kind(
        ("CMakeLists.txt", "*.cmake"),
        rf"{ASKS}|GIT_EXECUTABLE|find_package\(\s*Git|get_git_head_revision|"
        r"git_describe",
        r"\bcmake\b",
    ),
    Kind(("meson.build",), rf"{ASKS}|vcs_tag|[\"']git[\"'],", r"\bmeson\b"),
    Kind(
        ("configure.ac", "configure.in"),
        rf"{ASKS}|git-version-gen",
        r"\bauto(?:reconf|conf|gen)\b|\bconfigure\b|\bbootstrap\b",
    ),
    Kind(("build.zig",), rf"{ASKS}|[\"']git[\"'],", r"\bzig\s+build\b"),
    Kind(("BUILD.bazel", ".bazelrc"), r"workspace_status_command", r"\bbazel(isk)?\b"),
    Kind(("magefile.go",), rf"{ASKS}|[\"']git[\"'],", r"\bmage\b"),
    Kind(("*.cabal", "package.yaml"), r"gitrev|githash", r"\b(?:stack|cabal)\b"),
    Kind(("Package.swift",), rf"{ASKS}|[\"']git[\"'],", r"\bswift\s+build\b"),
    Kind(
        ("Rakefile", "*.rake", "tasks.py", "noxfile.py"),
        ASKS,
        r"\b(?:rake|invoke|nox)\b",
    ),
    Kind(("SConstruct", "SConscript"), rf"{ASKS}|[\"']git[\"'],", r"\bscons\b"),
    Kind(("wscript",), rf"{ASKS}|[\"']git[\"'],", r"\bwaf\b"),
    Kind(("dodo.py",), rf"{ASKS}|[\"']git[\"'],", r"\bdoit\b"),
    Kind(("Thorfile", "*.thor"), rf"{ASKS}|[\"']git[\"'],", r"\bthor\b"),
    Kind(("build.xml",), rf"{ASKS}|executable=[\"']git[\"']", r"\bant\b"),
    Kind(
        ("dune-project", "*.opam"), r"dune-build-info|\{dev\}.*git", r"\bdune\s+subst\b"
    ),
)


def kinds_of(path: str) -> tuple[Kind, ...]:
    """The kinds of manifests that a file may be one of."""
    return _kinds_of(path.rpartition("/")[2])


@lru_cache(maxsize=1_000)
def _kinds_of(name: str) -> tuple[Kind, ...]:
    kinds = (
        kind for kind in KINDS if any(fnmatchcase(name, one) for one in kind.names)
    )
    return (*kinds,)


@lru_cache(maxsize=2_000)
def first_asking(expression: str, text: str) -> tuple[int, str] | None:
    """The first line in which an expression is found, and what of it."""
    pattern = re.compile(expression)
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(("#", "//")) and "#!" not in line:
            continue
        found = pattern.search(line)
        if found is not None:
            return number, found.group()
    return None


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
