"""Words that may hold variables: quotes, escapes and `$`.

    expand          the builder's own little shell
    variables       the variables of a stage, and what is not known of them
    shell_patterns  `${name#pattern}` and its kin

Which instruction expands which of its words is for `tracing` to say.
"""
