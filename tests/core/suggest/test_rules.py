from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pytest

from ctxopt.core.model import Confidence
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.multimatch import compile_set, plans_of
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import (
    MANY,
    CompiledPattern,
    ComponentKind,
    NameTest,
    PatternSet,
)
from ctxopt.core.patterns.ready import NOTHING
from ctxopt.core.secrets.places import PLAIN, is_plain
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.catalogue import KNOWN, watched
from ctxopt.core.suggest.conditions import applies
from ctxopt.core.suggest.expectations import Expectations, Programs, expected_names
from ctxopt.core.suggest.rules import ONLY, Rule, RuleBook, rules
from tests.texttree import MemoryTree, Planted
from tools.compile_rules import COMMAND, COMPILED, TABLE, compiled, faults, parse

ELF = "\x7fELF" + 12 * "\0"
BODY = 12 * "Qk9EWQab"
# Put together here, so that nobody who looks for tokens takes it for one.
VALUE = "hunter" + "2x7"
ACCOUNT = (
    f'{{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----{BODY}"}}'
)
PLENTY = 10**9  # file bytes of a match, beyond every least size


def tree_of(*lines: str) -> MemoryTree:
    """A disk of a few lines: `a/b`, `a/`, `a/b = text`, `a/b -> target`."""
    return MemoryTree([planted(line) for line in lines])


def planted(line: str) -> Planted:
    path, link, target = line.partition(" -> ")
    if link:
        return Planted(path, Found.LINK, target)
    path, _, text = line.partition(" = ")
    if path.endswith("/"):
        return Planted(path[:-1], Found.DIRECTORY)
    return Planted(path, Found.FILE, content=text.encode("latin-1"))


def rule(**conditions: object) -> Rule:
    values: dict[str, object] = dict.fromkeys(("id", "label", "reason"), "x")
    values |= {"patterns": ("x",), "confidence": Confidence.LIKELY}
    return Rule(**(values | conditions))  # type: ignore[arg-type]


def holds(one: Rule, path: str, *lines: str, file_bytes: int = 0) -> bool:
    tree = tree_of(*lines)
    kind = tree.kind(path)
    assert kind is not None
    return applies(one, path, kind=kind.value, file_bytes=file_bytes, tree=tree)


# --- conditions


@pytest.mark.parametrize(
    ("one", "path", "lines"),
    [
        pytest.param(rule(), "a", ["a"], id="no condition, a file"),
        pytest.param(rule(), "a", ["a/"], id="no condition, a folder"),
        pytest.param(rule(), "a", ["a -> b"], id="no condition, a link"),
        pytest.param(rule(kind="file"), "a", ["a"], id="a file, as asked"),
        pytest.param(rule(kind="directory"), "a", ["a/"], id="a folder, as asked"),
        pytest.param(rule(kind="link"), "a", ["a -> b"], id="a link, as asked"),
        pytest.param(
            rule(markers=("m",)), "a/b", ["a/b", "a/m"], id="a marker next to it"
        ),
        pytest.param(
            rule(markers=("m",)), "a/b", ["a/b", "m"], id="a marker at the root"
        ),
        pytest.param(
            rule(markers=("n", "m")), "a", ["a", "m"], id="one marker is enough"
        ),
        pytest.param(
            rule(markers=("c/m",)), "a/b", ["a/b", "a/c/m"], id="a marker further down"
        ),
        pytest.param(
            rule(markers=("*.sln",)), "a/b", ["a/b", "x.sln"], id="a marker by its end"
        ),
        pytest.param(
            rule(markers=("c/*.x",)), "b", ["b", "c/y.x"], id="the same further down"
        ),
        pytest.param(
            rule(beside=("m",)), "a/b", ["a/b", "a/m"], id="a companion next to it"
        ),
        pytest.param(
            rule(beside=("m",)),
            "b",
            ["b", "m"],
            id="a companion next to it, at the root",
        ),
        pytest.param(
            rule(inside=("m",)), "a", ["a/m"], id="what it has to hold, at the top"
        ),
        pytest.param(
            rule(unless_beside=("m",)), "a/b", ["a/b", "m"], id="no such neighbour"
        ),
        pytest.param(
            rule(unless_inside=("m*",)), "a", ["a/b/m"], id="it holds no such thing"
        ),
        pytest.param(
            rule(inside=("n", "b/m")), "a", ["a/b/m"], id="what it has to hold, below"
        ),
        pytest.param(
            rule(inside=("*.p",)), "a", ["a/b.p"], id="what it has to hold, by its end"
        ),
        pytest.param(
            rule(only=("*.log", "x")), "a", ["a/b.log", "a/c/x"], id="only such names"
        ),
        pytest.param(
            rule(only=("*.log",)),
            "a",
            [f"a/{one}.log" for one in range(2000)],
            id="two thousand such names",
        ),
        pytest.param(
            rule(only=("*.log",)), "a", ["a/b.log", "a/c/"], id="and an empty folder"
        ),
        pytest.param(
            rule(content="^ab"), "a", ["a = abc"], id="what stands at the start"
        ),
        pytest.param(
            rule(content=r"\x00\xff$"), "a", ["a = \0\xff"], id="bytes that are no text"
        ),
        pytest.param(
            rule(link_target="/nix/"), "a", ["a -> /nix/store/x"], id="where it points"
        ),
        pytest.param(rule(min_bytes=0), "a", ["a"], id="no least size"),
    ],
)
def test_a_condition_that_holds(one: Rule, path: str, lines: list[str]) -> None:
    assert holds(one, path, *lines)


@pytest.mark.parametrize(
    ("one", "path", "lines"),
    [
        pytest.param(rule(kind="file"), "a", ["a/"], id="a folder for a file"),
        pytest.param(rule(kind="directory"), "a", ["a"], id="a file for a folder"),
        pytest.param(rule(kind="directory"), "a", ["a -> b"], id="a link for a folder"),
        pytest.param(rule(kind="link"), "a", ["a"], id="a file for a link"),
        pytest.param(
            rule(markers=("m",)), "a/b/c", ["a/b/c", "a/m"], id="a marker in between"
        ),
        pytest.param(rule(markers=("m",)), "a", ["a", "xm"], id="no such marker"),
        pytest.param(
            rule(markers=("*.sln",)), "a", ["a", "sln", "b/x.sln"], id="none by its end"
        ),
        pytest.param(
            rule(markers=("a.*",)), "b", ["b", "axb"], id="a dot that is none"
        ),
        pytest.param(
            rule(beside=("m",)), "a/b", ["a/b", "m"], id="a companion at the root only"
        ),
        pytest.param(
            rule(inside=("m",)), "a", ["a/b/m", "m"], id="it does not hold that"
        ),
        pytest.param(rule(inside=("m",)), "a", ["a", "m"], id="a file holds nothing"),
        pytest.param(
            rule(unless_beside=("*.m",)), "a/b", ["a/b", "a/c.m"], id="a neighbour"
        ),
        pytest.param(
            rule(unless_inside=("n", "m")), "a", ["a/m"], id="it holds such a thing"
        ),
        pytest.param(
            rule(only=("*.log",)),
            "a",
            ["a/b.log", "a/c/x.py"],
            id="another name, below",
        ),
        pytest.param(
            rule(only=("*.log",)), "a", ["a/b.log", "a/logs"], id="another name"
        ),
        pytest.param(rule(only=("*.log",)), "a", ["a/b.log.gz"], id="the name goes on"),
        pytest.param(rule(only=("*.log",)), "a", ["a/"], id="an empty folder"),
        pytest.param(rule(only=("*",)), "a", ["a"], id="a file is no folder of files"),
        pytest.param(
            rule(only=("*.log",)),
            "a",
            [f"a/{one}.log" for one in range(2001)],
            id="too many names to look through",
        ),
        pytest.param(rule(content="^b"), "a", ["a = abc"], id="other content"),
        pytest.param(
            rule(content="b"), "a", [f"a = {4096 * 'a'}b"], id="content further down"
        ),
        pytest.param(rule(content="."), "a", ["a/"], id="a folder"),
        pytest.param(
            rule(link_target="/nix/"), "a", ["a -> ../nix/x"], id="it points elsewhere"
        ),
        pytest.param(rule(link_target="/nix/"), "a", ["a"], id="it does not point"),
        pytest.param(rule(min_bytes=1), "a", ["a"], id="too small"),
        pytest.param(
            rule(kind="file", markers=("m",)), "a", ["a"], id="one condition of two"
        ),
    ],
)
def test_a_condition_that_fails(one: Rule, path: str, lines: list[str]) -> None:
    assert not holds(one, path, *lines)


