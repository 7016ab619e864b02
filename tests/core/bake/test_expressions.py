"""What expressions are, as `docker buildx bake --print` shows them."""

from __future__ import annotations

import pytest

from ctxopt.core.bake.reading import read_bake
from ctxopt.core.bake.records import BakeReading

REFUSED = "<refused>"
UNKNOWN = "<unknown>"

HEAD = """
variable "EMPTY" {}
variable "NAME" { default = "app" }
variable "LIST" { default = ["a", "b", "c"] }
variable "MAP" { default = { x = "1", y = "2" } }
variable "NOTHING" { default = null }
function "twice" {
  params = [n]
  result = n * 2
}
function "all" {
  params = [first]
  variadic_params = rest
  result = join("-", concat([first], rest))
}
function "greet" {
  params = [who]
  result = "${NAME} ${who}"
}
"""

# Each value was also asked of buildx; `None` is an argument that is not set.
EXPRESSIONS = {
    "text stands for itself": ('"a b"', "a b"),
    "escapes of a quoted text are read": (r'"a\tb\u0041\"\\"', 'a\tbA"\\'),
    "two signs keep a template unread": ('"$${A} %%{B}"', "${A} %{B}"),
    "a lone sign means nothing": ('"100% $5 $"', "100% $5 $"),
    "a number loses its zeros": ("1.50", "1.5"),
    "a large number keeps its digits": (
        "123456789012345678901",
        "123456789012345678901",
    ),
    "tenths add up": ("0.1 + 0.2", "0.3"),
    "an exponent is read": ("1e3", "1000"),
    "true is a word": ("true", "true"),
    "null is not set": ("null", None),
    "a variable without a default is empty": ('"[${EMPTY}]"', "[]"),
    "a value in a text is text": ('"${NAME}-${1 + 1}-${true}"', "app-2-true"),
    "blanks beside a tilde go": ('"a ${~ NAME ~} b"', "aappb"),
    "if in a text chooses": ('"%{ if NAME == "app" }yes%{ else }no%{ endif }"', "yes"),
    "if without else is empty": ('"[%{ if false }yes%{ endif }]"', "[]"),
    "for in a text repeats": ('"%{ for x in LIST }<${x}>%{ endfor }"', "<a><b><c>"),
    "for in a text has the key": (
        '"%{ for i, x in LIST }${i}${x}%{ endfor }"',
        "0a1b2c",
    ),
    "strength: product before sum": ("1 + 2 * 3", "7"),
    "brackets go first": ("(1 + 2) * 3", "9"),
    "minus goes from the left": ("10 - 3 - 2", "5"),
    "the rest of a negative is negative": ("-7 % 3", "-1"),
    "division has fractions": ("7 / 2", "3.5"),
    "division by zero, an infinity to bake, is unknown": ("1 / 0", UNKNOWN),
    "text that is a number is one": ('"2" + 1', "3"),
    "text that is no number is refused": ('"x" + 1', REFUSED),
    "a number is not its text": ('1 == "1"', "false"),
    "not equal is the other way": ('NAME != "x"', "true"),
    "and before or": ("true || false && false", "true"),
    "a question chooses": ('NAME == "" ? "none" : NAME', "app"),
    "questions chain": ('false ? "a" : true ? "b" : "c"', "b"),
    "an error on the other side is not met": ('true ? "a" : LIST[9]', "a"),
    "null is asked for": ('NOTHING == null ? "none" : "some"', "none"),
    "a member of a list": ("LIST[1]", "b"),
    "a member of a map": ('MAP["x"]', "1"),
    "a member of a map by its name": ("MAP.y", "2"),
    "a number after a dot is a member": ("LIST.2", "c"),
    "a member that is not there is refused": ("LIST[3]", REFUSED),
    "a splat takes from each": ('join(",", [{ n = "a" }, { n = "b" }][*].n)', "a,b"),
    "the old splat takes from each": (
        'join(",", [{ n = "a" }, { n = "b" }].*.n)',
        "a,b",
    ),
    "for makes a list": ('join(",", [for x in LIST : upper(x)])', "A,B,C"),
    "for leaves out": ('join(",", [for x in LIST : x if x != "b"])', "a,c"),
    "for has places": ('join(",", [for i, x in LIST : "${i}${x}"])', "0a,1b,2c"),
    "for makes a map": ("{for k, v in MAP : v => k}[2]", "y"),
    "for gathers": (
        'join(",", {for x in ["aa", "b", "ac"] : substr(x, 0, 1) => x...}["a"])',
        "aa,ac",
    ),
    "a function of the file": ("twice(21)", "42"),
    "the rest of the values is a list": ('all("a", "b", "c")', "a-b-c"),
    "the rest may be empty": ('all("a")', "a"),
    "dots spread a list": ("all(LIST...)", "a-b-c"),
    "a function sees the variables": ('greet("x")', "app x"),
    "too few values are refused": ("twice()", REFUSED),
    "a function that is not there is refused": ("nosuch(1)", REFUSED),
    "tostring is no function of bake": ("tostring(1)", REFUSED),
    "try takes the first that can be had": ('try(MAP.z, "none")', "none"),
    "can says whether": ("can(MAP.z)", "false"),
    "the time is unknown": ("timestamp()", UNKNOWN),
    "the time is unknown in a text": ('"at ${timestamp()}"', UNKNOWN),
    "the time is unknown to try": ('try(timestamp(), "x")', UNKNOWN),
    "a name that is not there is refused": ("NOSUCH", REFUSED),
    "lower": ('lower("AbC")', "abc"),
    "title": ('title("hello big world")', "Hello Big World"),
    "trim takes letters": ('trim("?!hi?!", "!?")', "hi"),
    "trimprefix": ('trimprefix("v1.2", "v")', "1.2"),
    "trimsuffix": ('trimsuffix("a.git", ".git")', "a"),
    "trimspace": ('trimspace(" a ")', "a"),
    "replace": ('replace("a/b/c", "/", "-")', "a-b-c"),
    "split and join": ('join("+", split(",", "a,b"))', "a+b"),
    "join of several lists": ('join("+", ["a"], ["b"])', "a+b"),
    "substr from the end": ('substr("hello", -3, 2)', "ll"),
    "substr to the end": ('substr("hello", 1, -1)', "ello"),
    "strlen": ('strlen("héllo")', "5"),
    "reverse": ('reverse("abc")', "cba"),
    "format": ('format("%s-%03d-%v-%q", "a", 7, true, "x")', 'a-007-true-"x"'),
    "format of a percent sign": ('format("%d%%", 5)', "5%"),
    "format without a value is refused": ('format("%s %s", "a")', REFUSED),
    "formatlist": ('join(",", formatlist("%s-%s", LIST, "x"))', "a-x,b-x,c-x"),
    "regex gives the match": ('regex("[0-9]+", "a12b")', "12"),
    "regex gives groups": ('regex("(\\\\w)=(\\\\w)", "a=b")[1]', "b"),
    "regex gives named groups": ('regex("(?P<k>\\\\w)=", "a=b").k', "a"),
    "regex that fits nothing is refused": ('regex("z", "a")', REFUSED),
    "regexall": ('join(",", regexall("[a-z]", "1a2b"))', "a,b"),
    "regex_replace": ('regex_replace("v1.2", "^v([0-9]+).*", "$1")', "1"),
    "regex_replace of all": ('regex_replace("a1b2", "[0-9]", "")', "ab"),
    "concat and length": ('length(concat(LIST, ["d"]))', "4"),
    "contains": ('contains(LIST, "b")', "true"),
    "coalesce passes null": ('coalesce(NOTHING, "x")', "x"),
    "compact leaves out the empty": ('join(",", compact(["a", "", "b"]))', "a,b"),
    "distinct": ('join(",", distinct(["a", "b", "a"]))', "a,b"),
    "flatten": ('join(",", flatten([["a"], [["b"], "c"]]))', "a,b,c"),
    "sort": ('join(",", sort(["b", "a"]))', "a,b"),
    "slice": ('join(",", slice(LIST, 1, 3))', "b,c"),
    "element goes round": ("element(LIST, 4)", "b"),
    "keys": ('join(",", keys(MAP))', "x,y"),
    "values": ('join(",", values(MAP))', "1,2"),
    "merge takes the later": ('merge(MAP, { x = "9" }).x', "9"),
    "lookup has a default": ('lookup(MAP, "z", "none")', "none"),
    "zipmap": ('zipmap(["a"], ["b"]).a', "b"),
    "range": ('join(",", range(1, 4))', "1,2,3"),
    "range with a step": ('join(",", range(0, 10, 4))', "0,4,8"),
    "indexof": ('indexof(LIST, "c")', "2"),
    "reverselist": ('join("", reverselist(LIST))', "cba"),
    "add": ("add(1, 2)", "3"),
    "subtract": ("subtract(5, 2)", "3"),
    "divide, modulo": ("modulo(divide(21, 3), 4)", "3"),
    "max and min": ("max(1, min(7, 5))", "5"),
    "ceil and floor": ("ceil(1.2) + floor(1.8)", "3"),
    "int": ("int(-1.8)", "-1"),
    "pow": ("pow(2, 10)", "1024"),
    "parseint": ('parseint("ff", 16)', "255"),
    "equal": ('equal("a", "a")', "true"),
    "notequal": ('notequal("a", "a")', "false"),
    "and, or, not": ("and(or(false, true), not(false))", "true"),
    "jsonencode": (
        'jsonencode({ b = [1, true, null], a = "<" })',
        '{"a":"\\u003c","b":[1,true,null]}',
    ),
    "jsondecode": ('jsondecode("{\\"a\\": [1.50]}").a[0]', "1.5"),
    "base64encode": ('base64encode("hi")', "aGk="),
    "base64decode": ('base64decode("aGk=")', "hi"),
    "urlencode": ('urlencode("a b/c")', "a+b%2Fc"),
    "md5": ('md5("a")', "0cc175b9c0f1b6a831c399e269772661"),
    "sha256 in part": ('substr(sha256("a"), 0, 8)', "ca978112"),
    "basename": ('basename("a/b/c.txt")', "c.txt"),
    "dirname": ('dirname("a/b/c.txt")', "a/b"),
    "dirname of a name": ('dirname("a")', "."),
    "sanitize": ('sanitize("a.b/c_d")', "a_b_c_d"),
    "semvercmp above": ('semvercmp("v1.21.3", ">= 1.20, < 2")', "true"),
    "semvercmp with a caret": ('semvercmp("1.9.0", "^1.2")', "true"),
    "semvercmp with a tilde": ('semvercmp("1.3.0", "~1.2")', "false"),
    "semvercmp with an or": ('semvercmp("3.0.0", "1.x || 3.x")', "true"),
    "convert": ('convert("5", number) + 1', "6"),
    "a side with a number and one with text are text": ('true ? 1 : "a"', "1"),
    "a list is no text": ("LIST", REFUSED),
}


