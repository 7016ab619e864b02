"""What the build and its manifests say of files that no COPY names.

Rule: these are signs, not proofs; each only makes a suggestion more careful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ctxopt.core.paths import join
from ctxopt.core.running.commands import Command
from ctxopt.core.running.mentions import Use, Uses
from ctxopt.core.suggest.making import Makers


class BuildHint(NamedTuple):
    """A line that shows that the build reads something."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, as messages name it."""
        return f"{self.file}:{self.line}"


class BuildHints(NamedTuple):
    """All signs of one build."""

    commands: tuple[Command, ...] = ()
    git: tuple[BuildHint, ...] = ()  # who reads `.git`
    declared: Mapping[str, BuildHint] | None = None  # files that a manifest declares
    uses: Uses | None = None  # the paths that commands use
    makers: Makers | None = None  # who makes what anew; None: nothing is known

    def matching(self, expression: str) -> Command | None:
        """The first command that an expression is found in."""
        pattern = re.compile(expression)
        return next((one for one in self.commands if pattern.search(one.text)), None)

    def mention(self, path: str) -> Use | None:
        """The first use that a command makes of a path, or of something below it."""
        return None if self.uses is None else self.uses.of(path)


# What reads the history or the tags of the repository, where it may be said. Texts,
# compiled where they are used: few projects have more than two of these files.
_GIT_IN_COMMANDS = (
    r"\bgit\s+(?:-\S+\s+)*(?:describe|rev-parse|log|rev-list|show|status|tag|diff|"
    r"submodule|checkout|archive|ls-files|branch|symbolic-ref)\b"
    r"|-buildvcs(?:=true)?\b(?!=)|\bgitversion\b|\bGitVersion\b|\bsetuptools[_-]scm\b"
    r"|\bnbgv\b|(?<![\w/])\.git/(?:HEAD|refs|index|config)\b"
)
_GIT_IN_MANIFESTS = {
    "pyproject.toml": (
        r"setuptools[_-]scm|hatch-vcs|hatch_vcs|versioneer|versioningit|"
        r"poetry-dynamic-versioning|source\s*=\s*[\"'](?:vcs|scm)[\"']|"
        r"pdm\.backend\.hooks\.version|dunamai|setuptools-git-versioning"
    ),
    "setup.py": (
        r"setuptools[_-]scm|use_scm_version|versioneer|git\W+(?:describe|rev-parse)|"
        r"\bpbr\b|setuptools_git_versioning|vcversioner"
    ),
    "setup.cfg": r"setuptools[_-]scm|versioneer|\bpbr\b",
    "package.json": (
        r"git\s+(?:describe|rev-parse|log)|git-rev-sync|git-describe|"
        r"git-revision-webpack-plugin|semantic-release"
    ),
    "build.rs": r"vergen|shadow_rs|git2|git\W+(?:describe|rev-parse)",
    "Cargo.toml": r"\bvergen\b|shadow-rs|git-version|built\s*=.*git2",
    "pom.xml": r"git-commit-id|jgitver|buildnumber-maven-plugin",
    "build.gradle": (
        r"gradle-git-properties|jgitver|axion-release|palantir\.git-version|"
        r"nebula\.release|git\W+(?:describe|rev-parse)"
    ),
    "build.sbt": r"sbt-git|GitVersioning|sbt-dynver|dynver",
    "Makefile": _GIT_IN_COMMANDS,
    "Taskfile.yml": _GIT_IN_COMMANDS,
    "justfile": _GIT_IN_COMMANDS,
    "Rakefile": _GIT_IN_COMMANDS,
    "mix.exs": r"git\W+(?:describe|rev-parse)",
    "Directory.Build.props": r"MinVer|Nerdbank\.GitVersioning|GitVersion",
    "GitVersion.yml": r"^",
    "version.json": r"(?i)nerdbank|publicReleaseRefSpec",
}
_ALIASES = {
    "build.gradle.kts": "build.gradle",
    "makefile": "Makefile",
    "GNUmakefile": "Makefile",
    "Taskfile.yaml": "Taskfile.yml",
    "Justfile": "justfile",
}
MANIFESTS = (*_GIT_IN_MANIFESTS, *_ALIASES)

# Lines that declare a readme or a licence file, and the names in them.
_DECLARING = (
    r"(?i)readme|licen[cs]e[-_]?files?|long_description|description[-_]file|open\(|"
    r"read_text|\.files\b|include"
)
_DECLARED_NAME = (
    r"(?i)\b(?:README|LICEN[CS]E|COPYING|NOTICE|CHANGELOG|CHANGES|HISTORY|AUTHORS)"
    r"[\w.-]*"
)
DECLARING = frozenset(
    {
        *("pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "Cargo.toml"),
        *("package.json", "mix.exs", "composer.json", "pubspec.yaml"),
    }
)


def is_script(path: str) -> bool:
    """Whether a file that a command names is read for signs, too."""
    return path.endswith((".sh", ".bash", ".py", ".mk", ".js", ".mjs", ".rb", ".ps1"))


def scripts(commands: Iterable[Command]) -> Iterator[str]:
    """The scripts that commands seem to run, as paths in the context."""
    for command in commands:
        for word in re.findall(r"[\w./-]+", command.text):
            path = word.removeprefix("./").lstrip("/")
            if is_script(path):
                yield path


def git_readers(
    commands: Iterable[Command], files: Mapping[str, str]
) -> Iterator[BuildHint]:
    """Lines by which the build reads `.git`; `files` are texts by their path."""
    for command in commands:
        found = re.search(_GIT_IN_COMMANDS, command.text)
        if found is not None:
            yield BuildHint(command.file, command.line, found.group())
    for path, text in files.items():
        name = path.rpartition("/")[2]
        if name == "versioneer.py":
            yield BuildHint(path, 1, name)
            continue
        expression = _GIT_IN_MANIFESTS.get(_ALIASES.get(name, name))
        if expression is None and is_script(name):
            expression = _GIT_IN_COMMANDS
        if expression is None:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            found = re.search(expression, line)
            if found is not None:
                yield BuildHint(path, number, found.group() or name)
                break


def declared_files(files: Mapping[str, str]) -> dict[str, BuildHint]:
    """Names of documents that manifests declare, and where."""
    declared: dict[str, BuildHint] = {}
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if name not in DECLARING and not name.endswith(".gemspec"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if not re.search(_DECLARING, line):
                continue
            for found in re.findall(_DECLARED_NAME, line):
                document = join(folder, found)
                declared.setdefault(document, BuildHint(path, number, line.strip()))
    return declared
