"""The builds of a repository: what names them, and what came of measuring them.

    said = [*said_by_compose(project), *said_by_bake(reading, "")]
    named_builds(said, "")      # ("web", "api", "docker/worker")

In this room:

    records       a build that was found; the measured ones, and what they share
    kinds         which files name builds, by their name or their text
    said          a build as one file names it
    yamltexts     what stands at a key of a YAML file
    composing     compose projects -> builds
    baking        bake's targets -> builds
    expressions   what the expressions of a workflow come to
    matrix        the rows of its matrix
    workflows     workflows of GitHub and its kin -> builds
    skaffold      skaffold.yaml -> builds
    devcontainer  devcontainer.json -> builds
    world         with what files are read, and what each of them says
    composefiles  compose files, as docker compose reads them in their folder
    bakefiles     bake files, from the folder that bake runs in
    reading       the files of the other tools
    globs         globs of Dockerfiles
    nearness      a Dockerfile that no file names -> its context, and why
    naming        names that are short and unique; the order of files
    choosing      which builds are taken, and the line that says so
    answers       what docker makes of the same files, and where the two part
    problems      what is wrong with them: each thing once, with the builds that have it
    repeated      what the builds of one call send several times
    totals        what all of them save together
    merging       what several builds say of one ignore file, made one
    sharing       what lines for several builds save each of them
"""
