"""Which folders a program expects: what lies in them may go, and they may not."""

from __future__ import annotations

import pytest

from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.expectations import Expectations, Programs
from tests.texttree import MemoryTree, Planted

NAMES = ("logs", "log", "uploads", "data", "media", "pids", "run")


def expecting(folder: str, texts: dict[str, str], spoken: str = "") -> str | None:
    """Who expects a folder of a project; `spoken` stands in its Dockerfile."""
    planted = [Planted(folder, Found.DIRECTORY)]
    planted += [Planted(path, Found.FILE) for path in texts]
    said = [("Dockerfile:3", spoken)] if spoken else []
    tree = MemoryTree(planted)
    programs = Programs(tree, lambda path: texts[path])
    return Expectations(programs, names=NAMES, spoken=said).of(folder)


@pytest.mark.parametrize(
    ("folder", "path", "text"),
    [
        ("logs", "app.py", 'logging.basicConfig(filename="logs/app.log")'),
        ("logs", "app.py", "x = 1\nFileHandler(BASE_DIR / 'logs' / 'a.log')"),
        ("logs", "app/settings.py", "'filename': os.path.join(BASE_DIR, 'logs', 'x')"),
        ("logs", "logging.conf", "args=('logs/app.log', 'a')"),
        ("logs", "src/logger.js", "new transports.File({ filename: 'logs/e.log' })"),
        ("logs", "src/logger.ts", "fs.createWriteStream(`./logs/${day}.log`)"),
        ("logs", "pino.mjs", "pino.destination('./logs/app.log')"),
        ("logs", "src/main/resources/logback.xml", "<file>logs/app.log</file>"),
        ("logs", "src/main/resources/application.properties", "logging.file.path=logs"),
        ("logs", "config/log4j2.xml", '<File fileName="logs/app.log">'),
        ("logs", "appsettings.json", '"path": "Logs/../logs/log-.txt"'),
        ("logs", "cmd/main.go", 'os.OpenFile("logs/app.log", os.O_CREATE, 0o644)'),
        ("logs", "src/main.rs", 'tracing_appender::rolling::daily("./logs/", "a")'),
        ("log", "config/puma.rb", 'stdout_redirect "log/puma.out"'),
        ("logs", "index.php", "new StreamHandler(__DIR__ . '/logs/app.log')"),
        ("logs", "ecosystem.config.js", "out_file: 'logs/out.log',"),
        ("logs", "supervisord.conf", "stdout_logfile=/app/logs/web.log"),
        ("uploads", "server.js", "multer({ dest: 'uploads/' })"),
        ("uploads", "app.py", 'app.config["UPLOAD_FOLDER"] = "uploads"'),
        ("media", "site/settings.py", "MEDIA_ROOT = os.path.join(BASE, 'media')"),
        ("data", "main.go", 'sql.Open("sqlite3", "data/app.db")'),
        ("tools/logs", "tools/run.py", 'open("logs/x")'),
        ("pids", "gunicorn.conf.py", 'pidfile = "pids/web.pid"'),
    ],
)
def test_a_program_that_opens_something_in_it(
    folder: str, path: str, text: str
) -> None:
    line = text.count("\n") + 1
    assert expecting(folder, {path: text}) == f"{path}:{line} speaks of the folder"


@pytest.mark.parametrize("name", [".gitkeep", ".keep", ".gitignore", ".placeholder"])
def test_a_file_that_keeps_it(name: str) -> None:
    told = f"{name} in it keeps the folder"
    assert expecting("a/logs", {f"a/logs/{name}": ""}) == told


def test_rails() -> None:
    files = {"config/application.rb": "module A"}
    assert expecting("log", files) == "Rails expects the folder"
    assert expecting("uploads", files) is None


@pytest.mark.parametrize(
    "text",
    [
        "VOLUME /app/logs",
        'VOLUME ["/data", "/app/logs"]',
        "RUN chown -R app logs",
        "CMD app > logs/out.log",
        "ENV LOG_DIR=/app/logs",
    ],
)
def test_what_the_dockerfile_says_of_it(text: str) -> None:
    assert expecting("logs", {}, text) == "Dockerfile:3 speaks of the folder"


@pytest.mark.parametrize(
    ("folder", "texts", "spoken"),
    [
        pytest.param("logs", {"app.py": "print('logs')"}, "", id="a word alone"),
        pytest.param("logs", {"app.py": "blogs/x.html"}, "", id="another folder"),
        pytest.param("logs", {"app.py": "my-logs/x.log"}, "", id="a longer name"),
        pytest.param("logs", {"README.md": "see logs/app.log"}, "", id="a text"),
        pytest.param("logs", {"package-lock.json": "logs/x"}, "", id="a lock file"),
        pytest.param(
            "logs",
            {"node_modules/x/a.js": "'logs/x'"},
            "",
            id="not our program",
        ),
        pytest.param("logs", {"app.py": "open('log/x')"}, "", id="log is not logs"),
        pytest.param("logs", {}, "RUN docker-logs", id="part of a word of a command"),
        pytest.param("cache", {"app.py": "open('cache/x')"}, "", id="no such rule"),
        pytest.param(
            "data",
            {"a.go": 'import _ "github.com/x/data/redis"'},
            "",
            id="the path of a package",
        ),
        pytest.param(
            ".tool/data", {"app.py": "open('data/x')"}, "", id="a folder of a tool"
        ),
        pytest.param(
            ".tool/data", {}, "RUN rm /srv/data/x", id="the same beside a command"
        ),
    ],
)
def test_what_nobody_expects(folder: str, texts: dict[str, str], spoken: str) -> None:
    assert expecting(folder, texts, spoken) is None
