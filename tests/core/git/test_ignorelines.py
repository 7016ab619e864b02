"""Lines of git's ignore files, as they are written for pathspec.

What they then take is compared with git in tests/host/git/test_ignored.py.
"""

from __future__ import annotations

import pytest

from ctxopt.core.git.ignorelines import parse_ignore_lines


@pytest.mark.parametrize(
    ("line", "folders", "name"),
    [
        pytest.param("a", None, "a", id="a name speaks in any folder"),
        pytest.param("**/a", None, "a", id="two stars in front say the same"),
        pytest.param("/a", (), "a", id="a slash in front ties it to this folder"),
        pytest.param("b/*/a", ("b", "*"), "a", id="what is before the last slash"),
        pytest.param("b/**", ("b", "**"), "*", id="two stars at the end are any name"),
        pytest.param("b**c", None, "b*c", id="two stars beside others are one"),
        pytest.param("b\\/a", ("b",), "a", id="an escaped slash is one"),
        pytest.param("a\\*", None, "a\\*", id="another escape stays"),
        pytest.param("[c-a]", None, "[\0c]", id="a range backwards is its beginning"),
        pytest.param(
            "[[:digit:]]", None, "[\0" + "0123456789]", id="a class is a list"
        ),
        pytest.param("[^]-]", None, None, id="what is taken but not listed"),
        pytest.param("b[/x]", (), "b[\0x]", id="a slash in brackets ties it, too"),
    ],
)
def test_a_line_is_written_in_words_that_git_and_pathspec_share(
    line: str, folders: tuple[str, ...] | None, name: str | None
) -> None:
    (found,) = parse_ignore_lines(line.encode(), folds=False)
    assert found.folders == folders
    if name is None:
        assert not {"]", "-", "/"} & set(found.name[1:-1])
        assert len(found.name[1:-1]) == 253  # the NUL, and 255 less those three
    else:
        assert found.name == name


@pytest.mark.parametrize(
    "line", ["", "# a", "/", "//", "a//b", "a\\", "[a", "[[:no:]]", "b[/]"]
)
def test_what_can_take_nothing_is_no_line(line: str) -> None:
    assert list(parse_ignore_lines(line.encode(), folds=False)) == []


def test_lines_keep_number_text_and_signs() -> None:
    found = list(parse_ignore_lines(b"\xef\xbb\xbf!A/  \r\n\nB\xff\n", folds=True))
    assert [(one.number, one.text, one.name) for one in found] == [
        (1, "!A/", "a"),
        (3, "B\udcff", "b\xff"),
    ]
    assert [(one.negated, one.folders_only) for one in found] == [
        (True, True),
        (False, False),
    ]
