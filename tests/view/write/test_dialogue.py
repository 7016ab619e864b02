"""What `write` shows and asks, word for word."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from ctxopt.core.model import BuildCost, HeldBack, Tally
from ctxopt.view.terminal.layout import cells
from ctxopt.view.write import dialogue
from tests.view.reports import QUESTIONS, suggestion

WHOLE, REST = Tally(500, 398, 102, 17_000_000, 17_380_000), Tally(60, 56, 4, 100, 3_460)
NOW = BuildCost(WHOLE, WHOLE, 30_000, 0.18, 0.05)
THEN = BuildCost(REST, REST, 3_000, 0.04, 0.01)


class Page(io.StringIO):
    """A stream of some width that is no terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, width: int = 80) -> None:
        super().__init__()
        monkeypatch.setenv("COLUMNS", str(width))

    @property
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


class Person:
    """Gives prepared answers, and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = [*answers]
        self.asked: list[str] = []

    def __call__(self, words: str) -> str:
        self.asked.append(words)
        return self.answers.pop(0)


# --- the questions ---------------------------------------------------------------

FIRST, SECOND, THIRD = (one.id for one in QUESTIONS)


@pytest.mark.parametrize(
    ("answers", "accepted", "declined"),
    [
        pytest.param("y n y", {FIRST, THIRD}, {SECOND}, id="yes and no"),
        pytest.param("Yes NO yes!", {FIRST, THIRD}, {SECOND}, id="whole words"),
        pytest.param("y - -", {FIRST}, {SECOND, THIRD}, id="an empty answer is no"),
        pytest.param("n a", {SECOND, THIRD}, {FIRST}, id="all is all from here on"),
        pytest.param("y d", {FIRST}, set(), id="done leaves the rest unanswered"),
        pytest.param("n d", set(), {FIRST}, id="and keeps what was said so far"),
        pytest.param("w w y d", {FIRST}, set(), id="after why it asks again"),
        pytest.param("x 1 y d", {FIRST}, set(), id="and after nonsense"),
    ],
)
def test_answers(
    page: Page, answers: str, accepted: set[str], declined: set[str]
) -> None:
    person = Person(*(word.replace("-", "") for word in answers.split()))
    given = dialogue.Answers(frozenset(accepted), frozenset(declined))
    assert dialogue.ask(QUESTIONS, person, page) == given
    assert person.answers == []


def test_quit_drops_all_answers(page: Page) -> None:
    assert dialogue.ask(QUESTIONS, Person("y", "n", "q"), page) is None


def test_nothing_to_ask_says_nothing(page: Page) -> None:
    assert dialogue.ask((), Person(), page) == dialogue.NO_ANSWERS
    assert page.getvalue() == ""


def test_a_question_tells_what_how_much_and_asks_once(page: Page) -> None:
    person = Person("n", "n", "n")
    dialogue.ask(QUESTIONS, person, page)
    assert page.lines == [
        "",
        "1/3  dumps/2026-08-01-production-shop-full.sql",
        "     large-shop-full-sql: one file, 11 % of what is sent, 3.00 MB, 1 file",
        "     Does the image do without one file, 11 % of what is sent?",
        "",
        "2/3  services/shop/tmp  services/shop/out",
        f"     git-tmp: {QUESTIONS[1].label}, 204.1 kB, 41 files",
        '     services/shop/.gitignore:12 has "/tmp"',
        "     Does the image do without git ignores it?",
        "",
        "3/3  tests",
        "     tests: the tests, 7.10 kB, 1 file",
        "     Does the image do without the tests?",
        "",
    ]
    assert set(person.asked) == {
        "     Keep it out? [y]es, [N]o, [w]hy, [a]ll, [d]one asking, [q]uit: "
    }


def test_why_gives_the_reason_and_all_that_is_known(page: Page) -> None:
    one = QUESTIONS[2]._replace(
        risk="An image that runs them.",
        notes=("git tracks it", "line 3 mentions it"),
    )
    dialogue.ask((one,), Person("w", "n"), page)
    assert page.lines[5:9] == [
        "     No image has a use for the tests.",
        "     Who may need it: An image that runs them.",
        "     git tracks it",
        "     line 3 mentions it",
    ]


def test_what_is_not_sent_says_so(page: Page) -> None:
    one = suggestion("a", "archives", "a.zip", 2, 1_000, sent=False)
    dialogue.ask((one,), Person("n"), page)
    assert page.lines[2] == "     a: archives, 1.20 kB, 2 files, not sent by this build"


@pytest.mark.parametrize("question", ["", "Keep it out?", "Keep the tests out?"])
def test_what_the_prompt_asks_is_not_asked_twice(page: Page, question: str) -> None:
    one = QUESTIONS[2]._replace(question=question)
    dialogue.ask((one,), Person("n"), page)
    assert page.lines == [
        "",
        "1/1  tests",
        "     tests: the tests, 7.10 kB, 1 file",
        "",
    ]


@pytest.mark.parametrize("width", [40, 44, 60, 80])
def test_no_question_is_wider_than_the_page(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    page = Page(monkeypatch, width)
    person = Person("w", "n", "w", "n", "w", "n")
    dialogue.ask(QUESTIONS, person, page)
    shown = [*page.lines, *person.asked]
    assert [line for line in shown if cells(line) > width] == []


def test_names_do_not_control_the_terminal(page: Page) -> None:
    bad = "a\x1b[31m\n\udcff"
    one = suggestion("a", bad, "x", 1, 1, notes=(bad,))._replace(
        patterns=(bad,),
        reason=bad,
        question=bad,
    )
    person = Person("w", "n")
    dialogue.ask((one,), person, page)
    dialogue.show_held((HeldBack("a", bad, bad),), page)
    dialogue.show_diff(b"a\n", b"a\n\x1b[31m\xff\n", bad, page)
    shown = page.getvalue() + "".join(person.asked)
    assert "\x1b" not in shown
    assert "\udcff" not in shown
    assert r"\x1b[31m" in shown
    assert r"\xff" in shown


# --- before and after ------------------------------------------------------------


TIMES = "0.18 s → 0.04 s at first, 0.05 s → 0.01 s each time"


def outcome(page: Page, now: BuildCost, then: BuildCost) -> Sequence[str]:
    dialogue.show_outcome(now, then, "local", page)
    return page.lines


def test_one_line_where_everything_is_sent(page: Page) -> None:
    assert outcome(page, NOW, THEN) == [
        "Transfer  17.38 MB → 3.46 kB  (>99 % less)  398 → 56 files",
        f"Seconds   {TIMES} (estimate, profile",
        "          local)",
    ]


def test_a_narrow_page_does_without_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    then = NOW._replace(context=REST, transfer=REST)
    assert outcome(Page(monkeypatch, 44), NOW, then) == [
        "Transfer  17.38 MB → 3.46 kB  (>99 % less)"
    ]


def test_context_and_transfer_stand_below_each_other(page: Page) -> None:
    now = NOW._replace(context=Tally(3_000, 2_398, 602, 99, 217_400_000))
    assert outcome(page, now, THEN)[:2] == [
        "Context   217.4 MB → 3.46 kB  (>99 % less)  2,398 → 56 files",
        "Transfer  17.38 MB → 3.46 kB  (>99 % less)    398 → 56 files",
    ]


@pytest.mark.parametrize(
    ("now", "then", "lines"),
    [
        pytest.param(NOW, NOW, [], id="nothing changes"),
        pytest.param(
            NOW,
            NOW._replace(context=REST),
            ["Context   17.38 MB → 3.46 kB  (>99 % less)  398 → 56 files"],
            id="the transfer stays",
        ),
        pytest.param(
            BuildCost(Tally(2, 1, 1, 1, 1_000), Tally(2, 1, 1, 1, 1_000), 1, 0.0, 0.0),
            BuildCost(Tally(3, 2, 1, 1, 1_310), Tally(3, 2, 1, 1, 1_310), 1, 0.0, 0.0),
            ["Transfer  1.00 kB → 1.31 kB  (310 B more)  1 → 2 files"],
            id="the new file itself weighs more",
        ),
        pytest.param(
            NOW,
            NOW._replace(
                context=WHOLE._replace(files=1),
                transfer=WHOLE._replace(files=1),
                first_build_seconds=0.1,
            ),
            [
                "Transfer  17.38 MB → 17.38 MB  (0 % less)  398 → 1 file",
                "Seconds   0.18 s → 0.10 s at first (estimate, profile local)",
            ],
            id="one file, and the repeat stays",
        ),
    ],
)
def test_before_and_after(
    page: Page, now: BuildCost, then: BuildCost, lines: list[str]
) -> None:
    assert outcome(page, now, then) == lines


def test_growth_says_how_much_and_why() -> None:
    assert dialogue.growth(THEN, NOW) == (
        "a build would send 17.38 MB more: the ignore file itself is sent, and its new "
        "lines weigh more than they keep out"
    )


# --- what is not sent ------------------------------------------------------------


def test_what_is_not_sent_is_shown_as_a_whole(page: Page) -> None:
    dialogue.show_unsent(QUESTIONS[2:], page)
    assert page.lines == [
        "1 suggestion for what this build does not send; the lines save it nothing:",
        "     tests",
    ]


def test_many_lines_of_it_are_counted(page: Page) -> None:
    many = suggestion("a", "archives", " ".join(f"{n:02}.zip" for n in range(14)), 1, 1)
    dialogue.show_unsent([many], page)
    assert page.lines[-1].endswith("11.zip and 2 more")


# --- held back, and the diff -----------------------------------------------------


def test_what_was_held_back_hangs_below_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page(monkeypatch, 44)
    held = HeldBack("a", "seed/demo.sql.gz", "COPY names it (line 16)")
    dialogue.show_held((held,), page)
    assert page.lines == [
        "Held back  seed/demo.sql.gz: COPY names it",
        "           (line 16)",
        "",
    ]


def test_what_two_rules_would_hit_is_held_back_once(page: Page) -> None:
    held = [HeldBack(rule, "a", "COPY names it") for rule in ("one", "another")]
    dialogue.show_held(held, page)
    assert page.lines == ["Held back  a: COPY names it", ""]


def test_nothing_held_back_is_no_line(page: Page) -> None:
    dialogue.show_held((), page)
    assert page.getvalue() == ""


def test_a_diff_of_a_file_with_carriage_returns_reads_as_any_other(page: Page) -> None:
    dialogue.show_diff(b"a\r\n", b"a\r\nb\r\n", ".dockerignore", page)
    assert page.lines == [
        "--- a/.dockerignore",
        "+++ b/.dockerignore",
        "@@ -1 +1,2 @@",
        " a",
        "+b",
    ]
