#!/bin/bash
# What an operator does with a running topology: list, deactivate, activate, look at znodes, lose a worker, kill.
# usage: Tests/EndToEnd/operations.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount
storm=$bin/storm
counts=$scratch/counts.tsv
mapfile -t text < <(default_text)

counts_appear() { [[ -s $counts.live ]]; }
counts_grow() {
    local before
    before=$(counts_summary "$counts.live")
    wait_until 20 counts_differ_from "$before"
}
counts_differ_from() { [[ $(counts_summary "$counts.live") != "$1" ]]; }
workers_are_connected() {
    local pids
    mapfile -t pids < <(worker_pids)
    ((${#pids[@]} == 2)) && connected "${pids[0]}" "${pids[1]}"
}

znodes_are_readable() {
    local children id
    children=$(zookeeper ls /storm)
    for id in assignments nimbuses storms supervisors; do
        [[ $children == *"$id"* ]] || { echo "no $id in: $children"; return 1; }
    done
    id=$(zookeeper ls /storm/storms | tr -d '[] ')
    [[ $id == wc-* ]] || { echo "topology id: $id"; return 1; }
    for children in "/storm/storms/$id" "/storm/assignments/$id"; do
        [[ $(zookeeper get "$children") == "{"*"}" ]] || { echo "not JSON: $children"; return 1; }
    done
    [[ $(zookeeper ls /storm/supervisors | tr ',' '\n' | wc -l) == 2 ]] || { echo "not two supervisors"; return 1; }
}

# A worker ended by kill -9 is replaced by another process; the time it took is reported, not judged: machines differ.
worker_returns() {
    local pids started=${EPOCHREALTIME/[.,]/}
    mapfile -t pids < <(worker_pids)
    ((${#pids[@]})) || { echo "no worker runs"; return 1; }
    kill -KILL "${pids[0]}"
    wait_until 15 worker_is_replaced "${pids[0]}" || { echo "no new worker for ${pids[0]}"; return 1; }
    note "the worker was back after $(((${EPOCHREALTIME/[.,]/} - started) / 1000)) ms"
}
worker_is_replaced() { workers_are 2 && ! worker_pids | grep -qx "$1"; }

# As process 1 of a container, with nobody above it: in a process namespace of its own.
own_processes=(--pid --fork --kill-child --mount-proc)
((EUID == 0)) || own_processes+=(--map-root-user)
as_first() { unshare "${own_processes[@]}" -- "$storm" "$@"; }
first_passes_on() {
    local status=0
    [[ $(as_first version) == "$("$storm" version)" ]] || { echo "it printed something else"; return 1; }
    as_first nonsense 2>/dev/null || status=$?
    ((status == 2)) || { echo "exit status $status"; return 1; }
}
# Its own pid outside; the page of storm ui is a daemon that needs no cluster.
children_of() { pgrep -P "$1" || true; }
has_child() { [[ $(children_of "$1") ]]; }
has_no_child() { [[ ! $(children_of "$1") ]]; }
no_zombie_in() { ! pgrep -P "$1" --runstates Z; }
first_reaps_and_ends() {
    local outer ended=0
    # Not by the function: its shell would be one process more.
    unshare "${own_processes[@]}" -- "$storm" ui -c ui.port=0 >"$scratch/first.log" 2>&1 &
    outer=$!
    first_does "$outer" || { kill -KILL "$outer" 2>/dev/null; cat "$scratch/first.log"; return 1; }
    wait "$outer" || ended=$?
    ((ended == 0)) || { cat "$scratch/first.log"; echo "exit status $ended"; return 1; }
}
first_does() {
    local outer=$1 first
    wait_until 10 has_child "$outer" || { echo "it does not start"; return 1; }
    first=$(children_of "$outer")
    wait_until 10 grep -q 'ui listens' "$scratch/first.log" || { echo "it does not begin"; return 1; }
    # The shell ends before its child: the child falls to process 1.
    nsenter -t "$first" -p -m sh -c 'sleep 0.2 & sleep 0.3 & exit 0' >/dev/null 2>&1 || { echo "nsenter failed"; return 1; }
    wait_until 10 all_is_reaped "$first" || { echo "not all was reaped"; return 1; }
    kill -TERM "$first"
    wait_until 20 has_no_child "$outer" || { echo "SIGTERM does not end it"; return 1; }
}
all_is_reaped() { (($(children_of "$1" | wc -l) == 1)) && no_zombie_in "$1"; }

topology_is_gone() { ! cluster_storm list 2>/dev/null | grep -q "^$1 " && workers_are 0; }

# Each worker is ended by kill -9 while a text is counted once; the counts are exact all the same.
checkpoint_exists() { compgen -G "$scratch/once.tsv.state/*/count-*" >/dev/null; }
counts_survive_kills() {
    local pid pids
    for _ in {1..20}; do cat -- "${text[@]}"; done >"$scratch/large.txt"
    expected_counts "$scratch/large.txt" >"$scratch/expected.tsv"
    cluster_storm jar "$bin/WordCount" once --once --output "$scratch/once.tsv" "$scratch/large.txt" \
        -c topology.workers=2 || return
    wait_until 30 checkpoint_exists || { echo "counting does not begin"; return 1; }
    mapfile -t pids < <(worker_pids)
    for pid in "${pids[@]}"; do
        [[ ! -e $scratch/once.tsv ]] || { echo "the text was counted before a worker could be killed"; return 1; }
        kill -KILL "$pid"
        wait_until 15 worker_is_replaced "$pid" || { echo "no new worker for $pid"; return 1; }
    done
    wait_until 240 test -s "$scratch/once.tsv" || { echo "no counts"; return 1; }
    same_counts "$scratch/expected.tsv" "$scratch/once.tsv"
}

check "as process 1 it passes on what the command prints and its exit status" first_passes_on
check "as process 1 it reaps what others leave, and ends at SIGTERM" first_reaps_and_ends
cluster_start "$scratch/cluster" --supervisors 2 --slots 2
check "submitting succeeds" cluster_storm jar "$bin/WordCount" wc --output "$counts" "${text[@]}" -c topology.workers=2
check "two worker processes run" wait_until 20 workers_are 2
check "counts appear" wait_until 20 counts_appear
check "the workers are joined by TCP" wait_until 10 workers_are_connected
check "list shows it active" listed wc ACTIVE
check "zkCli.sh shows readable znodes" znodes_are_readable
check "deactivate succeeds" cluster_storm deactivate wc
check "list shows it inactive" wait_until 5 listed wc INACTIVE
check "activate succeeds" cluster_storm activate wc
check "list shows it active again" wait_until 5 listed wc ACTIVE
check "a killed worker comes back" worker_returns
check "counting goes on" counts_grow
check "kill -w 0 succeeds" cluster_storm kill -w 0 wc
check "topology and workers are gone" wait_until 20 topology_is_gone wc
check "counts are exact although each worker is killed in mid-run" counts_survive_kills
check "the second topology goes too" cluster_storm kill -w 0 once
check "its workers are gone" wait_until 20 topology_is_gone once
check "an empty cluster says so" grep -q "No topologies running" <(cluster_storm list 2>&1)
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
