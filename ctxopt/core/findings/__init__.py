"""What is wrong with a build or worth knowing of it.

* `codes`: the table of all kinds: code, severity, title, cure, anchor.
* `problems`: a function for each, which makes the message; `of_error` makes a
  problem of an error.

Where there is more to say than a function or two:

* `copied`: sources of COPY, ADD and mounts: not found, or not what was meant.
* `instructions`: what only the sources of one instruction together tell.
* `collisions`: a file and a folder that are copied to one place.
* `mounts`: those for which everything is sent.
* `repairs`: the line that brings a source back.
* `ignore_files`: those that are not read, or not by all.
* `secrets`: files with a secret in them.
* `closed_folders`: those that cannot be read, and what that means to each builder.
"""
