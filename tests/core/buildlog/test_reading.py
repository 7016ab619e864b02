"""Errors in logs that went through CI services, tools and terminals."""

from __future__ import annotations

import pytest

from ctxopt.core.buildlog.errors import BuildLog, LogCause, LogOutcome
from ctxopt.core.buildlog.lines import decoded, plain_lines
from ctxopt.core.buildlog.messages import explain, unwrap
from ctxopt.core.buildlog.reading import read_log
from ctxopt.core.model import BuilderName

CHECKSUM = "failed to calculate checksum of ref a::b: "
SOLVE = f"failed to solve: failed to compute cache key: {CHECKSUM}"


@pytest.mark.parametrize(
    "front",
    [
        pytest.param("", id="nothing"),
        pytest.param("2026-11-27T23:25:03.3163848Z ", id="GitHub Actions"),
        pytest.param(
            "build\tRun docker\t2026-11-27T23:25:03.3163848Z ", id="gh run view"
        ),
        pytest.param("2026-11-27T23:25:03.3163848Z ##[error]", id="a marked line"),
        pytest.param("2026-11-27T23:25:03.316384Z 01E ", id="GitLab"),
        pytest.param("[2026-11-27T23:25:03.316Z] ", id="Jenkins"),
        pytest.param("23:25:03 ", id="Jenkins with the time alone"),
        pytest.param("\x1b[31m", id="a colour"),
        pytest.param("\x1b_bk;t=1717500000\x07", id="Buildkite"),
        pytest.param("[ERROR] ", id="Maven"),
        pytest.param("web-1  | ", id="compose"),
        pytest.param("Nov 27 23:25:03 ", id="ts"),
        pytest.param('Step #1 - "build": ', id="Cloud Build"),
        pytest.param("remote: ", id="a push to a server that builds"),
        pytest.param("[CI/build]   | ", id="act"),
        pytest.param("[1240 ms] ", id="a dev container"),
        pytest.param("something before\r", id="what was on the line before"),
    ],
)
def test_what_stands_before_a_line_is_taken_off(front: str) -> None:
    lines = [
        "#4 ERROR: x",
        "   3 | >>> COPY a b",
        " > [1/2] COPY a b:",
        "COPY failed: x",
    ]
    assert [[*plain_lines(front + line)][-1].text for line in lines] == lines


