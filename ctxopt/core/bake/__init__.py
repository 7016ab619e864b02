"""What a bake file builds: its targets as bake reads them, and what is unknown.

    records      targets, problems, places
    reading      the files, the names that are asked for, to targets: the way in
    syntax       text to expressions, settings and blocks, of HCL and of JSON
    evaluation   expressions to values
    functions    the functions bake has, and its types
    scopes       variables, functions, and what a block refers to
    overriding   a variable's text from the environment, as its type
    blocks       what a block says by itself; a matrix is many
    inheriting   blocks merged, parents inherited, groups spread
    overrides    `--set`
    problems     what is wrong, with its line

`reading.read_bake` is the way in: it takes a function that reads a file, and the
environment, and never fails. For example, of `args = { V = timestamp() }` it says
that `args.V` is unknown, and knows the rest of the target.

HCL is read here and not by python-hcl2, which builds its parser from a grammar at run
time (seconds, unless it may write a cache beside itself), keeps heredocs unread, and
has no places for the parts of a JSON file.
"""
