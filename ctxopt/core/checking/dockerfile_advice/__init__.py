"""Advice on a Dockerfile that needs no context: what is said of it, as problems.

* `reading`: the stages of a build with the commands of each RUN told apart.
* `calls`: what package managers are asked in them.
* `images`: images without a tag, and with `latest`.
* `packages`: lists and caches of package managers that stay in a layer.
* `layers`: RUNs that could be one.
* `owners`: files that a RUN gives another owner, and stores once more.
* `compilers`: what compiles, left in the image that it made.
* `additions`: ADD where COPY does the same.
* `dead`: instructions that count for nothing.

Nothing is said of a stage that is thrown away, where it costs nothing there; and
nothing where a command, a shell or an image that cannot be read decides.
"""
