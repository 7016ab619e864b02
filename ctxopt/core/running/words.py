"""What the words of one command are: paths, outputs, a folder to go to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ctxopt.core.tuples import NamedTuple

HOME = "~"

# What they are told to do is no reading of what they name.
_REMOVERS = frozenset({"rm", "rmdir", "unlink", "shred", "mkdir", "echo", "printf"})
# Their words are names of users, of modules, of signals, or plain text.
_NAMERS = frozenset(
    (
        *("useradd", "adduser", "usermod", "groupadd", "addgroup", "which", "type"),
        *("hash", "tr", "expr", "seq", "date", "sleep", "basename", "dirname", "kill"),
        *("wait", "trap", "exit", "return", "shift", "declare", "typeset", "read"),
        *("umask", "ulimit", "alias", "locale-gen", "update-locale", "a2enmod"),
        *("a2ensite", "a2dissite", "a2dismod", "a2enconf", "phpenmod", "phpdismod"),
    )
)
_SILENT = (
    _REMOVERS
    | _NAMERS
    | {"touch", "git-clean", "true", "false", ":", "set", "unset", "for", "case"}
)
# They would miss what they name, but do not need what is in it.
_CARERS = frozenset({"chown", "chmod", "chgrp", "ls", "test", "[", "[[", "du", "stat"})
_MOVERS = frozenset({"cp", "mv", "install", "ln", "rsync"})
# They take along all that lies in a folder: see `packing`.
PACKERS = frozenset(
    (
        *("zip", "tar", "bsdtar", "7z", "7za", "7zr", "jar", "dpkg-deb", "mksquashfs"),
        *("makeself", "makeself.sh", "asar", "aws"),
    )
)
# Their bare words are names of tasks, packages and modules: `npm run build`.
_TASKERS = frozenset(
    (
        *("npm", "pnpm", "yarn", "bun", "corepack", "make", "gmake", "just", "task"),
        *("rake", "gradle", "gradlew", "mvn", "mvnw", "sbt", "cargo", "go", "mix"),
        *("rebar3", "dotnet", "bazel", "nx", "turbo", "lerna", "ng", "vite", "next"),
        *("nuxt", "nuxi", "astro", "apt", "apt-get", "apk", "yum", "dnf", "microdnf"),
        *("pip", "pip3", "uv", "poetry", "pdm", "hatch", "conda", "mamba", "gem"),
        *("bundle", "composer", "git", "docker", "useradd", "adduser", "groupadd"),
        *("addgroup", "rustup", "flutter", "dart", "swift", "zig", "stack", "cabal"),
        *("webpack", "rollup", "tsc", "parcel", "gulp", "grunt", "react-scripts"),
        *("php-ext-install", "docker-php-ext-install", "pecl", "npm-run-all"),
        *("run-s", "run-p", "meson", "ninja", "cmake", "terraform", "rush", "wget"),
        *("curl", "gosu", "su-exec", "supervisorctl", "service", "systemctl", "export"),
        *("artisan", "rails", "hugo", "jekyll", "mkdocs", "sphinx-build", "trunk"),
    )
)
# What stands in their words they do not run: `awk '{ next }'`, `chmod +x mvnw`.
_RUN_NOTHING = (
    _SILENT
    | _CARERS
    | _MOVERS
    | frozenset(
        (
            *("awk", "gawk", "mawk", "sed", "grep", "egrep", "fgrep", "tr", "cut"),
            *("cat", "head", "tail", "tee", "sort", "wc", "jq", "yq", "expr", "diff"),
            *("curl", "wget", "tar", "unzip", "zip", "gzip", "gunzip", "sha256sum"),
            *("which", "type", "hash", "command", "whereis", "dpkg", "rpm", "gpg"),
            *("useradd", "adduser", "usermod", "groupadd", "addgroup", "read"),
            *("dos2unix", "file", "strip", "ldd", "basename", "dirname", "realpath"),
            *("update-alternatives", "setcap"),
            # What these run is told on its own.
            *("find", "parallel"),
            # They only speak of it.
            *("man", "help", "whatis", "only-allow"),
        )
    )
)
# They run it on another system, but with files of this one: `docker compose up`.
_ELSEWHERE = frozenset(
    {"ssh", "docker", "podman", "nerdctl", "buildah", "kubectl", "chroot"}
)
# What is installed by its name is not run: `apk add yarn`, `pip install virtualenv`.
_INSTALLING = (
    r"(?:^|[\s/])(?:pip[\d.]*|pipx|gem|npm|pnpm|yarn|bun|cargo|conda|mamba|micromamba|"
    r"apt|apt-get|aptitude|apk|yum|dnf|microdnf|tdnf|zypper|brew|corepack|opam)"
    r"\s[^&|;\n]{0,200}?\b(?:install|add|i|in|enable|disable|prepare|update|upgrade|wheel|"
    r"download)\s"
)
# They name packages of a distribution, and patterns of these: `apt-mark auto '.*'`.
_PACKAGERS = frozenset(
    (
        *("apt", "apt-get", "apt-mark", "apt-cache", "aptitude", "apk", "yum", "dnf"),
        *("microdnf", "tdnf", "zypper", "pacman", "dpkg-query", "pecl", "emerge"),
        *("docker-php-ext-install", "docker-php-ext-enable"),
        *("docker-php-ext-configure", "xbps-install", "brew"),
    )
)
_OUTPUTS = frozenset(
    (
        *("-o", "--out", "--output", "--outDir", "--out-dir", "--outdir", "--outfile"),
        *("--output-path", "--output-dir", "--target-dir", "--dest", "--destination"),
        *("--dist-dir", "--public-path", "--artifacts-path", "--install-dir", "-B"),
        *("--prefix-path", "--builddir", "--build-dir", "--root-dir"),
    )
)
_OUTPUTS_OF = {
    "wget": ("-O", "-qO", "--output-document", "-P", "--directory-prefix"),
    "unzip": ("-d",),
    "javac": ("-d",),
}
_NO_PATHS = frozenset(
    (
        *("-path", "-ipath", "-wholename", "-regex", "-iregex", "--omit", "--include"),
        *("--no-group", "--only-group", "--ignore-pattern", "--exclude-task"),
        *("--testPathIgnorePatterns", "--coveragePathIgnorePatterns", "--branch"),
        *("--target", "--name", "-name", "-iname", "--tag", "-t", "--mode", "--env"),
        *("--exclude", "--exclude-dir", "--ignore", "--ignore-path", "--extra"),
        *("--group", "--only", "--without", "--with", "--features", "--profile"),
        *("--filter", "--workspace", "-w", "--package", "-p", "--bin", "--user"),
        *("--configuration", "--runtime", "--message", "-m", "--platform", "--shell"),
    )
)
_NO_PATHS_OF = {
    "gradle": ("-x",),
    "gradlew": ("-x",),
    "zip": ("-x", "-i"),
    "make": ("-s", "-j", "-k", "-B", "-i", "-e"),
}


class _Code(NamedTuple):
    """How a program is told what to do, in a language of its own."""

    option: str = r"(?!)"  # expression: its value is that
    first: bool = False  # without such an option the first word is
    others: tuple[str, ...] = ()  # options that take another value


_CODE_IN_FILES = ("-f", "--file", "--from-file")
_GREP = _Code(
    r"-\w*e|--regexp", first=True, others=("-A", "-B", "-C", "-m", "-d", "-D")
)
_AWK = _Code(first=True, others=("-F", "-v", "--assign", "--field-separator"))
# What a command of text is told is no path: `sed '/docs/d'`, `grep '^ *.*$'`.
_CODES = {
    "sed": _Code(r"-\w*e|--expression", first=True, others=("-l",)),
    **dict.fromkeys(("grep", "egrep", "fgrep", "zgrep", "rg"), _GREP),
    **dict.fromkeys(("awk", "gawk", "mawk"), _AWK),
    **dict.fromkeys(("jq", "yq"), _Code(first=True)),
    **dict.fromkeys(("perl", "ruby"), _Code(r"-\w*[eE]")),
    **dict.fromkeys(("python", "python3"), _Code(r"-\w*c")),
    **dict.fromkeys(("node", "bun", "deno"), _Code(r"-\w*[ep]|--eval|--print")),
    **dict.fromkeys(("php", "Rscript"), _Code(r"-[re]|--run")),
    "cut": _Code(r"-[dfcb]|--delimiter"),
    "psql": _Code(r"-\w*c|--command"),
    **dict.fromkeys(("mysql", "mariadb"), _Code(r"-e|--execute")),
}
# Options that say in which folder a program works, by program; "" goes for all.
_FOLDERS = {
    "npm": ("--prefix", "-C"),
    "pnpm": ("-C", "--dir", "--prefix"),
    "yarn": ("--cwd",),
    "bun": ("--cwd",),
    "composer": ("-d", "--working-dir"),
    "make": ("-C", "--directory"),
    "gmake": ("-C", "--directory"),
    "git": ("-C",),
    "ninja": ("-C",),
    "gradle": ("-p", "--project-dir"),
    "gradlew": ("-p", "--project-dir"),
    "uv": ("--project", "--directory"),
    "poetry": ("-C", "--directory", "-P", "--project"),
    "pdm": ("-p", "--project"),
    "just": ("-d", "--working-directory"),
    **dict.fromkeys(("task", "go-task"), ("-d", "--dir")),
    "cmake": ("-S",),
    "go": ("-C",),
    "turbo": ("--cwd",),
}
# Options that name a file in that folder.
_MANIFESTS = {
    "mvn": ("-f", "--file"),
    "mvnw": ("-f", "--file"),
    "cargo": ("--manifest-path",),
    "bundle": ("--gemfile",),
    "just": ("-f", "--justfile"),
    **dict.fromkeys(("task", "go-task"), ("-t", "--taskfile")),
}


def is_tool(program: str) -> bool:
    """Whether a program is a known one, wherever it lies."""
    return program in _TASKERS or program in _MOVERS or program in _SILENT


def runs_nothing(program: str) -> bool:
    """Whether a command runs none of the programs that its words name."""
    return program in _RUN_NOTHING


def runs_elsewhere(program: str) -> bool:
    """Whether what a command runs makes nothing on this system."""
    return program in _ELSEWHERE


def names_from(text: str) -> int:
    """Where in a command the names begin of what it installs; its end without any."""
    found = re.search(_INSTALLING, text)
    return len(text) if found is None else found.end()


def folder_of(program: str, words: Sequence[str]) -> str | None:
    """The folder that an option of a program sends it to; None without one."""
    folder = option_folder(program, words)
    if folder is None and program in ("make", "gmake", "ninja"):
        joined = (one for one in words[1:] if one.startswith("-C"))
        folder = next(joined, "")[2:] or None
    if folder is not None:
        return folder
    manifest = manifest_of(program, words)
    if manifest is None:
        return None
    above, _, name = manifest.rpartition("/")
    is_file = "." in manifest or name.lower() == "justfile"
    return (above if is_file else manifest) or "."


def option_folder(program: str, words: Sequence[str]) -> str | None:
    """The folder that such an option says itself, without the file of another one."""
    return _value(words, _FOLDERS.get(program, ()))


def manifest_of(program: str, words: Sequence[str]) -> str | None:
    """The file that an option of a program names in place of the usual one."""
    return _value(words, _MANIFESTS.get(program, ()))


def without_folder(program: str, words: Sequence[str]) -> Iterator[str]:
    """The words of a command but for where it works.

    `npm --prefix web run build` is `npm run build`, in another folder.
    """
    options = (*_FOLDERS.get(program, ()), *_MANIFESTS.get(program, ()))
    is_value = False
    for word in words:
        name, equals, _ = word.partition("=")
        if name in options:
            is_value = not equals
        elif is_value:
            is_value = False
        else:
            yield word


def _value(words: Sequence[str], options: Sequence[str]) -> str | None:
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name not in options:
            continue
        if equals:
            return value
        if at + 1 < len(words):
            return words[at + 1]
    return None


def is_silent(program: str, words: Sequence[str]) -> bool:
    """Whether a command needs nothing of what it names: it deletes, makes or prints."""
    if program in _SILENT:
        return True
    if program == "install":
        return _makes_folders(words)
    deletes = "-delete" in words or ("-exec" in words and "rm" in words)
    return program == "find" and (deletes or "-prune" in words)


def _makes_folders(words: Sequence[str]) -> bool:
    """Whether `install` is told to make folders, and copies nothing."""
    return any(re.fullmatch(r"-[a-z]*d\w*|--directory", one) for one in words)


def only_cares(program: str) -> bool:
    """Whether a command asks for what it names, but for nothing that is in it."""
    return program in _CARERS


def outputs(program: str, words: Sequence[str]) -> Iterator[str]:
    """The paths that a command writes, as it names them."""
    if is_silent(program, words):
        return
    for options in (tuple(_OUTPUTS), _OUTPUTS_OF.get(program, ())):
        found = _value(words, options)
        if found is not None:
            yield found
    rest = [one for one in words[1:] if not one.startswith("-")]
    put = moved(program, words)
    if put is not None:
        yield put[1]
    if program == "tee":
        yield from rest
    if program == "git" and rest[:1] == ["clone"] and not _is_address(rest[-1]):
        yield rest[-1]
    if program == "tar":
        to = _value(words, ("-C", "--directory"))
        if to is not None:
            yield to


def _is_address(word: str) -> bool:
    return "://" in word or "@" in word


def speech(program: str, words: Sequence[str]) -> str:
    """What a command says of paths, as text: without tasks, and what it deletes.

    `yarn cache clean` and `rm -rf .next/cache` need no folder called `cache`.
    """
    if is_silent(program, words):
        return ""
    return " ".join(one for one in words[1:] if not _is_task(program, one))


def moved(program: str, words: Sequence[str]) -> tuple[list[str], str] | None:
    """What a command copies, moves or links, and where to; None for no such command."""
    if program not in _MOVERS or is_silent(program, words):
        return None
    first = _target_first(program, words)
    rest = [one for one in words[1:] if one != first and not one.startswith("-")]
    if first is not None:
        return rest, f"{first}/"
    return (rest[:-1], rest[-1]) if len(rest) > 1 else None


def _target_first(program: str, words: Sequence[str]) -> str | None:
    """The folder that `cp -t FOLDER` and the like name in front of what goes there."""
    if program == "rsync":  # keeps times by -t
        return None
    for option, value in pairwise(words):
        if re.fullmatch(r"-[a-zA-Z]*t|--target-directory", option):
            return value
    return _value(words, ("--target-directory",))


def paths_in(program: str, words: Sequence[str]) -> Iterator[str]:
    """What may be paths that a command reads, as it names them."""
    if is_silent(program, words):
        return
    if program in _PACKAGERS:
        yield from (one for one in words[1:] if one.startswith(("./", "../", "/")))
        return
    written = set(outputs(program, words))
    if words and "/" in words[0]:
        yield words[0]
    after = ""  # the option in front
    no_paths = {*_NO_PATHS, *_OUTPUTS, *_NO_PATHS_OF.get(program, ())}
    for word in _without_code(program, words[1:]):
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            after = "" if equals else word
            if equals and name not in no_paths:
                yield from _pieces(value)
            elif re.match(r"-[ILF][^=]", word):
                yield from _pieces(word[2:])
            continue
        option, after = after, ""
        if word in written or option in no_paths:
            continue
        if option or not _is_task(program, word):
            yield from _pieces(word)


def _without_code(program: str, words: Sequence[str]) -> Iterator[str]:
    """The words of a command but what it is told in its own language."""
    code = _CODES.get(program)
    if code is None:
        yield from words
        return
    is_first = code.first
    after = ""
    for word in words:
        option, after = after, ""
        if word.startswith("-") and word != "-":
            name, equals, _ = word.partition("=")
            if re.fullmatch(code.option, name):
                after, is_first = "" if equals else name, False
            elif word in code.others:
                after = word
            else:
                is_first = is_first and word not in _CODE_IN_FILES
                yield word
        elif not option and is_first:
            is_first = False
        elif not option:
            yield word


def _is_task(program: str, word: str) -> bool:
    return program in _TASKERS and "/" not in word and not word.startswith(".")


def _pieces(word: str) -> Iterator[str]:
    """A word, and its parts where it is a list: of a class path, of a setting.

    In a text of several words an asterisk is one of a language, and no pattern.
    """
    is_text = re.search(r"\s", word) is not None
    for piece in re.split(r"[:;,=\s]+", word):
        if piece and "://" not in word and not (is_text and "*" in piece):
            yield piece
