"""Each row was asked of compose-go v2.14.0, which docker compose reads with."""

from __future__ import annotations

import pytest

from ctxopt.core.compose.dotenv import parse_dotenv
from ctxopt.errors import ComposeFileError

SHELL = {"HERE": "shell", "BOTH": "shell"}


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        pytest.param("A=1\nB=2\n", {"A": "1", "B": "2"}, id="a line a variable"),
        pytest.param("A: 1\n", {"A": "1"}, id="a colon is an equals sign"),
        pytest.param("A = 1  \n", {"A": "1"}, id="blanks around a value go"),
        pytest.param("A=\nB=1\n", {"A": "", "B": "1"}, id="a value may be empty"),
        pytest.param("export A=1\n", {"A": "1"}, id="export is passed over"),
        pytest.param("# a\n\n  # b\nA=1 # c\n", {"A": "1"}, id="comments are no value"),
        pytest.param("A=a#b\n", {"A": "a#b"}, id="a hash in a word is no comment"),
        pytest.param(
            "A='a # $HERE'\n", {"A": "a # $HERE"}, id="single quotes keep all"
        ),
        pytest.param("A='it\\'s'\n", {"A": "it's"}, id="a quote behind a backslash"),
        pytest.param(
            'A="a\\tb\\n"\n', {"A": "a\tb\n"}, id="double quotes know escapes"
        ),
        pytest.param("A='a\\n'\n", {"A": "a\\n"}, id="single quotes know none"),
        pytest.param('A="\\$HERE"\n', {"A": "$HERE"}, id="an escaped dollar stays"),
        pytest.param('A="\\0101"\n', {"A": "A"}, id="an octal escape is a letter"),
        pytest.param('A="a\nb"\nB=1', {"A": "a\nb", "B": "1"}, id="quotes span lines"),
        pytest.param('A="x" # c\nB=1', {"A": "x", "B": "1"}, id="a comment follows"),
        pytest.param("A=$HERE-x\n", {"A": "shell-x"}, id="a value has variables"),
        pytest.param(
            "A=1\nB=${A}${C:-c}\n", {"A": "1", "B": "1c"}, id="of the file, too"
        ),
        pytest.param(
            "BOTH=file\nA=$BOTH\n",
            {"BOTH": "file", "A": "shell"},
            id="the shell's goes before the file's",
        ),
        pytest.param(
            "HERE\nNONE\n", {"HERE": "shell"}, id="a name alone is the shell's"
        ),
        pytest.param("A=1\nHERE", {"A": "1"}, id="a name alone needs its line's end"),
        pytest.param("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}, id="lines of windows"),
        pytest.param("\ufeffA=1\n", {"A": "1"}, id="a byte order mark is passed over"),
        pytest.param("A=1\nA=2\n", {"A": "2"}, id="the later counts"),
        pytest.param(
            "A.b-c[0]=1\n", {"A.b-c[0]": "1"}, id="names have dots and brackets"
        ),
    ],
)
def test_a_file_gives_its_variables(text: str, variables: dict[str, str]) -> None:
    assert parse_dotenv(text, SHELL.get) == variables


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("A=1\nB C=2\n", "f:2: a name cannot contain", id="a name in two"),
        pytest.param("\n\nA!=2\n", 'f:3: unexpected "!"', id="a sign in a name"),
        pytest.param(
            "A=1\nB='x\n", "f:2: this value has no closing", id="an open quote"
        ),
        pytest.param(
            "A=${X:?no}\n", "f:1: variable X is required: no", id="a needed one"
        ),
    ],
)
def test_what_compose_refuses_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ComposeFileError) as caught:
        parse_dotenv(text, SHELL.get, file="f")
    assert str(caught.value).startswith(said)
