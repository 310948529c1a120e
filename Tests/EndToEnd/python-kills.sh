#!/bin/bash
# kill -9 in mid-run, of the Python processes of a reliable spout and of a bolt that fails some tuples, of their workers, of the
# nimbus that leads: every number is acked in the end, and has arrived. On machines of their own, as the drills.
# usage: Tests/EndToEnd/python-kills.sh BIN     (folder with the programs storm and ShellComponents)
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR
{
    source "$root/deploy/lib/common.sh"
    source "$root/deploy/lib/build.sh"
    source "$here/lib/check.sh"
    source "$here/lib/machines.sh"
    source "$here/lib/real-cluster.sh"
    source "$here/lib/shell-components.sh"
}
finish() { cluster_stop || true; check_cleanup; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm ShellComponents
network_is_possible || {
    note "skipped: no machines can be made here (root and the right to make network namespaces are needed)"
    exit 0
}
need_network
# shellcheck disable=SC2034  # what real-cluster.sh starts
storm=$bin/storm
count=30000

submit() {
    cluster_storm jar "$bin/ShellComponents" kills --output "$arrivals" \
        --spout "python3 $components/number_spout.py $ledger 1500 $count" --bolt "python3 $components/number_bolt.py 10" \
        -c topology.workers=2 -c "topology.subprocess.timeout.secs=$timeout"
}
more_arrives() {
    local before
    before=$(arrived)
    wait_until 40 has_arrived $((before + 200))
}
# Of the worker whose child runs this component.
killed_worker_of_comes_back() {
    local pid
    pid=$(component_pid "$1")
    pid=$(sed -nE 's/^PPid:\t//p' "/proc/$pid/status") || return 1
    kill -KILL "$pid"
    wait_until 10 is_gone "$pid" && wait_until 30 workers_are 2 && more_arrives
}
killed_nimbus_is_followed() {
    local leader
    leader=$(nimbus_leader) || { echo "no nimbus leads"; return 1; }
    daemon_kill "$leader"
    more_arrives || { echo "nothing arrives"; return 1; }
    wait_until 60 nimbus_answers || { echo "no other nimbus answers"; return 1; }
    nimbus_start "$leader"
}
all_are_acked() { (($(distinct "$ledger/acked") == count)); }

cluster_start "$scratch/cluster"
check "submitting succeeds" submit
check "two workers run" wait_until 40 workers_are 2
check "numbers arrive" wait_until 40 has_arrived 500
check "the bolt's process is killed" killed_component_comes_back number_bolt.py
check "the spout's process is killed" killed_component_comes_back number_spout.py
check "the bolt's worker is killed" killed_worker_of_comes_back number_bolt.py
check "the nimbus that leads is killed" killed_nimbus_is_followed
check "the spout's worker is killed" killed_worker_of_comes_back number_spout.py
check "both processes once more" killed_component_comes_back number_bolt.py
check "the spout's, too" killed_component_comes_back number_spout.py
check "it was in mid-run" test ! -e "$ledger/done"
check "in the end all is done" wait_until 120 test -e "$ledger/done"
check "every number was acked" all_are_acked
check "every number arrived" all_arrived
check "some had failed, as the bolt wants" test -s "$ledger/failed"
note "$(arrived) arrivals of $count numbers, $(wc -l <"$ledger/failed") failures were told"
check "the topology can be killed" cluster_storm kill -w 0 kills
check "its workers are gone" wait_until 30 workers_are 0
check "no process of a component is left" wait_until 10 no_component_runs
check_summary
