#!/bin/bash
# Planned work fails no tuple: rebalance to more and fewer workers and executors, a worker and a machine that are asked
# to stop, a kill with a wait. Every message is counted (see NumberedMessages); the pauses are reported, not judged.
# usage: Tests/EndToEnd/planned-work.sh BIN     (folder with the programs storm and NumberedMessages)
# environment: RATE  messages per second, default 5000
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm NumberedMessages
storm=$bin/storm
books=$scratch/books
rate=${RATE:-5000}

# total NAME FILE…: sum of the entries of that name in books.
total() {
    local name=$1
    shift
    cat -- "$@" 2>/dev/null | awk -v n="$name" '$1 == n { s += $2 } END { print s + 0 }'
}
emitted() { total emitted "$books"/numbers-*; }
emitted_is_above() { (($(emitted) > $1)); }
# Messages flow: so many more come as two seconds bring.
flows() {
    local before
    before=$(emitted)
    wait_until 30 emitted_is_above $((before + 2 * rate)) || { echo "only $(emitted) emitted, $before before"; return 1; }
}
goes_on_with() { wait_until 30 listed numbers ACTIVE && wait_until 10 workers_are "$1" && flows; }
nothing_failed() {
    local failed replayed
    failed=$(total failed "$books"/numbers-*) replayed=$(total replayed "$books"/numbers-*)
    ((failed == 0 && replayed == 0)) || { echo "failed $failed, replayed $replayed"; return 1; }
}
rebalanced() {
    local workers=$1
    shift
    cluster_storm rebalance numbers "$@" || return
    goes_on_with "$workers"
}

pid_of_any_worker() { worker_pids | head -n 1; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }
worker_leaves() {
    local pid
    pid=$(pid_of_any_worker)
    kill -TERM "$pid"
    wait_until 30 is_gone "$pid" || { echo "worker $pid does not end"; return 1; }
    goes_on_with 3
}

# A third machine, which is not one of the cluster's own: so it can go. Checks run in subshells: its pid is in a file.
guest_starts() {
    local ports
    ports=$(cluster_setting storm.zookeeper.port)
    env "STORMDEPLOY_TOKEN=$cluster_token" setsid "$storm" supervisor --drain --config "$cluster_dir/conf/storm.yaml" \
        -c "storm.local.dir=$cluster_dir/guest" -c "storm.log.dir=$cluster_dir/logs/guest" \
        -c "supervisor.slots.ports=[$((ports + 101)), $((ports + 102))]" \
        </dev/null >"$scratch/guest.out" 2>&1 &
    printf '%s\n' "$!" >"$scratch/guest.pid"
    wait_until 20 supervisors_are 3
}
supervisors_are() { [[ $(zookeeper ls /storm/supervisors | tr ',' '\n' | wc -l) == "$1" ]]; }
guest_workers() { (($(pgrep -c -f "worker --manifest $cluster_dir/guest/" || true) == $1)); }
guest_leaves() {
    local pid
    pid=$(<"$scratch/guest.pid")
    kill -TERM "$pid"
    wait_until 45 is_gone "$pid" || { echo "the supervisor does not end"; return 1; }
    guest_workers 0 || { echo "workers are left on its machine"; return 1; }
    goes_on_with 3
}

topology_is_gone() { ! cluster_storm list 2>/dev/null | grep -q "^numbers " && workers_are 0; }
killed_when_done() {
    local started=${EPOCHREALTIME/[.,]/} took
    cluster_storm kill -w 60 numbers || return
    wait_until 40 topology_is_gone || { echo "the topology is still there"; return 1; }
    took=$(((${EPOCHREALTIME/[.,]/} - started) / 1000))
    note "gone $took ms after the kill"
}
books_balance() {
    local emitted acked arrived
    emitted=$(emitted) acked=$(total acked "$books"/numbers-*) arrived=$(total arrived "$books"/sink-*)
    note "emitted $emitted, acked $acked, arrived $arrived"
    ((emitted > 0 && emitted == acked && emitted == arrived))
}

cluster_start "$scratch/cluster" --supervisors 2 --slots 2
check "submitting succeeds" cluster_storm jar "$bin/NumberedMessages" numbers --books "$books" --rate "$rate" \
    -c topology.workers=2
check "messages flow through two workers" goes_on_with 2
check "rebalance to three workers" rebalanced 3 -n 3
check "rebalance to two" rebalanced 2 -n 2 -w 20
check "nothing failed so far" nothing_failed
check "rebalance to more executors and three workers" rebalanced 3 -n 3 -e pass=4 -e sink=4
check "a worker that is asked to stop is replaced" worker_leaves
check "nothing failed so far" nothing_failed
check "a third supervisor starts" guest_starts
check "rebalance onto its machine" rebalanced 3
check "a worker runs there" wait_until 10 guest_workers 1
check "nothing failed so far" nothing_failed
check "its machine is emptied when it is asked to stop" guest_leaves
check "nothing failed so far" nothing_failed
check "kill -w 60 ends as soon as all is done" killed_when_done
check "nothing failed at all" nothing_failed
check "every message was acked and arrived, each once" books_balance
note "pauses of the spouts in ms: $(cat "$books"/numbers-* | awk '$1 == "pauses_ms" { $1 = ""; printf "%s;", $0 }')"
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
