#!/bin/bash
# All checks of the project, in the order of what fails fastest. Installs what is missing (Debian packages).
set -euo pipefail
shopt -s inherit_errexit

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/common.sh"
    source "$here/lib/build.sh"
}

usage() {
    cat <<'USAGE'
usage: deploy/test.sh
           format and script lint, build without warnings, import check, swift test, then the programs end to end:
           WordCount on a cluster and in one process against coreutils, operations, planned work, dead letters, every command,
           live view, audit, web page, metrics, logs, Python components, projects and package, YAML topologies, misbehaving
           children, pystorm, TopWords with a Redis, bad input, what deploy/ ships, hostile bytes, fault drills

environment:
  TEST_CONFIGURATION  what the end-to-end checks run: release (default, built extra) or debug (built for swift test)
  TEST_SECONDS        longest time for `swift test`, default 1800
  STORM_LIBRARIES     folder with Storm's own storm.py, storm.rb and storm.js, which are no part of this project: a spout and
                      a bolt are run with each; without it the summary says that they were not (ruby and nodejs are needed)

Missing Debian packages are installed with apt-get: that needs root or sudo. The fault drills need root, too, for
network namespaces; without, the summary at the end says that they were not run.
USAGE
}

programs=(storm WordCount Exclamation StreamRouting PythonWordCount FluxWordCount TopWords BrokenTopology PoisonTopology
    NumberedMessages Checker HostileClient ExpositionCheck ShellComponents)
logs=""
unstable=()
# What the scripts could not look at on this machine, in their words.
not_run=()
# Scripts about what must be so however busy the machine is: nothing failed in planned work, a ledger that balances, every
# message that is given up is kept, no port gives way. They get no second try.
never_again=(planned-work audit dead-letters hostile-ports)

# logged NAME COMMAND…: shows what it says and keeps it in the log NAME.
logged() {
    local log=$logs/$1 copy copier status=0
    shift
    exec {copy}> >(tee "$log" >&2)
    copier=$!
    interruptible "$@" >&"$copy" 2>&1 || status=$?
    exec {copy}>&-
    # Bounded by the command's own children: tee ends when the last of them has closed its output.
    wait "$copier" || true
    return "$status"
}

lint() {
    swift format lint --strict --parallel --recursive "$root/Sources" "$root/Tests" "$root/Package.swift" >&2 ||
        die "the format differs from .swift-format: run 'swift format -i -r Sources Tests Package.swift'"
    shellcheck -x "$root"/deploy/*.sh "$root"/deploy/lib/*.sh "$root"/Tests/EndToEnd/*.sh \
        "$root"/Tests/EndToEnd/lib/* "$root"/docker/*.sh "$root/.ci/run" >&2 || die "shellcheck found something"
    local left
    left=$(grep -rnE --include='*.swift' '\b(TODO|FIXME|XXX)\b|unsafeFlags' \
        "$root/Sources" "$root/Tests" "$root/Package.swift" || true)
    [[ ! $left ]] || { printf '%s\n' "$left" >&2; die "unfinished places, or unsafe flags"; }
    note "clean"
}

# Only warnings of our own sources count, and SwiftPM's about our package: dependencies are not ours to mend. (A file
# that was compiled before gives its warnings again only after a change; from a clean clone all are seen.)
own_warnings() {
    local package=${root##*/}
    awk -v sources="$root/Sources/" -v tests="$root/Tests/" -v manifest="$root/Package.swift" \
        -v ours="warning: '${package,,}'" '
        index($0, ours) == 1 { print }
        / warning: / && (index($0, sources) == 1 || index($0, tests) == 1 || index($0, manifest) == 1) { print }
    ' "$1" | LC_ALL=C sort -u
}

build_tests() {
    logged build swift build --package-path "$root" --build-tests --explicit-target-dependency-import-check error ||
        die "the build failed"
    local warnings
    warnings=$(own_warnings "$logs/build")
    [[ ! $warnings ]] || { printf '%s\n' "$warnings" >&2; die "the build has warnings"; }
    note "no warnings; every import is declared"
}

# One test at a time: many start real servers and processes, and wait for each other rather than get faster together.
run_tests() {
    logged tests timeout --foreground -k 30 "${TEST_SECONDS:-1800}" \
        swift test --package-path "$root" --skip-build --disable-xctest --no-parallel || {
        printf '\nfailed tests:\n' >&2
        grep -aE '(recorded an issue|failed after|error:)' "$logs/tests" | head -n 40 >&2 || true
        run_failed_tests_again
    }
}