def test_a_size_is_large_enough_from_its_limit_on() -> None:
    one = rule(min_bytes=10)
    assert holds(one, "a", "a", file_bytes=10)
    assert not holds(one, "a", "a", file_bytes=9)


# --- reading the table

ENTRY = """
[[rule]]
id = "a"
patterns = ["x"]
label = "l"
reason = "r"
confidence = "certain"
"""


def book(text: str) -> RuleBook:
    return parse("schema = 1\n" + text)


def test_a_rule_is_read_as_it_stands() -> None:
    read = book(ENTRY + 'inside = ["y"]\nanywhere = true\nmin_bytes = 7\n')
    assert read.rules == (
        Rule(
            id="a",
            patterns=("x",),
            label="l",
            reason="r",
            confidence=Confidence.CERTAIN,
            inside=("y",),
            anywhere=True,
            min_bytes=7,
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENTRY + "marker = ['x']", id="an unknown key"),
        pytest.param(ENTRY + ENTRY, id="the same id twice"),
        pytest.param(ENTRY.replace('reason = "r"', ""), id="a missing key"),
        pytest.param(ENTRY.replace("certain", "sure"), id="an unknown confidence"),
        pytest.param(ENTRY.replace('["x"]', '"x"'), id="a text for a list"),
        pytest.param(ENTRY.replace('["x"]', "[1]"), id="a list of numbers"),
        pytest.param(ENTRY.replace('["x"]', "[]"), id="an empty list"),
        pytest.param(ENTRY + "kind = 'folder'", id="an unknown kind"),
        pytest.param(ENTRY + "min_bytes = '1'", id="a text for a number"),
        pytest.param(ENTRY + "min_bytes = true", id="a truth for a number"),
        pytest.param(ENTRY + "anywhere = 1", id="a number for a truth"),
        pytest.param(ENTRY + "part_of = 'b'", id="a part of nothing"),
        pytest.param(ENTRY + "part_of = 'a'", id="a part of itself"),
        pytest.param("[[never]]\nid = 'a'\n", id="a never without patterns"),
        pytest.param(ENTRY + "secret = 'x'", id="an unknown test of a secret"),
        pytest.param(ENTRY + "family = 'x'", id="an unknown family of secrets"),
    ],
)
def test_a_table_that_is_wrong_is_refused_by_its_id(text: str) -> None:
    with pytest.raises(ValueError, match='"a"'):
        book(text)


def test_a_part_has_its_own_conditions_and_all_the_rest_of_its_rule() -> None:
    part = '[[rule]]\nid = "b"\npart_of = "a"\npatterns = ["y"]\nkind = "file"\n'
    whole, read = book(ENTRY + 'beside = ["m"]\nrisk = "s"\n' + part).rules
    assert read == whole._replace(
        id="b", patterns=("y",), kind="file", beside=(), part_of="a"
    )


@pytest.mark.parametrize("key", ["label", "reason", "confidence"])
def test_a_part_with_words_of_its_own_is_refused(key: str) -> None:
    part = f'[[rule]]\nid = "b"\npart_of = "a"\npatterns = ["y"]\n{key} = "likely"\n'
    with pytest.raises(ValueError, match='"b"'):
        book(ENTRY + part)


@pytest.mark.parametrize("text", ["schema = 2", "", "schema = 1\n[[rules]]\n"])
def test_another_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="schema"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENTRY.replace('"x"', '"[a"'), id="a pattern Docker refuses"),
        pytest.param(ENTRY.replace('"x"', '"[z-a]"'), id="one it refuses on use"),
        pytest.param(ENTRY.replace('"x"', '"a**b"'), id="one that crosses slashes"),
        pytest.param(
            ENTRY.replace('"x"', f'"[ab]{300 * chr(98)}"'), id="one that is too dear"
        ),
        pytest.param(ENTRY + "content = '('", id="content"),
        pytest.param(ENTRY + "link_target = '('", id="link_target"),
        pytest.param(ENTRY + "made_by = '('", id="made_by"),
        pytest.param(ENTRY + "ask_if_run = '('", id="ask_if_run"),
    ],
)
def test_faults_of_patterns_and_expressions_are_found(text: str) -> None:
    found = faults(book(text))
    assert len(found) == 1
    assert '"a"' in found[0]


# --- the compiled copy


def test_the_compiled_rules_are_those_of_the_table() -> None:
    book = parse(TABLE.read_text("utf-8"))
    assert COMPILED.read_text("utf-8") == compiled(book), f"run {COMMAND}"
    assert rules()._replace(ready=NOTHING) == book


def test_the_tests_that_are_ready_are_what_the_patterns_are_cut_into() -> None:
    book = rules()
    cut = PatternSet(plans_of(watched(book), KNOWN))
    assert book.ready == cut.ready()
    assert PatternSet([], book.ready).ready() == cut.ready()


def test_patterns_may_follow_those_that_are_ready() -> None:
    ready = PatternSet(plans_of(["**/*.log", "**/a"], {})).ready()
    state = compile_set(["**/*.mine", "**/*.log", "**/a"], ready=ready)
    assert state.hits_of("a.log").hits == 0b01001
    assert state.hits_of("a.mine").hits == 0b00100
    assert state.hits_of("a").hits == 0b10010
    assert state.hits_of("b").below.hits_of("a").hits == 0b10010


def test_names_in_a_closed_folder_are_not_put_to_the_tests_of_the_closed() -> None:
    asked = []

    def ask(name: str) -> bool:
        asked.append(name)
        return True

    plan = CompiledPattern((MANY, NameTest(ComponentKind.CALL, call=ask)))
    known = {"**/called": plan}
    cut = plans_of(["**/called", "**/*.log", "**/shut"], known)
    state = compile_set([], ready=PatternSet(cut).ready(), closing=0b100, closed=0b001)
    below = state.hits_of("shut").below
    assert asked == ["shut"]
    assert [below.hits_of(name).hits for name in ("x", "x.log")] == [0, 0b010]
    assert below.hits_of("y").below.hits_of("z.log").hits == 0b010
    assert asked == ["shut"]


# --- the rules that ship


def test_nothing_is_wrong_with_patterns_and_expressions() -> None:
    assert faults(rules()) == []


def test_all_patterns_can_be_looked_out_for_at_once() -> None:
    texts = [text for one in rules().rules for text in one.patterns]
    texts += [text for one in rules().nevers for text in one.patterns]
    assert compile_set(texts).hits_of(".git").hits != 0


def test_the_book_is_read_once() -> None:
    assert rules() is rules()


def test_every_rule_is_fit_to_be_shown() -> None:
    assert {one.id: unfit(one) for one in rules().rules if unfit(one)} == {}