@pytest.mark.parametrize(
    ("line", "cause", "subject"),
    [
        pytest.param(
            f'ERROR: failed to build: {SOLVE}"/x y": not found',
            LogCause.NOT_FOUND,
            "x y",
            id="buildx of today",
        ),
        pytest.param(
            f'ERROR: target web: {SOLVE}"/x": not found',
            LogCause.NOT_FOUND,
            "x",
            id="bake",
        ),
        pytest.param(
            r'failed to compute cache key: "/a\"b\\c\u200b" not found: not found',
            LogCause.NOT_FOUND,
            'a"b\\c\u200b',
            id="what Go quotes is read back",
        ),
        pytest.param(
            r'failed to compute cache key: "/\xff" not found: not found',
            LogCause.NOT_FOUND,
            "\udcff",
            id="a byte that is no UTF-8",
        ),
        pytest.param(
            "Service 'a' failed to build : ADD failed: no source files were specified",
            LogCause.NO_SOURCE,
            "",
            id="compose 1",
        ),
        pytest.param(
            "error checking context: 'can't stat '/home/me/pg''.",
            LogCause.UNREADABLE,
            "/home/me/pg",
            id="an older client, which quotes twice",
        ),
        pytest.param(
            "failed to solve: error from sender: open pg/data: permission denied",
            LogCause.UNREADABLE,
            "pg/data",
            id="the client may not read it",
        ),
        pytest.param(
            "Error response from daemon: Cannot locate specified Dockerfile: a.docker",
            LogCause.NO_DOCKERFILE,
            "a.docker",
            id="no Dockerfile in what was sent",
        ),
        pytest.param(
            "Error response from daemon: Dockerfile parse error line 3: unknown "
            "instruction: COPPY",
            LogCause.DOCKERFILE,
            "unknown instruction: COPPY",
            id="a Dockerfile that is refused",
        ),
        pytest.param(
            "failed to solve: secret npm: not found",
            LogCause.SECRET,
            "npm",
            id="a secret",
        ),
        pytest.param(
            "ERROR: failed to solve: nosuch:1: docker.io/library/nosuch:1: not found",
            LogCause.IMAGE,
            "docker.io/library/nosuch:1",
            id="an image that is named twice",
        ),
        pytest.param(
            "COPY failed: stat /var/lib/docker/overlay2/5f/merged/app/dist: no such "
            "file or directory",
            LogCause.STAGE_FILE,
            "app/dist",
            id="of --from, by an older legacy builder",
        ),
        pytest.param(
            "failed to solve: error from sender: open C:\\src\\key: Access is denied.",
            LogCause.UNREADABLE,
            "C:\\src\\key",
            id="the client may not read it, on Windows",
        ),
        pytest.param(
            "ERROR: failed to get build context shared: stat /home/me/shared: no such "
            "file or directory",
            LogCause.NO_CONTEXT,
            "/home/me/shared",
            id="a named context that is not there",
        ),
        pytest.param(
            "failed to solve: error from sender: open Library: operation not permitted",
            LogCause.UNREADABLE,
            "Library",
            id="the client may not read it, on macOS",
        ),
        pytest.param(
            "build path /home/me/web either does not exist, is not accessible, or is "
            "not a valid URL.",
            LogCause.NO_CONTEXT,
            "/home/me/web",
            id="a service whose folder is not there",
        ),
        pytest.param(
            "ERROR: resolve : lstat deploy: no such file or directory",
            LogCause.NO_DOCKERFILE,
            "deploy",
            id="the folder of -f is not there",
        ),
        pytest.param(
            "Error response from daemon: invalid from flag value acme/x:1: pull access "
            "denied for acme/x, repository does not exist",
            LogCause.IMAGE,
            "acme/x:1",
            id="an image that --from names",
        ),
        pytest.param(
            "Error response from daemon: invalid from flag value 1: refers to current "
            "build stage",
            LogCause.DOCKERFILE,
            "invalid from flag value 1: refers to current build stage",
            id="a stage that --from cannot name",
        ),
        pytest.param(
            "ADD failed: failed to GET https://example.com/x with status 404 Not Found",
            LogCause.OTHER,
            "",
            id="a download",
        ),
        pytest.param(
            'failed to solve: failed to resolve reference "acme.example/x": not found',
            LogCause.IMAGE,
            "acme.example/x",
            id="an image by its reference",
        ),
        pytest.param(
            "manifest for acme/x:9 not found: manifest unknown: manifest unknown",
            LogCause.IMAGE,
            "acme/x:9",
            id="a tag that is not there",
        ),
        pytest.param(
            "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
            LogCause.COMMAND,
            "/bin/sh -c npm ci",
            id="a command, legacy",
        ),
        pytest.param(
            "failed to solve: failed to copy files: no space left on device",
            LogCause.DISK,
            "",
            id="a full disk",
        ),
        pytest.param(
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is "
            "the docker daemon running?",
            LogCause.DAEMON,
            "",
            id="no daemon",
        ),
        pytest.param(
            "failed to solve: something new", LogCause.OTHER, "", id="what nobody knows"
        ),
    ],
)
def test_a_message_is_explained(line: str, cause: LogCause, subject: str) -> None:
    meaning = explain(unwrap(line))
    assert meaning is not None
    assert (meaning.cause, meaning.subject) == (cause, subject)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "ls: cannot access 'x': No such file or directory", id="a command"
        ),
        pytest.param('ERROR: "x": not found', id="a tool of a RUN"),
        pytest.param("ERROR: Could not find a version of x", id="pip"),
        pytest.param("error: lstat /x: no such file or directory", id="git"),
        pytest.param('unknown instruction: "x"', id="some other parser"),
        pytest.param("x: not found", id="a shell"),
        pytest.param("syntax error in pattern", id="grep"),
        pytest.param("we failed to solve: it", id="prose"),
    ],
)
def test_what_others_print_is_left_alone(line: str) -> None:
    """The legacy builder prints what a RUN prints without any mark."""
    assert explain(unwrap(line)) is None


