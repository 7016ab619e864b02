"""How far a file of the context goes."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
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
    ],
)
def test_a_file_goes_as_far_as_copies_take_it(text: str, reach: Reach) -> None:
    traced = trace(link(parse(text.encode(), "Dockerfile"), BuildOptions()))
    source = next(one for one in traced.sources if one.kind is SourceKind.CONTEXT)
    assert reach_of(traced, source, "conf/key") is reach
