from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName
from ctxopt.core.timing.bandwidth import parse_bandwidth
from ctxopt.core.timing.buildlog import nothing_found, parse_log
from ctxopt.core.timing.fit import (
    CalibrationError,
    Fit,
    Sample,
    calibrated,
    calibrated_profile,
)
from ctxopt.core.timing.fit import fit as fit_line
from ctxopt.core.timing.models import Load, Model, Profile, ProfileName, profile
from ctxopt.errors import CtxoptError

NOTHING = Load(0, 0, 0)
SMALL = Load(2, 1, 2_607)
LARGE = Load(1_305, 1_204, 26_620_113)
MEGABIT = 1_000_000

LOADS = st.builds(
    Load,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 10**12),
)


def local(builder: BuilderName) -> Profile:
    return find_builder(builder).local_profile()


def fit(samples: list[Sample]) -> Fit:
    return fit_line(samples, local(BuilderName.BUILDKIT).first)


def profiles() -> list[Profile]:
    return [
        profile(name, local(builder), bandwidth_bits=20 * MEGABIT)
        for name in ProfileName
        for builder in BuilderName
    ]


def test_a_model_adds_up_its_four_costs() -> None:
    model = Model(0.5, 0.01, 0.001, 0.0001, "")
    assert model.seconds(Load(10, 20, 30)) == pytest.approx(0.5 + 0.1 + 0.02 + 0.003)


@pytest.mark.parametrize("kind", profiles(), ids=lambda kind: kind.name)
def test_no_profile_asks_anything_for_nothing(kind: Profile) -> None:
    assert kind.first.seconds(NOTHING) == kind.repeat.seconds(NOTHING) == 0


@pytest.mark.parametrize("kind", profiles(), ids=lambda kind: kind.name)
def test_every_profile_says_where_it_comes_from(kind: Profile) -> None:
    for model in (kind.first, kind.repeat):
        assert "2026" in model.origin
        assert ("assumed" in model.origin) == (kind.name == "desktop")


@given(load=LOADS, more=LOADS)
def test_more_never_takes_less(load: Load, more: Load) -> None:
    both = Load(*(one + other for one, other in zip(load, more, strict=True)))
    for kind in profiles():
        for model in (kind.first, kind.repeat):
            assert 0 <= model.seconds(load) <= model.seconds(both), kind.name


@given(LOADS)
def test_desktop_is_never_faster_than_local_nor_remote(load: Load) -> None:
    for builder in BuilderName:
        own = local(builder)
        here = profile(ProfileName.LOCAL, own).first.seconds(load)
        desktop = profile(ProfileName.DESKTOP, own).first.seconds(load)
        remote = profile(ProfileName.REMOTE, own, bandwidth_bits=10**12).first
        assert desktop >= here
        assert remote.seconds(load) >= here


def test_buildkit_sends_records_only_again_and_legacy_everything() -> None:
    again = Load(LARGE.entries, 0, 48_112)
    buildkit = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT))
    legacy = profile(ProfileName.LOCAL, local(BuilderName.LEGACY))
    assert buildkit.repeat.seconds(again) < buildkit.first.seconds(LARGE) / 2
    assert legacy.repeat.seconds(LARGE) == legacy.first.seconds(LARGE)


def test_local_is_of_the_right_size() -> None:
    # 26.62 MB took between a tenth of a second and two on every machine tried.
    for builder in BuilderName:
        model = profile(ProfileName.LOCAL, local(builder)).first
        assert 0.1 < model.seconds(LARGE) - model.seconds(SMALL) < 2


def test_remote_takes_what_the_way_takes() -> None:
    here = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT)).first
    remote = profile(
        ProfileName.REMOTE, local(BuilderName.BUILDKIT), bandwidth_bits=20 * MEGABIT
    ).first
    more = remote.seconds(LARGE) - here.seconds(LARGE)
    assert more == pytest.approx(26_620_113 * 8 / 20e6, rel=0.01)
    assert "20,000,000 bits" in remote.origin


