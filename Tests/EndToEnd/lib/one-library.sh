# shellcheck shell=bash
# A spout and a bolt by one multilang library, on a cluster: exact counts, also when their processes are killed. Sourced after
# on-a-cluster.sh and shell-components.sh; the cluster runs.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# try_library NAME PROGRAM SPOUT BOLT [OPTION]...: files of the components folder, run by PROGRAM.
try_library() {
    local name=$1 program=$2 spout=$3 bolt=$4 count=6000
    shift 4
    ledger=$scratch/ledger-$name
    arrivals=$scratch/arrivals-$name
    check "$name: submitting succeeds" cluster_storm jar "$bin/ShellComponents" "$name" --output "$arrivals" \
        --spout "$program $components/$spout $ledger 600 $count" --bolt "$program $components/$bolt" \
        -c "topology.subprocess.timeout.secs=$timeout" "$@"
    check "$name: numbers arrive" wait_until 40 has_arrived 200
    check "$name: the bolt's process is killed" killed_component_comes_back "$bolt"
    check "$name: the spout's process is killed" killed_component_comes_back "$spout"
    check "$name: it was in mid-run" test ! -e "$ledger/done"
    check "$name: all is acked in the end" wait_until 90 test -e "$ledger/done"
    check "$name: every number arrived" all_arrived
    check "$name: the bolt has failed one of ten" test "$(distinct "$ledger/failed")" -ge $((count / 10))
    check "$name: what it logs is in the worker's log" logged_ready "$name"
    check "$name: can be killed" cluster_storm kill -w 0 "$name"
    check "$name: no process is left" wait_until 30 no_component_runs
    note "$name: $(arrived) arrivals of $count numbers, $(wc -l <"$ledger/failed") failures were told"
}
logged_ready() { cluster_storm logs "$1" --grep 'is ready, as task' | grep -q 'is ready, as task'; }
