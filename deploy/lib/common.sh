# shellcheck shell=bash
# Messages, arguments, waiting and Debian packages for the scripts in deploy/ and Tests/EndToEnd.
# Sourced, never run. Chatter goes to stderr, so that stdout carries results alone.

note() { printf '      %s\n' "$*" >&2; }
warn() { printf '%s: warning: %s\n' "${0##*/}" "$*" >&2; }

# One clear line, then exit. Status 2 means "wrong use", 1 everything else.
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
die_usage() { printf '%s: %s (see --help)\n' "${0##*/}" "$*" >&2; exit 2; }

# step "what": numbered heading. The caller sets steps_total before the first one.
step() {
    steps_done=$((${steps_done:-0} + 1))
    printf '[%d/%d] %s\n' "$steps_done" "${steps_total:?}" "$*" >&2
}

# Absolute form of a path that need not exist; symbolic links are kept as they are.
absolute_path() {
    case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$PWD" "$1" ;;
    esac
}

# wait_until SECONDS COMMAND…: polls five times a second, or each `wait_pause`; 1 when the deadline passes first.
# COMMAND may end the script itself (die) when waiting on is pointless.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep "${wait_pause:-0.2}"
    done
}

package_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages NAME…: installs the Debian packages that are missing. Needs root or sudo only if one is.
need_packages() {
    local name missing=()
    command -v dpkg-query >/dev/null || die "this is not a Debian system (no dpkg): install the equivalents of: $*"
    for name in "$@"; do
        package_installed "$name" || missing+=("$name")
    done
    if ((${#missing[@]} == 0)); then
        note "already there: $*"
        return
    fi
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die "missing packages need root: run as root, or first: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    note "installing: ${missing[*]}${as_root[*]:+ (with sudo)}"
    local log
    log=$(mktemp)
    # A slim image has no man folder, and the JRE's alternatives fail without it.
    if ! {
        "${as_root[@]}" mkdir -p /usr/share/man/man1 &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
                -o DPkg::Lock::Timeout=120 "${missing[@]}"
    } </dev/null >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        die "apt-get could not install: ${missing[*]}"
    fi
    rm -f "$log"
}

# What building and running needs beside the toolchain. zookeeper brings a Java runtime with it and starts no service.
# shellcheck disable=SC2034  # read by the scripts that source this
storm_packages=(libzookeeper-mt-dev zlib1g-dev zookeeper)

# The tools version of Package.swift, checked before SwiftPM says it in a less friendly way.
need_swift() {
    command -v swift >/dev/null ||
        die "no swift in PATH: install a Swift 6.3 toolchain for Debian 12 (https://www.swift.org/install/linux/)"
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    [[ $version ]] || die "'swift --version' does not answer: is the toolchain complete?"
    local major=${version%%.*} minor=${version#*.}
    ((major > 6 || (major == 6 && minor >= 1))) || die "Swift $version is too old: 6.1 is the oldest that builds this"
    note "Swift $version"
}
