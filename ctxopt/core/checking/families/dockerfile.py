"""CTX7xx: advice on the Dockerfile itself; hadolint knows most of it."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

UNTAGGED_IMAGE = Finding(
    "untagged-image",
    (Severity.NOTE,),
    "an image has no tag, so the newest one is taken",
    "name a version, or the digest",
)
LATEST_IMAGE = Finding(
    "latest-image",
    (Severity.NOTE,),
    "an image has the tag latest, which moves",
    "name a version, or the digest",
)
UPDATE_APART = Finding(
    "update-apart",
    (Severity.NOTE,),
    "the lists of packages are fetched in another RUN than the one that installs with"
    " them",
    "put update and install into one RUN, joined by &&",
)
APT_LISTS_LEFT = Finding(
    "apt-lists-left",
    (Severity.NOTE,),
    "the lists of apt stay in the image",
    "end the RUN with && rm -rf /var/lib/apt/lists/*",
)
RECOMMENDED_PACKAGES = Finding(
    "recommended-packages",
    (Severity.NOTE,),
    "apt installs what packages recommend, too",
    "say apt-get install --no-install-recommends, and name what is really needed",
)
APK_CACHE_LEFT = Finding(
    "apk-cache-left",
    (Severity.NOTE,),
    "the index of apk stays in the image",
    "say apk add --no-cache",
)
DNF_CACHE_LEFT = Finding(
    "dnf-cache-left",
    (Severity.NOTE,),
    "the cache of dnf stays in the image",
    "end the RUN with && dnf clean all",
)
YUM_CACHE_LEFT = Finding(
    "yum-cache-left",
    (Severity.NOTE,),
    "the cache of yum stays in the image",
    "end the RUN with && yum clean all",
)
PIP_CACHE_LEFT = Finding(
    "pip-cache-left",
    (Severity.NOTE,),
    "the cache of pip stays in the image",
    "say pip install --no-cache-dir, or mount a cache at /root/.cache/pip",
)
RUNS_APART = Finding(
    "runs-apart",
    (Severity.NOTE,),
    "RUNs in a row do work of one kind, in a layer each",
    "join them with &&, or with a heredoc (RUN <<EOF)",
)
COMPILER_LEFT = Finding(
    "compiler-left",
    (Severity.NOTE,),
    "what compiles stays in an image that is built in one stage",
    "compile in a stage of its own and COPY --from it, or remove the compiler in the"
    " same RUN",
)
ADD_COPIES = Finding(
    "add-copies",
    (Severity.NOTE,),
    "ADD takes a file or a folder that it neither fetches nor unpacks",
    "write COPY",
)
MAINTAINER = Finding(
    "maintainer",
    (Severity.NOTE,),
    "MAINTAINER is deprecated",
    'write LABEL org.opencontainers.image.authors="NAME"',
)
CMD_OVERRULED = Finding(
    "cmd-overruled",
    (Severity.NOTE,),
    "a stage has more than one CMD, of which only the last one counts",
    "take it out, or put both commands into a script",
)
ENTRYPOINT_OVERRULED = Finding(
    "entrypoint-overruled",
    (Severity.NOTE,),
    "a stage has more than one ENTRYPOINT, of which only the last one counts",
    "take it out, or put both commands into a script",
)
HEALTHCHECK_OVERRULED = Finding(
    "healthcheck-overruled",
    (Severity.NOTE,),
    "a stage has more than one HEALTHCHECK, of which only the last one counts",
    "take it out, or ask for both in one command",
)
STORED_AGAIN = Finding(
    "stored-again",
    (Severity.NOTE,),
    "a RUN changes the owner or the mode of what was copied, and stores it once more",
    "say --chown or --chmod in the COPY",
)

RULES = (
    CheckRule(
        "CTX701",
        UNTAGGED_IMAGE,
        why="Without a tag the builder takes latest, which is another image after each"
        " release: a build of today may break, or differ, without a change here.",
        example="FROM node",
        better="FROM node:22.11-bookworm-slim",
        hadolint="DL3006",
    ),
    CheckRule(
        "CTX702",
        LATEST_IMAGE,
        why="The tag latest is another image after each release; which one a builder"
        " has depends on when it last looked.",
        example="FROM node:latest",
        better="FROM node:22.11-bookworm-slim",
        hadolint="DL3007",
    ),
    CheckRule(
        "CTX703",
        UPDATE_APART,
        why="The RUN with the update stays in the cache: when packages are added to"
        " the other one, they are looked up in lists that may be months old, and are"
        " not found or are old versions.",
        example="RUN apt-get update\nRUN apt-get install -y curl",
        better="RUN apt-get update && apt-get install -y curl",
    ),
    CheckRule(
        "CTX704",
        APT_LISTS_LEFT,
        why="Nothing reads them in the image, and they are 20 MB and more. What a"
        " later RUN deletes is still in the layer below.",
        example="RUN apt-get update && apt-get install -y curl",
        better="RUN apt-get update && apt-get install -y curl && rm -rf"
        " /var/lib/apt/lists/*",
        hadolint="DL3009",
    ),
    CheckRule(
        "CTX705",
        RECOMMENDED_PACKAGES,
        why="apt takes recommended packages for wanted unless it is told otherwise;"
        " often they are more than the packages themselves.",
        example="RUN apt-get install -y curl",
        better="RUN apt-get install -y --no-install-recommends curl ca-certificates",
        hadolint="DL3015",
    ),
    CheckRule(
        "CTX706",
        APK_CACHE_LEFT,
        why="apk keeps the index that it has fetched in /var/cache/apk; --no-cache"
        " fetches it and keeps nothing.",
        example="RUN apk update && apk add curl",
        better="RUN apk add --no-cache curl",
        hadolint="DL3019",
    ),
    CheckRule(
        "CTX707",
        DNF_CACHE_LEFT,
        why="dnf keeps what it knows of its repositories, often more than 100 MB,"
        " which nothing in the image reads.",
        example="RUN dnf install -y curl",
        better="RUN dnf install -y curl && dnf clean all",
        hadolint="DL3040",
    ),
    CheckRule(
        "CTX708",
        YUM_CACHE_LEFT,
        why="yum keeps what it knows of its repositories, often more than 100 MB,"
        " which nothing in the image reads.",
        example="RUN yum install -y curl",
        better="RUN yum install -y curl && yum clean all",
        hadolint="DL3032",
    ),
    CheckRule(
        "CTX709",
        PIP_CACHE_LEFT,
        why="pip keeps each wheel that it has fetched or built, so that the layer"
        " holds packages twice. A base image that sets PIP_NO_CACHE_DIR is not seen.",
        example="RUN pip install -r requirements.txt",
        better="RUN pip install --no-cache-dir -r requirements.txt",
        hadolint="DL3042",
    ),
    CheckRule(
        "CTX710",
        RUNS_APART,
        why="Each RUN is a layer. Where nobody wants two steps cached apart, one is"
        " less to store, and what the second changes of the first is not stored twice.",
        example="RUN mkdir /srv/app\nRUN chown app /srv/app",
        better="RUN mkdir /srv/app && chown app /srv/app",
        hadolint="DL3059",
    ),
    CheckRule(
        "CTX711",
        COMPILER_LEFT,
        why="A compiler and its headers are some 100 MB that a running program does"
        " not need, and a gift to whoever breaks in.",
        example='FROM golang:1.23\nCOPY . .\nRUN go build -o /app .\nCMD ["/app"]',
        better="FROM golang:1.23 AS build\nCOPY . .\nRUN go build -o /app .\n\nFROM"
        ' gcr.io/distroless/static:nonroot\nCOPY --from=build /app /app\nCMD ["/app"]',
    ),
    CheckRule(
        "CTX712",
        ADD_COPIES,
        why="ADD fetches addresses and unpacks whatever begins like an archive, so"
        " that another file under this name arrives as something else.",
        example="ADD app.py /srv/",
        better="COPY app.py /srv/",
        hadolint="DL3020",
    ),
    CheckRule(
        "CTX713",
        MAINTAINER,
        why="The reference has called it deprecated since 2017; tools for images read"
        " labels.",
        example="MAINTAINER Ada <ada@example.org>",
        better='LABEL org.opencontainers.image.authors="Ada <ada@example.org>"',
        hadolint="DL4000",
    ),
    CheckRule(
        "CTX714",
        CMD_OVERRULED,
        why="An image has one command. Of several in a stage only the last one is"
        " kept.",
        example='CMD ["redis-server"]\nCMD ["app"]',
        better='CMD ["app"]',
        hadolint="DL4003",
    ),
    CheckRule(
        "CTX715",
        ENTRYPOINT_OVERRULED,
        why="An image has one entry point. Of several in a stage only the last one is"
        " kept.",
        example='ENTRYPOINT ["init"]\nENTRYPOINT ["app"]',
        better='ENTRYPOINT ["init", "app"]',
        hadolint="DL4004",
    ),
    CheckRule(
        "CTX716",
        HEALTHCHECK_OVERRULED,
        why="An image has one health check. Of several in a stage only the last one is"
        " kept.",
        example="HEALTHCHECK CMD curl -f localhost\nHEALTHCHECK CMD pg_isready",
        better="HEALTHCHECK CMD curl -f localhost && pg_isready",
        hadolint="DL3012",
    ),
    CheckRule(
        "CTX717",
        STORED_AGAIN,
        why="A layer holds whole files. One of which only the owner or the mode is"
        " changed is stored again, so that the image holds it twice.",
        example="COPY . /app\nRUN chown -R app /app",
        better="COPY --chown=app . /app",
    ),
)
