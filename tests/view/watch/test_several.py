"""Several builds watched: what a change means, lines, objects, the table."""

from __future__ import annotations

import json
import time

import pytest

from ctxopt.core.findings import codes
from ctxopt.core.model import Location
from ctxopt.core.watching.moment import Change, What
from ctxopt.core.watching.several import (
    BuildChange,
    BuildEvent,
    BuildProblem,
    BuildRow,
    SeveralEvent,
    SeveralMoment,
    SharedChange,
)
from ctxopt.view.terminal.layout import Page, cells
from ctxopt.view.terminal.output import plain
from ctxopt.view.watch.several import words
from ctxopt.view.watch.several.lines import SeveralPlain
from ctxopt.view.watch.several.objects import SeveralJson
from ctxopt.view.watch.several.screen import only_for_one, render
from tests.view import reports
from tests.view.expected import assert_golden
from tests.view.moments import ALL, LONG, SRC, changed, quiet

NOW = time.mktime((2026, 8, 1, 12, 3, 11, 0, 0, -1))
SIZES = [(44, 16), (80, 24), (120, 40)]


def shared(path: str, *builds: BuildChange, others: str = "") -> SharedChange:
    names = (one.build for one in builds)
    return SharedChange(path, builds, (*names, *others.split()))


def of(build: str, change: Change, *, is_sent: bool = True) -> BuildChange:
    return BuildChange(build, change, is_sent)


def unsettling(build: str, path: str = "a", **more: object) -> BuildChange:
    return of(build, changed(path, 5, 8, invalidates=(ALL,), **more))  # type: ignore[arg-type]


PLAIN = changed("a", 5, 8)
OUT = changed("a", 5, 8, inside=False, taken=False)

