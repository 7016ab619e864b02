"""An engine of the tests' own, receiving reduced builds."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import Request
from ctxopt.core.verify import Observation, Prediction, compare
from ctxopt.host.docker import observe_buildkit
from tests.live.engine import LiveEngine
from tests.trees import Case, build_tree, load_cases

pytestmark = pytest.mark.live


def _comparable(case: Case) -> bool:
    """Tell whether every BuildKit since 20.10 takes the same of this context.

    Before 23 negated patterns re-open folders differently, an extended attribute
    without value weighs less, and a named pipe is received and not copied.
    """
    for entry in case["tree"]:
        if entry.get("kind") == "fifo" or "" in entry.get("xattrs", {}).values():
            return False
        ignores = entry["path"].endswith(".dockerignore")
        if ignores and "!" in entry.get("text", ""):
            return False
    return True


# Before 23 a source such as `*/x` brings along whatever matches its first part, and
# the copy's wildcards are not read as an ignore file's (wire-buildkit.md, 3.1 c).
_WILD_PATH = re.compile(r"[*?\[].*/.|/.*[*?\[]|\*\*|\^")


def _requests_alike(case: Case) -> bool:
    """Tell whether every BuildKit since 20.10 understands these sources alike."""
    name = case.get("dockerfile") or f"{case.get('context', '.')}/Dockerfile"
    paths = {os.path.normpath(entry["path"]): entry for entry in case["tree"]}
    entry = paths[os.path.normpath(name)]
    while "target" in entry:
        folder = os.path.dirname(entry["path"])
        entry = paths[os.path.normpath(os.path.join(folder, entry["target"]))]
    words = re.split(r"[\s\",]+", entry["text"])
    return not any(map(_WILD_PATH.search, words))


ALIKE = [case for case in load_cases() if _comparable(case)]
# A build takes most of a second; every fifth context keeps all kinds among them.
WHOLE_CASES = [case for case in ALIKE if "error" not in case["expected"]["full"]][::5]
CASES = [
    case
    for case in ALIKE
    if case["expected"]["buildkit"].get("context_bytes")
    and "error" not in case["expected"]["buildkit"]
    and _requests_alike(case)
][::3]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_recorded_build_is_verified_to_the_byte(
    case: Case,
    live_engine: LiveEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", live_engine.host)
    context, dockerfile = build_tree(case, tmp_path)
    request = Request(
        context, dockerfile, case.get("target"), case.get("build_args", {})
    )

    verification = pipeline.verify(request)

    assert verification.comparison.same, verification
    assert verification.comparison.exact
    expected = case["expected"]["buildkit"]
    observation = verification.observation
    assert observation.wire_bytes == expected["context_bytes"]
    if expected.get("ignorefile_bytes"):
        assert observation.ignorefile_wire_bytes == expected["ignorefile_bytes"]
    # None: the reduced Dockerfile is longer than the real one.
    if observation.dockerfile_wire_bytes is not None:
        assert observation.dockerfile_wire_bytes == expected["dockerfile_bytes"]


@pytest.mark.parametrize("case", WHOLE_CASES, ids=lambda case: case["id"])
def test_the_whole_context_is_what_was_recorded(
    case: Case, live_engine: LiveEngine, tmp_path: Path
) -> None:
    context, dockerfile = build_tree(case, tmp_path)
    full, small = case["expected"]["full"], case["expected"]["buildkit"]
    dockerfile = dockerfile or os.path.join(context, "Dockerfile")
    observation = observe_buildkit(
        context,
        dockerfile,
        dockerfile_content=Path(dockerfile).read_bytes(),
        follow=("",),
        host=live_engine.host,
    )

    wire_bytes = full["context_bytes"]
    expected = Prediction(
        wire_bytes=wire_bytes,
        printed=_printed(wire_bytes),
        members=tuple(sorted(full["image"], key=_sent_order)),
        # Recorded runs that ended early do not tell the small transfers.
        ignorefile_wire_bytes=small.get("ignorefile_bytes"),
    )
    comparison = compare(expected, observation)
    assert comparison.same, (comparison, observation)
    assert comparison.exact


def _sent_order(name: str) -> list[bytes]:
    """Order by the components of a path, as a walk meets them."""
    return name.removesuffix("/").encode("utf-8", "surrogateescape").split(b"/")


def _printed(wire_bytes: int) -> str:
    """Return the size as BuildKit prints it."""
    units = {"GB": 10**9, "MB": 10**6, "kB": 10**3}
    for name, unit in units.items():
        if wire_bytes >= unit:
            return f"{wire_bytes / unit:.2f}{name}"
    return f"{wire_bytes}B"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return a context with names that are odd in every language in between."""
    folder = tmp_path / "context"
    for name in ODD_NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (1_600_000_000, 1_600_000_000))
    (folder / "Dockerfile").write_bytes(b"FROM nowhere.invalid/x\nRUN exit 1\n")
    (folder / ".dockerignore").write_bytes(b"logs\n")
    return folder


