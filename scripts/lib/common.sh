# Shared by all scripts: where things are, what the machine has, installing what is missing. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT" || exit 1
# shellcheck source=scripts/lib/packages.sh
. "$ROOT/scripts/lib/packages.sh"

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'armarium: %s\n' "$*" >&2; exit 1; }

JOBS=${JOBS:-$(nproc)}

require_debian_12() {
  local system
  system=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}")
  [ "$system" = "debian 12" ] && return
  system=$(. /etc/os-release 2>/dev/null && echo "${PRETTY_NAME:-${ID:-}${VERSION_ID:+ $VERSION_ID}}")
  die "this needs Debian 12, and here is ${system:-an unknown system}; install the packages of scripts/lib/packages.sh yourself and set ARMARIUM_SKIP_INSTALL=1"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Whether as_root works; sudo may ask for a password where someone sits at a terminal.
can_be_root() {
  [ "$(id -u)" = 0 ] && return
  command -v sudo >/dev/null || return
  sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && sudo -p "sudo password of %p, to install packages: " true; }
}

# install_packages NAME… : installs those that are missing, says which, and nothing when all are there.
install_packages() {
  [ -n "${ARMARIUM_SKIP_INSTALL:-}" ] && return
  require_debian_12
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  can_be_root ||
    die "${#missing[@]} packages are missing, and installing them needs root or sudo; as root, run: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  as_root apt-get update -qq || die "apt-get update failed: is there a network?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install the packages above"
}

# The packages that give a Node of at least 18 with npm: none where the machine has its own, else Debian's.
node_packages() {
  if command -v node >/dev/null && command -v npm >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; then
    return
  fi
  echo nodejs npm
}

# configure PRESET [ARGS…]: CMake, only when there is no build folder yet or arguments are given.
configure() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ] || [ $# -gt 0 ]; then
    cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 || {
      cat "build-$preset.log" >&2
      rm -f "build-$preset.log"
      die "CMake could not configure the preset $preset"
    }
    rm -f "build-$preset.log"
  fi
}