MEANINGS = {
    "one build copies it": (
        shared("a", unsettling("api"), others="web"),
        "api: COPY . . (Dockerfile:7) and 3 more; web: nothing",
    ),
    "all builds copy it": (
        shared("a", unsettling("api"), unsettling("web")),
        (
            "api: COPY . . (Dockerfile:7) and 3 more;"
            " web: COPY . . (Dockerfile:7) and 3 more"
        ),
    ),
    "several sources of a build take it, in several stages": (
        shared("a", of("api", changed("a", 5, 8, invalidates=(SRC, ALL)))),
        "api: COPY src /app (Dockerfile:5, stage builder) and 13 more",
    ),
    "nothing stands behind the instruction": (
        shared("a", of("api", changed("a", 5, 8, invalidates=(LONG,)))),
        (
            "api: COPY --chown=app:app --link package.json yarn.lock tsconfig.json"
            " .npmrc /srv/ (Dockerfile:12, stage builder)"
        ),
    ),
    "many builds have nothing to do with it": (
        shared("a", unsettling("api"), others="b c d e"),
        "api: COPY . . (Dockerfile:7) and 3 more; 4 others: nothing",
    ),
    "it may only be touched": (
        shared(
            "a",
            of("api", changed("a", 5, 5, invalidates=(ALL,), what=What.TIME)),
            others="b",
        ),
        "unless only touched, api: COPY . . (Dockerfile:7) and 3 more; b: nothing",
    ),
    "it was only touched": (
        shared("a", of("api", changed("a", 5, 5, what=What.NOTHING))),
        "sent, nothing runs again",
    ),
    "no build takes it": (
        shared("a", of("api", PLAIN, is_sent=False), of("web", OUT, is_sent=False)),
        "no build sends it",
    ),
    "all ignore files keep it out": (
        shared("a", of("api", OUT, is_sent=False)),
        "kept out of all builds",
    ),
    "it is gone, and no build sent it": (
        shared("a", of("api", changed("a", 5, None, taken=False), is_sent=False)),
        "no build sent it",
    ),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_a_change_says_what_it_means_for_each_build(name: str) -> None:
    change, said = MEANINGS[name]
    assert words.meaning(change) == said


def row(name: str, **more: object) -> BuildRow:
    whole = BuildRow(name, f"{name}/Dockerfile", ".", reports.buildkit())
    return whole._replace(**more)  # type: ignore[arg-type]


def gone(name: str) -> BuildRow:
    return row(name, report=None, failed='no such folder: "gone"; check the path')


def busy() -> SeveralMoment:
    """Builds of all kinds, changes of all kinds."""
    return SeveralMoment(
        folder="shop",
        rows=(
            row("api", budget=20_000_000),
            row("web", report=reports.failing()),
            gone("worker"),
            row("a-build-with-a-name-that-is-much-too-long-for-its-column"),
            row("inline", dockerfile="", report=reports.nothing()),
            row("docs", context="docs", failed="Dockerfile:3: unknown word"),
        ),
        changes=(
            shared("shop/api/main.py", unsettling("api"), others="web docs"),
            shared("shop/logs/a.log", unsettling("api"), unsettling("web")),
            shared("shop/out", of("api", OUT, is_sent=False)),
        ),
        message="docs: the build cannot be measured",
        watches=622,
        polled=4,
    )


SCREENS = {
    "busy": busy(),
    "quiet": SeveralMoment(".", (row("api"), row("web")), watches=1),
    "empty": SeveralMoment(".", (), paused=True),
}


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_looks_as_it_was_approved(
    name: str, width: int, height: int
) -> None:
    lines = [plain(one) for one in render(SCREENS[name], Page(width), height)]
    assert len(lines) == height
    assert_golden(
        f"watch-several-{name}-{width}.txt", "".join(f"{one}\n" for one in lines)
    )


@pytest.mark.parametrize("height", range(1, 26))
@pytest.mark.parametrize("width", [3, 12, 30, 61, 100, 160])
def test_the_screen_fits_any_terminal(width: int, height: int) -> None:
    lines = render(busy(), Page(width), height)
    assert len(lines) == height
    assert max(cells(plain(line)) for line in lines) <= width


def test_a_key_of_a_single_build_says_how_to_watch_one() -> None:
    said = "w is for a single build, such as: ctxopt watch -f api/Dockerfile ."
    assert only_for_one("w", busy()) == said
    assert only_for_one("u", SCREENS["empty"]) == "u is for a single build"


# --- lines -------------------------------------------------------------------------


def event(*changes: SharedChange, **more: object) -> SeveralEvent:
    return SeveralEvent(changes, **more)  # type: ignore[arg-type]


def new(build: str) -> BuildEvent:
    return BuildEvent(build, quiet(), is_new=True)


def test_the_first_lines_have_each_build() -> None:
    moment = busy()._replace(rows=(*busy().rows[:1], gone("worker"), row("docs")))
    variable = codes.SOURCE_MISSING.problem(
        "X is not set", place=Location("compose.yaml", 3, 3)
    )
    refused = codes.REFUSED.problem('no such folder: "gone"')
    problems = (BuildProblem("", variable), BuildProblem("worker", refused))
    begun = event(builds=(new("api"), new("docs")), problems=problems, found=True)
    assert SeveralPlain().begin(begun, moment, NOW).splitlines() == [
        "12:03:11 watching 3 builds in shop",
        (
            "12:03:11 api: transfer 26.62 MB   api/Dockerfile for ."
            "   OVER the budget of 20.00 MB by 6.62 MB"
        ),
        '12:03:11 worker: cannot be measured: no such folder: "gone"; check the path',
        "12:03:11 docs: transfer 26.62 MB   docs/Dockerfile for .",
        "12:03:11 error: compose.yaml:3: X is not set",
    ]


def test_a_line_has_the_sizes_that_are_others_now() -> None:
    lines = SeveralPlain()
    lines.begin(event(), busy(), NOW)
    moment = busy()._replace(
        rows=(
            row("api", report=reports.nothing()),
            row("web"),
        )
    )
    happened = event(
        shared("a", unsettling("api"), others="web"),
        builds=(BuildEvent("api", quiet()), BuildEvent("web", quiet())),
    )
    told = lines.tell(happened, moment, NOW)
    again = lines.tell(happened, moment, NOW)
    assert told.startswith(
        "12:03:11 a +3 B  api: COPY . . (Dockerfile:7) and 3 more; web: nothing"
    )
    assert "   transfer: api 0 B\n" in told
    assert "   transfer: " not in again  # they are told already


def test_builds_that_come_and_break_are_told() -> None:
    lines = SeveralPlain()
    lines.begin(event(), busy(), NOW)
    problem = codes.REFUSED.problem("COPPY", place=Location("Dockerfile", 2, 2))
    happened = event(
        builds=(new("api"),),
        problems=(BuildProblem("docs", problem, stale=True),),
        found=True,
    )
    assert lines.tell(happened, busy(), NOW).splitlines() == [
        "12:03:11 6 builds in shop now",
        (
            "12:03:11 api: transfer 26.62 MB   api/Dockerfile for ."
            "   OVER the budget of 20.00 MB by 6.62 MB"
        ),
        (
            "12:03:11 error: docs: Dockerfile:2: COPPY"
            "   the sizes stay those of before until it is mended"
        ),
    ]


def test_a_suggestion_for_several_builds_is_one_line_with_what_all_save() -> None:
    (made, *_) = reports.suggesting().suggestions
    builds = tuple(
        BuildEvent(name, quiet(), appeared=(made,), vanished=(made,))
        for name in ("api", "web")
    )
    told = SeveralPlain().tell(event(builds=builds), busy(), NOW).splitlines()
    (line,) = [one for one in told if one[9:].startswith("suggested for api, web: ")]
    (no_more,) = [one for one in told if "no longer suggested for api, web: " in one]
    assert made.patterns[0] in line
    assert no_more.endswith("  ".join(made.patterns))


# --- objects -----------------------------------------------------------------------


def test_each_object_names_its_build() -> None:
    problem = codes.REFUSED.problem("COPPY", place=Location("Dockerfile", 2, 2))
    happened = event(
        shared("a", unsettling("api")),
        builds=(new("docs"), BuildEvent("api", quiet(), (PLAIN,))),
        problems=(BuildProblem("web", problem, stale=True),),
        found=True,
    )
    told = [
        json.loads(line)
        for line in SeveralJson().tell(happened, busy(), NOW).splitlines()
    ]
    assert [(one["event"], one.get("build")) for one in told] == [
        ("builds", None),
        ("problem", "web"),
        ("ready", "docs"),
        ("change", "api"),
    ]
    first, wrong, _, change = told
    assert [one["name"] for one in first["builds"]][:2] == ["api", "web"]
    assert first["builds"][0]["budget_bytes"] == 20_000_000
    assert first["builds"][2]["transfer_wire_bytes"] is None
    assert wrong["stale"] is True
    assert change["paths"] == ["a"]


def test_a_moment_without_other_builds_does_not_list_them() -> None:
    told = SeveralJson().tell(event(builds=(new("api"),)), busy(), NOW)
    assert [json.loads(one)["event"] for one in told.splitlines()] == ["ready"]
