"""What a person types to mean a suggestion: ids, patterns, and slips."""

from __future__ import annotations

import pytest

from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import Confidence
from ctxopt.core.suggest import ids, naming
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.errors import CtxoptError

BLOCK = b"""mine
# >>> ctxopt >>>
# git-ignored--gitignore-4: as an older one wrote it
out
# no: what you said no to
#docs
# <<< ctxopt <<<
"""
FILE = parse(BLOCK, ".dockerignore")


def proposal(name: ids.Name, lines: str, rule: str = "") -> Proposal:
    made = (rule or name.short, name, "", "", Confidence.ASK, "", (*lines.split(),), ())
    return Proposal(*made)


def scan(*made: Proposal) -> list[Proposal]:
    given = ids.told_apart([one.name for one in made])
    return [one._replace(id=id_) for one, id_ in zip(made, given, strict=True)]


def git(text: str, file: str = ".gitignore", line: int = 1) -> Proposal:
    name = ids.name(ids.GIT, text, key=f"{file}:{text}")
    return proposal(name, text.strip("/"), f"git-ignored:{file}:{line}")


LARGE = proposal(
    ids.name(ids.LARGE, "x.sql", key="large:x.sql"), "x.sql", "large:x.sql"
)
LOGS = proposal(ids.Name("logs-dirs"), "logs")
ENV = proposal(ids.Name("secret-dotenv"), "**/.env **/.env.local")
TESTS = proposal(ids.Name("tests-dirs"), "tests **/*.test.ts")
MADE = scan(LOGS, ENV, LARGE, git("/data/"), TESTS)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("logs-dirs", "logs-dirs", id="an id"),
        pytest.param("logs", "logs-dirs", id="a pattern"),
        pytest.param("/logs/", "logs-dirs", id="a pattern as one may write it"),
        pytest.param("**/.env.local", "secret-dotenv", id="its second pattern"),
        pytest.param("git-data", "git-data", id="a line of git"),
        pytest.param("large:x.sql", "large-x-sql", id="what JSON has as the rule"),
        pytest.param("tests-files", "tests-dirs", id="a rule that shares a suggestion"),
    ],
)
def test_a_suggestion_is_meant_by(text: str, meant: str) -> None:
    assert naming.named(MADE, (text,), FILE) == naming.Named(frozenset({meant}), ())


def test_a_name_with_digits_is_good_where_none_are_needed() -> None:
    root, below = git("data"), git("data", "a/.gitignore")
    longer = {one.id for one in scan(root, below)}
    alone = scan(root)
    assert [one.id for one in alone] == ["git-data"]
    meant = [naming.named(alone, (text,), FILE).ids for text in sorted(longer)]
    assert sorted(meant, key=len) == [frozenset(), {"git-data"}]


def test_a_name_of_two_is_refused_and_both_are_named() -> None:
    made = scan(git("data"), git("data", "a/.gitignore"))
    with pytest.raises(CtxoptError) as caught:
        naming.named(made, ("git-data",), FILE)
    assert caught.value.message == '"git-data" is the name of 2 suggestions'
    assert caught.value.hint == "say " + " or ".join(sorted(one.id for one in made))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("py-venv", id="a rule that hits nothing now"),
        pytest.param("large-dump-sql", id="a file that is gone"),
        pytest.param("unused:old", id="as a script may still have it"),
        pytest.param("git-ignored--gitignore-4", id="an id of an older block"),
        pytest.param("out", id="a pattern of the block"),
        pytest.param("mine", id="a line of the user"),
        pytest.param("docs", id="what somebody said no to"),
        pytest.param("services/a/node_modules", id="a path that a rule speaks of"),
    ],
)
def test_what_could_be_suggested_is_no_mistake(text: str) -> None:
    assert naming.named(MADE, (text,), FILE) == naming.Named(frozenset(), (text,))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("log-dirs", "did you mean logs-dirs (logs)?", id="an id"),
        pytest.param(
            "**/.evn",
            "did you mean secret-dotenv (**/.env  **/.env.local)?",
            id="a pattern",
        ),
        pytest.param(
            "git-ignored:.gitignore:1",
            "did you mean git-data (data)?",
            id="the number of a line, which may be another one tomorrow",
        ),
        pytest.param(
            "nope",
            "there are git-data, large-x-sql, logs-dirs, secret-dotenv, tests-dirs",
            id="nothing like it",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(CtxoptError) as caught:
        naming.named(MADE, (text,), FILE)
    assert caught.value.message == f'no suggestion is called "{text}"'
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("py-venv", '"py-venv" is not suggested now', id="a rule"),
        pytest.param(
            "git-dta",
            '"git-dta" is not suggested now; is git-data meant?',
            id="what looks like another one",
        ),
        pytest.param(
            "docs",
            '"docs" is not suggested now: .dockerignore:6 says no; '
            "delete that line to be asked again",
            id="what somebody said no to",
        ),
    ],
)
def test_what_is_said_of_what_is_not_there(text: str, said: str) -> None:
    assert naming.absence(MADE, text, FILE) == said