def unfit(one: Rule) -> list[str]:
    """What is wrong with how a rule would look."""
    # "Yes" must mean the same whatever is asked.
    asks = one.confidence is Confidence.ASK
    fit = {
        "its label is short": len(one.label) <= 44,
        "its reason is a sentence": one.reason.endswith("."),
        "it says no": not any(text.startswith(("!", "/")) for text in one.patterns),
        "it says nothing twice": len(set(one.patterns)) == len(one.patterns),
        "it asks": one.question.startswith("Does the image do without ") == asks,
        "who uses it": one.used_by in {"", "git"},
        "it can be looked up": hash(one) is not None,
    }
    return [words for words, holds in fit.items() if not holds]


def test_rules_without_a_condition_share_no_pattern() -> None:
    plain = [
        text
        for one in rules().rules
        if not (one.markers or one.beside or one.inside or one.only or one.kind)
        for text in one.patterns
    ]
    assert len(plain) == len(set(plain))


@cache
def matcher(text: str) -> Matcher:
    return Matcher(compile_patterns([text]))


def speaking(
    line: str, around: Sequence[str], among: Sequence[Rule] = rules().rules
) -> list[Rule]:
    """The rules that speak for a path or a folder above it, first things first."""
    tree = tree_of(line, *around)
    path = re.split(" = | -> ", line)[0].rstrip("/")
    parts = path.split("/")
    above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return [one for place in above for one in among if _speaks(one, place, tree)]


def _speaks(one: Rule, place: str, tree: MemoryTree) -> bool:
    if _reached(place).isdisjoint(one.patterns):
        return False
    kind = tree.kind(place)
    assert kind is not None
    programs = Programs(tree, lambda path: tree.head(path).decode("latin-1"))
    expectations = Expectations(programs, names=expected_names(rules().rules))
    return applies(
        one,
        place,
        kind=kind.value,
        file_bytes=PLENTY,
        tree=tree,
        expected=expectations.of,
    )


@cache
def _reached(place: str) -> frozenset[str]:
    """The patterns that hit a path itself, not only a folder above it.

    All are looked out for at once, as on the walk.
    """
    *folders, name = place.split("/")
    state, above = _ALL, 0
    for folder in folders:
        found = state.hits_of(folder)
        state, above = found.below, above | found.hits
    hits = state.hits_of(name).hits & ~above
    reached = {text for bit, text in enumerate(_WATCHED) if hits >> bit & 1} - {PLAIN}
    return frozenset(reached | {PLAIN} if is_plain(name) else reached)


_WATCHED = watched(rules())
_ALL = compile_set([], ready=rules().ready)


