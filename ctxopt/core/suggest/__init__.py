"""What to ignore: from what the walk met to lines that are proven harmless.

In this room:

    propose      rules and evidence become proposals, and how sure we are of each
    claims       what each rule may take of what it hits: why `vendor` is held back
    shaping      the lines of a rule for what it may take
    proposals    what is proposed so far, and the facts of the build
    evidence     proposals from more than names
    openfinds    the finds that evidence may still speak of
    remade       what of a find the build itself makes
    protections  what must stay, whatever rule hits it: why `.git` is held back
    saying       what sources say by name
    remaining    what is left for a source like `COPY * ./`
    unsettling   what changes by itself, and unsettles the layers that take it
    conditions   when a rule holds for a path
    rules        the rules as data: rules.toml, read from rules_table
    tables       rules as TOML says them, those of a project too
    policy       what a project says of its own: rules, and what is never suggested
    ids, naming  ids of suggestions, and what a person may call them
    catalogue    the rules as one index for the walk
    expectations folders that stay, because a program expects them
    hints        what the build and its manifests say
    others       the other Dockerfiles of an ignore file, asked together
    apart        whether a container starts a command where a find cannot be
    workspaces/  members of workspaces, which a manifest lists
    signs        lines that show what a build reads
    history      who reads `.git`: commands, and manifests that they build
    askers       the manifests that may ask git
    buildlogic   the sources that Gradle compiles before it builds
    related      the projects that others refer to, and build with themselves
    repositories what the build clones, where git asks nothing of `.git`
    makers       the commands of a build that make something
    making       what the build makes anew, and what its image needs as it is
    nobuilds     commands of build tools that build nothing
    elsewhere    where commands are told to put what they make
    chosen       what is made in members of a workspace that a command selects
    moving       where commands put what the build has of the context
    lines        the shortest lines that hit some paths and no others
    preventive   lines for what is not there yet
    topics       what lines are about: the sections of the block
    comments     what the block says of its lines
    embeds       what sources take into their program
    imports      what git ignores and tracked sources import
    gathering    the questions about git's lines as one
    gitlines     git's own lines, where they do
    landings     what only stages get that are thrown away
    foreign      programs that no container runs
    programs     compiled programs by their first bytes
    standing     what git says of finds: tracked, ignored
    savings      the difference of two exact measurements
    weighing     what is shown of proposals, by rank
"""
