#!/bin/bash
# Logs of a running cluster: from all workers, also of those that were killed, with filters and live; log levels that are
# set while a topology runs; and the commands for a machine's workers and the cluster's records.
# usage: Tests/EndToEnd/logs.sh BIN     (folder with the programs storm and NumberedMessages)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
stopped=""
finish() {
    [[ ! $stopped ]] || kill -CONT "$stopped" 2>/dev/null || true
    cluster_stop || true
    check_cleanup
}
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm NumberedMessages
storm=$bin/storm
books=$scratch/books
mkdir "$books"

logs() { cluster_storm logs numbers "$@"; }
logs_json() { logs --json "$@"; }

are_in_order() { logs | cut -d ' ' -f 1 | LC_ALL=C sort -c; }

# What one supervisor says of itself: supervisor_field N FIELD.
supervisor_field() {
    cluster_storm admin print_super | python3 -c '
import json, sys
print(sorted(json.load(sys.stdin).values(), key=lambda s: min(s["ports"]))[int(sys.argv[1])][sys.argv[2]])' "$1" "$2"
}

debug_lines_came() { json_lines 'len(d) > 0' logs_json --component sink --level debug --grep 'number '; }
all_levels_are_as_configured() {
    json_lines 'len({l["worker"] for l in d}) == 2' logs_json --grep 'log level of sink is as configured'
}
# After a worker has said that a level has ended, it writes nothing of that level any more.
level_has_ended() {
    logs_json >"$scratch/all.json" || return
    python3 - "$scratch/all.json" <<'PYTHON'
import json, sys
ends, late, debug, others = {}, [], 0, []
for text in open(sys.argv[1]):
    line = json.loads(text)
    if "log level of sink is as configured" in line["message"]:
        ends[line["worker"]] = line["time_ms"]
    if line["level"] == "debug":
        debug += 1
        if line.get("component") != "sink": others.append(line)
        if line["worker"] in ends and line["time_ms"] > ends[line["worker"]] + 50: late.append(line)
sys.exit(0 if debug and len(ends) == 2 and not late and not others else repr((debug, ends, late[:3], others[:3])))
PYTHON
}

# kill -9 on a worker: what it wrote before is still there, and what its successor writes comes after.
killed_worker_is_remembered() {
    local pid before after
    pid=$(worker_pids | head -n 1)
    logs_json --grep running >"$scratch/before.json" || return
    before=$(wc -l <"$scratch/before.json")
    kill -KILL "$pid"
    wait_until 30 restarted "$before" || return
    logs_json --grep running >"$scratch/after.json" || return
    after=$(grep -cFxf "$scratch/before.json" "$scratch/after.json")
    ((after == before)) || { echo "$after of $before lines are left"; return 1; }
}
restarted() { (($(logs --grep running | wc -l) > $1)); }

follows() {
    local status=0
    # Output to a file, no terminal: lines must come at once all the same.
    env "CHECK_MARK=$check_mark" timeout -k 5 60 "$storm" --config "$cluster_dir/conf/storm.yaml" logs numbers -f >"$scratch/followed" 2>&1 &
    local pid=$!
    wait_until 20 test -s "$scratch/followed" || return
    cluster_storm set_log_level numbers -l pass=ERROR:1 >/dev/null || return
    wait_until 20 grep -q 'log level of pass is ERROR' "$scratch/followed" || { cat "$scratch/followed"; status=1; }
    wait_until 20 grep -q 'log level of pass is as configured' "$scratch/followed" || status=1
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || true
    return "$status"
}

# A supervisor that does not answer: the lines of the other one, the name of the silent one, exit status 3.
names_a_silent_machine() {
    local status=0 port
    stopped=$(supervisor_field 1 pid)
    port=$(supervisor_field 1 http_port)
    kill -STOP "$stopped"
    logs >"$scratch/out" 2>"$scratch/err" || status=$?
    kill -CONT "$stopped"
    stopped=""
    ((status == 3)) || { echo "exit code $status"; cat "$scratch/err"; return 1; }
    grep -q "not complete: 127.0.0.1:$port: no answer" "$scratch/err" || { cat "$scratch/err"; return 1; }
    grep -q running "$scratch/out"
}