# rule | path | what else there is
HIT = r"""
vcs-git | .git/objects/pack/a.pack
vcs-git | vendor/lib/.git
vcs-git | .git/hooks/pre-commit.sample
node-modules | node_modules/react/index.js
node-modules | apps/web/node_modules/.bin/vite
py-venv | .venv/bin/python
py-venv | services/api/.venv/pyvenv.cfg
py-venv | .pixi/envs/default/bin/python
py-venv-plain | venv/bin/python | venv/pyvenv.cfg
py-venv-plain | env/bin/python | env/pyvenv.cfg
py-venv-plain | .env/bin/python | .env/pyvenv.cfg
py-venv-plain | ENV/bin/activate
py-venv-plain | a/.conda/lib/x.so | a/.conda/conda-meta/
py-tox-nox | .tox/py312/bin/python
py-tox-nox | .nox/tests/bin/python
rust-target | target/release/app | Cargo.toml
rust-target | crates/a/target/debug/a | crates/a/Cargo.toml
java-target | target/classes/A.class | pom.xml
java-target | api/target/api.jar | api/pom.xml ; pom.xml
java-target | target/scala-3.3.1/classes/A.class | build.sbt
scala-target | core/target/streams/x | build.sbt ; core/target/scala-3/
java-gradle-build | build/libs/app.jar | build.gradle
java-gradle-build | app/build/classes/A.class | app/build.gradle.kts
java-gradle-build | app/build/libs/a.jar | app/app.gradle.kts
java-gradle-buildsrc | buildSrc/build/classes/A.class
java-gradle-buildsrc | build-logic/build/libs/a.jar
java-ide-out | out/production/classes/A.class | build.gradle
java-ide-out | core/out/artifacts/a.jar | pom.xml
java-ide-bin | bin/main/A.class | build.gradle
java-gradle-cache | .gradle/8.5/checksums/x.lock
java-gradle-cache | .kotlin/sessions/a
java-m2-ivy | .m2/repository/a/a.jar
scala-meta-build | project/target/x | project/build.properties ; build.sbt
scala-meta-build | project/project/target/x | project/build.properties ; build.sbt
dotnet-obj | src/Api/obj/project.assets.json | src/Api/Api.csproj
dotnet-bin | src/Api/bin/Debug/net8.0/Api.dll | src/Api/Api.csproj
dotnet-bin | bin/Release/a.dll | a.fsproj
elixir-build | _build/dev/lib/a.beam | mix.exs
elixir-build | _build/default/lib/a.beam | rebar.config
elixir-archives | hex-2.0.ez | mix.exs
elixir-archives | priv/plts/core.plt | mix.exs
ocaml-build | _build/default/bin/main.exe | dune-project
cmake-tree | build/a.o | build/CMakeCache.txt
cmake-tree | cmake-build-debug/a | cmake-build-debug/CMakeCache.txt
cmake-tree | out/meson-info/x
zig-others | zig-out/bin/a
zig-others | .stack-work/dist/a
zig-others | dist-newstyle/cache/plan.json
swift-build | .build/debug/App | Package.swift
clojure-target | target/uberjar/a.jar | project.clj
clojure-target | api/target/classes/a.class | api/deps.edn
clojure-caches | .cpcache/1.cp
clojure-caches | .shadow-cljs/builds/a
elm-and-kin | web/elm-stuff/0.19.1/a.elmi
elm-and-kin | .spago/prelude/a.purs
rescript-lib | lib/bs/a.cmj | rescript.json
gleam-build | build/dev/erlang/a.beam | gleam.toml
mobile-native | .swiftpm/xcode/package.xcworkspace/a
mobile-native | ios/Pods/A/a.m
clojure-target | svc/target/app.jar | svc/project.clj
clojure-target | target/classes/a.class | build.clj
solidity-build | artifacts/contracts/A.json | hardhat.config.ts
solidity-build | contracts/cache/solidity-files-cache.json | contracts/hardhat.config.js
foundry-build | out/A.sol/A.json | foundry.toml
site-public | public/index.html | hugo.toml ; public/index.html
site-public-with-feed | ui/public/index.html | ui/config.toml ; ui/public/index.xml
site-public-with-feed | public/index.html | _config.yml ; public/archives/index.html
mobile-native | app/.dart_tool/package_config.json
mobile-native | .pub-cache/hosted/pub.dev/a.dart
mobile-native | .fvm/flutter_sdk/bin/flutter
mobile-native | .fvm/flutter_sdk -> /home/u/fvm/versions/3.24
mobile-native | ios/.symlinks/plugins/a.h
mobile-native | macos/Pods/Manifest.lock
mobile-native | linux/flutter/ephemeral/a.so
mobile-native | macos/Flutter/ephemeral/a.xcconfig
mobile-native-pods | ios/App/Pods/a.h | ios/App/Podfile
mobile-native-android | android/local.properties = sdk.dir=/home/u/Android
mobile-native-android-build | android/app/build/outputs/a.apk
flutter-build | build/web/main.dart.js | pubspec.yaml
flutter-build | app/build/linux/a | app/pubspec.yaml
unity-library | Library/ArtifactDB | ProjectSettings/ProjectVersion.txt
unity-library | Obj/a.dll | ProjectSettings/ProjectVersion.txt
unity-library | game/UserSettings/EditorUserSettings.asset | game/ProjectSettings/
game-engines | .godot/imported/a.ctex | project.godot
game-engines | Saved/Logs/a.log | Shop.uproject
ruby-bundle | vendor/bundle/ruby/3.3.0/gems/a.rb
r-library | renv/library/R-4.4/x86_64/shiny/DESCRIPTION
r-library | app/packrat/lib/a
perl-local | local/lib/perl5/Mojo.pm | cpanfile ; local/lib/perl5/
crystal-lib | lib/kemal/src/a.cr | shard.yml ; lib/.shards.info
lua-modules | lua_modules/share/lua/5.1/a.lua
php-vendor | vendor/autoload.php | composer.json
go-vendor | vendor/modules.txt | go.mod
elixir-deps | deps/phoenix/mix.exs | mix.exs
tf-dir | infra/.terraform/providers/a
tf-dir | .terragrunt-cache/a
vcs-svn-hg-bzr | .hg/store/a
vcs-svn-hg-bzr | lib/.svn/wc.db
vcs-cvs | lib/CVS/Entries
vcs-worktrees | .worktrees/feature/main.py
vcs-worktrees | .claude/worktrees/a/main.py
ide-ai-agents | .claude/settings.json
ide-ai-agents | .aider.chat.history.md
ide-ai-agents | .cursor/rules/a.mdc
ide-ai-agents | .omc/state/session.json
ide-ai-agents | .serena/cache/a.pkl
ide-ai-agents | .mcp.json
ide-ai-agents | CLAUDE.local.md
ide-ai-agents | .agents/skills/a.md
ide-vscode | .vscode/settings.json
ide-vscode | my.code-workspace
ide-jetbrains | .idea/workspace.xml
ide-jetbrains-modules | app/app.iml = <module type="JAVA_MODULE">
php-ide-helpers | _ide_helper.php
ide-visualstudio | .vs/a/v17/.suo
ide-visualstudio | src/Api/Api.csproj.user
ide-eclipse-settings | .settings/org.eclipse.jdt.core.prefs
ide-eclipse-settings | .metadata/.plugins/a
ide-eclipse-netbeans | nbproject/private/private.xml
ide-eclipse-project | .project = <projectDescription>
ide-eclipse-project | a/.classpath = <classpath>
os-stray-home | ~/.cache/a
ide-backups | src/.main.c.swp
ide-backups | src/main.c~
ide-backups | src/#main.c#
ide-emacs-locks | src/.#main.c -> user@host.1:2
ide-others | a.sublime-workspace
ide-others | .zed/settings.json
ide-tags | tags = !_TAG_FILE_FORMAT
ide-tags | src/TAGS = \x0c\nsrc/main.c,12
ide-lsp-caches | .metals/a.db
ide-lsp-caches | .clangd/index/a.idx
os-macos | .DS_Store
os-macos | __MACOSX/._a
os-macos | a/b/.DS_Store
os-appledouble | a/._b.txt = \x00\x05\x16\x07
os-windows | img/Thumbs.db
os-windows | Desktop.ini
os-windows | desktop.ini
os-windows | $RECYCLE.BIN/a
os-linux | .directory
os-linux | a/.nfs000000000000abcd00000012
os-linux | lost+found/
home-dir-sweep | Library/Mail/a | .zshrc
docker-dockerignore | .dockerignore
docker-dockerignore | docker/api.Dockerfile.dockerignore
docker-dockerignore-folders | services/api/.dockerignore
docker-dockerfile | Dockerfile = FROM scratch
docker-dockerfile | docker/api.Dockerfile = # a\n\nfrom alpine
docker-dockerfile | Dockerfile.dev = ARG A=1\nFROM a:$A
docker-compose | docker-compose.override.yml = services:
docker-compose | compose.yaml = name: a\nservices:
docker-bake | docker-bake.hcl
docker-local-cache | .buildx-cache/index.json
docker-volumes | pgdata/base/1/2 | pgdata/PG_VERSION
docker-volumes | data/db/WiredTiger.wt
docker-volumes | docker/volumes/mysql/ibdata1
docker-volumes | meili_data/data.ms/tasks/data.mdb
docker-volumes | dev/mssql/data/master.mdf
docker-volumes-closed | postgres-data/
docker-devcontainer | .devcontainer/devcontainer.json
docker-dev-tools | Tiltfile
docker-dev-tools | Vagrantfile
docker-image-tarballs | app.oci.tar
py-bytecode | app/__pycache__/a.cpython-312.pyc
py-bytecode-files | app/a.pyc | app/a.py
py-tool-caches | .pytest_cache/v/cache/lastfailed
py-tool-caches | .mypy_cache/3.12/a.json
py-tool-caches | .ruff_cache/0.9.0/1
py-tool-caches | .hypothesis/examples/a
py-tool-caches | _trial_temp/test.log
py-jupyter | nb/.ipynb_checkpoints/a-checkpoint.ipynb
py-packaging | src/app.egg-info/PKG-INFO
py-build | build/lib/app/a.py | setup.py ; build/bdist.linux-x86_64/
py-build | build/lib/app/b.py | pyproject.toml ; build/lib/app/b.py
py-dist | dist/a-1.0-py3-none-any.whl | pyproject.toml
py-coverage | .coverage
py-coverage | .coverage.host.1234.5678
py-coverage | htmlcov/index.html
py-pypackages-pdm | __pypackages__/3.12/lib/a.py
py-celery | celerybeat-schedule.db
node-tsbuildinfo | packages/a/tsconfig.tsbuildinfo
node-next-cache | .next/cache/webpack/a
node-next-nuxt | web/.next/server/a.js
node-next-nuxt | .output/server/index.mjs
node-framework-state | .vercel/project.json
cache-monorepo-tools | .turbo/cache/a
cache-monorepo-tools | .angular/cache/17/a
node-pm-stores | .pnpm-store/v3/a
node-yarn-state | .yarn/install-state.gz
node-yarn-cache | .yarn/cache/a.zip
node-bower-jspm | bower_components/jquery/jquery.js
cache-generic | .cache/ms-playwright/a
cache-generic | web/.eslintcache
cache-direnv-nix | .direnv/python-3.12/bin/python
cache-nix-result | result -> /nix/store/abc-app
cache-nix-result | result-bin -> /nix/store/abc-app-bin
cache-bazel | bazel-bin -> /home/u/.cache/bazel/_bazel_u/1/execroot/a/bazel-out/k8/bin
cache-build-tools | buck-out/gen/a
go-workspace | .gomodcache/a
rush-temp | common/temp/node_modules/a | rush.json
r-session | .Rproj.user/a
r-library | renv/library/R-4.4/x/DESCRIPTION
clojure-caches | .cpcache/1.cp
clojure-caches | svc/.nrepl-port
ruby-misc | .byebug_history
ruby-misc-rspec | spec/examples.txt = example_id
php-misc | .phpunit.result.cache
coverage-data | .nyc_output/a.json
coverage-data | web/lcov.info
node-coverage | coverage/lcov-report/index.html
elixir-cover | cover/a.html | mix.exs
node-e2e | test-results/a/trace.zip | package.json
node-e2e | e2e/playwright-report/index.html | e2e/playwright.config.ts
node-cypress | cypress/videos/a.mp4
node-storybook | storybook-static/index.html
node-pack | app-2.0.0.tgz | package.json
node-generated-types | apps/web/next-env.d.ts
node-prisma-client | src/generated/prisma/client.ts | src/generated/prisma/client.ts
dotnet-testresults | tests/A.Tests/TestResults/a.trx
dotnet-testresults-folder | TestResults/b/coverage.cobertura.xml
tests-reports | allure-results/a.json
tests-junit | reports/junit.xml = <?xml?>\n<testsuites>
reports-scanners | brakeman-report.html
reports-scanners | scan.sarif
reports-scanners | msbuild.binlog
go-test-binaries-built | pkg/pkg.test = ELF | pkg/a_test.go
go-test-binaries | __debug_bin1234 | go.mod
go-profiles | cover.out | go.mod
go-profiles | cpu.prof | main.go
go-profiles | profile.prof | manage.py
rust-misc | src/main.rs.bk
rust-misc | perf.data
logs-packagers | web/npm-debug.log
logs-packagers | yarn-error.log.1
crash-jvm | java_pid12.hprof
crash-jvm | hs_err_pid1234.log
crash-jvm | report.20240101.101010.123.0.001.json
crash-jvm | heap-20241101.heapsnapshot
crash-jvm | app.cpuprofile
crash-core-files | core = ELF\x04\x00
crash-core-files | core.1234 = ELF\x04\x00
crash-minidumps | a.dmp = MDMP
crash-minidumps | core_20240101.dmp = ELF\x04\x00
logs-dirs | logs/app.log.2024-01-01
logs-contents | logs/app.out | logs/.gitkeep
logs-contents | log/production.log | config/application.rb
logs-dirs | var/log/app.log
logs-files | app.log
logs-files | src/a/debug.log
logs-files | a.log.1
ruby-rails-runtime | tmp/cache/bootsnap/a | config/application.rb
ruby-rails-runtime | storage/1a/2b/x | config/application.rb
ruby-bundle-config | .bundle/config | Gemfile
ruby-rails-assets | public/assets/a.js | config/application.rb
ruby-rails-assets | app/assets/builds/app.css | config/application.rb
php-laravel | storage/logs/laravel.log | artisan
php-laravel | bootstrap/cache/config.php | artisan
php-laravel | storage/app/public/avatars/a.jpg | artisan
php-laravel-assets | public/build/manifest.json | artisan
php-laravel-storage-link | public/storage -> /home/u/app/storage/app/public | artisan
php-symfony | var/cache/dev/a.php | symfony.lock
tmp-files | a/b.py.orig
tmp-files | settings.bak
tmp-files | tests/snapshots/a.snap.new
tmp-files | vite.config.ts.timestamp-1700000000.mjs
tmp-dirs | tmp/a
cpp-cmake | CMakeFiles/a.dir/a.o | CMakeCache.txt
cpp-cmake | src/CMakeFiles/a | src/cmake_install.cmake
cpp-vcpkg | vcpkg_installed/x64-linux/a
cpp-compile-commands | compile_commands.json
cpp-objects | src/a.o
cpp-objects-windows | src/a.obj = d\x86
java-classes | src/A.class
java-archives | app.war
cpp-libs | lib/a.so
py-extensions | app/_core.abi3.so
py-extensions | app/_fast.cpython-312-x86_64-linux-gnu.so
go-bin | bin/server | go.mod
go-bin-outputs | _output/bin/server | go.mod
go-bin-promu | .build/linux-amd64/prometheus | .promu.yml
go-release | dist/shop_linux_amd64_v1/shop | go.mod
go-release | dist/checksums.txt | go.mod
go-release | release/app-x86_64-unknown-linux-gnu/app | Cargo.toml
go-dist | dist/x.tar.gz | go.mod
node-dist | dist/index.js | package.json
node-dist | packages/a/dist/index.js | packages/a/package.json
node-dist-below | client/dist/a.js | package.json ; client/app/a.js
node-build | build/static/a.js | package.json
node-out | out/index.html | package.json
node-sourcemaps | public/a.js.map = {"version":3,"sources":[]}
dotnet-publish | publish/Api.dll | Api.sln
dotnet-packages | packages/a.nupkg
py-wheelhouse | wheelhouse/a.whl
py-django-collected | staticfiles/admin/a.css | manage.py
py-django-collected | static-collected/admin/a.css | manage.py
py-django-media | media/upload.png | manage.py
uploads-contents | public/uploads/a.png | public/uploads/.gitkeep
php-symfony-assets | public/bundles/a.js | bin/console
php-wordpress | wp-content/uploads/a.png
elixir-assets | priv/static/assets/app.js | mix.exs
tf-state | infra/terraform.tfstate
tf-state | terraform.tfstate.backup
tf-state | infra/plan.tfplan
tf-state | infra/tfplan
tf-vars | prod.auto.tfvars
infra-vagrant | .vagrant/machines/a
infra-vm-disks | disk.qcow2
infra-deploy-state | cdk.out/manifest.json
infra-deploy-state | .serverless/a.zip
infra-k8s-helm | charts/app/Chart.yaml
ml-wandb | wandb/run-20240101_101010-abc/files/a
ml-runs | runs/a/events.out.tfevents.1.host
ml-runs | outputs/2024-01-31/10-10-10/.hydra/config.yaml
ml-models-of-runs | mlruns/0/abc/artifacts/model.pkl
ml-models-of-yolo | runs/train/exp/weights/best.pt
ml-models-of-yolo | runs/detect/predict/a.jpg
ml-dvc | .dvc/cache/files/md5/aa
ml-caches | hf_cache/models--a/x
ml-weights | models/a.safetensors
ml-weights | yolov5s.torchscript
ml-weights | yolov5s.mlmodel
ml-weights | model.keras
ml-weights-folders | yolov5s.mlpackage/Manifest.json
ml-weights-folders | yolov5s_openvino_model/yolov5s.bin
py-notebooks | nb/a.ipynb
db-dumps | docker/backup.sql.xz
db-dumps | prod.sqldump
db-dumps | prod.sql.gz
db-dumps | db/dump.sql
db-files | db.sqlite3 = SQLite format 3\x00
db-files | dump.rdb = REDIS0011\xfa
db-files | empty.db
db-files-beside | app.db-wal
data-dirs | data/raw.csv
data-contents | data/app.db | main.py = open('data/app.db')
data-formats | a.parquet
data-formats | geo/GeoLite2-City.mmdb
data-media | video/a.mp4
archives | backup.tar.gz
installers | app.deb
installers-snap | app_1.0_amd64.snap = hsqs\x07
docs-caches | docs/_build/html/index.html
docs-caches | docs/.vitepress/cache/deps/vue.js
docs-caches | .vuepress/.cache/a
docs-built | _site/index.html
docs-built-ignored | site/index.html | site/search/search_index.json
docs-built-ignored | docs/book/index.html | docs/book/mark.min.js
elixir-doc | doc/index.html | mix.exs ; doc/api-reference.html
docs-dir | docs/index.md
docs-dir-site | site/index.html | site/sitemap.xml
docs-dir-book | book/src/a.md | book/book.toml
docs-text | CONTRIBUTING.md
docs-text | README.zh-CN.md
docs-text | README.rst
docs-text | CHANGELOG
docs-text-rust | CONTRIBUTING.md | Cargo.toml
docs-text-licence | LICENSE
docs-text-licence | COPYING.LESSER
docs-text-folders | svc/README.md
docs-text-folders | web/AGENTS.md
docs-text-folders | docker/nginx/README.adoc
tests-dirs | tests/test_a.py
tests-dirs-beside | src/__tests__/page.test.ts
tests-dirs-beside | web/src/__mocks__/api.ts
tests-dirs-beside | src/cart/__snapshots__/cart.test.ts.snap
tests-dirs-beside | e2e/login.spec.ts-snapshots/a.png
tests-dirs-nested | shop/tests/test_views.py
tests-dirs-nested | packages/core/test/core.test.js
tests-dirs-nested | engines/a/spec/models/a_spec.rb | engines/a/spec/rails_helper.rb
tests-dirs-nested | spec/requests/a_spec.rb | spec/spec_helper.rb
tests-dirs-nested | apps/web/test/web_test.exs
tests-dirs-nested | packages/a/tests/Unit/ATest.php | packages/a/tests/TestCase.php
tests-dirs-nested | app/test/widget_test.dart
tests-dirs-cypress | web/cypress/support/a.ts | web/cypress.config.ts
tests-dirs-java | api/src/test/java/com/acme/ATest.java
tests-dirs-java | src/test/resources/a.sql
tests-files | src/cart.test.ts
tests-files | src/cart.spec.jsx
tests-files | lib/a.test.mjs
tests-files | src/app/app.component.spec.ts
tests-files | internal/store/store_test.go
tests-files | lib/a_test.exs
tests-data-go | internal/store/testdata/a.json | internal/store/store_test.go
tests-settings | jest.config.js
tests-settings | web/vitest.config.mts
tests-settings | phpunit.xml.dist
ci-config | .github/workflows/ci.yml
ci-config | .gitlab-ci.yml
ci-bots | renovate.json
hosting-files | netlify.toml
hosting-files | apps/web/vercel.json
hosting-files | fly.toml
hosting-files | render.yaml
hosting-files | crowdin.yml
hosting-files | railway.json
hosting-files | heroku.yml
hosting-files | firebase.json
hosting-files | wrangler.jsonc
hosting-files | .ebextensions/a.config
hosting-procfile | Procfile
hosting-procfile | Procfile.dev
hosting-heroku-app | app.json = {"name": "a", "buildpacks": []}
hosting-app-engine | app.yaml = runtime: python312
hosting-cloud-foundry | manifest.yml = ---\napplications:
hosting-kamal | config/deploy.yml | .kamal/secrets
hosting-pm2 | pm2.yml
ci-artifacts | .actrc
editor-config-lint | .editorconfig
editor-config-lint | eslint.config.js
editor-config-lint | web/.eslintrc.cjs
editor-config-lint | biome.json
editor-config-lint | .oxlintrc.json
editor-config-lint | .golangci.yml
editor-config-lint | .lintstagedrc.json
editor-config-lint | packages/ui/.stylelintrc
editor-config-lint | web/.prettierrc.json
editor-config-lint | .rubocop_todo.yml
editor-config-lint | .flake8
editor-config-lint | phpcs.xml.dist
editor-config-lint | commitlint.config.js
editor-config-lint | .husky/pre-commit
editor-config-lint | .codespellrc
editor-config-lint | rustfmt.toml
editor-config-lint | .credo.exs
editor-config-lint | .clang-format
vcs-git-meta | src/.gitignore
secret-dotenv-public | .env = VITE_API=https://api.example.org
secret-dotenv-public | web/.env.production = A=1\nNEXT_PUBLIC_SITE=x
secret-dotenv | .env
secret-dotenv | web/.env.production
secret-dotenv | .env.development.local
secret-env-files | deploy/prod.env = DB_PASSWORD=VALUE
secret-env-files | .env.qa = API_TOKEN=VALUE
secret-env-files | .envrc = export AWS_SECRET_ACCESS_KEY=VALUE
secret-env-files | .dev.vars = API_TOKEN="VALUE"
secret-env-files | env.production = DB_PASSWORD=VALUE
secret-env-files | .env~ = DB_PASSWORD=VALUE
secret-env-files | cloud/openrc.sh = export OS_PASSWORD=VALUE
secret-env-variables | .envs/.production/.django = DJANGO_SECRET_KEY=VALUE
secret-env-variables | deploy/env/production = # of the shop\n\nexport DB_PASSWORD=VALUE
secret-ssh-folder | .ssh/id_rsa
secret-keys | deploy/id_ed25519 = -----BEGIN OPENSSH PRIVATE KEY-----\nBODY
secret-keys | certs/server.key = -----BEGIN PRIVATE KEY-----\nBODY
secret-keys | a.pem = -----BEGIN RSA PRIVATE KEY-----\nBODY
secret-keys | bastion.prod.example.org = -----BEGIN EC PRIVATE KEY-----\nBODY
secret-keys | wg0.conf = [Interface]\nPrivateKey = WGKEY
secret-keys | a.pem = -----BEGIN ENCRYPTED PRIVATE KEY-----\nBODY
secret-keys-lesser | tests/data/a.key = -----BEGIN PRIVATE KEY-----\nBODY
secret-keystores | src/main/resources/keystore.p12 = \x30\x82\x0a\x01\x02\x01\x03\x30
secret-keystores | app/upload.jks = \xfe\xed\xfe\xed
secret-keyrings | http.keytab = \x05\x02
secret-web-keys | jwk.json = {"kty": "EC", "d": "VALUEVALUEVALUEVALUE"}
secret-service-accounts | a.json = %ACCOUNT%
secret-cloud | .aws/credentials
secret-cloud | .config/gcloud/credentials.db
secret-cloud-files | .vault-token = VALUE
secret-user-logins | .boto = x
secret-user-logins | gh/hosts.yml = oauth_token: VALUE
secret-cloud-logins | .bundle/config = BUNDLE_A__TOKEN: VALUE
secret-docker-logins | docker.json = {"auths": {"a": {"auth": "VALUE"}}}
secret-kube | kubeconfig = clusters:\n- a\nusers:\n- user:\n    token: VALUE
secret-kube | staging.yaml = current-context: a\nusers:\n- user: {token: VALUE}
secret-kube-folder | .kube/config
secret-kube-manifests | k8s/db.yaml = kind: Secret\nstringData:\n  password: VALUE
secret-registry-logins | .netrc = machine a.example.org login me password VALUE
secret-registry-logins | .cargo/credentials.toml = token = "VALUE"
secret-composer | auth.json = {"http-basic": {"a": {"password": "VALUE"}}}
secret-npmrc | .npmrc = //registry.example/:_authToken=VALUE
secret-npmrc | .yarnrc.yml = npmAuthToken: VALUE
secret-pip | pip.conf = [global]\nindex-url = https://me:VALUE@pypi.example.org/simple
secret-pip | .pypirc = [pypi]\npassword = VALUE
secret-build-settings | NuGet.Config = <add key="ClearTextPassword" value="VALUE" />
secret-build-settings | settings.xml = <password>VALUE</password>
secret-signing | android/key.properties = storePassword=VALUE
secret-rails-keys | config/master.key = 0123456789abcdef0123456789abcdee
secret-vault | .vault_pass = VALUE
secret-files | secrets/db_password.txt = VALUE
secret-tfvars | infra/prod.tfvars = db_password = "VALUE"
secret-tfstate | a.tfstate = {"attributes": {"password": "VALUE"}}
secret-htpasswd | nginx/.htpasswd = me:$apr1$VALUEVALUE
secret-app | config/secrets.yml = production:\n  secret_key_base: VALUEVALUE
secret-app | credentials.json = {"password": "VALUE"}
secret-in-settings | wp-config.php = define('DB_PASSWORD', 'VALUE');
secret-in-settings | appsettings.Development.json = {"Db": "Server=a;Password=VALUE"}
secret-client-logins | .my.cnf = [client]\npassword=VALUE
secret-pgpass | .pgpass = db:5432:*:me:VALUE
secret-browser | profile/key4.db = SQLite format 3
secret-exports | passwords.csv = name,url,username,password\na,b,c,VALUE
secret-wallets | keystore/UTC--1 = {"ciphertext": "00"}
secret-wallet-files | wallet.dat = x
secret-tokens | config/app.json = {"github": "%PAT%"}
secret-shell-history | .bash_history
secret-browser-mail | .gnupg/a
ml-runs-ignored | runs/train/exp/results.csv
ml-runs-ignored | train/checkpoints/last.ckpt
data-ignored | backend/uploads/a.png
data-ignored | data/kuma.db
"""

