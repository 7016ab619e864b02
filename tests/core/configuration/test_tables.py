"""A configuration file: what it says, each with its line, and what it cannot say."""

from __future__ import annotations

import pytest

from ctxopt.core.configuration.keys import KEYS, TABLES
from ctxopt.core.configuration.layers import Configuration, configuration
from ctxopt.core.configuration.tables import ConfigurationFile, read_settings
from ctxopt.core.model import Confidence
from ctxopt.core.suggest.policy import Never
from ctxopt.errors import ConfigurationError

WHOLE = """\
file = "docker/Dockerfile"
target = "prod"
builder = "legacy"
platform = "linux/arm64"
max-size = "1.5GiB"
max-files = 5000
max-transfer-size = 4096
max-transfer-files = 0
baseline = "ci/baseline.json"
select = ["source-missing"]
ignore = ["idle-line", "not-sent"]
fail-on = "warning"
never = [
  "seed",
  "**/*.golden",
]
profile = "remote"
bandwidth = "20Mbit"

[build-args]
VERSION = "1.2"
"A.B" = ""

[build-contexts]
shared = "../shared"
base = "docker-image://alpine:3"

[severity]
idle-line = "error"

[per-path-severity]
"docs/**" = "off"

[builds.api]
max-transfer-size = "20MB"

[builds."web.app"]
max-files = 7

[[rule]]
id = "maps"
patterns = ["**/*.map"]
label = "source maps"
reason = "Only a debugger reads them."
confidence = "certain"
"""


def read(text: str, folder: str = "", table: tuple[str, ...] = ()) -> Configuration:
    file = ConfigurationFile(text, f"{folder}c.toml", folder.rstrip("/"), table)
    settings = read_settings(file)
    assert settings is not None
    return configuration(settings)


def origin(text: str, key: str, entry: str = "") -> str:
    return str(read(text).settings[key, entry].origin)


def refused(text: str, table: tuple[str, ...] = ()) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(text, table=table)
    return str(caught.value)


def test_every_key_is_in_the_example() -> None:
    assert {key for key, _ in read(WHOLE).settings} == {key.name for key in KEYS}


def test_each_key_is_read_as_what_it_holds() -> None:
    found = read(WHOLE)
    assert (found.file, found.target, found.builder) == (
        "docker/Dockerfile",
        "prod",
        "legacy",
    )
    assert (found.platform, found.profile) == ("linux/arm64", "remote")
    assert (found.max_size, found.max_files) == (1_610_612_736, 5000)
    assert (found.max_transfer_size, found.max_transfer_files) == (4096, 0)
    assert (found.select, found.ignore) == (
        ("source-missing",),
        ("idle-line", "not-sent"),
    )
    assert (found.fail_on, found.bandwidth) == ("warning", "20Mbit")
    assert dict(found.build_args) == {"VERSION": "1.2", "A.B": ""}
    assert dict(found.severity) == {"idle-line": "error"}
    assert dict(found.per_path_severity) == {"docs/**": "off"}
    budgets = {"api.max-transfer-size": 20_000_000, "web.app.max-files": 7}
    assert dict(found.builds) == budgets
    (rule,) = found.rules
    assert (rule.id, rule.confidence) == ("maps", Confidence.CERTAIN)


def test_paths_are_relative_to_the_file() -> None:
    found = read(WHOLE, folder="../app/")
    assert found.file == "../app/docker/Dockerfile"
    assert found.baseline == "../app/ci/baseline.json"
    assert dict(found.build_contexts) == {
        "shared": "../app/../shared",
        "base": "docker-image://alpine:3",
    }


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        pytest.param("/srv/Dockerfile", "/srv/Dockerfile", id="an absolute path"),
        pytest.param("-", "./-", id="a file that is called like standard input"),
    ],
)
def test_a_path_in_a_file_is_never_standard_input(path: str, meant: str) -> None:
    assert read(f'file = "{path}"').file == meant


def test_a_pattern_of_the_never_list_knows_its_own_line() -> None:
    assert read(WHOLE).never == (
        Never("seed", "c.toml:14"),
        Never("**/*.golden", "c.toml:15"),
    )


