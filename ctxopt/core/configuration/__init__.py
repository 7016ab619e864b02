"""What a project, a machine and a command line say of how ctxopt is to work.

    [tool.ctxopt]
    file = "docker/Dockerfile"
    max-transfer-size = "50MB"

In this room:

    keys     the schema: each key, what it may hold, and who reads it
    values   what a key may hold: from TOML, and from the words of a variable
    places   the line of a key in the text of its file
    tables   a TOML text -> settings, each with its place
    variables  variables of the environment -> settings
    builds   what holds for one of several builds
    layers   settings of several layers -> one `Configuration`
"""