# path | what else there is
LEFT_ALONE = r"""
target/a.clj | src/a.clj
renv/activate.R | renv.lock
renv/settings.json | renv.lock
local/bin/run.pl | cpanfile
local/settings.py | manage.py
lib/shop.cr | shard.yml
lib/ocaml/list.ml | dune-project
build/tasks.gleam | src/a.gleam
src/log/logger.go
pkg/log/log.go | go.mod
log/logger.go | log/a.log ; go.mod
logs/index.ts | logs/a.log
log/.keep | config/application.rb
lib/vendor/jquery.js | composer.json
vendor/github.com/a/a.go | go.mod ; vendor/modules.txt
Cargo.lock
package-lock.json
yarn.lock
app/core/models.py
core/settings.py
core = #!/bin/sh
coverage/__init__.py | pyproject.toml
src/coverage/page.tsx | package.json ; coverage/lcov.info
coverage/index.html | package.json
docs/index.md
README.md
bin/rails | config/application.rb
bin/console | symfony.lock
bin/start.sh | App.sln
bin/tool.py | Api.csproj
target_language.txt
target/model.py | pyproject.toml
src/main/java/com/acme/target/Aim.java | pom.xml
src/target/mod.rs | Cargo.toml
src/main/java/com/acme/build/Step.java | build.gradle
build/Dockerfile.md | package.json
build/ci.sh | go.mod
build/build.js | package.json
scripts/build/a.py | setup.py
models/obj/chair.obj = # Blender v3.6
obj/chair.mtl
.env.example
.env.sample
.env.template | .env.example
env/config.yaml
env/__init__.py | pyproject.toml
src/venv/__init__.py
tools/virtualenv/create.py
result/index.html
result -> ../build/result
bazel-tools/BUILD
db/migrations/001.sql | db/schema.rb
data/countries.csv
app/data/__init__.py
postgres/init.sql
redis/redis.conf
mongo/client.py
CMakeFiles/toolchain.cmake
cmake/FindFoo.cmake
project/project/settings.py | project/manage.py
project/target/models.py
deps/hiredis/hiredis.c | Makefile
_build/templates/a.html
doc/doc.go | go.mod
doc/guide.md | mix.exs
cover/cover.go | go.mod
Library/Foo.php
Temp/a.cs
app/Library/Books.php
compose.yml = - first\n- second
compose.go
DockerfileParser.java
src/Dockerfile.ts = export const a = 1;
Dockerfile/readme.txt
tags/index.html
tags = a list of words
.settings/app.json
.metadata/package.json
wandb/__init__.py | setup.py
runs/models.py
outputs/writer.py
multirun/__init__.py
tests/fixtures/case.test = input
cpu.prof = text
a.dmp = CREATE TABLE
seeds/users.seed
composer.yml = services:
perf.database.py
app/test-results/page.tsx | package.json
kubeconfig/loader.go
pkg/kubeconfig/config.go | kubeconfig.go
id_rsa.pub
id_rsa = not a key
certs/ca.pem = -----BEGIN CERTIFICATE-----
certs/server.key = -----BEGIN PRIVATE KEY-----
deploy_key.pub = ssh-ed25519 BODY
license.key = BODY
src/main/resources/truststore.jks = \xfe\xed\xfe\xed
src/main/resources/keystore.p12
.envrc = layout python
.envrc = use flake
prod.env = PORT=80
deploy/app.env = API_TOKEN=${FROM_OUTSIDE}
.aws/task-definition.json
.azure/pipeline.yml
.npmrc = node-linker=hoisted
.npmrc = //registry.example/:_authToken=${NPM_TOKEN}
.yarnrc.yml = yarnPath: .yarn/releases/yarn-4.cjs
.yarn/releases/yarn-4.cjs
.yarn/cache/a.zip | yarn.lock
.yarn/patches/a.patch
.mvn/wrapper/maven-wrapper.jar
gradle/wrapper/gradle-wrapper.jar
.cargo/config.toml
.terraform.lock.hcl
.coveragerc
.pre-commit-config.yaml
dist/index.html | package.json
dist/app | pyproject.toml
dist/install.sh | pyproject.toml ; dist/a.whl
build/index.html | package.json
out/index.html | package.json
.next/BUILD_ID | package.json
node/modules/a.js
src/cache/store.py
.gitignore
.gitkeep
secrets/__init__.py
app/secrets/manager.go | app/secrets/db_password
src/secrets/index.json = {"name": "secrets"}
public/locales/de/auth.json = {"login": "Anmelden", "password": "Passwort"}
src/data/credentials.json = {"id": "password", "label": "Password"}
k8s/sealed.yaml = kind: SealedSecret\nspec:\n  encryptedData:\n    password: VALUE
secrets.enc.yaml = password: ENC[AES256_GCM,data:VALUE]
infra/prod.tfvars = region = "eu-central-1"
kubeconfig = clusters: []\nusers: []
pip.conf = [global]\nindex-url = https://pypi.example.org/simple
NuGet.Config = <add key="ClearTextPassword" value="%TOKEN%" />
auth.json = {"http-basic": {}}
config/credentials.yml.enc
config/secrets.yml
wp-config.php
local_settings.py | manage.py
db.sqlite3 | manage.py
tmp/pids/.keep
tmp/pids/.keep | config/application.rb
storage/.keep | config/application.rb
storage/logs/.gitignore | artisan
storage/framework/cache/data/.gitignore | artisan
pyc/compile.py
bin/app.pyc
storage/app.py
var/cache.py
public/assets/app.js
user.py
accounts.user
.clangd = CompileFlags:
app.class.php
prebuilt/a.so
models/model.safetensors
a.map.json
app/src/TestResults/Parser.cs
src/test-reports/page.tsx
out/production.ts | package.json
out/test/index.html | out/index.html ; package.json
Library/Books.php | project.godot
build/web.dart | lib/pubspec.yaml
Saved/game.json
src/obj/mesh.ts
logs/UserSettings.cs
localhost/local.properties = color=red
.fvm/fvm_config.json
ios/Flutter/AppFrameworkInfo.plist
celerybeat-schedule.py
tmp/storage/.keep | config/application.rb
.agents.ts
tests/a.test = -- a query | tests/a_test.go
"""