# The log viewer on supervisor 1's folders, asked over HTTP.
viewer_shows_files() {
    local pid port id status=0
    env "CHECK_MARK=$check_mark" "$storm" logviewer --config "$cluster_dir/conf/storm.yaml" -c logviewer.port=0 \
        -c "storm.local.dir=$cluster_dir/supervisor-1" -c "storm.log.dir=$cluster_dir/logs/supervisor-1" \
        >"$scratch/viewer.out" 2>&1 &
    pid=$!
    wait_until 20 grep -qs 'listening for pages' "$cluster_dir/logs/supervisor-1/logviewer.log" ||
        { cat "$scratch/viewer.out"; return 1; }
    port=$(sed -nE 's/.*listening for pages.*port=([0-9]+).*/\1/p' "$cluster_dir/logs/supervisor-1/logviewer.log" | tail -n 1)
    id=$(curl -fsS "http://127.0.0.1:$port/logs" | python3 -c 'import json, sys; print(json.load(sys.stdin)["topologies"][0]["topology_id"])') || status=1
    file=$(curl -fsS "http://127.0.0.1:$port/logs?topology=$id" | python3 -c 'import json, sys; print(json.load(sys.stdin)["files"][0]["file"])') || status=1
    curl -fsS "http://127.0.0.1:$port/log?file=$file&format=text" >"$scratch/viewed" || status=1
    grep -q running "$scratch/viewed" || { echo "$file"; status=1; }
    [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/log?file=../../conf/storm.yaml") == 400 ]] || status=1
    kill -TERM "$pid"
    wait "$pid" || { echo "exit code $?"; status=1; }
    return "$status"
}

local_settings() { printf -- '-c\nstorm.local.dir=%s\n-c\nstorm.log.dir=%s\n' "$cluster_dir/$1" "$cluster_dir/logs/$1"; }
kill_workers() {
    local settings
    mapfile -t settings < <(local_settings "$1")
    shift
    cluster_storm kill_workers "${settings[@]}" "$@"
}
a_worker_is_killed_and_comes_back() {
    local before
    before=$(worker_pids | sort)
    kill_workers supervisor-1 --json >"$scratch/killed.json" || return
    python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(0 if len(d) == 1 and d[0]["outcome"] == "stopped" and d[0]["topology_id"].startswith("numbers-") else repr(d))' \
        "$scratch/killed.json" || return
    wait_until 30 workers_changed "$before"
}
workers_changed() { workers_are 2 && [[ $(worker_pids | sort) != "$1" ]]; }

topology_id() { cluster_storm list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])'; }
zk_ls() { printf 'ls /storms\nquit\n' | cluster_storm admin zk_cli; }

cluster_start "$scratch/cluster" --supervisors 2 --slots 1
check "submitting succeeds" cluster_storm jar "$bin/NumberedMessages" numbers --books "$books" --rate 200 \
    -c topology.workers=2
check "two workers run" wait_until 30 workers_are 2
both_run() { json_lines 'len({l["worker"] for l in d}) == 2' logs_json --grep running; }
check "the logs of both are found" wait_until 30 both_run
id=$(topology_id)

check "lines name time, level, worker and logger" \
    prints '^20[0-9-]+T[0-9:.]+Z INFO  127\.0\.0\.1:[0-9]+ worker: running  executors=' logs
check "lines are in the order of time" are_in_order
check "JSON lines have the documented names" \
    json_lines 'all(set(l) >= {"time", "time_ms", "level", "worker", "stream", "message"} for l in d) and len(d) > 3' logs_json
check "what a worker prints belongs to it" prints ' stdout: sink [0-9]+ has a book$' logs
check "-n gives the newest" json_lines 'len(d) == 2' logs_json -n 2
check "--grep with an expression" json_lines 'len(d) >= 2 and all("spouts" in l["message"] for l in d)' \
    logs_json --grep '/spouts (on|off)/'
check "--since leaves out what is older" json_lines 'd == []' logs_json --since 2100-01-01
check "--level leaves out what is less important" json_lines 'd == []' logs_json --level FATAL

check "log levels are as configured" prints 'all log levels are as configured' cluster_storm set_log_level numbers
check "a component's level is raised for 2 s" prints '^Log config sink=DEBUG for 2 s is sent for topology numbers$' \
    cluster_storm set_log_level numbers -l sink=DEBUG:2
