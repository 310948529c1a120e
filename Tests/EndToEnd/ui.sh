#!/bin/bash
# The web page and Storm's REST interface of a real cluster: names, exact counts, operations, errors.
# usage: Tests/EndToEnd/ui.sh BIN     (folder with the programs storm and Checker)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm Checker
storm=$bin/storm
messages=5000

url() { printf 'http://127.0.0.1:%s%s\n' "$(cluster_setting ui.port)" "$1"; }
# get PATH: what the REST interface answers, whatever the status.
get() { curl -sS -m 15 "$(url "/api/v1/$1")"; }
post() { curl -sS -m 15 -X POST "$(url "/api/v1/$1")"; }
# says PATH PROGRAM: the Python expression PROGRAM holds for the answer, as `d`.
says() {
    get "$1" | python3 -c "import json, sys; d = json.load(sys.stdin); sys.exit(0 if ($2) else repr(d)[:2000])"
}
posting_says() {
    post "$1" | python3 -c "import json, sys; d = json.load(sys.stdin); sys.exit(0 if ($2) else repr(d)[:2000])"
}
quiet_says() { says "$@" >/dev/null 2>&1; }
status() { curl -s -m 15 -o "$scratch/body" -w '%{http_code}' "$@"; }
is() { [[ $1 == "$2" ]] || { printf 'it is %s, not %s\n' "$1" "$2"; return 1; }; }
topology_id() { get topology/summary | python3 -c 'import json, sys; print(json.load(sys.stdin)["topologies"][0]["id"])'; }

page_is_html() {
    is "$(status "$(url /)")" 200 && grep -q '<title>Storm UI</title>' "$scratch/body"
}
pages_of_others_are_refused() {
    is "$(status -X POST -H 'origin: http://elsewhere.example' "$(url "/api/v1/topology/$id/kill/0")")" 403
}
prints_ready() { "$@" | grep -q ready; }
says_levels() {
    curl -sS -m 15 -X POST -d '{"namedLoggerLevels": {"storm": {"target_level": "DEBUG", "timeout": 30}}}' \
        "$(url "/api/v1/topology/$id/logconfig")" >"$scratch/levels" &&
        says "topology/$id/logconfig" "d['namedLoggerLevels']['storm']['timeout'] == 30"
}
callback_wraps() { get 'history/summary?callback=f' | grep -qE '^f\(\{.*\}\);$'; }
# All that the spout emitted is acked or failed, and the last reports are in.
counts_are_in() {
    quiet_says "topology/$id" "[s for s in d['spouts'] if s['acked'] == $messages and s['emitted'] == s['acked'] + s['failed']]"
}

# link PATH EXPRESSION: the address that EXPRESSION picks out of the answer, as `d`.
link() { get "$1" | python3 -c "import json, sys; d = json.load(sys.stdin); print($2)"; }
# link_shows TEXT PATH EXPRESSION: what the link leads to has TEXT in it.
link_shows() {
    local address
    address=$(link "$2" "$3") || return
    curl -sS -f -m 15 "$address" >"$scratch/log" || { printf 'it is %s\n' "$address"; return 1; }
    grep -q "$1" "$scratch/log" || { printf 'it is %s: ' "$address"; head -c 200 "$scratch/log"; return 1; }
}

# shown_here TEXT PATH: the ui answers with something that has TEXT in it.
shown_here() { curl -sS -f -m 15 "$(url "$2")" >"$scratch/log" && grep -q "$1" "$scratch/log"; }

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
mkdir -p "$scratch/diaries"
check "the page for people" page_is_html
check "an empty cluster" says cluster/summary \
    "d['supervisors'] == 1 and d['slotsTotal'] == 2 and d['slotsUsed'] == 0 and d['topologies'] == 0"
check "submitting succeeds" cluster_storm jar "$bin/Checker" check --folder "$scratch/diaries" --count "$messages" \
    --fail-every 10 --rate 5000 -c topology.workers=2 -c executor.metrics.frequency.secs=1
check "workers run" wait_until 20 workers_are 2
id=$(topology_id)

check "the topology is listed" says topology/summary \
    "d['topologies'][0]['name'] == 'check' and d['topologies'][0]['status'] == 'ACTIVE' and d['topologies'][0]['workersTotal'] == 2"
check "the supervisor is listed" says supervisor/summary \
    "d['supervisors'][0]['slotsUsed'] == 2 and d['supervisors'][0]['uptime'].endswith('s')"
