"""CTX7xx: advice on the Dockerfile, and nothing where it is not sure.

Each code of hadolint was held against hadolint 2.15.1 (src/Hadolint/Rule/DL*.hs).
"""

from __future__ import annotations

from pathlib import Path

from tests.checking.cases import Check, checked

PYTHON = "FROM python:3.13-slim; "
DEBIAN = "FROM debian:12; "
ALPINE = "FROM alpine:3.20; "
REDHAT = "FROM fedora:41; "
GET = "apt-get update && apt-get install -y --no-install-recommends"
TIDY = "rm -rf /var/lib/apt/lists/*"
APP = 'COPY app.py /srv/; CMD ["python", "/srv/app.py"]'

CATCHES = {
    # CTX701, CTX702
    "an image without a tag": Check("FROM node", finds="CTX701 Dockerfile:1"),
    "one of a registry with a port, which is no tag": Check(
        "FROM localhost:5000/team/base", finds="CTX701 Dockerfile:1"
    ),
    "an image that is copied from, without a tag": Check(
        "FROM scratch; COPY --from=busybox /bin/sh /", finds="CTX701 Dockerfile:2"
    ),
    "an image that a mount is of": Check(
        DEBIAN + "RUN --mount=from=busybox,target=/b /b/bin/sh",
        finds="CTX701 Dockerfile:2",
    ),
    "a variable whose default has no tag": Check(
        "ARG BASE=node; FROM $BASE", finds="CTX701 Dockerfile:2", says='"node"'
    ),
    "the tag latest, in small letters": Check(
        "from node:latest as build", finds="CTX702 Dockerfile:1"
    ),
    "a tag that is latest by its variable": Check(
        "ARG V=latest; FROM node:${V}", finds="CTX702 Dockerfile:2"
    ),
    "latest of an image that is copied from": Check(
        "FROM scratch; COPY --from=ghcr.io/astral-sh/uv:latest /uv /",
        finds="CTX702 Dockerfile:2",
    ),
    # CTX703
    "an update in another RUN than the install": Check(
        DEBIAN + "RUN apt-get update; RUN apt-get install -y --no-install-recommends x",
        finds="CTX703 Dockerfile:2",
        says="the install of line 3",
    ),
    "one in a stage below": Check(
        DEBIAN.replace("; ", " AS a; ") + "RUN apt-get -qq update; FROM a; ENV A=1; "
        "RUN apt-get -o A=b install -y --no-install-recommends x",
        finds="CTX703 Dockerfile:2",
    ),
    "one in a stage that is thrown away: its packages are old, too": Check(
        "FROM debian:12 AS a; RUN apt-get update && echo; RUN apt-get install x; "
        "FROM scratch; COPY --from=a /x /",
        finds="CTX703 Dockerfile:2",
    ),
    "one of apk": Check(
        ALPINE + "RUN apk update; RUN apk add curl", finds="CTX703 Dockerfile:2"
    ),
    # CTX704
    "lists of apt that nothing removes": Check(
        DEBIAN + f"RUN {GET} curl", finds="CTX704 Dockerfile:2"
    ),
    "lists that only a later RUN removes": Check(
        DEBIAN + f"RUN {GET} curl; RUN {TIDY}", finds="CTX704 Dockerfile:2"
    ),
    "lists where packages alone are removed": Check(
        DEBIAN + f"RUN {GET} curl && apt-get clean && rm -rf /var/cache/apt/*",
        finds="CTX704 Dockerfile:2",
    ),
    "lists in a heredoc, behind an unusual case": Check(
        DEBIAN + "rUn <<EOF; apt-get -y update; apt-get -y install x; EOF",
        finds="CTX704 Dockerfile:2",
    ),
    "lists of the exec form, and of another shell": Check(
        DEBIAN + 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]; '
        'RUN ["sh", "-c", "apt-get update && apt-get install -y x"]',
        finds="CTX704 Dockerfile:3",
    ),
    "lists behind another sign that goes on": Check(
        "# escape=`; FROM debian:12; RUN apt-get update && `; apt-get install x",
        finds="CTX704 Dockerfile:3",
    ),
    "lists that a trigger leaves in the image of others": Check(
        DEBIAN + f"ONBUILD RUN {GET} curl", finds="CTX704 Dockerfile:2"
    ),
    "lists in the stage that the target stands on": Check(
        f"FROM debian:12 AS base; RUN {GET} curl; FROM base; ENV A=1",
        finds="CTX704 Dockerfile:2",
    ),
    # CTX705
    "packages that others recommend": Check(
        DEBIAN + f"RUN apt-get update && apt-get install -y curl && {TIDY}",
        finds="CTX705 Dockerfile:2",
    ),
    "packages in a RUN of which one install knows better": Check(
        DEBIAN + f"RUN {GET} curl && apt install -y wget && {TIDY}",
        finds="CTX705 Dockerfile:2",
        says='"apt install"',
    ),
    # CTX706 to CTX709
    "the index of apk": Check(
        ALPINE + "RUN apk add -U curl", finds="CTX706 Dockerfile:2"
    ),
    "the cache of dnf": Check(
        REDHAT + "RUN dnf -y install curl", finds="CTX707 Dockerfile:2"
    ),
    "the cache of microdnf": Check(
        "FROM redhat/ubi9-minimal:9.5; RUN microdnf install -y curl",
        finds="CTX707 Dockerfile:2",
    ),
    "the cache of yum": Check(
        "FROM centos:7; RUN yum install -y curl", finds="CTX708 Dockerfile:2"
    ),
    "the cache of pip": Check(
        PYTHON + "RUN pip install -r requirements.txt", finds="CTX709 Dockerfile:2"
    ),
    "the cache of pip as a module": Check(
        PYTHON + "RUN python3 -m pip install --upgrade pip",
        finds="CTX709 Dockerfile:2",
        says='"python3 -m pip install"',
    ),
    # CTX710
    "two installs with one manager": Check(
        ALPINE + "RUN apk add --no-cache a; # why; RUN apk add --no-cache b",
        finds="CTX710 Dockerfile:2",
        says="lines 2 and 4 all install with apk",
    ),
    "three RUNs on files and users": Check(
        DEBIAN + "RUN useradd app; RUN mkdir /srv/a; RUN chown app /srv/a",
        finds="CTX710 Dockerfile:2",
        says="lines 2, 3 and 4",
    ),
    # CTX711
    "a compiler in the only stage": Check(
        PYTHON + f"RUN {GET} gcc libpq-dev && {TIDY}; " + APP,
        files="app.py",
        finds="CTX711 Dockerfile:2",
        says='keeps "gcc"',
    ),
    "one with a version, in a RUN of many lines": Check(
        ALPINE + "RUN apk add --no-cache \\;   build-base=0.5-r3 curl; " + APP,
        files="app.py",
        finds="CTX711 Dockerfile:2",
    ),
    "an official image with a compiler, which compiles in it": Check(
        'FROM golang:1.23; COPY . .; RUN go build -o /a .; CMD ["/a"]',
        files="main.go",
        finds="CTX711 Dockerfile:1",
        says='all of "golang:1.23"',
    ),
    # CTX712
    "ADD of a file": Check(
        "FROM scratch; ADD app.py /srv/", files="app.py", finds="CTX712 Dockerfile:2"
    ),
    "ADD of a folder, and of a wildcard": Check(
        "FROM scratch; ADD src *.json /srv/",
        files="src/a; b.json",
        finds="CTX712 Dockerfile:2",
    ),
    # CTX713 to CTX716
    "MAINTAINER": Check(DEBIAN + "maintainer Ada", finds="CTX713 Dockerfile:2"),
    "a CMD before another one": Check(
        DEBIAN + "CMD a; CMD b", finds="CTX714 Dockerfile:2", says="of line 3"
    ),
    "an ENTRYPOINT before another one": Check(
        DEBIAN + 'ENTRYPOINT ["a"]; ENTRYPOINT ["b"]', finds="CTX715 Dockerfile:2"
    ),
    "a HEALTHCHECK before another one": Check(
        DEBIAN + "HEALTHCHECK CMD a; HEALTHCHECK NONE", finds="CTX716 Dockerfile:2"
    ),
    # CTX717
    "an owner that is changed after the copy": Check(
        "FROM node:22; WORKDIR /app; COPY . .; RUN npm ci && chown -R node:node /app",
        files="a",
        finds="CTX717 Dockerfile:4",
        says='what it changes of "COPY . ." (line 3)',
        cure="--chown in line 3",
    ),
    "a mode and an owner, from inside the folder, of what another stage made": Check(
        "FROM node:22 AS a; FROM node:22; COPY --from=a /x /srv/app/x; "
        "RUN cd /srv && chown -R 1:1 . && chmod -vR 755 ./*",
        finds="CTX717 Dockerfile:4",
        cure="--chown and --chmod in line 3",
    ),
    "an owner that is changed of all copies, but of that which says it": Check(
        "FROM node:22; WORKDIR /app; COPY a ./; COPY --chown=1 b ./; COPY . .; "
        "RUN chown -R 1 /app",
        files="a b",
        finds="CTX717 Dockerfile:6",
        says="what it changes of the copies of lines 3 and 5:",
        cure="--chown in lines 3 and 5",
    ),
    "an owner that is changed in a stage on top": Check(
        "FROM node:22 AS a; COPY . /app; FROM a; RUN chown --recursive 1000 /app",
        files="a",
        finds="CTX717 Dockerfile:4",
    ),
}

