#!/bin/bash
# The commands that look at a running cluster: zk, explain, top, tap and doctor. What they print, as text and as JSON, and
# their exit codes.
# usage: Tests/EndToEnd/live.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount
storm=$bin/storm
mapfile -t text < <(default_text)

# watched PATTERN OPTION…: `zk watch` of the topologies sees wc deactivated.
watched() {
    local pattern=$1 watcher
    shift
    cluster_storm zk watch storms "$@" -n 1 >"$scratch/watch" 2>"$scratch/watch.err" &
    watcher=$!
    # A watch that is not set yet sees nothing: changes are made until it has seen one.
    for _ in {1..40}; do
        cluster_storm deactivate wc >/dev/null || return
        cluster_storm activate wc >/dev/null || return
        kill -0 "$watcher" 2>/dev/null || break
    done
    wait "$watcher" || { cat "$scratch/watch.err"; return 1; }
    grep -qE -- "$pattern" "$scratch/watch" || { cat "$scratch/watch"; return 1; }
}

# on_terminal COMMAND…: runs it on a terminal of its own, 100 by 30, and prints what came out.
on_terminal() {
    TERM=xterm timeout -k 5 60 script -qec "stty cols 100 rows 30; $(printf '%q ' "$@")" /dev/null
}
storm_with_cluster() { printf '%s\n' "$storm" "$@" --config "$cluster_dir/conf/storm.yaml"; }
top_redraws() {
    local said command
    mapfile -t command < <(storm_with_cluster top wc -i 0.5 -n 2)
    said=$(on_terminal "${command[@]}" </dev/null | tr -d '\r') || { echo "exit code $?"; return 1; }
    # Into the alternate screen, and out of it with the cursor.
    [[ $said == *$'\e[?1049h'*$'\e[H'*COMPONENT*$'\e[?25h\e[?1049l'* ]] || { printf '%q\n' "$said"; return 1; }
}
# top_obeys KEY CODE: the key ends it with that exit code, and the terminal is given back.
top_obeys() {
    local command keys screen status=0
    mapfile -t command < <(storm_with_cluster top -i 0.5)
    rm -f "$scratch/keys"
    mkfifo "$scratch/keys" || return
    on_terminal "${command[@]}" <"$scratch/keys" >"$scratch/screen" &
    screen=$!
    exec {keys}>"$scratch/keys"
    wait_until 20 grep -q TOPOLOGY "$scratch/screen" || { echo "no picture"; return 1; }
    printf '%b' "$1" >&"$keys"
    wait "$screen" || status=$?
    exec {keys}>&-
    ((status == $2)) || { echo "exit code $status"; return 1; }
    grep -qF $'\e[?1049l' "$scratch/screen" || { echo "the screen was not given back"; return 1; }
}
top_without_colour() {
    local said command
    mapfile -t command < <(storm_with_cluster top wc -i 0.5 -n 1)
    said=$(NO_COLOR=1 on_terminal "${command[@]}" </dev/null) || { echo "exit code $?"; return 1; }
    [[ $said == *COMPONENT* && $said != *$'\e[1m'* && $said != *$'\e[31m'* ]] || { printf '%q\n' "$said"; return 1; }
}

# A tap ends by itself, and the topology is as it was.
audit_balances() { cluster_storm audit wc --timeout 30 | grep -q '^balanced'; }

explain_waits() {
    cluster_storm jar "$bin/WordCount" second --output "$scratch/second.tsv" "${text[@]}" >/dev/null || return
    wait_until 20 explains 'no free slot: it needs 1 more worker, the cluster has 2 slots on 1 machine, 0 free'
}
explains() { cluster_storm explain second | grep -qF -- "$1"; }

doctor_without_cluster() {
    ends 1 'checks failed' "$storm" doctor --timeout 2 -c storm.zookeeper.servers='["127.0.0.1"]' \
        -c storm.zookeeper.port=1 -c nimbus.seeds='["127.0.0.1"]' -c nimbus.thrift.port=2 || return
    grep -qE '^fail  zookeeper 127.0.0.1:1 ' "$scratch/out" && grep -qE '^ +-> start it' "$scratch/out"
}

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
check "doctor of an idle cluster" prints '^ok +nimbus leader|^ok +nimbus 127|^ok +nimbus localhost' cluster_storm doctor
check "submitting succeeds" cluster_storm jar "$bin/WordCount" wc --output "$scratch/counts.tsv" "${text[@]}" \
    -c topology.workers=2
check "two workers run" wait_until 20 workers_are 2

