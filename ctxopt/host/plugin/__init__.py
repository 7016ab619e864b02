"""ctxopt as a plugin of docker's client, so that `docker ctxopt scan .` runs it.

In this room:

    call    what docker asks of a plugin, and the words that it calls it with
    folder  the folder of docker's plugins, and the link that stands there for us

What docker asks is answered at each `docker --help`: nothing heavy is imported here.
"""
