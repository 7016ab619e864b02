"""Why a path of a context is sent or not, and who takes it.

In this room:

    answer     the records: all that is told of a path
    alone      of what one line speaks
    standing   whether a builder lets it through, and which lines say so
    takers     the sources that take it, by name or with all else, and where it goes
    habits     lines that would have kept it out, had they meant what they look like
    variables  build arguments without a value, and the sources that they change
    logged     the errors of a build's log, and the sources that they are about

Nothing is walked for it: a path is judged from its first folder down.
"""
