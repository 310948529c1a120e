#!/bin/bash
# Every command of storm against a cluster of daemons of its own: what it prints, as text and as JSON, its exit status, and
# what it says of a bad option, a missing argument, a topology that is not there and a cluster that does not answer. The list
# of commands is the program's own: a command without a row here, or without its document in JSONDocuments.md, fails; so does one
# of Storm's that is neither there nor explained.
# usage: Tests/EndToEnd/every-command.sh BIN     (folder with the programs storm, WordCount, PoisonTopology and Checker)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/own-daemons.sh"
    source "$here/lib/command-table.sh"
    source "$here/lib/storms-commands.sh"
}
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount PoisonTopology Checker
storm=$bin/storm
mapfile -t text < <(default_text)
cd "$scratch"

# What runs until it is told to stop: it says PATTERN in FILE or on its own output, and ends with 0 at SIGTERM.
runs_until_told() {
    local pattern=$1 file=$2 pid status=0
    shift 2
    # Not by the function: the signal would end its shell.
    env "CHECK_MARK=$check_mark" "$storm" "$@" </dev/null >runs.out 2>&1 &
    pid=$!
    wait_until 60 grep -qsE "$pattern" "$file" runs.out || { cat runs.out; kill -KILL "$pid"; return 1; }
    kill -TERM "$pid"
    wait "$pid" || status=$?
    ((status == 0)) || { cat runs.out; echo "exit code $status"; return 1; }
}
counted_here() { "$storm" local --local-ttl 120 "$bin/WordCount" --once --output once.tsv "${text[0]}" 2>/dev/null && test -s once.tsv; }
piped() { printf 'abc' | cluster_storm "$@"; }
letters_are_there() { (($(cluster_storm dlq list poison 2>/dev/null | grep -c '#') == 2)); }
# The change that `zk watch` waits for is made until it has seen one.
sees_a_change() {
    local watcher
    cluster_storm zk watch "$@" &
    watcher=$!
    while kill -0 "$watcher" 2>/dev/null; do
        cluster_storm deactivate words >/dev/null || return
        cluster_storm activate words >/dev/null || return
    done
    wait "$watcher"
}

alone() {
    row_alone version '^Storm [0-9]' '{"version", "branch", "checksum"} <= set(d)'
    row_alone completion '^_storm' '' bash
    row_alone localconfvalue '^topology.workers: 3$' 'd == {"key": "topology.workers", "value": 3}' topology.workers -c topology.workers=3
    row_alone "config explain" '^default:  1$' 'd["default"] == 1 and d["has_effect"]' topology.workers
    row_alone "config list" '^topology.workers: 1$' 'any(k["key"] == "topology.workers" for k in d)' topology.work
    mkdir -p healthy && printf '#!/bin/sh\n' >healthy/check && chmod 755 healthy/check
    row_alone node-health-check 'healthy/check: healthy$' 'd["healthy"] and d["scripts"][0]["verdict"] == "healthy"' \
        -c "storm.health.check.dir=$scratch/healthy"
    printf '%s\n' 'name: echo' 'spouts: [{id: s, className: org.apache.storm.flux.wrappers.spouts.FluxShellSpout, constructorArgs: [[cat], [a]]}]' \
        'bolts: [{id: b, className: org.apache.storm.flux.wrappers.bolts.FluxShellBolt, constructorArgs: [[cat], [a]]}]' \
        'streams: [{from: s, to: b, grouping: {type: FIELDS, args: [a]}}]' >echo.yaml
    row_alone flux 's --FIELDS\(a\)--> b$' 'd["name"] == "echo" and d["spouts"][0]["command"] == ["cat"] and d["streams"] == [{"from": "s",
        "to": "b", "grouping": "FIELDS", "fields": ["a"]}]' --dry-run echo.yaml
    rows[local]=x
    check "local: to its end" counted_here
    check "local: until its time is over" ends 0 'its time is over' "$storm" local --local-ttl 1 "$bin/WordCount" --output local.tsv "${text[0]}"
    check "local: until it is interrupted" ends 130 '' timeout --preserve-status -s INT -k 5 3 \
        "$storm" local --local-ttl 0 "$bin/WordCount" --output local.tsv "${text[0]}"
    check "local: a time that is none" fails 2 'local-ttl' "$storm" local --local-ttl soon "$bin/WordCount"
    rows[classpath]=x
    check "classpath: an empty one, which is an answer" ends 0 'no class path here' "$storm" classpath
    check "server_classpath: the same" ends 0 'no class path here' "$storm" server_classpath
    rows[worker]=x
    check "worker: without what the supervisor writes" fails 1 'cannot be read' "$storm" worker --manifest nowhere.json
    rows[dev]=x
    check "dev: a whole cluster until it is told to stop" runs_until_told '^ready; ' /dev/null dev --dir "$scratch/dev" \
        --supervisors 1 --slots 1
    check "Storm's commands are there, with its options" storms_commands_are_there
    check "what cannot be there says what to use instead" storms_retired_are_explained
}