def test_output_of_a_run_is_no_error_of_the_build() -> None:
    log = read_log(
        "#5 [2/2] RUN make\n"
        '#5 0.1 failed to solve: "/x": not found\n'
        "#5 0.2 COPY failed: no source files were specified\n"
        "#5 DONE 0.2s\n#6 exporting to image\n#6 DONE 0.1s\n"
    )
    assert log == BuildLog(BuilderName.BUILDKIT, LogOutcome.SUCCEEDED, (), 6)


def test_output_of_a_run_does_not_change_the_builder() -> None:
    log = read_log(
        "Step 2/2 : RUN npm test\n ---> Running in 1\n#1 [a] b\n"
        "The command '/bin/sh -c npm test' returned a non-zero code: 1\n"
    )
    assert log.builder is BuilderName.LEGACY
    assert [error.instruction for error in log.errors] == ["RUN npm test"]


@pytest.mark.parametrize(
    ("step", "image"),
    [
        ("FROM acme/x:1", "acme/x:1"),
        ("FROM --platform=linux/arm64 acme/x AS a", "acme/x"),
        ("COPY --from=acme/x /a /b", ""),
    ],
)
def test_an_image_is_named_by_its_step_where_the_message_does_not(
    step: str, image: str
) -> None:
    said = 'Get "https://acme.example/v2/": dial tcp: no such host'
    log = read_log(f"Step 1/2 : {step}\n{said}\n")
    (error,) = log.errors
    assert error.subject == image


def test_the_first_versions_said_it_in_few_words() -> None:
    log = read_log(
        "Sending build context to Docker daemon 2.048 kB\nStep 0 : FROM scratch\n"
        " ---> \nStep 1 : COPY app.jar /\n"
        "lstat app.jar: no such file or directory\n"
    )
    (error,) = log.errors
    assert (error.cause, error.subject) == (LogCause.NOT_FOUND, "app.jar")
    assert error.instruction == "COPY app.jar /"


def test_a_step_of_a_service_that_has_no_instruction_shows_none() -> None:
    said = "error from sender: open a: permission denied"
    log = read_log(f"#3 [web internal] load build context\n#3 ERROR: {said}\n")
    (error,) = log.errors
    assert (error.cause, error.instruction) == (LogCause.UNREADABLE, "")


def test_an_error_of_the_client_is_told_though_nobody_knows_it() -> None:
    log = read_log(
        "#1 [internal] load build definition from Dockerfile\n"
        "ERROR: Multi-platform build is not supported for the docker driver.\n"
    )
    (error,) = log.errors
    assert (error.cause, error.message[:14]) == (LogCause.OTHER, "Multi-platform")


def test_what_comes_after_a_build_is_none_of_it() -> None:
    built = "#6 exporting to image\n#6 writing image sha256:1 done\n#6 DONE 0.1s\n"
    assert read_log(f"{built}ERROR: 3 tests failed\n").errors == ()


def test_that_the_job_failed_only_follows() -> None:
    said = f'ERROR: {SOLVE}"/x": not found\nERROR: Job failed: exit code 1\n'
    assert [error.subject for error in read_log(said).errors] == ["x"]


def test_a_last_word_that_a_service_repeats_is_one_error() -> None:
    said = f'{SOLVE}"/x": not found'
    log = read_log(
        f"ERROR: failed to build: {said}\n##[error]buildx failed with: ERROR: {said}\n"
    )
    assert [error.subject for error in log.errors] == ["x"]


def test_a_path_that_two_instructions_miss_is_two_errors() -> None:
    log = read_log(
        f'#4 [a 1/1] COPY x /a/\n#4 ERROR: {CHECKSUM}"/x": not found\n'
        f'#5 [b 1/1] COPY x /b/\n#5 ERROR: {CHECKSUM}"/x": not found\n'
        "Dockerfile:4\n--------------------\n   4 | >>> COPY x /b/\n"
        f'--------------------\nERROR: {SOLVE}"/x": not found\n'
    )
    found = [(one.instruction, one.place and one.place.line) for one in log.errors]
    assert found == [("COPY x /a/", None), ("COPY x /b/", 4)]


