"""What `ctxopt check` looks for, and what becomes of what it finds.

* `records`: a `CheckRule`, a `Diagnostic` (a problem under its rule) and a `Fix`.
* `families/`: the rules by their hundreds, a file each: number, finding, reason and
  example.
* `catalogue`: all of them, found by number, by word or by the start of a number.
* `lines`: the words for lines of an ignore file, and their fixes.
* `fixing`: fixes put into the text of a file.
* `settings`: what the user asked for: rules, severities, budgets, when to fail.
* `budgets`: sizes beside what they may be, and beside what they were.
* `silencing`: comments `# ctxopt: ignore=CTX201`, and those that silence nothing.
* `places`: where a diagnostic is shown in a review, and what makes it the same one.
* `cache_advice/`: what makes layers anew without need.
* `dockerfile_advice/`: what is said of a Dockerfile without its context.
* `several`: the checks of several builds as one, what many have told once.
* `selecting`: diagnostics in, those that count out, with the severity they count as.
"""
