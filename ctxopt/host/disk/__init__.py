"""Single files and paths.

In this room:

    inputs     the files that a build begins with
    lookaround what stands in the place of a Dockerfile, or below
    bounded    reading with a bound: nothing is read for ever
    tree       what stands at a path, beside it and in it, for links, sources and rules
    configuration  the configuration file of a context, found upwards
    probe      a single file as the entry of a context
    buildfiles   which files below a folder name builds
    texts        texts that people wrote, read once each
    dockerfiles  where Dockerfiles are, without a walk
    uploaded   a folder as gcloud walks it
    named      the builds that compose files, workflows and scripts name
    manifests  what manifests say
    paths      what stands at single paths now, for those who watch
    replace    a user's file written whole or not at all
    pages      a page that is looked at, where it lies meanwhile
    calibration    what the user's own builds taught
"""
