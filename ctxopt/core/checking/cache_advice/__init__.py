"""What makes layers anew without need: what is said of it, as problems.

* `installers`: the commands that install what manifests name, and those manifests.
* `orders`: dependencies that are installed after the whole project was copied.
* `broad`: what of the context lies where in a stage, and the COPY that brought it.
* `unsettled`: layers that take what changes by itself.
* `removed`: what is copied, and deleted in the next step.
"""