@pytest.mark.parametrize(
    ("key", "entry", "line"),
    [
        ("file", "", 1),
        ("never", "", 13),
        ("build-args", "VERSION", 21),
        ("build-args", "A.B", 22),
        ("per-path-severity", "docs/**", 32),
        ("builds", "api.max-transfer-size", 35),
        ("builds", "web.app.max-files", 38),
        ("rule", "maps", 40),
    ],
)
def test_a_setting_knows_its_line(key: str, entry: str, line: int) -> None:
    assert origin(WHOLE, key, entry) == f"c.toml:{line}"


def test_a_file_without_the_table_says_nothing() -> None:
    file = ConfigurationFile("[tool.ruff]\n", "p.toml", "", ("tool", "ctxopt"))
    assert read_settings(file) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[tool.ctxopt]\ntarget = "a"', id="a header"),
        pytest.param('[tool]\nctxopt.target = "a"', id="a key with a dot"),
        pytest.param('tool.ctxopt.target = "a"', id="a key with two dots"),
        pytest.param('[tool]\nctxopt = { target = "a" }', id="braces"),
        pytest.param('["tool" . \'ctxopt\']\ntarget = "a"', id="quotes and blanks"),
    ],
)
def test_a_table_is_found_however_it_is_written(text: str) -> None:
    assert read(text, table=("tool", "ctxopt")).target == "a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            '\ntagret = "a"',
            'c.toml:2: no such key: "tagret"; did you mean target?',
            id="a slip",
        ),
        pytest.param(
            "build_args = {}",
            'c.toml:1: no such key: "build_args"; did you mean build-args?',
            id="an underscore",
        ),
        pytest.param(
            'dockerfile = "a"',
            'c.toml:1: no such key: "dockerfile"; did you mean file?',
            id="another word",
        ),
        pytest.param(
            "[tool.ctxopt]\n",
            'c.toml:1: no such key: "tool"; '
            "in this file the keys stand without [tool.ctxopt]",
            id="the table of a pyproject.toml",
        ),
        pytest.param(
            "builds = 3",
            "c.toml:1: builds: expected tables of budgets, each begun with"
            " [tool.ctxopt.builds.NAME] or [builds.NAME]",
            id="builds that are no tables",
        ),
        pytest.param(
            '[builds]\napi = "20MB"',
            'c.toml:2: builds.api: expected a table of budgets, not "20MB"',
            id="a budget without its key",
        ),
        pytest.param(
            "[builds.api]\nmax-transfer = 1",
            'c.toml:2: builds.api: no such key: "max-transfer";'
            " did you mean max-transfer-size?",
            id="a slip in the budget of a build",
        ),
        pytest.param(
            '[builds.api]\ntarget = "a"',
            'c.toml:2: builds.api: no such key: "target"; there are max-size,'
            " max-files, max-transfer-size, max-transfer-files",
            id="what a build cannot have of its own",
        ),
        pytest.param(
            '[builds.api]\nmax-files = 1\nmax-size = "much"',
            "c.toml:3: builds.api.max-size: expected a size, such as"
            ' "50MB", "1.5GiB" or a number of bytes, not "much"',
            id="no size in the budget of a build",
        ),
        pytest.param(
            'builder = "kaniko"',
            'c.toml:1: builder: expected "buildkit", "legacy" or "podman",'
            ' not "kaniko"',
            id="a value that is none of those",
        ),
        pytest.param(
            'target = ""', 'c.toml:1: target: expected a text, not ""', id="no text"
        ),
        pytest.param(
            "file = 1",
            "c.toml:1: file: expected a path in quotes, not 1",
            id="a number for a path",
        ),
        pytest.param(
            'max-files = "5"',
            'c.toml:1: max-files: expected a whole number from 0 on, not "5"',
            id="a text for a number",
        ),
        pytest.param(
            "max-files = true",
            "c.toml:1: max-files: expected a whole number from 0 on, not true",
            id="a truth for a number",
        ),
        pytest.param(
            "max-size = -1",
            'c.toml:1: max-size: expected a size, such as "50MB", "1.5GiB" or a number'
            " of bytes, not -1",
            id="a size below 0",
        ),
        pytest.param(
            'bandwidth = "fast"',
            'c.toml:1: bandwidth: expected a bandwidth, such as "20Mbit", not "fast"',
            id="no bandwidth",
        ),
        pytest.param(
            'select = "x"',
            'c.toml:1: select: expected a list of texts, such as ["a", "b"], not "x"',
            id="a text for a list",
        ),
        pytest.param(
            'never = [\n"a",\n"!b"]',
            'c.toml:3: never: pattern "!b": a pattern with ! brings nothing back here',
            id="a negated pattern",
        ),
        pytest.param(
            "build-args = 1",
            "c.toml:1: build-args: expected a table of texts, not 1",
            id="a number for a table",
        ),
        pytest.param(
            "[build-args]\nA = '1'\nPORT = 80",
            'c.toml:3: build-args."PORT": expected a text in quotes, not 80',
            id="a number in a table of texts",
        ),
        pytest.param(
            'severity = { a = "error", "b" = "bad" }',
            'c.toml:1: severity."b": expected "error", "warning", "note" or "off", '
            'not "bad"',
            id="a severity that there is not",
        ),
        pytest.param(
            "[per-path-severity]\n'[a' = 'off'",
            'c.toml:2: per-path-severity."[a": pattern "[a": syntax error in pattern '
            'in "[a"; it never closes its bracket; write \\[ for a bracket',
            id="a bad pattern of paths",
        ),
        pytest.param(
            'rule = "x"',
            "c.toml:1: rule: expected tables, each begun with [[tool.ctxopt.rule]] "
            "or [[rule]]",
            id="a text for rules",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, said: str) -> None:
    assert refused(text) == said


