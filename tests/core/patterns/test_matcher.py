from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.golang.errors import GoRegexpError
from ctxopt.core.golang.regexp import parse, python_text
from ctxopt.core.ignorefile.lines import parse as parse_file
from ctxopt.core.patterns.compile import Form, translate
from ctxopt.core.patterns.matcher import Matcher, State, TraceStep
from ctxopt.core.patterns.pattern import Pattern, PatternError, compile_patterns
from ctxopt.errors import IgnoreFileError
from tests.rows import answers

# Lines, a path, what the walk says of it and what MatchesOrParentMatches says; None
# is an error. Recorded from moby/patternmatcher.
RECORDED = [
    ("*.log", "a.log", True, True),
    ("*.log", "d/a.log", False, False),
    ("**/*.log", "a.log", True, True),
    ("**/*.log", "d/e/a.log", True, True),
    ("foo", "foo", True, True),
    ("foo", "foo/bar/baz", True, True),
    ("foo", "x/foo", False, False),
    ("/foo", "foo", True, True),
    ("foo/", "foo", True, True),
    ("foo/*", "foo", False, False),
    ("foo/*", "foo/a/b", True, True),
    ("foo/**", "foo", False, False),
    ("foo/**", "foo/a/b", True, True),
    ("**", "any/thing", True, True),
    ("**/foo", "foo", True, True),
    ("**/foo", "a/b/foo", True, True),
    ("**/foo", "afoo", False, False),
    ("**foo", "afoo", True, True),
    ("**.txt", "d/a.txt", True, True),
    ("a/**/b", "a/b", True, True),
    ("a/**/b", "a/x/y/b", True, True),
    ("a**b", "a/x/b", True, True),
    ("a**b", "axb", False, False),
    ("a**", "abc/d", True, True),
    ("a/**b", "a/xb", False, False),
    ("***", "a/b", True, True),
    ("a?c", "abc", True, True),
    ("a?c", "a/c", False, False),
    ("?", "é", True, True),
    ("a[bc]d", "abd", True, True),
    ("a[^b]d", "acd", True, True),
    ("a[^b]d", "a/d", True, True),
    ("a[!b]d", "acd", False, False),
    ("a[!b]d", "a!d", True, True),
    ("[z-a]", "b", None, None),
    ("[*]", "*", False, False),
    ("[*]", "]", True, True),
    ("[?]", "^]", True, True),
    ("[[:alpha:]]", "x", True, True),
    ("[\\]]", "]", True, True),
    ("a\\*b", "a*b", True, True),
    ("foo\\d", "foo5", True, True),
    ("foo\\q", "fooq", None, None),
    ("\\!a", "!a", True, True),
    ("\\#a", "#a", True, True),
    ("a^b", "a^b", True, True),
    ("a^b*", "a^bc", False, False),
    ("^a*", "ab", True, True),
    ("a.b", "axb", False, False),
    ("a+b*", "a+bc", True, True),
    ("c++", "c++", True, True),
    ("f(1).txt", "f(1).txt", True, True),
    ("a{b,c}", "ab", False, False),
    ("a|b", "a", False, False),
    ("#a", "#a", False, False),
    (" #a", "#a", True, True),
    ("*\n! a", "a", False, False),
    ("*\n/!a", "a", False, False),
    ("*\n!!a", "!a", False, False),
    (".", "a", False, False),
    ("a/../b", "b", True, True),
    ("../a", "a", False, False),
    ("//a", "a", True, True),
    ("A", "a", False, False),
    ("a\r\nb\r", "a", True, True),
    ("*\n!a/b", "a", True, True),
    ("*\n!a/b", "a/b", False, False),
    ("*\n!a/b", "a/c", True, True),
    ("**\n!d", "d/x/y", False, False),
    ("*\n!d/**", "d", True, True),
    ("*\n!d/**", "d/x", False, False),
    ("*/\n!**/keep.txt", "d/keep.txt", False, False),
    ("a\n!a/b\na", "a/b", False, True),
    ("a\n!a/b\n*", "a/b", False, True),
    ("a\n!a/b\n**", "a/b", True, True),
    ("a/b/c\n!a", "a/b/c", True, False),
    ("a/*/c\n!a/b", "a/b/c", True, False),
    ("a/b\n!a", "a/b/c", True, False),
    ("*\n!*/", "d/x", False, False),
    (".git", "sub/.git", False, False),
    ("**/.git", "sub/.git/HEAD", True, True),
    ("node_modules", "p/node_modules/x", False, False),
]


