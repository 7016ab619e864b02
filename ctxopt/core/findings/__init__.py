"""What is wrong with a build or worth knowing of it.

* `codes`: the table of all kinds: code, severity, title, cure, README anchor.
* `closed_folders`: those that cannot be read, and what that means to each builder.
* `collisions`: a file and a folder that are copied to one place.
* `mounts`: those for which everything is sent.
* `problems`: a function for each, which makes the message; `of_error` makes a
  problem of an error.
* `ignore_files`: the words for ignore files that are not read, or not by all.
* `repairs`: the words for a line that brings a source back.
* `instructions`: the same for what only the sources of one instruction together tell.
"""
