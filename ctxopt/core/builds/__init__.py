"""The builds of a repository: what names them, and what came of measuring them.

In this room:

    records     a build that was found; the measured ones, and what they share
"""