def matcher(lines: str) -> Matcher:
    content = lines.encode("utf-8", "surrogateescape")
    return Matcher(parse_file(content, ".dockerignore").patterns)


def walked(lines: str, path: str) -> bool | None:
    try:
        return matcher(lines).verdict(path).excluded
    except PatternError:
        return None


def path_alone(lines: str, path: str) -> bool | None:
    try:
        return matcher(lines).matches_or_parent_matches(path)
    except PatternError:
        return None


ASKED = [(lines, path) for lines, path, *_ in RECORDED]


def test_the_walk() -> None:
    found = answers(ASKED, lambda row: walked(*row))
    assert found == {(lines, path): walk for lines, path, walk, _ in RECORDED}


def test_a_path_alone() -> None:
    found = answers(ASKED, lambda row: path_alone(*row))
    assert found == {(lines, path): mop for lines, path, _, mop in RECORDED}


# Recorded from docker CLI 28.2.2.
@pytest.mark.parametrize(
    ("lines", "path", "excluded"),
    [
        pytest.param("a|b*", "abc", True, id="a bar is an alternative once a star is"),
        pytest.param("a|b*", "x/bc", True, id="and its right side is not anchored"),
        pytest.param("a|b", "a|b", True, id="a bar alone is literal"),
        pytest.param("?{2}", "ab", True, id="braces count once a question mark is"),
        pytest.param("a{2}", "a{2}", True, id="braces alone are literal"),
        pytest.param("?|", "anything/at/all", True, id="an empty side takes all"),
        pytest.param("|?", "anything", True, id="also as the left side"),
        pytest.param("\\w{0}", "a", False, id="nothing repeated is nothing"),
        pytest.param("\\p{Greek}", "π", True, id="a script"),
        pytest.param("\\x{41}", "A", True, id="a code point in braces"),
        pytest.param("b*a\\", "ba$x", True, id="an unseen fault takes the anchor"),
        pytest.param("a\\Q", "a$bc", True, id="an open quote takes the anchor"),
        pytest.param("a/**/b", "a/x\ny/b", False, id="no newline in between"),
        pytest.param("**/b", "x\ny/b", True, id="but before a suffix"),
        pytest.param("*/**", "a/x\ny", False, id="no newline in the rest"),
        pytest.param("a/**", "a/x\ny", True, id="but behind a prefix"),
        pytest.param("*", "\n", True, id="a star takes a newline"),
        pytest.param("a?", "a\udcff", True, id="a lone byte is one character"),
        pytest.param("*\udcff", "\udcfe", True, id="all lone bytes are alike"),
        pytest.param("\udcff", "\udcfe", False, id="but not to equality"),
        pytest.param("**\udca9", "é", True, id="a suffix may cut a character"),
        pytest.param("\udcc3**", "é", True, id="and so may a prefix"),
        pytest.param("*\n\ufeffa*", "ab", True, id="a mark goes from expressions"),
        pytest.param("x\n\ufeffa", "a", False, id="but not from equality"),
        pytest.param("x\n\ufeff**a", "\udcbf**a", True, id="two bytes of it are cut"),
        pytest.param("a\\b/b", "a/b", True, id="a slash borders a word"),
        pytest.param("[a*]", "a]", True, id="a star in a class ends the class"),
        pytest.param("[a**]", "(", True, id="a double star in a class is its text"),
        pytest.param("a/*^b", "a/b", False, id="an anchor in the middle never holds"),
    ],
)
def test_odd_patterns(lines: str, path: str, *, excluded: bool) -> None:
    assert walked(lines, path) is excluded


