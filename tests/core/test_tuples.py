"""The quick `NamedTuple` beside that of typing: the same class, but for the cost."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any, Self

import pytest

from ctxopt.core.tuples import NamedTuple


class Quick(NamedTuple):
    """Two fields, one of them given."""

    name: str
    sizes: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.sizes)

    @classmethod
    def of(cls, *sizes: int) -> Quick:
        return cls("of", sizes)

    def __str__(self) -> str:
        return f"{self.name} of {self.total}"


class Usual(typing.NamedTuple):
    """Two fields, one of them given."""

    name: str
    sizes: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.sizes)

    @classmethod
    def of(cls, *sizes: int) -> Usual:
        return cls("of", sizes)

    def __str__(self) -> str:
        return f"{self.name} of {self.total}"


class Below(Quick):
    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        return super().__new__(cls, name.upper(), (1, 2))


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(lambda kind: kind("a"), id="a default"),
        pytest.param(lambda kind: kind("a", (1, 2)), id="by place"),
        pytest.param(lambda kind: kind(sizes=(1,), name="a"), id="by name"),
        pytest.param(lambda kind: str(kind("a", (1, 2))), id="its own words"),
        pytest.param(lambda kind: kind("a", (1, 2)).total, id="a property"),
        pytest.param(lambda kind: kind.of(1, 2), id="a method of the class"),
        pytest.param(lambda kind: kind("a")._replace(name="b"), id="replaced"),
        pytest.param(lambda kind: kind("a")._asdict(), id="as a table"),
        pytest.param(lambda kind: kind._make(["a", ()]), id="made of a row"),
        pytest.param(lambda kind: hash(kind("a")), id="a hash"),
        pytest.param(lambda kind: kind("a") == ("a", ()), id="equal to the row"),
        pytest.param(lambda kind: kind._fields, id="fields"),
        pytest.param(lambda kind: kind.__match_args__, id="matched by place"),
        pytest.param(lambda kind: kind.sizes.__doc__, id="what a field says"),
        pytest.param(lambda kind: [*inspect.signature(kind).parameters], id="called"),
        pytest.param(lambda kind: kind._field_defaults, id="defaults"),
        pytest.param(lambda kind: kind.__doc__, id="what it says of itself"),
        pytest.param(lambda kind: kind.__module__, id="its module"),
        pytest.param(lambda kind: kind.__slots__, id="no room for more"),
        pytest.param(typing.get_type_hints, id="types"),
        pytest.param(lambda kind: kind.__mro__[1:], id="a tuple and nothing else"),
    ],
)
def test_it_is_what_typing_makes(asked: Callable[[Any], object]) -> None:
    assert asked(Quick) == asked(Usual)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(lambda kind: kind(), TypeError, id="a field is missing"),
        pytest.param(lambda kind: kind("a", (), 1), TypeError, id="one too many"),
        pytest.param(lambda kind: kind("a", odd=1), TypeError, id="of another name"),
        pytest.param(
            lambda kind: kind("a")._replace(odd=1),
            (ValueError, TypeError),  # the latter since Python 3.13
            id="nothing to replace",
        ),
        pytest.param(lambda kind: kind._make(["a"]), TypeError, id="too short a row"),
        pytest.param(
            lambda kind: setattr(kind("a"), "name", "b"), AttributeError, id="frozen"
        ),
        pytest.param(
            lambda kind: setattr(kind("a"), "odd", 1), AttributeError, id="slotted"
        ),
    ],
)
def test_it_refuses_what_typing_refuses(
    asked: Callable[[Any], object],
    expected: type[Exception] | tuple[type[Exception], ...],
) -> None:
    said = []
    for kind in (Quick, Usual):
        with pytest.raises(expected) as refused:
            asked(kind)
        said.append(str(refused.value).replace(kind.__name__, "X"))
    assert said[0] == said[1]


def test_a_field_behind_one_with_a_default_needs_one() -> None:
    with pytest.raises(TypeError, match="Wrong: fields with a default"):

        class Wrong(NamedTuple):
            x: int = 1
            y: int  # type: ignore[misc]


def test_it_says_its_name_and_fields() -> None:
    assert repr(Quick("a")) == "Quick(name='a', sizes=())"
    assert Quick.__qualname__ == "Quick"


def test_it_can_be_pickled_and_copied() -> None:
    one = Quick("a", (1,))
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one)):  # noqa: S301
        assert again == one
        assert type(again) is Quick


def test_a_class_as_large_as_any_has_all_its_names() -> None:
    names = [f"field_{number}" for number in range(60)]
    body = {"__module__": __name__, "__annotations__": dict.fromkeys(names, "int")}
    kind: Any = type(NamedTuple)
    large = kind("Large", (NamedTuple,), body)
    made = large(**dict(zip(names, range(60), strict=True)))
    assert made == (*range(60),)
    assert made.field_59 == 59


def test_a_class_below_it_may_make_it_in_its_own_way() -> None:
    assert Below("a") == ("A", (1, 2))
    assert isinstance(Below("a"), Quick)


@pytest.mark.parametrize("count", [*range(40)])
def test_any_number_of_fields_makes_the_same_tuple(count: int) -> None:
    names = [f"field_{at}" for at in range(count)]
    described: Any = type(NamedTuple)  # what makes a tuple of the body of a class
    body = {"__annotations__": dict.fromkeys(names, int)}
    made = described("Made", (NamedTuple,), body)
    assert made(*range(count)) == (*range(count),)
    assert made(**{name: at for at, name in enumerate(names)}) == (*range(count),)
    with pytest.raises(TypeError, match=r"Made\.__new__\(\) takes"):
        made(*range(count + 1))
