"""A small repository of three images, which the docs tell of."""

from __future__ import annotations

from pathlib import Path

from tests.texttree import plant

_FILES = """
    web/src/main.js:4200 web/dist/app.js:310000 web/dist/app.css:42000
    web/node_modules/vue/index.js:1150000 web/node_modules/vite/cli.js:1730000
    api/main.py:9100 api/.venv/pyvenv.cfg:80 api/.venv/lib/wheel.so:2400000
    api/__pycache__/main.pyc:8800 logs/api.log:1280000 README.md:2100
    jobs/run.py:3300 jobs/run.log:640000
"""
_COMPOSE = """\
services:
  web:
    build: {context: ., dockerfile: web/Dockerfile}
  api:
    build: {context: ., dockerfile: api/Dockerfile}
  jobs:
    build: jobs
  db:
    image: postgres
"""
_DOCKERFILES = {
    "web": "FROM scratch\nCOPY web/dist /srv\nCOPY web/node_modules /srv/modules\n",
    "api": "FROM scratch\nCOPY . /app\n",
    "jobs": "FROM scratch\nCOPY . /jobs\n",
}


def lay_out_market(folder: Path) -> Path:
    """The repository below a folder: `web` and `api` share a root, `jobs` has its own.

    `api` takes everything, `web` needs `web/node_modules`.
    """
    market = folder / "market"
    market.mkdir()
    plant(market, _FILES)
    (market / "compose.yaml").write_text(_COMPOSE)
    for name, text in _DOCKERFILES.items():
        (market / name / "Dockerfile").write_text(text)
    return market