check "all messages are acked, and the page says so" wait_until 60 counts_are_in
# The bolt in the middle fails each tenth message once: 500 failures, 5500 emits and executions.
check "exact counts of the spout" says "topology/$id" \
    "[(s['acked'], s['failed'], s['emitted']) for s in d['spouts']] == [($messages, $messages // 10, $messages * 11 // 10)]"
check "exact counts of the bolts" wait_until 20 quiet_says "topology/$id" \
    "{b['boltId']: (b['executed'], b['acked'], b['failed']) for b in d['bolts']} == {'work': (5500, 5000, 500), 'sink': (5000, 5000, 0)}"
check "totals by window" says "topology/$id" \
    "[w['window'] for w in d['topologyStats']] == ['600', '10800', '86400', ':all-time'] and all(w['acked'] == $messages for w in d['topologyStats'])"
check "latencies and capacity are texts with three decimals" says "topology/$id" \
    "all(len(b[k].split('.')[1]) == 3 for b in d['bolts'] for k in ('capacity', 'executeLatency', 'processLatency'))"
check "a component's page" says "topology/$id/component/work?window=600" \
    "d['componentType'] == 'bolt' and d['inputStats'][0]['component'] == 'numbers' and sum(e['executed'] for e in d['executorStats']) == 5500"
check "a spout's page" says "topology/$id/component/numbers" \
    "d['componentType'] == 'spout' and d['spoutSummary'][-1]['acked'] == $messages and d['executorStats'][0]['workerLogLink']"
check "system components are hidden, or shown" says "topology/$id?sys=true" "'__acker' in [b['boltId'] for b in d['bolts']]"
check "the link to a worker's log leads there" link_shows INFO "topology/$id/component/numbers" \
    "d['executorStats'][0]['workerLogLink']"
check "the link to nimbus' log, too" link_shows nimbus nimbus/summary "d['nimbuses'][0]['nimbusLogLink']"
check "the link to a supervisor's log, too" link_shows supervisor supervisor/summary "d['supervisors'][0]['logLink']"
place=$(link "topology/$id/component/numbers" "'host=%s&file=%s/%s/worker.log' % (d['executorStats'][0]['host'], '$id', d['executorStats'][0]['port'])")
check "a worker's log through the ui" shown_here INFO "/log?$place"
check "nimbus' log through the ui" shown_here nimbus "/daemonlog?${place%%&*}&file=nimbus.log"
check "a machine that is not of the cluster is not asked" is "$(status "$(url "/daemonlog?host=192.0.2.1&file=nimbus.log")")" 404
check "a file that is no log is refused" is "$(status "$(url "/log?${place%%&*}&file=../../etc/passwd")")" 400
check "levels of loggers" says_levels
check "places of workers" says "topology-workers/$id" "len(d['hostPortList']) == 2"
check "the graph" says "topology/$id/visualization" "d['work'][':inputs'][0][':component'] == 'numbers'"
check "nimbus' configuration" says cluster/configuration "'nimbus.thrift.port' in d"
check "nimbuses" says nimbus/summary "d['nimbuses'][0]['status'] == 'Leader'"
check "owners" says owner-resources "d['owners'][0]['totalTopologies'] == 1"
check "JSONP" callback_wraps
check "a topology that is not there" is "$(status "$(url /api/v1/topology/nobody)")" 500
check "its error has Storm's form" says topology/nobody \
    "d['error'] == '500 Internal Server Error' and d['errorMessage'] == 'nobody is not alive'"
check "storm health ui" prints_ready cluster_storm health ui
check "a path that is not there" is "$(status "$(url /api/v1/nonsense)")" 404

check "deactivate" posting_says "topology/$id/deactivate" \
    "d == {'topologyOperation': 'deactivate', 'topologyId': '$id', 'status': 'success'}"
check "it is inactive" says "topology/$id" "d['status'] == 'INACTIVE'"
check "activate" posting_says "topology/$id/activate" "d['status'] == 'success'"
check "debug" posting_says "topology/$id/component/work/debug/enable/5" "d['topologyOperation'] == 'debug/enable'"
check "debug is shown" says "topology/$id/component/work" "d['debug'] and d['samplingPct'] == 5"
check "pages of other sites cannot post" pages_of_others_are_refused
check "kill" posting_says "topology/$id/kill/0" "d['topologyOperation'] == 'kill'"
check "it is gone" wait_until 30 quiet_says topology/summary "d['topologies'] == []"
check "the history remembers it" says history/summary "d['topo-history'] == ['$id']"

check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
