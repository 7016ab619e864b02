"""What a script can rely on."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import get_args, get_type_hints

import pytest

import ctxopt
from ctxopt import (
    BuilderName,
    CtxoptError,
    DockerfileError,
    Estimate,
    GitState,
    IgnoreFileError,
    ProfileName,
    Reach,
    Request,
    SecretFile,
    analyze,
    listing,
)
from tests import typed_usage
from tests.view.reports import REPORTS


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


@pytest.mark.parametrize("builder", ["kaniko", "", "BuildKit"])
def test_an_unknown_builder_is_an_error_that_names_all(builder: str) -> None:
    words = (
        f'^no such builder: "{builder}"; there are "buildkit", "legacy" and "podman"$'
    )
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


# --- records ---------------------------------------------------------------------

EXPORTED = [
    value
    for value in (getattr(ctxopt, name) for name in ctxopt.__all__)
    if isinstance(value, type)
]
RECORDS = [one for one in EXPORTED if issubclass(one, tuple)]


def pickled(protocol: int) -> Callable[[object], object]:
    return lambda one: pickle.loads(pickle.dumps(one, protocol))  # noqa: S301


AGAIN: dict[str, Callable[[object], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle protocol {number}": pickled(number)
        for number in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


def within(value: object) -> Iterator[object]:
    """A record and all the records in it."""
    if isinstance(value, tuple):
        if type(value) is not tuple:
            yield value
        for one in value:
            yield from within(one)


def records() -> list[object]:
    """Records of every kind that is exported."""
    request = Request(
        Path(), build_args={"a": "1"}, build_contexts=MappingProxyType({"n": "b"})
    )
    secret = SecretFile(
        "a.key",
        "secret-keys",
        family="key",
        what="a private key",
        sure=True,
        reach=Reach.CONTEXT,
        git=GitState.UNTRACKED,
    )
    reports = [make() for make in REPORTS.values()]
    roots = [request, Estimate("remote", 1000), secret, *reports]
    return [*roots, *{type(one): one for one in within(tuple(roots))}.values()]


@pytest.fixture(scope="module")
def found(sample_dir: Path) -> list[object]:
    kept = [*records(), *listing(sample_dir)]
    assert {type(one) for one in kept} == set(RECORDS)
    return kept


@pytest.mark.parametrize("way", AGAIN)
def test_a_record_is_the_same_after(way: str, found: list[object]) -> None:
    for one in found:
        other = AGAIN[way](one)
        assert other == one
        assert hash(other) == hash(one)
        # Equal tuples may be of other types; what is written out says these, too.
        assert repr(other) == repr(one)
        assert type(other) is type(one)


def test_a_whole_report_is_the_same_after_any_of_them(here: Path) -> None:
    report = analyze(build_args={"a": "1"})
    for again in AGAIN.values():
        assert again(report) == report


def test_requests_differ_in_their_words() -> None:
    one, two = (Request(".", build_args={"a": value}) for value in "12")
    assert one != two
    assert one == Request(".", build_args={"a": "1"})
    assert len({one, two, Request(".", build_args={"a": "1"})}) == 2


def test_a_request_keeps_the_words_it_was_given() -> None:
    given = {"a": "1"}
    request = Request(".", build_args=given, build_contexts=given)
    given["a"] = "2"
    assert request.build_args == request.build_contexts == {"a": "1"}
    with pytest.raises(TypeError):
        request.build_args["a"] = "2"  # type: ignore[index]  # on purpose


def named_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from named_in(inner)


@pytest.mark.parametrize("record", RECORDS)
def test_all_that_a_record_holds_is_exported(record: type) -> None:
    held = {one for hint in get_type_hints(record).values() for one in named_in(hint)}
    ours = {one for one in held if one.__module__.startswith("ctxopt")}
    assert ours <= set(EXPORTED)


def refused(folder: Path, files: Mapping[str, str]) -> CtxoptError:
    for name, text in files.items():
        (folder / name).write_text(text)
    with pytest.raises(CtxoptError) as caught:
        analyze(folder)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        pytest.param(
            DockerfileError, {"Dockerfile": "FROM scratch\nCOPY\n"}, id="a Dockerfile"
        ),
        pytest.param(
            IgnoreFileError,
            {"Dockerfile": "FROM scratch\nCOPY . /\n", ".dockerignore": "a\n!\n"},
            id="a line that is refused at once",
        ),
        pytest.param(
            IgnoreFileError,
            {
                "Dockerfile": "FROM scratch\nCOPY . /\n",
                ".dockerignore": "*.o\n[z-a]\n",
            },
            id="a line that is refused when it is used",
        ),
        pytest.param(CtxoptError, {}, id="no Dockerfile"),
    ],
)
def test_an_error_says_the_same_after_any_of_them(
    kind: type[CtxoptError], files: Mapping[str, str], tmp_path: Path
) -> None:
    error = refused(tmp_path, files)
    assert isinstance(error, kind)
    for again in AGAIN.values():
        other = again(error)
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other).keys() == vars(error).keys()


@pytest.mark.parametrize(
    "kind", [one for one in EXPORTED if issubclass(one, CtxoptError)]
)
def test_each_error_keeps_its_fields(kind: type[CtxoptError]) -> None:
    error = kind("no", hint="do", file="f", line=7, text="t")
    for again in AGAIN.values():
        other = again(error)
        assert isinstance(other, kind)
        assert vars(other) == vars(error)
        assert other.args == ("no",)


# --- estimates -------------------------------------------------------------------


def test_seconds_are_estimated_for_the_engine_that_is_asked_for(here: Path) -> None:
    remote = analyze(estimate=Estimate("remote", 20_000_000)).projection
    desktop = analyze(estimate=Estimate(ProfileName.DESKTOP)).projection
    assert remote is not None
    assert desktop is not None
    assert (remote.profile, desktop.profile) == ("remote", "desktop")
    assert remote.now.first_build_seconds > desktop.now.first_build_seconds
    assert remote.now.transfer_wire_bytes == desktop.now.transfer_wire_bytes


def test_an_estimate_asks_for_no_suggestions_where_none_are_wanted(here: Path) -> None:
    assert analyze(suggest=False, estimate=Estimate()).projection is None


def test_an_unknown_profile_is_an_error_that_names_all() -> None:
    words = '^no such profile: "moon"; there are "local", "desktop" and "remote"$'
    with pytest.raises(CtxoptError, match=words):
        Estimate("moon")


@pytest.mark.parametrize("bits", [0, -1])
def test_no_bandwidth_is_an_error(bits: int) -> None:
    with pytest.raises(CtxoptError, match=f"^no bandwidth: {bits} bits a second; "):
        Estimate("remote", bits)


# --- a script --------------------------------------------------------------------


def test_a_typed_script_asks_for_suggestions_and_reads_them(here: Path) -> None:
    lines = typed_usage.advice(here)
    assert any("logs" in line for line in lines)
    assert any(" -> " in line for line in lines)
    assert typed_usage.sizes(here)
    assert typed_usage.takers(here)["requirements.txt"]


def test_a_typed_script_reads_what_is_wrong(here: Path, tmp_path: Path) -> None:
    assert typed_usage.troubles(here) == []
    assert typed_usage.troubles(tmp_path / "missing") != []


def test_a_typed_script_keeps_reports(here: Path, tmp_path: Path) -> None:
    assert typed_usage.changed(here, tmp_path / "kept") is None
    assert typed_usage.changed(here, tmp_path / "kept") == 0