# rule, with its parts | path | what else there is
SPARED = r"""
node-dist | svc/dist/a-1.0.whl | package.json ; svc/pyproject.toml ; svc/src/a.py
node-dist | ui/vendor/dist/a.js | package.json ; ui/src/a.ts
node-dist | ui/vendor/dist/a.js | package.json ; ui/vendor/src/a.ts
site-public | public/logo.png | config.toml
site-public | public/index.html | package.json ; public/index.html
site-public | public/index.html | config.toml ; package.json ; src/index.jsx
site-public | public/index.html | _config.yml ; Gemfile ; public/404.html
clojure-target | src/target/core.clj | project.clj
solidity-build | artifacts/a.txt | package.json
foundry-build | out/a.txt | package.json
r-library | src/library/a.R | renv.lock
docs-built-ignored | site/mkdocs.yml | site/mkdocs.yml ; site/sitemap.xml
docs-built-ignored | book/chapter.md | book/SUMMARY.md
node-pack | fixtures/app-2.0.0.tgz
py-extensions | lib/libfoo.so
py-build | build/lib/gulp.js | package.json ; build/lib/gulp.js
installers | src/__snapshots__/page.test.tsx.snap = // Jest Snapshot v1
hosting-files | config/deploy.yml = image: a
ruby-rails-assets | app/assets/builds/.keep | config/application.rb
php-laravel | storage/app/public/.gitignore | artisan
db-files | delta/56/a.sql.sqlite = CREATE TABLE rooms (id TEXT);
db-files | terminfo.db = # a list of words
node-sourcemaps | maps/e1m1.map = // entity 0
editor-config-lint | .gitignore | pyproject.toml
docs-text | packages/create-app/templates/web/README.md
editor-config-lint | cli/templates/ts/.eslintrc.json
editor-config-lint | lib/generators/app/.gitignore
hosting-files | generators/app/netlify.toml
data-media | public/intro.mp4
data-media | web/src/assets/ring.wav
archives | static/download.zip
docs-text | README.md | Cargo.toml
java-ide-out | src/main/java/a/port/out/production/Store.java | pom.xml
java-gradle-build | buildSrc/src/build/A.kt | buildSrc/src/a.gradle.kts
node-e2e | test-results/index.tsx | package.json
editor-config-lint | public/plugins/mirror/.gitattributes
editor-config-lint | .gitmodules
ml-runs-ignored | ranker/runs/history.py | ranker/runs/__init__.py
ruby-rails-runtime | tmp/cache/.keep | config/application.rb
installers | crates/a/src/snapshots/a__b.snap = ---\nsource: a.rs
tests-dirs | src/test.ts
tests-dirs | src/test/helpers.ts
tests-dirs | pkg/test/framework.go
tests-dirs | src/main/java/com/acme/tests/Quiz.java
tests-dirs | app/tests/page.tsx
tests-dirs | spec/openapi.yaml
tests-dirs | api/users.spec.json
tests-dirs | api/openapi.spec.yaml
tests-dirs | config/env.test.yml
tests-dirs | .env.test.local
tests-dirs | testdata/seed.json | main.go
tests-dirs | src/latest.js
tests-dirs | src/contest.go
tests-dirs | src/inspect.spec
tests-dirs | src/__mocks__/server.ts | src/__mocks__/index.ts
tests-dirs | src/e2e/crypto.ts
docs-text | index.md
docs-text | prompt.md
docs-text | content/posts/hello.md
docs-text | docs/guide.md
docs-text | libs/core/README.md | libs/core/pyproject.toml
docs-text | crates/a/README.md | crates/a/Cargo.toml
docs-text | apps/web/README.md | apps/web/mix.exs
docs-text | gems/a/README.md | gems/a/a.gemspec
docs-text | license.key
docs-text | src/README.ts
docs-text | LICENSE | Cargo.toml
editor-config-lint | src/eslint.ts
editor-config-lint | config.js
editor-config-lint | vite.config.ts
editor-config-lint | babel.config.js
editor-config-lint | .browserslistrc
editor-config-lint | postcss.config.js
hosting-files | app.json = {"expo": {"name": "a"}}
hosting-files | app.yaml = server:\n  port: 80
hosting-files | manifest.yml = name: plugin
hosting-files | src/render.yaml.ts
hosting-files | config/app.json = {"buildpacks": []}
hosting-files | Procfile | bin/boot
docs-dir | docs/__init__.py
docs-dir | site/manage.py
docs-dir | book/models.py
infra-k8s-helm | charts/views.py | charts/__init__.py
infra-k8s-helm | kubernetes/client.go
infra-k8s-helm | terraform/context.go
data-dirs | data/loader.py | data/__init__.py
data-dirs | data/posts.ts
py-django-media | media/models.py | manage.py
node-dist-below | ui/vendor/dist/polyfill.js | package.json
go-release | release/notes_linux_x/notes.go | go.mod
go-release | dist/app_linux_x/index.html | go.mod
go-bin | bin/start.sh | go.mod
go-bin | bin/main.go | go.mod
ml-models-of-runs | app/runs/models.py
ml-models-of-runs | src/runs/train.ts | src/runs/index.ts
java-ide-bin | bin/main/start.sh | build.gradle
java-ide-bin | src/bin/main/a.rs | build.gradle
dotnet-publish | publish/Publisher.cs | App.csproj
"""


