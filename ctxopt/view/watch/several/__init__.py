"""`ctxopt watch` of several builds: lines, JSON, and a screen with a table of them.

In this room:

    words   a change in words: which builds and layers it unsettles
    lines   line by line, for people
    objects  the same as JSON, an object a line
    table   the builds, a row each
    changes  the last changes, as a part of the screen
    screen  all of it on a terminal
"""
