#!/bin/bash
# Tests how the fault drills judge, with made-up verdicts and assignments: what they must find, they find. Takes a second
# and needs no build and no cluster.
# usage: Tests/EndToEnd/drill-rules.sh
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR
{
    source "$root/deploy/lib/common.sh"
    source "$here/lib/check.sh"
    source "$here/lib/drill.sh"
    source "$here/lib/drill-placement.sh"
}
trap check_cleanup EXIT

# MARK: stand-ins

drill_patience=1
cluster_dir=$scratch
drill_folder=$cluster_dir/check-example
verdicts=()
# The command whose failure must have no excuse, and the one that may be late.
certain=true
punctual=true
# The checker: one verdict for each try.
checker_verdict() {
    printf '%s\n' "${verdicts[tries]}"
    [[ ${verdicts[tries]} == *'"missing":0'* ]]
}
# A drill as they are.
drill_example() {
    drill_name=example
    incident_ms=1
    drill_verdict 1
    tries=$((tries + 1))
    within reopenedMilliseconds 500
    none replayed
    must "it is not certain" "$certain"
    expect "it is late" "$punctual"
    drill_report
}
# Its programs.
cluster_storm() { printf 'total 9 8 0 0\n'; [[ $balance == yes ]]; }
balance=yes
# verdict_of RESTART REPLAYED MISSING: the times of the whole run, which do not count, are longer.
verdict_of() {
    printf '{"emitted":9,"incident":{"longestGapMilliseconds":7,"reopenedMilliseconds":%s},' "$1"
    printf '"longestGapMilliseconds":70,"missing":%s,"replayed":%s,"unfinished":0}\n' "$3" "$2"
}

# MARK: checks

# judged TRIES FAILURES TEXT VERDICT…: a drill with these verdicts.
judged() {
    local said wanted="tries $1, failures $2" text=$3
    shift 3
    verdicts=("$@")
    tries=0
    said=$(failures=0; drill_run example 2>&1; printf 'tries %s, failures %s\n' "$tries" "$failures")
    [[ $said == *"$wanted"* && $said == *"$text"* ]] || { printf '%s\n' "not '$wanted' and '$text':" "$said"; return 1; }
}
# tells CERTAIN PUNCTUAL TRIES TEXT
tells() { local certain=$1 punctual=$2; judged "$3" 1 "$4" "$good" "$good"; }
# The ledger that does not balance is looked at once: there is no time to wait.
audits() {
    local balance=$1 drill_name=example drill_patience=0 drill_is_broken="" drill_faults=() drill_numbers=""
    drill_audit
    [[ $drill_is_broken == "$2" && ${drill_faults[*]} == *"${3:-}"* && $drill_numbers == *auditMilliseconds* ]] ||
        { printf '%s\n' "'$drill_is_broken': ${drill_faults[*]}"; return 1; }
}
# since MILLISECONDS PATTERN: whether a made-up log has such a line since then.
since() {
    printf '%s\n' "2026-01-02T03:04:05.678Z ERROR nimbus: the store was wiped" "2026-01-02T03:04:06.001Z INFO  leads" \
        "was wiped, says a line that belongs to another" >"$scratch/log"
    said_since "$1" "$scratch/log" "$2"
}
since_then() { since 1767323045678 "was wiped" && since 1767323045679 "INFO +leads" && since 0 "[.]678Z"; }
not_before() { ! since 1767323045679 "was wiped" && ! since 0 "was emptied" && ! said_since 0 "$scratch/none" wiped; }
# so_far TEXT VERDICT: an empty text: nothing has happened.
so_far() {
    local incident_ms=1 drill_faults=() drill_is_broken="" drill_numbers="" tries=0 verdicts=("$2")
    nothing_so_far 500
    [[ ${1:-nothing} == nothing && ! ${drill_faults[*]} || $1 && ${drill_faults[*]} == *"$1"* ]] ||
        { printf '%s\n' "${drill_faults[@]}"; return 1; }
}
reads_the_incident() {
    verdict=$(verdict_of 1 0 0)
    number leadsMilliseconds 5
    [[ $(verdict_number longestGapMilliseconds) == 7 && $(verdict_number leadsMilliseconds) == 5 &&
        ! $(verdict_number nothing) ]]
}

