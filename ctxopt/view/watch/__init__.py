"""`ctxopt watch` on a terminal, in lines, as JSON.

In this room:

    live         the alternate screen of a terminal, taken and given back
    screen       always whole, whatever the size of the terminal
    change_list  the last changes on it
    sparkline    a course of values in one line
    changes      one change in words
    events       line by line
"""
