"""Many repositories, for people and for programs; all of it is made of one report.

In this room:

    text     what a terminal shows at the end: sums, the largest, codes, failures
    progress one line while a fleet is gone through
    jsonl    report.jsonl: schema ctxopt/fleet/1, a line a repository
    markdown summary.md
    sarif    report.sarif: the findings of all in one run
    places   where a repository is, as a URI
    words    sums, assumptions and failures, as all of them say it
    columns  rows of a name and numbers, for a terminal
"""
