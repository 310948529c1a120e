#!/bin/bash
# Tests deploy/quickstart.sh itself against a stand-in for `storm`: its arguments, its exit codes, and that no way out
# leaves a process or a file. Takes a few seconds and needs no build.
# usage: Tests/EndToEnd/scripts.sh
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR
{
    source "$root/deploy/lib/common.sh"
    source "$root/deploy/lib/text.sh"
    source "$here/lib/check.sh"
}
trap check_cleanup EXIT

quickstart=$root/deploy/quickstart.sh
mkdir -p "$scratch/bin" "$scratch/tmp" "$scratch/work dir"
install -m 755 "$here/lib/fake-storm" "$scratch/bin/storm"
install -m 755 "$here/lib/fake-storm" "$scratch/bin/WordCount"
# The scripts' own package check is not what is tested here: everything counts as installed.
printf '#!/bin/sh\necho installed\n' >"$scratch/bin/dpkg-query"
chmod 755 "$scratch/bin/dpkg-query"

# fake MODE ARGUMENT…: the quickstart with the stand-in, in the work folder; stdout and stderr are kept in files.
# Deadlines are long, except where one is meant to pass.
fake() {
    local mode=$1 seconds=30 stop_seconds=30
    shift
    case $mode in
    never-ready | never-counts) seconds=3 ;;
    ignores-term) stop_seconds=2 ;;
    esac
    cd "$scratch/work dir"
    marked env --default-signal=INT,QUIT PATH="$scratch/bin:$PATH" TMPDIR="$scratch/tmp" FAKE_MODE="$mode" \
        FAKE_TEXT_LIBRARY="$root/deploy/lib/text.sh" QUICKSTART_BIN="$scratch/bin" \
        QUICKSTART_SECONDS="${FAKE_SECONDS:-$seconds}" CLUSTER_READY_SECONDS="$seconds" \
        CLUSTER_STOP_SECONDS="$stop_seconds" \
        "$quickstart" "$@" </dev/null >"$scratch/out" 2>"$scratch/err"
}

state_is_gone() { [[ -z $(ls -A "$scratch/tmp") ]] || { ls -R "$scratch/tmp"; return 1; }; }

# ends STATUS TEXT MODE ARGUMENT…: exit status, a line of stderr that contains TEXT, nothing left running.
ends() {
    local status=0 wanted=$1 text=$2
    shift 2
    (fake "$@") || status=$?
    [[ $status == "$wanted" ]] || { echo "exit status $status, not $wanted"; cat "$scratch/err"; return 1; }
    grep -qF -- "$text" "$scratch/err" || { echo "no '$text' in:"; cat "$scratch/err"; return 1; }
    nothing_left
}

# refused TEXT ARGUMENT…: as `ends`, with one line on stderr and nothing started.
refused() {
    local status=$1 text=$2
    shift 2
    ends "$status" "$text" normal "$@" && [[ $(wc -l <"$scratch/err") == 1 ]] && state_is_gone
}

wrong_use() {
    cd "$scratch/work dir"
    : >empty.txt
    mkdir -p folder
    check "once without an output is refused" refused 2 "--output" --once empty.txt
    check "output without once is refused" refused 2 "--once" --output x empty.txt
    check "an option without its value is refused" refused 2 "--output needs" --once --output
    check "an unknown option is named" refused 2 "'--frobnicate'" --frobnicate
    check "a missing input is named" refused 1 "'nowhere.txt'" --once --output x nowhere.txt
    check "a folder as input is refused" refused 1 "is a folder" --once --output x folder
    check "a pipe as input is refused" refused 1 "regular file" --once --output x /dev/null
    check "an output in a missing folder is refused" refused 1 "does not exist" --once --output no/x empty.txt
    check "an output that is an input is refused" refused 1 "one of the inputs" --once --output empty.txt empty.txt
    check "a folder in use is refused for the state" refused 1 "not empty" --dir "$scratch/bin" empty.txt
    if ((EUID != 0)); then
        install -m 000 /dev/null secret.txt
        check "an unreadable input is named" refused 1 "not readable" --once --output x secret.txt
    fi
}

# counted OUTPUT INPUT…: the run succeeds, leaves nothing, and its output equals what coreutils count.
counted() {
    ends 0 "done:" normal --once --output "$1" -- "${@:2}" && state_is_gone || return
    cd "$scratch/work dir"
    expected_counts "${@:2}" >"$scratch/expected"
    same_counts "$scratch/expected" "$1"
}

default_text_is_counted() {
    mapfile -t files < <(default_text)
    ends 0 "done:" normal --once --output default.tsv && state_is_gone || return
    expected_counts "${files[@]}" >"$scratch/expected"
    same_counts "$scratch/expected" "$scratch/work dir/default.tsv"
}