check "zk ls of the root" prints '^storms +1 ' cluster_storm zk ls
check "zk ls names the owner of an ephemeral znode" prints ' supervisor on [^ ]+ \(session 0x' cluster_storm zk ls supervisors
check "zk ls -R goes down" prints '^storms/wc-1-[0-9]+ ' cluster_storm zk ls -R
check "zk ls of an absolute path" prints '^zookeeper ' cluster_storm zk ls /
check "zk ls --json" json 'any(n["path"].endswith("/storms") and n["children"] == 1 for n in d)' cluster_storm zk ls --json
topology=$(cluster_storm list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
check "zk get shows JSON with ages" prints '"submitted_at_ms": [0-9]+,    \([0-9]+ s ago\)' \
    cluster_storm zk get "storms/$topology"
check "zk get masks secrets" prints '"worker_token": "\*\*\*"' cluster_storm zk get "storms/$topology"
check "zk get --json" json 'd["data"]["name"] == "wc" and d["data_bytes"] > 0 and d["version"] >= 0' \
    cluster_storm zk get "storms/$topology" --json
check "zk get of a znode that is not there" fails 1 'there is no znode /storm.*/nothing' cluster_storm zk get nothing
check "zk with a path that is none" fails 2 'has an empty component' cluster_storm zk ls a//b
check "zk without a path" fails 2 'Missing expected argument' cluster_storm zk get
check "zk of no ZooKeeper" fails 3 'no ZooKeeper answers' "$storm" zk ls -c storm.zookeeper.port=1 \
    -c storm.zookeeper.servers='["127.0.0.1"]' -c storm.zookeeper.connection.timeout=500
check "zk watch shows what changed" watched '  changed  .*/storms/wc-1-[0-9]+  v[0-9]+  .*status: "(IN)?ACTIVE" -> "(IN)?ACTIVE"'
check "zk watch --json" watched '"change":"changed","fields":\[.*"field":"status"' --json
check "zk watch -n 0 is refused" fails 2 'must be 1 or more' cluster_storm zk watch storms -n 0

check "all workers are up" wait_until 20 prints '^wc .*ACTIVE, 2 of 2 workers' cluster_storm explain wc
check "explain says why" prints '^  since .* ago: it was placed for the first time; it wants 2 workers, all free slots' \
    cluster_storm explain wc
check "explain names each executor" prints '^  split +[0-9]+  dealt in task order' cluster_storm explain wc
check "explain --json" json 'd["topology"] == "wc" and len(d["workers"]) == 2
    and all(e["why"] for w in d["workers"] for e in w["executors"])' cluster_storm explain wc --json
check "explain says what a topology waits for" explain_waits
check "explain --json of one that waits" json 'not d["settled"] and "no free slot" in d["pending"][0]' \
    cluster_storm explain second --json
check "explain of a topology that is not there" fails 1 'there is no such topology' cluster_storm explain nobody
check "the one that waits is killed" cluster_storm kill second -w 0

check "top shows topologies" prints '^wc +ACTIVE ' cluster_storm top -i 0.5 -n 2
check "top of a topology shows components" prints '^split +bolt +2 +2 ' cluster_storm top wc -i 0.5 -n 1
check "top --json" json_lines 'len(d) == 2 and d[1]["topologies"][0]["name"] == "wc"
    and {c["name"] for c in d[1]["components"]} >= {"lines", "split", "count", "report"}
    and d[1]["topologies"][0]["emitted_per_sec"] > 0 and len(d[1]["workers"]) == 2
    and 0 < max(c["capacity"] for c in d[1]["components"]) < 2' cluster_storm top wc -i 1 -n 2 --json
check "top on a terminal draws in place" top_redraws
check "top on a terminal ends with q" top_obeys q 0
check "top on a terminal ends with Ctrl-C" top_obeys '\003' 130
check "top without colours" top_without_colour
check "top of a topology that is not there" fails 1 'there is no such topology' cluster_storm top nobody -n 1
check "top -i 0 is refused" fails 2 '0.2 to 3600 seconds' cluster_storm top -i 0

check "tap shows what a component emits" prints '^[0-9:.]+  split:default#[0-9]+  word=[^ ]+ line=[0-9]+ position=' \
    cluster_storm tap wc split -n 3
check "tap --json with a filter" json_lines 'len(d) == 5 and all(t["fields"]["word"] == "the" for t in d)' \
    cluster_storm tap wc split -n 5 --where word=the --json
check "tap with a pattern" json_lines 'len(d) == 3 and all(t["fields"]["word"].startswith("th") for t in d)' \
    cluster_storm tap wc split --where 'word~^th' -n 3 --json
check "tap of what comes in" json_lines 'len(d) == 3 and all(t["component"] == "split" for t in d)' \
    cluster_storm tap wc count --input -s split:default -n 3 --json
check "the topology balances as before" audit_balances
check "tap of a component that is not there" fails 1 'there is no component nobody; there are .*split' \
    cluster_storm tap wc nobody
check "tap of a field that is not there" fails 1 'there is no such field; there are line, position, word' \
    cluster_storm tap wc split --where nothing=1
check "tap with a bad pattern" fails 2 'a \( without its \)' cluster_storm tap wc split --where 'word~('
check "tap --rate 0 is refused" fails 2 '1 to 1000' cluster_storm tap wc split --rate 0
check "tap of a topology that is not there" fails 1 'there is no such topology' cluster_storm tap nobody split

check "doctor finds the cluster well" prints '^[0-9]+ ok, [0-9]+ warnings, 0 failed$' cluster_storm doctor
check "doctor looks at clocks" prints '^ok +clock of ZooKeeper +agrees' cluster_storm doctor
check "doctor --json" json 'd["verdict"] in ("ok", "warn") and any(f["check"] == "zookeeper quorum" for f in d["findings"])' \
    cluster_storm doctor --json
check "doctor without a cluster fails and says what to do" doctor_without_cluster
check "doctor with a bad option" fails 2 '1 to 60 seconds' "$storm" doctor --timeout 0

check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
