# shellcheck shell=bash
# What the end-to-end scripts share: a scratch folder, checks that go on after a failure, a summary. Sourced.
# Needs deploy/lib/common.sh and, for leftovers, a process mark.

checks=0
failures=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/storm-end-to-end.XXXXXX")
# Inherited by everything a script starts; tells its leftovers from other people's processes.
check_mark="check-$$-${RANDOM}${RANDOM}"

passed() { checks=$((checks + 1)); printf '  ok    %s\n' "$1" >&2; }
failed() {
    checks=$((checks + 1))
    failures=$((failures + 1))
    printf '  FAIL  %s\n' "$1" >&2
    [[ ! ${2:-} ]] || printf '%s\n' "$2" | sed 's/^/          /' >&2
}

# check NAME COMMAND…: ok when COMMAND succeeds; what it printed is shown when it does not.
check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then passed "$name"; else failed "$name" "$said"; fi
}

# marked COMMAND…: runs it so that all its descendants carry the mark.
marked() { env "CHECK_MARK=$check_mark" "$@"; }
marked_pids() { grep -lzFx "CHECK_MARK=$check_mark" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 || true; }
nothing_marked_runs() { [[ -z $(marked_pids) ]]; }

# nothing_left: 1, and what is left on stdout, if a marked process still runs after 10 s.
nothing_left() {
    wait_until 10 nothing_marked_runs && return
    local pid
    for pid in $(marked_pids); do printf '%s: %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"; done
    return 1
}

# For EXIT traps and the last line of each script.
check_cleanup() {
    local pid
    for pid in $(marked_pids); do kill -KILL "$pid" 2>/dev/null || true; done
    rm -rf -- "$scratch"
}
check_summary() {
    printf '%s: %d checks, %d failed\n' "${0##*/}" "$checks" "$failures" >&2
    ((failures == 0))
}
