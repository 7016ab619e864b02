"""How far a file of the context goes."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.dockerfile.records import Scoping
from ctxopt.core.model import Reach, SourceKind
from ctxopt.core.sources.reach import reach_of

BUILT = "FROM a AS b\nWORKDIR /app\nCOPY . .\nRUN make\n"


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        pytest.param("FROM a\nCOPY . .\n", Reach.IMAGE, id="the only stage"),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b /app/dist /srv\n",
            Reach.STAGE,
            id="a stage from which another folder is taken",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b /app /srv\n",
            Reach.IMAGE,
            id="a stage from which its folder is taken",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b /app/. /srv\n",
            Reach.IMAGE,
            id="a stage whose folder is taken with a dot",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b / /\n",
            Reach.IMAGE,
            id="a stage of which all is taken",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b /app/conf /srv\n",
            Reach.IMAGE,
            id="a stage from which the file's own folder is taken",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b /app/c* /srv/\n",
            Reach.IMAGE,
            id="a stage from which a wildcard takes the file's folder",
        ),
        pytest.param(
            BUILT + "FROM b\nRUN x\n", Reach.IMAGE, id="a stage the last stands on"
        ),
        pytest.param(
            BUILT + "FROM c AS d\nCOPY --from=b /app /two\n"
            "FROM e\nCOPY --from=d /two/conf /three\n",
            Reach.IMAGE,
            id="two stages on the way",
        ),
        pytest.param(
            BUILT + "FROM c AS d\nCOPY --from=b /app /two\n"
            "FROM e\nCOPY --from=d /two/dist /three\n",
            Reach.STAGE,
            id="two stages, and the last leaves it",
        ),
        pytest.param(
            "FROM a AS b\nCOPY conf /etc/conf\nFROM c\nCOPY --from=b /etc /etc\n",
            Reach.IMAGE,
            id="a folder copied by its name",
        ),
        pytest.param(
            "FROM a AS b\nCOPY conf/key /run/key\nFROM c\nCOPY --from=b /run/key /k\n",
            Reach.IMAGE,
            id="a file copied to another name",
        ),
        pytest.param(
            "FROM a AS b\nCOPY conf/key /run/\nFROM c\nCOPY --from=b /run/key /k\n",
            Reach.IMAGE,
            id="a file copied into a folder",
        ),
        pytest.param(
            "FROM a\nRUN --mount=type=bind,target=/x make\n",
            Reach.MOUNT,
            id="a mount of the context",
        ),
        pytest.param(
            BUILT + "FROM c\nRUN --mount=type=bind,from=b,target=/x make\n",
            Reach.STAGE,
            id="a stage that is only mounted",
        ),
        pytest.param(
            "FROM a AS b\nARG APP=/app\nWORKDIR $APP\nCOPY . .\n"
            "FROM c\nARG APP=/app\nCOPY --from=b ${APP} $APP\n",
            Reach.IMAGE,
            id="a folder that a variable names",
        ),
        pytest.param(
            BUILT + "FROM c\nENV D=/two\nCOPY --from=b /app $D\n"
            "FROM c AS e\nCOPY --from=1 /two /\n",
            Reach.IMAGE,
            id="a destination that a variable names",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b --exclude=conf/key /app /srv\n",
            Reach.STAGE,
            id="a stage from which all but the file is taken",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY --from=b --exclude=**/*.md /app /srv\n",
            Reach.IMAGE,
            id="a stage from which all but others are taken",
        ),
        pytest.param(
            "FROM a AS b\nCOPY --parents conf/key /x/\n"
            "FROM c\nCOPY --from=b /x/conf /y\n",
            Reach.IMAGE,
            id="a file that keeps its folders",
        ),
        pytest.param(
            "FROM a AS b\nCOPY --parents ./conf/./key /x/\n"
            "FROM c\nCOPY --from=b /x/conf /y\n",
            Reach.STAGE,
            id="a file that keeps the folders behind a pivot, of which there is none",
        ),
        pytest.param(
            BUILT + "FROM c AS d\nCOPY --from=b --parents /app/./conf/key /x/\n"
            "FROM e\nCOPY --from=d /x/conf /y\n",
            Reach.IMAGE,
            id="a file of a stage that keeps the folders behind a pivot",
        ),
        pytest.param(
            "FROM a AS b\nWORKDIR /app\nCOPY conf/key /app\n"
            "FROM c\nCOPY --from=b /app/key /k\n",
            Reach.IMAGE,
            id="a file copied into the folder one works in, without a slash",
        ),
        pytest.param(
            "FROM a AS b\nONBUILD COPY . /app/\nFROM b AS c\nRUN make\n"
            "FROM d\nCOPY --from=c /app/conf /x\n",
            Reach.IMAGE,
            id="a trigger of a stage below",
        ),
        pytest.param(
            BUILT + "FROM c\nCOPY <<key /x/\n1\nkey\nCOPY --from=b /app/dist /srv\n",
            Reach.STAGE,
            id="a stage beside a file that the Dockerfile has",
        ),
    ],
)
def test_a_file_goes_as_far_as_copies_take_it(text: str, reach: Reach) -> None:
    traced = trace(link(parse(text.encode(), "Dockerfile"), BuildOptions()))
    source = next(one for one in traced.sources if one.kind is SourceKind.CONTEXT)
    assert reach_of(traced, source, "conf/key") is reach


@pytest.mark.parametrize("scoping", Scoping)
def test_where_one_works_is_known_of_both_builders(scoping: Scoping) -> None:
    text = BUILT + "FROM b AS c\nFROM scratch\nCOPY --from=c /app /srv\n"
    options = BuildOptions(scoping=scoping)
    traced = trace(link(parse(text.encode(), "Dockerfile"), options))
    assert reach_of(traced, traced.sources[0], "conf/key") is Reach.IMAGE
