#!/bin/bash
# Children that misbehave in every way, on the same worker as a healthy spout and bolt in Python: the healthy ones lose and
# repeat nothing, the worker is not restarted and stays small, each fault is told by component and cause, and no process is
# left behind.
# usage: Tests/EndToEnd/hostile-children.sh BIN     (folder with the programs storm and ShellComponents)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm ShellComponents
# shellcheck disable=SC2034  # what cluster.sh starts
storm=$bin/storm
# shellcheck source-path=SCRIPTDIR
source "$here/lib/shell-components.sh"

# A kind of child, and what `storm errors` has to say of it (nothing, if it does no harm).
declare -A cause=(
    [garbage]="printed a line that is no message, to standard output: 'Traceback\? No: just garbage, number [0-9]+'"
    [endless_line]="lines that are no message are longer than 1048576 bytes: 'endless endless .*…'"
    [endless_lines]="lines that are no message are longer than 1048576 bytes"
    [huge_message]="a message is longer than 33554432 bytes: '\{\"command\":\"emit\",\"tuple\":\[\"xxxxx.*…'"
    [no_handshake]="has not answered the handshake for $timeout s"
    [no_answer]="has shown no sign of life for $timeout s"
    [mumbles]="has shown no sign of life for $timeout s"
    [forks_and_exits]="ended by itself: exit code 0"
    [daemon]="ended by itself: exit code 0"
    [keeps_daemon]=""
    [closes_output]="closed its standard output"
    [floods_errors]="has shown no sign of life for $timeout s.*a flood of standard error"
    [ignores_term]=""
    [exits]="ended by itself: exit code 7.*no such database"
    [unknown_ack]="acked a tuple that it was not given"
    [unknown_stream]="component 'unknown_stream' has no stream 'nowhere'; it has: default"
    [wrong_fields]="component 'wrong_fields' emitted 5 values on stream 'default', which has 2 fields"
    [never_reads]="does not read the answers to its emits"
    [deep]="values are nested deeper than 64.*'\{\"command\":\"emit\",\"tuple\":\[\[\[\[.*…'"
    [bad_utf8]=""
    [bad_json]="a key is not a string.*'\{\"command\":\"ack\",\"id\":\"[0-9]+\",\}'"
    [long_words]="long long long"
    [spout_never_syncs]="has shown no sign of life for $timeout s"
    [spout_wrong_fields]="component 'spout_wrong_fields' emitted 4 values"
    [spout_acks]="is a spout and acked or failed a tuple"
)
memory_kilobytes_max=400000

submit() {
    local kind options=()
    for kind in "${!cause[@]}"; do
        if [[ $kind == spout_* ]]; then
            options+=(--spout-beside "$kind=python3 $components/hostile.py $kind")
        else
            options+=(--beside "$kind=python3 $components/hostile.py $kind")
        fi
    done
    cluster_storm jar "$bin/ShellComponents" hostile "${options[@]}" \
        --spout "python3 $components/number_spout.py $ledger 300 1000000000" --bolt "python3 $components/number_bolt.py" \
        --output "$arrivals" -c topology.workers=1 -c "topology.subprocess.timeout.secs=$timeout" \
        -c topology.error.throttle.interval.secs=1
}
errors_of() {
    cluster_storm errors hostile -n 10 --json | python3 -c '
import json, sys
for error in json.load(sys.stdin)["errors"]:
    if error["component"] == sys.argv[1]: print(error["error"].replace("\n", " "))' "$1"
}
# One line of its errors matches.
tells_cause() { grep -qE -- "${cause[$1]}" <<<"$(errors_of "$1")"; }
told() { wait_until 90 tells_cause "$1" || { echo "wanted: ${cause[$1]}"; errors_of "$1" | cut -c 1-400; return 1; }; }
is_quiet() { [[ -z $(errors_of "$1") ]] || { errors_of "$1"; return 1; }; }
errors_are_short() {
    local longest
    longest=$(cluster_storm errors hostile -n 10 --json | wc -L)
    cluster_storm errors hostile -n 10 | awk 'length > 9000 { print length; bad = 1 } END { exit bad }' ||
        { echo "of $longest"; return 1; }
}
worker_is() { [[ $(worker_pids) == "$1" ]]; }
memory_is_bounded() {
    local peak
    peak=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$1/status")
    note "the worker took at most $((peak / 1024)) MB"
    ((peak < memory_kilobytes_max)) || { echo "$peak kB"; return 1; }
}
flows_on() {
    local before
    before=$(arrived)
    wait_until 20 has_arrived $((before + 300))
}
killed_worker_takes_all_with_it() {
    local pid pids
    mapfile -t pids < <(component_pids)
    ((${#pids[@]} > 10)) || { echo "only ${#pids[@]} processes"; return 1; }
    kill -KILL "$1"
    for pid in "${pids[@]}"; do wait_until 15 is_gone "$pid" || { echo "$pid still runs"; return 1; }; done
}

cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "submitting succeeds" submit
check "a worker runs" wait_until 20 workers_are 1
worker=$(worker_pids)
check "numbers arrive" wait_until 40 has_arrived 100
for kind in "${!cause[@]}"; do
    [[ ! ${cause[$kind]} ]] || check "$kind: the error tells" told "$kind"
done
for kind in "${!cause[@]}"; do
    [[ ${cause[$kind]} ]] || check "$kind: does no harm" is_quiet "$kind"
done
check "no error text is long" errors_are_short
check "numbers flow on" flows_on
check "the worker is the one of the start" worker_is "$worker"
check "its memory is bounded" memory_is_bounded "$worker"
touch "$ledger/stop"
check "all numbers are acked" wait_until 60 test -e "$ledger/done"
check "each arrived once" each_arrived_once
check "none has failed" test ! -s "$ledger/failed"
check "the worker is still the same" worker_is "$worker"
check "when it is killed, all that its children started ends" killed_worker_takes_all_with_it "$worker"
check "another worker runs" wait_until 20 workers_are 1
check "the topology can be killed" cluster_storm kill -w 0 hostile
check "its worker is gone" wait_until 30 workers_are 0
check "no process of a component is left" wait_until 10 no_component_runs
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
