"""What `ctxopt why` says where people asked: a table of situations from trackers.

Each row is a small context, a question, and the sentences of the answer, read on a wide
page. The ids say what happened, and where it was told.
"""

from __future__ import annotations

import io
import re
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.why.answer import Explanation
from ctxopt.pipeline.why.asking import explain
from ctxopt.view.terminal.layout import Page
from ctxopt.view.terminal.output import plain
from ctxopt.view.why.text import render
from tests.texttree import date, plant


@dataclass(frozen=True, slots=True)
class Situation:
    """A context, what is asked about it, and what is said."""

    tree: str
    dockerfile: str
    ignore: str | None
    asked: str  # "" is the question without a path
    says: str  # a sentence a line; an indented one goes on
    builder: BuilderName = BuilderName.BUILDKIT
    target: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    dockerfile_at: str = "Dockerfile"
    context: str = "."
    before: str = ""  # the lines above the first FROM


LEGACY = BuilderName.LEGACY
USUAL = ("Dockerfile", "dockerfile", "app/Dockerfile")  # that docker finds by itself


def lay_out(root: Path, case: Situation) -> Request:
    """Make the context, and hand back the build that is asked about."""
    plant(root, case.tree)
    text = f"{case.before}\nFROM scratch\n{case.dockerfile}\n".lstrip("\n")
    files = {case.dockerfile_at: text, **case.files}
    if case.ignore is not None:
        files[f"{case.context}/.dockerignore"] = case.ignore
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    date(root)
    return Request(
        case.context,
        case.dockerfile_at if case.dockerfile_at not in USUAL else None,
        target=case.target,
        builder=case.builder,
        build_contexts=case.named,
    )


def said(told: Explanation) -> str:
    """The answer on one line a paragraph, as on a page that is wide enough."""
    lines = [plain(line) for line in render(told, Page(120, "utf-8"))]
    return " ".join(" ".join(lines).split())


def sentences(says: str, root: Path) -> list[str]:
    """What a row expects, each sentence on one line."""
    joined = re.sub(r"\n +", " ", dedent(says).strip())
    return [one.replace("ROOT", str(root)) for one in joined.split("\n")]


