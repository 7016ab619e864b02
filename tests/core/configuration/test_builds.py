"""What a configuration says of one of several builds."""

from __future__ import annotations

import pytest

from ctxopt.core.configuration.builds import check_names, of_build
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
from ctxopt.errors import ConfigurationError

FILE: Settings = {
    ("max-size", ""): Setting(100, Origin(Layer.FILE, "c.toml", 1)),
    ("builds", "api.max-size"): Setting(7, Origin(Layer.FILE, "c.toml", 4)),
    ("builds", "web.app.max-files"): Setting(5, Origin(Layer.FILE, "c.toml", 6)),
}


def configured(*layers: Settings) -> Configuration:
    return configuration(merged(defaults(), FILE, *layers))


def test_the_budget_of_a_build_is_before_that_for_all() -> None:
    assert of_build(configured(), "api").max_size == 7
    assert of_build(configured(), "web.app").max_size == 100
    assert of_build(configured(), "web.app").max_files == 5
    assert of_build(configured(), "other") == configured()


@pytest.mark.parametrize("layer", [Layer.ENVIRONMENT, Layer.COMMAND_LINE])
def test_what_is_said_in_a_higher_place_holds_for_each(layer: Layer) -> None:
    said = {("max-size", ""): Setting(50, Origin(layer, "there"))}
    assert of_build(configured(said), "api").max_size == 50


def test_names_of_builds_that_there_are_pass() -> None:
    check_names(configured(), ["web.app", "api", "other"])


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(
            ["apis", "web.app"],
            'c.toml:4: builds.api: no build has the name "api"; did you mean apis?',
            id="a slip",
        ),
        pytest.param(
            ["worker", "web.app"],
            'c.toml:4: builds.api: no build has the name "api";'
            " there are worker, web.app",
            id="another name altogether",
        ),
        pytest.param(
            [],
            'c.toml:4: builds.api: no build has the name "api"; there is none',
            id="no builds at all",
        ),
    ],
)
def test_a_table_for_no_build_is_refused_with_its_line(
    names: list[str], said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_names(configured(), names)
    assert str(caught.value) == said
