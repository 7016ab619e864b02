"""Of every name: is it sent, and who takes it.

In this room:

    judge    ignore file, request and sources asked at once; where a folder is pruned
    joint    several jobs' states asked at once, and who agrees
    pairs    a change of the ignore file, by names: before and after
    path     one path judged alone, without a walk
    special  states of walks that ask another question
    matching which lines of a list match something that is let through
    rows     what flows from the walk: folders and their judged rows
    entry    one thing found, with what the wire formats need of it
"""