def reading(text: str) -> BakeReading:
    return read_bake(lambda _: text.encode(), files=["docker-bake.hcl"])


def file_of(expression: str) -> str:
    return f'{HEAD}\ntarget "default" {{\n  args = {{\n    V = {expression}\n  }}\n}}\n'


@pytest.mark.parametrize(
    ("expression", "value"), EXPRESSIONS.values(), ids=EXPRESSIONS.keys()
)
def test_an_expression_is_what_bake_says(expression: str, value: str | None) -> None:
    text = file_of(expression)
    line = text.split("\n").index(f"    V = {expression}") + 1
    found = reading(text)
    (target,) = found.targets
    if value in {REFUSED, UNKNOWN}:
        assert target.unknown == {"args.V"}
        (problem,) = found.problems
        assert (problem.file, problem.line) == ("docker-bake.hcl", line)
        assert problem.text == f"V = {expression}"
        assert problem.is_refused == (value == REFUSED)
    else:
        assert [str(one) for one in found.problems] == []
        assert target.args.get("V") == value


HEREDOCS = {
    "a heredoc keeps its lines": ("<<EOT\n  a ${NAME}\nb\nEOT", "  a app\nb\n"),
    "a heredoc reads no escapes": ("<<EOT\na\\n\nEOT", "a\\n\n"),
    "a dash takes the common blanks": ("<<-EOT\n    a\n      b\n    EOT", "a\n  b\n"),
    "blank lines do not count": ("<<-EOT\n    a\n\n    b\n  EOT", "a\n\nb\n"),
    "a value at the start of a line counts": (
        "<<-EOT\n  a\n${NAME}\nEOT",
        "  a\napp\n",
    ),
    "an empty heredoc is empty": ("<<EOT\nEOT", ""),
    "a directive takes its lines": (
        "<<EOT\n%{ for x in LIST ~}\n${x}\n%{ endfor ~}\nEOT",
        "a\nb\nc\n",
    ),
}


@pytest.mark.parametrize(("text", "value"), HEREDOCS.values(), ids=HEREDOCS.keys())
def test_a_heredoc_is_what_bake_says(text: str, value: str) -> None:
    found = reading(f'{HEAD}\ntarget "default" {{\n  dockerfile-inline = {text}\n}}\n')
    assert found.problems == ()
    assert found.targets[0].dockerfile_inline == value
