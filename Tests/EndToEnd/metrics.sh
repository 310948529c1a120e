#!/bin/bash
# Metrics and health of a real cluster: /metrics, /livez, /readyz and /sd of every process, storm health, and the
# configuration of Prometheus and its alerts.
# usage: Tests/EndToEnd/metrics.sh BIN     (folder with the programs storm, WordCount and ExpositionCheck)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount ExpositionCheck
storm=$bin/storm
mapfile -t text < <(default_text)

# Debian's prometheus has promtool, taken out of its package: installed, it would start a server. Without it the strict
# reader of the tests is all there is.
promtool=$(command -v promtool || true)
fetch_promtool() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return
    (cd "$scratch" && apt-get -q download prometheus && dpkg -x prometheus_*.deb debian) >"$scratch/apt" 2>&1 || return
    promtool=$scratch/debian/usr/bin/promtool
}
[[ $promtool ]] || fetch_promtool || note "no promtool: 'apt-get download prometheus' failed"

# http_port DAEMON: of the daemon that `storm dev` started, nimbus or supervisor-1.
http_port() { cat "$cluster_dir/$1/${1%%-*}-http-port"; }
worker_port() { cluster_storm list --json | grep -q wc && zookeeper get "/storm/assignments/$(topology_id)" | grep -oE '"port":[0-9]+' | head -n 1 | cut -d : -f 2; }
topology_id() { zookeeper ls /storm/storms | tr -d '[] '; }