def archive(name: str) -> str:
    """A tar with one empty file, as the text of its bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    return made.getvalue().decode("ascii")


def row(sentence: str, **parts: object) -> object:
    """A situation under the sentence that tells it."""
    return pytest.param(Situation(**parts), id=sentence)  # type: ignore[arg-type]


SITUATIONS = [
    row(
        "a file of an ignored folder comes back by its line, jamiepine/voicebox#915",
        tree="scripts/x.sh:5 scripts/y.sh:5",
        dockerfile="COPY scripts/x.sh /opt/\nCOPY . /src/",
        ignore="# tools\nscripts/\n",
        asked="scripts/x.sh",
        says="""
            "scripts/x.sh" is not in the context: line 2 of .dockerignore, "scripts/",
              keeps "scripts" out, with all that is in it.
            Dockerfile:2 COPY scripts/x.sh /opt/ asks for it, and the build fails there
            Dockerfile:3 COPY . /src/ would sweep it in
            To bring it back: add the line "!scripts/x.sh" below line 2 of .dockerignore
              (tried with BuildKit and the legacy builder).
            Then COPY . /src/ (Dockerfile:3) takes it, too, unless it says
              --exclude=scripts/x.sh.
        """,
    ),
    row(
        "a wildcard with ! opens no folder for the legacy builder, moby/moby#38645",
        tree="shop/target/relfile1:5",
        dockerfile="COPY shop/target/relfile1 /opt/",
        ignore="*\n!*/target/*file1\n",
        asked="shop/target/relfile1",
        builder=LEGACY,
        says="""
            "shop/target/relfile1" is not in the context: line 1 of .dockerignore, "*",
              keeps "shop" out, and line 2 of .dockerignore, "!*/target/*file1", does
              not help: the legacy builder looks into an ignored folder only for a line
              with ! that begins with its path, written out.
            .dockerignore:2 "!*/target/*file1" would bring it back, but the builder
              never comes there
            Dockerfile:2 COPY shop/target/relfile1 /opt/ asks for it, and the build
              fails there
            For BuildKit it is in the context.
            To bring it back: add the line "!shop/target/*file1" below line 2 of
              .dockerignore (tried with BuildKit and the legacy builder).
        """,
    ),
    row(
        "BuildKit sends the same file, and the other builder is told, moby/moby#38645",
        tree="shop/target/relfile1:5",
        dockerfile="COPY shop/target/relfile1 /opt/",
        ignore="*\n!*/target/*file1\n",
        asked="shop/target/relfile1",
        says="""
            "shop/target/relfile1" is in the context, since line 2 of .dockerignore,
              "!*/target/*file1", brings it back, and COPY shop/target/relfile1 /opt/
              (Dockerfile:2) takes it into the image.
            Dockerfile:2 COPY shop/target/relfile1 /opt/ names it; it arrives as
              /opt/relfile1
            For the legacy builder it is not in the context: line 1 of .dockerignore,
              "*", keeps "shop" out, and line 2 of .dockerignore, "!*/target/*file1",
              does not help: the legacy builder looks into an ignored folder only for a
              line with ! that begins with its path, written out.
        """,
    ),
    row(
        "a name at any depth comes back for BuildKit alone, moby/moby#40318",
        tree="nested/something.allow1:5 something.allow1:5",
        dockerfile="COPY . /x/",
        ignore="*\n!**/something.allow1\n",
        asked="nested/something.allow1",
        says="""
            "nested/something.allow1" is in the context, since line 2 of .dockerignore,
              "!**/something.allow1", brings it back, and COPY . /x/ (Dockerfile:2)
              takes it into the image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as
              /x/nested/something.allow1
            For the legacy builder it is not in the context: line 1 of .dockerignore,
              "*", keeps "nested" out, and line 2 of .dockerignore,
              "!**/something.allow1", does not help: the legacy builder looks into an
              ignored folder only for a line with ! that begins with its path, written
              out.
        """,
    ),
    row(
        "two lines with ! bring two names back, moby/moby#31722",
        tree="dir/one:5 dir/two:5 dir/three:5",
        dockerfile="COPY * /x/",
        ignore="dir\n!dir*/one\n!dir/two\n",
        asked="dir/two",
        says="""
            "dir/two" is in the context, since line 3 of .dockerignore, "!dir/two",
              brings it back, and COPY * /x/ (Dockerfile:2) takes it into the image.
            Dockerfile:2 COPY * /x/ sweeps it in; it arrives as /x/two
        """,
    ),
    row(
        "a byte order mark and CRLF belong to no line, docker/cli#4269",
        tree="a.log:5",
        dockerfile="COPY . /x/",
        ignore="\ufeff*.log\r\nb\r\n",
        asked="a.log",
        says="""
            "a.log" is not in the context: line 1 of .dockerignore, "*.log", keeps it
              out.
            Dockerfile:2 COPY . /x/ would sweep it in
            To bring it back: add the line "!a.log" below line 1 of .dockerignore (tried
              with BuildKit and the legacy builder).
            Then COPY . /x/ (Dockerfile:2) takes it, too, unless it says
              --exclude=a.log.
        """,
    ),
    row(
        "the ignore file itself is sent when it is ignored, docker/cli#3921",
        tree="code.md:5",
        dockerfile="COPY . /x/",
        ignore=".dockerignore\n",
        asked=".dockerignore",
        builder=LEGACY,
        says="""
            ".dockerignore" is in the context, but no COPY finds it: the builder takes
              it out again, as line 1 of .dockerignore, ".dockerignore", says.
            the client always sends it
            Dockerfile:2 COPY . /x/ would take it, and does not find it
            For BuildKit it is not in the context: line 1 of .dockerignore,
              ".dockerignore", keeps it out.
        """,
    ),
    row(
        "an ignored Dockerfile is sent and taken out again, moby/moby#8330",
        tree="a:5",
        dockerfile="COPY . /x/",
        ignore="Dockerfile\n.dockerignore\n",
        asked="Dockerfile",
        builder=LEGACY,
        says="""
            "Dockerfile" is in the context, but no COPY finds it: the builder takes it
              out again, as line 1 of .dockerignore, "Dockerfile", says.
            the client always sends it
            Dockerfile:2 COPY . /x/ would take it, and does not find it
            For BuildKit it is not in the context: line 1 of .dockerignore,
              "Dockerfile", keeps it out.
        """,
    ),
    row(
        "an ignored Dockerfile is not in BuildKit's context, moby/moby#8330",
        tree="a:5",
        dockerfile="COPY . /x/",
        ignore="Dockerfile\n.dockerignore\n",
        asked="Dockerfile",
        says="""
            "Dockerfile" is not in the context: line 1 of .dockerignore, "Dockerfile",
              keeps it out.
            Dockerfile:2 COPY . /x/ would sweep it in
            The legacy builder sends it, and no COPY finds it.
            To bring it back: add the line "!Dockerfile" below line 1 of .dockerignore
              (tried with BuildKit and the legacy builder).
            Then COPY . /x/ (Dockerfile:2) takes it, too, unless it says
              --exclude=Dockerfile.
        """,
    ),
    row(
        "an --exclude of a name leaves the hit of a wildcard in, moby/buildkit#5489",
        tree="one:5 two:5",
        dockerfile="COPY --exclude=one * ./",
        ignore=None,
        asked="one",
        says="""
            "one" is in the context, and COPY --exclude=one * ./ (Dockerfile:2) takes it
              into the image.
            Dockerfile:2 COPY --exclude=one * ./ sweeps it in; it arrives as /one;
              --exclude=one does not reach what a wildcard hits itself
        """,
    ),
    row(
        "an --exclude leaves out what it reaches, moby/buildkit#5489",
        tree="lib/deep/a.1:5 lib/a.1:5",
        dockerfile="COPY --exclude=*.1 lib /x/",
        ignore=None,
        asked="lib/a.1",
        says="""
            "lib/a.1" is in the context, but nothing in this build takes it.
            Dockerfile:2 COPY --exclude=*.1 lib /x/ leaves it out: --exclude=*.1
        """,
    ),
    row(
        "an --exclude reaches no deeper than its pattern, moby/buildkit#5489",
        tree="lib/deep/a.1:5 lib/a.1:5",
        dockerfile="COPY --exclude=*.1 lib /x/",
        ignore=None,
        asked="lib/deep/a.1",
        says="""
            "lib/deep/a.1" is in the context, and COPY --exclude=*.1 lib /x/
              (Dockerfile:2) takes it into the image.
            Dockerfile:2 COPY --exclude=*.1 lib /x/ takes it with "lib"; it arrives as
              /x/deep/a.1; --exclude=*.1 reaches no deeper than right below the source,
              --exclude=**/*.1 reaches it
        """,
    ),
    row(
        "a bind mount asks for .git, which is ignored, moby/buildkit#940",
        tree=".git/HEAD:5 a:5",
        dockerfile="RUN --mount=type=bind,source=.git,target=/g ls\nCOPY . /x/",
        ignore=".git/\n",
        asked=".git",
        says="""
            ".git" is not in the context: line 1 of .dockerignore, ".git/", keeps it
              out.
            Dockerfile:2 RUN --mount=type=bind,source=.git,target=/g ls asks for it, and
              the build fails there
            Dockerfile:3 COPY . /x/ would sweep it in
            To bring it back, with all that is in it: add the line "!.git" below line 1
              of .dockerignore (tried with BuildKit and the legacy builder).
            Then COPY . /x/ (Dockerfile:3) takes it, too, unless it says --exclude=.git.
        """,
    ),
    row(
        "a link in a copied folder arrives as a link, moby/moby#39810",
        tree="web/f->../shared/f shared/f:5",
        dockerfile="COPY web /web/",
        ignore=None,
        asked="web/f",
        says="""
            "web/f" is in the context, and COPY web /web/ (Dockerfile:2) takes it into
              the image.
            it is a link to "../shared/f", which no source takes along: it will lead
              nowhere
            Dockerfile:2 COPY web /web/ takes it with "web"; it arrives as /web/f
        """,
    ),
    row(
        "what a link leads to is taken by nobody, moby/moby#39810",
        tree="web/f->../shared/f shared/f:5",
        dockerfile="COPY web /web/",
        ignore=None,
        asked="shared/f",
        says="""
            "shared/f" is in the context, but nothing in this build takes it.
        """,
    ),
    row(
        "a lock file is ignored and copied, rapid7/rapid7-bulk-export-mcp#16",
        tree="uv.lock:5 pyproject.toml:5",
        dockerfile="WORKDIR /app\nCOPY pyproject.toml uv.lock ./",
        ignore="*.lock\n",
        asked="uv.lock",
        says="""
            "uv.lock" is not in the context: line 1 of .dockerignore, "*.lock", keeps it
              out.
            Dockerfile:3 COPY pyproject.toml uv.lock ./ asks for it, and the build fails
              there
            To bring it back: add the line "!uv.lock" below line 1 of .dockerignore
              (tried with BuildKit and the legacy builder).
        """,
    ),
    row(
        "without a path, the source that fails comes first, TencentCloud/Octop#9",
        tree="uv.lock:5 pyproject.toml:5",
        dockerfile="COPY pyproject.toml /app/\nCOPY uv.lock /app/",
        ignore="*.lock\n",
        asked="",
        says="""
            The build fails at Dockerfile:3: 1 of 2 sources is not found.
            "uv.lock" is there, but .dockerignore:1 ("*.lock") keeps it out; the build
              fails: "/uv.lock": not found
            add the line "!uv.lock" below line 1 of .dockerignore, or drop it from the
              instruction
        """,
    ),
    row(
        "an environment file of another name is sent, idenplane/idenplane#442",
        tree=".env:5 .env.staging:5",
        dockerfile="WORKDIR /app\nCOPY . .",
        ignore=".env\n.env.local\n",
        asked=".env.staging",
        says="""
            ".env.staging" is in the context, and COPY . . (Dockerfile:3) takes it into
              the image.
            Dockerfile:3 COPY . . sweeps it in; it arrives as /app/.env.staging
        """,
    ),
    row(
        "a comment behind a pattern is part of it, netsec-ethz/scionlab#335",
        tree="run/data:5",
        dockerfile="COPY . /x/",
        ignore="run/ # data of the last run\n",
        asked="run/data",
        says="""
            "run/data" is in the context, and COPY . /x/ (Dockerfile:2) takes it into
              the image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/run/data
            Line 1 of .dockerignore, "run/ # data of the last run", does not mean what
              it looks like; "run/" does.
        """,
    ),
    row(
        "braces mean nothing",
        tree="a/x.css:5",
        dockerfile="COPY . /x/",
        ignore="**/*.{css,scss}\n",
        asked="a/x.css",
        says="""
            "a/x.css" is in the context, and COPY . /x/ (Dockerfile:2) takes it into the
              image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/a/x.css
            Line 1 of .dockerignore, "**/*.{css,scss}", does not mean what it looks
              like; "**/*.css" and "**/*.scss" does.
        """,
    ),
    row(
        "a dash for an underscore keeps nothing out",
        tree="run-adk/sec_agent/.env:5",
        dockerfile="COPY . /x/",
        ignore="run-adk/sec-agent/.env\n",
        asked="run-adk/sec_agent/.env",
        says="""
            "run-adk/sec_agent/.env" is in the context, and COPY . /x/ (Dockerfile:2)
              takes it into the image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as
              /x/run-adk/sec_agent/.env
            Line 1 of .dockerignore, "run-adk/sec-agent/.env", is spelled otherwise;
              "run-adk/sec_agent/.env" keeps it out.
        """,
    ),
    row(
        "a named context has its own ignore file, containers/buildah#4910",
        tree="app/a:5 shared/x.log:5 shared/y:5",
        dockerfile="COPY --from=shared y /y",
        ignore=None,
        files={"shared/.dockerignore": "*.log\n"},
        named={"shared": "shared"},
        context="app",
        dockerfile_at="app/Dockerfile",
        asked="shared/x.log",
        says="""
            "x.log" is not in the named context "shared": line 1 of
              shared/.dockerignore, "*.log", keeps it out.
            To bring it back: add the line "!x.log" below line 1 of
              shared/.dockerignore (tried with BuildKit).
        """,
    ),
    row(
        "a named context without an ignore file has not that of the main one",
        tree="app/a:5 shared/y:5 shared/z:5",
        dockerfile="COPY --from=shared . /y",
        dockerfile_at="app/Dockerfile",
        context="app",
        named={"shared": "shared"},
        ignore="*.log\n",
        asked="shared/y",
        says="""
            this named context has no ignore file
            To keep it out: add the line "y" to .dockerignore in the folder of "shared".
        """,
    ),
    row(
        "the folder of a named context is not the context itself",
        tree="app/a:5 shared/y:5",
        dockerfile="COPY --from=shared y /y",
        dockerfile_at="app/Dockerfile",
        context="app",
        named={"shared": "shared"},
        ignore=None,
        asked="shared",
        says="""
            "shared" is the named context "shared" itself, which is always there.
        """,
    ),
    row(
        "a trigger of a stage counts where it fires, moby/moby#33493",
        tree="conf/a:5 b:5",
        dockerfile="FROM scratch AS base\nONBUILD COPY conf /conf/\nFROM base",
        ignore=None,
        asked="conf/a",
        says="""
            "conf/a" is in the context, and ONBUILD COPY conf /conf/ (Dockerfile:3)
              takes it into the image.
            Dockerfile:3 ONBUILD COPY conf /conf/ takes it with "conf"; it arrives as
              /conf/a
        """,
    ),
    row(
        "a Dockerfile in small letters is read, docker/buildx#406",
        tree="a:5",
        dockerfile="COPY a /x/",
        dockerfile_at="dockerfile",
        ignore=None,
        asked="a",
        says="""
            "a" is in the context, and COPY a /x/ (dockerfile:2) takes it into the
              image.
            dockerfile:2 COPY a /x/ names it; it arrives as /x/a
        """,
    ),
    row(
        "work trees of an agent travel, learningeconomy/LearnCard#1423",
        tree=".worktrees/one/a.ts:5 a.ts:5",
        dockerfile="WORKDIR /app\nCOPY . .",
        ignore="node_modules\n",
        asked=".worktrees/one/a.ts",
        says="""
            ".worktrees/one/a.ts" is in the context, and COPY . . (Dockerfile:3) takes
              it into the image.
            Dockerfile:3 COPY . . sweeps it in; it arrives as /app/.worktrees/one/a.ts
        """,
    ),
    row(
        "node_modules reaches the root only, huggingface/chat-ui#1920",
        tree="packages/ui/node_modules/i.js:5",
        dockerfile="COPY . /x/",
        ignore="node_modules/\n",
        asked="packages/ui/node_modules/i.js",
        says="""
            "packages/ui/node_modules/i.js" is in the context, and COPY . /x/
              (Dockerfile:2) takes it into the image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as
              /x/packages/ui/node_modules/i.js
            Line 1 of .dockerignore, "node_modules/", reaches the root only;
              "**/node_modules" reaches it here.
        """,
    ),
    row(
        "an ignore file beside a Dockerfile elsewhere is not read, moby/moby#41079",
        tree="logs/a:5",
        dockerfile="COPY . /x/",
        dockerfile_at="other/Dockerfile",
        ignore=None,
        files={"other/.dockerignore": "logs\n"},
        asked="logs/a",
        says="""
            "logs/a" is in the context, and COPY . /x/ (other/Dockerfile:2) takes it
              into the image.
            other/Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/logs/a
            other/.dockerignore:1, "logs", would keep it out, but is not read: it lies
              beside the Dockerfile, not in the context's root: move it to
              other/Dockerfile.dockerignore or .dockerignore.
        """,
    ),
    row(
        "an ignore file below the root is not read, moby/moby#20944",
        tree="web/dist/a.js:5",
        dockerfile="COPY web /x/",
        ignore="node_modules\n",
        files={"web/.dockerignore": "dist\n"},
        asked="web/dist/a.js",
        says="""
            "web/dist/a.js" is in the context, and COPY web /x/ (Dockerfile:2) takes it
              into the image.
            Dockerfile:2 COPY web /x/ takes it with "web"; it arrives as /x/dist/a.js
            web/.dockerignore:1, "dist", would keep it out, but is not read: only the
              ignore file in the context's root counts: put its lines into .dockerignore
              with web/ in front, or leave it to builds of that folder.
        """,
    ),
    row(
        "the Dockerfile's own ignore file wins, UK-Export-Finance/dtfs2#3178",
        tree="logs/a:5",
        dockerfile="COPY . /x/",
        ignore="logs\n",
        files={"Dockerfile.dockerignore": "tmp\n"},
        asked="logs/a",
        says="""
            "logs/a" is in the context, and COPY . /x/ (Dockerfile:2) takes it into the
              image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/logs/a
            For the legacy builder, which reads .dockerignore, it is not in the context:
              line 1 of .dockerignore, "logs", keeps "logs" out, with all that is in it.
        """,
    ),
    row(
        "the legacy builder reads no Dockerfile.dockerignore, epicweb/epic-stack#808",
        tree="logs/a:5",
        dockerfile="COPY . /x/",
        ignore=None,
        files={"Dockerfile.dockerignore": "logs\n"},
        asked="logs/a",
        builder=LEGACY,
        says="""
            "logs/a" is in the context, and COPY . /x/ (Dockerfile:2) takes it into the
              image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/logs/a
            For BuildKit, which reads Dockerfile.dockerignore, it is not in the context:
              line 1 of Dockerfile.dockerignore, "logs", keeps "logs" out, with all that
              is in it.
        """,
    ),
    row(
        "small letters are instructions, too, apple/container#1094",
        tree="a:5",
        dockerfile="copy . /x/",
        ignore=None,
        asked="a",
        says="""
            "a" is in the context, and copy . /x/ (Dockerfile:2) takes it into the
              image.
            Dockerfile:2 copy . /x/ sweeps it in; it arrives as /x/a
        """,
    ),
    row(
        "a wildcard without a hit is fine beside another source, moby/buildkit#1266",
        tree="there:5",
        dockerfile="COPY nosuch.* there ./",
        ignore=None,
        asked="",
        says="""
            No source of Dockerfile fails: 2 sources, of which 1 matches nothing.
            "nosuch.*" matches nothing; the build goes on without it
        """,
    ),
    row(
        "a legacy COPY of which nothing is hit fails, moby/buildkit#2933",
        tree="there:5",
        dockerfile="COPY nosuch.* ./\nCOPY there /",
        ignore=None,
        asked="",
        builder=LEGACY,
        says="""
            The build fails at Dockerfile:2: 1 of 2 sources is not found.
            "nosuch.*" matches nothing; the build fails: COPY failed: no source files
              were specified
            correct the pattern, or drop it from the instruction
        """,
    ),
    row(
        "a legacy COPY of two files needs a slash, awslabs/aws-orbit-workbench#570",
        tree="package.json:5 package-lock.json:5",
        dockerfile="COPY package*.json .",
        ignore=None,
        asked="",
        builder=LEGACY,
        says="""
            The build fails at Dockerfile:2: 1 of 1 source cannot be copied as written.
            "package-lock.json" and "package.json" go to ".", which does not end with a
              slash; the build fails: When using COPY with more than one source file,
              the destination must be a directory and end with a /
            write "./", with a slash at its end
        """,
    ),
    row(
        "an ignored folder is opened for a line with !, TestPlanIt/testplanit#485",
        tree="docker-data/pg/a.py:5 docker-data/pg/b:5",
        dockerfile="COPY . /x/",
        ignore="**/docker-data/\n!**/*.py\n",
        asked="docker-data",
        says="""
            "docker-data" is not in the context: line 1 of .dockerignore,
              "**/docker-data/", keeps it out.
            .dockerignore:2 "!**/*.py" brings back what it matches in there
            Dockerfile:2 COPY . /x/ would sweep it in
            To bring it back, with all that is in it: add the line "!docker-data" below
              line 1 of .dockerignore (tried with BuildKit and the legacy builder).
            Then COPY . /x/ (Dockerfile:2) takes it, too, unless it says
              --exclude=docker-data.
        """,
    ),
    row(
        "a token in .git travels with COPY . ., IKatsuba/nx-cache-server#13",
        tree=".git/config:5 app:5",
        dockerfile="FROM scratch AS build\nCOPY . /src/\n"
        "FROM scratch\nCOPY --from=build /src/app /app",
        ignore=None,
        asked=".git/config",
        says="""
            ".git/config" is in the context, and COPY . /src/ (Dockerfile:3) takes it
              into the stage "build", from which nothing brings it into the image.
            Dockerfile:3 COPY . /src/ sweeps it in; it arrives as /src/.git/config in
              the stage "build", and goes no further
        """,
    ),
    row(
        "a README that the build reads is ignored, gabber-dev/gabber#138",
        tree="README.md:5 pyproject.toml:5",
        dockerfile="WORKDIR /app\nCOPY pyproject.toml README.md ./\nRUN uv sync",
        ignore="*.md\n",
        asked="README.md",
        says="""
            "README.md" is not in the context: line 1 of .dockerignore, "*.md", keeps it
              out.
            Dockerfile:3 COPY pyproject.toml README.md ./ asks for it, and the build
              fails there
            To bring it back: add the line "!README.md" below line 1 of .dockerignore
              (tried with BuildKit and the legacy builder).
        """,
    ),
    row(
        "COPY * takes off the names of folders, moby/moby#17911",
        tree=".git/config:5 app.js:5",
        dockerfile="WORKDIR /app\nCOPY * ./",
        ignore=None,
        asked=".git/config",
        says="""
            ".git/config" is in the context, and COPY * ./ (Dockerfile:3) takes it into
              the image.
            Dockerfile:3 COPY * ./ sweeps it in; it arrives as /app/config
        """,
    ),
    row(
        "a nested file comes back below **, moby/moby#41433",
        tree="a/b/c/include.txt:5 a/b/c/other:5",
        dockerfile="COPY . /x/",
        ignore="**/c\n!a/b/c/include.txt\n",
        asked="a/b/c/include.txt",
        says="""
            "a/b/c/include.txt" is in the context, since line 2 of .dockerignore,
              "!a/b/c/include.txt", brings it back, and COPY . /x/ (Dockerfile:2) takes
              it into the image.
            Dockerfile:2 COPY . /x/ sweeps it in; it arrives as /x/a/b/c/include.txt
        """,
    ),
    row(
        "a path above the context is seen by no build",
        tree="app/a:5 common/shared.txt:5",
        dockerfile="COPY ../common/shared.txt /x/",
        dockerfile_at="app/Dockerfile",
        context="app",
        ignore=None,
        asked="common/shared.txt",
        says="""
            "ROOT/common/shared.txt" is not in the context: it lies outside of
              "ROOT/app", and a build sees nothing there.
            Dockerfile:2 COPY ../common/shared.txt /x/ asks for it, and the build fails
              there
            Give a higher folder with docker build -f app/Dockerfile ., and write all
              sources from there, this one as COPY common/shared.txt DEST.
            Give its folder a name with docker build --build-context common=common, and
              write COPY --from=common shared.txt DEST.
        """,
    ),
    row(
        "a source that leads above the context takes its namesake in it",
        tree="app/x:5 x:5",
        dockerfile="COPY ../x /a/",
        dockerfile_at="app/Dockerfile",
        context="app",
        ignore=None,
        asked="ROOT/x",
        says="""
            "ROOT/x" is not in the context: it lies outside of "ROOT/app", and a build
              sees nothing there.
            Dockerfile:2 COPY ../x /a/ takes what has that name in the context instead:
              "x"
        """,
    ),
    row(
        "a name in another case is not there",
        tree="Files/a.pfx:5",
        dockerfile="COPY files/a.pfx /x/",
        ignore=None,
        asked="files/a.pfx",
        says="""
            "files/a.pfx" is not in the context: nothing has this name on the disk; did
              you mean "Files/a.pfx"?
            Dockerfile:2 COPY files/a.pfx /x/ asks for it, and the build fails there
        """,
    ),
    row(
        "a stage that the target does not need takes nothing",
        tree="tests/a:5 src/b:5",
        dockerfile="FROM scratch AS test\nCOPY tests /t/\n"
        "FROM scratch AS prod\nCOPY src /s/",
        ignore=None,
        asked="tests/a",
        target="prod",
        says="""
            "tests/a" is in the context, but nothing in this build takes it.
            Dockerfile:3 COPY tests /t/ would take it, but it stands in the stage
              "test", which --target prod does not need
        """,
    ),
    row(
        "a build argument without a value means the whole context",
        tree="dist/a:5 secret:5",
        dockerfile="ARG DIR\nCOPY $DIR /app/",
        ignore=None,
        asked="secret",
        says="""
            "secret" is in the context, and COPY $DIR /app/ (Dockerfile:3) takes it into
              the image.
            Dockerfile:3 COPY $DIR /app/ sweeps it in; it arrives as /app/secret; $DIR
              has no value, so that the whole context is meant: give --build-arg
              DIR=VALUE
        """,
    ),
    row(
        "a line with ! above the one that excludes has no say",
        tree="keep.txt:5",
        dockerfile="COPY . /x/",
        ignore="!keep.txt\n*.txt\n",
        asked="keep.txt",
        says="""
            "keep.txt" is not in the context: line 2 of .dockerignore, "*.txt", keeps it
              out.
            Dockerfile:2 COPY . /x/ would sweep it in
            Line 1 of .dockerignore, "!keep.txt", comes too early to bring it back: a
              later line overrules it.
            To bring it back: add the line "!keep.txt" below line 2 of .dockerignore
              (tried with BuildKit and the legacy builder).
            Then COPY . /x/ (Dockerfile:2) takes it, too, unless it says
              --exclude=keep.txt.
        """,
    ),
    row(
        "a pattern that fails breaks the build at what it is asked about",
        tree="a/b:5",
        dockerfile="COPY . /x/",
        ignore="[z-a]\n",
        asked="a/b",
        says="""
            "a/b" breaks the build: line 1 of .dockerignore, "[z-a]", cannot be used
              (syntax error in pattern), and the builder comes to it there.
            Dockerfile:2 COPY . /x/ would sweep it in
        """,
    ),
    row(
        "a path behind a link is asked for where it lies",
        tree="current->releases/1 releases/1/x:5",
        dockerfile="COPY current /app/",
        ignore=None,
        asked="current/x",
        says="""
            "releases/1/x" is in the context, and COPY current /app/ (Dockerfile:2)
              takes it into the image.
            "current/x" comes to it through the link "current"
            Dockerfile:2 COPY current /app/ comes to it through the link "current"; it
              arrives as /app/x
        """,
    ),
    row(
        "a pattern is answered for what it matches",
        tree="a.log:5 b.log:5 keep.log:5",
        dockerfile="COPY . /x/",
        ignore="*.log\n!keep.log\n",
        asked="*.log",
        says="""
            "*.log" matches 3 paths, 1 of them in the context, 2 not.
            "a.log" is not in the context: line 1 of .dockerignore, "*.log", keeps it
              out.
            "b.log" is not in the context: line 1 of .dockerignore, "*.log", keeps it
              out.
            "keep.log" is in the context, since line 2 of .dockerignore, "!keep.log",
              brings it back, and COPY . /x/ (Dockerfile:2) takes it into the image.
        """,
    ),
    row(
        "a file goes on from a stage to the image under another name",
        tree="src/a.py:5",
        dockerfile="FROM scratch AS build\nWORKDIR /src\nCOPY src lib/\n"
        "FROM scratch\nCOPY --from=build /src/lib /srv",
        ignore=None,
        asked="src/a.py",
        says="""
            "src/a.py" is in the context, and COPY src lib/ (Dockerfile:4) takes it into
              the image.
            Dockerfile:4 COPY src lib/ takes it with "src"; it arrives as /src/lib/a.py
              in the stage "build", and COPY --from=build /src/lib /srv (line 6) brings
              it to /srv/a.py
        """,
    ),
    row(
        "an argument above the first FROM is not known in a stage",
        tree="dist/a:5 secret:5",
        dockerfile="COPY $DIR /app/",
        before="ARG DIR=dist",
        ignore=None,
        asked="secret",
        says="""
            "secret" is in the context, and COPY $DIR /app/ (Dockerfile:3) takes it into
              the image.
            Dockerfile:3 COPY $DIR /app/ sweeps it in; it arrives as /app/secret; $DIR
              is set above the first FROM only: write "ARG DIR" in the stage
            To keep it out: add the line "secret" to .dockerignore.
        """,
    ),
    row(
        "an archive that ADD takes apart arrives in its parts",
        tree="a:5",
        dockerfile="ADD a.tar /opt/",
        ignore=None,
        files={"a.tar": archive("x")},
        asked="a.tar",
        says="""
            "a.tar" is in the context, and ADD a.tar /opt/ (Dockerfile:2) takes it into
              the image.
            Dockerfile:2 ADD a.tar /opt/ names it; it is unpacked in /opt/
        """,
    ),
    row(
        "a path behind a link that leads out is no part of the context",
        tree="app/a:5 app/out->../common common/shared.txt:5",
        dockerfile="COPY out/shared.txt /x/",
        dockerfile_at="app/Dockerfile",
        context="app",
        ignore=None,
        asked="app/out/shared.txt",
        says="""
            "app/out/shared.txt" is not in the context: the link "out" leads to
              "../common", out of it, and a build sees nothing there.
            Dockerfile:2 COPY out/shared.txt /x/ asks for it, and the build fails there
            Give its folder a name with docker build --build-context common=common, and
              write COPY --from=common shared.txt DEST.
        """,
    ),
    row(
        "what git ignores is made before the build, whatever else has its name",
        tree="cmd/prom:3",
        dockerfile="COPY .build/prom /x/",
        ignore=None,
        asked=".build/prom",
        files={".gitignore": "/.build\n", ".git/HEAD": "ref: refs/heads/main\n"},
        says="""
            nothing has this name on the disk; make it before the build: git ignores
              it (.gitignore:1, "/.build"), so that no checkout has it. Dockerfile:2
              COPY .build/prom /x/ asks for it, and the build fails there
        """,
    ),
    row(
        "a source is looked for from the context's root, not beside the Dockerfile",
        tree="sub/x:5",
        dockerfile="COPY x /x/",
        dockerfile_at="sub/Dockerfile",
        ignore=None,
        asked="sub/x",
        says="""
            "sub/x" is in the context, but nothing in this build takes it.
            sub/Dockerfile:2 COPY x /x/ "x" is not in the context; the build fails:
              "/x": not found did you mean "sub/x"?
        """,
    ),
    row(
        "a path of the host's root is not in the context",
        tree="x:5",
        dockerfile="COPY /home/me/proj/x /a/",
        ignore=None,
        asked="x",
        says="""
            Dockerfile:2 COPY /home/me/proj/x /a/ "home/me/proj/x" is not in the
              context; the build fails: "/home/me/proj/x": not found did you mean "x"?
        """,
    ),
    row(
        "docker knows no home folder",
        tree=".ssh/id:5",
        dockerfile="COPY ~/.ssh/id /a/",
        ignore=None,
        asked=".ssh/id",
        says="""
            Dockerfile:2 COPY ~/.ssh/id /a/ "~/.ssh/id" is not in the context
        """,
    ),
    row(
        "a name with a blank is two sources",
        tree="a:5",
        dockerfile="COPY my file /x/",
        files={"my file": "1"},
        ignore=None,
        asked="my file",
        says="""
            "my file" is in the context, but nothing in this build takes it.
            a name with blanks needs quotes: COPY ["my file", "DEST"]
        """,
    ),
    row(
        "a link that is named is followed to what is kept out",
        tree="l->real real/f:5",
        dockerfile="COPY l /x/",
        ignore="real\n",
        asked="l",
        says="""
            it is a link to "real"
            Dockerfile:2 COPY l /x/ "real" is there, but .dockerignore:1 ("real") keeps
              it out; the build fails: "/l": not found add the line "!real" below line
              1 of .dockerignore
        """,
    ),
    row(
        "a link on the way that is kept out stops what lies behind it",
        tree="l->src src/a:5",
        dockerfile="COPY l/a /x/",
        ignore="l\n",
        asked="l/a",
        says="""
            "src/a" is in the context, but nothing in this build takes it.
            Dockerfile:2 COPY l/a /x/ "l" is there, but .dockerignore:1 ("l") keeps it
              out; the build fails: "/l/a": not found
        """,
    ),
    row(
        "a source that looks in a stage does not take it",
        tree="dist/x:5",
        dockerfile="FROM scratch AS b\nFROM scratch\nCOPY --from=b /dist /x/",
        ignore=None,
        asked="dist/x",
        says="""
            "dist/x" is in the context, but nothing in this build takes it.
            Dockerfile:4 COPY --from=b /dist /x/ looks for "/dist" in the stage "b", not
              in the context
        """,
    ),
    row(
        "a folder's name is an image until it is given as a context",
        tree="shared/y:5",
        dockerfile="COPY --from=shared y /x/",
        ignore=None,
        asked="shared/y",
        says="""
            Dockerfile:2 COPY --from=shared y /x/ looks for "y" in the image "shared",
              not in the context
        """,
    ),
    row(
        "a folder of the context that is a named one is answered for as that",
        tree="shared/y:5",
        dockerfile="COPY --from=shared y /x/",
        ignore=None,
        named={"shared": "shared"},
        asked="shared/y",
        says="""
            "y" is in the named context "shared", and COPY --from=shared y /x/
              (Dockerfile:2) takes it into the image.
        """,
    ),
    row(
        "a folder that is a named context, too, stays what another COPY takes",
        tree="shared/y:5",
        dockerfile="COPY shared /s/\nCOPY --from=shared y /x/",
        ignore=None,
        named={"shared": "shared"},
        asked="shared/y",
        says="""
            "shared/y" is in the context, and COPY shared /s/ (Dockerfile:2) takes it
              into the image.
        """,
    ),
    row(
        "a wildcard all of whose hits are kept out fails",
        tree="dist/a:5 dist/b:5",
        dockerfile="COPY ./dist/* /x/",
        ignore="dist\n",
        asked="dist/a",
        says="""
            Dockerfile:2 COPY ./dist/* /x/ asks for "./dist/*", and the build fails
              there
        """,
    ),
    row(
        "a wildcard from an argument fails with what it hits",
        tree="target/a.jar:5",
        dockerfile="ARG JAR=target/*.jar\nCOPY ${JAR} /app.jar",
        ignore="target\n",
        asked="target/a.jar",
        says="""
            Dockerfile:3 COPY ${JAR} /app.jar asks for "target/*.jar", and the build
              fails there
        """,
    ),
    row(
        "a wildcard with another hit goes on without what is kept out",
        tree="dist/a:5 dist/b:5",
        dockerfile="COPY dist/* /x/",
        ignore="dist/a\n",
        asked="dist/a",
        says="""
            Dockerfile:2 COPY dist/* /x/ would sweep it in
            Then COPY dist/* /x/ (Dockerfile:2) takes it, too.
        """,
    ),
    row(
        "a path as typed on Windows is found",
        tree="src/a:5",
        dockerfile="COPY . /x/",
        ignore=None,
        asked=".\\src\\a",
        says="""
            "src/a" is in the context, and COPY . /x/ (Dockerfile:2) takes it into the
              image.
        """,
    ),
    row(
        "a file that only the order of lines lets through arrives empty",
        tree="a/b/c:3",
        dockerfile="COPY a/b /",
        ignore="a\n!a/b\n*\n",
        asked="a/b/c",
        says="""
            "a/b/c" is in the context, but arrives empty: the order of the lines lets
              its name through and not its content.
        """,
    ),
]


@pytest.mark.parametrize("case", SITUATIONS)
def test_why_says(
    case: Situation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    request = lay_out(tmp_path, case)
    told = explain(
        request, (case.asked.replace("ROOT", str(tmp_path)),) if case.asked else ()
    )
    text = said(told)
    missing = [one for one in sentences(case.says, tmp_path) if one not in text]
    assert missing == [], text
