"""The schema: each key of a configuration, what it may hold, and what it is for.

The table of `docs/reference/configuration.md` is made from these rows, and a test holds
the two equal.
"""

from __future__ import annotations

from enum import Enum

from ctxopt.core.tuples import NamedTuple

PREFIX = "CTXOPT_"  # of variables: CTXOPT_FAIL_ON is fail-on


class Kind(Enum):
    """What a key may hold; the value says it in an error."""

    TEXT = "a text"
    PATH = "a path in quotes"  # relative to the configuration file
    SIZE = 'a size, such as "50MB", "1.5GiB" or a number of bytes'
    COUNT = "a whole number from 0 on"
    BANDWIDTH = 'a bandwidth, such as "20Mbit"'
    WORDS = 'a list of texts, such as ["a", "b"]'
    NEVER = 'a list of patterns, such as ["seed", "**/*.golden"]'
    TEXTS = "a table of texts"
    PATHS = "a table of paths or addresses in quotes"
    SEVERITIES = 'a table whose values are "error", "warning", "note" or "off"'
    PATH_SEVERITIES = 'a table of patterns, of values as "off" or "note"'
    BUILDS = (
        "tables of budgets, each begun with [tool.ctxopt.builds.NAME] or [builds.NAME]"
    )
    RULES = "tables, each begun with [[tool.ctxopt.rule]] or [[rule]]"


TABLES = frozenset(
    {
        *(Kind.TEXTS, Kind.PATHS, Kind.SEVERITIES, Kind.PATH_SEVERITIES),
        *(Kind.BUILDS, Kind.RULES),
    }
)
LISTS = frozenset({Kind.WORDS, Kind.NEVER})
# What a build of several may have of its own.
BUDGETS = ("max-size", "max-files", "max-transfer-size", "max-transfer-files")
SEVERITIES = ("error", "warning", "note", "off")


class Key(NamedTuple):
    """A key, such as `fail-on`."""

    name: str
    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()  # of a text; empty: any
    default: str = ""  # in words; "": nothing

    @property
    def field(self) -> str:
        """Its name in a `Configuration`."""
        return {"rule": "rules"}.get(self.name, self.name.replace("-", "_"))

    @property
    def variable(self) -> str:
        """The variable that says the same; "" where only a file can."""
        if self.kind in TABLES:
            return ""
        return PREFIX + self.name.upper().replace("-", "_")

    @property
    def expected(self) -> str:
        """What it may hold, in words."""
        if not self.choices:
            return self.kind.value
        *others, last = (f'"{one}"' for one in self.choices)
        return f"{', '.join(others)} or {last}"


KEYS = (
    Key("file", Kind.PATH, "the Dockerfile, as `--file`"),
    Key("target", Kind.TEXT, "the stage to build, as `--target`"),
    Key(
        "builder",
        Kind.TEXT,
        "the builder, as `--builder`",
        choices=("buildkit", "legacy", "podman"),
        default="buildkit",
    ),
    Key("platform", Kind.TEXT, "the platform to build for, as `--platform`"),
    Key("build-args", Kind.TEXTS, "build arguments by name, as `--build-arg`"),
    Key(
        "build-contexts",
        Kind.PATHS,
        "named contexts by name, as `--build-context`; folders relative to this file",
    ),
    Key("max-size", Kind.SIZE, "budget for `check`: wire bytes of the whole context"),
    Key("max-files", Kind.COUNT, "budget for `check`: files of the whole context"),
    Key(
        "max-transfer-size",
        Kind.SIZE,
        "budget for `check` and `watch`: wire bytes that a build sends",
    ),
    Key(
        "max-transfer-files",
        Kind.COUNT,
        "budget for `check`: files that a build sends",
    ),
    Key(
        "builds",
        Kind.BUILDS,
        "budgets of single builds, by their names in the table of `--all`: "
        '`[builds.api]` and `max-transfer-size = "20MB"`; before those above',
    ),
    Key("baseline", Kind.PATH, "for `check`: the file with the sizes of before"),
    Key("select", Kind.WORDS, "for `check`: the only codes of problems to tell of"),
    Key("ignore", Kind.WORDS, "for `check`: codes of problems not to tell of"),
    Key(
        "fail-on",
        Kind.TEXT,
        "for `check`: from which severity on a problem is a failure",
        choices=("error", "warning", "note", "never"),
        default="error",
    ),
    Key(
        "severity",
        Kind.SEVERITIES,
        'for `check`: how bad the problems of a code are: `idle-line = "error"`',
    ),
    Key(
        "per-path-severity",
        Kind.PATH_SEVERITIES,
        "for `check`: how bad problems of a path in the context are: "
        '`"docs/**" = "off"`; of several '
        "patterns the last that fits, and before `severity`",
    ),
    Key(
        "never",
        Kind.NEVER,
        "patterns, as in an ignore file, of what is never suggested; `scan` shows what "
        "is held back for that",
    ),
    Key(
        "rule",
        Kind.RULES,
        "rules of your own, with the keys of "
        "`ctxopt/core/suggest/rules.toml`; they speak first",
    ),
    Key(
        "profile",
        Kind.TEXT,
        "what seconds are for, as `--profile`",
        choices=("local", "desktop", "remote"),
        default="local",
    ),
    Key("bandwidth", Kind.BANDWIDTH, "of the way to a remote engine, as `--bandwidth`"),
)
BY_NAME = {key.name: key for key in KEYS}
