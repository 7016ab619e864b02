"""The suggestions in the report, and the sentence that they end in."""

from __future__ import annotations

import pytest

from ctxopt.core.model import (
    BuilderName,
    Confidence,
    Report,
    Request,
    Suggestion,
    Tally,
)
from ctxopt.view.report import advice, outcome
from ctxopt.view.terminal.layout import Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.reports import (
    QUESTIONS,
    asking,
    buildkit,
    cost,
    idle,
    settled,
    suggesting,
    suggestion,
)

NOW = cost(9_000_000, 5_000_000, 0.5, 0.05)


def section(report: Report, width: int = 80) -> list[str]:
    sections = [advice.suggestions, advice.questions, advice.held_back]
    made = [one(report, Page(width)) for one in sections]
    return [plain(line) for one in made for line in one.lines(len(one.rows))]


def ending(report: Report, width: int = 80) -> list[str]:
    return [plain(line) for line in outcome.outcome(report, Page(width))]


def after(report: Report, **changes: object) -> Report:
    """The report with another projection."""
    assert report.projection is not None
    then = NOW._replace(**changes)  # type: ignore[arg-type]
    return report._replace(projection=report.projection._replace(now=NOW, after=then))


def asked_for(**changes: object) -> Report:
    return asking()._replace(request=Request(".")._replace(**changes))  # type: ignore[arg-type]


# --- what gives way first -----------------------------------------------------------


def left(count: int, *made: Suggestion) -> list[str]:
    """The first words of the rows that are left of some, of a megabyte sent."""
    report = suggesting()
    tally = report.transfer.tally._replace(wire_bytes=1_000_000)
    sent = report.transfer._replace(tally=tally)
    report = report._replace(suggestions=made, transfer=sent)
    lines = advice.suggestions(report, Page(120)).lines(count)[1 : count + 1]
    return [plain(line).split()[0] for line in lines]


def small(pattern: str, wire: int, **changes: object) -> Suggestion:
    fields = {"wire_bytes": wire, "unsettles": False, **changes}
    one = suggestion("r", "texts", pattern, 1, 9)
    return one._replace(**fields)  # type: ignore[arg-type]


def test_what_saves_next_to_nothing_gives_way_first() -> None:
    assert left(1, small("tiny", 4_999), small("more", 5_000)) == ["more"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"unsettles": True}, id="it breaks a cache"),
        pytest.param({"id": "secret-dotenv"}, id="a secret"),
    ],
)
def test_what_counts_does_not_give_way_for_its_size(changes: dict[str, object]) -> None:
    made = small("counts", 9, **changes), small("more", 5_000)
    assert left(1, *made) == ["counts"]


def test_what_is_left_stands_in_its_order() -> None:
    made = small("a", 9_000), small("tiny", 10), small("b", 8_000)
    assert left(2, *made) == ["a", "b"]


# --- the table -------------------------------------------------------------------


def test_the_columns_stand_below_each_other() -> None:
    title, *rows = section(suggesting(), 120)[:13]
    saves = title.index("saves") + len("saves")
    ends = {cells(row[:saves].rstrip()) for row in rows}
    assert ends == {saves}
    assert {row[: saves + 1][-1] for row in rows} == {" "}


def test_what_is_not_sent_says_so_in_place_of_how_sure_it_is() -> None:
    rows = section(suggesting(), 44)[1:25:2]  # each has a second line
    last = [row.rsplit("  ", 1)[1] for row in rows]
    assert last == [
        *("likely", "likely", "certain", "certain", "certain"),
        *("certain", "certain", "certain", "certain"),
        *("not sent", "not sent", "not sent"),
    ]


def test_an_unusually_long_id_has_a_line_of_its_own() -> None:
    long = suggestion("x", "texts", "a.txt", 1, 9)._replace(
        id="a-name-of-25-characters-x"
    )
    others = [suggestion(f"s{n}", "texts", "b.txt", 1, 9) for n in range(2)]
    report = suggesting()._replace(suggestions=(others[0], long, others[1]))
    page = Page(60)
    lines = [plain(one) for one in advice.suggestions(report, page).lines(3)]
    assert [line.split()[-1] for line in lines] == [
        "id",
        "s0",
        "certain",
        "texts",
        "s1",
    ]
    assert lines[3] == "    a-name-of-25-characters-x: texts"


