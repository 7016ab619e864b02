"""Pure: values in, values out; no disk, no clock, no terminal.

From the ground up, each room importing only from those before it:

    typed            what typing has, for a program that never looks at types
    tuples           `NamedTuple`, made quickly
    bitmask, paths   sets of sources as bits; a name joined to its folder
    nearest          what a mistyped name is likely to mean
    steps            what is done about builds, for who waits for it
    model            the records that cross stages
    buildcommands    commands and workflows: the builds they name
    golang/          what Go does with text, paths, patterns and expressions
    git/             what git's own files say
    patterns/        Docker's patterns: what one means, many matched side by side
    bake/            what a bake file builds
    gcloud/          what `gcloud builds submit` uploads, by `.gcloudignore`
    secrets/         whether a file holds one, from its path and its first bytes
    dockerfile/      a Dockerfile, from its bytes to what a build of it reads
    timing/          bytes and files as seconds
    buildlog/        docker's output: what stopped a build
    compose/         what a compose project builds
    watching/        what a change means, and when to look again
    ignorefile/      the text of an ignore file, and the block that ctxopt keeps in it
    sources/         what COPY, ADD and mounts name, and what they take
    judging/         is this name sent, and who takes it
    measure/         the fold: judged entries in, sizes out
    builders/        in what BuildKit, the legacy builder and podman differ
    findings/        the words for what is wrong
    why/             whether one path is sent, by which lines, and who takes it
    running/         what the commands of a build do with which files
    suggest/         what to ignore, with which lines, and what must stay
    picture/         where bytes lie, and what any choice of suggestions comes to
    configuration/   what a project says of how ctxopt is to work
    verify           our numbers beside docker's
    checking/        what a check looks for, and what becomes of what it finds
    builds/          the builds of a repository: what names them, what came of them
    fleet/           many repositories: where they are, what came of each
"""
