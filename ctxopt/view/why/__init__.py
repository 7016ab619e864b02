"""Why paths are sent or not, for people or for programs.

In this room:

    text       the page
    verdict    the first sentence: in the context or not, and by what
    lines      what each line of the ignore file did
    takers     who takes it, and where it goes
    cures      what brings it back or keeps it out
    json       schema 1
"""
