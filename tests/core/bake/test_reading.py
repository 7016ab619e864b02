"""Whole bake files, as `docker buildx bake --print` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ctxopt.core.bake.reading import read_bake
from ctxopt.core.bake.records import BakeReading

HCL = "docker-bake.hcl"


@dataclass(frozen=True, slots=True)
class Case:
    """Files, what is asked, and of each target what is not as it is by itself."""

    files: Mapping[str, str]
    expected: Mapping[str, Mapping[str, Any]]
    names: tuple[str, ...] = ("default",)
    environment: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()


def one(text: str, **expected: Mapping[str, Any]) -> Case:
    return Case({HCL: text}, {k.replace("__", "-"): v for k, v in expected.items()})


def typed(kind: str, default: str, text: str, value: str | None) -> Case:
    """A variable of a type, set by the environment, joined to a text."""
    first = f"  type = {kind}\n" if kind else ""
    second = f"  default = {default}\n" if default else ""
    source = f'variable "V" {{\n{first}{second}}}\n'
    source += 'target "default" {\n  args = { A = jsonencode(V) }\n}\n'
    expected = {"default": {"args": {"A": value}}}
    return Case({HCL: source}, expected, environment={"V": text})


CASES = {
    "a target has defaults": one('target "default" {}', default={}),
    "what is written is taken": one(
        'target "default" {\n  context = "a"\n  dockerfile = "b"\n  target = "c"\n}',
        default={"context": "a", "dockerfile": "b", "target": "c"},
    ),
    "an empty dockerfile is the usual one": one(
        'target "default" { dockerfile = "" }', default={}
    ),
    "comments are of three kinds": one(
        '# a\n// b\n/* c\n d */ target "default" { /* e */\n  context = "x" // f\n}',
        default={"context": "x"},
    ),
    "lines may end as on Windows": one(
        'target "default" {\r\n  context = "x"\r\n'
        '  args = {\r\n    A = "1"\r\n  }\r\n}\r\n',
        default={"context": "x", "args": {"A": "1"}},
    ),
    "a folder is made short": one(
        'target "default" { context = "./a//b/../" }', default={"context": "a"}
    ),
    "a URL is left as it is": one(
        'target "default" { context = "https://github.com/a/b.git#main" }',
        default={"context": "https://github.com/a/b.git#main"},
    ),
    "what bake does not know is passed over": one(
        'target "default" { nosuch = "a" }', default={}
    ),
    "a group is its targets": one(
        'group "default" { targets = ["a", "b"] }\ntarget "a" {}\ntarget "b" {}\n'
        'target "c" {}',
        a={},
        b={},
    ),
    "groups hold groups": one(
        'group "default" { targets = ["g", "a"] }\n'
        'group "g" { targets = ["b"] }\ntarget "a" {}\ntarget "b" {}',
        a={},
        b={},
    ),
    "a target inherits": one(
        'target "base" {\n  context = "x"\n  args = { A = "1", B = "2" }\n}\n'
        'target "default" {\n  inherits = ["base"]\n  args = { B = "3" }\n}',
        default={"context": "x", "args": {"A": "1", "B": "3"}},
    ),
    "the later parent goes over the earlier": one(
        'target "a" { args = { A = "a" } }\ntarget "b" { args = { A = "b" } }\n'
        'target "default" { inherits = ["a", "b"] }',
        default={"args": {"A": "b"}},
    ),
    "null of a child leaves what is inherited": one(
        'target "a" {\n  context = "x"\n  args = { A = "a" }\n}\n'
        'target "default" {\n  inherits = ["a"]\n  context = null\n'
        "  args = { A = null }\n}",
        default={"context": "x", "args": {"A": "a"}},
    ),
    "an empty context takes away what is inherited": one(
        'target "a" { contexts = { x = "dir", y = "other" } }\n'
        'target "default" {\n  inherits = ["a"]\n  contexts = { x = "" }\n}',
        default={"contexts": {"y": "other"}},
    ),
    "parents in a circle end": one(
        'target "a" {\n  inherits = ["default"]\n  context = "x"\n}\n'
        'target "default" { inherits = ["a"] }',
        default={"context": "x"},
    ),
    "a linked target comes with it": one(
        'target "base" { context = "b" }\n'
        'target "default" {\n'
        '  contexts = { base = "target:base", i = "docker-image://a" }\n}',
        base={"context": "b", "is_linked": True},
        default={"contexts": {"base": "target:base", "i": "docker-image://a"}},
    ),
    "a matrix is many, and its label a group": one(
        'target "default" {\n  name = "app-${v}-${replace(w, ".", "_")}"\n'
        '  matrix = { v = ["a", "b"], w = ["1.0"] }\n  args = { W = w }\n}',
        app__a__1_0={"args": {"W": "1.0"}},
        app__b__1_0={"args": {"W": "1.0"}},
    ),
    "a matrix of objects": one(
        'target "default" {\n  name = x.n\n  matrix = { x = [{ n = "a", c = "d" }] }\n'
        "  context = x.c\n}",
        a={"context": "d"},
    ),
    "a target says what another says": one(
        'target "a" {\n  context = "x"\n  args = { V = "1" }\n}\n'
        'target "default" {\n  context = target.a.context\n'
        "  args = { V = target.a.args.V }\n}",
        default={"context": "x", "args": {"V": "1"}},
    ),
    "a setting outside is a name": one(
        'v = "1"\ntarget "default" { args = { V = "${v}.0" } }',
        default={"args": {"V": "1.0"}},
    ),
    "variables hang on variables": one(
        'variable "A" { default = "${B}!" }\nvariable "B" { default = "b" }\n'
        'target "default" { args = { V = A } }',
        default={"args": {"V": "b!"}},
    ),
    "blocks of one name are merged": one(
        'target "default" {\n  context = "x"\n  args = { A = "1" }\n}\n'
        'target "default" { args = { B = "2" } }',
        default={"context": "x", "args": {"A": "1", "B": "2"}},
    ),
    "the command's folder is a name": one(
        'target "default" { context = "${BAKE_CMD_CONTEXT}a" }',
        default={"context": "a"},
    ),
    "an override goes over the file": Case(
        {
            HCL: 'variable "V" { default = "1" }\n'
            'target "default" { args = { V = V } }',
            "docker-bake.override.hcl": 'variable "V" { default = "2" }\n'
            'target "default" { dockerfile = "o" }',
        },
        {"default": {"args": {"V": "2"}, "dockerfile": "o"}},
    ),
    "JSON comes before HCL": Case(
        {
            "docker-bake.json": '{"target": {"default":\n'
            ' {"context": "j", "target": "t"}}}',
            HCL: 'target "default" { context = "h" }',
        },
        {"default": {"context": "h", "target": "t"}},
    ),
    "texts of JSON are templates": Case(
        {
            "docker-bake.json": '{"variable": {"V": {"default": "1"}},\n'
            ' "function": {"up": {"params": ["x"], "result": "${upper(x)}"}},\n'
            ' "target": {"default": {"args": {"A": "v${V}", "B": "${up(\\"b\\")}",'
            ' "C": null, "D": 1.50}}}}'
        },
        {"default": {"args": {"A": "v1", "B": "B", "D": "1.5"}}},
    ),
    "the environment sets a variable": Case(
        {HCL: 'variable "V" {}\ntarget "default" { args = { V = V } }'},
        {"default": {"args": {"V": "e"}}},
        environment={"V": "e"},
    ),
    "the environment sets no setting": Case(
        {HCL: 'V = "f"\ntarget "default" { args = { V = V } }'},
        {"default": {"args": {"V": "f"}}},
        environment={"V": "e"},
    ),
    "text becomes the default's number": typed("", "1", "2.50", "2.5"),
    "text becomes the default's truth": typed("", "true", "0", "false"),
    "text becomes a typed list": typed("list(string)", "", "a,b", '["a","b"]'),
    "quotes keep a comma": typed("list(string)", "", '"a,b",c', '["a,b","c"]'),
    "text becomes a typed map": typed("map(number)", "", "a:1,b:2", '{"a":1,"b":2}'),
    "text becomes a tuple": typed("tuple([string,bool])", "", "a,t", '["a",true]'),
    "a type without a value is null": Case(
        {
            HCL: 'variable "V" { type = string }\n'
            'target "default" { args = { A = V == null ? "n" : V } }'
        },
        {"default": {"args": {"A": "n"}}},
    ),
    "NAME_JSON sets what has a type": Case(
        {
            HCL: 'variable "V" { type = object({ a = string }) }\n'
            'target "default" { args = { A = V.a } }'
        },
        {"default": {"args": {"A": "x"}}},
        environment={"V_JSON": '{"a": "x"}'},
    ),
    "set goes over all": Case(
        {HCL: 'target "default" {\n  context = "a"\n  args = { A = "1" }\n}'},
        {"default": {"context": "b", "args": {"A": "2", "B": "3"}}},
        overrides=("default.args.A=2", "*.args.B=3", "def*.context=b"),
    ),
    "set of an argument alone asks the environment": Case(
        {HCL: 'target "default" {}'},
        {"default": {"args": {"E": "e"}}},
        environment={"E": "e"},
        overrides=("default.args.E", "default.args.NOT_THERE"),
    ),
    "set reaches the parent, and its children": Case(
        {HCL: 'target "base" {}\ntarget "default" { inherits = ["base"] }'},
        {"default": {"args": {"A": "1"}}},
        overrides=("base.args.A=1",),
    ),
    "set of platforms gathers": Case(
        {HCL: 'target "default" { platforms = ["linux/a"] }'},
        {"default": {"platforms": ("linux/b", "linux/c")}},
        overrides=("*.platform=linux/b", "*.platform=linux/c"),
    ),
    "a pattern asks for what fits": Case(
        {HCL: 'target "a1" {}\ntarget "a2" {}\ntarget "b" {}'},
        {"a1": {}, "a2": {}},
        names=("a*",),
    ),
    "a dot in a name is a line": Case(
        {HCL: 'target "a_b" {}'}, {"a_b": {}}, names=("a.b",)
    ),
}


def reading(case: Case) -> BakeReading:
    files = {name: text.encode() for name, text in case.files.items()}
    return read_bake(
        files.get,
        names=case.names,
        environment=case.environment,
        overrides=case.overrides,
        local_platform="linux/amd64",
    )


def shown(target: Any) -> dict[str, Any]:
    usual = {"context": ".", "dockerfile": "Dockerfile"}
    fields = (
        "context",
        "dockerfile",
        "dockerfile_inline",
        "target",
        "args",
        "contexts",
    )
    values = {
        name: getattr(target, name) for name in (*fields, "platforms", "is_linked")
    }
    return {k: v for k, v in values.items() if v and v != usual.get(k)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_targets_are_what_bake_says(case: Case) -> None:
    found = reading(case)
    assert [str(problem) for problem in found.problems] == []
    assert {one.name: shown(one) for one in found.targets} == case.expected


REFUSED = {
    "a name that is not asked for anywhere": (
        'target "a" {}',
        'docker-bake.json: there is no target "default"',
    ),
    "a parent that is not there": (
        '\ntarget "default" { inherits = ["x"] }',
        f'{HCL}:2: there is no target "x" in "target "default" {{ inherits = ["x"] }}"',
    ),
    "a variable that needs itself": (
        (
            'variable "A" { default = B }\nvariable "B" { default = A }\n'
            'target "default" {}'
        ),
        f'{HCL}:2: variable A needs itself in "variable "B" {{ default = A }}"',
    ),
    "a function that needs itself": (
        (
            'function "f" {\n  params = []\n  result = f()\n}\n'
            'target "default" {\n  args = { A = f() }\n}'
        ),
        f'{HCL}:3: function f needs itself in "result = f()"',
    ),
    "a field that needs itself": (
        'target "default" {\n  context = target.default.context\n}',
        (
            f"{HCL}:2: target.default context needs itself in "
            '"context = target.default.context"'
        ),
    ),
    "a validation that fails": (
        (
            'variable "V" {\n  default = "x"\n  validation {\n'
            '    condition = V != "x"\n    error_message = "V is x"\n  }\n}\n'
            'target "default" {}'
        ),
        f'{HCL}:4: V is x in "condition = V != "x""',
    ),
    "a setting that is there twice": (
        'target "default" {\n  context = "a"\n  context = "b"\n}',
        f'{HCL}:3: "context" is set twice in "context = "b""',
    ),
    "a text without an end": (
        'target "default" {\n  context = "a\n}',
        f'{HCL}:2: this text has no closing quote in "context = "a"',
    ),
    "a block without an end": (
        'target "default" {\n',
        f'{HCL}:2: this block has no end: add "}}"',
    ),
    "a name without a matrix": (
        'target "default" {\n  name = "x"\n}',
        f'{HCL}:2: name needs a matrix in "name = "x""',
    ),
    "a target with a name of dots": (
        'target "a.b" {}\ntarget "default" {}',
        f'{HCL}:1: "a.b" is no name of a target in "target "a.b" {{}}"',
    ),
    "an inner table of an argument": (
        'target "default" {\n  args = {\n    A = { b = "c" }\n  }\n}',
        f'{HCL}:3: a string is needed here, not object in "A = {{ b = "c" }}"',
    ),
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_what_bake_refuses_is_told_with_its_line(text: str, problem: str) -> None:
    found = reading(Case({HCL: text}, {}))
    assert problem in [str(one) for one in found.problems]
    assert all(one.is_refused for one in found.problems)


def test_what_is_unknown_in_one_target_leaves_the_others() -> None:
    text = (
        'target "default" {\n  args = {\n    AT = timestamp()\n    B = "b"\n  }\n}\n'
        'target "other" { context = "c" }'
    )
    found = reading(Case({HCL: text}, {}, names=("default", "other")))
    first, second = found.targets
    assert (first.args, first.unknown) == ({"B": "b"}, frozenset({"args.AT"}))
    assert (second.context, second.unknown) == ("c", frozenset())
    assert [(one.line, one.is_refused) for one in found.problems] == [(3, False)]


def test_a_target_knows_its_place_and_its_groups() -> None:
    text = 'group "default" { targets = ["g"] }\ngroup "g" { targets = ["a"] }\n'
    (target,) = reading(Case({HCL: text + 'target "a" {}'}, {})).targets
    assert str(target.place) == f"{HCL}:3"
    assert target.groups == ("default", "g")


HOSTILE = {
    "brackets a thousand deep": 'target "default" {\n  context = ' + "(" * 1000 + "\n}",
    "lists a thousand deep": "a = " + "[" * 1000 + "]" * 1000,
    "blocks a thousand deep": "a {\n" * 1000,
    "minus a thousand times": "a = " + "-" * 1000 + "1\n" + 'target "default" {}',
    "a sum of a thousand": "a = " + "+".join(["1"] * 1000) + "\nb = a",
    "directives a thousand deep": 'a = "' + "%{ if true }" * 1000 + '"',
    "texts in texts": 'a = "' + '${"' * 500,
    "a number of a million digits": "a = " + "9" * 1_000_000,
    "a power without end": 'target "default" { args = { A = pow(10, 1e9) } }',
    "text that doubles": "".join(
        f'variable "A{n}" {{ default = "${{A{n - 1}}}${{A{n - 1}}}" }}\n'
        for n in range(1, 30)
    )
    + 'variable "A0" { default = "0123456789" }',
    "a pattern without end": 'target "default" { args = { A = regex("(a+)+$", "'
    + "a" * 60
    + 'b") } }',
    "bytes of no text": "\x00\ud800",
    "parents in a long row": "".join(
        f'target "t{n}" {{ inherits = ["t{n + 1}"] }}\n' for n in range(300)
    )
    + 'target "default" { inherits = ["t0"] }',
    "a matrix of a billion": 'target "default" {\n  matrix = {\n'
    + "".join(f"    m{n} = range(1000)\n" for n in range(3))
    + "  }\n}",
    "calls that multiply": "".join(
        f'function "f{n}" {{\n  params = [x]\n'
        f"  result = f{n - 1}(x) + f{n - 1}(x)\n}}\n"
        for n in range(1, 19)
    )
    + 'function "f0" {\n  params = [x]\n  result = x\n}\n'
    + 'target "default" { args = { A = f18(1) } }',
}


def test_all_there_are_may_be_none_but_a_name_has_to_fit() -> None:
    read = {HCL: b'variable "TAG" { default = "1" }'}.get
    assert read_bake(read, names=None) == BakeReading(files=(HCL,))
    [problem] = read_bake(read, names=("*",)).problems
    assert problem.message == 'no target fits "*"'


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.deep
@pytest.mark.parametrize("name", [HCL, "docker-bake.json"])
def test_hostile_text_gives_a_line(text: str, name: str) -> None:
    content = text.encode(errors="surrogatepass")
    found = read_bake({name: content}.get, names=("*", "default"))
    assert found.problems
    assert all(len(str(one)) < 400 for one in found.problems)
