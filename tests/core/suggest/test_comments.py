from __future__ import annotations

import re

import pytest

from ctxopt.core.ignorefile.block import with_entries
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import Confidence
from ctxopt.core.suggest.comments import COLUMNS, NO_RISK, entries_of
from ctxopt.core.suggest.ids import Name
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.rules import Rule, rules
from ctxopt.core.suggest.topics import OTHERS, TITLES, topic_of
from tests.rows import answers

LABEL, WHY = "log files", "They grow all the time."


def proposal(rule: str = "logs-files", **words: str) -> Proposal:
    return Proposal(
        rule=rule,
        name=Name(rule),
        label=words.get("label", LABEL),
        reason=words.get("reason", WHY),
        confidence=Confidence.LIKELY,
        question="",
        lines=("*.log",),
        clutter=(),
        risk=words.get("risk", ""),
        id=words.get("id", "logs-files"),
        comment=words.get("comment", ""),
    )


LONG = "Builds that read them " + "and read them again " * 6


@pytest.mark.parametrize(
    ("one", "words"),
    [
        pytest.param(
            proposal(),
            "log files. They grow all the time",
            id="why, where no build needs it",
        ),
        pytest.param(
            proposal(risk="Samples in tests."),
            "log files. Risk: Samples in tests",
            id="who needs it, where somebody does",
        ),
        pytest.param(
            proposal(risk="None known; the folder stays."),
            "log files. They grow all the time",
            id="a risk that is none is not told",
        ),
        pytest.param(
            proposal(reason=f"They grow; {LONG}"),
            "log files. They grow",
            id="of a long reason the sentences that fit",
        ),
        pytest.param(
            proposal(reason=LONG), "log files", id="and nothing where none does"
        ),
        pytest.param(
            proposal(risk=LONG),
            "log files. Risk: Builds that read them and read them again and read them "
            "again ...",
            id="a long risk is cut between words",
        ),
        pytest.param(
            proposal(comment="one large file", label="one file, 40 % of what is sent"),
            "one large file",
            id="no number of today",
        ),
        pytest.param(
            proposal(comment="git ignores it (.gitignore: /a\tb)"),
            "git ignores it (.gitignore: /ab)",
            id="only what can be printed",
        ),
    ],
)
def test_a_comment_says(one: Proposal, words: str) -> None:
    (entry,) = entries_of([one])
    assert entry.words == words


def unfit(rule: Rule) -> list[str]:
    """What is wrong with the comment of a rule, and the comment."""
    one = proposal(
        rule.id, label=rule.label, reason=rule.reason, risk=rule.risk, id=rule.id
    )
    (entry,) = entries_of([one])
    line = f"# {entry.rule}: {entry.words}"
    silent = not rule.risk or rule.risk.startswith(NO_RISK)
    fit = {
        "it fits a line": len(line) <= COLUMNS,
        "it is ASCII": line.isascii(),
        "it begins with the label": entry.words.startswith(rule.label),
        "it tells the risk": silent or ". Risk: " in line,
        "it counts nothing": not re.search(r"\d[\d,.]* (files?|[kMG]?B)\b", line),
    }
    return [f"not so: {words}: {line}" for words, holds in fit.items() if not holds]


def test_every_rule_has_a_comment_of_one_line_without_counts() -> None:
    by_id = {rule.id: rule for rule in rules().rules}
    found = answers(by_id, lambda id_: unfit(by_id[id_]))
    assert {id_: wrong for id_, wrong in found.items() if wrong} == {}


def test_every_rule_has_a_topic() -> None:
    assert [rule.id for rule in rules().rules if topic_of(rule.id) == OTHERS] == []


@pytest.mark.parametrize(
    ("rule", "topic"),
    [
        ("large:dump.sql", "data"),
        ("git-ignored:.gitignore:3", "ignored"),
        ("environment:py3", "dependencies"),
        ("cache:x", "caches"),
        ("unused:web", OTHERS),
        ("a-rule-that-there-is-not", OTHERS),
    ],
)
def test_what_no_rule_speaks_for_has_a_topic(rule: str, topic: str) -> None:
    assert topic_of(rule) == topic


def test_a_block_has_its_topics_in_one_order_whatever_weighs_most() -> None:
    two = [
        proposal("logs-files"),
        proposal("node-modules", id="node-modules")._replace(lines=("node_modules",)),
    ]
    texts = {
        with_entries(parse(b"", "x"), entries_of(order)).to_bytes()
        for order in (two, two[::-1])
    }
    assert len(texts) == 1
    said = texts.pop().decode()
    assert said.index(TITLES["dependencies"]) < said.index(TITLES["data"])


@pytest.mark.parametrize("title", TITLES.values())
def test_the_line_above_a_topic_fits_a_terminal(title: str) -> None:
    assert len(f"+# --- {title}") <= 80
