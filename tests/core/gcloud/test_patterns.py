"""Lines of a `.gcloudignore`, and paths of a folder.

The rules are those of the Google Cloud SDK: command_lib/util/glob.py, Glob, and
command_lib/util/gcloudignore.py, FileChooser.
"""

from __future__ import annotations

import pytest

from ctxopt.core.gcloud import IncludeError, chooser_of
from ctxopt.core.gcloud.patterns import read_line


@pytest.mark.parametrize(
    ("line", "path", "matches"),
    [
        pytest.param("foo", "foo", True, id="a name in the root"),
        pytest.param("foo", "a/foo", True, id="a name anywhere"),
        pytest.param("foo", "foobar", False, id="no part of a name"),
        pytest.param("/foo", "foo", True, id="a slash in front means the root"),
        pytest.param("/foo", "a/foo", False, id="and nowhere else"),
        pytest.param("a/b", "a/b", True, id="two components"),
        pytest.param("a/b", "x/a/b", True, id="also further down, unlike git"),
        pytest.param("/a/b", "x/a/b", False, id="unless a slash is in front"),
        pytest.param("*.py", "a/b.py", True, id="a wildcard anywhere"),
        pytest.param("*", "foo", True, id="a star in the root"),
        pytest.param("*", "foo/bar", False, id="a star alone stays in the root"),
        pytest.param("*", "f/bar", True, id="but for a folder of one letter"),
        pytest.param("*/bar", "foo/bar", True, id="a star is one folder"),
        pytest.param("*/bar", "foo/qux/bar", False, id="and not two"),
        pytest.param("*/bar", "bar", True, id="or the root"),
        pytest.param("/*/bar", "bar", False, id="which a slash rules out"),
        pytest.param("**/foo", "a/b/foo", True, id="two stars are folders"),
        pytest.param("**/foo", "foo", True, id="or none"),
        pytest.param("foo/**", "foo/a/b", True, id="two stars behind"),
        pytest.param("foo/**", "foo", True, id="and the folder itself, unlike git"),
        pytest.param("foo/**", "a/foo/b", False, id="from the root"),
        pytest.param("a/**/b", "a/x/y/b", True, id="two stars between"),
        pytest.param("a/**/b", "a/b", True, id="which may be nothing"),
        pytest.param("[!a]b", "xb", True, id="a class without a letter"),
        pytest.param("[^a]b", "xb", False, id="which ^ does not make"),
        pytest.param("[^a]b", "^b", True, id="it is a letter of the class"),
        pytest.param("f?o", "foo", True, id="one character"),
        pytest.param("foo ", "foo", True, id="blanks at the end do not count"),
        pytest.param("foo\\ ", "foo ", True, id="but for an escaped one"),
        pytest.param("foo/ ", "foo", False, id="a slash before a blank is a name"),
        pytest.param("\\#a", "#a", True, id="an escaped comment"),
        pytest.param("\\!a", "!a", True, id="an escaped mark"),
        pytest.param("a\\*", "abc", True, id="an escaped star is a star still"),
        pytest.param("FOO", "foo", False, id="case counts"),
    ],
)
def test_a_line_and_a_file(line: str, path: str, *, matches: bool) -> None:
    pattern = read_line(line)
    assert pattern is not None
    assert pattern.matches(path, is_folder=False) is matches


def test_a_slash_at_the_end_is_for_folders() -> None:
    pattern = read_line("foo/")
    assert pattern is not None
    assert pattern.matches("foo", is_folder=True)
    assert not pattern.matches("foo", is_folder=False)


@pytest.mark.parametrize("line", ["", "# a", "   ", "!", "a\\", "/"])
def test_a_line_that_says_nothing(line: str) -> None:
    assert read_line(line) is None


def taken(files: dict[str, str], path: str, *, git: bool = False) -> bool:
    """Whether a file is sent; each folder above it is asked first, as a walk does."""
    chooser = chooser_of(files.get, has_git_files=git)
    names = path.split("/")
    above = ("/".join(names[:end]) for end in range(1, len(names)))
    return all(chooser.takes(one, is_folder=True) for one in above) and chooser.takes(
        path, is_folder=False
    )


@pytest.mark.parametrize(
    ("lines", "path", "sent"),
    [
        pytest.param("*.md\n!a.md", "a.md", True, id="the last line wins"),
        pytest.param("!a.md\n*.md", "a.md", False, id="in order"),
        pytest.param("docs\n!docs/a.md", "docs/a.md", False, id="not out of a folder"),
        pytest.param("docs/*\n!docs/a.md", "docs/a.md", True, id="but of its files"),
        pytest.param("*\n!*/\n!a.py", "b/a.py", True, id="an allow list"),
        pytest.param("a\r\nb", "a", False, id="ends of Windows"),
        pytest.param("#!include:.gitignore\n!a", "a", True, id="included before"),
        pytest.param("!b\n#!include:.gitignore", "b", False, id="included behind"),
        pytest.param("#  !include:.gitignore", "b", False, id="with blanks"),
        pytest.param("##!include:.gitignore", "b", True, id="a comment is none"),
    ],
)
def test_what_is_sent(lines: str, path: str, *, sent: bool) -> None:
    files = {".gcloudignore": lines, ".gitignore": "b\n#!include:other\n"}
    assert taken(files, path) is sent


def test_without_a_file_the_default_is_about_git() -> None:
    files = {".gitignore": "*.log\n"}
    assert not taken(files, ".git", git=True)
    assert not taken(files, ".gitignore", git=True)
    assert not taken(files, "x/a.log", git=True)
    assert taken(files, "x/a", git=True)
    assert taken({}, ".git", git=False)


def test_an_empty_file_hides_the_default() -> None:
    assert taken({".gcloudignore": "", ".gitignore": "a\n"}, "a", git=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#!include:no", 'could not read ignore file "no"'),
        ("#!include:x/.gitignore", "may only include files in the same directory"),
    ],
)
def test_an_include_that_is_refused_is_said_with_its_line(line: str, said: str) -> None:
    with pytest.raises(IncludeError) as refused:
        chooser_of({".gcloudignore": f"a\n{line}\n"}.get, has_git_files=False)
    assert (refused.value.message, refused.value.line) == (said, 2)