ODD_NAMES = (
    "a b",
    "$HOME",
    "it's",
    'say "hi"',
    "<<EOF",
    "src/ü",
    "src/z.py",
    "logs/app.log",
)


def _observe(
    engine: LiveEngine, context: Path, *follow: str, dockerfile: Path | None = None
) -> Observation:
    path = dockerfile or context / "Dockerfile"
    return observe_buildkit(
        str(context),
        str(path),
        dockerfile_content=path.read_bytes(),
        follow=follow,
        host=engine.host,
    )


def _file_bytes(name: str) -> int:
    """Return what a file of 100 bytes costs with an id below 128, but not 0."""
    length = len(name.encode())
    stat = 2 + length + 3 + 2 + 10
    return (2 + stat) + (2 + 2 + 2 + 100) + (2 + 2)


FIRST_ID_SAVES = 2 * 2  # id 0 is left out of the packets
END = 2


@pytest.mark.parametrize("name", [name for name in ODD_NAMES if "/" not in name])
def test_an_odd_name_is_requested_exactly(
    name: str, live_engine: LiveEngine, context: Path
) -> None:
    observation = _observe(live_engine, context, name)

    assert observation.error is None
    assert observation.wire_bytes == _file_bytes(name) - FIRST_ID_SAVES + END
    assert observation.exact


def test_wildcards_are_requested_live(live_engine: LiveEngine, context: Path) -> None:
    one = _observe(live_engine, context, "src/z.py")
    assert _observe(live_engine, context, "sr*/*.py") == one
    assert _observe(live_engine, context, "src/*.py", "src/z.py") == one


def test_a_missing_source_is_no_error_of_the_transfer(
    live_engine: LiveEngine, context: Path
) -> None:
    alone = _observe(live_engine, context, "a b")

    assert _observe(live_engine, context, "a b", "nowhere", "logs/app.log") == alone


def test_no_request_is_no_transfer(live_engine: LiveEngine, context: Path) -> None:
    observation = _observe(live_engine, context)

    assert observation.error is None
    assert (observation.wire_bytes, observation.printed) == (0, None)


def test_a_transfer_is_a_first_one_every_time(
    live_engine: LiveEngine, context: Path
) -> None:
    first = _observe(live_engine, context, "src")

    assert _observe(live_engine, context, "src") == first


def test_the_ignore_file_beside_the_dockerfile_wins(
    live_engine: LiveEngine, context: Path, tmp_path: Path
) -> None:
    dockerfile = tmp_path / "web.Dockerfile"
    dockerfile.write_bytes(b"FROM scratch\n")
    (tmp_path / "web.Dockerfile.dockerignore").write_bytes(b"*\n!logs\n")

    observation = _observe(live_engine, context, "", dockerfile=dockerfile)

    assert observation.members == ("logs/", "logs/app.log")


def test_a_refused_ignore_file_is_an_observation(
    live_engine: LiveEngine, context: Path
) -> None:
    (context / ".dockerignore").write_bytes(b"[a-\n")

    observation = _observe(live_engine, context, "")

    assert observation.error is not None
    assert "syntax error in pattern" in observation.error
    assert observation.members is None


def test_nothing_is_left_in_the_engine_nor_changed_in_the_context(
    live_engine: LiveEngine, context: Path, tmp_path: Path
) -> None:
    def state() -> tuple[object, ...]:
        paths = sorted(tmp_path.rglob("*"))
        stats = [(path, path.stat().st_mtime_ns) for path in paths]
        images = live_engine.ask("images", "--all", "--quiet")
        form = "{{range .BuildCache}}{{.ID}} {{end}}"
        records = live_engine.ask("system", "df", "--verbose", "--format", form)
        # Images of the same second are told in any order.
        return stats, sorted(images.split()), sorted(records.split())

    before = state()
    assert _observe(live_engine, context, "").members
    assert _observe(live_engine, context, "src", "nowhere").wire_bytes
    assert state() == before
