#!/bin/bash
# Looking into a running topology: the pages of its workers, storm audit, storm why, storm errors; before and after a worker
# is killed.
# usage: Tests/EndToEnd/audit.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount
storm=$bin/storm
counts=$scratch/counts.tsv
mapfile -t text < <(default_text)

counts_appear() { [[ -s $counts.live ]]; }

# page PLACE PATH: the body of a worker's page; fails when the status is not 200.
page() { curl --fail --silent --show-error --max-time 10 "http://$1$2"; }
page_status() { curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$@"; }

# host:port of each worker, and of the one that has the spout.
worker_places() {
    cluster_storm audit wc --json | awk -F'"' '/"host"/ { h = $4 } /"port"/ { gsub(/[^0-9]/, ""); print h ":" $0 }'
}
spout_place() { cluster_storm audit wc | awk '$1 == "lines" { print $3; exit }'; }
other_place() {
    local spout
    spout=$(spout_place)
    worker_places | grep -vxF "$spout" | head -n 1
}
pid_at() { page "$1" /livez | sed -nE 's/.*"pid":([0-9]+).*/\1/p'; }

audit_balances() {
    local said
    said=$(cluster_storm audit wc --timeout 30) || { printf '%s\n' "$said"; return 1; }
    grep -q '^balanced' <<<"$said" || { printf '%s\n' "$said"; return 1; }
    # Numbers, not an empty table: something was emitted.
    awk '$1 == "total" && $2 > 0 { f = 1 } END { exit !f }' <<<"$said" || { printf '%s\n' "$said"; return 1; }
}
audits_balance() { for _ in {1..20}; do audit_balances || return; done; }
audit_says_in_json() { cluster_storm audit wc --json | grep -q '"verdict" : "balanced"'; }

pages_answer() {
    local place places
    mapfile -t places < <(worker_places)
    ((${#places[@]} == 2)) || { echo "not two workers: ${places[*]}"; return 1; }
    for place in "${places[@]}"; do
        page "$place" / | grep -q '^/audit ' || { echo "no list of pages at $place"; return 1; }
        page "$place" /livez | grep -q '"pid":' || { echo "/livez of $place"; return 1; }
        page "$place" /readyz | grep -qF '{"ready":true,"state":"running"}' || { echo "/readyz of $place"; return 1; }
        page "$place" /audit | grep -q '"balanced":true' || { echo "/audit of $place"; return 1; }
        page "$place" /why | grep -q '"spouts":' || { echo "/why of $place"; return 1; }
        [[ $(page_status --head "http://$place/livez") == 200 ]] || { echo "HEAD of $place"; return 1; }
        [[ $(page_status "http://$place/nothing") == 404 ]] || { echo "a page that is not there, at $place"; return 1; }
    done
}

# What is no request is refused, and costs the worker nothing.
strangers_are_refused() {
    local place pid
    place=$(spout_place)
    pid=$(pid_at "$place")
    for _ in {1..20}; do
        head -c 2000 /dev/urandom | timeout 5 bash -c "cat >/dev/tcp/${place%:*}/${place#*:}" 2>/dev/null || true
        printf 'POST / HTTP/1.1\r\n\r\n' | timeout 5 bash -c "cat >/dev/tcp/${place%:*}/${place#*:}" 2>/dev/null || true
    done
    [[ $(pid_at "$place") == "$pid" ]] || { echo "it is another process now"; return 1; }
    page "$place" /audit | grep -q '"malformed_frame":' || { echo "they were not counted"; return 1; }
}

# Ends the worker that has no spout: the other one loses what was under way to it.
kill_other_worker() {
    local place pid
    place=$(other_place)
    pid=$(pid_at "$place")
    [[ $pid ]] || { echo "no pid at $place"; return 1; }
    kill -KILL "$pid"
    wait_until 15 worker_is_replaced "$pid" || { echo "no new worker for $pid"; return 1; }
}
worker_is_replaced() { workers_are 2 && ! worker_pids | grep -qx "$1"; }
why_names_it() { cluster_storm why wc --timeout 30 | grep -q 'worker lost'; }
errors_name_it() { cluster_storm errors wc | grep -q 'signal: the worker on .* ended: signal SIGKILL'; }
get_errors_is_json() {
    local said
    said=$(cluster_storm get-errors wc)
    [[ $said == "{"*"}" && $said == *'"Topology Name" : "wc"'* && $said == *'"__system"'* ]] || { echo "$said"; return 1; }
}
status_of() { local status=0; "$@" >/dev/null 2>&1 || status=$?; echo "$status"; }
unknown_topology_is_status_1() { [[ $(status_of cluster_storm audit none) == 1 ]]; }
counts_grow() {
    local before
    before=$(counts_summary "$counts.live")
    wait_until 20 counts_differ_from "$before"
}
counts_differ_from() { [[ $(counts_summary "$counts.live") != "$1" ]]; }

cluster_start "$scratch/cluster" --supervisors 2 --slots 2
check "submitting succeeds" cluster_storm jar "$bin/WordCount" wc --output "$counts" "${text[@]}" -c topology.workers=2
check "two worker processes run" wait_until 20 workers_are 2
check "counts appear" wait_until 20 counts_appear
check "audit balances at any moment" audits_balance
check "audit --json says so too" audit_says_in_json
check "each worker answers HTTP on its port" pages_answer
check "a healthy topology has no errors" grep -q 'no errors' <(cluster_storm errors wc)
check "strangers on a worker's port are refused and counted" strangers_are_refused
check "a worker is killed and comes back" kill_other_worker
check "audit balances right after" audit_balances
check "why says that a worker was lost" wait_until 20 why_names_it
check "errors says which signal ended it" wait_until 10 errors_name_it
check "get-errors prints Storm's object" get_errors_is_json
check "counting goes on" counts_grow
check "audit balances at the end" audits_balance
check "an audit of what is not there ends with status 1" unknown_topology_is_status_1
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
