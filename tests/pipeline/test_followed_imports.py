"""What configurations and programs import is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

PACKAGE = {
    "package.json": '{"scripts": {"build": "vite build"}}',
    "package-lock.json": "{}",
}

ROWS = (
    Row(
        "vite imports",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "vite imports .js->ts",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version.js'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "vite imports index",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version/index.ts": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "vite imports 2 levels",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "export * from '../lib/git.mjs'\n",
            "lib/git.mjs": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "webpack require",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "webpack.config.js": "const v = require('./build/version');\n"
            "module.exports = {}\n",
            "build/version.js": "module.exports = "
            "require('child_process').execSync('git "
            "describe')\n",
        },
        f"FROM node\n{ALL}RUN npx webpack\n",
    ),
    Row(
        "webpack require destructured multiline",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "webpack.config.js": "const {\n  v,\n} = require(\n'./build/version');\n",
            "build/version.js": "module.exports = "
            "require('child_process').execFileSync('g"
            "it', ['describe'])\n",
        },
        f"FROM node\n{ALL}RUN npx webpack\n",
    ),
    Row(
        "next dynamic import",
        STAYS,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "next.config.mjs": "const { v } = await import('./v.mjs')\n"
            "export default {}\n",
            "v.mjs": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npx next build\n",
    ),
    Row(
        "vite no git import",
        GOES,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "export const version='1'\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "vite not built",
        GOES,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN npm ci\n",
    ),
    Row(
        "setup.py imports",
        STAYS,
        ".git",
        {
            **GIT,
            "setup.py": "from setuptools import setup\n"
            "from build_helpers import version\n"
            "setup(version=version())\n",
            "build_helpers.py": "import subprocess\ndef version():\n"
            "    return subprocess.check_output(['git"
            "','describe'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "setup.py import pkg",
        STAYS,
        ".git",
        {
            **GIT,
            "setup.py": "from setuptools import setup\n"
            "import _version\n"
            "setup(version=_version.get())\n",
            "_version/__init__.py": "import subprocess\ndef get():\n"
            "    return subprocess.check_output('git "
            "describe', shell=True)\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "setup.py from pkg import _version",
        STAYS,
        ".git",
        {
            **GIT,
            "setup.py": "from setuptools import setup\nfrom pkg import _version\n",
            "pkg/__init__.py": "",
            "pkg/_version.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "setup.py import clean",
        GOES,
        ".git",
        {
            **GIT,
            "setup.py": "from setuptools import setup\nimport _version\n",
            "_version.py": "v='1'\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "setup.py exec(open())",
        STAYS,
        ".git",
        {
            **GIT,
            "setup.py": "from setuptools import setup\n"
            "exec(open('tools/ver.py').read())\n",
            "tools/ver.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "conf.py imports",
        STAYS,
        ".git",
        {
            **GIT,
            "docs/conf.py": "import sys\nsys.path.insert(0,'..')\n"
            "from helpers import rev\n",
            "helpers.py": "import subprocess\n"
            "rev=subprocess.check_output(['git','rev-"
            "parse','HEAD'])\n",
        },
        f"FROM python\n{ALL}RUN sphinx-build docs out\n",
    ),
    Row(
        "conf.py no import of src",
        GOES,
        ".git",
        {
            **GIT,
            "docs/conf.py": "import sys\n",
            "helpers.py": "import subprocess\n"
            "rev=subprocess.check_output(['git','rev-"
            "parse','HEAD'])\n",
        },
        f"FROM python\n{ALL}RUN sphinx-build docs out\n",
    ),
    Row(
        "hatch build hook",
        STAYS,
        ".git",
        {
            **GIT,
            "pyproject.toml": "[build-system]\nrequires=['hatchling']\n"
            "build-backend='hatchling.build'\n"
            "[project]\nname='x'\ndynamic=['version']\n"
            "[tool.hatch.build.hooks.custom]\n"
            "path='hatch_build.py'\n",
            "hatch_build.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "setuptools backend-path",
        STAYS,
        ".git",
        {
            **GIT,
            "pyproject.toml": "[build-system]\nrequires=['setuptools']\n"
            "build-backend='backend'\n"
            "backend-path=['_custom']\n",
            "_custom/backend.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "hatch version source code",
        STAYS,
        ".git",
        {
            **GIT,
            "pyproject.toml": "[build-system]\nrequires=['hatchling']\n"
            "build-backend='hatchling.build'\n"
            "[project]\nname='x'\ndynamic=['version']\n"
            "[tool.hatch.version]\nsource='code'\n"
            "path='src/x/version.py'\n",
            "src/x/version.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "noxfile",
        STAYS,
        ".git",
        {
            **GIT,
            "noxfile.py": "import nox\nfrom tools_ver import v\n",
            "tools_ver.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN nox -s build\n",
    ),
    Row(
        "python script imports",
        STAYS,
        ".git",
        {
            **GIT,
            "build.py": "from helpers.version import v\n",
            "helpers/version.py": "import subprocess\n"
            "v=subprocess.check_output(['git','descri"
            "be'])\n",
        },
        f"FROM python\n{ALL}RUN python build.py\n",
    ),
    Row(
        "node script imports",
        STAYS,
        ".git",
        {
            **GIT,
            "scripts/build.mjs": "import { v } from './version.mjs'\n",
            "scripts/version.mjs": "import { execSync } from "
            "'child_process'\n"
            "export const version = execSync('git "
            "rev-parse HEAD').toString()\n",
        },
        f"FROM node\n{ALL}RUN node scripts/build.mjs\n",
    ),
    Row(
        "ruby gemspec require_relative",
        STAYS,
        ".git",
        {
            **GIT,
            "Gemfile": "gemspec\n",
            "x.gemspec": "require_relative 'lib/x/version'\n",
            "lib/x/version.rb": "module X\n V=`git describe`\nend\n",
        },
        f"FROM ruby\n{ALL}RUN bundle install\n",
    ),
    Row(
        "vite config reads README",
        STAYS,
        "README.md",
        {
            **PACKAGE,
            "vite.config.ts": "import fs from 'fs'\n"
            "const r = fs.readFileSync('./README.md',"
            "'utf8')\n",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "vite imported reads README",
        STAYS,
        "README.md",
        {
            **PACKAGE,
            "vite.config.ts": "import './scripts/r'\n",
            "scripts/r.ts": "import fs from 'fs'\n"
            "const r = fs.readFileSync('./README.md',"
            "'utf8')\n",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "setup.py reads tests",
        STAYS,
        "CHANGELOG.md",
        {
            "setup.py": "from build_helpers import d\n",
            "build_helpers.py": "d=open('CHANGELOG.md').read()\n",
            "CHANGELOG.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "vite config names a runner of tests",
        ASKED,
        "tests",
        {
            **PACKAGE,
            "vite.config.ts": "import { v } from './v'\n",
            "v.ts": "export const v = `vitest run`\n",
            "tests/a.test.ts": "1",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "pyproject names a file for a linter",
        GOES,
        ".git",
        {
            **GIT,
            "pyproject.toml": "[project]\nname='x'\n"
            "[tool.ruff.lint.per-file-ignores]\n"
            '"tools/v.py" = ["S603"]\n',
            "tools/v.py": "import subprocess\nsubprocess.run(['git','describe'])\n",
        },
        f"FROM python\n{ALL}RUN pip install .\n",
    ),
    Row(
        "a comment in what is imported",
        GOES,
        ".git",
        {
            **GIT,
            **PACKAGE,
            "vite.config.ts": "import { defineConfig } from 'vite'\n"
            "import { version } from "
            "'./scripts/version'\nexport default "
            "defineConfig({define:{V:version}})\n",
            "scripts/version.ts": "// execSync('git describe') was here\n"
            "export const version='1'\n",
        },
        f"FROM node\n{ALL}RUN npm run build\n",
    ),
    Row(
        "node script imported reads",
        STAYS,
        "tests",
        {
            "scripts/build.mjs": "import { v } from './v.mjs'\n",
            "scripts/v.mjs": "import fs from 'fs'\nfs.readFileSync('tests/a.json')\n",
            "tests/a.json": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN node scripts/build.mjs\n",
    ),
    Row(
        "a private member is no comment",
        STAYS,
        ".git",
        {
            **GIT,
            "tool.mjs": "import './v.mjs'\n",
            "v.mjs": "class A {\n  #v = execSync('git rev-parse HEAD')\n}\n",
        },
        f"FROM node\n{ALL}RUN node tool.mjs\n",
    ),
    Row(
        "behind a comment",
        STAYS,
        ".git",
        {
            **GIT,
            "tool.mjs": "import './v.mjs'\n",
            "v.mjs": "/* a */ const v = execSync('git rev-parse HEAD')\n",
        },
        f"FROM node\n{ALL}RUN node tool.mjs\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
