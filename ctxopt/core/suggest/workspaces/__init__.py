"""Members of workspaces: folders that a manifest lists, and that a build may need.

`tests` may be a crate that `cargo build` loads the manifest of; who ignores the folder
breaks the build, although no COPY names it.

    declared        what a manifest lists, and on which line
    toml_manifests  Cargo.toml and pyproject.toml
    json_manifests  package.json and its kin
    text_manifests  solutions, POMs, settings.gradle, YAML and other lines
    kinds           which file is a manifest of which tool
    listing         the members that the manifests of a folder list
    members         the members of a context, found from the folders above a path
"""
