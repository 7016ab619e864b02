"""The variables of an environment as settings: `CTXOPT_FAIL_ON` is `fail-on`.

Those that ctxopt has for other things, as `CTXOPT_WORKERS`, are no keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from ctxopt.core.configuration.keys import KEYS, Kind
from ctxopt.core.configuration.layers import Layer, Origin, Setting, Settings
from ctxopt.core.configuration.values import WrongValueError, of_words
from ctxopt.core.suggest.policy import Never
from ctxopt.errors import ConfigurationError


def read_variables(environment: Mapping[str, str]) -> Settings:
    """What the variables of ctxopt say; an empty one says nothing.

    Paths are relative to the current folder, as on the command line.
    Raises ConfigurationError for a value that the key cannot hold.
    """
    found: dict[tuple[str, str], Setting] = {}
    for key in KEYS:
        text = environment.get(key.variable) if key.variable else None
        if not text:
            continue
        try:
            value = of_words(key, text)
        except WrongValueError as error:
            raise ConfigurationError(f"{key.variable}: {error.why}") from None
        if key.kind is Kind.NEVER:
            value = tuple(Never(one, key.variable) for one in value)
        origin = Origin(Layer.ENVIRONMENT, key.variable)
        found[key.name, ""] = Setting(value, origin)
    return found
