"""What logs of real builders tell; `fixtures/buildlogs/README.md` says whose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt.core.buildlog.errors import LogCause, LogError, LogOutcome
from ctxopt.core.buildlog.lines import decoded
from ctxopt.core.buildlog.reading import read_log
from ctxopt.core.model import BuilderName
from tests.rows import answers

LOGS = Path(__file__).parents[3] / "fixtures" / "buildlogs"
# By folder and file.
TEXTS = {
    path.relative_to(LOGS).as_posix(): decoded(path.read_bytes())
    for path in sorted(LOGS.glob("*/*.log"))
}
LEGACY, BUILDKIT = BuilderName.LEGACY, BuilderName.BUILDKIT

# Log: cause, subject, first line in the Dockerfile (0: the log has none), instruction.
FAILED = {
    "missing/legacy": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "missing/buildkit-20.10": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "missing/buildkit": "NOT_FOUND|config.yml|4|COPY config.yml /app/",
    "missing/rawjson": "NOT_FOUND|config.yml|4|COPY config.yml /app/",
    "missing/terminal": "NOT_FOUND|config.yml|4|COPY config.yml /app/",
    "ignored/legacy": "NOT_FOUND|scripts/x.sh|0|COPY scripts/x.sh /app/",
    "ignored/buildkit-20.10": "NOT_FOUND|scripts/x.sh|0|COPY scripts/x.sh /app/",
    "ignored/buildkit": "NOT_FOUND|scripts/x.sh|3|COPY scripts/x.sh /app/",
    "ignored/rawjson": "NOT_FOUND|scripts/x.sh|3|COPY scripts/x.sh /app/",
    "outside/legacy": "OUTSIDE|../shared/f.txt|0|COPY ../shared/f.txt /app/",
    "outside/buildkit": "NOT_FOUND|shared/f.txt|2|COPY ../shared/f.txt /app/",
    "mount-of-git/buildkit": "NOT_FOUND|.git|2|RUN --mount=type=bind,source=.git,"
    'target=/g ["/x"]',
    "mount-of-git/legacy": "NEEDS_BUILDKIT|--mount|0|RUN --mount=type=bind,source=.git,"
    'target=/g ["/x"]',
    "several-lines/legacy": "NOT_FOUND|yarn.lock|0|COPY package.json yarn.lock /app/",
    "several-lines/buildkit": "NOT_FOUND|yarn.lock|2|COPY package.json yarn.lock /app/",
    "several-lines/terminal": "NOT_FOUND|yarn.lock|2|COPY package.json yarn.lock /app/",
    "from-stage/legacy": "STAGE_FILE|app/dist|0|COPY --from=deps /app/dist /app",
    "from-stage/buildkit-20.10": "STAGE_FILE|app/dist|0|COPY --from=deps /app/dist "
    "/app",
    "from-stage/buildkit": "STAGE_FILE|app/dist|4|COPY --from=deps /app/dist /app",
    "unknown-instruction/legacy": "DOCKERFILE|unknown instruction: COPPY|3|",
    "unknown-instruction/buildkit-20.10": "DOCKERFILE|unknown instruction: COPPY|3|",
    "unknown-instruction/buildkit": "DOCKERFILE|unknown instruction: COPPY "
    "(did you mean COPY?)|3|COPPY a /b",
    "target/legacy": "TARGET|biuld|0|",
    "target/buildkit-20.10": "TARGET|biuld|0|",
    "target/buildkit": "TARGET|biuld|0|",
    "older-builder/legacy": "DOCKERFILE|Unknown flag: parents|2|",
    "older-builder/buildkit-20.10": "DOCKERFILE|Unknown flag: parents|2|",
    "named-context/buildkit": "STAGE_FILE|conf.yml|2|COPY --from=shared conf.yml /etc/",
    "mistyped-stage/buildkit": "IMAGE|docker.io/library/biuld:latest|4|COPY "
    "--from=biuld /a /",
    "mistyped-stage/legacy": "IMAGE|biuld|0|COPY --from=biuld /a /",
    "wildcard/legacy": "NO_SOURCE||0|COPY *.jar /app/",
    "wildcard-below/legacy": "NO_SOURCE||0|COPY nodir/*.txt /x/",
    "wildcard-below/buildkit-20.10": "NOT_FOUND|nodir|0|COPY nodir/*.txt /x/",
    "wildcard-below/buildkit": "NOT_FOUND|nodir|2|COPY nodir/*.txt /x/",
    "several-files/legacy": "DESTINATION||0|COPY a b dest",
    "image/legacy": "IMAGE|no-such-registry.invalid/nosuch:1|0|FROM "
    "no-such-registry.invalid/nosuch:1",
    "image/buildkit-20.10": "IMAGE|no-such-registry.invalid/nosuch:1|0|",
    "image/buildkit": "IMAGE|no-such-registry.invalid/nosuch:1|1|FROM "
    "no-such-registry.invalid/nosuch:1",
    "command-fails/legacy": 'COMMAND||0|RUN ["/nothing/here"]',
    "command-fails/buildkit-20.10": 'COMMAND|/nothing/here|0|RUN ["/nothing/here"]',
    "command-fails/buildkit": 'COMMAND|/nothing/here|3|RUN ["/nothing/here"]',
    "link-in-circles/legacy": "OUTSIDE|l|0|COPY l /x",
    "link-in-circles/buildkit-20.10": "LINK_LOOP|l|0|COPY l /x",
    "link-in-circles/buildkit": "LINK_LOOP||2|COPY l /x",
    "bad-pattern/legacy": "BAD_PATTERN||0|",
    "bad-pattern/buildkit-20.10": "BAD_PATTERN|[a-|0|",
    "bad-pattern/buildkit": "BAD_PATTERN||0|",
    "unreadable/legacy": "UNREADABLE|/home/me/unreadable/src/priv|0|",
    "unreadable/buildkit-20.10": "UNREADABLE|src/priv|0|",
    "unreadable/buildkit": "UNREADABLE|src/priv|0|",
    "unset-argument/legacy": "NOT_FOUND|app-.jar|0|COPY app-${VERSION}.jar /app.jar",
    "unset-argument/buildkit": "NOT_FOUND|app-.jar|3|COPY app-.jar /app.jar",
    "onbuild/legacy": "NOT_FOUND|requirements.txt|0|",
    "onbuild/buildkit-20.10": "NOT_FOUND|requirements.txt|0|COPY requirements.txt /r/",
    "onbuild/buildkit": "NOT_FOUND|requirements.txt|3|COPY requirements.txt /r/",
    "below-a-file/legacy": "OUTSIDE|a/b.txt|0|COPY a/b.txt /",
    "below-a-file/buildkit-20.10": "NOT_A_FOLDER|a/b.txt|0|",
    "below-a-file/buildkit": "NOT_FOUND|a/b.txt|2|COPY a/b.txt /",
    "onto-a-file/legacy": "COLLISION|x|0|COPY d/ /x",
    "onto-a-file/buildkit-20.10": "COLLISION|x|0|COPY d/ /x",
    "onto-a-file/buildkit": "COLLISION|x|3|COPY d/ /x",
    "needs-buildkit/legacy": "NEEDS_BUILDKIT|--chmod|0|COPY --chmod=644 a /",
    "no-dockerfile/legacy": "NO_DOCKERFILE|/home/me/no-dockerfile/Dockerfile|0|",
    "no-dockerfile/buildkit-20.10": "NO_DOCKERFILE|Dockerfile|0|",
    "no-dockerfile/buildkit": "NO_DOCKERFILE|Dockerfile|0|",
    "no-dockerfile/no-folder": "NO_CONTEXT|/home/me/nosuchdir|0|",
    "bad-variable/legacy": "DOCKERFILE|a${V?x}${V:q}|0|COPY a${V?x}${V:q} /",
    "bad-variable/buildkit": "DOCKERFILE|a${V?x}${V:q}|3|COPY a${V?x}${V:q} /",
    "older/legacy-17.12": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "older/legacy-18.09-outside": "OUTSIDE|../shared/f.txt|0|COPY ../shared/f.txt "
    "/app/",
    "older/legacy-19.03-windows": "NOT_FOUND|bin/app.exe|0|COPY bin\\app.exe C:/app/",
    "older/buildx-0.5": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "older/buildx-0.8-walk": "NOT_FOUND|scripts|0|COPY scripts/*.sh /app/",
    "older/compose-1.29": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "older/compose-2.20": "NOT_FOUND|config.yml|0|COPY config.yml /app/",
    "older/bake-0.24-github-actions": "NOT_FOUND|services/api/go.mod|7|COPY "
    "services/api/go.mod ./",
    "older/gitlab-17": "NOT_FOUND|config.yml|4|COPY config.yml /app/",
    "older/pull-denied-20.10": "IMAGE|acme/base|0|FROM acme/base:1",
    "older/pull-denied-24": "IMAGE|docker.io/acme/base:1|1|FROM acme/base:1",
    "older/no-manifest-24": "IMAGE|docker.io/library/python:3.99|0|",
}
SUCCEEDED = [
    *("ok/legacy", "ok/buildkit-20.10", "ok/buildkit"),
    *("wildcard/buildkit", "several-files/buildkit-20.10", "needs-buildkit/buildkit"),
]


def told(error: LogError) -> str:
    """An error as the table has it."""
    line = error.place.line if error.place else 0
    instruction = " ".join(error.instruction.split())
    return f"{error.cause.name}|{error.subject}|{line}|{instruction}"


def test_the_error_of_a_recorded_log_is_told_once() -> None:
    read = answers(
        FAILED, lambda log: [*map(told, read_log(TEXTS[f"{log}.log"]).errors)]
    )
    assert read == {log: [row] for log, row in FAILED.items()}


@pytest.mark.parametrize("log", SUCCEEDED)
def test_a_build_that_succeeded_has_no_error(log: str) -> None:
    read = read_log(decoded((LOGS / f"{log}.log").read_bytes()))
    assert (read.errors, read.outcome) == ((), LogOutcome.SUCCEEDED)


def builder_of(log: str) -> BuilderName | None:
    """Whose log it is, by its name; None where both have the same words."""
    name = log.rpartition("/")[2]
    if name == "no-folder.log":
        return None
    legacy = name.startswith(("legacy", "compose-1", "pull-denied-20"))
    return LEGACY if legacy else BUILDKIT


def test_the_log_tells_the_builder() -> None:
    read = answers(TEXTS, lambda log: read_log(TEXTS[log]).builder)
    assert read == {log: builder_of(log) for log in TEXTS}


def test_each_of_two_errors_has_the_place_that_is_its_own() -> None:
    log = (LOGS / "two-stages" / "buildkit.log").read_text()
    assert [
        (error.subject, error.place and error.place.line)
        for error in read_log(log).errors
    ] == [("y.txt", 4), ("x.txt", None)]


def test_a_terminal_has_the_words_of_one_step_and_the_names_of_all() -> None:
    log = (LOGS / "two-stages" / "terminal-20.10.log").read_text()
    found = [(error.cause, error.instruction) for error in read_log(log).errors]
    assert found == [
        (LogCause.NOT_FOUND, "COPY x.txt /"),
        (LogCause.WORDLESS, "COPY y.txt /"),
    ]


@pytest.mark.parametrize(
    "log", ["missing/buildkit", "missing/legacy", "two-stages/buildkit"]
)
def test_windows_line_ends_and_utf_16_change_nothing(log: str) -> None:
    """PowerShell writes what it redirects as UTF-16, with a mark in front."""
    text = (LOGS / f"{log}.log").read_text()
    windows = text.replace("\n", "\r\n")
    for content in (windows.encode(), windows.encode("utf-16")):
        assert read_log(decoded(content)) == read_log(text)


RECORDED = [line for text in TEXTS.values() for line in text.splitlines()]


# They are drawn in a moment.
many = settings(max_examples=settings().max_examples * 2)


@many
@given(st.lists(st.sampled_from(RECORDED) | st.text(max_size=40), max_size=60))
def test_no_text_is_too_odd_to_be_read(lines: list[str]) -> None:
    """Logs of builds side by side have their lines in any order."""
    log = read_log("\n".join(lines))
    numbers = range(1, "\n".join(lines).count("\n") + 2)
    assert all(error.log_line in numbers for error in log.errors)
    assert (log.outcome is LogOutcome.FAILED) is bool(log.errors)


def told_when_cut(text: str) -> list[str]:
    """What a log tells only if it ends early: after how many lines, and what."""
    causes = {error.cause for error in read_log(text).errors} | {LogCause.OTHER}
    lines = text.splitlines(keepends=True)
    return [
        f"{error.cause.name} after {end} lines"
        for end in range(0, len(lines), 3)
        for error in read_log("".join(lines[:end])).errors
        if error.cause not in causes
    ]


def test_a_log_that_is_cut_off_anywhere_tells_nothing_else() -> None:
    """Half a log has fewer errors, and places and words that are not others."""
    more = answers(TEXTS, lambda log: told_when_cut(TEXTS[log]))
    assert {log: one for log, one in more.items() if one} == {}
