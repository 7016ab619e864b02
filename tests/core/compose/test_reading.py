"""Whole projects; what each comes to was asked of compose-go v2.14.0."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ctxopt.core.compose.reading import project_files, read_project
from ctxopt.core.compose.records import (
    ComposeBuild,
    ComposeProject,
    ComposeWeight,
    ContextKind,
)

TOP = "services:\n"
SHELL = {"HOME": "/home/me", "SHELL_ONLY": "shell", "V": "shell"}


def project(
    files: Mapping[str, str], environment: Mapping[str, str] = SHELL
) -> ComposeProject:
    """The project in /p whose files have these texts."""

    def read(path: str) -> bytes | None:
        text = files.get(path.removeprefix("/p/"))
        return None if text is None else text.encode()

    found = project_files("/p", environment=environment, read=read)
    return read_project(found, environment=environment, read=read)


def said(build: ComposeBuild) -> dict[str, object]:
    """What a build says beyond what every build has."""
    fields = {
        "context": build.context.path.removeprefix("/p/"),
        "dockerfile": build.dockerfile,
        "inline": build.dockerfile_inline,
        "target": build.target,
        "args": dict(build.args),
        "contexts": {name: one.path for name, one in build.additional_contexts.items()},
        "profiles": build.profiles,
    }
    usual = {"context": "/p", "dockerfile": "Dockerfile"}
    return {key: one for key, one in fields.items() if one and one != usual.get(key)}


COMPOSE, OVER, ENV = "compose.yaml", "compose.override.yaml", ".env"


@pytest.mark.parametrize(
    ("files", "builds"),
    [
        pytest.param(
            {COMPOSE: TOP + "  a: {build: ./app}\n  b: {image: x}\n"},
            {"a": {"context": "app"}},
            id="a path alone is the context",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {dockerfile: D, target: t}}\n"},
            {"a": {"dockerfile": "D", "target": "t"}},
            id="a build without a context is of its folder",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {dockerfile_inline: FROM x}}\n"},
            {"a": {"dockerfile": None, "inline": "FROM x"}},
            id="a Dockerfile in the file has no name",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {args: [A=1, B, SHELL_ONLY, C=, D=x=y]}}\n"},
            {
                "a": {
                    "args": {"A": "1", "B": None, "SHELL_ONLY": "shell"}
                    | {"C": "", "D": "x=y"}
                }
            },
            id="an argument without a value is the environment's",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {args: {A: 1.10, B: yes, C: , D: true}}}\n"},
            {"a": {"args": {"A": "1.1", "B": "yes", "C": None, "D": "true"}}},
            id="numbers come as Go prints them, and yes is a word",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {args: {V: $V, W: $W}}}\n",
                ENV: "V=f\nW=$V-w\n",
            },
            {"a": {"args": {"V": "shell", "W": "shell-w"}}},
            id="the environment goes before .env",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: ./a, profiles: [x]}\n",
                OVER: TOP + "  a: {build: {target: t}, profiles: [y, x]}\n",
            },
            {"a": {"context": "a", "target": "t", "profiles": ("x", "y")}},
            id="an override adds to a path alone",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {args: {A: 1, B: x}}}\n",
                OVER: TOP + "  a: {build: {args: [B=2, C=3]}}\n",
            },
            {"a": {"args": {"A": "1", "B": "2", "C": "3"}}},
            id="arguments of both forms are merged by name",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {additional_contexts: {x: x, y: y}}}\n",
                OVER: TOP + "  a: {build: {additional_contexts: [y=z]}}\n",
            },
            {"a": {"contexts": {"x": "/p/x", "y": "/p/z"}}},
            id="named contexts of both forms are merged by name",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {target: t}}\n",
                OVER: TOP + "  a: {build: {target: }}\n",
            },
            {"a": {"target": "t"}},
            id="nothing overrides nothing",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: a}\n  b: {build: b}\n  c: {build: c}\n",
                OVER: TOP + "  a: {build: !reset null}\n  c: !reset null\n",
            },
            {"b": {"context": "b"}},
            id="reset takes a build away, or a service",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {args: {A: 1, B: 2}}}\n",
                OVER: TOP + "  a: {build: {args: {A: !reset null}}}\n",
            },
            {"a": {"args": {"B": "2"}}},
            id="reset takes one argument away",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {args: [A=1, B=2]}}\n",
                OVER: TOP + "  a: {build: {args: {A: !reset null}}}\n",
            },
            {"a": {"args": {"A": "1", "B": "2"}}},
            id="reset finds no name in a list",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {additional_contexts: [x=x, y=y]}}\n",
                OVER: TOP + "  a: {build: {additional_contexts: {x: !reset ''}}}\n",
            },
            {"a": {"contexts": {"y": "/p/y"}}},
            id="reset finds a named context of a list",
        ),
        pytest.param(
            {
                COMPOSE: "include: [sub/c.yaml]\n",
                "sub/c.yaml": TOP + "  a: {build: '$NONE'}\n",
            },
            {"a": {}},
            id="an empty context is the project's folder",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {context: x, args: {A: 1}}}\n",
                OVER: TOP + "  a: {build: !override {target: t}}\n",
            },
            {"a": {"target": "t"}},
            id="override takes the place of a build",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {context: x, target: t}}\n",
                OVER: "x-o: &o {target: !reset null}\n"
                + TOP
                + "  a: {build: {<<: *o, dockerfile: D}}\n",
            },
            {"a": {"context": "x", "dockerfile": "D"}},
            id="a tag goes where its anchor is merged",
        ),
        pytest.param(
            {
                COMPOSE: TOP
                + "  a: {build: {target: t}}\n---\n"
                + TOP
                + "  a: {build: q}\n"
            },
            {"a": {"context": "q", "target": "t"}},
            id="a second document goes over the first",
        ),
        pytest.param(
            {
                COMPOSE: TOP
                + "  b: {build: {context: b, args: [A=1]}, profiles: [p]}\n"
                + "  a: {extends: b, build: {args: {B: 2}}}\n"
                + "  c: {extends: {service: a}, build: c}\n",
            },
            {
                "b": {"context": "b", "args": {"A": "1"}, "profiles": ("p",)},
                "a": {"context": "b", "args": {"A": "1", "B": "2"}, "profiles": ("p",)},
                "c": {"context": "c", "args": {"A": "1", "B": "2"}, "profiles": ("p",)},
            },
            id="a chain of services extends",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {extends: {file: sub/c.yml, service: b}}\n",
                "sub/c.yml": TOP + "  b: {extends: {file: ../o/o.yml, service: o}}\n",
                "o/o.yml": TOP
                + "  o: {build: {context: oo, additional_contexts: [k=kk]}}\n",
            },
            {"a": {"context": "o/oo", "contexts": {"k": "/p/o/kk"}}},
            id="paths of an extended file are below its folder",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {extends: {file: c.yml, service: b}}\n",
                "c.yml": TOP
                + "  b: {extends: o, build: {target: !reset '', context: q}}\n"
                + "  o: {build: {target: t, dockerfile: D}}\n",
            },
            {"a": {"context": "q", "dockerfile": "D"}},
            id="a reset in an extended file takes from what that extends",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {extends: {file: sub/c.yml, service: b}}\n",
                "sub/c.yml": TOP + "  b: {build: {dockerfile: D}}\n",
            },
            {"a": {"dockerfile": "D"}},
            id="a context not said is of the project's folder",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  x: {build: {target: t, args: {A: 1}}}\n",
                OVER: TOP
                + "  y: {build: {target: u, dockerfile: D}}\n"
                + "  x: {extends: y, build: {args: !reset null}}\n",
            },
            {
                "x": {"dockerfile": "D", "target": "u"},
                "y": {"dockerfile": "D", "target": "u"},
            },
            id="a reset beside extends goes for the earlier file, too",
        ),
        pytest.param(
            {
                COMPOSE: TOP + "  a: {build: {additional_contexts: {k: k}}}\n",
                OVER: TOP
                + "  c: {build: {additional_contexts: {k: q}}, profiles: [c]}\n"
                + "  a: {extends: c, build: {additional_contexts: {k: !reset x}}}\n",
            },
            {
                "a": {"profiles": ("c",)},
                "c": {"contexts": {"k": "/p/q"}, "profiles": ("c",)},
            },
            id="a reset of one name beside extends goes for both",
        ),
        pytest.param(
            {
                COMPOSE: "include: [sub/c.yaml]\n" + TOP + "  a: {build: .}\n",
                "sub/c.yaml": TOP + "  b: {build: {args: {W: $W, V: $V}}}\n",
                "sub/.env": "W=sub\nV=sub\n",
            },
            {"a": {}, "b": {"context": "sub", "args": {"W": "sub", "V": "shell"}}},
            id="an included file has its folder and its .env",
        ),
        pytest.param(
            {
                COMPOSE: "include:\n  - path: [sub/c.yaml, over.yaml]\n"
                "    project_directory: pd\n    env_file: my.env\n",
                "sub/c.yaml": TOP + "  b: {build: {context: bb, args: {W: $W}}}\n",
                "over.yaml": TOP + "  b: {build: {target: t$W}}\n",
                "my.env": "U=u\nW=${U}w\n",
            },
            {"b": {"context": "pd/bb", "target": "tuw", "args": {"W": "uw"}}},
            id="an included project may name its folder and variables",
        ),
        pytest.param(
            {
                COMPOSE: "include: [sub/c.yaml]\n"
                + TOP
                + "  b: {build: {target: t, args: {A: !reset null}}}\n",
                "sub/c.yaml": TOP + "  b: {build: {context: bb, args: {A: 1, B: 2}}}\n",
            },
            {"b": {"context": "sub/bb", "target": "t", "args": {"B": "2"}}},
            id="a file goes over what it includes",
        ),
        pytest.param(
            {
                COMPOSE: "include: [sub/c.yaml]\n" + TOP + "  a: {extends: d}\n",
                "sub/c.yaml": "include: [deep/d.yaml]\n",
                "sub/deep/d.yaml": TOP + "  d: {build: dd}\n",
            },
            {"d": {"context": "sub/deep/dd"}, "a": {"context": "sub/deep/dd"}},
            id="what is included is there to be extended",
        ),
        pytest.param(
            {
                "a.yml": TOP + "  a: {build: .}\n",
                "sub/b.yml": TOP + "  b: {build: q}\n",
                ENV: "COMPOSE_FILE=a.yml:sub/b.yml\n",
            },
            {"a": {}, "b": {"context": "q"}},
            id="paths of all files are below the folder of the first",
        ),
        pytest.param(
            {
                COMPOSE: "name: My-App!\n"
                + TOP
                + "  a: {build: $COMPOSE_PROJECT_NAME}\n"
            },
            {"a": {"context": "my-app"}},
            id="the project's name is a variable",
        ),
        pytest.param(
            {
                "compose.json": "",
                "docker-compose.yml": '{"services": {"a": {"build": "j"}}}',
            },
            {"a": {"context": "j"}},
            id="a file may be json",
        ),
    ],
)
def test_a_project_comes_to_its_builds(
    files: dict[str, str], builds: dict[str, dict[str, object]]
) -> None:
    found = project(files)
    assert [one for one in found.problems if one.weight is ComposeWeight.REFUSED] == []
    expected = {
        name: {key: one for key, one in fields.items() if one is not None}
        for name, fields in builds.items()
    }
    assert {one.service: said(one) for one in found.builds} == expected


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        pytest.param("./a/../b", ContextKind.FOLDER, "/p/b", id="a folder"),
        pytest.param("~/x", ContextKind.FOLDER, "/home/me/x", id="the user's home"),
        pytest.param("/abs", ContextKind.FOLDER, "/abs", id="a path from the root"),
        pytest.param("https://h/r.git#b:s", ContextKind.REMOTE, None, id="an address"),
        pytest.param("git@h:u/r.git", ContextKind.REMOTE, None, id="git over ssh"),
        pytest.param("github.com/u/r", ContextKind.REMOTE, None, id="github by name"),
        pytest.param("docker-image://a", ContextKind.REMOTE, None, id="an image"),
        pytest.param("service:s", ContextKind.SERVICE, "s", id="another service"),
    ],
)
def test_a_context_is_of_its_kind(
    text: str, kind: ContextKind, path: str | None
) -> None:
    files = {COMPOSE: f"{TOP}  a: {{build: '{text}'}}\n"}
    (build,) = project(files).builds
    assert (build.context.kind, build.context.path) == (kind, path or text)
    assert build.context.text == text


@pytest.mark.parametrize(
    ("files", "place", "message"),
    [
        pytest.param(
            {COMPOSE: TOP + "  a: {build: [x]}\n"}, 2, "build has to be", id="a list"
        ),
        pytest.param(
            {COMPOSE: TOP + "  a:\n    build:\n      contxt: .\n"},
            4,
            "no field",
            id="a typo",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {target: 5}}\n"},
            2,
            "has to be text",
            id="a number",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {dockerfile: D, dockerfile_inline: F}}\n"},
            2,
            "cannot both",
            id="two Dockerfiles",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {extends: c}\n  c: {extends: a}\n"},
            2,
            "extends itself",
            id="a circle of extends",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {extends: zz}\n"}, 2, "no service", id="no base"
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {extends: {file: z.yml, service: q}}\n"},
            2,
            "no such file: /p/z.yml",
            id="no file to extend from",
        ),
        pytest.param(
            {COMPOSE: "include: [z.yml]\n" + TOP},
            1,
            "no such file",
            id="no file to include",
        ),
        pytest.param(
            {COMPOSE: "include: [compose.yaml]\n" + TOP},
            1,
            "includes itself",
            id="a circle",
        ),
        pytest.param(
            {COMPOSE: TOP + "  a: {build: {additional_contexts: [x]}}\n"},
            2,
            "NAME=PATH",
            id="a context without a path",
        ),
        pytest.param({COMPOSE: TOP + "  a:\n"}, 2, "a mapping", id="an empty service"),
        pytest.param(
            {COMPOSE: TOP + "  'a b': {}\n"}, 2, "no name", id="a blank in a name"
        ),
    ],
)
def test_what_compose_refuses_is_told_and_the_others_go_on(
    files: dict[str, str], place: int, message: str
) -> None:
    found = project({**files, COMPOSE: files[COMPOSE] + "  good: {build: .}\n"})
    assert [one.service for one in found.builds] == ["good"]
    assert {one.line for one in found.problems} <= {place, place + 1}
    assert message in found.problems[0].message
    assert found.problems[0].file == "/p/compose.yaml"
    assert found.problems[0].weight is ComposeWeight.REFUSED


def test_a_required_variable_that_is_missing_leaves_its_field_unknown() -> None:
    text = (
        TOP
        + "  a:\n    build:\n      context: ${C:?say}\n      args: [X=$X, 'Y=${Y?}']\n"
    )
    found = project({COMPOSE: text})
    (build,) = found.builds
    assert build.context.kind is ContextKind.UNKNOWN
    assert build.unknown == ("context", "args.Y")
    assert [(one.line, one.weight.value, one.text) for one in found.problems] == [
        (4, "refused", "${C:?say}"),
        (5, "warned", "X=$X"),
        (5, "refused", "${Y?}"),
    ]


def test_what_is_elsewhere_is_not_read() -> None:
    text = "include: ['oci://x/y']\n" + TOP + "  a: {build: .}\n"
    found = project({COMPOSE: text})
    assert [one.weight for one in found.problems] == [ComposeWeight.UNREAD]
    assert [one.service for one in found.builds] == ["a"]


def test_a_named_context_of_no_service_is_told() -> None:
    text = TOP + "  a: {build: {additional_contexts: {b: 'service:c'}}}\n"
    (problem,) = project({COMPOSE: text}).problems
    assert problem.message == 'there is no service "c", the context "b"'


def test_an_anchor_used_often_is_told_once() -> None:
    text = "x-a: &a {target: $T}\n" + TOP + "  a: {build: *a}\n  b: {build: *a}\n"
    assert len(project({COMPOSE: text}).problems) == 1


def test_a_build_is_enabled_by_its_profiles() -> None:
    text = TOP + "  a: {build: ., profiles: [x]}\n  b: {build: .}\n"
    builds = project({COMPOSE: text}).builds
    assert [one.is_enabled() for one in builds] == [False, True]
    assert [one.is_enabled({"x"}) for one in builds] == [True, True]
    assert [one.is_enabled({"*"}) for one in builds] == [True, True]
    assert [one.is_enabled({"y"}) for one in builds] == [False, True]


def test_a_folder_without_a_compose_file_has_none() -> None:
    assert project_files("/p", environment={}, read=lambda _: None) == ()
