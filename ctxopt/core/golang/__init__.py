r"""What the builders inherit from Go, where Python differs by a hair.

    regexp, automaton   regular expressions, read and run; scripts has `\p{Greek}`
    filepath_match      the wildcards of COPY
    paths               path.Clean and its kin
    text                runes, white space, case, numbers
    jsonarray           `["a", "b"]` as encoding/json takes it
    durations, quoting  `1m30s`, `%q`
    errors              a rule is broken; who knows the place says where

Facts about Go, with their source; nothing here knows of Docker.
"""
