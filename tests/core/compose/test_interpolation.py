"""Each row was asked of compose-go v2.14.0, which docker compose reads with."""

from __future__ import annotations

import pytest

from ctxopt.core.compose.interpolation import InterpolationError, interpolate

KNOWN = {"SET": "value", "EMPTY": "", "_x1": "under", "N": "5"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a $SET.b", "a value.b", id="a name ends where no letter is"),
        pytest.param("${SET}s", "values", id="braces end a name"),
        pytest.param("$_x1", "under", id="a name may begin with an underscore"),
        pytest.param("[$UNSET]", "[]", id="what is not set is empty"),
        pytest.param("${UNSET:-d}", "d", id="a default stands for what is not set"),
        pytest.param("${EMPTY:-d}", "d", id="with a colon, for what is empty, too"),
        pytest.param("${EMPTY-d}", "", id="without a colon, not for what is empty"),
        pytest.param("${SET-d}", "value", id="a default is not taken for what is set"),
        pytest.param("${SET:+d}", "d", id="a plus stands for what is set"),
        pytest.param("${EMPTY:+d}", "", id="with a colon, not for what is empty"),
        pytest.param("${EMPTY+d}", "d", id="without a colon, for what is empty"),
        pytest.param("${UNSET+d}", "", id="a plus gives nothing for what is not set"),
        pytest.param("${SET:?no}", "value", id="what is required and set is its value"),
        pytest.param("${EMPTY?no}", "", id="empty is set, where no colon asks"),
        pytest.param("${UNSET:-${SET}}", "value", id="a default may be a variable"),
        pytest.param("${A:-${B:-c}}", "c", id="defaults nest"),
        pytest.param("${A:-$SET}-$N", "value-5", id="a default may be a bare name"),
        pytest.param("${A:-x} ${B:-y}", "x y", id="each default ends at its own brace"),
        pytest.param("${A:-{}}", "{}", id="a brace in a default is counted"),
        pytest.param("${a-b:-c}", "b:-c", id="the first modifier is the one"),
        pytest.param("${SET:-${X?no}}", "value", id="a default not taken is not asked"),
        pytest.param("$$SET", "$SET", id="two dollars are one"),
        pytest.param("$${SET}", "${SET}", id="two dollars before a brace are one"),
        pytest.param("$1 $- $", "$1 $- $", id="a dollar before no name stays"),
        pytest.param("${A:-}", "", id="a default may be empty"),
    ],
)
def test_variables_become_their_values(text: str, value: str) -> None:
    assert interpolate(text, KNOWN.get) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("${X:?say it}", "required: say it", id="a required one is missed"),
        pytest.param("${EMPTY:?}", "required", id="an empty one, where a colon asks"),
        pytest.param("${X?$SET}", "required: value", id="its words have variables"),
        pytest.param("a${", "begins no variable", id="a brace is not closed"),
        pytest.param("${}", "begins no variable", id="braces are empty"),
        pytest.param("${1A}", "begins no variable", id="a name begins with a digit"),
        pytest.param("${A/b/c}", "begins no variable", id="a shell's own modifier"),
        pytest.param("${A:-\n}", "begins no variable", id="a default of two lines"),
    ],
)
def test_what_has_no_value_is_refused(text: str, message: str) -> None:
    with pytest.raises(InterpolationError) as caught:
        interpolate(text, KNOWN.get)
    assert message in str(caught.value)


def test_each_variable_that_is_not_set_is_heard() -> None:
    heard: list[str] = []
    interpolate("$A ${B} ${C-c} ${D:-$E} $SET", KNOWN.get, heard.append)
    assert heard == ["A", "B", "E"]
