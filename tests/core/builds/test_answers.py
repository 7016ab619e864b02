"""Our reading of a file held against what docker printed of it."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.answers import (
    BuildDifference,
    bake_answers,
    compose_answers,
    differences,
)
from ctxopt.core.builds.records import BuildKind, FoundBuild
from ctxopt.core.model import Request
from ctxopt.errors import CtxoptError

# As buildx 0.30 and docker compose print them.
BAKED = """{"group": {"default": {"targets": ["web"]}}, "target": {
  "web": {"context": ".", "dockerfile": "web/Dockerfile", "target": "prod",
          "contexts": {"base": "target:base", "lib": "../lib"}, "args": {"A": "1"}},
  "inl": {"context": ".", "dockerfile": "Dockerfile",
          "dockerfile-inline": "FROM scratch\\n"}}}"""
COMPOSED = """{"name": "shop", "services": {
  "db": {"image": "postgres", "networks": {"default": null}},
  "web": {"build": {"context": "/srv/shop/web", "dockerfile": "Dockerfile",
                    "args": {"A": "1", "B": null},
                    "additional_contexts": {"other": "service:api"}}}}}"""
WEB = Request(
    ".",
    "web/Dockerfile",
    target="prod",
    build_args={"A": "1"},
    build_contexts={"base": "target:base", "lib": "../lib"},
)
INLINE = Request(".", "-", dockerfile_bytes=b"FROM scratch\n")


def found(name: str, request: Request, **more: object) -> FoundBuild:
    """A build with a name; where it stands does not matter here."""
    one = FoundBuild(name, BuildKind.BAKE, request, "", ".")
    return one._replace(**more)  # type: ignore[arg-type]


def parted(*builds: FoundBuild, printed: str = BAKED) -> tuple[BuildDifference, ...]:
    """Where the builds and what bake printed differ, asked in /srv/shop."""
    return differences(builds, bake_answers(printed, "/srv/shop"), "/srv/shop")


def test_the_same_builds_differ_nowhere() -> None:
    assert parted(found("web", WEB), found("inl", INLINE)) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"context": "web"}, "context", id="another folder"),
        pytest.param({"dockerfile": "Dockerfile"}, "dockerfile", id="another file"),
        pytest.param({"target": None}, "target", id="no target"),
        pytest.param({"build_args": {"A": "2"}}, "args.A", id="another value"),
        pytest.param({"build_args": {"A": "1", "B": ""}}, "args.B", id="one more"),
        pytest.param(
            {"build_contexts": {"base": "target:base", "lib": "lib"}},
            "contexts.lib",
            id="another named folder",
        ),
    ],
)
def test_each_part_is_compared(change: dict[str, object], expected: str) -> None:
    web = found("web", WEB._replace(**change))  # type: ignore[arg-type]
    assert [(one.build, one.field) for one in parted(web, found("inl", INLINE))] == [
        ("web", expected)
    ]


def test_a_build_that_one_of_them_lacks_is_told() -> None:
    rows = parted(found("web", WEB), found("old", WEB))
    assert [(one.build, one.ours, one.theirs) for one in rows] == [
        ("old", "has it", "has it not"),
        ("inl", "has it not", "has it"),
    ]


def test_builds_that_are_the_same_are_one_row_with_several_names() -> None:
    twice = BAKED.replace('"inl":', '"old": {"context": "."}, "inl":')
    web = found("web", WEB, aliases=("old",))
    rows = parted(web, found("inl", INLINE), printed=twice)
    assert {(one.build, one.field) for one in rows} == {
        *(("web", "dockerfile"), ("web", "target"), ("web", "args.A")),
        *(("web", "contexts.base"), ("web", "contexts.lib")),
    }


def test_what_is_known_to_be_unknown_is_no_difference() -> None:
    without = WEB._replace(build_args={})
    web = found("web", without, unknown=("args.A",))
    assert parted(web, found("inl", INLINE)) == ()
    refused = found("web", without, refusal=CtxoptError("the context is not known"))
    assert parted(refused, found("inl", INLINE)) == ()


def test_compose_tells_of_services_that_are_built_and_says_service() -> None:
    (web,) = compose_answers(COMPOSED, "/srv/shop")
    assert (web.name, web.context, web.dockerfile) == (
        *("web", "/srv/shop/web", "/srv/shop/web/Dockerfile"),
    )
    assert (web.args, web.contexts) == ({"A": "1"}, {"other": "target:api"})


@pytest.mark.parametrize("printed", ["", "[]", '{"target": []}', "oops"])
def test_any_other_text_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        bake_answers(printed, "/")