@pytest.mark.parametrize(
    ("instruction", "cause"),
    [
        ("COPY --from=deps /x /", LogCause.STAGE_FILE),
        ("COPY --chown=1 --from=deps /x /", LogCause.STAGE_FILE),
        ("COPY x --from=deps /", LogCause.NOT_FOUND),
        (
            "RUN --mount=type=bind,from=deps,source=x,target=/x make",
            LogCause.STAGE_FILE,
        ),
        ("RUN --mount=from=deps,target=/x make", LogCause.STAGE_FILE),
        ("RUN --mount=type=bind,source=x,target=/x make", LogCause.NOT_FOUND),
        ("RUN --mount=type=cache,from=deps,target=/x make", LogCause.NOT_FOUND),
        (
            "RUN --mount=from=deps,target=/y --mount=source=x,target=/x make",
            LogCause.NOT_FOUND,
        ),
    ],
)
def test_a_stage_or_an_image_is_no_context(instruction: str, cause: LogCause) -> None:
    log = read_log(f'#4 [2/2] {instruction}\n#4 ERROR: {CHECKSUM}"/x": not found\n')
    assert [error.cause for error in log.errors] == [cause]


def test_a_line_that_a_terminal_broke_is_read_on() -> None:
    log = read_log(f'ERROR: {SOLVE.strip()}\n"/a/very/long/path": not found\n')
    assert [error.subject for error in log.errors] == ["a/very/long/path"]


def test_that_a_service_could_not_be_built_only_follows() -> None:
    log = read_log(
        f'#4 [2/2] COPY x /\n#4 ERROR: {CHECKSUM}"/x": not found\n'
        "ERROR: Service 'web' failed to build : Build failed\n"
    )
    assert [error.cause for error in log.errors] == [LogCause.NOT_FOUND]


def test_what_was_only_cancelled_is_not_told() -> None:
    log = read_log(
        f'{{"vertexes":[{{"digest":"d","name":"[1/1] COPY x /","error":"{CHECKSUM}'
        '\\"/x\\": not found"}]}\n'
        '{"vertexes":[{"digest":"e","name":"[1/1] RUN","error":"context canceled"}]}\n'
    )
    assert [error.cause for error in log.errors] == [LogCause.NOT_FOUND]


@pytest.mark.parametrize(
    ("text", "builder", "outcome"),
    [
        pytest.param("", None, LogOutcome.UNTOLD, id="nothing"),
        pytest.param(
            "make: *** [all] Error 1\n", None, LogOutcome.UNTOLD, id="another"
        ),
        pytest.param(
            "#1 [internal] load build definition from Dockerfile\n",
            BuilderName.BUILDKIT,
            LogOutcome.UNTOLD,
            id="the beginning",
        ),
        pytest.param(
            "#4 [deps 2/2] COPY a /\n#4 DONE 0.1s\n",
            BuilderName.BUILDKIT,
            LogOutcome.UNTOLD,
            id="cut off between two steps",
        ),
        pytest.param(
            "Step 1/2 : FROM scratch\n ---> \n",
            BuilderName.LEGACY,
            LogOutcome.UNTOLD,
            id="the beginning, legacy",
        ),
        pytest.param(
            "Step 2/2 : RUN make\n ---> Running in 1\ncc a.c\n",
            BuilderName.LEGACY,
            LogOutcome.UNTOLD,
            id="cut off in the output of a command",
        ),
        pytest.param(
            "Step 1/2 : FROM node:22\n22: Pulling from library/node\n",
            BuilderName.LEGACY,
            LogOutcome.UNTOLD,
            id="cut off while an image is pulled",
        ),
    ],
)
def test_a_log_without_an_error_says_how_far_it_goes(
    text: str, builder: BuilderName | None, outcome: LogOutcome
) -> None:
    log = read_log(text)
    assert (log.builder, log.outcome, log.errors) == (builder, outcome, ())


def test_bytes_that_are_no_text_are_kept() -> None:
    assert decoded(b'failed to solve: "/\xff"') == 'failed to solve: "/\udcff"'
