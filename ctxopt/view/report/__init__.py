"""A report for people or for programs.

In this room:

    text       the whole page
    size_bars  where the bytes are
    advice     the suggestions
    json       schema 1
"""