def _cells(table: str) -> list[list[str]]:
    lines = [line for line in table.split("\n") if line]
    return [[cell.strip() for cell in line.split("|", 2)] for line in lines]


def _line(cell: str) -> str:
    """A line of a tree, with the bytes that the table spells out."""
    spelt = cell.replace("ELF", ELF).replace("BODY", BODY)
    spelt = spelt.replace("WGKEY", 43 * "a" + "=")
    spelt = spelt.replace("%ACCOUNT%", ACCOUNT)
    spelt = spelt.replace("%PAT%", "ghp" + "_" + 5 * "aZ3qB9xT")
    spelt = spelt.replace("VALUE", VALUE)
    spelt = re.sub(r"\\x(..)", lambda found: chr(int(found[1], 16)), spelt)
    return spelt.replace("\\n", "\n")


def _around(cells: list[str]) -> list[str]:
    return [one.strip() for cell in cells for one in cell.split(";")]


def test_clutter_is_known() -> None:
    """Each row of the table by the rule that stands there."""
    by_id = {one.id: one for one in rules().rules}
    rows = _cells(HIT)
    silent = [
        f"{row[1]} is {row[0]}"
        for row in rows
        if not speaking(_line(row[1]), _around(row[2:]), [by_id[row[0]]])
    ]
    assert rows
    assert silent == []


