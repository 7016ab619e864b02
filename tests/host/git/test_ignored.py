"""What git ignores, told without git and compared with what git says."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from ctxopt.core.git.line import GitLine
from ctxopt.host.git import ignored as gitignore
from ctxopt.host.git.ignored import LARGEST_BYTES, GitIgnored
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.git.repository import IGNORE_FILE
from tests.rights import as_nobody, public_folder
from tests.texttree import plant

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")

# Nothing of the user's or the machine's own git may change what is tested.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name[:4] != "GIT_"},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "XDG_CONFIG_HOME": "/dev/null",
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "a"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org"),
}


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        input=given,
        capture_output=True,
        check=False,
    )
    # `check-ignore` ends with 1 when nothing is ignored.
    assert done.returncode == 0 or arguments[0] == "check-ignore", done.stderr
    return done.stdout


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.fsencode("\n".join(lines) + "\n"))


def judged(context: Path) -> dict[str, GitLine | None]:
    """Every entry that the walk meets, and the line that ignores it."""
    found = git_ignored(str(context))
    assert found is not None
    return dict(_below(found, str(context), ""))


def _below(
    ignored: GitIgnored, root: str, folder: str
) -> Iterator[tuple[str, GitLine | None]]:
    names = sorted(os.listdir(os.path.join(root, folder)))
    rules = ignored.folder(folder, IGNORE_FILE in names)
    for name in names:
        if name == ".git":
            continue
        path = f"{folder}/{name}" if folder else name
        whole = os.path.join(root, path)
        is_directory = os.path.isdir(whole) and not os.path.islink(whole)
        line = rules.line(name, is_directory)
        yield path, line
        if is_directory and line is None:
            yield from _below(ignored, root, path)


def ignored_paths(context: Path) -> str:
    return " ".join(path for path, line in judged(context).items() if line)


def said_by(context: Path, path: str) -> tuple[str, int, str] | None:
    return judged(context)[path]


# --- one file ----------------------------------------------------------------------


TABLE = [
    pytest.param("a", "a b/a b/c", "a b/a", id="a name, at any depth"),
    pytest.param("a", "a/x b", "a", id="a folder, whose content is not asked for"),
    pytest.param("a/", "b/a a/x c/a/x", "a c/a", id="with a slash, folders only"),
    pytest.param("a/", "l->d a->d d/x", "", id="and no links to folders"),
    pytest.param("/a", "a b/a", "a", id="a slash in front, here only"),
    pytest.param("b/a", "b/a c/b/a", "b/a", id="a slash inside, from here only"),
    pytest.param("/b/a/", "b/a/x c/b/a/x", "b/a", id="all three slashes"),
    pytest.param("**/a", "a b/a b/c/a", "a b/a b/c/a", id="two stars in front"),
    pytest.param("**/b/a", "b/a c/b/a a", "b/a c/b/a", id="and folders behind"),
    pytest.param("b/**", "b/a b/c/d a", "b/a b/c", id="two stars at the end"),
    pytest.param("b/**/a", "b/a b/c/d/a a", "b/a b/c/d/a", id="and in the middle"),
    pytest.param("**", "a b/c", ".gitignore a b", id="two stars alone"),
    pytest.param("/**/", "a b/c", "b", id="all folders"),
    pytest.param("b/*", "b/a b/c/d", "b/a b/c", id="a star, one level"),
    pytest.param("*/a", "a b/a c/d/a", "b/a", id="a star for a folder"),
    pytest.param("b**", "b bc d/bc", "b bc d/bc", id="stars beside others are one"),
    pytest.param("*.log", "a.log .log b/c.log a.logs", ".log a.log b/c.log", id="*"),
    pytest.param("a?", "a ab abc", "ab", id="a question mark"),
    pytest.param("?", "é a", "a", id="a question mark is one byte"),
    pytest.param("[a-c][!0-9]", "ax b1 dx", "ax", id="brackets"),
    pytest.param("[^a]x", "ax bx", "bx", id="brackets, the other way to say no"),
    pytest.param("[]a]x [a-]y", "]x ax -y by", "-y ]x ax", id="ends of brackets"),
    pytest.param("[[:digit:]_]", "1 _ a", "1 _", id="classes"),
    pytest.param("[[:no:]a]", "a n", "", id="an unknown class matches nothing"),
    pytest.param("[\\]x]", "] x \\", "] x", id="a backslash in brackets"),
    pytest.param("[a", "a [a", "", id="an open bracket matches nothing"),
    pytest.param("[z-a]", "a z", "z", id="a range backwards is its beginning"),
    pytest.param("b[/]a", "b/a bxa", "", id="a slash in brackets matches nothing"),
    pytest.param("b[x/]a", "b/a bxa c/bxa", "bxa", id="but it ties the line down"),
    pytest.param("[]^!-]x", "]x ^x !x -x ax", "!x -x ]x ^x", id="signs in brackets"),
    pytest.param("[[^]x [!!]y", "[x ^x !y [y", "[x [y ^x", id="and first of them"),
    pytest.param("\\*", "* a", "*", id="an escaped star"),
    pytest.param("a*", "a ab b/ac c", "a ab b/ac", id="a star behind text"),
    pytest.param("a\\*", "a* ab a", "a*", id="an escaped star behind text"),
    pytest.param(
        "b* !bc* [b]cd", "b bc bcd", "b bcd", id="the last of each kind counts"
    ),
    pytest.param("\\#a \\!b", "#a !b", "!b #a", id="escaped first characters"),
    pytest.param("#a", "#a a", "", id="a comment"),
    pytest.param("a\\", "a a\\", "", id="a backslash at the end matches nothing"),
    pytest.param("b\\/a", "b/a a", "b/a", id="an escaped slash is one"),
    pytest.param("a !a", "a", "", id="a later exclamation mark wins"),
    pytest.param("!a a", "a", "a", id="an earlier one does not"),
    pytest.param("a !b/a", "a b/a c/a", "a c/a", id="it may be about one folder"),
    pytest.param("b/a !a", "b/a", "", id="or bring back what one folder loses"),
    pytest.param("b !b/a", "b/a", "b", id="nothing comes back from inside"),
    pytest.param("b/* !b/a", "b/a b/c", "b/c", id="unless its folder is entered"),
    pytest.param(
        "* !*/ !*.c", "a b.c d/e d/f.c", ".gitignore a d/e", id="a list of what stays"
    ),
    pytest.param("a//b // / ! !/ //c", "a/b c", "", id="what is nothing"),
    pytest.param("*a*a*a*a*a*a*a*a*b", "a" * 200, "", id="many stars, told at once"),
    pytest.param("*a*b*a", "aba ab xaxbxa", "aba xaxbxa", id="stars share a name"),
]


@pytest.mark.parametrize(("lines", "tree", "ignored"), TABLE)
def test_a_line_means_what_it_means_to_git(
    tmp_path: Path, lines: str, tree: str, ignored: str
) -> None:
    write(plant(tmp_path, tree) / ".gitignore", *lines.split())
    assert ignored_paths(tmp_path) == ignored


@needs_git
@pytest.mark.parametrize(("lines", "tree", "ignored"), TABLE)
def test_the_table_is_what_git_says(
    tmp_path: Path, lines: str, tree: str, ignored: str
) -> None:
    git(tmp_path, "init", "-q")
    write(plant(tmp_path, tree) / ".gitignore", *lines.split())
    told = told_by_git(tmp_path, list(judged(tmp_path)))
    assert " ".join(path for path, line in told.items() if line) == ignored


def test_many_stars_in_a_folder_are_told_at_once(tmp_path: Path) -> None:
    """Not asked of git, which tries every way to share the name, too."""
    write(plant(tmp_path, "b" * 200 + "/a") / ".gitignore", "b*b*b*b*b*b*b*b*/**/c/a")
    assert ignored_paths(tmp_path) == ""


def test_two_stars_beside_other_characters_do_not_run_over_slashes(
    tmp_path: Path,
) -> None:
    """The known difference: git takes b/c/a, against its manual; see the module."""
    write(plant(tmp_path, "b/a bc/a b/c/a") / ".gitignore", "/b**/a")
    assert ignored_paths(tmp_path) == "b/a bc/a"


@pytest.mark.parametrize(
    ("content", "names", "ignored"),
    [
        pytest.param(b"a\r\nb\r\n", ["a", "b"], ["a", "b"], id="carriage returns go"),
        pytest.param(b"a\r", ["a", "a\r"], ["a"], id="also behind the last line"),
        pytest.param(b"\xef\xbb\xbfa\n", ["a"], ["a"], id="a mark at the start goes"),
        pytest.param(b"a  \n", ["a", "a  "], ["a"], id="blanks at the end go"),
        pytest.param(b"a\\ \n", ["a", "a "], ["a "], id="but for an escaped one"),
        pytest.param(b"a\t\n", ["a", "a\t"], ["a\t"], id="a tab stays"),
        pytest.param(b" a\n", ["a", " a"], [" a"], id="blanks at the start stay"),
        pytest.param(b"a b\n", ["a", "a b"], ["a b"], id="blanks inside stay"),
        pytest.param(b"a\0b\n", ["a", "b"], ["a"], id="a NUL ends the line"),
        pytest.param(
            b"a\n", ["a", "a\n"], ["a"], id="a name with a newline is another"
        ),
        pytest.param(b"a*\n", ["a\nb"], ["a\nb"], id="a star takes newlines"),
        pytest.param(b"\xff?\n", ["\udcff\udcfe"], ["\udcff\udcfe"], id="not UTF-8"),
    ],
)
def test_lines_are_read_as_git_reads_them(
    tmp_path: Path, content: bytes, names: list[str], ignored: list[str]
) -> None:
    (tmp_path / ".gitignore").write_bytes(content)
    for name in names:
        (tmp_path / name).touch()
    found = judged(tmp_path)
    assert [name for name in names if found[name]] == ignored


def test_a_line_is_told_as_it_was_written(tmp_path: Path) -> None:
    plant(tmp_path, "a b/c odd")
    write(tmp_path / ".gitignore", "", "# c", "  ", "/a  ", "b/", "odd\udcff", "od?")
    assert said_by(tmp_path, "a") == (".gitignore", 4, "/a")
    assert said_by(tmp_path, "b") == (".gitignore", 5, "b/")
    assert said_by(tmp_path, "odd") == (".gitignore", 7, "od?")


# --- several files -----------------------------------------------------------------


def test_a_deeper_file_wins_line_by_line(tmp_path: Path) -> None:
    plant(tmp_path, "a.log b/a.log b/b.log b/c/a.log b/c/b.log d/b.log")
    write(tmp_path / ".gitignore", "*.log")
    write(tmp_path / "b" / ".gitignore", "!a.log")
    write(tmp_path / "b" / "c" / ".gitignore", "/a.log", "!/b.log")
    assert ignored_paths(tmp_path) == "a.log b/b.log b/c/a.log d/b.log"
    assert said_by(tmp_path, "b/b.log") == (".gitignore", 1, "*.log")
    assert said_by(tmp_path, "b/c/a.log") == ("b/c/.gitignore", 1, "/a.log")


def test_a_file_does_not_speak_in_the_folder_beside(tmp_path: Path) -> None:
    plant(tmp_path, "a/x a/b/c/x a-/x a0/x x")
    write(tmp_path / "a" / ".gitignore", "x")
    write(tmp_path / "a" / "b" / ".gitignore", "/c/x", "!y")
    write(tmp_path / ".gitignore", "nothing")
    assert ignored_paths(tmp_path) == "a/b/c/x a/x"


@needs_git
def test_files_above_the_context_and_the_list_of_the_repository_count(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "-q")
    context = plant(tmp_path / "b" / "c", "a1 a2 a3 d/a4 d/a5 a6")
    write(tmp_path / ".git" / "info" / "exclude", "a*", "b/c/d/a5")
    write(tmp_path / ".gitignore", "!a6", "b/c/a1", "/a2")
    write(tmp_path / "b" / ".gitignore", "!/c/a3")
    write(context / ".gitignore", "a4")
    assert judged(context) == {
        ".gitignore": None,
        "a1": ("../../.gitignore", 2, "b/c/a1"),
        "a2": ("../../.git/info/exclude", 1, "a*"),
        "a3": None,
        "a6": None,
        "d": None,
        "d/a4": (".gitignore", 1, "a4"),
        "d/a5": ("../../.git/info/exclude", 2, "b/c/d/a5"),
    }


@needs_git
@pytest.mark.parametrize(
    ("excluded", "lines", "tree", "ignored"),
    [
        pytest.param("a", "!b", "b/a", "b/a", id="a folder kept keeps nothing below"),
        pytest.param("b a", "!b/", "b/a", "b/a", id="nor one that comes back"),
        pytest.param("*", "!*/ !*.c", "b/a b/a.c", ".gitignore b/a", id="nor do all"),
        pytest.param("!a", "a", "a b/a", "a b/a", id="the list of all is the weakest"),
        pytest.param(
            "b/**/a", "!/b/*/a", "b/a b/c/a b/c/d/a", "b/a b/c/d/a", id="ways"
        ),
    ],
)
def test_files_are_ranked_as_git_ranks_them(
    tmp_path: Path, excluded: str, lines: str, tree: str, ignored: str
) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / ".git" / "info" / "exclude", *excluded.split())
    write(plant(tmp_path, tree) / ".gitignore", *lines.split())
    found = judged(tmp_path)
    assert found == told_by_git(tmp_path, list(found))
    assert " ".join(path for path, line in found.items() if line) == ignored


@needs_git
def test_work_trees_of_one_repository_share_its_list(tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "commit", "-q", "--allow-empty", "-m", "a")
    git(main, "worktree", "add", "-q", "../other")
    write(main / ".git" / "info" / "exclude", "a")
    plant(tmp_path / "other", "a b")
    assert said_by(tmp_path / "other", "a") == ("../main/.git/info/exclude", 1, "a")


@needs_git
def test_a_context_that_git_ignores_as_a_whole_has_no_lines(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    context = plant(tmp_path / "b" / "c" / "d", "a")
    write(context / ".gitignore", "a")
    assert git_ignored(str(context)) is not None
    write(tmp_path / "b" / ".gitignore", "/c/")
    assert git_ignored(str(context)) is None


@needs_git
def test_case_does_not_matter_where_git_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    plant(tmp_path, "a B cD e/F é É g/X")
    write(tmp_path / ".gitignore", "A", "b", "C[D]", "E/f", "É", "[G]/?")
    git(tmp_path, "config", "core.ignorecase", "false")
    assert ignored_paths(tmp_path) == "É"
    git(tmp_path, "config", "core.ignorecase", "true")
    assert ignored_paths(tmp_path) == "B a cD e/F g/X É"


# --- what is not read --------------------------------------------------------------


def test_there_is_nothing_to_ask_without_repository_and_file(tmp_path: Path) -> None:
    write(tmp_path / "b" / ".gitignore", "a")
    assert git_ignored(str(tmp_path)) is None


def test_a_file_above_counts_in_a_repository_only(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "a")
    context = plant(tmp_path / "b", "a")
    write(context / ".gitignore", "c")
    assert ignored_paths(context) == ""


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    plant(tmp_path, "a b/a b/.gitignore->../rules")
    write(tmp_path / "rules", "a")
    write(tmp_path / ".gitignore", "nothing")
    assert ignored_paths(tmp_path) == ""


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    plant(tmp_path, "b/a")
    write(tmp_path / ".gitignore", "rules")
    os.mkfifo(tmp_path / "b" / ".gitignore")
    assert ignored_paths(tmp_path) == ""


def test_a_vast_file_is_not_read(tmp_path: Path) -> None:
    plant(tmp_path, "a")
    content = b"a\n#".ljust(LARGEST_BYTES)
    (tmp_path / ".gitignore").write_bytes(content)
    assert ignored_paths(tmp_path) == "a"
    (tmp_path / ".gitignore").write_bytes(content + b" ")
    assert ignored_paths(tmp_path) == ""


def test_a_file_that_may_not_be_read_says_nothing() -> None:
    with public_folder() as root:
        plant(root, "a b/a")
        write(root / ".gitignore", "x")
        write(root / "b" / ".gitignore", "a")
        (root / ".gitignore").chmod(0o644)
        (root / "b").chmod(0o755)
        assert ignored_paths(root) == "b/a"
        (root / "b" / ".gitignore").chmod(0)
        with as_nobody():
            assert ignored_paths(root) == ""


def test_a_line_that_pathspec_refuses_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(line: str) -> object:
        if "a" in line:
            raise ValueError(line)
        return translate(line)

    translate = GitIgnoreSpecPattern.pattern_to_regex
    monkeypatch.setattr(gitignore, "_compiled", gitignore._compiled.__wrapped__)
    plant(tmp_path, "a1 b1 c1 d/x a/x")
    write(tmp_path / ".gitignore", "a?", "b1", "c?", "a*/x", "[d]/x")
    assert ignored_paths(tmp_path) == "a/x a1 b1 c1 d/x"
    monkeypatch.setattr(GitIgnoreSpecPattern, "pattern_to_regex", refuse)
    assert ignored_paths(tmp_path) == "b1 c1 d/x"


def test_answers_are_kept_for_so_many_names_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitignore, "KNOWN_NAMES", 3)
    write(tmp_path / ".gitignore", "a*")
    found = git_ignored(str(tmp_path))
    assert found is not None
    rules = found.folder("", has_ignore_file=True)
    for number in (*range(10), *range(10)):
        assert rules.line(f"a{number}", is_directory=False) is not None
        assert rules.line(f"b{number}", is_directory=True) is None
        assert len(rules.names.files) <= 3


def test_specs_are_kept_for_so_many_folders_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitignore, "KNOWN_SPECS", 2)
    folders = [f"b{number}" for number in range(6)]
    plant(tmp_path, " ".join(f"{folder}/a {folder}/b" for folder in folders))
    write(tmp_path / ".gitignore", *(f"{folder}/[a]" for folder in folders))
    assert ignored_paths(tmp_path) == " ".join(f"{folder}/a" for folder in folders)


# --- against git -------------------------------------------------------------------

NAMES = "a|b|ab|abc|a.b|a b|b |é|\udcff|#a|!a|a\nb|[a]|A|a-b|a]b|x*y|\\a|.a|a\r|a\t"
PLAIN = "a|b|ab|*|*|?|a*|*b|[ab]"
ODD = (
    r"a|b|*|*|?|[ab]|[!a]|[^b]|[a-c]|[]a]|[a|\a|\*|\[|\|é| |\ |.|[[:alpha:]]|[[a]|-|]"
    r"|[[:upper:][:digit:]]|[[:foo:]]|[a\]]|[\]-a]|[a/]|[--a]|[[:]|[[::]]|[[:a]|[z-a]"
    "|[a-]|[!/]|#|!|\t|\r|\udcff"
)
WHOLE = r"||/|//|!|!/|# c| #c|**/|**|*/|/*|/**|/**/|*|a//b|a/**/**/b|\a|a\/b"


class Trees:
    """Random trees of odd names with random ignore files; a seed makes them again."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311

    def plant(self, folder: Path, depth: int = 0) -> None:
        folder.mkdir()
        if self.random.random() < (0.25 if depth else 0.8):
            (folder / ".gitignore").write_bytes(os.fsencode(self.file()))
        for name in self.random.sample(NAMES.split("|"), self.random.randint(1, 6)):
            if depth < 3 and self.random.random() < 0.5:
                self.plant(folder / name, depth + 1)
            else:
                (folder / name).touch()

    def file(self) -> str:
        newline = self.random.choice(["\n", "\n", "\r\n"])
        lines = [self.line() for _ in range(self.random.randint(1, 5))]
        mark = self.random.choice(["", "", "\ufeff"])
        return mark + newline.join(lines) + self.random.choice(["", newline])

    def line(self) -> str:
        count = self.random.choice([1, 1, 1, 2, 2, 3, 4])
        line = "/".join(self.segment() for _ in range(count))
        for chance, before, after in (
            (0.2, "/", ""),
            (0.25, "", "/"),
            (0.25, "!", ""),
            (0.05, "", self.random.choice([" ", "  ", "\\ ", " \\ ", "\t", "\r"])),
        ):
            if self.random.random() < chance:
                line = before + line + after
        if self.random.random() < 0.03:
            return self.random.choice(WHOLE.split("|"))
        return line

    def segment(self) -> str:
        kind = self.random.random()
        if kind < 0.45:
            return "**" if kind < 0.15 else self.random.choice(NAMES.split("|"))
        pieces = (PLAIN if kind < 0.7 else ODD).split("|")
        count = self.random.randint(1, 3)
        # Two stars beside other characters are the known difference; see the module.
        text = "".join(self.random.choice(pieces) for _ in range(count))
        return re.sub(r"\*+", "*", text)


