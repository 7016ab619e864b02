"""CTX1xx: the build breaks, or its builder refuses what it is given."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

DOCKERFILE_INVALID = Finding(
    "dockerfile-invalid",
    (Severity.ERROR,),
    "the builder refuses the Dockerfile",
    "correct the line",
)
IGNORE_FILE_INVALID = Finding(
    "ignore-file-invalid",
    (Severity.ERROR,),
    "the builder refuses the ignore file",
    "correct the line",
)
BUILD_UNMEASURED = Finding(
    "build-unmeasured",
    (Severity.ERROR, Severity.NOTE),
    "a build that a file names has no context or Dockerfile here",
    "correct its path where it is named; what lies elsewhere is not looked at",
)

RULES = (
    CheckRule(
        "CTX101",
        codes.SOURCE_IGNORED,
        why="What the ignore file keeps out is not sent, so COPY, ADD and mounts do not"
        " find it: the builder says only that it is not there. BuildKit's own check"
        " of this is silent as soon as the ignore file has a line with `!`.",
        example=".dockerignore:3   *.json\nDockerfile:4      COPY package.json ./",
        better=".dockerignore:4   !package.json",
    ),
    CheckRule(
        "CTX102",
        codes.SOURCE_MISSING,
        why="Nothing of that name lies in the context. Paths of a source begin at the"
        " context, wherever the Dockerfile lies, and case counts.",
        example="COPY requirments.txt ./",
        better="COPY requirements.txt ./",
    ),
    CheckRule(
        "CTX103",
        codes.SOURCE_OUTSIDE,
        why="A build sees nothing above its context.",
        example="docker build service    (Dockerfile:2  COPY ../shared /shared)",
        better="docker build -f service/Dockerfile .    (COPY shared /shared)",
    ),
    CheckRule(
        "CTX104",
        codes.SOURCE_EMPTY,
        why="The legacy builder fails where a wildcard matches nothing; BuildKit goes"
        " on as long as another source of the instruction is found.",
        example="COPY *.whl /wheels/    (there is none)",
        better="COPY dist/*.whl /wheels/",
    ),
    CheckRule(
        "CTX105",
        codes.UNREADABLE,
        why="The client opens each file that it sends: without the right to read it,"
        " nothing is built.",
        example="COPY . .    (pgdata/ belongs to another user)",
        better=".dockerignore   pgdata",
    ),
    CheckRule(
        "CTX106",
        DOCKERFILE_INVALID,
        why="The builder reads the whole Dockerfile before it builds anything.",
        example="COPPY . .",
        better="COPY . .",
    ),
    CheckRule(
        "CTX107",
        IGNORE_FILE_INVALID,
        why="The builder reads each line of the ignore file as a pattern, and ends the"
        " build with one that is none.",
        example=".dockerignore:1   [a-",
        better=".dockerignore:1   [a-z]*",
    ),
    CheckRule(
        "CTX108",
        codes.DOCKERFILE_REFUSED,
        why="The legacy client sends the context first; its daemon reads the Dockerfile"
        " after that.",
        example="DOCKER_BUILDKIT=0 docker build .    (Dockerfile:2  COPPY . .)",
        better="COPY . .",
    ),
    CheckRule(
        "CTX109",
        codes.NEEDS_BUILDKIT,
        why="Flags such as --chmod and --mount, and heredocs, came with BuildKit; the"
        " daemon's own builder refuses them.",
        example="DOCKER_BUILDKIT=0 docker build .    (COPY --chmod=755 run.sh /)",
        better="docker build .",
    ),
    CheckRule(
        "CTX110",
        codes.EXCLUDE_REFUSED,
        why="A pattern of --exclude is one of Go's: brackets have to be closed.",
        example="COPY --exclude=[a- . .",
        better="COPY --exclude=[a-z]* . .",
    ),
    CheckRule(
        "CTX111",
        codes.DESTINATION_SLASH,
        why="Several files can go only into a folder, and a destination is one for sure"
        " only if it ends with a slash.",
        example="COPY a.txt b.txt /data",
        better="COPY a.txt b.txt /data/",
    ),
    CheckRule(
        "CTX112",
        codes.COPY_COLLISION,
        why="A folder cannot take the place of a file, nor a file that of a folder.",
        example="COPY a/ /out/\nCOPY b/ /out/    (a/x is a file, b/x a folder)",
        better="COPY a/ /out/a/\nCOPY b/ /out/b/",
    ),
    CheckRule(
        "CTX113",
        codes.NOT_UTF8,
        why="BuildKit's protocol carries names as UTF-8 text; another one ends the"
        " transfer.",
        example="COPY . .    (a file is called caf\\xe9.txt)",
        better="rename it to café.txt",
    ),
    CheckRule(
        "CTX114",
        codes.PATH_TOO_LONG,
        why="No system call takes a longer path.",
        example="COPY . .    (node_modules inside node_modules, thousands deep)",
        better=".dockerignore   **/node_modules",
    ),
    CheckRule(
        "CTX115",
        codes.CUT_OFF,
        why="The legacy client stops to write its tar at the first name that meets a"
        " bad pattern, without a word: what comes after it is missing in the image.",
        example=".dockerignore:2   src/[a-",
        better=".dockerignore:2   src/[a-z]*",
    ),
    CheckRule(
        "CTX116",
        codes.UNKNOWN_VARIABLE,
        why="A base image may set the variable; without reading it nobody can tell what"
        " is copied.",
        example="FROM base\nCOPY $APP_DIR /app",
        better="FROM base\nARG APP_DIR=src\nCOPY $APP_DIR /app",
    ),
    CheckRule(
        "CTX117",
        codes.UNKNOWN_BASE,
        why="An image can bring instructions for the builds that begin with it"
        " (ONBUILD), and variables; ctxopt reads no images.",
        example="FROM registry.example/base",
        better="nothing to do, unless a source depends on it",
    ),
    CheckRule(
        "CTX118",
        codes.VANISHED,
        why="The folder was there when it was listed, and gone when it was opened: the"
        " sizes may lack what was in it.",
        example="a build or a test runs beside the check",
        better="check again",
    ),
    CheckRule(
        "CTX119",
        codes.BUILD_FILE,
        why="A compose file, a bake file or another one that names builds (--all,"
        " --compose, --bake) is read as docker does: what it refuses ends all builds of"
        " the file; of what is not known, the others are still checked.",
        example="compose.yaml:4   context: ${API_DIR:?not set}",
        better="compose.yaml:4   context: ${API_DIR:-api}",
    ),
    CheckRule(
        "CTX120",
        BUILD_UNMEASURED,
        why="docker ends such a build before it sends anything. A context that is an"
        " address, or what another build makes, is no fault: it is only not looked at.",
        example="compose.yaml:4   context: ./apii    (there is only api)",
        better="compose.yaml:4   context: ./api",
    ),
    CheckRule(
        "CTX121",
        codes.HOMELESS_OWNER,
        why="BuildKit looks a name up in the stage, and fails where nothing has been"
        " done in it since FROM scratch.",
        example="FROM scratch\nCOPY --chown=app app /app",
        better="FROM scratch\nCOPY --chown=1000:1000 app /app",
    ),
    CheckRule(
        "CTX122",
        codes.HEREDOC_NAME,
        why="The word behind << is the name of a file that BuildKit makes in an empty"
        " folder: there is none in it to put the file into.",
        example="COPY <<conf/app.ini /etc/",
        better="COPY <<app.ini /etc/conf/",
    ),
)
