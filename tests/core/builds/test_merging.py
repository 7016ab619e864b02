"""What several builds say of one ignore file, made one: each of them is heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ctxopt.core.builds.merging import Joint, Voice, joined, joined_ahead
from ctxopt.core.measure.clutter_match import NOTHING, ClutterMatch
from ctxopt.core.model import Confidence, HeldBack, Location, Source
from ctxopt.core.suggest.ids import Name
from ctxopt.core.suggest.proposals import Proposal

CERTAIN, LIKELY, ASK = Confidence.CERTAIN, Confidence.LIKELY, Confidence.ASK


def find(path: str) -> ClutterMatch:
    """A folder of that path."""
    return ClutterMatch(
        path=path,
        names=(),
        kind="directory",
        hits=1,
        line=0,
        tags=0,
        hold=None,
        named="",
        reincluded="",
        files=1,
        mask=0,
        context=NOTHING,
        transfer=NOTHING,
    )


def proposal(
    rule: str,
    line: str,
    paths: Sequence[str],
    *,
    sure: Confidence = LIKELY,
    notes: Sequence[str] = (),
) -> Proposal:
    """A line that keeps some folders out."""
    return Proposal(
        rule=rule,
        name=Name(rule),
        label=rule,
        reason="",
        confidence=sure,
        question="",
        lines=(line,),
        clutter=tuple(map(find, paths)),
        notes=(*notes,),
        id=rule,
    )


def voice(
    name: str,
    *made: Proposal,
    kept: Mapping[str, str] | None = None,
    root: str = "/r",
    sources: Sequence[str] = (),
    ahead: Sequence[Proposal] = (),
) -> Voice:
    """A build that proposes some, and has to keep paths for some reasons."""
    held = {path: HeldBack("x", path, why) for path, why in (kept or {}).items()}
    named = tuple(
        Source("COPY", "0", Location("Dockerfile", 1, 1), path, path)
        for path in sources
    )
    return Voice(name, root, made, held, ahead=(*ahead,), sources=named)


LOGS = proposal("logs", "logs", ["logs"])
ASKED = proposal("logs", "logs", ["logs"], sure=ASK)
WIDE = proposal("deps", "**/nm", ["a/nm", "b/nm"])
NARROW = proposal("deps", "a/nm", ["a/nm"])


def told(voices: Sequence[Voice]) -> set[tuple[str, Confidence]]:
    return {(one.proposal.lines[0], one.proposal.confidence) for one in joined(voices)}


@pytest.mark.parametrize(
    ("voices", "wanted"),
    [
        pytest.param(
            [voice("a", LOGS), voice("b", LOGS)],
            {("logs", LIKELY)},
            id="what both propose is there once",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b")],
            {("logs", LIKELY)},
            id="who says nothing of it lets it go",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b", kept={"logs": "needed"})],
            set(),
            id="what one has to keep is offered to nobody",
        ),
        pytest.param(
            [voice("a", kept={"logs": "needed"}), voice("b", LOGS)],
            set(),
            id="in whatever order they come",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b", kept={"logs/x/a.log": "needed"})],
            set(),
            id="a folder stays for what is in it",
        ),
        pytest.param(
            [
                voice("a", proposal("pyc", "**/c", ["logs/c"])),
                voice("b", kept={"logs": "needed"}),
            ],
            {("**/c", LIKELY)},
            id="that a folder stays says nothing of what is in it",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b", ASKED)],
            {("logs", ASK)},
            id="a question of one is a question for all",
        ),
        pytest.param(
            [voice("a", ASKED), voice("b", LOGS), voice("c")],
            {("logs", ASK)},
            id="a question of the first, too",
        ),
        pytest.param(
            [voice("a", WIDE), voice("b", NARROW, kept={"b/nm": "needed"})],
            {("a/nm", LIKELY)},
            id="a line for all places gives way to one for a place",
        ),
        pytest.param(
            [
                voice("a", WIDE),
                voice("b", NARROW, proposal("deps", "b/nm", ["b/nm"], sure=ASK)),
            ],
            {("a/nm", LIKELY), ("b/nm", ASK)},
            id="where one place is a question, the other is none",
        ),
        pytest.param(
            [
                voice("a", WIDE),
                voice("b", proposal("deps", "b/nm", ["b/nm"], sure=ASK)),
            ],
            {("**/nm", ASK), ("b/nm", ASK)},
            id="what nobody else offers is asked about as a whole",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b", LOGS, root="/s")],
            {("logs", LIKELY)},
            id="the same line of two roots is there once",
        ),
        pytest.param(
            [voice("a", WIDE), voice("b", root="/s", kept={"x/nm": "needed"})],
            set(),
            id="what a line would take from another root stays",
        ),
        pytest.param(
            [voice("a", LOGS), voice("b", root="/s", kept={"src": "needed"})],
            {("logs", LIKELY)},
            id="what another root keeps elsewhere does not matter",
        ),
        pytest.param(
            [
                voice("a", proposal("cache", ".dockerignore", [])),
                voice("b", sources=[".dockerignore"]),
            ],
            set(),
            id="a line that hits no find is held by who names its path",
        ),
        pytest.param(
            [voice("a", proposal("cache", ".dockerignore", [])), voice("b")],
            {(".dockerignore", LIKELY)},
            id="and goes where nobody does",
        ),
    ],
)
def test_each_build_is_heard(
    voices: Sequence[Voice], wanted: set[tuple[str, Confidence]]
) -> None:
    assert told(voices) == wanted


def test_ids_are_told_apart_and_a_note_of_one_has_its_name() -> None:
    one = proposal("logs", "logs", ["logs"], notes=["git ignores it", "line 3"])
    other = proposal("logs", "logs", ["logs"], notes=["git ignores it"])
    more = proposal("logs", "x/logs", ["x/logs"])
    found = joined([voice("a", one), voice("b", other, more)])
    assert len({each.proposal.id for each in found}) == 2
    by_line = {each.proposal.lines[0]: each for each in found}
    assert by_line["logs"].proposal.notes == ("git ignores it", "a: line 3")


def test_of_one_build_all_is_as_it_says() -> None:
    one = proposal("logs", "logs", ["logs"], notes=["line 3"])
    assert joined([voice("a", one)]) == (Joint(one, {"/r": frozenset({"logs"})}),)


def test_what_is_not_there_yet_is_what_all_want() -> None:
    both = proposal("deps", "**/nm", [])._replace(lines=("**/nm", "a/nm"))
    found = joined_ahead(
        [
            voice("a", ahead=[both, proposal("env", ".env", [])]),
            voice("b", ahead=[both._replace(lines=("**/nm",))]),
        ],
        taken={"deps"},
    )
    assert [(one.id, one.lines) for one in found] == [("deps-ahead", ("**/nm",))]


@pytest.mark.parametrize(
    ("other", "lines"),
    [
        pytest.param([], [], id="another build may take it"),
        pytest.param(
            [proposal("unused:web", "web", ["web"], sure=ASK)],
            ["web"],
            id="no build takes it",
        ),
        pytest.param(
            [proposal("venv", "**/.venv", ["web/.venv"])],
            ["**/.venv"],
            id="another one has something to say of a part",
        ),
    ],
)
def test_what_no_source_takes_is_asked_about_where_all_say_so(
    other: list[Proposal], lines: list[str]
) -> None:
    unused = proposal("unused:web", "web", ["web"], sure=ASK)
    said = joined([voice("jobs", unused), voice("api", *other)])
    assert [line for one in said for line in one.proposal.lines] == lines


def test_a_part_of_what_another_one_does_not_take_is_as_sure_as_ever() -> None:
    unused = proposal("unused:web", "web", ["web"], sure=ASK)
    venv = proposal("venv", "**/.venv", ["web/.venv"], sure=CERTAIN)
    (one,) = joined([voice("jobs", unused), voice("api", venv)])
    assert one.proposal.confidence is CERTAIN