@pytest.mark.parametrize("bandwidth", [None, 0])
def test_remote_without_a_bandwidth_says_what_is_missing(bandwidth: int | None) -> None:
    with pytest.raises(CtxoptError, match="--bandwidth 20Mbit"):
        profile(ProfileName.REMOTE, local(BuilderName.LEGACY), bandwidth_bits=bandwidth)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("20Mbit", 20_000_000),
        (" 20 Mbit/s ", 20_000_000),
        ("1.5Gbit", 1_500_000_000),
        (".5mbit", 500_000),
        ("100kbit", 100_000),
        ("64Kbit", 64_000),
        ("300bit", 300),
        ("1bits/s", 1),
        ("20Mb/s", 20_000_000),
        ("20Mbps", 20_000_000),
        ("3MB/s", 24_000_000),
        ("3MBps", 24_000_000),
        ("2.5MB", 20_000_000),
        ("800B/s", 6_400),
        ("1kbyte/s", 8_000),
        ("1Mbytes", 8_000_000),
    ],
)
def test_bandwidths(text: str, bits: int) -> None:
    assert parse_bandwidth(text) == bits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "Mbit",
        "-20Mbit",
        "20M",
        "20 M bit",
        "20Mbit/h",
        "20Tbit",
        "1e3kbit",
        "1.2.3Mbit",
        "0Mbit",
        "0.1bit",
        "9" * 400 + "bit",
        "nanMbit",
        "20,5Mbit",
        "\u0968\u0966Mbit",
        "20Mbit\n20Mbit",
    ],
)
def test_what_is_no_bandwidth(text: str) -> None:
    with pytest.raises(CtxoptError) as caught:
        parse_bandwidth(text)
    assert text in caught.value.message
    assert "20Mbit" in (caught.value.hint or "")


# Fits.


def line(*sizes: int, fixed: float = 0.2, slope: float = 1e-8) -> list[Sample]:
    return [Sample(size, fixed + slope * size) for size in sizes]


def error(samples: list[Sample], fixed: float, slope: float) -> float:
    return sum((one.seconds - fixed - slope * one.wire_bytes) ** 2 for one in samples)


def test_a_line_is_found_again() -> None:
    found = fit(line(10_000, 5_000_000, 80_000_000))
    assert found.fixed_seconds == pytest.approx(0.2)
    assert found.per_byte_seconds == pytest.approx(1e-8)
    assert found.residuals == pytest.approx((0, 0, 0), abs=1e-9)


def test_residuals_are_what_the_line_misses() -> None:
    samples = [Sample(0, 0.2), Sample(10**8, 1.0), Sample(10**8, 1.4)]
    found = fit(samples)
    assert found.residuals == pytest.approx((0, -0.2, 0.2))


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(line(26_620_000), id="one build"),
        pytest.param(line(26_620_000, 26_700_000), id="two of one size"),
        pytest.param(
            [Sample(26_620_000, 0.9), Sample(26_630_000, 0.3)],
            id="two that contradict each other",
        ),
    ],
)
def test_builds_of_one_size_tell_a_speed(samples: list[Sample]) -> None:
    found = fit(samples)
    here = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT)).first
    assert found.fixed_seconds == here.fixed_seconds
    mean = sum(one.seconds for one in samples) / len(samples)
    at = found.fixed_seconds + found.per_byte_seconds * 26_630_000
    assert at == pytest.approx(mean, rel=0.01)


def test_figures_are_not_negative_where_the_best_line_would_be() -> None:
    falling = fit([Sample(0, 0.9), Sample(10**7, 0.5)])
    assert (falling.fixed_seconds, falling.per_byte_seconds) == (0.7, 0)
    steep = fit([Sample(10**7, 0.1), Sample(10**8, 2.0)])
    assert steep.fixed_seconds == 0
    assert steep.per_byte_seconds == pytest.approx(2e-8, rel=0.05)


SAMPLES = st.lists(
    st.builds(
        Sample,
        st.one_of(st.just(0), st.integers(1, 10**10)),
        st.floats(0, 1000),
    ),
    max_size=6,
).map(lambda samples: [*samples, Sample(2, 0.0), Sample(10**7, 3.0)])


@given(SAMPLES, st.floats(0, 100), st.floats(0, 1e-5))
def test_no_line_without_negative_figures_is_better(
    samples: list[Sample], fixed: float, slope: float
) -> None:
    found = fit(samples)
    assert found.fixed_seconds >= 0
    assert found.per_byte_seconds >= 0
    best = error(samples, found.fixed_seconds, found.per_byte_seconds)
    assert best <= error(samples, fixed, slope) * (1 + 1e-6) + 1e-6
    assert len(found.residuals) == len(samples)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param([], id="none"),
        pytest.param([Sample(2_607, 0.2)], id="too small"),
        pytest.param([Sample(1_500_000, 0.0)], id="too quick to be printed"),
    ],
)
def test_too_little_to_learn_from_is_said(samples: list[Sample]) -> None:
    with pytest.raises(CalibrationError, match="sends 1 MB or more"):
        fit(samples)


