"""Where nobody looks for secrets, and names of which only the content can tell.

Little but constants, as every scan imports them.
"""

from __future__ import annotations

# What others published, or what tools keep: keys in there are those of tests, and no
# text in there is about this project.
FOREIGN = (
    *("**/node_modules", "**/bower_components", "**/jspm_packages", "**/.git"),
    *("**/.hg", "**/.svn", "**/.venv", "**/venv", "**/.tox", "**/.nox"),
    *("**/site-packages", "**/dist-packages", "**/__pycache__", "**/vendor"),
    *("**/Pods", "**/.yarn/cache", "**/.pnpm-store", "**/.pub-cache"),
    *("**/.next", "**/.nuxt", "**/.svelte-kit", "**/.turbo", "**/.parcel-cache"),
    *("**/.gradle", "**/.m2/repository", "**/.cargo/registry", "**/.bundle/cache"),
    *(
        "**/.mypy_cache",
        "**/.ruff_cache",
        "**/.pytest_cache",
        "**/.terraform/providers",
    ),
    *("**/.pixi", "**/.conda", "**/.stack-work", "**/.dart_tool", "**/deps"),
)

# The word of `rules.toml` for a name without an extension, or with one that nobody
# knows: no pattern can say that.
PLAIN = "**/:plain"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KNOWN_EXTENSIONS = _words(
    """
    7z a aar adoc ai apk arb arrow asm asset astro avi avif avro awk bash bat bazel
    beam bib bin blend bmp bz2 bzl c cc cfg cjs class clj cljc cljs cmake cmd conf
    cpp crate cs cshtml csproj css csv csx cts cu cuh cxx d dart dat db deb desktop
    diff dist dll dmg doc docx dylib ear editorconfig edn eex egg ejs el elm
    entitlements env eot eps epub erb erl ex example exe exs f f90 fbx feather fish
    flac frag fs fsi fsproj fsx ftl gem gemspec geojson gguf gif gitkeep glb glsl
    gltf go gql gradle graphql graphqls groovy gz h h5 haml hbs hcl hdf5 heex heic
    hh hlsl hpp hrl hs htm html hxx icns ico ics idx img ini ipa ipynb iso j2 jade
    jar java jinja jinja2 jl jpeg jpg js json json5 jsonc jsonl jsx keep kt kts leex
    less lib liquid lisp lock log lua lz4 m m4a m4v map mat md md5 mdb mdx meta mjs
    mk mkv ml mli mly mm mo mod mov mp mp3 mp4 mts mustache nim nix njk node npy npz
    nupkg o obj odt ogg ogv onnx orc otf pack parquet pas patch pbxproj pdb pdf phar
    php phtml pickle pkl pl plist pm png po pot ppt pptx prefab properties props
    proto ps1 psd psd1 psm1 pt pth pub pug py pyc pyd pyi pyw pyx r rake rar razor
    rb resx rev rkt rpm rs rst rtf s safetensors sample sass sbt sc scala scm scss
    service sh sha1 sha256 sha512 sig slim sln slnx snap so socket sol sql sqlite
    sqlite3 srt stl storyboard strings styl sum sv svelte svg swift swp tar targets
    tcl template tex tf tfstate tfvars tgz thrift tif tiff timer tmpl toml tpl ts
    tsv tsx ttf twig txt typed unity v vb vbproj vbx vcxproj vert vhd vim vtt vue
    war wasm wav webm webp wgsl whl woff woff2 xaml xcconfig xhtml xib xlf xls xlsx
    xml xsd xsl xslt xz yaml yml zig zip zsh zst
    """
)
_KNOWN_NAMES = _words(
    """
    appfile artisan authors brewfile build caddyfile capfile changelog changes
    cheesefile codeowners config.ru containerfile contributors copying dangerfile
    dockerfile earthfile fastfile gemfile gnumakefile gradlew guardfile history
    install jenkinsfile justfile licence license maintainers makefile metadata mvnw
    notice pipfile podfile procfile rakefile readme record tiltfile todo vagrantfile
    version wheel workspace
    """
)
# `.gitignore`, `.eslintrc` and `.node-version` are settings that everybody sees.
_KNOWN_ENDS = (
    "ignore",
    "rc",
    "-version",
    ".keep",
    "attributes",
    "modules",
    ".DS_Store",
)


def is_plain(name: str) -> bool:
    """Whether a name has no extension, or one that nobody knows."""
    if not may_end_plain_name(name[name.rfind(".") :]):
        return False
    if name.startswith(".") and name.endswith(_KNOWN_ENDS):
        return False
    return name.partition(".")[0].lower() not in _KNOWN_NAMES


def may_end_plain_name(ending: str) -> bool:
    """Whether a name may be plain that ends so, from its last dot on.

    Without one, the ending is its last character.
    """
    return ending[:1] != "." or ending[1:].lower() not in _KNOWN_EXTENSIONS


# Patterns that hit many files: their content has to tell, and there is a bound on them.
WIDE = frozenset(
    {
        *(PLAIN, "**/*.json", "**/*.yml", "**/*.yaml", "**/*.conf", "**/*.cfg"),
        *("**/*.ini", "**/*.properties", "**/*.toml"),
    }
)

MOST_WIDE = 2_500  # files of such names that a walk notes
MOST_READ = 2_000  # files that are looked into
HEAD_BYTES = 16 * 1024  # of each of them
LARGEST_BYTES = 256 * 1024  # what is larger is no login, but a store or a state
