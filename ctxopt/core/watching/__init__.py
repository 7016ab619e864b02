"""What a change means, and when to look again.

In this room:

    debounce  events in, changed folders out
    restless  paths that change again and again, counted
    impact    which instructions of the next build run again
    moment    what `ctxopt watch` knows at one moment
    several   the same of several builds, and what a change means for each
    record    what each entry looked like, in a few bytes
"""