daemons() {
    local name
    for name in "${own_daemons[@]}"; do
        rows[$name]=x
        check "$name: runs" kill -0 "${daemon_pid[$name]}"
    done
    check "dev-zookeeper: not a second one in its folder" fails 1 'another storm dev-zookeeper uses it' cluster_storm dev-zookeeper
    check "dev-zookeeper: whose data stays" test -e "$cluster_dir/zookeeper/zoo.cfg" -a -d "$cluster_dir/zookeeper/data"
    rows[logviewer]=x
    check "logviewer: until it is told to stop" runs_until_told 'listening for pages' logs/logviewer.log logviewer -c logviewer.port=0 \
        -c storm.local.hostname=localhost -c "storm.log.dir=$scratch/logs" -c "storm.local.dir=$scratch/viewer"
}

topologies() {
    row list '^words +ACTIVE ' 'sorted(t["name"] for t in d) == ["poison", "words"]'
    row monitor '^Available components for words :$' '"split" in d["components"]' words
    row top '^split +bolt ' 'd["topologies"][0]["name"] == "words"' words -n 1
    row tap 'word=' 'd["component"] == "split"' words split -n 1
    row explain '^worker .*, running$' 'd["settled"] and len(d["workers"]) == 1' words
    row audit '^balanced' 'd["topology"] == "words"' words
    row why 'no message has failed' 'd["topology"] == "words"' words
    row errors 'no errors$' 'd["errors"] == []' words
    row get-errors '"Topology Name" : "words"' '"Comp-Errors" in d' words
    row logs ' worker: ' 'd["worker"]' words -n 1
    check "logs: of a component that is not there" fails 1 'there is no component splt; there are count, lines' cluster_storm logs words --component splt
    check "monitor: of a component that is not there" fails 1 'component: splt not found; there are ' cluster_storm monitor words -m splt
    row set_log_level '^Log config split=INFO for 9 s is sent for topology words$' 'd["levels"][0]["logger"] == "split"' words -l split=INFO:9
    printf '%s\n' '# of bob' 'user: bob' >credentials
    check "upload-credentials: of a file" json 'd == {"name": "words", "keys": ["user"]}' cluster_storm upload-credentials words \
        -f credentials --json
    check "upload-credentials: none, where there must be some" fails 1 'no credentials to upload' cluster_storm upload-credentials words -e
    row upload-credentials '^Uploaded new creds to topology: words$' 'd == {"name": "words", "keys": ["user"]}' words -u "$(id -un)" user alice
    check "upload-credentials: of another owner's" fails 1 "is '$(id -un)', not 'nobody'" cluster_storm upload-credentials words -u nobody user alice
    row deactivate '^Deactivated topology: words$' 'd["status"] == "INACTIVE"' words
    row activate '^Activated topology: words$' 'd["status"] == "ACTIVE"' words
    row "zk watch" 'storms/words' 'd["change"] == "changed"' storms -R -n 1
    row rebalance '^Topology words is rebalancing$' 'd["name"] == "words" and d["wait_secs"] == 1' words -w 1
    check "rebalance: it ends" wait_until 30 listed words ACTIVE
    check "rebalance: more executors than tasks" ends 0 'split gets [0-9]+ executors, not 99: it has no more tasks' \
        cluster_storm rebalance words -w 1 -e split=99
    check "rebalance: that ends, too" wait_until 30 listed words ACTIVE
    check "rebalance --dry-run: more executors than tasks" ends 0 'split gets [0-9]+ executors, not 99: it has no more tasks' \
        cluster_storm rebalance words --dry-run -e split=99
    check "rebalance --dry-run --json: the same" json 'd["limited"]["split"] < 99' cluster_storm rebalance words --dry-run -e split=99 --json
}

