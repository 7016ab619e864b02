"""Single files and paths.

In this room:

    inputs     the files that a build begins with
    bounded    reading with a bound: nothing is read for ever
    tree       what stands at a path, for links and sources
    probe      a second look, after the walk: beside and inside
    manifests  what manifests say
    paths      what stands at single paths now, for those who watch
    replace    a user's file written whole or not at all
"""
