"""What a script can rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt import BuilderName, CtxoptError, Request, analyze, listing


@pytest.fixture
def here(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(sample_dir)
    return sample_dir


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(".", id="text"),
        pytest.param(Path(), id="a path"),
        pytest.param(Request("."), id="a request"),
        pytest.param(Request(Path()), id="a request with a path"),
    ],
)
def test_a_context_may_be_given_as(context: str | Path | Request, here: Path) -> None:
    report = analyze(context)
    assert report.request == Request(".")
    assert report.context_path == str(here.resolve())
    assert report.transfer.tally.files
    assert report.suggestions
    assert [*listing(context)]


@pytest.mark.usefixtures("here")
def test_the_current_folder_is_meant_where_nothing_is_said() -> None:
    assert analyze().request == Request(".")
    assert [*listing()] == [*listing(".")]


@pytest.mark.usefixtures("here")
def test_options_say_the_same_as_a_request() -> None:
    file = Path("Dockerfile")
    found = analyze(".", dockerfile=file, target="build", builder="legacy", top=1)
    asked = Request(".", str(file), "build", builder=BuilderName.LEGACY)
    assert found.request == asked
    # Estimated seconds and their like are the same in both, too.
    assert found == analyze(asked, top=1)
    assert len(found.largest) == 1


def test_without_suggestions_there_are_none(here: Path) -> None:
    report = analyze(here, suggest=False)
    assert (report.suggestions, report.projection) == ((), None)


def test_paths_become_text() -> None:
    request = Request(Path("a"), Path("b"), build_contexts={"n": Path("c")})
    assert request == Request("a", "b", build_contexts={"n": "c"})
    assert {type(request.context), type(request.dockerfile)} == {str}


@pytest.mark.parametrize("context", [7, None, b"."])
def test_what_is_no_path_is_said_to_be_none(context: object) -> None:
    with pytest.raises(TypeError, match="a path is a str or a Path, not "):
        Request(context)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("builder", ["podman", "", "BuildKit"])
def test_an_unknown_builder_is_an_error_that_names_both(builder: str) -> None:
    words = f'^no such builder: "{builder}"; there are "buildkit" and "legacy"$'
    with pytest.raises(CtxoptError, match=words):
        Request(".", builder=builder)
    with pytest.raises(CtxoptError, match=words):
        analyze(".", builder=builder)


def test_a_builder_may_be_given_by_its_name() -> None:
    assert Request(".", builder="legacy").builder is BuilderName.LEGACY


def test_options_beside_a_request_are_refused() -> None:
    with pytest.raises(TypeError, match="to the Request itself: target"):
        analyze(Request("."), target="build")


def test_a_request_is_frozen_and_stays_a_request() -> None:
    request = Request(".")
    with pytest.raises(AttributeError):
        request.context = "a"  # type: ignore[misc]  # on purpose
    with pytest.raises(AttributeError):
        request.other = "a"  # type: ignore[attr-defined]  # on purpose
    assert type(request._replace(target="a")) is Request


def test_dir_lists_all_that_can_be_asked_for() -> None:
    public = [name for name in dir(ctxopt) if not name.startswith("_")]
    assert public == sorted(ctxopt.__all__)
    for name in public:
        assert getattr(ctxopt, name) is not None
