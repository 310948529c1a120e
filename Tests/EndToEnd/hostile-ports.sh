#!/bin/bash
# Strangers at every port that a cluster's processes listen on: spoiled conversations of a worker, a nimbus and a browser,
# and sieges of connections that never end a request. Nobody dies, memory and descriptors stay, good requests are answered.
# usage: Tests/EndToEnd/hostile-ports.sh BIN [SEED]    (folder with the programs storm, Checker and HostileClient)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1 || $# == 2)) || die_usage "name the folder with the programs"
use_programs "$1" storm Checker HostileClient
storm=$bin/storm
command -v ss >/dev/null || need_packages iproute2
seed=${2:-$RANDOM}
# What a process may hold more than before, KiB: all places for pages with the longest answer each are far less.
more_kilobytes_max=24576
# Longer than a connection for pages may take (10 s) and a handshake (5 s), with patience for a busy machine.
siege_seconds=25
siege_connections=200

# Each process of the cluster that is ours: "PID NAME" (the log viewer is started here).
ours() {
    local pid words
    for pid in $(cluster_processes) $(marked_pids); do
        mapfile -d '' -t words <"/proc/$pid/cmdline" 2>/dev/null || continue
        case ${words[0]:-} in
        *java) ;;
        *) printf '%s %s\n' "$pid" "$(name_of "$pid" "${words[@]}")" ;;
        esac
    done
}
name_of() {
    local word
    [[ $(readlink "/proc/$1/exe") != "$cluster_dir"/* ]] || { echo worker; return; }
    for word in "${@:3}"; do
        case $word in nimbus | supervisor | ui | logviewer) echo "$word"; return ;; esac
    done
    echo "${3:-storm}"
}
# Addresses that a process listens on.
ports_of() { ss -ltnpH | sed -nE "s/.*(127\.0\.0\.1:[0-9]+) .*pid=$1,.*/\\1/p" | sort -u; }
# kilobytes FIELD PID…
kilobytes() { local pid; for pid in "${@:2}"; do sed -nE "s/^$1:[^0-9]*([0-9]+).*/\\1/p" "/proc/$pid/status"; done; }
descriptors() { local pid; for pid in "$@"; do find "/proc/$pid/fd" -mindepth 1 -printf . | wc -c; done; }

not_more_memory() {
    local now index
    mapfile -t now < <(kilobytes VmRSS "${pids[@]}")
    for index in "${!pids[@]}"; do
        printf '%s: VmRSS %d KiB, then %d\n' "${names[index]}" "${memory[index]}" "${now[index]:-0}"
        [[ ${now[index]:-} ]] && ((now[index] < memory[index] + more_kilobytes_max)) || return 1
    done
}
# The peak says what was held in between.
no_higher_peak() {
    local now index
    mapfile -t now < <(kilobytes VmHWM "${pids[@]}")
    for index in "${!pids[@]}"; do
        printf '%s: VmRSS %d KiB, peak %d\n' "${names[index]}" "${memory[index]}" "${now[index]:-0}"
        [[ ${now[index]:-} ]] && ((now[index] < memory[index] + more_kilobytes_max)) || return 1
    done
}
# A session of ZooKeeper or a call under way may come and go, and an upload that was begun and left is kept for a while.
not_more_descriptors() {
    local now index
    mapfile -t now < <(descriptors "${pids[@]}")
    for index in "${!pids[@]}"; do ((now[index] <= open[index] + 8)) || return 1; done
}
descriptors_are_given_back() {
    wait_until 20 not_more_descriptors && return
    local index
    for index in "${!pids[@]}"; do
        printf '%s: %d descriptors, now:\n' "${names[index]}" "${open[index]}"
        readlink "/proc/${pids[index]}/fd/"* | sed -E 's/[0-9]+//' | sort | uniq -c
    done
    ss -tnpH | awk '{ print $1, $4, $5, $6 }' | grep -E "pid=($(IFS='|'; printf '%s' "${pids[*]}"))," | sort | uniq -c | sort -rn | head -n 20
    return 1
}
same_processes() { [[ $(ours | sort) == "$processes" ]] || { printf 'before:\n%s\nnow:\n' "$processes"; ours; return 1; }; }
throw() { "$bin/HostileClient" --corpus "$root/Tests/Corpus/$1" --seed "$seed" --count "$2" "${@:3}"; }
besiege() { "$bin/HostileClient" --corpus "$root/Tests/Corpus/$1" --name "$2" --siege "$siege_connections" --within "$siege_seconds" "${@:3}"; }
# Each port for pages answers, and so does nimbus.
all_answer() {
    local port
    for port in "${pages[@]}"; do
        curl -sf -m 10 -o /dev/null "http://$port/livez" || { echo "$port does not answer"; return 1; }
    done
    cluster_storm list >/dev/null
}
answer_under_siege() {
    local said=$scratch/siege pid
    besiege "$@" >"$said" 2>&1 &
    pid=$!
    for _ in 1 2 3; do all_answer || return 1; sleep 1; done
    wait "$pid" || { cat "$said"; return 1; }
    cat "$said"
}
nimbus_answers_under_siege() {
    local pid
    # Nimbus keeps who waits; it is the others that must not notice. 4 bytes: the length of a frame that never comes.
    "$bin/HostileClient" --corpus "$root/Tests/Corpus/nimbus" --name submit --siege "$siege_connections" \
        --within "$siege_seconds" "$nimbus" >/dev/null 2>&1 &
    pid=$!
    for _ in 1 2 3; do cluster_storm list >/dev/null || return 1; sleep 1; done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}
acked_now() { "$bin/Checker" verdict --running "$scratch/diaries" | sed -nE 's/.*"acked":([0-9]+).*/\1/p'; }
acked_more_than() { local now; now=$(acked_now) && ((${now:-0} > $1)); }
messages_flow() { local before; before=$(acked_now) && wait_until 10 acked_more_than "${before:-0}"; }

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
mkdir -p "$scratch/diaries"
check "a topology runs" cluster_storm jar "$bin/Checker" check --folder "$scratch/diaries" --rate 500 -c topology.workers=2
check "two workers" wait_until 20 workers_are 2
nimbus=127.0.0.1:$(cluster_setting nimbus.thrift.port)

processes=$(ours | sort)
pids=() names=() all=() pages=()
while read -r pid name; do
    mapfile -t ports < <(ports_of "$pid")
    note "$name ($pid): ${ports[*]:-no port}"
    pids+=("$pid")
    names+=("$name")
    all+=("${ports[@]}")
done <<<"$processes"
for port in "${all[@]}"; do [[ $port == "$nimbus" ]] || pages+=("$port"); done
# nimbus 2, supervisor 1, ui 1, logviewer 1, workers 2
check "seven ports" test "${#all[@]}" == 7

# Once, so that what is needed for the first connections is there before memory is counted.
for kind in http nimbus worker; do check "one round of $kind" throw "$kind" 20 "${all[@]}"; done
check "everybody answers" all_answer
mapfile -t memory < <(kilobytes VmRSS "${pids[@]}")
mapfile -t open < <(descriptors "${pids[@]}")
for kind in http nimbus worker; do check "$kind at every port, seed $seed" throw "$kind" 250 "${all[@]}"; done
check "everybody still answers" all_answer
check "sieges of requests that never end, at all ports for pages" answer_under_siege http no-end "${pages[@]}"
mapfile -t workers < <(while read -r pid name; do [[ $name != worker ]] || ports_of "$pid"; done <<<"$processes")
check "a siege of handshakes that never end" answer_under_siege worker hello-v4 "${workers[@]}"
check "nimbus answers under siege" nimbus_answers_under_siege
check "the processes are the same" same_processes
check "memory has not grown" not_more_memory
check "nor was there a peak" no_higher_peak
check "descriptors are given back" descriptors_are_given_back
check "messages flow" messages_flow
not_more_memory >&2 || true
no_higher_peak >&2 || true

check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
