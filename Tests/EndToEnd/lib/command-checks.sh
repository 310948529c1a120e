# shellcheck shell=bash
# What a command prints and with which status it ends. Sourced after lib/check.sh.

scratch=${scratch:-}

# What the last command of `prints` printed.
printed=""
# prints PATTERN COMMAND…: COMMAND succeeds, and a line of its standard output matches.
prints() {
    local pattern=$1
    shift
    printed=$("$@") || { echo "exit code $?"; return 1; }
    grep -qE -- "$pattern" <<<"$printed" || { printf 'no line matches %s in:\n%s\n' "$pattern" "$printed"; return 1; }
}

# fails CODE PATTERN COMMAND…: exit code CODE, nothing on standard output, and a line of standard error that matches.
fails() {
    [[ $# -ge 3 ]] || return 1
    ends "$@" || return
    [[ ! -s $scratch/out ]] || { echo "on standard output:"; cat "$scratch/out"; return 1; }
}

# ends CODE PATTERN COMMAND…: exit code CODE, and a line of standard error that matches; any, for an empty pattern.
ends() {
    local code=$1 pattern=$2 status=0
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    ((status == code)) || { echo "exit code $status, not $code"; cat "$scratch/err"; return 1; }
    [[ ! $pattern ]] || grep -qE -- "$pattern" "$scratch/err" || { echo "standard error:"; cat "$scratch/err"; return 1; }
}

# json PROGRAM COMMAND…: what COMMAND prints is one JSON document, and the Python expression PROGRAM holds for it as `d`.
json() {
    local program=$1
    shift
    "$@" | python3 -c "import json, sys; d = json.load(sys.stdin); sys.exit(0 if ($program) else repr(d))"
}

# json_lines PROGRAM COMMAND…: as json, with a document on each line and `d` the list of them.
json_lines() {
    local program=$1
    shift
    "$@" | python3 -c "import json, sys; d = [json.loads(line) for line in sys.stdin]; sys.exit(0 if ($program) else repr(d))"
}

# bounded SECONDS COMMAND…: for commands that wait by themselves.
bounded() { timeout --foreground -k 5 "$@"; }