# On a shared machine a test with real processes may miss a deadline. Up to three failed tests get one more chance, on
# their own, and are named as unstable; a test that fails twice, or a crash, fails the run.
run_failed_tests_again() {
    local failed
    mapfile -t failed < <(grep -aoE '✘ Test [A-Za-z0-9_]+\(' "$logs/tests" | sed -E 's/^.* ([A-Za-z0-9_]+)\(/\1/' | sort -u)
    ((${#failed[@]} > 0 && ${#failed[@]} <= 3)) || die "swift test failed"
    grep -qaE 'Test run with [0-9]+ tests?' "$logs/tests" || die "swift test crashed"
    note "UNSTABLE, once more: ${failed[*]}"
    logged again timeout --foreground -k 30 300 \
        swift test --package-path "$root" --skip-build --disable-xctest --no-parallel \
        --filter "$(IFS='|'; printf '%s' "(${failed[*]})")" || die "swift test failed twice: ${failed[*]}"
    grep -qaE 'Test run with [1-9][0-9]* tests? .*passed' "$logs/again" || die "the second run ran no test"
    # What is shown at the end is the truth: the whole run, then the repetition.
    note "passed at the second try: ${failed[*]}"
    summary_log=$logs/again
}

build_for_end_to_end() {
    if [[ ${TEST_CONFIGURATION:-release} == debug ]]; then
        bin=$(swift build --package-path "$root" --show-bin-path)
        need_programs "${programs[@]}"
        note "using the debug programs of the test build"
    else
        build_programs release "${programs[@]}"
    fi
}

# end_to_end NAME [ARGUMENT…]: a script with real processes. As for the tests: on a shared machine one may miss a deadline,
# so it gets one more chance, unless it is one of `never_again`, and is named as unstable.
end_to_end() {
    local name=$1 script=$root/Tests/EndToEnd/$1.sh
    shift
    if ! logged "$name" "$script" "$bin" "$@"; then
        [[ " ${never_again[*]} " != *" $name "* ]] || die "$name.sh failed; it gets no second try"
        note "UNSTABLE, once more: $name.sh"
        logged "$name" "$script" "$bin" "$@" || die "$name.sh failed twice"
        unstable+=("$name.sh")
    fi
    note_not_run "$name"
}
# note_not_run NAME: what the script said that it left out, for the summary.
note_not_run() {
    local line
    while read -r line; do not_run+=("$1.sh: $line"); done < <(sed -nE 's/^ *(not run|skipped): //p' "$logs/$1")
}

# Storm's own multilang libraries, where somebody has put them.
storm_libraries() {
    if [[ ${STORM_LIBRARIES:-} ]]; then
        need_packages ruby nodejs
        end_to_end multilang-libraries "$STORM_LIBRARIES"
        return
    fi
    local source="storm-multilang/*/src/main/resources/resources/ of github.com/apache/storm"
    not_run+=("multilang-libraries.sh: STORM_LIBRARIES names no folder with storm.{py,rb,js}; they are in $source")
}

# All drills. Each that misses a bound of time tries a second time by itself; a broken law is no matter of luck, so the
# script is not run again.
fault_drills() {
    if [[ ${TEST_CONFIGURATION:-release} == debug ]]; then export DRILL_RATE=${DRILL_RATE:-2000}; fi
    logged drills "$root/Tests/EndToEnd/drills.sh" "$bin" || die "drills.sh failed"
    local again
    again=$(sed -nE 's/^ *second try: //p' "$logs/drills")
    [[ ! $again ]] || unstable+=("drills.sh: $again")
    note_not_run drills
}

finish() {
    local status=$?
    trap - EXIT
    foreground_stop
    rm -rf -- "$logs"
    exit "$status"
}

main() {
    case ${1:-} in
    "") ;;
    -h | --help) usage; return ;;
    *) die_usage "unknown argument '$1'" ;;
    esac
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    logs=$(mktemp -d)

    step "Debian packages and toolchain"
    need_swift
    need_packages "${storm_packages[@]}" shellcheck curl python3-venv redis-server
    step "lint"
    lint
    step "the scripts, with a stand-in for storm"
    "$root/Tests/EndToEnd/scripts.sh"
    "$root/Tests/EndToEnd/drill-rules.sh"
    step "building the tests (debug)"
    build_tests
    step "swift test"
    run_tests
    step "building the programs (${TEST_CONFIGURATION:-release})"
    build_for_end_to_end
    step "WordCount against coreutils"
    end_to_end word-count
    step "operations on a cluster"
    end_to_end operations
    step "dead letters on a cluster"
    end_to_end dead-letters
    step "the client commands"
    end_to_end commands
    step "every command of the program"
    end_to_end every-command
    step "the rules of all commands"
    end_to_end rules
    step "looking at a live cluster"
    end_to_end live
    step "looking into a running topology"
    end_to_end audit
    step "the web page and REST"
    end_to_end ui
    step "metrics and health"
    end_to_end metrics
    step "logs and log levels"
    end_to_end logs
    step "Swift and Python together"
    end_to_end multilang
    step "Python projects of streamparse and Petrel"
    end_to_end streamparse
    step "Petrel, by its own command"
    end_to_end petrel
    step "YAML topologies"
    end_to_end flux
    step "the Python package"
    end_to_end python-package
    step "children that misbehave"
    end_to_end hostile-children
    step "kill -9 under a Python spout"
    end_to_end python-kills
    step "pystorm"
    end_to_end pystorm
    step "Storm's own multilang libraries"
    storm_libraries
    step "TopWords with a real Redis"
    end_to_end top-words
    step "planned work"
    end_to_end planned-work
    step "bad input"
    end_to_end bad-input
    step "what deploy/ ships"
    end_to_end manifests
    step "hostile bytes on every port"
    end_to_end hostile-ports
    step "fault drills on machines of their own"
    fault_drills

    printf '\n' >&2
    # The summary line of swift test is the one thing that goes to stdout.
    grep -aE 'Test run with [0-9]+ tests?' "${summary_log:-$logs/tests}" | tail -n 1
    ((${#unstable[@]} == 0)) || note "passed at the second try: ${unstable[*]}"
    local left_out
    for left_out in "${not_run[@]}"; do note "not run: $left_out"; done
    local all="all checks"
    ((${#not_run[@]} == 0)) || all="all checks that were run"
    note "$all passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
}

steps_total=32
main "$@"
