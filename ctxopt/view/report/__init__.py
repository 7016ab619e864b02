"""A report for people or for programs.

In this room:

    text       the whole page
    screen     sections that share a screen, each giving way row by row
    header     which build it is, and its sizes
    outcome    what the suggestions come to, and what to type
    secrets    where they are, and how far they go
    advice     the suggestions
    size_bars  where the bytes are
    sources    what each source takes; named contexts
    problems   what would stop the build, and what else is to be known
    json       schema 1
    markdown   a summary for a pull request
    ncdu       all that is sent, as ncdu reads it
"""
