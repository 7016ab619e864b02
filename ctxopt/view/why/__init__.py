"""Why paths are sent or not, for people or for programs.

In this room:

    text       the page
    verdict    the first sentence: in the context or not, and by what
    lines      what each line of the ignore file did
    takers     who takes it, and where it goes
    cures      what brings it back or keeps it out
    json       schema 1
    logs       the page of a build's log
    causes     what an error in it is about, in words
    log_json   the same in schema 1
"""
