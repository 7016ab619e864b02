"""Which stages a build reaches, what it reads, and what it refuses on the way."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import (
    BuildOptions,
    Scoping,
    Trace,
    as_docker_prints,
    link,
    parse,
    trace,
)
from ctxopt.core.model import SourceKind
from ctxopt.errors import DockerfileError
from tests.facts import claims_of_context

CLASSIC = BuildOptions(scoping=Scoping.CLASSIC)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def traced(text: str, options: BuildOptions | None = None) -> Trace:
    """Follow the build of a Dockerfile; `FROM scratch` goes without saying."""
    content = text if "FROM" in text else f"FROM scratch\n{text}"
    return trace(link(parse(content.encode(), "Dockerfile"), options or BuildOptions()))


def expanded(text: str, options: BuildOptions | None = None) -> list[str]:
    """Give what the sources come to."""
    return [source.expanded for source in traced(text, options).sources]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ARG A=x\nCOPY $A /", ["x"], id="an argument"),
        pytest.param("ARG A=x B=$A\nCOPY $B /", ["x"], id="seen by the next one"),
        pytest.param("ENV A=x\nENV A=y B=$A\nCOPY $B /", ["x"], id="ENV sees before"),
        pytest.param("ENV A=x\nARG A=y\nCOPY $A /", ["y"], id="the later one wins"),
        pytest.param("ARG A=y\nENV A=x\nCOPY $A /", ["x"], id="ENV, being later"),
        pytest.param("ARG A\nCOPY $A. /", ["."], id="an argument without a value"),
        pytest.param("COPY $TARGETARCH. /", ["."], id="automatic, not declared"),
        pytest.param("ARG TARGETARCH\nCOPY $TARGETARCH /", ["amd64"], id="declared"),
        pytest.param("ARG TARGETSTAGE\nCOPY $TARGETSTAGE /", ["default"], id="stage"),
        pytest.param("COPY $PATH /", [PATH], id="PATH is always there"),
        pytest.param("ARG A='a b'\nCOPY $A /", ["a b"], id="quotes in an ARG"),
        pytest.param(
            "ARG A=g\nFROM scratch\nCOPY $A. /\nARG A\nCOPY $A /",
            [".", "g"],
            id="a global argument, before and after it is declared",
        ),
        pytest.param(
            "FROM scratch AS a\nARG A=x\nFROM a\nCOPY $A /",
            ["x"],
            id="arguments go down FROM",
        ),
        pytest.param(
            "FROM scratch AS a\nENV A=x\nARG A=y\nCOPY $A /\nFROM a\nCOPY $A /",
            ["y", "x"],
            id="below FROM, ENV is what it was before an ARG hid it",
        ),
        pytest.param(
            "FROM scratch AS a\nARG PATH=x\nFROM a\nCOPY $PATH /",
            [PATH],
            id="and so is PATH",
        ),
        pytest.param(
            "FROM scratch AS a\nCOPY x /\nFROM scratch AS b\nCOPY y /\n"
            "FROM scratch\nCOPY --from=b /y z",
            ["y", "/y"],
            id="only what is reached",
        ),
        pytest.param(
            "FROM scratch AS a\nONBUILD COPY $V /\nFROM a\nENV V=v\nCOPY w /",
            ["", "w"],
            id="a trigger comes first, with the child's variables",
        ),
        pytest.param(
            "FROM scratch AS a\nONBUILD COPY x /\nFROM a AS b\nFROM b\nCOPY w /",
            ["x", "w"],
            id="a trigger fires in children, not in grandchildren",
        ),
        pytest.param("COPY <<E a /\nx\nE", ["E", "a"], id="a heredoc and a file"),
        pytest.param('COPY ["<<E", "a", "/"]', ["E", "a"], id="a heredoc in JSON"),
    ],
)
def test_buildkit_reads(text: str, expected: list[str]) -> None:
    assert expanded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ENV A=x\nARG A=y\nCOPY $A /", ["x"], id="ENV always wins"),
        pytest.param("ARG A=x B=$A\nCOPY $B. /", ["."], id="ARG sees before"),
        pytest.param("ARG TARGETARCH\nCOPY $TARGETARCH. /", ["."], id="no automatic"),
        pytest.param(
            "FROM scratch AS a\nARG A=x\nENV B=y\nFROM a\nCOPY $A$B /",
            ["y"],
            id="only ENV goes down FROM",
        ),
        pytest.param(
            "FROM scratch AS a\nCOPY x /\nFROM scratch\nCOPY y /",
            ["x", "y"],
            id="every stage is executed",
        ),
        pytest.param(
            "FROM scratch AS a\nONBUILD COPY x /\nFROM A\nCOPY y /",
            ["x", "y"],
            id="names in any case, triggers too",
        ),
    ],
)
def test_the_classic_builder_reads(text: str, expected: list[str]) -> None:
    assert expanded(text, CLASSIC) == expected


def test_build_arguments_beat_defaults() -> None:
    options = BuildOptions(build_args={"A": "given", "TARGETARCH": "mine"})
    text = "ARG A=x TARGETARCH B=$A\nCOPY $A $TARGETARCH $B $HTTP_PROXY /"
    assert expanded(text, options) == ["given", "mine", "given", ""]


def test_proxies_need_no_declaration_in_the_classic_builder() -> None:
    args = {"HTTP_PROXY": "p"}
    text = "COPY $HTTP_PROXY. /"
    assert expanded(text, BuildOptions(build_args=args)) == ["."]
    options = BuildOptions(build_args=args, scoping=Scoping.CLASSIC)
    assert expanded(text, options) == ["p."]


EVERY_KIND = """\
FROM scratch AS a
RUN x
FROM scratch AS b
COPY --from=a /x /
COPY --from=0 /x /
COPY --from=alpine /x /
COPY --from=ctx /x /
ADD https://h/x https://h/x.git u@h:p.git local github.com/x/y /
COPY <<END /
END
RUN --mount=source=m,target=/m --mount=type=cache,target=/c \\
  --mount=type=tmpfs,target=/t --mount=type=secret,id=s --mount=from=a,target=/f x
