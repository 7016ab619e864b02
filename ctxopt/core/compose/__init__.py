"""A compose project -> its builds, as docker compose would build them.

    read_project(["compose.yaml"], environment=environment, read=read).builds

Nothing here looks at the disk or at the process: `read` gives the content of a file,
and the environment is a mapping. PyYAML is imported when the first file is loaded.
What docker compose would refuse is a problem with its line; the other builds go on.

In this room, from the ground up:

    records         a build, its contexts, a problem; the project as a whole
    nodes           what stands in a file, each with its line
    scalars         what an unquoted word of YAML means, and how Go prints it
    loading         bytes -> documents of nodes
    interpolation   `${NAME:-default}` in a text
    dotenv          an `.env` file -> variables
    surroundings    the folder, the variables and the files that a file is read with
    documents       a file -> its documents with the values of variables
    contexts        which folder or address a context is
    merging         one file over another; `!reset` and `!override`
    extending       `extends`
    including       `include`
    services        services -> builds
    reading         the whole: which files, and what they come to
"""
