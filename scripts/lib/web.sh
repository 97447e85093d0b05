#!/usr/bin/env bash
# The part of the site that needs the network: our scripts, the fonts, OpenSeadragon, Mirador and Universal Viewer, put into web/dist, from where the
# build's target `site` packs them. Fails with one sentence when it cannot; the build goes on without, and the site says so. What is fetched is named with
# its hash in web/package-lock.json and web/viewers.lock.json, and nothing else is accepted. Does nothing when web/dist is up to date.
set -euo pipefail

web_inputs_hash() {
    (cd "$1" && cat package-lock.json viewers.lock.json build.mjs src/*.ts | sha256sum | cut -d' ' -f1)
}

# The viewers come as their published package files alone: their dependencies are already in them.
fetch_viewer() {
    local web=$1 name=$2 version=$3 integrity=$4
    local target="$web/node_modules/.viewers/$name" work
    [ "$(cat "$target/.integrity" 2>/dev/null)" = "$integrity" ] && return 0
    work=$(mktemp -d) || return 1
    if (cd "$work" && npm pack --silent --ignore-scripts "$name@$version" >/dev/null) \
        && [ "sha512-$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w0)" = "$integrity" ]; then
        rm -rf "$target" && mkdir -p "$target" \
            && tar -xzf "$work"/*.tgz -C "$target" --strip-components=1 --no-same-owner \
            && printf '%s\n' "$integrity" > "$target/.integrity"
    else
        rm -rf "$work"
        echo "web: $name $version could not be fetched, or is not the file that viewers.lock.json names" >&2
        return 1
    fi
    rm -rf "$work"
}

# build_web ROOT
build_web() {
    local web="$1/web" complete=yes hash name version integrity
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
        echo "web: npm is not installed; building without the zoom viewer, Mirador and Universal Viewer" >&2
        return 1
    fi
    hash=$(web_inputs_hash "$web")
    if [ "$(cat "$web/dist/.inputs" 2>/dev/null)" = "$hash" ]; then
        return 0
    fi
    if ! (cd "$web" && npm ci --silent --no-progress); then
        echo "web: npm ci failed (is the network there?); building without the zoom viewer, Mirador and Universal Viewer" >&2
        return 1
    fi
    while read -r name version integrity; do
        fetch_viewer "$web" "$name" "$version" "$integrity" || complete=no
    done < <(node -e 'for (const [n, v] of Object.entries(JSON.parse(require("fs").readFileSync(process.argv[1])))) console.log(n, v.version, v.integrity)' \
        "$web/viewers.lock.json")
    (cd "$web" && node build.mjs) || return 1
    # An incomplete set is used as it is and tried again next time.
    [ "$complete" = yes ] || return 1
    printf '%s\n' "$hash" > "$web/dist/.inputs"
}

build_web "$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
