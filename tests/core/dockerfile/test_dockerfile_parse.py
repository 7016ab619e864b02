"""What parses, and what BuildKit says where something does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.dockerfile import BuildOptions, as_docker_prints, link, parse, trace
from ctxopt.core.dockerfile.syntax import parse as parse_module
from ctxopt.core.dockerfile.syntax.lines import heredoc_word
from ctxopt.core.dockerfile.syntax.nearest import suggestion
from ctxopt.errors import DockerfileError

FROM = "FROM scratch\n"
NAME_RULE = "name can't start with a number or contain symbols"
ONLY_ONE = "but only one was provided. Destination could not be determined"
BARE_QUOTE = 'parse error on line 1, column 2: bare " in non-quoted-field'


def arguments_of(text: str) -> list[tuple[str, ...]]:
    """Give the arguments of all instructions of the first stage."""
    stage = parse(text.encode("utf-8", "surrogateescape"), "Dockerfile").stages[0]
    return [instruction.arguments for instruction in stage.instructions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("copy a b", [("a", "b")], id="names in any case"),
        pytest.param("COPY a \\\n  b", [("a", "b")], id="a continued line"),
        pytest.param("COPY a\\\nb c", [("ab", "c")], id="no blank is put in"),
        pytest.param("COPY a \\  \n b", [("a", "b")], id="blanks after the escape"),
        pytest.param("COPY a \\\n# c \\\n b", [("a", "b")], id="a comment inside"),
        pytest.param("COPY a \\\n\n b", [("a", "b")], id="an empty line inside"),
        pytest.param("COPY a # b", [("a", "#", "b")], id="no comment at the end"),
        pytest.param("COPY a b \\", [("a", "b")], id="the file ends continued"),
        pytest.param("RUN a \\\\\nRUN b", [("a \\\\",), ("b",)], id="escaped escape"),
        pytest.param("COPY a b\r\nRUN c\r\n", [("a", "b"), ("c",)], id="CRLF"),
        pytest.param('COPY ["a b","c"]', [("a b", "c")], id="JSON keeps blanks"),
        pytest.param("COPY ['a', 'c']", [("['a',", "'c']")], id="no JSON at all"),
        pytest.param('COPY ["\\u0061", "\\ud800"]', [("a", "\ufffd")], id="JSON codes"),
        pytest.param('RUN ["a",]', [('["a",]',)], id="a comma too many"),
        pytest.param("ENV a=1 b='c d'", [("a", "1", "=", "b", "'c d'", "=")], id="ENV"),
        pytest.param("ENV a b=c d", [("a", "b=c d", "")], id="the old form of ENV"),
        pytest.param("ARG a=1 b", [("a=1", "b")], id="several ARGs"),
        pytest.param("EXPOSE 90 8080", [("8080", "90")], id="ports come sorted"),
        pytest.param("WORKDIR a b", [("a b",)], id="the rest is one argument"),
        pytest.param("STOPSIGNAL --x 9", [("9",)], id="STOPSIGNAL reads no flags"),
        pytest.param("HEALTHCHECK --x=1 NONE", [("NONE",)], id="neither does NONE"),
        pytest.param("ONBUILD  COPY a b", [("COPY a b",)], id="a trigger is text"),
        pytest.param(
            "ONBUILD COPY <<E /d\nx\nE",
            [("COPY <<E /d\nx\nE",)],
            id="a trigger takes its heredoc along",
        ),
        pytest.param("RUN <<E\n# no\n\\\nE\nRUN b", [("<<E",), ("b",)], id="heredoc"),
        pytest.param("RUN <<-E\na\n\tE", [("<<-E",)], id="tabs before the end"),
        pytest.param('RUN <<A 3<<"B c"\nA\nB c', [('<<A 3<<"B c"',)], id="two"),
        pytest.param('RUN ["<<E"]', [("<<E",)], id="no heredoc in JSON"),
        pytest.param("RUN echo '<<E'", [("echo '<<E'",)], id="nor in quotes"),
        pytest.param("RUN 'a <<E", [("'a <<E",)], id="nor beside an open quote"),
    ],
)
def test_parses(text: str, expected: list[tuple[str, ...]]) -> None:
    assert arguments_of(FROM + text) == expected


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        ("", "the Dockerfile cannot be empty"),
        ("# only\n", "file with no instructions"),
        ("x" * 70_000, "file with no instructions"),
        (FROM + "x" * 65_536, "dockerfile line greater than max allowed size of 65535"),
        ("RUN a", "no build stage in current context"),
        ("ARG A", "dockerfile contains no stages to build"),
        ("# escape=`\n# escape=`", "only one escape parser directive can be used"),
        ("# escape=x", "invalid escape token 'x' does not match ` or \\"),
        (
            "# check=x\nFROM a",
            'failed to parse check options: invalid check option "x"',
        ),
    ],
    ids=[
        "an empty file",
        "comments only",
        "one line, too long",
        "a line too long, later",
        "no stage yet",
        "arguments only",
        "a directive twice",
        "an escape that is none",
        "an option the linter has not",
    ],
)
def test_refuses_a_file_as_a_whole(content: str, printed: str) -> None:
    with pytest.raises(DockerfileError) as refusal:
        parse(content.encode(), "Dockerfile")
    assert as_docker_prints(refusal.value) == printed
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("ENV a", "ENV must have two arguments"),
        ("LABEL a", "LABEL must have two arguments"),
        ("ONBUILD ENV a", "ENV must have two arguments"),
        (
            "ENV a=1 b",
            'Syntax error - can\'t find = in "b". Must be of the form: name=value',
        ),
        (
            "COPY [1]",
            "when using JSON array syntax, arrays must be comprised of strings only",
        ),
        ("RUN <<E\nx", "unterminated heredoc"),
    ],
)
def test_the_line_parser_names_no_line(line: str, printed: str) -> None:
    with pytest.raises(DockerfileError) as refusal:
        parse((FROM + line).encode(), "Dockerfile")
    assert as_docker_prints(refusal.value) == printed
    assert refusal.value.line == 2
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("FOO", "unknown instruction: FOO (did you mean FROM?)"),
        ("rum x", "unknown instruction: rum (did you mean run?)"),
        ("Ruun x", "unknown instruction: Ruun (did you mean run?)"),
        ("RUNN\udcff", "unknown instruction: RUNN\\xff (did you mean run?)"),
        ("\x00\x7f\udcff", "unknown instruction: \\x00\\x7f\\xff"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a OF b", "FROM requires either one or three arguments"),
        (
            "FROM a AS ü",
            'invalid name for build stage: "ü", ' + NAME_RULE,
        ),
        ("FROM --x=1 a", "unknown flag: --x"),
        (
            "COPY a",
            "COPY requires at least two arguments, " + ONLY_ONE,
        ),
        ("COPY --form=a a b", "unknown flag: --form (did you mean from?)"),
        ("COPY --from a b", "missing a value on flag: --from"),
        ("COPY --link= a b", "missing a value on flag: --link"),
        ("COPY --link=1 a b", "expecting boolean value for flag --link, not: 1"),
        ("COPY --from=a --from=b a b", "duplicate flag specified: --from"),
        ("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"),
        ("ADD --from=a a b", "unknown flag: --from"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV =a", "ENV names can not be blank"),
        ("ARG =a", "ARG names can not be blank"),
        ("CMD --x a", "unknown flag: --x"),
        ("SHELL sh", "SHELL requires the arguments to be in JSON form"),
        ("SHELL []", "SHELL requires at least one argument"),
        ('VOLUME [" "]', "VOLUME specified can not be an empty string"),
        ("ONBUILD", "ONBUILD requires at least one argument"),
        ("ONBUILD from a", "FROM isn't allowed as an ONBUILD trigger"),
        ("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK a", 'Unknown type "A" in HEALTHCHECK (try CMD)'),
        (
            "HEALTHCHECK --interval=1us CMD a",
            'Interval "interval" cannot be less than 1ms',
        ),
        ("HEALTHCHECK --timeout=5 CMD a", 'time: missing unit in duration "5"'),
        (
            "HEALTHCHECK --retries=x CMD a",
            'strconv.ParseInt: parsing "x": invalid syntax',
        ),
        ("HEALTHCHECK --retries=-1 CMD a", "--retries cannot be negative (-1)"),
        ("RUN --network=x a", 'invalid network mode "x"'),
        ("RUN --security=x a", 'security "x" is not valid'),
        ("RUN --mount= a", "failed to parse csv mounts: EOF"),
        (
            'RUN --mount=a\\"b a',
            "failed to parse csv mounts: " + BARE_QUOTE,
        ),
        (
            "RUN --mount=from=$A a",
            "'from' doesn't support variable expansion, define alias stage instead",
        ),
        ("RUN --device=a,b=c a", "unexpected key 'b' in 'b=c'"),
        ("RUN --device=a,name=c a", "device name already set to a"),
    ],
)
def test_the_instruction_parser_names_the_line(line: str, message: str) -> None:
    content = (FROM + line).encode("utf-8", "surrogateescape")
    with pytest.raises(DockerfileError) as refusal:
        parse(content, "Dockerfile")
    printed = as_docker_prints(refusal.value)
    assert printed == f"dockerfile parse error on line 2: {message}"
    assert refusal.value.message == message
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "escape"),
    [
        pytest.param("# escape=`\nFROM a", "`", id="first line"),
        pytest.param("#EsCaPe = `\nFROM a", "`", id="any case, any blanks"),
        pytest.param("\ufeff# escape=`\nFROM a", "`", id="behind a mark"),
        pytest.param("# syntax=x\n# escape=`\nFROM a", "`", id="second directive"),
        pytest.param("\n# escape=`\nFROM a", "\\", id="an empty line ends them"),
        pytest.param("# hi\n# escape=`\nFROM a", "\\", id="so does a comment"),
        pytest.param("FROM a\n# escape=`", "\\", id="so does an instruction"),
    ],
)
def test_directives_stand_first(text: str, escape: str) -> None:
    assert parse(text.encode(), "Dockerfile").escape == escape


def test_flags_are_read_byte_by_byte() -> None:
    text = FROM + 'COPY --exclude="a b" --exclude=\\"c --exclude=é --link a b'
    copy = parse(text.encode(), "Dockerfile").stages[0].instructions[0]
    assert copy.flag_values("exclude") == ("a b", '"c', "Ã©")
    assert copy.flag("link") == "true"
    assert copy.arguments == ("a", "b")


def test_a_source_that_looks_like_a_flag_is_one_only_in_front() -> None:
    assert arguments_of(FROM + "COPY a --from=b c") == [("a", "--from=b", "c")]
    assert arguments_of(FROM + "COPY -- --from=b c") == [("--from=b", "c")]


def test_an_instruction_knows_where_it_stands() -> None:
    text = b"FROM a\n\n# c\nRUN <<E \\\n b\nx\nE\nRUN c\n"
    run = parse(text, "dir/Dockerfile").stages[0].instructions[0]
    assert (run.location.line, run.location.end_line) == (4, 7)
    assert run.location.file == "dir/Dockerfile"
    assert run.first_line == "RUN <<E \\"
    assert run.heredocs[0].content == "x\n"


@pytest.mark.parametrize(
    ("word", "name", "expand"),
    [
        ("<<E", "E", True),
        ("<<-E", "E", True),
        ("7<<E", "E", True),
        ("<<'E'", "E", False),
        ('<<E"O"F', "EOF", False),
        ("<<$E", "$E", True),
        ("<<E<", None, True),
        ("<<", None, True),
        ("<<<E", None, True),
        ("a<<E", None, True),
    ],
)
def test_words_that_open_heredocs(word: str, name: str | None, *, expand: bool) -> None:
    heredoc = heredoc_word(word)
    assert (heredoc and heredoc.name) == name
    assert heredoc is None or heredoc.expand is expand


def test_deep_nesting_is_refused_like_any_other() -> None:
    with pytest.raises(DockerfileError, match="Chaining ONBUILD"):
        parse(b"FROM a\n" + b"ONBUILD " * 8_000, "Dockerfile")
    with pytest.raises(DockerfileError, match="comprised of strings only"):
        parse(b"FROM a\nCOPY " + b"[" * 9_000 + b"]" * 9_000, "Dockerfile")


PIECES = st.sampled_from(
    [
        b"FROM a AS b\n",
        b"FROM $A\n",
        b"COPY --from=0 a b\n",
        b"RUN --mount=type=cache,target=/x,from=b a\n",
        b"ONBUILD ",
        b"ADD git@h:x?a=b#c d\n",
        b"ARG A=1 B\n",
        b"ENV A=$A b='\n",
        b"<<E",
        b"\nE\n",
        b"\\\n",
        b"[",
        b'"',
        b"${A:-",
        b"}",
        b"\xff",
        b"\x00",
        b"# escape=`\n",
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=12))
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    try:
        trace(link(parse(b"".join(pieces), "Dockerfile"), BuildOptions()))
    except DockerfileError as error:
        as_docker_prints(error).encode("utf-8")


def test_a_long_chain_of_onbuild_is_refused_as_a_chain() -> None:
    text = "FROM a\n" + "ONBUILD " * 5000 + "RUN x"
    with pytest.raises(DockerfileError, match="Chaining ONBUILD") as refusal:
        parse(text.encode(), "Dockerfile")
    assert refusal.value.line == 2


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("# syntax=a  b \t", "a  b", id="blanks inside stay"),
        pytest.param("#syntax = a", "a", id="blanks around the sign go"),
        pytest.param("# syntax=  ", " ", id="a value has one character at least"),
        pytest.param("# syntax==", "=", id="a second sign is the value"),
    ],
)
def test_the_value_of_a_directive(line: str, value: str) -> None:
    (directive,) = parse(f"{line}\nFROM a".encode(), "Dockerfile").directives
    assert directive.value == value


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("linxu", " (did you mean linux?)"),
        ("linu", " (did you mean linux?)"),
        ("inux", " (did you mean linux?)"),
        ("linuxxx", " (did you mean linux?)"),
        ("li", ""),
        ("xunil", ""),
        ("linux", ""),
        ("x" * 200_000, ""),
    ],
)
def test_what_is_near_to_a_word(word: str, near: str) -> None:
    options = ("linux", "y" * 200_000)
    assert suggestion(word, options, case_sensitive=True) == near


def test_there_is_a_most_of_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_module, "_MAX_INSTRUCTIONS", 3)
    three = b"FROM scratch\nCOPY a /\nCOPY b /\n"
    assert len(parse(three, "Dockerfile").stages[0].instructions) == 2
    with pytest.raises(DockerfileError) as refused:
        parse(three + b"# more\nCOPY c /\n", "Dockerfile")
    assert refused.value.line == 5
    assert "there are 4 instructions, and ctxopt stops at 3" in refused.value.message