LEAVES_ALONE = {
    "owners of other folders, of single files, said before, or thrown away": Check(
        "FROM node:22 AS a; COPY . /app; RUN chown -R node /app; FROM node:22; "
        "COPY --chown=node . /app; COPY a.sh /usr/bin/; "
        "RUN chown -R node /app /var/cache && chmod +x /usr/bin/a.sh; "
        "RUN mkdir /data && chown -R node /data $HOME; COPY --from=a /app /late",
        files="a.sh",
        silent="CTX717",
    ),
    "tags, digests, stages, scratch and what a build argument pins": Check(
        "ARG V=22; FROM node:${V} AS build; FROM build AS test; "
        f"FROM debian@sha256:{'a' * 64} AS debian; "
        f"FROM node:latest@sha256:{'b' * 64} AS pinned; FROM scratch; "
        "COPY --from=build / /a/; COPY --from=test / /b/; COPY --from=debian / /c/; "
        "COPY --from=pinned / /d/; COPY --from=0 / /e/",
        silent="CTX701 CTX702",
    ),
    "update and install together": Check(
        DEBIAN + f"RUN {GET} x && {TIDY}; RUN {GET} y && {TIDY}",
        silent="CTX703 CTX704 CTX705",
    ),
    "an update before a script that may install": Check(
        DEBIAN + "RUN apt-get update && ./install.sh; RUN apt-get install -y x",
        silent="CTX703",
    ),
    "lists that are new again before the install": Check(
        DEBIAN + "RUN apt-get update; RUN apt-get update && apt-get install -y x; "
        "RUN apt-get install -y y",
        silent="CTX703",
    ),
    "apk that fetches the index itself": Check(
        ALPINE + "RUN apk update; RUN apk add --no-cache x", silent="CTX703 CTX706"
    ),
    "lists that are removed in other words": Check(
        DEBIAN + f"RUN {GET} a && rm -r /var/lib/{{apt,cache}}; "
        f"ENV A=1; RUN {GET} a && find /var/lib/apt/lists -type f -delete; "
        f"ENV A=1; RUN {GET} a && apt-get distclean; "
        f"ENV A=1; RUN {GET} a && rm -rf $LISTS; "
        f"ENV A=1; RUN {GET} a && cd /var/lib/apt && rm -r lists; "
        f"ENV A=1; RUN {GET} a && /scripts/cleanup",
        silent="CTX704",
    ),
    "lists on a mount": Check(
        DEBIAN + "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked "
        f"--mount=type=cache,target=/var/lib/apt {GET} a; "
        f"ENV A=1; RUN --mount=type=tmpfs,target=/var/lib/apt/lists {GET} a",
        silent="CTX704",
    ),
    "lists and caches of a stage that is thrown away": Check(
        "FROM debian:12 AS a; RUN apt-get update && apt-get install -y gcc; "
        "RUN pip install x; RUN apk add x; RUN dnf install x; RUN yum install x; "
        "RUN mkdir a; RUN mkdir b; FROM scratch; COPY --from=a /x /; CMD x",
        silent="CTX704 CTX705 CTX706 CTX707 CTX708 CTX709 CTX710 CTX711",
    ),
    "another language in a heredoc": Check(
        DEBIAN + "RUN <<EOF; #!/usr/bin/env python3; apt-get update; EOF",
        silent="CTX703 CTX704",
    ),
    "a shell that is none of POSIX": Check(
        'FROM debian:12; SHELL ["pwsh", "-c"]; RUN apt-get update; RUN pip install x',
        silent="CTX703 CTX704 CTX709",
    ),
    "what is only spoken of": Check(
        DEBIAN + 'RUN echo "apt-get update && apt-get install -y gcc"; # pip install x',
        silent="CTX703 CTX704 CTX705 CTX709 CTX711",
    ),
    "recommended packages that a setting turns off": Check(
        DEBIAN + "RUN echo 'APT::Install-Recommends \"0\" ' > /etc/apt/apt.conf.d/9; "
        "RUN apt-get install -y x",
        silent="CTX705",
    ),
    "recommended packages that a copied setting may turn off": Check(
        DEBIAN + "COPY apt.conf /etc/apt/apt.conf.d/; RUN apt-get install -y x",
        files="apt.conf",
        silent="CTX705",
    ),
    "recommended packages that an option turns off": Check(
        DEBIAN + "RUN apt-get -o APT::Install-Recommends=false install -y x",
        silent="CTX705",
    ),
    "caches that are removed, avoided or lent": Check(
        REDHAT + "RUN dnf install -y a && dnf -y clean all; ENV A=1; "
        "RUN yum install -y a && rm -rf /var/cache/yum; ENV A=1; "
        "RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y a; ENV A=1; "
        "RUN apk add -U a && rm -rf /var/cache/apk/*; ENV A=1; "
        "RUN --mount=type=cache,target=/root/.cache pip install a; ENV A=1; "
        "RUN pip install a && rm -rf ~/.cache/pip; ENV A=1; "
        "RUN pip install a && pip cache purge; ENV A=1; "
        "RUN pip3 install --no-cache-dir a",
        silent="CTX706 CTX707 CTX708 CTX709",
    ),
    "a cache of pip that ENV turns off, in the stage below": Check(
        "FROM python:3.13 AS a; ENV PIP_NO_CACHE_DIR=1; FROM a; RUN pip install x",
        silent="CTX709",
    ),
    "RUNs of which each is worth its layer": Check(
        "FROM node:22; RUN npm ci; RUN npm run build; RUN mkdir a; USER node; "
        "RUN mkdir b; RUN --network=none mkdir c; RUN apt-get install a && make; "
        "RUN apt-get install b; RUN pip install c; RUN pip install d",
        silent="CTX710",
    ),
    "a compiler that the same RUN removes": Check(
        PYTHON + f"RUN {GET} gcc && pip install x && apt-get purge -y gcc; "
        "RUN apk add --no-cache --virtual .deps gcc make && make && apk del .deps; "
        "RUN apt-get install -y make && make && apt-get autoremove -y $DEPS; " + APP,
        files="app.py",
        silent="CTX711",
    ),
    "an image that is there to compile": Check(
        DEBIAN + f"RUN {GET} gcc make && {TIDY}; WORKDIR /src", silent="CTX711"
    ),
    "a compiler of a stage that another one copies from": Check(
        "FROM golang:1.23 AS build; COPY . .; RUN go build -o /a .; "
        'FROM scratch; COPY --from=build /a /; CMD ["/a"]',
        files="main.go",
        silent="CTX711",
    ),
    "ADD of archives, whatever their name, of addresses and of text": Check(
        "# syntax=docker/dockerfile:1; FROM scratch; ADD root.tar.xz /; "
        "ADD *.tgz /x/; ADD packed /; ADD https://example.org/a.txt a.txt /x/; "
        "ADD https://github.com/a/b.git#v1 /g; ADD <<EOF /t; hello; EOF",
        files="a.txt; b.tgz; packed = BZh91AY; root.tar.xz",
        silent="CTX712",
    ),
    "COPY, and ADD of what a base image's variable names": Check(
        DEBIAN + "COPY a /; ADD $WHAT /", files="a", silent="CTX712"
    ),
    "one of each in each stage": Check(
        "FROM debian:12 AS a; LABEL maintainer=Ada; CMD a; ENTRYPOINT a; "
        "HEALTHCHECK CMD a; FROM a; CMD b; ENTRYPOINT b; HEALTHCHECK CMD b",
        silent="CTX713 CTX714 CTX715 CTX716",
    ),
}


def test_the_word_in_question_is_marked(tmp_path: Path) -> None:
    case = Check(DEBIAN + "RUN set -e && apt-get update && apt-get install -y a")
    found = checked(case, tmp_path).diagnostics
    assert {one.rule.number: one.problem.column for one in found} == {
        "CTX117": None,
        "CTX704": 15,
        "CTX705": 33,
    }


def test_a_trigger_is_told_once_however_often_it_fires(tmp_path: Path) -> None:
    stages = "; ".join(f"FROM base AS s{number}" for number in range(5))
    case = Check(f"FROM debian:12 AS base; ONBUILD RUN apt-get update; {stages}")
    found = checked(case, tmp_path).diagnostics
    assert [one.rule.number for one in found].count("CTX704") == 1
