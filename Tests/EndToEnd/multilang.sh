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

# shellcheck source-path=SCRIPTDIR source=lib/counted-words.sh
source "$here/lib/counted-words.sh"

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