# moved TEXT LEAST BEFORE AFTER [PID]: the judgement of two assignments says so; an empty text: no fault.
moved() {
    local text=$1 least=$2 made_up=$4 stopped=${5:-}
    placement_before=$3
    placement() { printf '%s\n' "$made_up"; }
    drill_faults=()
    moves_were_needed "$least" ${stopped:+"$stopped"} 2>/dev/null
    if [[ ! $text ]] && ((${#drill_faults[@]} == 0)); then return; fi
    [[ $text && ${drill_faults[*]} == *"$text"* ]] || { printf '%s\n' "not '$text':" "${drill_faults[@]}"; return 1; }
}
lists_executors() {
    [[ $(executors_of "1-4,7") == "1-4 7" && $(executors_of "7..27/10") == "7 17 27" ]] &&
        [[ $(executors_of "1-2..9-10/4,3") == "1-2 3 5-6 9-10" ]]
}

good=$(verdict_of 500 0 0)
late=$(verdict_of 500.1 0 0)
check "a drill within its bounds passes" judged 1 0 "ok    example" "$good"
check "a missed bound gets a second try, and is named" judged 2 0 "second try; the first: MISSED: reopenedM" "$late" "$good"
check "a bound missed twice fails" judged 2 1 "at most 500 was expected" "$late" "$late"
check "a number that is not there is a missed bound" judged 2 1 "is unknown" \
    '{"missing":0}' '{"missing":0,"replayed":0}'
check "a lost message gets no second try" judged 1 1 "the law does not hold" "$(verdict_of 1 0 1)" "$good"
check "a replay of planned work gets no second try" judged 1 1 "replayed is 3" "$(verdict_of 1 3 0)" "$good"
check "what must be so gets no second try" tells false true 1 "it is not certain"
check "what is late gets one" tells true false 2 "it is late"
check "a ledger that balances" audits yes "" ""
check "a ledger that does not balance is no matter of time" audits no yes "storm audit: total 9 8 0 0"
check "a log is read from a moment on" since_then
check "what a log said before does not count" not_before
check "nothing has happened so far" so_far "" '{"incident":{"longestGapMilliseconds":7},"missing":0}'
check "a worker that was restarted so far is found" so_far "a worker was restarted" "$good"
check "a stop of the flow so far is found" so_far "quietMilliseconds is 501" \
    '{"incident":{"longestGapMilliseconds":501},"missing":0}'
check "numbers are those after the incident" reads_the_incident

three=$'a:1 11 1 4\nb:1 12 2 5\nc:1 13 3 6'
check "executors are listed" lists_executors
check "nothing has moved" moved "" 3 "$three" "$three"
check "a worker's executors go to the others" moved "" 0 "$three" $'a:1 21 1 3 4\nb:1 22 2 5 6'
check "a new worker gets some" moved "" 2 "$three" $'a:1 11 1 4\nb:1 12 2 5\nc:1 23 3\nd:1 24 6'
check "a worker moves as a whole" moved "" 2 "$three" $'a:1 11 1 4\nb:1 12 2 5\nd:1 24 3 6'
check "the stopped worker has a successor in its place" moved "" 2 "$three" $'a:1 11 1 4\nb:1 12 2 5\nc:1 23 3 6' 13
check "two executors swapped are found" moved "executor 4 moved from a:1 to b:1" 0 \
    "$three" $'a:1 21 1 5\nb:1 22 2 4\nc:1 13 3 6'
check "a new process without need is found" moved "b:1 has its executors and another process" 0 \
    "$three" "${three/12/22}"
check "an assignment that cannot be read is found" moved "no assignment is found" 0 "$three" ""
check "all workers changed where one was to stay is found" moved "at least 1 were expected" 1 \
    "$three" $'a:1 21 1 3 4\nb:1 22 2 5 6'
check_summary
