"""What every test shares: the hypothesis profiles and the folders of the fixtures."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.conjecture.engine import ConjectureRunner

from ctxopt.core.suggest.catalogue import RuleIndex, build_rule_index
from ctxopt.core.suggest.policy import Policy
from ctxopt.core.suggest.rules import RuleBook, rules
from ctxopt.pipeline import advice
from tests.compiled import compile_once
from tests.trees import Case, LaidOut, build_tree

ROOT = Path(__file__).resolve().parent.parent

# The workers and a hundred processes import the same modules. Whoever sets this for
# all of Python does not mean that each of them is to compile those again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# `ci` draws the same examples every time, so that red is red for everyone, and draws
# each anew. `pytest --hypothesis-profile=explore` goes looking for new ones.
settings.register_profile(
    "ci",
    max_examples=50,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
# The inner loop: what a quick look at each property finds.
settings.register_profile("inner", settings.get_profile("ci"), max_examples=10)
settings.load_profile("ci")


WITHOUT_ASKING = "not live and not browser"
QUICK = f"{WITHOUT_ASKING} and not deep"  # as pyproject.toml has it
MEMORY = "/dev/shm"  # noqa: S108  # a file system in memory on Linux
ROOM = 2 << 30  # bytes that all trees together never need


def pytest_configure(config: pytest.Config) -> None:
    """Make trees in memory; where TMPDIR says, and for live tests, on a disk."""
    is_live = config.option.markexpr == "live"
    if _names_files(config) and config.option.markexpr == QUICK:
        config.option.markexpr = WITHOUT_ASKING
    if "TMPDIR" not in os.environ and not is_live and _holds_trees(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY
    if config.option.hypothesis_profile != "explore":
        _draw_the_same_wherever_it_runs()
        _draw_each_anew()


def _draw_the_same_wherever_it_runs() -> None:
    """Let no example depend on which modules a process has imported.

    One draw in twenty is of the constants in them, which differ with the tests that ran
    before, and with every line that is written; each process would parse all of them.
    """
    providers._get_local_constants = lambda: providers._local_constants


def _draw_each_anew() -> None:
    """Let no example be another one with a part of it repeated.

    Of six examples hypothesis draws one, and the other five are that one with a part
    copied over another, which finds what is wrong of equal parts. Where names are drawn
    from a few anyway, half the examples, all drawn, come to more of the code.
    """
    ConjectureRunner.generate_mutations_from = lambda *_: None  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile what the workers import, before they start."""
    if getattr(session.config.option, "numprocesses", None):
        compile_once(session.config, [ROOT / "ctxopt", ROOT / "tests"])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what asks docker or a browser, where that is not run: all is marked."""
    asking = collection_path in (ROOT / "tests" / "live", ROOT / "tests" / "browser")
    asked_without = config.option.markexpr in {QUICK, WITHOUT_ASKING, "deep"}
    return True if asking and asked_without else None


def _names_files(config: pytest.Config) -> bool:
    """Whether somebody asks for files: those are run whole, and in one process."""
    return all(one.partition("::")[0].endswith(".py") for one in config.args)


def _holds_trees(folder: str) -> bool:
    """Whether a file system can hold what a disk can hold: no test is skipped there."""
    try:
        flags = os.statvfs(folder).f_flag
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            os.setxattr(file.name, "user.ctxopt", b"x")
        return not flags & os.ST_NOEXEC and shutil.disk_usage(folder).free > ROOM
    except (OSError, AttributeError):
        return False


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """How many processes `-n auto` means here; None leaves it to xdist: all CPUs.

    Live tests share an engine, and a test file that is named is sooner done than
    another process is started. Of all tests there are some that wait for others, so
    one more process works meanwhile.
    """
    asks_others = config.option.markexpr in ("live", "browser")
    if asks_others or _names_files(config):
        return 0
    is_whole = config.args == config.getini("testpaths")
    return (os.cpu_count() or 1) + 1 if is_whole else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits: it must not be the last that all others wait for."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Let a worker send one word of a test that passes, where six are usual.

    Of ten thousand small tests that is ten seconds; xdist leaves out collections that
    passed for the same reason. With `--durations` all is told.
    """
    is_worker = hasattr(item.config, "workerinput")
    if not is_worker or item.config.option.durations is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect ten thousand tests, all of which stay, without looking for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(50_000)  # as the program itself does


@pytest.fixture(scope="session", autouse=True)
def _rules_are_compiled_once() -> Iterator[None]:
    """Not once a build: a process of its own has one build, a test run thousands."""
    known = lru_cache(maxsize=64)(partial(build_rule_index, rules()))

    def index_of(asked: RuleBook, pinned: Sequence[str], policy: Policy) -> RuleIndex:
        assert asked is rules()  # of a thousand, which take long to be compared
        return known(tuple(pinned), policy)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(advice, "build_rule_index", index_of)
        yield


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def conformance_dir() -> Path:
    """The contexts recorded from real builders, as JSON."""
    return ROOT / "fixtures" / "conformance"


@pytest.fixture(scope="session")
def sample_dir() -> Path:
    """The sample project as it is checked out; tests only read it."""
    return ROOT / "fixtures" / "sample"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> LaidOut:
    """Recorded cases on disk, each laid out once a process; tests only read them."""
    root = tmp_path_factory.mktemp("recorded")
    found: dict[str, tuple[str, str | None]] = {}

    def laid_out(case: Case) -> tuple[str, str | None]:
        if case["id"] not in found:
            folder = tempfile.mkdtemp(dir=root)
            os.chmod(folder, 0o755)
            found[case["id"]] = build_tree(case, folder)
        return found[case["id"]]

    return laid_out
