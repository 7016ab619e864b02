"""A fleet of repositories, from the words that name them to the folder of a report.

In this room:

    sources     words of a command line -> sources
    task        one of them, on whatever worker it falls to
    running     all of them, but for those that are known
    joining     what is kept of them -> the record that the views read
"""