# Of the files of nimbus one is an archive that holds just this.
nimbus_has() {
    python3 -c 'import sys, zipfile
sys.exit(not any(zipfile.is_zipfile(f) and zipfile.ZipFile(f).namelist() == [sys.argv[1]] for f in sys.argv[2:]))' \
        "$1" "$cluster_dir"/nimbus/nimbus/blobs/*/*
}
programs_of_others() {
    mkdir -p res && echo 'print("hello")' >res/hello.py
    row shell "^127.0.0.1 $nimbus_port /.*/stormjar-.*\.jar\$" '' res echo
    check "shell: nimbus has the folder" nimbus_has resources/hello.py
    check "shell: the program's exit status" ends 7 '' cluster_storm shell res sh -c 'exit 7'
    check "shell: a program that is not there" fails 1 'nowhere: there is no such program' cluster_storm shell res nowhere
    check "shell: a folder that is not there" fails 1 'nowhere: there is no such folder' cluster_storm shell nowhere sh
}

topology_of_a_file() {
    cluster_storm blobstore cat "$id-stormcode.ser" -f topology.ser || return
    json "'split' in d['topology.ser']['bolts']" "$storm" admin print_topo topology.ser
}
shell_writes() {
    prints '^Created /odd$' cluster_storm admin zk_cli -w create /odd text && prints '^text$' cluster_storm admin zk_cli get /odd &&
        cluster_storm admin zk_cli -w delete /odd && fails 3 'there is no node /odd' cluster_storm admin zk_cli get /odd
}