@pytest.mark.parametrize(
    "lines", ["\\C", "\\p{LC}", "\\pG", "?{2,1}", "*{2}", "?|{2}", "a?{1001}", "\\8"]
)
def test_patterns_that_fail_when_used(lines: str) -> None:
    assert walked(lines, "a") is None


@pytest.mark.parametrize(
    ("lines", "path", "excluded"),
    [
        pytest.param("a\n[z-a]", "a", True, id="skipped where already excluded"),
        pytest.param("a\n[z-a]", "b", None, id="met where not"),
        pytest.param("![z-a]\n*", "b", True, id="a negated one skipped where not"),
        pytest.param("*\n![z-a]", "b", None, id="and met where excluded"),
        pytest.param("a\n![z-a]\na", "a", None, id="met below a match that follows"),
        pytest.param("[z-a]\na", "a/b", None, id="met before a match that follows"),
    ],
)
def test_a_late_error_only_where_it_is_met(
    lines: str, path: str, *, excluded: bool | None
) -> None:
    assert walked(lines, path) is excluded


@pytest.mark.parametrize(
    ("lines", "path", "excluded"),
    [
        pytest.param("a", "a/b/c", True, id="one component is tried on one parent"),
        pytest.param("a/b", "a/b/c", True, id="two components on two"),
        pytest.param("**/b", "a/b/c", True, id="the count is of the text"),
        pytest.param("**/c", "a/b/c/d", False, id="a parent of another depth is not"),
        pytest.param("*\n!a", "a/b", False, id="a negated pattern likewise"),
        pytest.param("*", ".", False, id="the root is never judged"),
    ],
)
def test_the_matcher_of_a_single_parent(
    lines: str, path: str, *, excluded: bool
) -> None:
    assert matcher(lines).matches_single_parent(path) is excluded


@pytest.mark.parametrize(
    ("lines", "path", "text"),
    [
        ("*.log\n!a.log", "a.log", "!a.log"),
        ("a\n!a/b\n", "a/c", "a"),
        ("a\n*", "a", "a"),
        ("*\n!b", "a", "*"),
    ],
)
def test_the_deciding_pattern(lines: str, path: str, text: str) -> None:
    decided_by = matcher(lines).verdict(path).decided_by
    assert decided_by is not None
    assert decided_by.text == text


def test_no_pattern_decides_on_an_untouched_path() -> None:
    assert matcher("a\n!b").verdict("b").decided_by is None
    assert not matcher("*").verdict(".").excluded


# --- Traces ----------------------------------------------------------------------


def told(steps: tuple[TraceStep, ...]) -> list[str]:
    """Steps as people would say them: `-` keeps out, `+` brings back."""
    return [
        f"{'-' if step.excludes else '+'} {step.pattern.text} at {step.prefix}"
        for step in steps
    ]


@pytest.mark.parametrize(
    ("lines", "path", "steps"),
    [
        pytest.param("a\n!b", "c", [], id="no line touches it"),
        pytest.param("*", ".", [], id="the root is never judged"),
        pytest.param("!a", "a", [], id="there is nothing to bring back"),
        pytest.param("a", "a", ["- a at a"], id="a line keeps it out"),
        pytest.param(
            "logs", "logs/b/c", ["- logs at logs"], id="and so all that is below"
        ),
        pytest.param(
            "logs\n!logs/a",
            "logs/a/b",
            ["- logs at logs", "+ !logs/a at logs/a"],
            id="a later line brings some of it back",
        ),
        pytest.param(
            "logs\n!logs/a\n*/*/b",
            "logs/a/b",
            ["- logs at logs", "+ !logs/a at logs/a", "- */*/b at logs/a/b"],
            id="and one still later keeps it out again",
        ),
        pytest.param(
            "*\n!a\n**/a",
            "a/b",
            ["- * at a", "+ !a at a", "- **/a at a"],
            id="three lines have their say about one folder",
        ),
        pytest.param(
            "a\n*\na/b",
            "a/b",
            ["- a at a"],
            id="lines that say the same again are left out",
        ),
        pytest.param(
            "a/b\n*\n!a",
            "a/b",
            ["- * at a", "+ !a at a"],
            id="a line before one that matched above comes too late",
        ),
        pytest.param(
            "a/b\n!a",
            "a/b",
            ["- a/b at a/b"],
            id="nothing was to bring back where a line would have matched",
        ),
        pytest.param(
            "**/x\n!a/**/x/y",
            "a/x/x/y",
            ["- **/x at a/x", "+ !a/**/x/y at a/x/x/y"],
            id="the first folder that a line matches is told",
        ),
        pytest.param(
            "a**b\n!ax/*/c",
            "ax/b/c",
            ["- a**b at ax/b", "+ !ax/*/c at ax/b/c"],
            id="stars that cross folders",
        ),
    ],
)
def test_a_trace_tells_each_line_that_changed_something(
    lines: str, path: str, steps: list[str]
) -> None:
    assert told(matcher(lines).trace(path)) == steps


