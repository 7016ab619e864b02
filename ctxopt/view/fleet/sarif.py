"""The findings of a fleet as one SARIF 2.1.0 log with one run, written as they come.

Each repository is a base of its own: `uriBaseId` is its name in the report, and paths
are from its top. Rules stand once, behind the results: the order of the fields of an
object means nothing in JSON, and so no more than one repository is held at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from ctxopt.core.fleet.records import FleetLine
from ctxopt.view.check.sarif import HEAD, ROOT, RUN, Json, driver
from ctxopt.view.fleet.places import base_uri, remote_uri
from ctxopt.view.terminal import formatting

PRINT = "ctxopt/fleet/v1"

# A line, and `rules` and `results` of its check; None where nothing was checked.
Rows = Iterable[tuple[FleetLine, Json | None]]


def show(rows: Rows, out: TextIO, *, made_by: str = "") -> None:
    """Write the log of all rows, which are gone through once."""
    run = _Run(made_by)
    kind = _text({"columnKind": RUN["columnKind"]})
    out.write(f'{_text(HEAD)[:-1]},"runs":[{kind[:-1]},"results":[')
    between = "\n"
    for line, found in rows:
        for result in run.results(line, found):
            out.write(between + _text(result))
            between = ",\n"
    out.write("\n],\n")
    out.writelines(run.rest())
    out.write("}]}\n")


class _Run:
    """What is known of a run once all its results were written."""

    def __init__(self, made_by: str) -> None:
        self._made_by = made_by
        self._rules: list[Json] = []
        self._places: dict[object, int] = {}  # of rules, by their ids
        # One for each repository: as text they take less memory.
        self._bases: list[str] = []
        self._provenance: list[str] = []
        self._failed: list[str] = []

    def results(self, line: FleetLine, found: Json | None) -> Iterator[Json]:
        """The results of a repository, as they stand among those of all."""
        if line.failure is not None:
            said = formatting.printable(f"{line.called}: {line.failure.message}")
            self._failed.append(_text({"level": "error", "message": {"text": said}}))
        if found is None:
            return
        self._place(line)
        rules: Any = found["rules"]
        results: Any = found["results"]
        for rule in rules:
            if rule["id"] not in self._places:
                self._places[rule["id"]] = len(self._rules)
                self._rules.append(rule)
        for result in results:
            yield self._result(result, line)

    def _place(self, line: FleetLine) -> None:
        uri = base_uri(line.place)
        description = {"description": {"text": formatting.printable(line.place)}}
        base = description if uri is None else {"uri": uri}
        self._bases.append(_text({line.name: base})[1:-1])
        remote = remote_uri(line.place)
        if remote is not None and line.commit is not None:
            branch = line.place.partition("#")[2]
            told = {
                "repositoryUri": remote,
                "revisionId": line.commit,
                **({"branch": branch} if branch else {}),
                "mappedTo": {"uriBaseId": line.name},
            }
            self._provenance.append(_text(told))

    def _result(self, result: dict[str, Any], line: FleetLine) -> Json:
        """A result with its rule, its base and a fingerprint of its own."""
        return {
            **_based(result, line.name),
            "ruleIndex": self._places[result["ruleId"]],
            "partialFingerprints": {PRINT: _fingerprint(result, line)},
            "properties": {**result.get("properties", {}), "repository": line.name},
        }

    def rest(self) -> Iterator[str]:
        """The fields of the run beside its results, as text."""
        tool = {"driver": {**driver(self._made_by), "rules": self._rules}}
        yield f'"tool":{_text(tool)},\n'
        yield '"invocations":[{"executionSuccessful":true'
        if self._failed:
            yield ',"toolExecutionNotifications":['
            yield from _apart(self._failed)
            yield "]"
        yield "}],\n"
        if self._provenance:
            yield '"versionControlProvenance":['
            yield from _apart(self._provenance)
            yield "],\n"
        yield '"originalUriBaseIds":{'
        yield from _apart(self._bases)
        yield "}"


def _apart(texts: Iterable[str]) -> Iterator[str]:
    """Each on a line of its own, with what stands between them."""
    for at, text in enumerate(texts):
        yield f"{',' if at else ''}\n{text}"


def _based(value: Any, name: str) -> Any:
    """The same, with all that lay in the one repository in that of a name."""
    if isinstance(value, list):
        return [_based(one, name) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: _based(one, name) for key, one in value.items()}
    if made.get("uriBaseId") == ROOT:
        made["uriBaseId"] = name
    return made


def _fingerprint(result: dict[str, Any], line: FleetLine) -> str:
    """32 hexadecimal digits: the finding's own, in this repository."""
    own = sorted(result.get("partialFingerprints", {}).items())
    text = json.dumps([line.name, own])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
