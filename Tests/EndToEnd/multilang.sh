#!/bin/bash
# A topology that mixes Swift and Python: exact counts in one process and on a cluster, also when Python processes, and the
# worker, are killed in mid-run; no process is left behind.
# usage: Tests/EndToEnd/multilang.sh BIN     (folder with the programs storm and PythonWordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm PythonWordCount
# shellcheck disable=SC2034  # what cluster.sh starts
storm=$bin/storm

# Numbered words, so that a lost or doubled line shows; some that JSON has to escape, and some that ASCII has not.
text() {
    local number
    for ((number = 0; number < $1; number++)); do
        printf 'line %d of "text" with back\\slash, grüße 😀 and word%d\n' "$number" $((number % 97))
    done
}
expected() { tr -s ' ' '\n' <"$1" | LC_ALL=C sort | uniq -c | awk '{ print $2 "\t" $1 }' | LC_ALL=C sort; }
same_counts_as() { diff <(expected "$1") <(LC_ALL=C sort "$2") | head -n 5 && diff -q <(expected "$1") <(LC_ALL=C sort "$2"); }

# Python processes that belong to process $1.
pythons() { pgrep -P "$1" -x 'python3.*' || true; }
pythons_are() { (($(pythons "$1" | wc -l) == $2)); }
# The one that this script started outside of the cluster.
program_pid() {
    local pid
    for pid in $(marked_pids); do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) != PythonWordCount ]] || printf '%s\n' "$pid"
    done
}
# Where the program shows that it is at work.
has_begun() { [[ -s $1 ]]; }

in_one_process() {
    rm -f local.tsv
    marked timeout -k 5 300 "$bin/PythonWordCount" local --output local.tsv text.txt </dev/null &&
        same_counts_as text.txt local.tsv && nothing_left
}
with_killed_children() {
    rm -f local.tsv
    marked timeout -k 5 300 "$bin/PythonWordCount" local --output local.tsv text.txt </dev/null >local.log 2>&1 &
    local timer=$! program pid killed=0
    wait_until 30 has_begun local.tsv || { cat local.log; return 1; }
    program=$(program_pid)
    for _ in 1 2 3; do
        for pid in $(pythons "$program"); do kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1)); done
        wait_until 10 pythons_are "$program" 2 || break
    done
    wait "$timer" || { cat local.log; return 1; }
    ((killed > 0)) || { echo "nothing was killed: the text is too short"; return 1; }
    grep -q SIGKILL local.log || { echo "the log does not tell:"; cat local.log; return 1; }
    same_counts_as text.txt local.tsv && nothing_left
}
children_die_with_their_worker() {
    local worker child children
    worker=$(worker_pids)
    mapfile -t children < <(pythons "$worker")
    ((${#children[@]} == 2)) || { echo "children: ${children[*]}"; return 1; }
    kill -KILL "$worker"
    for child in "${children[@]}"; do
        wait_until 10 is_gone "$child" || { echo "$child still runs"; return 1; }
    done
}
is_gone() { ! kill -0 "$1" 2>/dev/null; }
counted_on_the_cluster() { [[ -s $output ]] && same_counts_as text.txt "$output"; }

cd "$scratch"
output=$scratch/cluster.tsv
text 20000 >text.txt
check "in one process the counts are those of coreutils" in_one_process
text 100000 >text.txt
check "they are, when Python processes are killed in mid-run" with_killed_children

cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "submitting succeeds" cluster_storm jar "$bin/PythonWordCount" pwc --output "$output" text.txt
check "a worker runs" wait_until 20 workers_are 1
check "it begins to count" wait_until 30 has_begun "$output"
check "its Python processes die with it when it is killed" children_die_with_their_worker
check "the next worker's counts are those of coreutils" wait_until 120 counted_on_the_cluster
check "the topology can be killed" cluster_storm kill -w 0 pwc
check "its worker is gone" wait_until 20 workers_are 0
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