stored() {
    row blobstore\ create '^Successfully created b' 'd == {"key": "b.json", "size_bytes": 3}' b.text
    local key
    for key in .. a:b; do
        check "blobstore create: the key $key" fails 1 "$key does not appear to be a valid blob key" \
            cluster_storm blobstore create "$key" --file /etc/hostname
    done
    row blobstore\ update '^Successfully updated b.text$' 'd["key"] == "b.text"' b.text
    row blobstore\ list '^b.text [0-9]+ \[\]$' 'd[0]["key"] == "b.text"' b.text
    row blobstore\ cat '^abc$' '' b.text
    row blobstore\ replication '^Current replication factor 1$' 'd == {"key": "b.text", "replication": 1}' --read b.text
    row blobstore\ delete '^deleted b.text$' 'd == {"deleted": ["b.json"]}' b.text
    row remoteconfvalue "^nimbus.thrift.port: $nimbus_port\$" "d[\"value\"] == $nimbus_port" nimbus.thrift.port
    check "remoteconfvalue: a mistyped key" ends 0 'did you mean nimbus.thrift.port' cluster_storm remoteconfvalue nimbus.thrift.prot
    row health '^nimbus .*: ready: ' 'd["healthy"]' nimbus -c "storm.local.dir=$cluster_dir/nimbus"
    row doctor '0 failed$' 'd["verdict"] in ("ok", "warn")'
    row zk\ ls '^storms ' 'any(n["path"].endswith("/storms") for n in d)'
    row zk\ get '"name": "words"' 'd["data"]["name"] == "words"' "storms/$id"
    row "heartbeats list" "^$id\$" "'$id' in d" /
    row "heartbeats get" '"topology_id" : "words-' 'd["topology_id"].startswith("words-")' "/$id/$(cluster_storm heartbeats list "/$id" | head -n 1)"
    letter=$(cluster_storm dlq list poison --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
    row "dlq list" "^$letter " 'len(d) == 2' poison
    row "dlq show" 'after 3 attempts' "d['id'] == '$letter'" poison "$letter"
    row "dlq replay" "$letter" "d['replaying'] == ['$letter']" poison "$letter"
    row "dlq drop" "^Dropped: " 'd["topology_id"].startswith("poison-")' poison --all
    row "admin creds" $'^\tuser$' "d == {'$id': ['user']}" "$id"
    row "admin print_topo" '"spouts"' "'split' in d['$id']['bolts']" "$id"
    # Nothing but the file is needed.
    check "admin print_topo: of a file" topology_of_a_file
    row "admin print_super" '"used_ports"' 'len(d) == 1'
    row "admin print_assignment" '"workers"' "'$id' in d" "$id"
    row "admin remove_corrupt_topologies" '^no topology is corrupt$' 'd == []'
    row "admin zk_cli" "^\\[.*$id" '' -t 5000 ls /storms
    check "admin zk_cli -n: without the root" prints '"name":"words"' cluster_storm admin zk_cli -n get "/storm/storms/$id"
    check "admin zk_cli -s: other servers" prints "$id" "$storm" admin zk_cli -s \
        "127.0.0.1:$(cluster_setting storm.zookeeper.port)" ls /storms
    check "admin zk_cli: changes nothing without -w" fails 3 'only with -w' cluster_storm admin zk_cli create /odd text
    check "admin zk_cli -w: changes" shell_writes
    row "admin help" 'print_super' ''
    check "admin: without a word" fails 1 'print_super' "$storm" admin
}

ends_of_topologies() {
    row kill_workers '^Stopped: worker [0-9]+ of ' 'all(w["outcome"] in ("stopped", "gone") for w in d)' -c "storm.local.dir=$cluster_dir/supervisor" \
        -c "storm.log.dir=$cluster_dir/logs/supervisor"
    row kill '^Killed topology: poison$' '[t["name"] for t in d["killed"]] == ["words"]' poison -w 0
}

# What a spout with a rate of its own emits, as monitor counts it. The machine may be busy: half the rate will do, and what the
# workers report late shows up in the next line.
steady_rate=500
monitored() { cluster_storm monitor steady -m numbers "$@"; }
steady_counts() { monitored --lines 1 --json 2>/dev/null | json 'd["count"] > 0' cat; }
rate_is_right() {
    monitored -i 4 --lines 4 --json "$@" | json_lines "len(d) == 4 and all(r['count'] > 0 for r in d)
        and all(r['elapsed_ms'] > 0 and abs(r['tuples_per_sec'] * r['elapsed_ms'] / r['count'] - 1000) < 1 for r in d[1:])
        and 1 / 2 < sum(r['count'] for r in d[1:]) * 1000 / sum(r['elapsed_ms'] for r in d[1:]) / $steady_rate < 2" cat
}
# The columns: count by time is the last one.
columns_agree() {
    monitored -i 2 --lines 3 | python3 -c 'import sys
rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
rates = [(int(row[5]), int(row[4]), float(row[6])) for row in rows[2:]]
sys.exit(not (len(rows) == 4 and len(rates) == 2 and any(count > 0 for count, _, _ in rates)
    and all(time > 0 and abs(rate - count / time) < 1e-9 for count, time, rate in rates)) and repr(rows))'
}
rates() {
    mkdir -p diaries
    check "monitor: a topology of a known rate" cluster_storm jar "$bin/Checker" steady --folder "$scratch/diaries" --rate "$steady_rate" \
        -c executor.metrics.frequency.secs=1
    check "monitor: it counts" wait_until 60 steady_counts
    check "monitor: the rate is the spout's" rate_is_right
    check "monitor -w transferred: each goes to one task" rate_is_right -w transferred -s default
    check "monitor: its columns agree" columns_agree
    check "monitor -s: a stream that is not there" fails 1 'stream: nowhere not found' monitored -s nowhere
    check "monitor -w: what is not counted" fails 2 "'emitted' and 'transferred'" monitored -w acked
    check "monitor: the end of that topology" cluster_storm kill steady -w 0 --wait --timeout 50
}

# What differs between the text of a row and its JSON: what can be done only once.
declare -A json_line=(
    [jar]="$bin/PoisonTopology poison --poison $scratch/poison --output $scratch/processed" [kill]="words -w 0"
    ["blobstore create"]=b.json ["blobstore delete"]=b.json
)
# How a command is run, where that is not cluster_storm.
declare -A runner=(["blobstore create"]=piped ["blobstore update"]=piped)
watch_runner() { shift 2; sees_a_change "$@"; }
runner["zk watch"]=watch_runner
# One rebalance after the other.
settled() { wait_until 30 listed words ACTIVE && cluster_storm "$@"; }
runner[rebalance]=settled

commands_are_listed
words_for_people
alone
touch "$scratch/poison"
daemons_start "$scratch/cluster"
daemons
row jar '^submitted topology words$' 'd["name"] == "poison" and d["status"] == "ACTIVE"' "$bin/WordCount" words --output counts.tsv "${text[@]}"
check "two workers run" wait_until 30 workers_are 2
check "two dead letters" wait_until 30 letters_are_there
id=$(cluster_storm list --json | python3 -c 'import json, sys; print([t["id"] for t in json.load(sys.stdin) if t["name"] == "words"][0])')
topologies
programs_of_others
stored
line_of[kill]="words -w 0"
names_that_are_not_there
dry_runs_know_names
ends_of_topologies
rates
nobody_answers
check "every command has a row" every_command_has_a_row
documents=$root/Sources/StormConsole/StormConsole.docc
check "every command with --json has its document, with all names" documents_are_described "$documents/JSONDocuments.md" "$documents/LiveCommands.md"
check "the daemons end when they are told to" daemons_stop
check_summary