def test_a_calibrated_model_gives_back_the_builds_it_comes_from() -> None:
    base = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT))
    found = fit(line(LARGE.wire_bytes // 100, LARGE.wire_bytes))
    model = calibrated(found, base.first, like=LARGE)
    assert model.seconds(LARGE) == pytest.approx(0.2 + 0.2662, rel=0.001)
    assert model.origin == "calibrated from 2 builds"


def test_a_calibrated_machine_is_slower_in_everything() -> None:
    base = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT))
    slow = calibrated(Fit(0.3, 1e-6, (0.0,)), base.first)
    kind = calibrated_profile(base, slow)
    assert (kind.name, slow.origin) == ("calibrated", "calibrated from 1 build")
    assert kind.repeat.origin == slow.origin
    assert kind.first.seconds(SMALL) > 0.3
    for now, before in ((kind.first, base.first), (kind.repeat, base.repeat)):
        assert now.seconds(LARGE) > 5 * before.seconds(LARGE)


@pytest.mark.parametrize("slope", [0.0, 1e-30, 1e6])
def test_an_absurd_log_leaves_a_model_of_this_world(slope: float) -> None:
    base = profile(ProfileName.LOCAL, local(BuilderName.BUILDKIT)).first
    model = calibrated(Fit(0.0, slope, (0.0,)), base, like=NOTHING)
    assert 0.09 < model.per_byte_seconds / base.per_byte_seconds < 1001


# Logs.

PLAIN = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 362B done
#1 DONE 0.0s

#2 [internal] load .dockerignore
#2 sha256:15cf2d10e6601db56b0362b190fe135a8d76401066d8845ca17bf22a81a9ad60
#2 transferring context: 2B done
#2 DONE 0.0s

#4 [internal] load build context
#4 transferring context: 13.10MB 0.2s
#4 ...

#3 [internal] load metadata for example/python:3.13-slim
#3 DONE 0.6s

#4 [internal] load build context
#4 transferring context: 26.62MB 0.4s done
#4 DONE 0.5s