@pytest.mark.parametrize(
    ("lines", "path", "steps"),
    [
        pytest.param("*", ".", [], id="the root is never judged"),
        pytest.param(
            "logs\n!logs/a",
            "logs/a/b",
            ["- logs at logs", "+ !logs/a at logs/a"],
            id="a later line brings some of a folder back",
        ),
        pytest.param(
            "a/b\n!a",
            "a/b",
            ["- a/b at a/b", "+ !a at a"],
            id="a line that matches a folder above counts after one that does not",
        ),
        pytest.param(
            "a\n!a/b\na",
            "a/b",
            ["- a at a", "+ !a/b at a/b", "- a at a"],
            id="the same line again keeps it out again",
        ),
    ],
)
def test_the_trace_of_a_path_alone(lines: str, path: str, steps: list[str]) -> None:
    assert told(matcher(lines).trace_alone(path)) == steps


def test_a_trace_knows_the_places_of_its_lines() -> None:
    steps = matcher("# logs\nlogs\n\n!logs/a\n").trace("logs/a")
    assert [step.pattern.location and step.pattern.location.line for step in steps] == [
        2,
        4,
    ]


def test_a_trace_fails_where_the_builder_does() -> None:
    with pytest.raises(PatternError):
        matcher("[z-a]").trace("a")
    with pytest.raises(PatternError):
        matcher("[z-a]").trace_alone("a")
    assert told(matcher("a\n[z-a]").trace("a/b")) == ["- a at a"]


# --- States ----------------------------------------------------------------------


def below(lines: str, path: str) -> State:
    state = matcher(lines).root
    for name in path.split("/"):
        state = state.judge(name).child
    return state


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        pytest.param("a", "a", id="below a match"),
        pytest.param("a/b\n*.log", "x", id="where no pattern can lead any more"),
        pytest.param("!**/x\na", "b", id="a negated pattern has nothing to reopen"),
        pytest.param("**/*.x\na", "a", id="a match overrules what comes before it"),
        pytest.param("a\n**/*.x", "a", id="and needs none of what comes after"),
        pytest.param("a[^b]c", "x", id="a pattern across slashes that has failed"),
        pytest.param("[z-a]\n!a/b\n*", "x", id="unless an error is waiting"),
    ],
)
def test_constant_states(lines: str, path: str) -> None:
    if lines.startswith("[z-a]"):
        with pytest.raises(PatternError):
            below(lines, path)
        return
    judgement = below(lines, path).constant
    assert judgement is not None
    assert judgement.child.constant is judgement


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        pytest.param("**/x", "a", id="a pattern that may match anywhere"),
        pytest.param("a\n!**/x", "a", id="a pattern that may reopen"),
        pytest.param("a/b", "a", id="a pattern on its way"),
        pytest.param("a**b", "a", id="a pattern across slashes"),
    ],
)
def test_states_that_can_still_change(lines: str, path: str) -> None:
    assert below(lines, path).constant is None


