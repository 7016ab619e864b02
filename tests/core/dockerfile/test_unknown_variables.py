"""What an image that is not read may set is unknown: not empty, and no refusal.

Met in searxng's Dockerfile: `VOLUME $CONFIG_PATH $DATA_PATH` on a base of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.dockerfile import BuildOptions, Scoping, Trace, link, parse, trace
from ctxopt.core.dockerfile.words.expand import Lexer
from ctxopt.core.dockerfile.words.variables import Doubt, Variables
from ctxopt.core.model import SourceKind
from ctxopt.errors import DockerfileError

BOTH = (Scoping.BUILDKIT, Scoping.CLASSIC)
UNREAD = ("FROM x:1", "FROM x:1 AS a\nFROM a AS b\nFROM b")
KNOWN = ("FROM scratch", "FROM scratch AS a\nFROM a")
# What the builder refuses of an empty variable.
REFUSED_EMPTY = (
    "VOLUME $D",
    "VOLUME /a ${D}",
    'VOLUME ["$D"]',
    "STOPSIGNAL $S",
    "EXPOSE $P/tcp",
    "USER ${U:?}",
    "WORKDIR ${W?not set}",
    "ENV A=${B:?}",
    "LABEL a=${B:?}",
    "COPY a ${TO:?}",
    "COPY ${A:?} /",
    "COPY --chown=${WHO:?} a /",
    "COPY --chmod=$MODE a /",
    "ADD --checksum=$SUM https://h/f /",
    "ENV E=$D\nVOLUME $E",
    "ARG E=${D}\nVOLUME $E",
    "ARG E\nVOLUME $E",
    "VOLUME ${D%/x}",
    "VOLUME ${D/a/b}",
    "VOLUME ${D:+$D}",
    "VOLUME ${D:-$E}",
)
IN_MOUNTS = (
    "RUN --mount=type=$T,target=/x true",
    "RUN --mount=target=/$T true",
    "RUN --mount=type=bind,target=${T:?} true",
    "RUN --mount=type=cache,target=/x,mode=$M true",
)
REALLY_FINE_EMPTY = (  # for one of the builders at least: no refusal to compare with
    "COPY --chmod=$MODE a /",
    "ADD --checksum=$SUM https://h/f /",
)


def traced(text: str, scoping: Scoping = Scoping.BUILDKIT) -> Trace:
    plan = link(parse(text.encode(), "Dockerfile"), BuildOptions(scoping=scoping))
    return trace(plan)


def refusals(bases: Sequence[str]) -> dict[tuple[str, Scoping], str | None]:
    """What is said of each line of the table on each base; None where it is taken."""
    files = [f"{base}\n{text}\n" for base in bases for text in REFUSED_EMPTY]
    return {(file, one): refusal(file, one) for file in files for one in BOTH}


def refusal(text: str, scoping: Scoping) -> str | None:
    try:
        traced(text, scoping)
    except DockerfileError as error:
        return error.message
    return None


def test_on_an_image_that_is_not_read_nothing_is_refused() -> None:
    said = refusals(UNREAD)
    assert {case: words for case, words in said.items() if words is not None} == {}


def test_on_nothing_what_is_empty_is_refused() -> None:
    """BuildKit: "VOLUME specified can not be an empty string", "invalid signal: "."""
    taken = [case for case, words in refusals(KNOWN).items() if words is None]
    fine = tuple(f"\n{text}\n" for text in REALLY_FINE_EMPTY)
    assert [case for case in taken if not case[0].endswith(fine)] == []


@pytest.mark.parametrize("text", IN_MOUNTS)
def test_a_mount_may_take_its_options_from_an_unread_image(text: str) -> None:
    traced(f"FROM x:1\n{text}\n")
    if "mode" not in text:
        with pytest.raises(DockerfileError):
            traced(f"FROM scratch\n{text}\n")


@pytest.mark.parametrize("scoping", BOTH)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("VOLUME ''", id="a word that is empty as written"),
        pytest.param("ENV D=\nVOLUME $D", id="emptied above"),
        pytest.param("VOLUME $1", id="no image sets a number"),
        pytest.param("STOPSIGNAL nonsense", id="no variable at all"),
        pytest.param("EXPOSE $P 80/nonsense", id="wrong beside one in doubt"),
        pytest.param("VOLUME $D ''", id="empty beside one in doubt"),
        pytest.param("VOLUME ${D", id="a brace that is missing"),
    ],
)
def test_what_is_wrong_whatever_the_image_sets_is_still_refused(
    scoping: Scoping, text: str
) -> None:
    with pytest.raises(DockerfileError):
        traced(f"FROM x:1\n{text}\n", scoping)


@pytest.mark.parametrize("scoping", BOTH)
@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("VOLUME $D", [("D",)], id="a volume"),
        pytest.param("VOLUME /x/$D", [], id="one that is not empty either way"),
        pytest.param("USER $U", [], id="emptiness is fine here"),
        pytest.param("EXPOSE $P", [], id="and here"),
        pytest.param("ENV A=$B\nVOLUME $A", [("B",)], id="by another's value"),
        pytest.param("COPY $A/x $B /", [("A",), ("B",)], id="two sources"),
        pytest.param("VOLUME ${D:-/x}", [], id="with a default"),
        pytest.param("VOLUME ${D:-$E}", [("E", "D")], id="a default in doubt"),
        pytest.param("ENV D=1\nVOLUME ${D:-$E}", [], id="a default nobody needs"),
        pytest.param("ARG D=/d\nVOLUME $D", [], id="set by ARG"),
        pytest.param("ONBUILD VOLUME $D", [], id="a trigger that does not fire"),
    ],
)
def test_what_depends_on_the_image_is_told_with_its_variables(
    scoping: Scoping, text: str, names: list[tuple[str, ...]]
) -> None:
    found = traced(f"FROM x:1\n{text}\n", scoping).unknown_uses
    assert [use.names for use in found] == names
    assert {use.image for use in found} <= {"x:1"}


@pytest.mark.parametrize("scoping", BOTH)
def test_a_trigger_fires_on_what_its_stage_stands_on(scoping: Scoping) -> None:
    trigger = "AS a\nONBUILD VOLUME $D\nFROM a\n"
    (use,) = traced(f"FROM x:1 {trigger}", scoping).unknown_uses
    assert (use.names, use.location.line) == (("D",), 2)
    with pytest.raises(DockerfileError):
        traced(f"FROM scratch {trigger}", scoping)


@pytest.mark.parametrize("scoping", BOTH)
def test_a_source_in_doubt_is_neither_a_path_nor_everything(scoping: Scoping) -> None:
    text = "FROM x:1\nCOPY $A ${B:-b} a /x/\nADD https://h/$V.tgz $U /x/\n"
    found = [(one.text, one.kind, one.assumed) for one in traced(text, scoping).sources]
    assert found == [
        ("$A", SourceKind.UNKNOWN, ("A",)),
        ("${B:-b}", SourceKind.CONTEXT, ("B",)),
        ("a", SourceKind.CONTEXT, ()),
        ("https://h/$V.tgz", SourceKind.URL, ("V",)),
        ("$U", SourceKind.UNKNOWN, ("U",)),
    ]


@pytest.mark.parametrize("scoping", BOTH)
def test_a_path_in_a_stage_needs_no_doubt(scoping: Scoping) -> None:
    text = "FROM x:1 AS a\nFROM y:1\nCOPY --from=a $A /x/\nCOPY --from=z:1 $A /x/\n"
    found = traced(text, scoping)
    assert {one.kind for one in found.sources} == {SourceKind.STAGE, SourceKind.IMAGE}
    assert found.unknown_uses == ()


def test_from_expands_nothing_whatever_the_image_sets() -> None:
    """BuildKit: "variable expansion is not supported for --from"."""
    with pytest.raises(DockerfileError, match="not supported for --from"):
        traced("FROM x:1\nCOPY --from=$X a /\n")


def test_a_named_context_is_unknown_below_an_unknown_path() -> None:
    options = BuildOptions(named_contexts=("lib",))
    copy, mount = "COPY --from=lib $A /x/", "--mount=from=lib,source=$A,target=/y"
    text = f"FROM x:1\n{copy}\nRUN {mount} z\n".encode()
    found = trace(link(parse(text, "Dockerfile"), options)).sources
    assert [(one.kind, one.origin) for one in found] == [
        (SourceKind.UNKNOWN, "lib"),
        (SourceKind.UNKNOWN, "lib"),
    ]


@pytest.mark.parametrize(
    ("word", "text", "doubts"),
    [
        ("a", "a", ()),
        ("$X", "", (Doubt("X"),)),
        ("$K$X", "k", (Doubt("X"),)),
        ("${X:-d}", "d", (Doubt("X", assumed=True),)),
        ("${X:-d}$X", "d", (Doubt("X"),)),
        ("${X-$Y}", "", (Doubt("Y"), Doubt("X", assumed=True))),
        ("${K:-$Y}", "k", ()),
        ("${K:+$Y}", "", (Doubt("Y"),)),
        ("${X:+d}", "", (Doubt("X"),)),
        ("${K:?$Y}", "k", ()),
        ("${X:?$Y}", "", (Doubt("X"),)),
        ("${K#$Y}", "k", (Doubt("Y"),)),
        ("$@$1", "", ()),
    ],
)
def test_a_word_knows_its_doubts(
    word: str, text: str, doubts: tuple[Doubt, ...]
) -> None:
    found = Lexer().read(word, Variables({"K": "k"}, is_open=True))
    assert (found.text, found.doubts) == (text, doubts)
    assert Lexer().read("$K", Variables({"K": "k"})).doubts == ()