check "it is listed" prints '^sink +DEBUG +20' cluster_storm set_log_level numbers
check "it is listed as JSON" json 'd["levels"][0]["logger"] == "sink" and d["levels"][0]["level"] == "DEBUG"' \
    cluster_storm set_log_level numbers --json
check "its debug lines come" wait_until 20 debug_lines_came
check "its level is as configured again" wait_until 20 all_levels_are_as_configured
check "only this component's lines came, and none later" level_has_ended
check "debug lines have component and task" \
    json_lines 'all(l["component"] == "sink" and int(l["task"]) > 0 for l in d) and d' logs_json --component sink --level debug --grep number
check "a level without end is removed" prints 'ROOT as configured' \
    cluster_storm set_log_level numbers -l ROOT=WARN -r ROOT

check "logs -f shows new lines as they come" follows
check "a worker killed with -9: its lines are still found" killed_worker_is_remembered
check "kill_workers ends a worker; the supervisor starts another" a_worker_is_killed_and_comes_back
check "kill_workers where no supervisor was" fails 1 'no supervisor has worked in' kill_workers none
check "a supervisor that does not answer is named" names_a_silent_machine
check "the log viewer shows files over HTTP" viewer_shows_files

check "logs of nobody" fails 1 'there is no topology "nobody"' cluster_storm logs nobody
check "a level that is none" fails 2 'there are ALL' cluster_storm logs numbers --level LOUD
check "an expression that is none" fails 2 'no regular expression' cluster_storm logs numbers --grep '/(/'
check "a time that is none" fails 2 'since yesterday' cluster_storm logs numbers --since yesterday
check "a number of lines that is none" fails 2 'lines' cluster_storm logs numbers -n -1
check "set_log_level of nobody" fails 1 'no such topology' cluster_storm set_log_level nobody -l ROOT=INFO
check "set_log_level with a level that is none" fails 2 'no log level "LOUD"' cluster_storm set_log_level numbers -l sink=LOUD
check "logs without a ZooKeeper" fails 3 'no ZooKeeper answers' \
    "$storm" logs numbers -c storm.zookeeper.port=1 -c storm.zookeeper.connection.timeout=1000

check "heartbeats list" prints "^$id\$" cluster_storm heartbeats list /
check "heartbeats list --json" json 'len(d) == 2' cluster_storm heartbeats list "/$id" --json
beat=$(cluster_storm heartbeats list "/$id" | sed -n 1p)
check "heartbeats get" json 'd["topology_id"].startswith("numbers-")' cluster_storm heartbeats get "/$id/$beat"
check "heartbeats get without a path" fails 2 'needs a path' cluster_storm heartbeats get
check "heartbeats that are not there" prints '^No Heartbeats found$' cluster_storm heartbeats get /nothing
check "heartbeats of a path that is none" fails 2 'path' cluster_storm heartbeats get /a//b

check "admin without a subcommand" fails 1 'print_super' cluster_storm admin
check "admin with one that is not there" fails 2 'did you mean "print_super"' cluster_storm admin print_supr
check "admin help" prints 'zk_cli' cluster_storm admin help
check "admin print_assignment" json "len(d['$id']['workers']) == 2" cluster_storm admin print_assignment "$id"
check "admin print_assignment of nothing" fails 3 'no assignment' cluster_storm admin print_assignment nothing
check "admin print_topo" json "d['$id']['bolts']['sink']['inputs'][0]['grouping'] == 'fields'" cluster_storm admin print_topo "$id"
check "admin remove_corrupt_topologies" prints '^no topology is corrupt$' cluster_storm admin remove_corrupt_topologies
check "credentials are uploaded" cluster_storm upload-credentials numbers user alice
check "admin creds shows names only" prints $'^\tuser$' cluster_storm admin creds "$id"
check "admin creds --json" json "d == {'$id': ['user']}" cluster_storm admin creds "$id" --json
check "admin zk_cli" prints "^\\[$id\\]\$" zk_ls
check "admin zk_cli changes nothing without -w" fails 3 'only with -w' cluster_storm admin zk_cli delete /storms

check "the topology is killed" cluster_storm kill numbers -w 0
check "its workers end" wait_until 30 workers_are 0
# Either sees it first: the worker that the topology is gone, or its supervisor.
check "the logs of a topology that was killed" prints 'worker: (stopping: |asked to stop by its supervisor)' logs
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
