"""What the commands of a build do, and with which files of the context.

In this room:

    syntax    a text of the shell: words, operators, and which branches there are
    shell     the text of a RUN as its single commands, each with its folder
    piping    what a command gets through a pipe, and what find executes
    packing   what a command packs into one file
    wrapping  what stands around a command, and what programs start
    words     what the words of one command are: paths, outputs, folders to go to
    places    where a path of the context comes to lie, in which stage
    whereabouts  the folder that a shell is in, and those that it may be in
    ownplace  where a script goes that asks where it lies
    manifests  what a manifest in JSON says
    tasks     what tasks are, and what the scripts of a package run
    justfiles the recipes of a justfile, of its imports and its modules
    justruns  which of them just runs
    taskfiles the tasks of a Taskfile, and of those that it includes
    taskruns  which of them task runs, and what keeps it from one
    declared_tasks  what tasks run that a manifest declares: of mise, hatch, composer
    toxenvs     what tox runs in its environments
    entrypoints  the programs that projects of Python install
    makefiles   what a Makefile says
    targets     which of its recipes make runs, and what keeps it from one
    generating  what `go generate` runs
    membercalls  what commands run in members of a workspace: `turbo run build`
    members   the packages of a workspace that a script is run in
    cargoruns  the program of a workspace that cargo starts
    projects  what targets of nx run
    rush      what rush runs in its projects
    commands  the commands of a build, one by one
    reading   the files that commands name, with what commands copy
    modules   the files that a program takes in by imports
    configurations  the configurations that programs run
    programs  what programs of the project start and read
    taskcalls     what commands run of files of tasks: of make, just and task
    manifestcalls  what they run of tasks that a manifest declares, and of tox
    packagecalls  what package managers run: scripts, in members of a workspace, too
    calls     the scripts, tasks and programs that they call, with all that those do
    following  all commands of a build, with what they call
    mentions  the paths of the context that commands use

Rule: these are signs, not proofs. A shell is not run; what it would only know at run
time (a variable, a glob, a condition) is read as if all of it happened; but who makes a
path anew is asked of commands that are certain to run.
"""
