"""What is decided on inputs that were read before; no file of these is anywhere."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import ContextError, CtxoptError, DockerfileError, IgnoreFileError
from ctxopt.host.disk.inputs import DockerfileText, IgnoreText
from ctxopt.pipeline.preparation import prepare as module
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.prepare import (
    Arrival,
    BuildInputs,
    LinkEnd,
    NamedFolder,
    UnreadLink,
    prepare,
)

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
CONTEXT = "/nowhere/shop"
NOT_THERE = ContextError("no such context")
GOOD = "FROM scratch\nCOPY . /\n"


def dockerfile(text: str) -> DockerfileText:
    path = f"{CONTEXT}/Dockerfile"
    return DockerfileText(
        path=path,
        shown="Dockerfile",
        folder=CONTEXT,
        name="Dockerfile",
        content=text.encode(),
        outside=False,
        relative="Dockerfile",
    )


def ignore_file(text: str, folder: str = CONTEXT) -> IgnoreText:
    return IgnoreText(f"{folder}/.dockerignore", ".dockerignore", text.encode())


READ = BuildInputs(CONTEXT, dockerfile(GOOD))


def prepared(
    inputs: BuildInputs = READ,
    builder: BuilderName = BUILDKIT,
    contexts: Mapping[str, str] | None = None,
) -> Build:
    request = Request("shop", builder=builder, build_contexts=contexts or {})
    return prepare(request, find_builder(builder), inputs)


# --- which refusal wins ----------------------------------------------------------

# Of each input, from what cannot be worse to what is good.
FAULTS: Mapping[str, Sequence[object]] = {
    "context": [NOT_THERE, CONTEXT],
    "named": [{"base": CtxoptError("no such base")}, {}],
    "dockerfile": [
        DockerfileError("no such Dockerfile"),
        dockerfile("NOPE\n"),
        dockerfile("FROM scratch\nCOPY ${x /\n"),
        dockerfile(GOOD),
    ],
    "arrival": [Arrival(("D",), "Dockerfile"), Arrival(("Dockerfile",), "Dockerfile")],
    "ignore_file": [
        IgnoreFileError("it is a pipe"),
        ignore_file("a" * 70_000),
        ignore_file("[\n"),
        ignore_file("logs\n"),
    ],
}


@pytest.mark.parametrize(
    ("builder", "refusals"),
    [
        pytest.param(
            BUILDKIT,
            [
                ("context", "no such context"),
                ("named", "no such base"),
                ("dockerfile", "no such Dockerfile"),
                ("arrival", "failed to read dockerfile: open Dockerfile"),
                ("dockerfile", "unknown instruction: NOPE"),
                ("ignore_file", "it is a pipe"),
                ("ignore_file", "token too long"),
                ("ignore_file", "syntax error in pattern"),
                ("dockerfile", 'failed to process "${x"'),
            ],
            id="BuildKit parses the Dockerfile, then the ignore file, then traces",
        ),
        pytest.param(
            LEGACY,
            [
                ("context", "no such context"),
                ("named", "no such base"),
                ("dockerfile", "no such Dockerfile"),
                ("arrival", "failed to read dockerfile: open Dockerfile"),
                ("ignore_file", "it is a pipe"),
                ("ignore_file", "token too long"),
                ("ignore_file", "syntax error in pattern"),
            ],
            id="the legacy client reads no Dockerfile before it has sent the context",
        ),
    ],
)
def test_each_refusal_hides_those_that_the_builder_would_meet_later(
    builder: BuilderName, refusals: Sequence[tuple[str, str]]
) -> None:
    mended = dict.fromkeys(FAULTS, 0)
    for field, message in refusals:
        with pytest.raises(CtxoptError) as refused:
            prepared(_inputs(mended), builder)
        assert message in refused.value.message
        mended[field] += 1
    assert prepared(_inputs(mended), builder).builder.name is builder


def _inputs(mended: Mapping[str, int]) -> BuildInputs:
    values = {field: FAULTS[field][at] for field, at in mended.items()}
    return BuildInputs(**values)  # type: ignore[arg-type]


def test_what_is_an_error_for_want_of_another_input_is_told_as_that() -> None:
    inputs = BuildInputs(context=NOT_THERE, dockerfile=NOT_THERE, ignore_file=NOT_THERE)
    for builder in BuilderName:
        with pytest.raises(ContextError) as refused:
            prepared(inputs, builder)
        assert refused.value is NOT_THERE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("NOPE\n", "unknown instruction: NOPE", id="no instruction"),
        pytest.param("FROM scratch\nCOPY ${x /\n", '"${x"', id="an open brace"),
    ],
)
def test_the_legacy_client_hears_of_a_bad_dockerfile_after_the_transfer(
    text: str, words: str
) -> None:
    made = prepared(READ._replace(dockerfile=dockerfile(text)), LEGACY)
    assert made.trace is None
    (problem,) = made.problems
    assert problem.code == "dockerfile-refused"
    assert words in problem.message


def test_the_legacy_client_refuses_named_contexts_before_it_looks_for_them() -> None:
    inputs = READ._replace(named={"base": CtxoptError("no such base")})
    with pytest.raises(CtxoptError, match="knows no --build-context"):
        prepared(inputs, LEGACY, {"base": "gone"})
    with pytest.raises(CtxoptError, match="no such base"):
        prepared(inputs, BUILDKIT, {"base": "gone"})


@pytest.mark.parametrize(
    ("arrival", "arrives"),
    [
        pytest.param(None, True, id="there is no such transfer"),
        pytest.param(Arrival(("D*",), "Dockerfile"), True, id="the pattern matches"),
        pytest.param(Arrival(("D[x]",), "D[x]"), False, id="it does not match itself"),
        pytest.param(Arrival(("Dockerfile",), None), False, id="a link to nowhere"),
        pytest.param(Arrival(None, "Dockerfile"), False, id="no pattern is left"),
        pytest.param(Arrival(("[",), "["), False, id="it is no pattern at all"),
    ],
)
def test_the_dockerfile_has_to_come_with_its_own_transfer(
    arrival: Arrival | None,
    arrives: bool,  # noqa: FBT001
) -> None:
    inputs = READ._replace(arrival=arrival)
    if arrives:
        assert prepared(inputs).trace is not None
        return
    with pytest.raises(DockerfileError, match="failed to read dockerfile") as refused:
        prepared(inputs)
    assert refused.value.hint is not None
    assert "rename the file" in refused.value.hint


# --- named contexts --------------------------------------------------------------


@pytest.mark.parametrize("copies", [True, False])
def test_the_ignore_file_of_a_named_context_counts_only_where_it_is_read(
    copies: bool,  # noqa: FBT001
) -> None:
    text = GOOD + ("COPY --from=other x /\n" if copies else "")
    folder = NamedFolder("/nowhere/other", IgnoreFileError("it is too large"))
    inputs = READ._replace(dockerfile=dockerfile(text), named={"other": folder})
    if not copies:
        assert prepared(inputs, contexts={"other": "other"}).named == ()
        return
    with pytest.raises(IgnoreFileError, match="it is too large"):
        prepared(inputs, contexts={"other": "other"})


def test_a_named_context_is_a_root_with_its_own_lines() -> None:
    folder = NamedFolder("/nowhere/other", ignore_file("b\n", "/nowhere/other"))
    inputs = READ._replace(
        dockerfile=dockerfile(f"{GOOD}COPY --from=other x /\n"),
        ignore_file=ignore_file("a\n"),
        named={"other": folder},
    )
    made = prepared(inputs, contexts={"other": "other", "image": "docker-image://x"})
    ((name, root),) = made.named
    assert (name, root.path) == ("other", "/nowhere/other")
    assert [one.cleaned for one in root.patterns] == ["b"]
    assert [one.cleaned for one in made.main.patterns] == ["a"]


# --- what is said of a build that is not refused ---------------------------------


def test_problems_come_in_a_fixed_order() -> None:
    link = UnreadLink(".dockerignore", "../shared", LinkEnd.ELSEWHERE)
    inputs = READ._replace(
        is_vast=True, dockerfile=dockerfile("NOPE\n"), unread=(link,)
    )
    codes = [one.code for one in prepared(inputs, LEGACY).problems]
    assert codes == ["vast-context", "dockerfile-refused", "ignore-file-unread"]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (LinkEnd.NOWHERE, 'a link to "../shared", which is not there, and counts as'),
        (LinkEnd.NO_FILE, 'a link to "../shared", which is no file, and counts as'),
        (LinkEnd.FORBIDDEN, "which cannot be read, and counts as none"),
        (LinkEnd.ELSEWHERE, "out of its folder, where BuildKit does not read it"),
    ],
)
def test_a_link_that_is_not_read_says_where_it_leads(end: LinkEnd, words: str) -> None:
    link = UnreadLink(".dockerignore", "../shared", end)
    (problem,) = prepared(READ._replace(unread=(link,))).problems
    assert words in problem.message
    assert problem.file == ".dockerignore"


# --- purity ----------------------------------------------------------------------


def test_of_the_doors_it_knows_nothing_but_records() -> None:
    tree = ast.parse(inspect.getsource(module))
    taken = {
        (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    plain = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    from_host = {name for place, name in taken if place.startswith("ctxopt.host")}
    from_outside = {place for place, _ in taken if not place.startswith("ctxopt")}
    assert plain == []
    assert from_host == {"DockerfileText", "IgnoreText"}
    assert from_outside <= {"__future__", "collections.abc", "enum", "typing"}
