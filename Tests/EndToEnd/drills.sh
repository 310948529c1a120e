#!/bin/bash
# Fault drills: a real cluster (three ZooKeeper servers, two nimbuses, three supervisors, each on a machine of its own
# made of a network namespace), a topology that checks itself, and something that breaks. The law must hold: every
# message is acked and nothing that was acked is missing. A drill that misses a bound of time gets a second try, named as
# such: others may use the machine. One that breaks the law does not.
# usage: Tests/EndToEnd/drills.sh BIN [--quick | NAME…]    (folder with the programs storm and Checker)
# environment: DRILL_RATE      messages per second, default 10000; five times as many for planned work
#              DRILL_PATIENCE  factor of all bounds of time, default 1
#              DRILL_KEEP      folder for logs and diaries
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
    source "$here/lib/drill.sh"
    source "$here/lib/drill-placement.sh"
    source "$here/lib/drills-processes.sh"
    source "$here/lib/drills-machines.sh"
    source "$here/lib/drills-nimbus.sh"
    source "$here/lib/drills-coordination.sh"
    source "$here/lib/drills-planned.sh"
    source "$here/lib/drills-sessions.sh"
    source "$here/lib/drills-partitions.sh"
    source "$here/lib/drills-damage.sh"
}
finish() {
    cluster_stop || true
    [[ ! ${DRILL_KEEP:-} ]] || { mkdir -p "$DRILL_KEEP" && cp -a "$scratch/." "$DRILL_KEEP/"; }
    check_cleanup
}
trap finish EXIT
# What is expected to fail is asked in a condition; anything else is a fault of the drill itself, and ends all of them.
set -E
trap 'warn "${drill_name:-no drill}: line $LINENO: $BASH_COMMAND failed"' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

quick=(bolt-worker-kill spout-worker-kill supervisor-and-worker-kill nimbus-leader-kill zookeeper-leader-kill
    machine-lost hostile-bytes)
all=(
    bolt-worker-kill spout-worker-kill acker-worker-kill all-workers-kill
    supervisor-kill supervisor-and-worker-kill supervisor-strays worker-stopped supervisor-stopped
    planned-supervisor-upgrade disk-full
    nimbus-leader-kill nimbus-kill-in-upload nimbus-kill-in-submit nimbus-kill-in-kill nimbus-kill-in-rebalance
    nimbus-kill-in-move nimbus-stopped
    zookeeper-follower-kill zookeeper-leader-kill machine-lost machine-cut-out machine-cut-in
    planned-worker-stop planned-supervisor-stop planned-fewer-workers planned-more-workers planned-executors
    planned-kill
    nimbus-session-expired supervisor-session-expired worker-session-expired
    nimbus-cut-off zookeeper-cut-off worker-link-cut
    crash-loop blob-corrupted half-written-state half-written-nimbus minimum-replication
    ensemble-away hostile-bytes zookeeper-wiped
)
(($# >= 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm Checker
shift
case ${1:-} in
"") chosen=("${all[@]}") ;;
--quick) chosen=("${quick[@]}") ;;
*) chosen=("$@") ;;
esac
for name in "${chosen[@]}"; do
    declare -F "drill_${name//-/_}" >/dev/null || die_usage "there is no drill '$name': ${all[*]}"
done
network_is_possible || {
    note "not run: ${#chosen[@]} drills: no machines can be made here (it takes root, and the right to make network namespaces)"
    exit 0
}
need_network
storm=$bin/storm

cluster_start "$scratch/cluster"
for name in "${chosen[@]}"; do drill_run "$name"; done
drill_table
((${#drill_second_tries[@]} == 0)) || note "second try: ${drill_second_tries[*]}"
note "${#chosen[@]} drills in $SECONDS s"
trap - ERR
check_summary