def test_an_error_that_is_always_met_is_not_constant() -> None:
    root = matcher("[z-a]").root
    for _ in range(2):
        with pytest.raises(PatternError):
            root.judge("a")


def test_names_with_the_same_outcome_share_it() -> None:
    root = matcher("**/*.log\n**/node_modules").root
    assert root.judge("a") is root.judge("b")
    assert root.judge("a").child is root
    assert root.known.keys() == {"a", "b"}


def test_folders_in_the_same_position_share_a_state() -> None:
    assert below("*/**/*.o\na**b", "x/y") is not None
    found = matcher("*/x/*.o\na**b")
    first, second = (found.root.judge(name).child for name in ("p", "q"))
    assert first is second


def test_memory_is_bounded() -> None:
    root = matcher("**/*.log").root
    for number in range(20_000):
        root.judge(str(number))
    assert len(root.known) <= 16_384


def test_a_state_of_a_whole_path_remembers_nothing() -> None:
    root = matcher("\udcc3**").root
    assert root.path_bound
    assert root.judge("é").hit
    assert not root.known


# --- Against the rule written down plainly ---------------------------------------

PIECES = [*"ab//?.+|^$é*", "ab", "**", "**/", "[ab]", "[^a]", "[a*]", "{2}", "[z-a]"]
PIECES += ["\\D", "\\w", "\\b", "\\Q", "\udcc3"]
LINE = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
LINES = st.lists(st.one_of(LINE, LINE, LINE.map("!{}".format)), max_size=5)
COMPONENTS = st.sampled_from(
    ["a", "b", "ab", "aab", "a.b", "é", "\udcc3", "a\nb", "+", "1"]
)
TREES = st.lists(st.lists(COMPONENTS, min_size=1, max_size=4), min_size=1, max_size=6)


def hits(pattern: Pattern, path: str) -> bool:
    """Pattern.match, on the whole path."""
    form, expression = translate(pattern.cleaned)
    encoded = pattern.cleaned.encode("utf-8", "surrogateescape")
    name = path.encode("utf-8", "surrogateescape")
    if form is Form.EXACT:
        return encoded == name
    if form is Form.PREFIX:
        return name.startswith(encoded[:-2])
    if form is Form.SUFFIX:
        suffix = encoded[2:]
        return name.endswith(suffix) or (suffix[:1] == b"/" and name == suffix[1:])
    try:
        items = parse(expression)
    except GoRegexpError as error:
        raise PatternError(pattern, str(error)) from error
    return re.search(python_text(items), path) is not None


def prefixes(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


def chained(patterns: tuple[Pattern, ...], path: str) -> bool:
    """MatchesUsingParentResults, from the first component down."""
    excluded = False
    parent = [False] * len(patterns)
    for prefix in prefixes(path):
        excluded = False
        flags = [False] * len(patterns)
        for index, pattern in enumerate(patterns):
            hit = parent[index]
            if not hit:
                if pattern.negated != excluded:
                    continue
                hit = hits(pattern, prefix)
            flags[index] = hit
            if hit:
                excluded = not pattern.negated
        parent = flags
    return excluded


def alone(patterns: tuple[Pattern, ...], path: str) -> bool:
    """MatchesOrParentMatches."""
    excluded = False
    for pattern in patterns:
        if pattern.negated != excluded:
            continue
        if hits(pattern, path) or any(
            hits(pattern, parent) for parent in prefixes(path)
        ):
            excluded = not pattern.negated
    return excluded


def compiled(lines: list[str]) -> tuple[Pattern, ...]:
    try:
        return compile_patterns(lines)
    except IgnoreFileError:
        return ()


@given(LINES, TREES)
def test_descending_equals_the_rule_on_whole_paths(
    lines: list[str], tree: list[list[str]]
) -> None:
    patterns = compiled(lines)
    judged = Matcher(patterns)
    for path in ("/".join(parts) for parts in tree):
        try:
            expected = chained(patterns, path)
        except PatternError as error:
            with pytest.raises(PatternError, match=re.escape(str(error)[:23])):
                judged.verdict(path)
            continue
        assert judged.verdict(path).excluded is expected


@given(LINES, TREES)
def test_a_path_alone_equals_the_rule(lines: list[str], tree: list[list[str]]) -> None:
    patterns = compiled(lines)
    for path in ("/".join(parts) for parts in tree):
        try:
            expected = alone(patterns, path)
        except PatternError:
            with pytest.raises(PatternError):
                Matcher(patterns).matches_or_parent_matches(path)
            continue
        assert Matcher(patterns).matches_or_parent_matches(path) is expected


@given(st.binary(max_size=40), st.text(min_size=1, max_size=10))
def test_no_file_and_no_path_raise_anything_else(content: bytes, path: str) -> None:
    try:
        judged = Matcher(parse_file(content, ".dockerignore").patterns)
        judged.verdict(path)
        judged.matches_or_parent_matches(path)
        judged.matches_single_parent(path)
    except IgnoreFileError:
        return


@given(
    st.lists(st.sampled_from(["a", "!a", "a*", "!a*", "a**b", "!a**b", "[z-a]"])),
    st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1, max_size=3),
)
def test_a_pattern_that_stands_again_changes_nothing(
    lines: list[str], parts: list[str]
) -> None:
    patterns = compiled(lines)
    path = "/".join(parts)
    try:
        expected = chained(patterns, path)
    except PatternError:
        with pytest.raises(PatternError):
            Matcher(patterns).verdict(path)
        return
    assert Matcher(patterns).verdict(path).excluded is expected