#5 [1/2] RUN echo "#4 transferring context: 9.00MB 9.0s done"
#5 0.123 #4 transferring context: 9.00MB 9.0s done
#5 DONE 0.2s
"""


@pytest.mark.parametrize(
    ("log", "samples"),
    [
        pytest.param("", [], id="nothing in nothing"),
        pytest.param("make: done\n# 4 of 5\n#\n{}\n[]\n", [], id="nothing in chatter"),
        pytest.param(PLAIN, [(26_620_000, 0.4)], id="the build context only"),
        pytest.param(
            PLAIN.replace("\n", "\r\n"), [(26_620_000, 0.4)], id="Windows line ends"
        ),
        pytest.param(
            PLAIN.replace("\n", "\x1b[0m\n").replace("#", "\x1b[34m#"),
            [(26_620_000, 0.4)],
            id="colours",
        ),
        pytest.param(
            "".join(f"2026-11-26T10:00:00.1Z {x}\n" for x in PLAIN.splitlines()),
            [(26_620_000, 0.4)],
            id="a time before each line",
        ),
        pytest.param(
            "#1 [web internal] load build context\n"
            "#1 transferring context: 1.50GB 20.0s done\n"
            "#2 [db internal] load build context\n"
            "#2 transferring context: 512B done\n",
            [(1_500_000_000, 20.0), (512, 0.0)],
            id="several services of one build",
        ),
        pytest.param(
            PLAIN
            + "#4 [internal] load .dockerignore\n#4 transferring context: 9B done\n"
            "#2 [internal] load build context\n"
            "#2 transferring context: 48.11kB 0.1s done\n",
            [(26_620_000, 0.4), (48_110, 0.1)],
            id="the next build counts from one again",
        ),
        pytest.param(
            "#4 [internal] load build context\n#4 transferring context: 0.0s done\n",
            [(0, 0.0)],
            id="a transfer of nothing",
        ),
        pytest.param(
            "#4 [internal] load build context\n"
            "#4 transferring context: 26.62MB 0.4s\n#4 CANCELED\n",
            [],
            id="one that never ended",
        ),
        pytest.param(
            "#4 [internal] load build context\n"
            "#4 transferring context: 1.2.3MB 0.4s done\n"
            "#4 transferring context: 26.62MB ..s done\n",
            [],
            id="numbers that are none",
        ),
        pytest.param(
            "#4 DONE 0.5s\n#4 transferring context: 26.62MB 0.4s done\n"
            "#1 transferring dockerfile: 362B done\n",
            [(26_620_000, 0.4)],
            id="someone kept these lines only",
        ),
        pytest.param(
            "#7 [context assets] load from client\n"
            "#7 transferring assets: 5.00MB 0.3s done\n",
            [(5_000_000, 0.3)],
            id="a named context where there is nothing else",
        ),
        pytest.param(
            PLAIN + "#7 [context assets] load from client\n"
            "#7 transferring assets: 5.00MB 0.3s done\n",
            [(26_620_000, 0.4)],
            id="but not beside the main one",
        ),
    ],
)
def test_plain_logs(log: str, samples: list[tuple[int, float]]) -> None:
    assert list(parse_log(log)) == samples


def events(
    started: object = "2026-11-26T23:59:59.900000001Z",
    completed: object = "2026-11-27T00:00:00.400000002Z",
    *,
    current: object = 26_620_113,
    name: str = "[internal] load build context",
    what: str = "transferring context:",
) -> str:
    status = {"id": what, "vertex": "sha256:1", "current": current}
    going = {**status, "current": 7, "timestamp": started, "started": started}
    return "\n".join(
        json.dumps(event)
        for event in (
            {"vertexes": [{"digest": "sha256:1", "name": name, "started": started}]},
            {"statuses": [going]},
            {"statuses": [{**status, "started": started, "completed": completed}]},
            {"logs": [{"vertex": "sha256:1", "data": "aGVsbG8="}]},
        )
    )


def test_raw_logs_are_exact() -> None:
    (sample,) = parse_log(events())
    assert sample.wire_bytes == 26_620_113
    assert sample.seconds == 0.500000001


@pytest.mark.parametrize(
    ("started", "completed", "seconds"),
    [
        ("2026-11-26T10:00:00Z", "2026-11-26T10:01:00.5Z", 60.5),
        ("2026-11-26T10:00:00+01:00", "2026-11-26T09:00:01Z", 1),
        ("2026-11-26T10:00:00-02:30", "2026-11-26T12:30:00.25Z", 0.25),
        ("2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z", 86_401),
        ("2025-02-28T23:59:59Z", "2025-03-01T00:00:00Z", 1),
        ("2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", 1),
        ("2026-07-31T23:59:59Z", "2026-08-01T00:00:00Z", 1),
        ("2026-11-26T10:00:01Z", "2026-11-26T10:00:00Z", 0),
    ],
)
def test_times_of_raw_logs(started: str, completed: str, seconds: float) -> None:
    (sample,) = parse_log(events(started, completed))
    assert sample.seconds == seconds


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(events(completed=None), id="never completed"),
        pytest.param(events(completed="yesterday"), id="a time that is none"),
        pytest.param(events(current="26"), id="a size that is none"),
        pytest.param(events(current=-1), id="a negative size"),
        pytest.param(events(what="extracting"), id="another status"),
        pytest.param(events(name="[internal] load .dockerignore"), id="another step"),
        pytest.param('{"statuses": 7}\n{"statuses": [7]}\n{"sta', id="another shape"),
        pytest.param('{"a":' * 100_000, id="nested beyond measure"),
    ],
)
def test_raw_logs_without_a_transfer(log: str) -> None:
    assert parse_log(log) == ()


def test_both_forms_may_stand_in_one_log() -> None:
    assert len(parse_log(PLAIN + events())) == 2


@pytest.mark.deep
@given(
    st.lists(
        st.sampled_from(
            [*PLAIN.splitlines(keepends=True), *events().splitlines(keepends=True)]
        )
        | st.text(max_size=20)
    ).map("".join)
)
def test_no_log_raises_anything(log: str) -> None:
    for sample in parse_log(log):
        assert sample.wire_bytes >= 0
        assert sample.seconds >= 0


def test_a_log_without_transfers_is_named() -> None:
    assert str(nothing_found("build.log")) == (
        'build.log: no "transferring context:" line; '
        "record one with docker build --progress=plain . 2> build.log"
    )