def told_by_git(top: Path, paths: list[str]) -> dict[str, tuple[str, int, str] | None]:
    given = b"".join(os.fsencode(path) + b"\0" for path in paths)
    options = ("-v", "-n", "-z", "--no-index", "--stdin")
    fields = git(top, "check-ignore", *options, given=given).split(b"\0")
    told: dict[str, tuple[str, int, str] | None] = {}
    for start in range(0, len(fields) - 1, 4):
        file, line, text, path = map(os.fsdecode, fields[start : start + 4])
        ignores = text and not text.startswith("!")
        told[path] = (file, int(line), text) if ignores else None
    return told


@pytest.mark.deep
@needs_git
@pytest.mark.parametrize("seed", range(4))
def test_random_trees_are_judged_as_by_git(tmp_path: Path, seed: int) -> None:
    trees = Trees(seed)
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "core.ignorecase", "true" if seed == 0 else "false")
    write(
        tmp_path / ".git" / "info" / "exclude", "*/a/abc", "b-?", "[x]*", "t1*/A/**/b"
    )
    write(tmp_path / ".gitignore", "!b-c", "t2*/**/ab", "t*/b/?")
    for number in range(80):
        trees.plant(tmp_path / f"t{number}")
    found = judged(tmp_path)
    expected = told_by_git(tmp_path, list(found))
    wrong = {
        path: (line, expected[path])
        for path, line in found.items()
        if line != expected[path]
    }
    assert wrong == {}
    assert sum(line is not None for line in found.values()) > 200