def test_the_seconds_give_way_to_the_ids() -> None:
    slow = suggestion("slow", "folders of log files", "logs", 1, 10**9, seconds=3.0)
    report = suggesting()._replace(suggestions=(slow,), held_back=())
    assert "at first" in section(report, 120)[0]
    assert section(report, 76)[0].endswith("id")


def test_a_wait_that_nobody_notices_has_no_column() -> None:
    quick = tuple(one._replace(seconds=0.09) for one in suggesting().suggestions)
    title, *rows = section(suggesting()._replace(suggestions=quick))
    assert "at first" not in title
    assert not any(" s " in row for row in rows[:12])


def test_a_narrow_page_keeps_lines_sizes_and_how_sure_it_is() -> None:
    assert section(suggesting(), 44)[1:3] == [
        "  logs                    24.87 MB  likely",
        "    logs-dirs: folders of log files",
    ]


def test_the_id_is_the_last_column_where_there_is_room_for_it() -> None:
    title, first, second, *_ = section(idle())
    assert [line.rsplit("  ", 1)[1] for line in (title, first, second)] == [
        "id",
        "node-modules",
        "os-macos",
    ]
    assert first.index("node-modules", 20) == title.index("id")


@pytest.mark.parametrize("width", range(40, 130, 6))
def test_no_id_is_ever_cut(width: int) -> None:
    shown = " ".join(section(suggesting(), width)).replace(":", "").split()
    assert {one.id for one in suggesting().suggestions} <= {*shown}


def test_a_note_is_shown_whole_or_not_at_all() -> None:
    noted = suggestion("a", "log files", "logs", 1, 5, notes=("git tracks it",))
    report = suggesting()._replace(suggestions=(noted,), held_back=())
    assert "log files, git tracks it  " in section(report, 80)[1]
    rows = [section(report, width)[1] for width in range(40, 80)]
    assert any("log files" in row and "git" not in row for row in rows)
    assert all("git tracks it" in row or "git" not in row for row in rows)


def test_what_is_left_out_is_counted() -> None:
    sure = [suggestion(f"s{n}", "s", "s", 1, 9) for n in range(8)]
    asked = [
        suggestion(f"q{n}", "q", "q", 1, 9, confidence=Confidence.ASK) for n in range(6)
    ]
    report = suggesting()._replace(suggestions=(*sure, *asked))
    page = Page(80)
    ends = [
        plain(one.lines(count)[-1])
        for one, count in (
            (advice.suggestions(report, page), 7),
            (advice.questions(report, page), 4),
            (advice.questions(report, page), 5),
            (advice.held_back(report, page), 1),
        )
    ]
    assert ends == [
        "  1 more, 109 B (-v)",
        "  2 more questions, 218 B (-v)",
        "  1 more question, 109 B (-v)",
        "  3 more held back (-v)",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"paths": ("q",), "path_count": 1}, None, id="the line says it"),
        pytest.param({"paths": ("a", "b"), "path_count": 2}, "hits a, b", id="two"),
        pytest.param(
            {"paths": ("a", "b", "c", "d", "e"), "path_count": 1_007},
            "hits a, b, c and 1,004 more",
            id="many",
        ),
        pytest.param(
            {"paths": ("a",), "path_count": 1, "notes": ("git tracks it",)},
            "hits a; git tracks it",
            id="what git says",
        ),
        pytest.param({"patterns": ("q", "r")}, "writes q  r", id="several lines"),
    ],
)
def test_a_question_says_what_a_yes_takes(
    changes: dict[str, object], said: str | None
) -> None:
    asked = suggestion("q", "q", "q", 1, 9, confidence=Confidence.ASK)
    asked = asked._replace(**changes)  # type: ignore[arg-type]
    report = suggesting()._replace(suggestions=(asked,), held_back=())
    lines = section(report, 120)[2:]
    assert lines == ([] if said is None else [f"    {said}"])


def test_nothing_is_left_out_without_a_word() -> None:
    report = suggesting()._replace(suggestions=suggesting().suggestions[:3])
    assert not any("more (" in row for row in section(report))


# --- the ending ------------------------------------------------------------------