@pytest.mark.parametrize(
    ("id_", "path"),
    [
        ("lockfiles", "web/pnpm-lock.yaml"),
        ("manifests", "crates/a/Cargo.toml"),
        ("objects-for-the-kernel", "internal/probe_bpfel.o"),
        ("samples", ".env.example"),
        ("wrappers", ".yarn/releases/yarn-4.cjs"),
    ],
)
def test_what_builds_are_made_of_is_known(id_: str, path: str) -> None:
    (one,) = (one for one in rules().nevers if one.id == id_)
    assert any(matcher(text).matches_or_parent_matches(path) for text in one.patterns)


def test_what_has_such_a_name_by_chance_is_not_spoken_of() -> None:
    """Each row of the table by the rule that stands there, or by a part of it."""
    rows = _cells(SPARED)
    spoken_of = [
        f"{row[1]} is {one.id}"
        for row in rows
        for one in speaking(_line(row[1]), _around(row[2:]), _family(row[0]))
    ]
    assert rows
    assert spoken_of == []


def _family(id_: str) -> list[Rule]:
    """A rule and the parts of it."""
    family = [one for one in rules().rules if id_ in (one.id, one.part_of)]
    assert family
    return family


def test_every_rule_has_an_example() -> None:
    assert {row[0] for row in _cells(HIT)} == {one.id for one in rules().rules}


def test_what_projects_need_is_at_most_asked_about() -> None:
    """In each row of the table no rule speaks that would take it unasked."""
    rows = _cells(LEFT_ALONE)
    bold = {
        f"{row[0]}: {one.id}"
        for row in rows
        for one in speaking(_line(row[0]), _around(row[1:]))
        # What only git's word makes clutter is for the tables of what git ignores.
        if one.confidence is not Confidence.ASK and one.ignored != ONLY
    }
    assert rows
    assert bold == set()
