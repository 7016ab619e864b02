"""Several Dockerfiles asked together: the first that needs a find answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.mentions import Use, Uses
from ctxopt.core.suggest.hints import OtherHints
from ctxopt.core.suggest.making import Making
from ctxopt.core.suggest.others import Needs, Others
from ctxopt.core.suggest.rules import Rule
from tests.core.suggest.matches import match
from tests.texttree import MemoryTree

LOGS = Rule("logs", ("**/logs",), "", "", Confidence.LIKELY)


class CountedUses(Uses):
    """Uses that know how often they were asked."""

    asked = 0

    def of(self, path: str) -> Use | None:
        self.asked += 1
        return super().of(path)


def dockerfile(name: str, *used: str) -> OtherHints:
    command = Command(name, 7, "cat", ("cat",))
    uses = CountedUses(
        {path: Use(command, path, "RUN") for path in used}, taken={}, written={}
    )
    makers = Making(Running(), uses, MemoryTree({}), lambda _: "")
    return OtherHints(name, uses, makers)


def words(name: str) -> str:
    return f"{name}:7 uses it (RUN)"


A, B, C = dockerfile("a", "logs"), dockerfile("b"), dockerfile("c", "logs", "tmp")
BUILDS = [
    pytest.param([B], None, id="nobody needs it"),
    pytest.param([B, C], "c", id="one does"),
    pytest.param([A, C], "a", id="the first speaks"),
    pytest.param([C, A], "c", id="the first in the order of who asks"),
    pytest.param([], None, id="there are no others"),
]


@pytest.mark.parametrize(("several", "who"), BUILDS)
@pytest.mark.parametrize("before", [[], [A], [B], [C], [A, B, C], [C, B, A]])
def test_the_first_that_needs_it_says_why(
    several: Sequence[OtherHints], who: str | None, before: Sequence[OtherHints]
) -> None:
    needs = Needs()
    Others(before, needs).need(LOGS, match("logs/"))
    found = Others(several, needs).need(LOGS, match("logs/"))
    assert found == (None if who is None else words(who))


@pytest.mark.parametrize(
    "find", [match("logs/"), match("tmp/")], ids=["needed by some", "needed by one"]
)
def test_who_needs_nothing_is_asked_once(find: ClutterMatch) -> None:
    quiet, needs = dockerfile("quiet"), Needs()
    for others in ([quiet], [quiet, A], [A, quiet, C]):
        Others(others, needs).need(LOGS, find)
    assert isinstance(quiet.uses, CountedUses)
    assert quiet.uses.asked == 1


def test_each_path_is_a_question_of_its_own() -> None:
    others = Others([C], Needs())
    assert others.need(LOGS, match("tmp/")) == words("c")
    assert others.need(LOGS, match("elsewhere/logs/")) is None
