"""Many repositories, for people and for programs; all of it is made of one report.

In this room:

    jsonl    report.jsonl: schema ctxopt/fleet/1, a line a repository
"""
