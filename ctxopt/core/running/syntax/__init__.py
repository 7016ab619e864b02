"""What stands in a text of the shell, before anybody asks what it does.

In this room:

    tokens    words and operators
    braces    a word with braces as the words that it stands for
    pieces    the words between two operators, those of a `case` told apart
    grammar   the tree of the commands: conditions, loops, groups
    branches  which commands are run whatever happens, and which only may be
    ways      the branches that lead to a command, and whether one of some is certain
"""
