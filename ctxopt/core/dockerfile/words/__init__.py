"""Words that may hold variables: quotes, escapes and `$`.

    expand          the builder's own little shell
    shell_patterns  `${name#pattern}` and its kin

Which instruction expands which of its words is for `tracing` to say.
"""
