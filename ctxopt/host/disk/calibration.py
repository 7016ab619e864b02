"""What a user's own builds taught, kept by docker context in their config folder.

The file is ours and small: `calibration.json`, rewritten as a whole. One that cannot
be read, or that says something else, is reported and left as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from ctxopt.core.model import BuilderName
from ctxopt.core.timing.models import Model
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ctxopt.core.timing.fit import CalibrationError

_SCHEMA: Final = "ctxopt/calibration/1"
_FILE: Final = "calibration.json"
_FIGURES: Final = (
    "fixed_seconds",
    "per_entry_seconds",
    "per_file_seconds",
    "per_byte_seconds",
)
_ENDLESS: Final = float("inf")  # start-up: without math

# Per docker context, per builder, the fields of a model.
_Contexts = dict[str, dict[str, dict[str, object]]]


def load(
    builder: BuilderName, *, report: Callable[[CalibrationError], None] | None = None
) -> Model | None:
    """Return what was learned of the docker context in force; None for nothing.

    A file that cannot be used is nothing too; `report` is told of it.
    """
    if not os.path.lexists(path()):  # start-up: nobody has calibrated
        return None
    from ctxopt.core.timing.fit import CalibrationError

    try:
        contexts = _read(path())
        if not contexts:
            return None
        kept = contexts.get(docker_context(), {}).get(builder.value)
        return None if kept is None else _model(kept)
    except CalibrationError as error:
        if report is not None:
            report(error)
        return None


def save(builder: BuilderName, model: Model) -> str:
    """Keep a model for the docker context in force; returns the file's path.

    Raises CalibrationError where the file cannot be written, and where there is one
    that is not ours.
    """
    import json

    from ctxopt.core.timing.fit import CalibrationError
    from ctxopt.host.disk import replace  # a scan loads, and never saves

    file = path()
    contexts = _read(file)
    kept = {name: getattr(model, name) for name in (*_FIGURES, "origin")}
    contexts.setdefault(docker_context(), {})[builder.value] = kept
    text = json.dumps({"schema": _SCHEMA, "contexts": contexts}, indent=2) + "\n"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        replace.put(replace.read(file), text.encode(), private=True)
        replace.remove_leftovers(file)
    except OSError as error:
        raise CalibrationError(
            f"cannot keep the calibration: {error.strerror}",
            hint="make the folder writable, or set XDG_CONFIG_HOME to one that is",
            file=file,
        ) from error
    return file


def docker_context() -> str:
    """Return the name of the docker context in force, or the host that overrides it."""
    from ctxopt.host import docker_config  # most users never calibrate

    return docker_config.context_in_force()


def path() -> str:
    """Return where the calibration is kept, whether or not there is one."""
    # Where it is set it counts on every system; platformdirs says so for some only.
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(folder):
        return os.path.join(folder, "ctxopt", _FILE)
    if os.name == "posix" and sys.platform != "darwin":
        # What platformdirs says, whose import takes longer than a small scan.
        return os.path.join(os.path.expanduser("~/.config"), "ctxopt", _FILE)
    import platformdirs

    return os.path.join(platformdirs.user_config_dir("ctxopt", appauthor=False), _FILE)


def _read(file: str) -> _Contexts:
    """Return what the file holds; raises CalibrationError for what is not ours."""
    import json

    try:
        with open(file, "rb") as stream:
            value = json.load(stream)
    except FileNotFoundError:
        return {}
    except OSError as error:
        if not os.access(os.path.dirname(file), os.X_OK):
            return {}  # the home of somebody else, as sudo may leave it
        raise _unusable(file, f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _unusable(file, "is no JSON") from error
    if not isinstance(value, dict) or value.get("schema") != _SCHEMA:
        raise _unusable(file, f'does not say "schema": "{_SCHEMA}"')
    contexts = value.get("contexts")
    if not isinstance(contexts, dict) or not all(
        isinstance(models, dict)
        and all(isinstance(one, dict) for one in models.values())
        for models in contexts.values()
    ):
        raise _unusable(file, "has no table of contexts")
    return contexts


def _model(kept: dict[str, object]) -> Model:
    figures: dict[str, float] = {}
    for name in _FIGURES:
        value = kept.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _unusable(path(), f'has no number "{name}"')
        if not 0 <= value < _ENDLESS:
            raise _unusable(path(), f'has an impossible "{name}": {value}')
        figures[name] = float(value)
    return Model(**figures, origin=str(kept.get("origin", "calibrated")))


def _unusable(file: str, why: str) -> CalibrationError:
    from ctxopt.core.timing.fit import CalibrationError

    return CalibrationError(
        f"this calibration {why}",
        hint="ctxopt leaves it alone; move it away and calibrate again",
        file=file,
    )
