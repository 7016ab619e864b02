"""What a build of a Dockerfile reads, stage by stage.

In this room:

    stages    which stage stands on which; variables of `FROM`
    trace     BuildKit: only the stages that the target needs
    all_stages  all stages, also those that one build does not execute
    classic   the legacy builder: every stage, one by one
    copies    what COPY and ADD name; which of their words can hold variables
    plain     the instructions that read nothing
    owners    who owns what is copied, where a name has to be looked up
    stray_bytes  commands that are not UTF-8
    triggers  ONBUILD
    features  what only BuildKit understands
"""
