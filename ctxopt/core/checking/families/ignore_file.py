"""CTX2xx: lines and files that do not keep out what they seem to."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

COMMENT_BEHIND = Finding(
    "comment-behind",
    (_WARNING,),
    "a comment behind a pattern is part of the pattern",
    "put the comment on a line of its own",
)
COMMENT_INDENTED = Finding(
    "comment-indented",
    (_NOTE,),
    "a # behind blanks begins no comment, but a pattern",
    "take away the blanks before the #",
    tells_cure=True,
)
SLASH_COMMENT = Finding(
    "slash-comment",
    (_NOTE,),
    "a line that begins with // is a pattern, and no comment",
    "begin it with #",
)
BRACES = Finding(
    "braces",
    (_WARNING,),
    "braces mean nothing in a pattern",
    "write a line for each of the words",
)
NOT_CLASS = Finding(
    "not-class",
    (_WARNING,),
    "[!a] matches a `!` and an `a`, and no other letter",
    "negate with ^, as in [^a]",
)
BACKSLASHES = Finding(
    "backslashes",
    (_WARNING,),
    "backslashes part no folders, they take away the meaning of what is behind them",
    "write / between folders",
)
ROOT_ONLY = Finding(
    "root-only",
    (_WARNING, _NOTE),
    "a name without **/ reaches the root only, and more of that name travel",
    "write **/ before it if those are meant, too",
)
FOLDER_SLASH = Finding(
    "folder-slash",
    (_NOTE,),
    "a slash at the end means nothing: the line hits a file",
    "bring the file back with a line !NAME below it if only folders are meant",
)
NAME_MISSPELLED = Finding(
    "name-misspelled",
    (_WARNING,),
    "a line matches nothing, and nearly the same name is there",
    "correct the name",
)
LINE_IDLE = Finding(
    "line-idle",
    (_NOTE,),
    "a line matches nothing that is there",
    "take it out, or correct the name",
)
LINE_REPEATED = Finding(
    "line-repeated",
    (_NOTE,),
    "another line does all that this one does",
    "take it out",
)
LINE_UNDONE = Finding(
    "line-undone",
    (_NOTE,),
    "a later line takes back all that this one does",
    "take one of the two out, or change their order",
)
NOTHING_TO_BRING_BACK = Finding(
    "nothing-to-bring-back",
    (_NOTE,),
    "a line with ! brings back what no line above keeps out",
    "take it out, or move it below the line that keeps it out",
)
MANY_PATTERNS = Finding(
    "many-patterns",
    (_NOTE,),
    "the ignore file has more than 400 patterns",
    "ignore whole folders instead of single files, or name what may pass below a *",
)
HEADER_TOO_LARGE = Finding(
    "header-too-large",
    (_ERROR,),
    "the patterns do not fit into the request for the context",
    "ignore whole folders instead of single files",
)
LINE_NOT_UTF8 = Finding(
    "line-not-utf8",
    (_WARNING,),
    "a line is not UTF-8, and matches no name that is",
    "save the file as UTF-8",
)

BUILT_BY_KANIKO = Finding(
    "built-by-kaniko",
    (_NOTE,),
    "Kaniko builds here too, and does not fail for a COPY of what is ignored",
    "see to it that no COPY names what is ignored, and look into the image",
)

RULES = (
    CheckRule(
        "CTX201",
        COMMENT_BEHIND,
        why="Docker takes a comment only where # is the first character of its line;"
        " anywhere else it waits for a file with this name, the # in it.",
        example="run/   # data of the server",
        better="# data of the server\nrun/",
    ),
    CheckRule(
        "CTX202",
        codes.IGNORE_FILE_IDLE,
        why="Docker reads one ignore file: NAME.dockerignore beside the Dockerfile,"
        " else .dockerignore in the context's root. Others are files like any.",
        example="docker/.dockerignore    (docker build -f docker/Dockerfile .)",
        better="docker/Dockerfile.dockerignore",
    ),
    CheckRule(
        "CTX203",
        codes.IGNORE_FILE_UNREAD,
        why="A link that leads out of the folder that is read, or nowhere, counts as no"
        " ignore file at all.",
        example=".dockerignore -> ../.dockerignore",
        better=".dockerignore, a file with these lines",
    ),
    CheckRule(
        "CTX204",
        codes.BUILDERS_DIFFER,
        why="BuildKit opens an ignored folder for a line with ! and a wildcard, the"
        " legacy builder and podman do not; podman has rules of its own for lines.",
        example="docs\n!**/README.md",
        better="docs\n!docs/README.md",
    ),
    CheckRule(
        "CTX205",
        codes.IGNORED_WALKED,
        why="For a line with ! that begins with a wildcard the client opens every"
        " ignored folder, in each build.",
        example="node_modules\n!**/*.md",
        better="node_modules\n!docs/*.md",
    ),
    CheckRule(
        "CTX206",
        codes.BAD_PATTERN,
        why="The builder tries a pattern only where it meets a name; this build never"
        " comes there, and the next may.",
        example=".dockerignore:2   vendor/[a-",
        better=".dockerignore:2   vendor/[a-z]*",
    ),
    CheckRule(
        "CTX207",
        COMMENT_INDENTED,
        why="Docker looks for the # before it takes blanks away, so that an indented"
        " comment is a pattern. It matches nothing, as a rule.",
        example="   # caches",
        better="# caches",
    ),
    CheckRule(
        "CTX208",
        SLASH_COMMENT,
        why="Only # begins a comment. A line with // is a pattern that matches nothing,"
        " as a rule.",
        example="// caches",
        better="# caches",
    ),
    CheckRule(
        "CTX209",
        BRACES,
        why="A shell writes words in braces out, docker does not: it waits for names"
        " with braces in them.",
        example="**/*.{css,scss}",
        better="**/*.css\n**/*.scss",
    ),
    CheckRule(
        "CTX210",
        NOT_CLASS,
        why="Patterns are those of Go, where ^ negates a class; the ! of shells and of"
        " .gitignore is one more letter in it.",
        example="build/[!a]*",
        better="build/[^a]*",
    ),
    CheckRule(
        "CTX211",
        BACKSLASHES,
        why="On Linux and macOS a backslash takes away the meaning of what is behind"
        " it, or gives it one: \\t is a tab. Only a client on Windows reads it as /.",
        example="src\\temp",
        better="src/temp",
    ),
    CheckRule(
        "CTX212",
        ROOT_ONLY,
        why="In .gitignore a name without a slash counts at any depth, here in the"
        " context's root only.",
        example="node_modules    (packages/ui/node_modules travels)",
        better="**/node_modules",
    ),
    CheckRule(
        "CTX213",
        FOLDER_SLASH,
        why="In .gitignore a slash at the end stands for folders only; docker takes it"
        " away before it looks.",
        example="server/    (server is a file)",
        better="server",
    ),
    CheckRule(
        "CTX214",
        NAME_MISSPELLED,
        why="Patterns are compared letter by letter, and case counts.",
        example="run-adk/sec-agent/.env    (there is run-adk/sec_agent)",
        better="run-adk/sec_agent/.env",
    ),
    CheckRule(
        "CTX215",
        LINE_IDLE,
        why="The line names one path, nothing is there, and it is no name that tools"
        " or git expect, so most likely it was moved or deleted.",
        example="src/old/fixtures    (there is no src/old)",
        better="src/new/fixtures",
    ),
    CheckRule(
        "CTX216",
        LINE_REPEATED,
        why="What keeps a folder out, or brings it back, does so with all that is in"
        " it.",
        example="logs\nlogs/*.log",
        better="logs",
    ),
    CheckRule(
        "CTX217",
        LINE_UNDONE,
        why="Of the lines that match a path the last one counts.",
        example="!config\nconfig",
        better="config\n!config/defaults.yml",
    ),
    CheckRule(
        "CTX218",
        NOTHING_TO_BRING_BACK,
        why="A line with ! counts for what lines above it keep out, and for nothing"
        " else.",
        example="!README.md\n*.md",
        better="*.md\n!README.md",
    ),
    CheckRule(
        "CTX219",
        MANY_PATTERNS,
        why="Docker tries each pattern on each path: what a walk takes grows with"
        " both. 400 is no limit of docker's, but more than people write by hand.",
        example="400 lines such as packages/one/dist, packages/two/dist",
        better="**/dist",
    ),
    CheckRule(
        "CTX220",
        HEADER_TOO_LARGE,
        why="BuildKit asks for the context with all patterns in the header of one"
        " request, and a client takes no header above 1,048,896 bytes: each pattern"
        " counts for its length and 48 bytes more. The legacy client has no such"
        " bound.",
        example="16,000 lines, a file each",
        better="a line for each folder",
    ),
    CheckRule(
        "CTX221",
        LINE_NOT_UTF8,
        why="Patterns are compared byte by byte, and names on today's disks are UTF-8.",
        example="caf\\xe9    (saved as Latin-1)",
        better="café    (saved as UTF-8)",
    ),
    CheckRule(
        "CTX222",
        BUILT_BY_KANIKO,
        why="Kaniko is given the folder as it is, and asks the ignore file of each file"
        " that it copies: what is ignored is left out without a word, and docker"
        " fails.",
        example=".dockerignore   config.json\nDockerfile      COPY config.json ./",
        better=".dockerignore   !config.json",
    ),
)
