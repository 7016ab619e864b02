"""The configurations that programs run: `vite build` evaluates vite.config.ts.

Source: vite.dev, "Config"; webpack.js.org, "Configuration"; nextjs.org, "next.config";
setuptools, "setup.py"; sphinx-doc.org, "conf.py"; nox, "noxfile.py"; Cargo Book,
"Build Scripts"; invoke, "tasks.py"; rake, "Rakefile".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_PYTHON = ("setup.py", "pyproject.toml")
_CONFIGURED = {
    "vite": ("vite.config.*", "svelte.config.*"),
    "vitepress": ("vite.config.*",),
    "webpack": ("webpack.config.*",),
    "webpack-cli": ("webpack.config.*",),
    "next": ("next.config.*",),
    "nuxt": ("nuxt.config.*",),
    "nuxi": ("nuxt.config.*",),
    "rollup": ("rollup.config.*",),
    "astro": ("astro.config.*",),
    "gulp": ("gulpfile.*",),
    "grunt": ("Gruntfile.*",),
    "tsup": ("tsup.config.*",),
    "vue-cli-service": ("vue.config.*",),
    "gatsby": ("gatsby-config.*", "gatsby-node.*"),
    "docusaurus": ("docusaurus.config.*",),
    "eleventy": (".eleventy.js", "eleventy.config.*"),
    "craco": ("craco.config.*",),
    "rspack": ("rspack.config.*",),
    "rsbuild": ("rsbuild.config.*",),
    "electron-vite": ("electron.vite.config.*",),
    "remix": ("remix.config.*",),
    "sphinx-build": ("conf.py",),
    "nox": ("noxfile.py",),
    "invoke": ("tasks.py",),
    "inv": ("tasks.py",),
    "rake": ("Rakefile",),
    "cargo": ("build.rs", "Cargo.toml"),
    **dict.fromkeys(("pip", "pip3", "uv", "poetry", "pdm", "hatch", "flit"), _PYTHON),
}
_OPTIONS = ("--config", "-c", "--gulpfile", "--gruntfile", "-f", "--noxfile")
_OF_PIP = ("install", "wheel")
_BUILDING = r"\b(?:sync|build|run|install|develop)\b"


def configurations(program: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The patterns of the files that a command reads so, each with its folder."""
    names = _CONFIGURED.get(program, ())
    if not names:
        return
    if program in ("pip", "pip3") or words[1:2] in (["pip"], ("pip",)):
        folders = [*_installed(words)]
    elif names == _PYTHON and not re.search(_BUILDING, " ".join(words[1:3])):
        return
    elif program == "sphinx-build":
        folders = [one for one in words[1:] if one[:1] != "-"]
    else:
        folders = ["."]
        for option, value in pairwise(words):
            if option in _OPTIONS:
                yield value.rpartition("/")[0] or ".", value.rpartition("/")[2]
    for folder in folders:
        for name in names:
            yield folder, name


def _installed(words: Sequence[str]) -> Iterator[str]:
    """The folders that pip installs."""
    if not any(one in words for one in _OF_PIP):
        return
    for one in words[1:]:
        if one.startswith((".", "/")):
            yield one.split("[", 1)[0]