"""


def test_every_kind_of_source_is_told_apart() -> None:
    found = traced(EVERY_KIND, BuildOptions(named_contexts=["ctx"]))
    assert [(s.kind.value, s.origin, s.expanded) for s in found.sources] == [
        ("stage", "a", "/x"),
        ("stage", "a", "/x"),
        ("image", "alpine", "/x"),
        ("named", "ctx", "/x"),
        ("url", "", "https://h/x"),
        ("git", "", "https://h/x.git"),
        ("git", "", "u@h:p.git"),
        ("context", "", "local"),
        ("context", "", "github.com/x/y"),
        ("heredoc", "", "END"),
        ("context", "", "m"),
        ("context", "", "/"),
        ("stage", "a", "/"),
    ]
    assert [s.expanded for s in found.sources if not s.claims] == ["/"]
    assert [run.label for run in found.runs] == ["a", "b"]
    assert (found.context_names, found.whole_named) == (("ctx",), ())
    features = [feature for _, feature in found.needs_buildkit]
    assert features == ["ADD from git", "heredoc", "RUN --mount"]


def test_a_source_carries_what_its_instruction_says() -> None:
    text = "COPY --parents --exclude=*.md --exclude=x './a/./'b /\nCOPY c d /"
    first, second, third = traced(text).sources
    assert (first.text, first.expanded) == ("'./a/./'b", "./a/./b")
    assert (first.parents, first.exclude, first.alone) == (True, ("*.md", "x"), True)
    assert (first.stage, first.location.line) == ("0", 2)
    assert first.line_text.startswith("COPY --parents")
    assert (second.parents, second.alone, third.alone) == (False, False, False)


def test_a_stage_that_only_tmpfs_names_takes_nothing() -> None:
    text = "FROM scratch AS a\nCOPY x /\nFROM scratch\n"
    tmpfs = traced(text + "RUN --mount=type=tmpfs,from=a,target=/t x")
    assert not claims_of_context(tmpfs)
    assert [s.claims for s in tmpfs.sources] == [False, False]
    assert claims_of_context(traced(text + "RUN --mount=from=a,target=/t x"))


def test_a_named_context_takes_the_place_of_a_stage() -> None:
    text = "FROM scratch AS a\nCOPY x /\nFROM scratch\nCOPY --from=a y z /\n"
    found = traced(text, BuildOptions(named_contexts=["a"]))
    assert {(s.kind, s.origin) for s in found.sources} == {(SourceKind.NAMED, "a")}
    assert not claims_of_context(found)
    assert (found.context_names, found.whole_named) == (("a",), ())


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        pytest.param("FROM ctx", True, id="as the result"),
        pytest.param(
            "FROM ctx AS a\nRUN x\nFROM scratch\nCOPY --from=a x /",
            True,
            id="under a RUN",
        ),
        pytest.param(
            "FROM ctx AS a\nFROM scratch\nCOPY --from=a x /", False, id="only x"
        ),
    ],
)
def test_a_named_context_is_read_whole(text: str, *, is_whole: bool) -> None:
    found = traced(text, BuildOptions(named_contexts=["ctx:latest"]))
    assert found.whole_named == (("ctx:latest",) if is_whole else ())
    assert found.context_names == ("ctx:latest",)
    assert found.unknown_bases == ()


def test_a_stage_hands_paths_on_to_the_named_context_below() -> None:
    text = "FROM ctx AS a\nFROM scratch\nCOPY --from=a x /"
    found = traced(text, BuildOptions(named_contexts=["ctx"]))
    assert [(s.kind, s.origin, s.claims) for s in found.sources] == [
        (SourceKind.STAGE, "a", True),
        (SourceKind.NAMED, "ctx", False),
    ]


def test_images_from_outside_are_said() -> None:
    found = traced("FROM alpine AS a\nFROM busybox\nFROM a\nCOPY x /")
    assert [(place.line, name) for place, name in found.unknown_bases] == [
        (1, "alpine")
    ]


def test_an_index_may_name_what_from_added() -> None:
    # BuildKit appends what --from names to the list that indexes go into.
    text = "FROM scratch\nCOPY --from=alpine x /\nCOPY --from=1 y /"
    assert [s.origin for s in traced(text).sources] == ["alpine", "alpine"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("FROM $A", "base name ($A) should not be blank"),
        (
            "FROM BAR\nFROM FOO",
            (
                'failed to parse stage name "FOO": invalid reference format: '
                "repository name (library/FOO) must be lowercase"
            ),
        ),
        (
            "FROM FOO\nFROM scratch",
            (
                'failed to parse stage name "FOO": invalid reference format: '
                "repository name (library/FOO) must be lowercase"
            ),
        ),
        (
            "FROM scratch AS Foo\nFROM FOO",
            (
                'failed to parse stage name "FOO": invalid reference format: '
                "repository name (library/FOO) must be lowercase"
            ),
        ),
        (
            "FROM a:b:c",
            'failed to parse stage name "a:b:c": invalid reference format',
        ),
        (
            "FROM a@sha256:" + "0" * 40,
            (
                f'failed to parse stage name "a@sha256:{"0" * 40}": '
                "invalid checksum digest length"
            ),
        ),
        (
            "FROM scratch AS a..b",
            "invalid context name a..b: invalid reference format",
        ),
        (
            "FROM --platform=$TARGETPLATFROM scratch",
            (
                "empty platform value from expression $TARGETPLATFROM "
                "(did you mean TARGETPLATFORM?)"
            ),
        ),
        (
            "FROM --platform=foo scratch",
            (
                'failed to parse platform foo: "foo": unknown operating system or '
                "architecture: invalid argument"
            ),
        ),
        (
            "FROM scratch\nCOPY --from=$A x /",
            (
                "variable expansion is not supported for --from, define a new stage "
                "with FROM using ARG from global scope as a workaround"
            ),
        ),
        ("FROM scratch\nCOPY --from=3 x /", "invalid stage index 3"),
        ("FROM scratch\nCOPY --from=-1 x /", "invalid stage index -1"),
        (
            "FROM scratch\nCOPY --from=0 x /",
            "circular dependency detected on stage: stage-0",
        ),
        (
            (
                "FROM scratch AS a\nCOPY --from=b x /\nFROM scratch AS b\n"
                "COPY --from=a x /"
            ),
            "circular dependency detected on stage: a",
        ),
        (
            "FROM scratch\nRUN --mount=from=A!,target=/x y",
            (
                'failed to parse stage name "A!": invalid reference format: '
                "repository name (library/A!) must be lowercase"
            ),
        ),
    ],
)
def test_linking_refuses_in_any_stage(text: str, printed: str) -> None:
    dockerfile = parse(text.encode(), "Dockerfile")
    with pytest.raises(DockerfileError) as refusal:
        link(dockerfile, BuildOptions())
    assert as_docker_prints(refusal.value) == printed


NO_OCTAL = "it should be octal string and between 0 and 07777"


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("COPY --chmod=999 x /", f"invalid chmod parameter: '999'. {NO_OCTAL}"),
        ("COPY --chmod=17777 x /", f"invalid chmod parameter: '17777'. {NO_OCTAL}"),
        ("COPY --chmod=u x /", "invalid syntax"),
        ("COPY http://h/x /", "source can't be a URL for COPY"),
        ("COPY u@h:x /", "source can't be a git ref for COPY"),
        ("ADD --checksum=x a /", "checksum requires HTTP(S) or Git sources"),
        ("ADD --checksum=x a b /", "checksum can't be specified for multiple sources"),
        ("ADD --checksum=x http://h/x /", "invalid checksum digest format"),
        ("ADD --checksum=sha256:x http://h/x /", "invalid checksum digest length"),
        ("ADD u@h:x?y=z /", 'unexpected query "y"'),
        ("STOPSIGNAL 0", "invalid signal: 0"),
        ("STOPSIGNAL SIGFOO", "invalid signal: SIGFOO"),
        ("EXPOSE 70000", "invalid containerPort: 70000"),
        ("EXPOSE 80/x", 'invalid port: "80/x": invalid proto: x'),
        ("EXPOSE 1.2.3:80:80", "invalid IP address: 1.2.3"),
        (
            "EXPOSE 1-2:3-5",
            "invalid ranges specified for container and host Ports: 3-5 and 1-2",
        ),
        ("VOLUME $A", "VOLUME specified can not be an empty string"),
        ("RUN --mount=type=x a", 'unsupported mount type "x"'),
        ("RUN --mount=type=bnd a", 'unsupported mount type "bnd" (did you mean bind?)'),
        ("RUN --mount=target=/ a", 'invalid mount target "/"'),
        ("RUN --mount=type=tmpfs a", 'invalid mount target "/"'),
        ("RUN --mount=foobar=x a", "unexpected key 'foobar' in 'foobar=x'"),
        (
            "RUN --mount=targt=x a",
            "unexpected key 'targt' in 'targt=x' (did you mean target?)",
        ),
        (
            "RUN --mount=a${b=0,target=${/x a",
            "unexpected key 'a${b' in 'a${b=0'",
        ),
        (
            "RUN --mount=type=x${A,target=/x a",
            'failed to process "x${A": unsupported modifier (\ufffd) in substitution',
        ),
        ("RUN --mount=foo a", "invalid field 'foo' must be a key=value pair"),
        (
            "RUN --mount=required,target=/x a",
            "unexpected key 'required' for mount type 'bind'",
        ),
        ("RUN --mount=type=tmpfs,size=x,target=/x a", "invalid value for size: x"),
        ("RUN --mount=mode=1,target=/x a", 'mode not allowed for "bind" type mounts'),
        (
            "RUN --mount=type=secret a",
            "invalid secret mount. one of source, target required",
        ),
        ("RUN --mount=type=ssh,source=x a", "ssh does not support source"),
        (
            "RUN --mount=sharing=locked,target=/x a",
            "invalid cache sharing set for bind mount",
        ),
        (
            "COPY <<END /\n${A!}\nEND",
            'failed to process "${A!}\\n": unsupported modifier (!) in substitution',
        ),
    ],
)
def test_execution_refuses_in_reachable_stages(line: str, printed: str) -> None:
    with pytest.raises(DockerfileError) as refusal:
        traced(line)
    assert as_docker_prints(refusal.value) == printed
    assert refusal.value.line == 2
    assert claims_of_context(traced(f"FROM scratch\n{line}\nFROM scratch\nCOPY x /"))


@pytest.mark.parametrize(
    "line",
    [
        "COPY --chmod=u+x,go=r x /",
        "COPY --chmod=$MODE x /",
        "EXPOSE 80 443/udp [::1]:1:2 1-2:3",
        "STOPSIGNAL -1",
        "RUN --mount=type=tmpfs,size=1.5GiB,target=/x a",
        'RUN --mount=\\"source=a,b\\",target=/x a',
        "WORKDIR /w\nRUN --mount=type=tmpfs a",
        "HEALTHCHECK --interval=1h1.5m --retries=3 CMD a",
        "ENV $UNSET=x",
        "COPY <<'END' /\n${A!}\nEND",
        "COPY --from= x /",
    ],
)
def test_leaves_alone(line: str) -> None:
    assert claims_of_context(traced(f"{line}\nCOPY y /"))


def test_a_later_stage_cannot_be_copied_from() -> None:
    text = "FROM scratch\nCOPY --from=b x /\nFROM scratch AS b\nCOPY y /"
    assert expanded(text) == ["y"]
    text = "FROM scratch AS a\nCOPY --from=b x /\nFROM scratch AS b\nFROM a\n"
    with pytest.raises(DockerfileError) as refusal:
        traced(text)
    assert refusal.value.message == (
        'cannot copy from stage "b", it needs to be defined before current stage "a"'
    )


@pytest.mark.parametrize(
    ("trigger", "printed"),
    [
        ("FOO x", "unknown instruction: FOO (did you mean FROM?)"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("COPY --from=9 x /", "invalid stage index 9"),
        ("# x", "file with no instructions"),
    ],
)
def test_a_trigger_is_read_when_it_fires(trigger: str, printed: str) -> None:
    text = f"FROM scratch AS a\nONBUILD {trigger}\n"
    assert traced(text).sources == ()
    with pytest.raises(DockerfileError) as refusal:
        traced(text + "FROM a\nCOPY x /")
    assert as_docker_prints(refusal.value) == printed
    assert refusal.value.line == 2


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        (
            BuildOptions(target="bild"),
            'target stage "bild" could not be found (did you mean build?)',
        ),
        (BuildOptions(target="0"), 'target stage "0" could not be found'),
        (
            BuildOptions(target="x", scoping=Scoping.CLASSIC),
            "failed to reach build target x in Dockerfile",
        ),
    ],
    ids=["near a name", "an index", "classic"],
)
def test_a_target_has_to_exist(options: BuildOptions, printed: str) -> None:
    with pytest.raises(DockerfileError) as refusal:
        traced("FROM scratch AS Build\nCOPY x /", options)
    assert as_docker_prints(refusal.value) == printed


@pytest.mark.parametrize("target", ["build", "BUILD"])
def test_a_target_is_found_in_any_case(target: str) -> None:
    text = "FROM scratch AS Build\nCOPY x /\nFROM scratch"
    found = traced(text, BuildOptions(target=target))
    assert found.stage == "build"
    assert claims_of_context(found)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("FROM scratch AS a\nFROM scratch AS a", "a stage name already used"),
        (
            "FROM scratch\nCOPY --from=0 x /",
            "invalid from flag value 0: refers to current build stage",
        ),
        (
            "FROM scratch\nCOPY --from=5 x /",
            "invalid from flag value 5: index out of bounds",
        ),
        (
            "FROM scratch\nCOPY --from=$X x /",
            (
                "invalid from flag value $X: invalid reference format: "
                "repository name (library/$X) must be lowercase"
            ),
        ),
        (
            "FROM scratch\nCOPY http://h/x /",
            "COPY failed: source can't be a URL for COPY",
        ),
        ("FROM $A", "base name ($A) should not be blank"),
        ("WORKDIR $A\nCOPY x /", "cannot normalize nothing"),
        ("WORKDIR ''", "cannot normalize nothing"),
    ],
)
def test_the_classic_builder_refuses(text: str, printed: str) -> None:
    with pytest.raises(DockerfileError) as refusal:
        traced(text, CLASSIC)
    assert as_docker_prints(refusal.value) == printed


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("WORKDIR $A\nCOPY x /", BuildOptions()),
        ("FROM base\nWORKDIR $A\nCOPY x /", CLASSIC),
    ],
    ids=["BuildKit stays where it is", "an image may set the variable"],
)
def test_a_folder_without_a_name_is_no_error(text: str, options: BuildOptions) -> None:
    assert expanded(text, options) == ["x"]


def test_the_classic_builder_lists_what_it_cannot_do() -> None:
    text = "COPY --chmod=1 --link x /\nRUN --mount=target=/x y\nCOPY <<END /\nEND"
    found = traced(text, CLASSIC)
    assert [(place.line, feature) for place, feature in found.needs_buildkit] == [
        (2, "--chmod"),
        (2, "--link"),
        (3, "RUN --mount"),
        (4, "heredoc"),
    ]
    assert [s.kind.value for s in found.sources] == ["context", "heredoc"]


def test_a_comma_too_much_is_named() -> None:
    with pytest.raises(DockerfileError) as refusal:
        traced("RUN --mount=type=bind,,target=/x a")
    assert refusal.value.message == "invalid field '' must be a key=value pair"
    assert refusal.value.hint == "take out the comma that is too much"


DOUBLED = "ARG A0=0123456789abcdef\n" + "".join(
    f"ENV A{n}=$A{n - 1}$A{n - 1}\n" for n in range(1, 31)
)


@pytest.mark.parametrize("options", [BuildOptions(), CLASSIC], ids=["buildkit", "old"])
def test_values_that_double_line_by_line_are_refused_where_they_grow_too_large(
    options: BuildOptions,
) -> None:
    with pytest.raises(DockerfileError, match="16 MiB") as refusal:
        traced(DOUBLED, options)
    # 16 bytes doubled so often, and the sum of all lines is as much as the last.
    assert refusal.value.line == 2 + 20
    assert "the limit is its own" in refusal.value.message


def test_global_arguments_that_double_are_refused_too() -> None:
    text = DOUBLED.replace("ENV", "ARG") + "FROM scratch\n"
    with pytest.raises(DockerfileError, match="16 MiB"):
        traced(text)


def test_a_trigger_that_fires_without_end_is_refused() -> None:
    triggers = "ONBUILD RUN x\n" * 200
    stages = "".join(f"FROM a\nCOPY --from={n} x y\n" for n in range(60))
    text = f"FROM scratch AS a\n{triggers}{stages}"
    for options in (BuildOptions(), CLASSIC):
        with pytest.raises(DockerfileError, match="fires more than 10000") as refusal:
            traced(text, options)
        assert refusal.value.line is not None
    fewer = f"FROM scratch AS a\n{triggers}" + stages[: stages.index("--from=9")]
    assert len(traced(f"{fewer}--from=8 x y").runs) == 10


def test_all_sources_of_one_instruction_share_its_text() -> None:
    first, *others = traced("COPY " + "a " * 20 + "/").sources
    assert all(other.line_text is first.line_text for other in others)


def test_a_classic_argument_takes_its_new_value_or_none() -> None:
    text = "ARG A=x\nENV B=e\nARG B=f\nCOPY $A.$B /\nARG A\nCOPY $A.$B /"
    assert expanded(text, CLASSIC) == ["x.e", ".e"]
