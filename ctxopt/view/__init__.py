"""A report becomes text or JSON here: the one place where bytes become words.

In this room:

    terminal/  lines, streams, keys, sizes as words
    report/    `scan`: text and JSON
    page/      `scan`: a page for a browser
    builds/    `scan` of all builds of a repository: text and JSON
    why/       `why`: text and JSON
    watch/     `watch`: the screen, lines, JSON lines
    write/     `write`: the diff and the questions
    check/     `check` and `explain`: text, JSON and the forms of CI
    fleet/     `fleet`: many repositories, as text, JSON, SARIF and a page
    verify     `verify`
    markdown   names and tables as GitHub's Markdown takes them
    configuration  what applies, and from where
"""
