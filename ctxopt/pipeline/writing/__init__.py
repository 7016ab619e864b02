"""Proposals to the ignore file, simulated before anything is touched.

In this room:

    plan        a file as it stands, and the content it is to have; written from here
    target      which file that is
    consents    the suggestions by who has to agree
    drafting    what could be written, and the plan for those that are wanted
    agreeing    which of them both builders accept, and why the others are left out
    removal     the plan to take the block out again
    several     drafts and plans for the ignore files of many builds
    allow_list  the plan for a file that lets through what the sources name
"""
