"""A build as its builder reads it; nothing walked.

In this room:

    prepare  Dockerfile and ignore file read, in the order in which they are refused
    build    what comes of it: roots, sources, what to measure
"""
