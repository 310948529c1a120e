#!/bin/bash
# Messages that fail each time on a real cluster: they become dead letters, the others do not notice, no worker is
# restarted; storm dlq lists, shows, replays and drops them, also over a kill of the worker and of the topology. Those of the
# second topology fail by exception, by an explicit fail and by time-out: storm why tells these apart.
# usage: Tests/EndToEnd/dead-letters.sh BIN     (folder with the programs storm and PoisonTopology)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm PoisonTopology
storm=$bin/storm
poison=$scratch/poison
output=$scratch/processed.txt

dlq() { cluster_storm dlq "$@" 2>/dev/null; }
letters_are() { (($(dlq list "$1" | grep -c '#') == $2)); }
processed() { (($(LC_ALL=C sort -u "$output" | wc -l) == $1)); }
letter_of() { dlq list poison | awk -v m="$1" '$4 == m { print $1 }'; }
worker_is() { [[ $(worker_pids) == "$1" ]]; }
is_replaced() { workers_are 1 && ! worker_is "$1"; }

shows_the_story() {
    local said
    said=$(dlq show poison "$(letter_of 7)") || return
    for part in "message    7" "after 3 attempts" 'text: "number 7"' "threw"; do
        [[ $said == *"$part"* ]] || { echo "no '$part' in: $said"; return 1; }
    done
}
json_is_json() { dlq list poison --json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 2'; }

# Three attempts of four messages. On a busy machine one may time out before a bolt has had it.
# A row of the causes: cause_row COUNT REASON COMPONENT, each a pattern.
cause_row() { grep -qE "^ *$1  $2  +$3  +[0-9]+  +[^ ]+:[0-9]+" <<<"$causes"; }
why_tells_the_causes() {
    local causes
    # The newest examples below have other columns.
    causes=$(cluster_storm why again | sed '/^The newest/,$d') || return
    if ! { cause_row '[456]' 'a bolt threw an error' work && grep -q ' poison$' <<<"$causes" &&
        cause_row '[23]' 'failed by a bolt' end && cause_row '[0-9]+' 'timed out' work; }; then
        echo "$causes"
        return 1
    fi
}
why_tells_them_in_json() {
    cluster_storm why again --json | python3 -c '
import collections, json, sys
said = json.load(sys.stdin)
counts = collections.Counter()
for entry in said["causes"]:
    cause = entry["cause"]
    # An acker may be too busy to say where a message was that timed out.
    assert "component" not in cause or cause["task"] > 0 and cause["host"] and cause["port"] > 0, cause
    counts[cause["reason"], cause.get("component")] += entry["count"]
assert 4 <= counts["threw", "work"] <= 6 and 2 <= counts["explicit", "end"] <= 3, counts
assert counts["timeout", "work"] >= 1 and counts.total() >= 12, counts
examples = {(each["message_id"], each["cause"]["reason"]) for each in said["examples"]}
assert examples >= {("7", "threw"), ("8", "threw"), ("9", "explicit"), ("10", "timeout")}, examples
assert said["failed"] == sum(counts.values()) and not said["other"] and not said["unreachable"], said'
}

# The worker that is to carry out a wish is killed: the next one does it.
replay_survives_a_kill() {
    local worker letter
    worker=$(worker_pids)
    letter=$(letter_of 7)
    rm -f "$poison"
    dlq replay poison "$letter" || return
    kill -KILL "$worker"
    wait_until 15 is_replaced "$worker" || { echo "no new worker"; return 1; }
    wait_until 60 letter_is_gone "$letter" || { echo "letter $letter is still there"; return 1; }
    grep -qx 7 "$output" || { echo "7 was not processed"; return 1; }
}
letter_is_gone() { ! dlq show poison "$1" >/dev/null; }

# ends_with STATUS COMMAND…
ends_with() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    ((status == wanted)) || { echo "exit status $status"; return 1; }
}

touch "$poison"
cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "submitting succeeds" cluster_storm jar "$bin/PoisonTopology" poison --poison "$poison" --output "$output"
check "a worker runs" wait_until 20 workers_are 1
worker=$(worker_pids)
check "the other 998 messages are processed" wait_until 30 processed 998
check "the two become dead letters" wait_until 20 letters_are poison 2
check "the worker was not restarted" worker_is "$worker"
check "show tells what happened" shows_the_story
check "list --json is JSON" json_is_json
check "zkCli.sh shows a letter as JSON" test "$(zookeeper ls /storm/deadletters)" != "[]"
check "an unknown letter is an error" ends_with 1 cluster_storm dlq drop poison 9-zz
check "a wrong command line is another" ends_with 2 cluster_storm dlq drop poison
check "a replay survives the kill of the worker" replay_survives_a_kill
check "replay --all succeeds" cluster_storm dlq replay poison --all
check "then the letters are gone" wait_until 60 letters_are poison 0
check "all 1000 were processed" processed 1000
touch "$poison"
check "a topology can be killed with dead letters" cluster_storm kill -w 0 poison
check "its worker is gone" wait_until 20 workers_are 0
check "a second one makes some in all ways" cluster_storm jar "$bin/PoisonTopology" again --poison "$poison" --in-all-ways \
    --output "$output" -c topology.message.timeout.secs=3
check "four letters" wait_until 60 letters_are again 4
check "why tells the causes, how often and where" wait_until 10 why_tells_the_causes
check "and the same in JSON" why_tells_them_in_json
check "a kill says how many letters stay" ends 0 'again leaves 4 dead letters; storm dlq list again' \
    cluster_storm kill -w 0 again
check "its workers are gone" wait_until 20 workers_are 0
check "its letters are still there" wait_until 10 letters_are again 4
check "list says that it was killed" grep -q "4  (was killed)" <(dlq list)
check "they cannot be replayed" ends_with 1 cluster_storm dlq replay again --all
check "they can be dropped" cluster_storm dlq drop again --all
check "then there are none" grep -q "No dead letters" <(dlq list)
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
