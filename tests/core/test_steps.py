"""What is told of one of many builds says which of them it is."""

from __future__ import annotations

from ctxopt.core.steps import OneOfMany, Step
from tests.listening import Heard


def test_a_step_of_one_build_is_told_as_where_the_whole_is() -> None:
    heard = Heard()
    many = OneOfMany(heard)
    many.begin(Step.EACH, 2, 3)
    many.advising(Step.ADVISING)
    assert heard.steps == [(Step.EACH, 2, 3)] * 2


def test_what_is_counted_within_one_build_is_told_as_it_is() -> None:
    heard = Heard()
    many = OneOfMany(heard)
    many.begin(Step.ALONE, 1, 3)
    many.advising(Step.READING, 5, 9)
    assert heard.steps[-1] == (Step.READING, 5, 9)


def test_before_the_first_build_it_is_one() -> None:
    heard = Heard()
    OneOfMany(heard).advising(Step.ADVISING)
    assert heard.steps == [(Step.ADVISING, 0, 0)]
