"""What `ctxopt write` shows and asks.

In this room:

    dialogue    the diff, before and after, one question at a time
    several     the ignore files of many builds: what each build sends then
"""