def test_equal_patterns_that_cross_slashes_share_their_states() -> None:
    patterns = compile_patterns(["a**b", "!x", "a**b", "!x", "a**b"])
    arrivals = Matcher(patterns).root.judge("a")
    cursors = {cursor for _, cursor in arrivals._arrival.cursors}
    assert len(cursors) == 1


def replayed(steps: tuple[TraceStep, ...]) -> bool:
    """What a trace comes to; each of its steps turns what was so before it."""
    excluded = False
    for step in steps:
        assert step.excludes is not excluded
        excluded = step.excludes
    return excluded


@given(LINES, TREES)
def test_a_trace_ends_in_the_verdict_of_each_folder_on_the_way(
    lines: list[str], tree: list[list[str]]
) -> None:
    judged = Matcher(compiled(lines))
    for path in ("/".join(parts) for parts in tree):
        try:
            steps = judged.trace(path)
        except PatternError:
            with pytest.raises(PatternError):
                judged.verdict(path)
            continue
        for prefix in prefixes(path):
            so_far = tuple(step for step in steps if len(step.prefix) <= len(prefix))
            verdict = judged.verdict(prefix)
            assert (
                replayed(so_far) is verdict.excluded is chained(judged.patterns, prefix)
            )
            last = so_far[-1].pattern if so_far else None
            assert last is verdict.decided_by
            assert judged.trace(prefix) == so_far


@given(LINES, TREES)
def test_a_trace_is_in_the_order_of_the_file_and_each_line_matches(
    lines: list[str], tree: list[list[str]]
) -> None:
    patterns = compiled(lines)
    judged = Matcher(patterns)
    for path in ("/".join(parts) for parts in tree):
        for trace in (judged.trace, judged.trace_alone):
            try:
                steps = trace(path)
            except PatternError:
                continue
            places = [patterns.index(step.pattern) for step in steps]
            assert places == sorted(set(places))
            assert all(hits(step.pattern, step.prefix) for step in steps)
            assert {step.prefix for step in steps} <= {*prefixes(path)}


@given(LINES, TREES)
def test_the_trace_of_a_path_alone_ends_in_its_verdict(
    lines: list[str], tree: list[list[str]]
) -> None:
    judged = Matcher(compiled(lines))
    for path in ("/".join(parts) for parts in tree):
        try:
            expected = alone(judged.patterns, path)
        except PatternError:
            with pytest.raises(PatternError):
                judged.trace_alone(path)
            continue
        assert replayed(judged.trace_alone(path)) is expected
