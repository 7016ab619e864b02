"""`ctxopt watch` on a terminal, in lines, as JSON.

In this room:

    live             the alternate screen of a terminal, taken and given back
    screen_state     what is selected, chosen, unfolded on it
    screen           blocks below one another; what gives way where they do not fit
    block            a part of the screen that can be shorter than it would like
    header           which build it is, and whether it would fail
    sizes            the sizes now, the budget, and the last minutes
    sparkline        a course of values in one line
    change_list      the last changes
    frequent_list    what changes again and again
    suggestion_list  what to ignore, and why
    preview          what is about to be written
    footer           what was written, what there is to say, the keys
    marks            the characters and tones of the screen
    changes          one change in words
    events           line by line
    several          the same for several builds at once
"""
