"""Ids of suggestions: from what is ignored, unlike each other, fit for a shell."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.ignorefile import block
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.rules import rules

PATHS = st.text(st.characters(exclude_characters="\0\n"), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("texts", "short"),
    [
        pytest.param(["/data/"], "git-data", id="slashes are no part of it"),
        pytest.param(["**/*.LOG"], "git-log", id="nor are stars, nor capitals"),
        pytest.param(["local.properties"], "git-local-properties", id="dots are"),
        pytest.param(
            ["srv/dumps/2026-full-shop.sql"],
            "git-full-shop-sql",
            id="of a long one the end counts",
        ),
        pytest.param(["x" * 40], f"git-{'x' * ids.TAIL}", id="a long word is cut"),
        pytest.param(["*", "a/cache"], "git-a-cache", id="the first text with words"),
        pytest.param(["日本", ""], "git", id="other letters than ASCII are none"),
    ],
)
def test_a_name_is_read_off_what_is_ignored(texts: list[str], short: str) -> None:
    assert ids.name(ids.GIT, *texts, key="k").short == short


def named(*keys: str) -> list[ids.Name]:
    return [ids.name(ids.GIT, key.rpartition(":")[2], key=key) for key in keys]


def test_what_nothing_else_is_called_has_no_digits() -> None:
    assert ids.told_apart(named("a:data", "a:logs")) == ("git-data", "git-logs")


def test_those_of_the_same_name_all_get_digits_and_the_others_none() -> None:
    first, other, second = ids.told_apart(named("a:data", "a:logs", "b:data"))
    assert other == "git-logs"
    assert re.fullmatch(r"git-data-[0-9a-f]{4}", first)
    assert re.fullmatch(r"git-data-[0-9a-f]{4}", second)
    assert first != second


def test_digits_do_not_depend_on_the_order_or_on_the_others() -> None:
    one, two, three = named("a:data", "b:data", "c:data")
    alone = dict(zip("ab", ids.told_apart([one, two]), strict=True))
    turned = dict(zip("cba", ids.told_apart([three, two, one]), strict=True))
    assert {key: turned[key] for key in "ab"} == alone


def test_what_has_no_word_in_it_is_called_by_digits() -> None:
    (given_,) = ids.told_apart(named("a:日本"))
    assert re.fullmatch(r"git-[0-9a-f]{4}", given_)


def test_a_rule_keeps_its_name_beside_one_that_is_called_so() -> None:
    both = [ids.Name("git-data"), *named("a:data")]
    rule, line = ids.told_apart(both)
    assert rule == "git-data"
    assert line.startswith("git-data-")


def test_the_same_twice_is_numbered() -> None:
    first, second = ids.told_apart(named("a:data", "a:data"))
    assert second == f"{first}-2"


def test_no_rule_is_called_as_what_no_rule_speaks_for() -> None:
    first = {rule.id.partition("-")[0] for rule in rules().rules}
    assert first & {*ids.WORDS, block.NO} == set()


@given(
    st.lists(
        st.tuples(st.sampled_from(ids.WORDS), PATHS, PATHS), max_size=8, unique=True
    )
)
def test_ids_are_short_unlike_and_need_no_quotes(
    said: list[tuple[str, str, str]],
) -> None:
    names = [ids.name(word, path, key=f"{word}:{key}") for word, path, key in said]
    given_ = ids.told_apart(names)
    assert len({*given_}) == len(names)
    for one in given_:
        assert shlex.quote(one) == one
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one)
        assert len(one) <= len("environment") + ids.TAIL + 12
