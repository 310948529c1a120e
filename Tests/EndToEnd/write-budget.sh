#!/bin/bash
# What a cluster with real workers writes to its ZooKeeper while nothing happens, counted by ZooKeeper itself (zxid, which
# goes up by one with each transaction), beside what the budget computes. Prints a table; fails over the budget.
# usage: Tests/EndToEnd/write-budget.sh BIN [WORKERS…]   (folder with the programs storm and Checker; 1 10 100 workers)
# Not a part of deploy/test.sh: it takes a quarter of an hour and, for 100 workers, 4 GB.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# >= 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm Checker
shift
storm=$bin/storm
sizes=("$@")
((${#sizes[@]} > 0)) || sizes=(1 10 100)
budget=100
beats_budget=75
rows=()

zxid() {
    local line
    line=$(exec 3<>"/dev/tcp/127.0.0.1/$(cluster_setting storm.zookeeper.port)" && printf srvr >&3 && timeout 5 cat <&3 | grep '^Zxid:')
    printf '%d\n' "${line#Zxid: }"
}
# The pace that nimbus has published, s; - when there is none.
pace() {
    local said
    said=$(zookeeper get /storm/pace | sed -nE 's/.*"beat_secs":([0-9]+).*/\1/p') || true
    printf '%s\n' "${said:--}"
}
# Each living worker has its node below /workerbeats.
workers_beat() {
    local id
    id=$(cluster_storm list | awk '$1 == "budget" { print $6 }') || return
    [[ $id ]] && (($(zookeeper ls "/storm/workerbeats/$id" | tr -d '[] ' | tr , '\n' | grep -c .) == $1))
}
resident_megabytes() {
    local pid
    for pid in $(worker_pids); do awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null; done |
        awk '{ sum += $1 } END { printf "%.0f", NR ? sum / NR / 1024 : 0 }'
}

# measure WORKERS SECONDS: with topologies that ask for numbers each SECONDS.
measure() {
    local workers=$1 asked=$2 window=60 before after start row computed
    local folder=$scratch/diaries-$1-$2
    mkdir -p "$folder"
    check "$workers workers, numbers each $asked s: submitted" cluster_storm jar "$bin/Checker" budget --folder "$folder" \
        --rate 1 -c "topology.workers=$workers" -c "executor.metrics.frequency.secs=$asked"
    check "all have joined" wait_until 240 workers_beat "$workers"
    # The start's own writes end: the pace, and the first numbers of each, which come after 1/12, 2/12, 4/12, 8/12 of the
    # interval, or a quarter of it more.
    ((asked < 20)) || window=$((2 * asked))
    sleep $((asked < 20 ? 20 : asked * 5 / 3))
    before=$(zxid)
    start=$EPOCHREALTIME
    sleep "$window"
    after=$(zxid)
    computed=$(awk -v n="$workers" -v a="$asked" -v b="$beats_budget" 'BEGIN {
        least = int((n + b - 1) / b); printf "%.2f", n / (a > least ? a : least) }')
    row=$(awk -v n="$workers" -v a="$asked" -v p="$(pace)" -v c="$computed" -v w=$((after - before)) \
        -v s="$start" -v e="$EPOCHREALTIME" -v m="$(resident_megabytes)" 'BEGIN { sub(",", ".", s); sub(",", ".", e);
        printf "%7d %8d %6s %9.2f %9.2f %8d %10d", n, a, p, c, w / (e - s), w, m }')
    rows+=("$row")
    note "$row"
    # The interval of each worker is up to a quarter shorter or longer, so that they do not write at the same time.
    check "within what is computed, and two writes" awk -v w=$((after - before)) -v c="$computed" -v t="$window" \
        'BEGIN { exit !(w <= c * t * 4 / 3 + 2) }'
    check "within the budget" awk -v w=$((after - before)) -v b="$budget" -v t="$window" 'BEGIN { exit !(w <= b * t) }'
    check "killed" cluster_storm kill -w 0 budget
    check "all workers are gone" wait_until 120 workers_are 0
}

most=0
for size in "${sizes[@]}"; do ((size <= most)) || most=$size; done
# Code of the topology before goes at once, not in the middle of the next count.
cluster_start "$scratch/cluster" --supervisors 1 --slots "$most" -c nimbus.topology.blobstore.deletion.delay.ms=1000
for asked in 60 1; do for size in "${sizes[@]}"; do measure "$size" "$asked"; done; done
printf '%7s %8s %6s %9s %9s %8s %10s\n' workers asked_s pace_s computed measured writes worker_MiB
printf '%s\n' "${rows[@]}"
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
