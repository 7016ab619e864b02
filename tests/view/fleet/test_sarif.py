"""One SARIF for a fleet: held to the schema, each repository apart from the others."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ctxopt.core.fleet.records import FleetLine
from ctxopt.view.check.sarif import findings_of
from ctxopt.view.fleet import sarif
from tests.view.check.checks import CHECKS
from tests.view.check.test_sarif import validator
from tests.view.fleet.fleets import (
    COMMIT,
    GIT,
    HOSTILE,
    broken,
    build,
    failed,
    line,
    small,
)

Found = Any


def found(name: str) -> Found:
    """What a check adds to a run, as a row has it."""
    return json.loads(json.dumps(findings_of(CHECKS[name])))


def shown(*rows: tuple[FleetLine, Found]) -> str:
    out = io.StringIO()
    sarif.show(iter(rows), out, made_by="1.0.0")
    return out.getvalue()


def run(*rows: tuple[FleetLine, Found]) -> Any:
    """The run of a log that keeps to the schema."""
    document = json.loads(shown(*rows))
    assert [one.message for one in validator().iter_errors(document)] == []
    (made,) = document["runs"]
    return made


def named(name: str, place: str = "") -> FleetLine:
    made = line(name, build())
    return made._replace(place=place) if place else made


def uris(made: Any) -> set[tuple[str, str]]:
    """Base and path of all files of a run."""

    def below(value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            if "uri" in value:
                yield value.get("uriBaseId", ""), value["uri"]
            for one in value.values():
                yield from below(one)
        elif isinstance(value, list):
            for one in value:
                yield from below(one)

    return {*below(made["results"])}


def test_a_fleet_of_nothing_keeps_to_the_schema() -> None:
    assert run()["results"] == []
    assert run((failed("gone"), None), (line("docs"), None))["results"] == []


@pytest.mark.parametrize("name", CHECKS)
def test_so_does_one_with_every_kind_of_finding(name: str) -> None:
    run((named("a"), found(name)), (small(), found(name)))


def test_so_does_one_whose_names_are_hostile() -> None:
    hostile = named(HOSTILE, f"javascript:alert(1)//{HOSTILE}")
    made = run((hostile._replace(commit=HOSTILE), found("everything")))
    assert "versionControlProvenance" not in made
    (base,) = made["originalUriBaseIds"].values()
    assert [*base] == ["description"]


def test_rules_stand_once_and_each_result_finds_its_own() -> None:
    checks = [found(name) for name in CHECKS]
    rows = [(named(f"a{at}"), one) for at, one in enumerate(reversed(checks))]
    made = run(*rows)
    ids = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert len(ids) == len({*ids}) > 3
    for result in made["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
    assert len(made["results"]) == sum(len(one["results"]) for one in checks)


def test_every_path_is_below_the_base_of_its_repository() -> None:
    made = run((named("a"), found("everything")), (named("b"), found("everything")))
    paths = uris(made)
    assert {base for base, _ in paths} == {"a", "b"}
    assert {uri for base, uri in paths if base == "a"} == {
        uri for base, uri in paths if base == "b"
    }
    assert ("a", "app/Dockerfile") in paths
    assert made["originalUriBaseIds"]["a"] == {
        "uri": "https://git.example.com/acme/a.git/"
    }


def test_a_repository_says_where_it_comes_from() -> None:
    made = run(
        (named("a"), found("everything")),
        (small(), found("everything")),
        (named("b", "git@git.example.com:acme/b.git"), found("everything")),
        (named("c")._replace(commit=None), found("everything")),
        (named("d", f"{GIT}/d.git#main"), found("everything")),
    )
    assert made["versionControlProvenance"] == [
        {
            "repositoryUri": "https://git.example.com/acme/a.git",
            "revisionId": COMMIT,
            "mappedTo": {"uriBaseId": "a"},
        },
        {
            "repositoryUri": "https://git.example.com/acme/d.git",
            "revisionId": COMMIT,
            "branch": "main",
            "mappedTo": {"uriBaseId": "d"},
        },
    ]
    bases = made["originalUriBaseIds"]
    assert bases["small"] == {"uri": "file:///home/you/small/"}
    assert "uri" not in bases["b"]


def test_fingerprints_are_their_own_and_do_not_depend_on_the_others() -> None:
    check = found("everything")
    alone = run((named("a"), check))
    both = run((named("b"), check), (named("a"), check))

    def prints(made: Any) -> list[str]:
        return [one["partialFingerprints"][sarif.PRINT] for one in made["results"]]

    assert len({*prints(both)}) == len(prints(both)) == 2 * len(prints(alone))
    assert {*prints(alone)} < {*prints(both)}


def test_what_failed_is_said_to_have() -> None:
    made = run((failed("gone"), None), (broken(), found("everything")))
    (invocation,) = made["invocations"]
    gone, other = invocation["toolExecutionNotifications"]
    assert gone["message"]["text"] == "gone: it is not there"
    assert other["message"]["text"].startswith("broken: none of its builds could be")
    assert {one["properties"]["repository"] for one in made["results"]} == {"broken"}


def test_what_was_found_is_written_before_the_next_is_asked_for() -> None:
    out = io.StringIO()
    written: list[int] = []

    def rows() -> Iterator[tuple[FleetLine, Found]]:
        for at in range(3):
            written.append(out.getvalue().count('"ruleId"'))
            yield named(f"a{at}"), found("everything")

    sarif.show(rows(), out)
    count = len(found("everything")["results"])
    assert written == [0, count, 2 * count]


def test_a_row_is_not_changed() -> None:
    check = found("everything")
    shown((named("a"), check))
    assert check == found("everything")