def test_a_report_without_a_projection_ends_without_a_word() -> None:
    assert ending(buildkit()) == []


def test_nothing_to_suggest_is_said() -> None:
    assert ending(settled()._replace(held_back=())) == [outcome.NONE]
    assert ending(settled()) == [outcome.ALL_HELD]
    assert section(settled()._replace(held_back=())) == []


def test_one_question_is_one() -> None:
    one = asking()._replace(suggestions=asking().suggestions[:1])
    assert ending(one) == ["1 question left, ask yourself: ctxopt write"]


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        pytest.param(0.495, 0.05, None, id="less than can be told"),
        pytest.param(0.4, 0.045, "About 0.10 s less at first", id="only at first"),
        pytest.param(
            0.1, 0.02, "About 0.40 s less at first, 0.03 s less each time", id="both"
        ),
    ],
)
def test_seconds_are_estimates_with_their_profile(
    first: float, again: float, said: str | None
) -> None:
    report = after(
        suggesting(),
        transfer=Tally(wire_bytes=10),
        first_build_seconds=first,
        repeat_build_seconds=again,
    )
    told = [line for line in ending(report) if "estimate" in line]
    assert told == ([f"{said} (estimate, profile local)."] if said else [])


def test_the_context_is_compared_where_the_transfer_stays() -> None:
    lines = ending(after(suggesting(), context=Tally(wire_bytes=4_500_000)))
    assert lines[0] == "Context 9.00 MB → 4.50 MB  (50 % less)"


def left_to_people(report: Report) -> str:
    """The words where `write --yes` leaves everything as it is."""
    projection = report.projection
    assert projection is not None
    same = projection._replace(after=projection.now)
    lines = ending(report._replace(projection=same, request=Request(".")), 400)
    return " ".join(lines)


def test_what_is_not_sent_is_for_other_builds() -> None:
    said = left_to_people(idle())
    assert said.startswith("This build sends none of it, ")
    assert "to come. Write it all the same: ctxopt write" in said


def test_lines_that_weigh_more_than_they_save_are_left_to_a_person() -> None:
    one = suggestion("os-macos", "macOS Finder files", "**/.DS_Store", 1, 10)
    said = left_to_people(idle()._replace(suggestions=(one,)))
    assert said.startswith("The lines would weigh more than they keep out, ")
    assert "Write it all the same: ctxopt write" in said


def test_questions_come_with_what_is_not_sent() -> None:
    report = idle()._replace(suggestions=(*QUESTIONS, *idle().suggestions))
    said = left_to_people(report)
    assert "This build sends none of it" in said
    assert "questions left, ask yourself: ctxopt write" in said


def test_the_layers_that_clutter_unsettles_are_named_once() -> None:
    said = "The cache of COPY . . (line 7) no longer breaks when these change."
    assert ending(suggesting()).count(said) == 1


def test_questions_unsettle_no_layer_that_is_promised() -> None:
    report = after(asking(), transfer=Tally(wire_bytes=10))
    assert not any("cache" in line for line in ending(report))


@pytest.mark.parametrize(
    ("report", "command"),
    [
        pytest.param(asked_for(), "ctxopt write", id="the plain build"),
        pytest.param(
            asked_for(context="a b"), "ctxopt write 'a b'", id="another folder"
        ),
        pytest.param(
            asked_for(dockerfile="x/Dockerfile", target="t"),
            "ctxopt write -f x/Dockerfile --target t",
            id="another Dockerfile and stage",
        ),
        pytest.param(
            asked_for(builder=BuilderName.LEGACY),
            "ctxopt write --builder legacy",
            id="the other builder",
        ),
        pytest.param(
            asked_for(build_args={"A": ""}, build_contexts={"n": "../n"}),
            "ctxopt write --build-arg A= --build-context n=../n",
            id="arguments and contexts",
        ),
    ],
)
def test_the_next_command_is_for_the_build_that_was_measured(
    report: Report, command: str
) -> None:
    assert ending(report, 120)[-1].endswith(f": {command}")


def test_a_long_command_goes_below() -> None:
    lines = ending(asked_for(context="folder/" * 8), 60)
    assert lines == [
        "3 questions left, ask yourself:",
        "  ctxopt write",
        "  folder/folder/folder/folder/folder/folder/folder/folder/",
    ]
