"""Many repositories, for people and for programs; all of it is made of one report.

In this room:

    text         what a terminal shows at the end: sums, the largest, codes, failures
    progress     one line while a fleet is gone through
    jsonl        report.jsonl: schema ctxopt/fleet/1, a line a repository
    page         index.html: its content, and the files that it is made of
    markdown     summary.md
    sarif        report.sarif: the findings of all in one run
    comparison/  two reports compared
    words        sums, assumptions and failures, as all of them say it
    columns      rows of a name and numbers, for a terminal
    places       where a repository is, as a URI

The rest is the page's own: `fleet.html`, `fleet.css` and scripts, which stand in the
frame and behind the style and scripts of `view/page/` that any page has:

    rows     the content; which rows are wanted, and what these come to
    table    heads that sort, rows a slice at a time
    fleet    what is drawn anew when something is asked for, and what listens
"""
