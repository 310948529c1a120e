#!/bin/bash
# The example TopWords against a simple count: what is in a real Redis in the end is exact, also when Python processes are
# killed in mid-run.
# usage: Tests/EndToEnd/top-words.sh BIN     (folder with the programs storm and TopWords)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm TopWords
type -P redis-server redis-cli >/dev/null || die "redis-server is missing: apt-get install redis-server"
# shellcheck disable=SC2034  # what cluster.sh starts
storm=$bin/storm
example=$root/Sources/Examples/TopWords
messages=$scratch/messages

redis() { redis-cli -p "$port" "$@"; }
redis_answers() { [[ $(redis ping 2>/dev/null) == PONG ]]; }
redis_start() {
    for _ in {1..20}; do
        port=$((20000 + RANDOM % 12000))
        marked setpriv --pdeathsig KILL redis-server --port "$port" --bind 127.0.0.1 --dir "$scratch" --save '' \
            --appendonly no >"$scratch/redis.log" 2>&1 &
        redis_pid=$!
        wait_until 5 redis_answers && kill -0 "$redis_pid" 2>/dev/null && return
        kill -KILL "$redis_pid" 2>/dev/null || true
    done
    return 1
}
# kept total|now: lines of word and count, as expected.py prints them; equal counts in alphabetical order.
kept() { redis zrange "topwords:$1" 0 -1 withscores | paste -d ' ' - - | LC_ALL=C.UTF-8 sort -k2,2nr -k1,1; }
expected() { python3 "$example/expected.py" "$1" 60 10 <"$messages" | LC_ALL=C.UTF-8 sort -k2,2nr -k1,1; }
is_exact() { [[ $(kept total) == "$(expected total)" && $(kept now) == "$(expected now)" ]]; }
differences() { diff <(expected total) <(kept total) | head -n 5; diff <(expected now) <(kept now) | head -n 5; return 1; }
becomes_exact() { wait_until "$1" is_exact || differences; }
has_begun() { (($(redis zcard topwords:total) > 0)); }
pythons() { pgrep -P "$(worker_pids)" -x 'python3.*' || true; }
pythons_are_killed() {
    local pids
    mapfile -t pids < <(pythons)
    ((${#pids[@]} == 4)) || { echo "${#pids[@]} processes"; return 1; }
    kill -KILL "${pids[$1]}"
}

port=""
redis_pid=""
# Not within a check: that runs in a process of its own, with which Redis would end.
redis_start || die "redis-server does not start; see $(cat "$scratch/redis.log")"
python3 "$example/make-messages.py" 20000 >"$messages"
cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "submitting succeeds" cluster_storm jar "$bin/TopWords" top --redis-port "$port" "$messages"
check "a worker runs" wait_until 20 workers_are 1
check "words come to Redis" wait_until 30 has_begun
for number in 0 1 2 3; do check "a Python process is killed" pythons_are_killed "$number"; sleep 1; done
check "all counts and the last minute's words are exact" becomes_exact 120
check "the topology can be killed" cluster_storm kill -w 0 top
check "its worker is gone" wait_until 20 workers_are 0
check "they still are" is_exact
check "the cluster goes down by itself and leaves no process" cluster_stop
kill -TERM "$redis_pid" 2>/dev/null || true
wait "$redis_pid" 2>/dev/null || true
check "nothing is left" nothing_left
check_summary
