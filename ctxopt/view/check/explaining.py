"""One rule explained, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO

from ctxopt.core.checking.catalogue import FAMILIES
from ctxopt.core.checking.records import CheckRule
from ctxopt.view.report.problems import SEVERITY
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    hanging,
    left,
    paragraph,
)
from ctxopt.view.terminal.output import page_of, write_lines

WIDEST = 100  # columns


def show_list(rules: Iterable[CheckRule], out: TextIO) -> None:
    """Write a line for each rule, under the names of the families."""
    write_lines(listing(rules, _page(out)), out)


def show_rules(rules: Iterable[CheckRule], out: TextIO) -> None:
    """Write all that there is to know of some rules."""
    page = _page(out)
    lines: list[Line] = []
    for rule in rules:
        lines += [*([()] if lines else []), *explanation(rule, page)]
    write_lines(lines, out)


def _page(out: TextIO) -> Page:
    page = page_of(out)
    return page.bounded(WIDEST)


def listing(rules: Iterable[CheckRule], page: Page) -> Iterator[Line]:
    """A line for each rule: number, usual severity, word and title."""
    rules = tuple(rules)
    width = max((len(rule.code) for rule in rules), default=0)
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield ((f"CTX{family}xx  {FAMILIES[family]}", TITLE),)
        for rule in members:
            severity = left(rule.finding.severity, 9)
            head = f"  {rule.number}  {severity}{left(rule.code, width)}  "
            yield from hanging(head, page.safe(rule.finding.title), page)


def explanation(rule: CheckRule, page: Page) -> Iterator[Line]:
    """What a rule catches, why, an example, and what to do."""
    severities = rule.finding.severities
    yield ((f"{rule.number} {rule.code}", STRONG),)
    told = ((f"{one}", SEVERITY[one]) for one in severities)
    yield _joined([("  ", ""), *_between(told, (" or ", ""))])
    yield ()
    yield from paragraph(f"{_sentence(rule.finding.title)}. {rule.why}", page)
    yield ()
    yield from _example("What it catches", rule.example, page)
    yield from _example("As it should be", rule.better, page)
    yield from hanging("What to do  ", _sentence(rule.finding.cure), page)
    if rule.hadolint:
        yield from hanging("hadolint    ", f"{rule.hadolint} says the same", page)
    yield from hanging("Silence it  ", _silence(rule), page)


def _silence(rule: CheckRule) -> str:
    """How not to hear of a rule: where its findings have a line, and where none."""
    comment = f"# ctxopt: ignore={rule.number}"
    match rule.family:
        case "0":  # about such comments
            return f"ctxopt check --ignore {rule.number}"
        case "3":
            return f"{comment} alone at the top of the Dockerfile"
        case _:
            return f"{comment} on the line before, or alone at the top of the file"


def _between(
    spans: Iterable[tuple[str, str]], mark: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    for number, span in enumerate(spans):
        if number:
            yield mark
        yield span


def _joined(spans: list[tuple[str, str]]) -> Line:
    return tuple(spans)


def _example(title: str, text: str, page: Page) -> Iterator[Line]:
    yield ((title, QUIET),)
    for line in text.split("\n"):
        yield ((f"    {page.safe(line)}", ""),)
    yield ()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