RULE = """[[rule]]
id = "a"
patterns = ["x"]
label = "l"
reason = "r"
confidence = "ask"
"""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param(
            RULE + 'paterns = ["y"]', 7, 'no such key: "paterns"', id="an unknown key"
        ),
        pytest.param(
            RULE + RULE.replace('"a"', '"b"').replace('label = "l"\n', ""),
            7,
            'rule "b": it lacks label',
            id="a missing key, in the second rule",
        ),
        pytest.param(
            RULE.replace('"x"', '"[a"'), 3, "it never closes", id="a bad pattern"
        ),
        pytest.param(
            RULE + 'content = "("', 7, "expression", id="a bad expression"
        ),
        pytest.param(
            RULE.replace('"a"', '"logs-dirs"'),
            2,
            "ctxopt has a rule of this name",
            id="the name of a rule of ctxopt",
        ),
        pytest.param(
            RULE + RULE, 8, "is there twice", id="the same name twice"
        ),
        pytest.param(
            RULE.replace('"a"', '"My maps"'), 2, "of small letters", id="a bad name"
        ),
        pytest.param(
            RULE.replace('"a"', '"large-maps"'),
            2,
            "what begins with large- is the name of something else",
            id="the name of evidence",
        ),
        pytest.param(
            RULE.replace('"a"', '"maps-ahead"'),
            2,
            "what ends with -ahead is the name of a part of another rule",
            id="the name of a part",
        ),
        pytest.param(
            RULE.replace('"x"', '"a**b"'), 3, "** has to stand alone", id="a**b"
        ),
        pytest.param(
            RULE.replace('"x"', '"!x"'), 3, "brings nothing back", id="a pattern with !"
        ),
        pytest.param(
            RULE.replace('"x"', '"#x"'), 3, "it is a comment", id="a pattern with #"
        ),
        pytest.param(
            RULE.replace("ask", "sure"),
            6,
            'confidence is one of "certain", "likely", "ask", not "sure"',
            id="a confidence that there is not",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_with_its_line(
    text: str, line: int, said: str
) -> None:
    found = refused(text)
    assert found.startswith(f"c.toml:{line}: rule ")
    assert said in found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('a = 1\nb = "', 2, id="a text without an end"),
        pytest.param("a = 1\n\n= 2", 3, id="no name"),
        pytest.param("a = [1,\n", 2, id="a list without an end"),
        pytest.param("a = 1\na = 2\n", 2, id="a key that is there twice"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(text: str, line: int) -> None:
    said = refused(text)
    assert said.startswith(f"c.toml:{line}: this is no TOML: ")
    assert "(at " not in said


def test_only_tables_have_no_variable() -> None:
    without = {key.kind for key in KEYS if not key.variable}
    assert without == TABLES