right_use() {
    cd "$scratch/work dir"
    printf 'The cat. the CAT\xe9s, it'"'"'s\tok\nlast line without end' >'in put.txt'
    printf 'begins here' >-dash.txt
    check "relative names with spaces are counted" counted "out put.tsv" "in put.txt" empty.txt
    check "a file that begins with a dash is counted" counted out.tsv -dash.txt "in put.txt"
    check "an input given twice counts twice" counted out.tsv "in put.txt" "in put.txt"
    check "an empty input gives no counts" counted empty.tsv empty.txt
    check "without an input the text of this Debian is counted" default_text_is_counted
    check "a state folder that was asked for is kept" \
        ends 0 "state and logs are in" normal --once --output out.tsv --dir kept "in put.txt"
    check "and holds the cluster's output" grep -q '^ready' kept/cluster/dev.out
}

# signalled SIGNAL STATUS ARGUMENT…: the signal goes to the whole process group, as a terminal's Ctrl-C does.
signalled() {
    local signal=$1 wanted=$2 pid status=0
    shift 2
    : >"$scratch/out"
    : >"$scratch/err"
    export -f fake marked
    export scratch root quickstart check_mark
    FAKE_SECONDS=60 setsid env --default-signal=INT bash -c 'fake "$@"' fake never-counts "$@" &
    pid=$!
    wait_until 30 grep -q 'words counted' "$scratch/out" "$scratch/err" || { cat "$scratch/err"; return 1; }
    kill "-$signal" -- "-$pid"
    wait "$pid" || status=$?
    [[ $status == "$wanted" ]] || { echo "exit status $status, not $wanted"; cat "$scratch/err"; return 1; }
    nothing_left
}
ended_by() { signalled "$@" && state_is_gone; }

failing_clusters() {
    cd "$scratch/work dir"
    local once=(--once --output bad.tsv "in put.txt")
    check "a cluster that does not start is reported with its words" \
        ends 1 "port 2181 is in use" dies-early "${once[@]}"
    check "a cluster that is never ready is given up" ends 1 "not ready within 3 s" never-ready "${once[@]}"
    check "a cluster that ends by itself is reported" ends 1 "nimbus ended" dies-later "${once[@]}"
    check "a refused submission is reported" ends 1 "name taken" refuses-jar "${once[@]}"
    check "counts that never come are given up" ends 1 "not complete within 3 s" never-counts "${once[@]}"
    check "a cluster that ignores its end is killed" ends 1 "did not stop" ignores-term "${once[@]}"
    check "a worker that outlives the cluster is killed" ends 1 "still running" leaves-worker "${once[@]}"
    rm -rf "${scratch:?}/tmp" && mkdir "$scratch/tmp"
    check "a failed run leaves no output" test ! -e "bad.tsv.partial"*
    check "Ctrl-C ends the live view with success" ended_by INT 0 "in put.txt"
    check "Ctrl-C interrupts a count" ended_by INT 130 --once --output int.tsv "in put.txt"
    check "TERM interrupts a count" ended_by TERM 143 --once --output int.tsv "in put.txt"
    check "kill -9 of the script takes the cluster along" signalled KILL 137 --once --output int.tsv "in put.txt"
}

# needs_package COMMAND…: what need_packages does about a missing package, run by COMMAND, with a stand-in for apt-get
# that fails when the file broken exists. The folder apt is all of PATH, so there is no sudo.
needs_package() {
    # shellcheck disable=SC2016  # for the inner shell
    "$@" "$BASH" -c 'PATH=$1; source "$0" && need_packages some-package' "$scratch/apt/common.sh" "$scratch/apt" \
        </dev/null 2>&1
}
installs() { needs_package env >&2 && grep -q 'install.* some-package$' "$scratch/apt/log"; }
reports() {
    local said text=$1
    shift
    if said=$(needs_package "$@"); then echo "succeeded"; return 1; fi
    [[ $said == *"$text"* ]] || { printf '%s\n' "$said"; return 1; }
}

packages() {
    mkdir "$scratch/apt"
    # A copy: the repository may be in a folder that only its owner can enter.
    install -m 644 "$root/deploy/lib/common.sh" "$scratch/apt/common.sh"
    printf '#!/bin/sh\nexit 1\n' >"$scratch/apt/dpkg-query"
    printf '#!/bin/sh\ncd "%s"\necho "$@" >>log\ntest ! -e broken || { echo "no network"; exit 100; }\n' \
        "$scratch/apt" >"$scratch/apt/apt-get"
    chmod 755 "$scratch" "$scratch/apt"/*
    local tool
    for tool in env mkdir mktemp rm tail; do ln -s "$(command -v "$tool")" "$scratch/apt/$tool"; done
    if ((EUID == 0)); then
        check "root installs what is missing" installs
        : >"$scratch/apt/broken"
        check "what apt-get says is shown when it fails" reports "no network" env
    fi
    local nobody=(env)
    if ((EUID == 0)); then nobody=(setpriv --reuid 65534 --clear-groups); fi
    check "without root or sudo it says what to do" reports "apt-get install some-package" "${nobody[@]}"
}

wrong_use
packages
right_use
failing_clusters
check_summary
