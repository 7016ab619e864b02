"""Which words of a command are paths that it reads, and which it writes."""

from __future__ import annotations

import shlex

import pytest

from ctxopt.core.running.words import moved, names_from, outputs, paths_in


def words_of(text: str) -> tuple[str, list[str]]:
    words = shlex.split(text)
    return words[0].rpartition("/")[2], words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("sed -ri 's!^( *)a.*$!docs!' a.conf", ["a.conf"], id="sed"),
        pytest.param("sed -i -e /docs/d -e 1d a b", ["a", "b"], id="sed -e"),
        pytest.param("sed --expression=/docs/d a", ["a"], id="sed --expression="),
        pytest.param("sed -f docs/x.sed a", ["docs/x.sed", "a"], id="sed -f"),
        pytest.param("grep -qE '^ *docs|.*' a", ["a"], id="grep"),
        pytest.param("grep -A 2 docs a", ["a"], id="grep, a number in front"),
        pytest.param("grep -e docs -e tests a", ["a"], id="grep -e"),
        pytest.param("grep -r --include='*.md' docs src", ["src"], id="grep --include"),
        pytest.param("awk -F : '/docs/,/x/ { next }' a", ["a"], id="awk"),
        pytest.param("awk -f docs/x.awk a", ["docs/x.awk", "a"], id="awk -f"),
        pytest.param("perl -pi -e 's;docs;x;' a", ["a"], id="perl -e"),
        pytest.param("perl docs/x.pl a", ["docs/x.pl", "a"], id="a script of perl"),
        pytest.param("python3 -c 'import docs;x' a", ["a"], id="python -c"),
        pytest.param("python3 docs/x.py", ["docs/x.py"], id="a script of python"),
        pytest.param("node -pe 'docs' a", ["a"], id="node -pe"),
        pytest.param("php -r 'docs;'", [], id="php -r"),
        pytest.param("jq -r '.docs' a", ["a"], id="jq"),
        pytest.param("cut -d docs -f1 a", ["a"], id="cut -d"),
        pytest.param(
            "sqlite3 a 'select * from x'", ["a", "select", "from", "x"], id="*"
        ),
        pytest.param("useradd -g docs -d /docs x", [], id="users"),
        pytest.param("find a -not -path './docs/*' -print", ["a"], id="find -path"),
        pytest.param("gradlew build -x docs", [], id="gradle -x"),
        pytest.param("npm ci --omit=docs --omit tests", [], id="npm --omit"),
        pytest.param("uv sync --no-group docs", [], id="groups of uv"),
        pytest.param("make -s docs", [], id="make -s"),
        pytest.param("make -f docs/Makefile", ["docs/Makefile"], id="make -f"),
        pytest.param("bash -x docs/x.sh", ["docs/x.sh"], id="bash -x"),
        pytest.param("install -d -m 755 docs tests", [], id="install makes folders"),
        pytest.param("git clone -b v1 https://a/b ./docs/b", ["v1"], id="a clone"),
        pytest.param("wget -O docs/x http://a", [], id="wget -O"),
        pytest.param("unzip a.zip -d docs", ["a.zip"], id="unzip -d"),
        pytest.param("tee docs/a", [], id="tee"),
    ],
)
def test_the_paths_that_a_command_reads(text: str, expected: list[str]) -> None:
    assert [*paths_in(*words_of(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cp a b", ["b"], id="cp"),
        pytest.param("install -m 755 a b", ["b"], id="install"),
        pytest.param("install -dm755 a b", [], id="install of folders"),
        pytest.param("git clone https://a/b docs", ["docs"], id="a clone"),
        pytest.param("git clone git@a:b", [], id="a clone without a place"),
        pytest.param("wget -O docs/x http://a", ["docs/x"], id="wget"),
        pytest.param("unzip a.zip -d docs", ["docs"], id="unzip"),
        pytest.param("tee -a a b", ["a", "b"], id="tee"),
    ],
)
def test_the_paths_that_a_command_writes(text: str, expected: list[str]) -> None:
    assert [*outputs(*words_of(text))] == expected


def test_folders_that_are_made_are_not_moved() -> None:
    assert moved(*words_of("install -d a b")) is None
    assert moved(*words_of("install -D a b")) == (["a"], "b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("apk add --no-cache yarn", "--no-cache yarn", id="apk"),
        pytest.param("X=1 apt-get -y install a", "a", id="apt-get"),
        pytest.param("python -m pip install -U a", "-U a", id="pip as a module"),
        pytest.param("npm ci", "", id="what installs no names"),
        pytest.param("make install docs", "", id="no installer"),
    ],
)
def test_where_the_names_of_what_is_installed_begin(text: str, expected: str) -> None:
    assert text[names_from(text) :] == expected
