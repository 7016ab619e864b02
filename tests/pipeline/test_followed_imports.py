"""What configurations and programs import is followed."""

from __future__ import annotations

from pathlib import Path

from tests.followed import (
    CONFIG,
    MODULE,
    PACKAGE,
    PYTHON,
    TEXT,
    copied,
    decides,
    each,
    git,
)
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row

ROWS = (
    git(
        "a configuration of vite imports what asks git",
        STAYS,
        {**PACKAGE, "vite.config.ts": CONFIG, "scripts/version.ts": MODULE},
        "node",
        "RUN npm run build",
    ),
    git(
        "an import may name a file by what it is compiled to",
        STAYS,
        {
            **PACKAGE,
            "vite.config.ts": (
                "import { defineConfig } from 'vite'\n"
                "import { version } from './scripts/version.js'\n"
                "export default defineConfig({define:{V:version}})\n"
            ),
            "scripts/version.ts": MODULE,
        },
        "node",
        "RUN npm run build",
    ),
    git(
        "an import may name a folder with an index",
        STAYS,
        {**PACKAGE, "vite.config.ts": CONFIG, "scripts/version/index.ts": MODULE},
        "node",
        "RUN npm run build",
    ),
    git(
        "an import leads to another one",
        STAYS,
        {
            **PACKAGE,
            "vite.config.ts": CONFIG,
            "scripts/version.ts": "export * from '../lib/git.mjs'\n",
            "lib/git.mjs": MODULE,
        },
        "node",
        "RUN npm run build",
    ),
    git(
        "a configuration of webpack requires what asks git",
        STAYS,
        {
            **PACKAGE,
            "webpack.config.js": (
                "const v = require('./build/version');\nmodule.exports = {}\n"
            ),
            "build/version.js": (
                "module.exports = require('child_process').execSync('git describe')\n"
            ),
        },
        "node",
        "RUN npx webpack",
    ),
    git(
        "what is required may stand on several lines",
        STAYS,
        {
            **PACKAGE,
            "webpack.config.js": ("const {\n  v,\n} = require(\n'./build/version');\n"),
            "build/version.js": (
                "module.exports = "
                "require('child_process').execFileSync('git', "
                "['describe'])\n"
            ),
        },
        "node",
        "RUN npx webpack",
    ),
    git(
        "an import in the middle of a configuration counts",
        STAYS,
        {
            **PACKAGE,
            "next.config.mjs": (
                "const { v } = await import('./v.mjs')\nexport default {}\n"
            ),
            "v.mjs": MODULE,
        },
        "node",
        "RUN npx next build",
    ),
    git(
        "an import that asks nobody lets git go",
        GOES,
        {
            **PACKAGE,
            "vite.config.ts": CONFIG,
            "scripts/version.ts": "export const version='1'\n",
        },
        "node",
        "RUN npm run build",
    ),
    git(
        "a configuration that no command evaluates lets git go",
        GOES,
        {**PACKAGE, "vite.config.ts": CONFIG, "scripts/version.ts": MODULE},
        "node",
        "RUN npm ci",
    ),
    git(
        "setup.py imports a module beside it",
        STAYS,
        {
            "setup.py": (
                "from setuptools import setup\n"
                "from build_helpers import version\n"
                "setup(version=version())\n"
            ),
            "build_helpers.py": (
                "import subprocess\ndef version():\n"
                "    return "
                "subprocess.check_output(['git','describe'])\n"
            ),
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "setup.py imports a package beside it",
        STAYS,
        {
            "setup.py": (
                "from setuptools import setup\nimport _version\n"
                "setup(version=_version.get())\n"
            ),
            "_version/__init__.py": (
                "import subprocess\ndef get():\n"
                "    return subprocess.check_output('git "
                "describe', shell=True)\n"
            ),
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "setup.py imports a module of a package",
        STAYS,
        {
            "setup.py": "from setuptools import setup\nfrom pkg import _version\n",
            "pkg/__init__.py": "",
            "pkg/_version.py": PYTHON,
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "setup.py imports a module that asks nobody",
        GOES,
        {
            "setup.py": "from setuptools import setup\nimport _version\n",
            "_version.py": "v='1'\n",
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "setup.py executes a file that it opens",
        STAYS,
        {
            "setup.py": (
                "from setuptools import setup\nexec(open('tools/ver.py').read())\n"
            ),
            "tools/ver.py": PYTHON,
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "conf.py imports a module that it leads Python to",
        STAYS,
        {
            "docs/conf.py": (
                "import sys\nsys.path.insert(0,'..')\nfrom helpers import rev\n"
            ),
            "helpers.py": (
                "import subprocess\n"
                "rev=subprocess.check_output(['git','rev-parse','HEAD'])\n"
            ),
        },
        "python",
        "RUN sphinx-build docs out",
    ),
    git(
        "conf.py imports nothing of what lies beside it",
        GOES,
        {
            "docs/conf.py": "import sys\n",
            "helpers.py": (
                "import subprocess\n"
                "rev=subprocess.check_output(['git','rev-parse','HEAD'])\n"
            ),
        },
        "python",
        "RUN sphinx-build docs out",
    ),
    git(
        "a hook of hatch is run",
        STAYS,
        {
            "pyproject.toml": (
                "[build-system]\nrequires=['hatchling']\n"
                "build-backend='hatchling.build'\n[project]\n"
                "name='x'\ndynamic=['version']\n"
                "[tool.hatch.build.hooks.custom]\n"
                "path='hatch_build.py'\n"
            ),
            "hatch_build.py": PYTHON,
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "a backend of the project itself is run",
        STAYS,
        {
            "pyproject.toml": (
                "[build-system]\nrequires=['setuptools']\n"
                "build-backend='backend'\n"
                "backend-path=['_custom']\n"
            ),
            "_custom/backend.py": PYTHON,
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "hatch runs the file that has the version",
        STAYS,
        {
            "pyproject.toml": (
                "[build-system]\nrequires=['hatchling']\n"
                "build-backend='hatchling.build'\n[project]\n"
                "name='x'\ndynamic=['version']\n"
                "[tool.hatch.version]\nsource='code'\n"
                "path='src/x/version.py'\n"
            ),
            "src/x/version.py": PYTHON,
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "noxfile.py imports a module beside it",
        STAYS,
        {"noxfile.py": "import nox\nfrom tools_ver import v\n", "tools_ver.py": PYTHON},
        "python",
        "RUN nox -s build",
    ),
    git(
        "a program of Python imports a module of a package",
        STAYS,
        {"build.py": "from helpers.version import v\n", "helpers/version.py": PYTHON},
        "python",
        "RUN python build.py",
    ),
    git(
        "a program of node imports a module beside it",
        STAYS,
        {
            "scripts/build.mjs": "import { v } from './version.mjs'\n",
            "scripts/version.mjs": MODULE,
        },
        "node",
        "RUN node scripts/build.mjs",
    ),
    git(
        "a gemspec requires a file of the project",
        STAYS,
        {
            "Gemfile": "gemspec\n",
            "x.gemspec": "require_relative 'lib/x/version'\n",
            "lib/x/version.rb": "module X\n V=`git describe`\nend\n",
        },
        "ruby",
        "RUN bundle install",
    ),
    Row(
        "a configuration of vite reads a file",
        STAYS,
        "README.md",
        {
            **PACKAGE,
            "vite.config.ts": (
                "import fs from 'fs'\nconst r = fs.readFileSync('./README.md','utf8')\n"
            ),
            "README.md": TEXT,
        },
        copied("node", "RUN npm run build"),
    ),
    Row(
        "what a configuration of vite imports reads a file",
        STAYS,
        "README.md",
        {
            **PACKAGE,
            "vite.config.ts": "import './scripts/r'\n",
            "scripts/r.ts": (
                "import fs from 'fs'\nconst r = fs.readFileSync('./README.md','utf8')\n"
            ),
            "README.md": TEXT,
        },
        copied("node", "RUN npm run build"),
    ),
    Row(
        "what setup.py imports reads a file",
        STAYS,
        "CHANGELOG.md",
        {
            "setup.py": "from build_helpers import d\n",
            "build_helpers.py": "d=open('CHANGELOG.md').read()\n",
            "CHANGELOG.md": TEXT,
        },
        copied("python", "RUN pip install ."),
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
        copied("node", "RUN npm run build"),
    ),
    git(
        "pyproject names a file for a linter",
        GOES,
        {
            "pyproject.toml": (
                "[project]\nname='x'\n"
                "[tool.ruff.lint.per-file-ignores]\n"
                '"tools/v.py" = ["S603"]\n'
            ),
            "tools/v.py": "import subprocess\nsubprocess.run(['git','describe'])\n",
        },
        "python",
        "RUN pip install .",
    ),
    git(
        "a comment in what is imported",
        GOES,
        {
            **PACKAGE,
            "vite.config.ts": CONFIG,
            "scripts/version.ts": (
                "// execSync('git describe') was here\nexport const version='1'\n"
            ),
        },
        "node",
        "RUN npm run build",
    ),
    Row(
        "what a program of node imports reads a file",
        STAYS,
        "tests",
        {
            "scripts/build.mjs": "import { v } from './v.mjs'\n",
            "scripts/v.mjs": ("import fs from 'fs'\nfs.readFileSync('tests/a.json')\n"),
            "tests/a.json": TEXT,
        },
        copied("node", "RUN node scripts/build.mjs"),
    ),
    git(
        "a private member is no comment",
        STAYS,
        {
            "tool.mjs": "import './v.mjs'\n",
            "v.mjs": "class A {\n  #v = execSync('git rev-parse HEAD')\n}\n",
        },
        "node",
        "RUN node tool.mjs",
    ),
    git(
        "code behind a comment is no comment",
        STAYS,
        {
            "tool.mjs": "import './v.mjs'\n",
            "v.mjs": "/* a */ const v = execSync('git rev-parse HEAD')\n",
        },
        "node",
        "RUN node tool.mjs",
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
