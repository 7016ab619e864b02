"""What commands copy on, and `COPY --from` takes, is the context's own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from ctxopt.core.model import Confidence
from tests.pipeline.test_commands import DIST, GOES, NODE, STAYS, outcome, scanned

FIRST = "FROM node AS b\nWORKDIR /src\nCOPY . .\nRUN {}\n"
TAKEN = "FROM node\nWORKDIR /app\nCOPY --from=b /out .\nCMD node server.js\n"


class Row(NamedTuple):
    """What a stage runs, and what is to become of its packages."""

    id: str
    expected: str
    run: str


ROWS = (
    Row("a folder that is copied on", STAYS, "cp -r /src /out"),
    Row("one that is copied before it is filled", STAYS, "cp -r . /out; npm ci"),
    Row("one that is copied into another", STAYS, "mkdir /out && cp -a . /out/"),
    Row("all in a folder", STAYS, "mkdir /out; cp -r /src/* /out"),
    Row("a folder that is moved", STAYS, "mv /src /out"),
    Row("one that rsync copies", STAYS, "rsync -a --exclude=.git ./ /out/"),
    Row("one that is filled before", GOES, "npm ci && cp -r /src /out"),
    Row("packages by their name", GOES, "npm ci; mkdir /out; cp -r node_modules /out"),
    Row("something else", GOES, "npm ci; mkdir /out; cp -r server.js /out/"),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_packages_that_a_stage_copies_on(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, NODE, FIRST.format(row.run) + TAKEN)
    assert outcome(report, "node_modules") == row.expected


SERVED = "FROM nginx\nCOPY --from=b {} /usr/share/nginx/html\n"


@pytest.mark.parametrize(
    ("run", "place"),
    [
        pytest.param("cp -r dist /srv", "/srv/dist", id="into a folder of the image"),
        pytest.param("cp -r dist /out", "/out", id="as another one"),
        pytest.param("cp -rt /out dist", "/out/dist", id="named first"),
        pytest.param(
            "cp -r --target-directory=/out dist", "/out/dist", id="by a long option"
        ),
    ],
)
def test_a_bundle_that_is_copied_on(run: str, place: str, tmp_path: Path) -> None:
    report = scanned(tmp_path, DIST, FIRST.format(run) + SERVED.format(place))
    assert outcome(report, "dist") == STAYS


MOUNTED = (
    "FROM {} AS s\nWORKDIR /s\nCOPY . .\n{}FROM nginx\n"
    "RUN --mount=type=bind,from=s,source=/s,target=/d tar -C /d -c dist | tar -x\n"
)


@pytest.mark.parametrize(
    ("image", "run", "expected"),
    [
        pytest.param("scratch", "", STAYS, id="as it is"),
        pytest.param("node", "RUN npm ci && npm run build\n", GOES, id="made there"),
    ],
)
def test_a_bundle_of_a_stage_that_is_mounted(
    image: str, run: str, expected: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, DIST, MOUNTED.format(image, run))
    assert outcome(report, "dist") == expected


NPMRC = {
    "package.json": "{}",
    "a.js": "1",
    ".npmrc": f"//npm.example/:_authToken=npm_{'a1B2' * 9}\n",
}
LATER = "FROM node\nWORKDIR /a\nCOPY --from=b /a .\nCOPY . .\n"


@pytest.mark.parametrize(
    ("dockerfile", "note"),
    [
        pytest.param("COPY *.json .\nRUN npm i\n", (), id="no stage that gets it"),
        pytest.param("COPY . .\nRUN npm i\n", (4,), id="the one that does"),
        pytest.param(
            f"COPY *.json .\nRUN npm i\n{LATER}RUN npm run x\n", (9,), id="another one"
        ),
        pytest.param(
            "COPY . .\nRUN cp -r . /o\nFROM node\nCOPY --from=b /o .\nRUN npm i\n",
            (7,),
            id="one that gets a copy",
        ),
    ],
)
def test_a_note_says_who_may_read_what_its_stage_gets(
    dockerfile: str, note: tuple[int, ...], tmp_path: Path
) -> None:
    text = f"FROM node AS b\nWORKDIR /a\n{dockerfile}"
    text += LATER if not note else ""
    report = scanned(tmp_path, NPMRC, text)
    (said,) = [one for one in report.suggestions if ".npmrc" in one.patterns[0]]
    assert said.confidence is Confidence.ASK
    assert said.notes == tuple(
        f"line {line} of the Dockerfile may read it" for line in note
    )