# page PORT PATH: the body on stdout; fails on any status but 200.
page() { curl -fsS -m 10 "http://127.0.0.1:$1$2"; }
# status PORT PATH
status() { curl -s -m 10 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1$2"; }

# metric FILE 'SERIES': its value; nothing when there is no such series.
metric() { awk -v s="$2" 'index($0, s " ") == 1 { print substr($0, length(s) + 2); exit }' "$1"; }
# is FILE 'SERIES' VALUE
is() {
    local value
    value=$(metric "$1" "$2")
    [[ $value == "$3" ]] || { echo "$2 is '${value:-not there}', not $3"; return 1; }
}
# positive FILE 'SERIES'
positive() {
    local value
    value=$(metric "$1" "$2")
    awk -v v="${value:-0}" 'BEGIN { exit !(v > 0) }' || { echo "$2 is '${value:-not there}'"; return 1; }
}
# positive_sum FILE PATTERN: the values of all series that match add up to more than 0.
positive_sum() {
    grep -E -- "$2" "$1" | awk '{ s += $NF } END { exit !(s > 0) }' || { echo "no sum for $2"; return 1; }
}

# scrape NAME PORT: into the scratch folder, read strictly, by promtool too.
scrape() {
    page "$2" /metrics >"$scratch/$1.prom" || return
    "$bin/ExpositionCheck" "$scratch/$1.prom" || return
    [[ ! $promtool ]] || "$promtool" check metrics <"$scratch/$1.prom"
}

json() {
    local program=$1
    shift
    "$@" | python3 -c "import json, sys; d = json.load(sys.stdin); sys.exit(0 if ($program) else repr(d))"
}
# exits CODE COMMAND…
exits() {
    local code=$1 status=0
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    ((status == code)) || { echo "exit code $status, not $code"; cat "$scratch/out" "$scratch/err"; return 1; }
}
health() { "$storm" health --config "$cluster_dir/conf/storm.yaml" "$@"; }
of_nimbus() { health -c "storm.local.dir=$cluster_dir/nimbus" "$@"; }
of_supervisor() { health -c "storm.local.dir=$cluster_dir/supervisor-1" "$@"; }

worker_counts() {
    scrape worker "$worker" >/dev/null && positive_sum "$scratch/worker.prom" '^storm_acked_total\{topology="wc",component="lines"'
}
dead_worker_is_counted() {
    page "$supervisor" /metrics >"$scratch/later.prom" &&
        is "$scratch/later.prom" 'storm_supervisor_worker_exits_total{kind="signal"}' 1 &&
        is "$scratch/later.prom" 'storm_supervisor_worker_failures_total{kind="signal"}' 1
}
sd_lists_all() {
    json 'sorted(g["labels"]["__meta_storm_daemon"] for g in d) == ["nimbus", "supervisor", "worker"]' page "$nimbus" /sd &&
        json "['127.0.0.1:$worker'] == [t for g in d if g['labels'].get('__meta_storm_topology') == 'wc' for t in g['targets']]" \
            page "$nimbus" /sd
}
# answers NAME PORT: all three pages that every process has, and its metrics say who it is.
answers() {
    local path
    for path in /livez /readyz; do
        [[ $(status "$2" "$path") == 200 ]] || { echo "$path: $(curl -s -m 10 "http://127.0.0.1:$2$path")"; return 1; }
    done
    scrape "all-$1" "$2" || return
    positive "$scratch/all-$1.prom" process_resident_memory_bytes && is "$scratch/all-$1.prom" storm_ready 1 &&
        grep -qE "^storm_build_info\\{version=\"[^\"]+\",daemon=\"$1\"\\} 1\$" "$scratch/all-$1.prom"
}
# A log viewer of its own, from its start to its end.
viewer_answers() {
    local pid port status=0 log=$scratch/logs/logviewer.log
    mkdir -p "$scratch/logs"
    env "CHECK_MARK=$check_mark" "$storm" logviewer --config "$cluster_dir/conf/storm.yaml" -c logviewer.port=0 \
        -c "storm.local.dir=$scratch/viewer" -c "storm.log.dir=$scratch/logs" </dev/null >"$scratch/viewer.out" 2>&1 &
    pid=$!
    wait_until 20 grep -qs 'listening for pages' "$log" || { cat "$scratch/viewer.out"; kill -KILL "$pid"; return 1; }
    port=$(sed -nE 's/.*listening for pages.*port=([0-9]+).*/\1/p' "$log" | tail -n 1)
    answers logviewer "$port" || status=1
    kill -TERM "$pid"
    wait "$pid" || { echo "exit code $?"; status=1; }
    return "$status"
}
znodes_have_ports() {
    zookeeper get "/storm/nimbuses/127.0.0.1:$(cluster_setting nimbus.thrift.port)" | grep -q "\"http_port\":$nimbus" ||
        { echo "not in the nimbus' znode"; return 1; }
    local id
    id=$(zookeeper ls /storm/supervisors | tr -d '[] ')
    zookeeper get "/storm/supervisors/$id" | grep -q "\"http_port\":$supervisor" || { echo "not in the supervisor's"; return 1; }
}

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
nimbus=$(http_port nimbus)
supervisor=$(http_port supervisor-1)
check "submitting succeeds" cluster_storm jar "$bin/WordCount" wc --output "$scratch/counts.tsv" "${text[@]}"
check "a worker runs" wait_until 20 workers_are 1
worker=$(worker_port)

check "nimbus is alive" test "$(status "$nimbus" /livez)" = 200
check "nimbus is ready" test "$(page "$nimbus" /readyz)" = "ready: leads"
check "the supervisor is alive" test "$(status "$supervisor" /livez)" = 200
check "the supervisor is ready" test "$(status "$supervisor" /readyz)" = 200
check "the worker is alive" test "$(status "$worker" /livez)" = 200
check "a page that is not there" test "$(status "$nimbus" /nothing)" = 404
check "the ports are in the znodes" znodes_have_ports

check "/metrics of nimbus" scrape nimbus "$nimbus"
check "nimbus leads" is "$scratch/nimbus.prom" storm_nimbus_leader 1
check "nimbus knows the topology" is "$scratch/nimbus.prom" 'storm_topologies{status="active"}' 1
check "nimbus knows the slots" is "$scratch/nimbus.prom" storm_slots 2
check "nothing is unassigned" is "$scratch/nimbus.prom" 'storm_topology_executors_unassigned{topology="wc"}' 0
check "writes to ZooKeeper are counted" positive "$scratch/nimbus.prom" storm_zookeeper_writes_total
check "Thrift calls are counted" positive_sum "$scratch/nimbus.prom" '^storm_nimbus_thrift_calls_total\{method="submitTopology'
check "/metrics of the supervisor" scrape supervisor "$supervisor"
check "the supervisor runs a worker" is "$scratch/supervisor.prom" 'storm_supervisor_workers{state="running"}' 1
check "it has started one" is "$scratch/supervisor.prom" storm_supervisor_worker_starts_total 1
check "/metrics of the worker" scrape worker "$worker"
check "the worker counts what it acks" wait_until 20 worker_counts
check "latencies are measured" positive_sum "$scratch/worker.prom" '^storm_execute_latency_seconds_count\{topology="wc",component="split"'
check "complete latencies, too" positive_sum "$scratch/worker.prom" '^storm_complete_latency_seconds_count\{topology="wc",component="lines"'
check "/sd lists every page" wait_until 15 sd_lists_all

check "nimbus answers all three" answers nimbus "$nimbus"
check "the supervisor answers all three" answers supervisor "$supervisor"
check "the worker answers all three" answers worker "$worker"
check "the ui answers all three" answers ui "$(cluster_setting ui.port)"
check "a log viewer answers all three" viewer_answers

check "storm health nimbus" exits 0 of_nimbus nimbus
check "storm health supervisor" exits 0 of_supervisor supervisor
check "storm health of what runs here" exits 0 of_nimbus
check "storm health logviewer" exits 0 health logviewer
check "storm health zookeeper" exits 0 health zookeeper
check "storm health --json" json 'd["healthy"] and d["checks"][0]["daemon"] == "nimbus" and d["checks"][0]["status"] == "ready"' \
    of_nimbus nimbus --json
check "health of nobody" exits 3 health supervisor -c "storm.local.dir=$scratch/nowhere" -c supervisor.http.port=1
check "health of a folder without daemons" exits 3 health -c "storm.local.dir=$scratch/nowhere"
check "health of something else" exits 2 health nonsense

kill -KILL "$(worker_pids)"
check "a worker that is killed is counted" wait_until 20 dead_worker_is_counted

dashboards=("$root"/deploy/monitoring/grafana/dashboards/*.json)
if [[ $promtool ]]; then
    cp "$root"/deploy/monitoring/*.yml "$scratch/"
    check "Prometheus' configuration" "$promtool" check config "$scratch/prometheus.yml"
    check "the alert rules" "$promtool" check rules "$scratch/alerts.yml"
    check "the alerts fire" "$promtool" test rules "$scratch/alerts-test.yml"
    "$here/dashboards.py" rules "${dashboards[@]}" >"$scratch/expressions.yml"
    check "the dashboards' expressions" "$promtool" check rules "$scratch/expressions.yml"
else
    note "not run: promtool, which is not there: the configuration of Prometheus, its alerts and the dashboards' expressions"
fi
check "the dashboards' panels" "$here/dashboards.py" check "${dashboards[@]}"

# Every metric that a dashboard or an alert asks for is one that is declared.
asked_for_and_not_declared() {
    cat "$root"/deploy/monitoring/alerts.yml "$root"/deploy/monitoring/grafana/dashboards/*.json |
        grep -oE '\b(storm|process)_[a-z_]+' | sed -E 's/_(bucket|count|sum)$//' | LC_ALL=C sort -u |
        while read -r name; do
            grep -qF "\`$name\`" "$root/Sources/StormMetrics/StormMetrics.docc/Metrics.md" || printf '%s\n' "$name"
        done
}
check "dashboards and alerts ask for declared metrics" test -z "$(asked_for_and_not_declared)"

check "the cluster stops" cluster_stop
check "nothing is left" nothing_left
check_summary
