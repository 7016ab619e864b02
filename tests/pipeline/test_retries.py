"""Packages that are installed in a loop, or as a condition, are made as without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, Row, outcome, scanned
from tests.pipeline.test_history import ALL

PACKAGE = {
    "package.json": '{"scripts": {"build": "vite build"}}',
    "package-lock.json": "{}",
}
NODE = {
    "package.json": '{"name":"x"}',
    "package-lock.json": "{}",
    "node_modules/a/index.js": "1",
    "node_modules/.package-lock.json": "{}",
    "server.js": "1",
}

ROWS = (
    Row(
        "retry 0 for i in 1 2 3; do npm ci && break; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2 3; do npm ci && break; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "retry 1 for i in 1 2 3; do npm ci && break || sleep 5; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2 3; do npm ci && break || sleep 5; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "retry 2 if npm ci; then echo ok; fi",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN if npm ci; then echo ok; fi\nCMD node server.js\n",
    ),
    Row(
        "retry 3 if ! npm ci; then exit 1; fi",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN if ! npm ci; then exit 1; fi\nCMD node server.js\n",
    ),
    Row(
        "retry 4 until npm ci; do sleep 1; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN until npm ci; do sleep 1; done\nCMD node server.js\n",
    ),
    Row(
        "retry 5 npm ci || npm ci",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN npm ci || npm ci\nCMD node server.js\n",
    ),
    Row(
        "retry 6 for i in $(seq 3); do npm ci && break; sleep 5; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in $(seq 3); do npm ci && break; sleep 5; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "retry 7 n=0; while [ $n -lt 5 ]; do npm ci && break; n=$((n+1)); done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN n=0; while [ $n -lt 5 ]; do npm ci && break; "
        "n=$((n+1)); done\nCMD node server.js\n",
    ),
    Row(
        "retry 8 for i in 1 2 3; do if npm ci; then break; fi; sleep 2; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2 3; do if npm ci; then break; fi; sleep "
        "2; done\nCMD node server.js\n",
    ),
    Row(
        "retry 9 npm ci && echo ok || exit 1",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN npm ci && echo ok || exit 1\nCMD node server.js\n",
    ),
    Row(
        "retry 10 if npm ci; then echo; else exit 1; fi",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN if npm ci; then echo; else exit 1; fi\n"
        "CMD node server.js\n",
    ),
    Row(
        "retry 11 npm ci || (sleep 5 && npm ci)",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN npm ci || (sleep 5 && npm ci)\nCMD node server.js\n",
    ),
    Row(
        "retry 12 for i in 1 2 3; do npm ci && exit 0; done; exit 1",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2 3; do npm ci && exit 0; done; exit 1\n"
        "CMD node server.js\n",
    ),
    Row(
        "retry 13 retry 3 npm ci",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN retry 3 npm ci\nCMD node server.js\n",
    ),
    Row(
        "retry 14 while ! npm ci; do sleep 1; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN while ! npm ci; do sleep 1; done\nCMD node server.js\n",
    ),
    Row(
        "retry 15 while true; do npm ci && break; done",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN while true; do npm ci && break; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "no retry 0 if [ $X ]; then npm ci; fi",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN if [ $X ]; then npm ci; fi\nCMD node server.js\n",
    ),
    Row(
        "no retry 1 [ -d node_modules ] || npm ci",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN [ -d node_modules ] || npm ci\nCMD node server.js\n",
    ),
    Row(
        "no retry 2 for p in $PKGS; do npm ci; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN for p in $PKGS; do npm ci; done\nCMD node server.js\n",
    ),
    Row(
        'no retry 3 test -n "$X" && npm ci || true',
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f'FROM node\n{ALL}RUN test -n "$X" && npm ci || true\nCMD node server.js\n',
    ),
    Row(
        "no retry 4 if false; then npm ci; fi",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN if false; then npm ci; fi\nCMD node server.js\n",
    ),
    Row(
        "no retry 5 while [ $X ]; do npm ci; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN while [ $X ]; do npm ci; done\nCMD node server.js\n",
    ),
    Row(
        "no retry 6 for i in 1 2; do [ $X ] && npm ci && break; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2; do [ $X ] && npm ci && break; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "for i in 1 2; do npm ci && break || [ -d node_modules ] && break; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2; do npm ci && break || [ -d node_modules ] && break; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "for i in 1 2; do npm ci && break || break; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for i in 1 2; do npm ci && break || break; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "for f in yarn.lock x.lock; do ls $f && npm ci && break || true; done",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN for f in yarn.lock x.lock; do ls $f && npm ci && break || true; done\n"
        "CMD node server.js\n",
    ),
    Row(
        "trap 'npm ci' ERR; echo a",
        ASKED,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}RUN trap 'npm ci' ERR; echo a\nCMD node server.js\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
