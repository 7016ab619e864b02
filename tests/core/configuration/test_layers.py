"""Layers: the command line over variables over a file over defaults."""

from __future__ import annotations

import pytest

from ctxopt.core.configuration.keys import KEYS
from ctxopt.core.configuration.layers import (
    Configuration,
    Layer,
    Origin,
    Setting,
    Settings,
    configuration,
    defaults,
    merged,
)
from ctxopt.core.configuration.variables import read_variables
from ctxopt.core.suggest.policy import Never
from ctxopt.errors import ConfigurationError


def layer(kind: Layer, **values: object) -> Settings:
    """Settings of one layer; `build_args__A` is an entry of a table."""
    found = {}
    for name, value in values.items():
        key, _, entry = name.partition("__")
        found[key.replace("_", "-"), entry] = Setting(value, Origin(kind, kind.name))
    return found


def test_every_key_is_a_field() -> None:
    fields = {*Configuration._fields} - {"settings", "found"}
    assert fields == {key.field for key in KEYS}


def test_the_defaults_are_those_of_the_record() -> None:
    plain = Configuration()
    assert configuration(defaults())._replace(settings=plain.settings) == plain


def test_of_a_key_the_highest_layer_counts() -> None:
    file = layer(Layer.FILE, target="file", builder="legacy", select=("a", "b"))
    variables = layer(Layer.ENVIRONMENT, target="variable", select=("c",))
    typed = layer(Layer.COMMAND_LINE, target="typed")
    found = configuration(merged(defaults(), file, variables, typed))
    assert (found.target, found.builder, found.select) == ("typed", "legacy", ("c",))
    assert found.layer("target") is Layer.COMMAND_LINE
    assert found.layer("select") is Layer.ENVIRONMENT
    assert found.layer("profile") is Layer.DEFAULT
    assert found.layer("file") is Layer.DEFAULT


def test_of_a_table_each_entry_is_that_of_the_highest_layer() -> None:
    file = layer(Layer.FILE, build_args__A="1", build_args__B="2")
    typed = layer(Layer.COMMAND_LINE, build_args__B="3", build_args__C="4")
    found = configuration(merged(file, typed))
    assert dict(found.build_args) == {"A": "1", "B": "3", "C": "4"}


def test_a_target_goes_with_its_dockerfile() -> None:
    file = layer(Layer.FILE, file="a", target="in a")
    assert configuration(merged(file)).target == "in a"
    another = layer(Layer.COMMAND_LINE, file="b")
    assert configuration(merged(file, another)).target is None
    both = layer(Layer.COMMAND_LINE, file="b", target="in b")
    assert configuration(merged(file, both)).target == "in b"


def test_the_same_word_as_the_default_counts_where_it_is_typed() -> None:
    file = layer(Layer.FILE, builder="legacy")
    typed = layer(Layer.COMMAND_LINE, builder="buildkit")
    assert configuration(merged(defaults(), file, typed)).builder == "buildkit"


# --- variables


def test_a_variable_says_what_its_key_holds() -> None:
    found = configuration(
        read_variables(
            {
                "CTXOPT_FILE": "-",
                "CTXOPT_FAIL_ON": "note",
                "CTXOPT_SELECT": "a, b,",
                "CTXOPT_MAX_TRANSFER_SIZE": "50MB",
                "CTXOPT_MAX_FILES": "5000",
                "CTXOPT_NEVER": "seed,**/*.golden",
            }
        )
    )
    assert (found.file, found.fail_on, found.select) == ("-", "note", ("a", "b"))
    assert (found.max_transfer_size, found.max_files) == (50_000_000, 5000)
    assert found.never == (
        Never("seed", "CTXOPT_NEVER"),
        Never("**/*.golden", "CTXOPT_NEVER"),
    )
    assert str(found.settings["select", ""].origin) == "CTXOPT_SELECT"


@pytest.mark.parametrize(
    "name",
    [
        "CTXOPT_TRACEBACK",
        "CTXOPT_SEEDS",
        "CTXOPT_WORKERS",
        "CTXOPT_BUILD_ARGS",
        "CTXOPT_RULE",
        "CTXOPT_TARGETS",
        "TARGET",
    ],
)
def test_a_variable_for_something_else_is_no_key(name: str) -> None:
    assert read_variables({name: "1"}) == {}


def test_an_empty_variable_says_nothing() -> None:
    assert read_variables({"CTXOPT_TARGET": "", "CTXOPT_MAX_FILES": ""}) == {}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CTXOPT_BUILDER", "x", 'expected "buildkit", "legacy" or "podman", not "x"'),
        ("CTXOPT_MAX_FILES", "-1", 'expected a whole number from 0 on, not "-1"'),
        ("CTXOPT_NEVER", "a,!b", 'pattern "!b": a pattern with ! brings nothing'),
    ],
)
def test_a_variable_that_cannot_be_is_refused_by_name(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_variables({name: value})
    assert str(caught.value).startswith(f"{name}: {said}")
