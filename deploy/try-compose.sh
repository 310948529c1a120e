#!/bin/bash
# The walk of the README through docker-compose, done for real and checked: up, submit, look, scale, lose things, down.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/common.sh"
    source "$here/lib/build.sh"
    source "$root/Tests/EndToEnd/lib/check.sh"
}

usage() {
    cat <<'USAGE'
usage: deploy/try-compose.sh [--programs DIR] [--keep]
           brings the cluster of deploy/docker-compose.yml up, checks what it sees on the way, and takes it down.
           Needs docker, docker-compose and an engine that answers (DOCKER_HOST).

  --programs DIR  put the executables storm and WordCount of DIR into the image instead of building them in a container
                  (built with --static-swift-stdlib)
  --keep          leave the cluster running
USAGE
}

project=storm-try-$$
debian_prometheus=storm-try-prometheus:latest
# Any free ports of this machine.
export UI_PORT=0 PROMETHEUS_PORT=0
programs=""
keep=""
while (($#)); do
    case $1 in
    --programs) programs=$(absolute_path "${2:?--programs needs a folder}"); shift 2 ;;
    --keep) keep=1; shift ;;
    -h | --help) usage; exit ;;
    *) die_usage "unknown argument '$1'" ;;
    esac
done

compose() { docker-compose -p "$project" -f "$here/docker-compose.yml" "$@"; }
# The smallest cluster: one of each.
single() { docker-compose -p "$project-single" -f "$here/docker-compose.single.yml" "$@"; }
# storm_in NAME…: the storm command inside of the network, as a user would.
storm_in() { compose exec -T nimbus1 storm "$@"; }
# client COMMAND…: from the host, in a container of its own.
client() { compose run --rm -T client "$@"; }
zookeeper() { compose exec -T zookeeper2 /usr/share/zookeeper/bin/zkCli.sh -server localhost:2181 "$@" 2>/dev/null | grep -aE '^[[{]' | tail -n 1; }

finish() {
    local status=$?
    trap - EXIT
    if [[ ! $keep ]]; then
        compose --profile monitoring down --volumes --timeout 20 >/dev/null 2>&1 || true
        single down --volumes --timeout 20 >/dev/null 2>&1 || true
    fi
    check_cleanup
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The image of docker/Dockerfile, with the programs of a folder in place of its first stage.
image_of_programs() {
    local context=$scratch/context
    mkdir -p "$context/result/bin" "$context/result/examples"
    cp -- "$programs/storm" "$context/result/bin/"
    cp -- "$programs/WordCount" "$context/result/examples/"
    cp -r -- "$root/docker" "$context/docker"
    # From the second FROM on.
    awk '/^FROM /{ n++ } n >= 2' "$root/docker/Dockerfile" | sed 's|--from=builder /result/|result/|' >"$context/Dockerfile"
    docker build -q -t storm:latest "$context"
    docker build -q -t storm-zookeeper:latest -f "$root/docker/zookeeper.Dockerfile" "$root"
}
images() { if [[ $programs ]]; then image_of_programs; else compose build; fi; }

containers_healthy() {
    local service=$1 wanted=$2 ids
    mapfile -t ids < <(compose ps -q "$service" 2>/dev/null)
    ((${#ids[@]} == wanted)) || return
    local id
    for id in "${ids[@]}"; do
        [[ $(docker inspect -f '{{.State.Health.Status}}' "$id") == healthy ]] || return
    done
}
all_healthy() {
    local service
    for service in zookeeper1 zookeeper2 zookeeper3 nimbus1 nimbus2 ui; do containers_healthy "$service" 1 || return; done
    containers_healthy supervisor "$1"
}
# json PROGRAM COMMAND…: the Python expression PROGRAM holds for the JSON that COMMAND prints.
json() {
    local program=$1
    shift
    "$@" 2>/dev/null | python3 -c "import json, sys; d = json.load(sys.stdin); sys.exit(0 if ($program) else repr(d))"
}
supervisors_are() { [[ $(zookeeper ls /storm/supervisors | tr ',' '\n' | grep -c .) == "$1" ]]; }
topology_id() { zookeeper ls /storm/storms | tr -d '[] '; }
beats_are() { [[ $(zookeeper ls "/storm/workerbeats/$(topology_id)" | tr ',' '\n' | grep -c -- -) == "$1" ]]; }
assignment() { zookeeper get "/storm/assignments/$(topology_id)"; }
assigned_hosts() { assignment | python3 -c 'import json, sys; print(*sorted({w["host"] for w in json.load(sys.stdin)["workers"]}))'; }
hosts_are() { [[ $(assigned_hosts | wc -w) == "$1" ]]; }

# Some supervisor's container has the counts, and they grow.
counts_size() {
    local id size total=0
    for id in $(compose ps -q supervisor); do
        size=$(docker exec "$id" sh -c 'wc -c </tmp/counts.tsv.live' 2>/dev/null) && total=$((total + size))
    done
    echo "$total"
}
counts_appear() { (($(counts_size) > 0)); }
counts_text() {
    local id
    for id in $(compose ps -q supervisor); do docker exec "$id" sh -c 'cat /tmp/counts.tsv.live' 2>/dev/null || true; done
}
counts_change() { [[ $(counts_text | cksum) != "$1" ]]; }
counting_goes_on() {
    local before
    before=$(counts_text | cksum)
    wait_until 40 counts_change "$before"
}

# A crash as honest as it gets: the container's first process dies, the engine restarts the container.
crash() {
    local pid
    pid=$(docker inspect -f '{{.State.Pid}}' "$1")
    kill -KILL "$pid"
}
supervisor_heals() {
    local victim
    victim=$(compose ps -q supervisor | head -n 1)
    crash "$victim"
    wait_until 90 containers_healthy supervisor 3 || { compose ps; return 1; }
    wait_until 60 counting_goes_on
}
leader() { zookeeper get /storm/leader-lock >/dev/null; storm_in list --names >/dev/null && storm_in remoteconfvalue storm.local.hostname; }
nimbus_heals() {
    local service
    for service in nimbus1 nimbus2; do
        crash "$(compose ps -q "$service")"
        wait_until 60 lists_again || { echo "no nimbus answers after the crash of $service"; return 1; }
        wait_until 60 containers_healthy "$service" 1 || return
    done
}
lists_again() { json 'd[0]["name"] == "wc"' storm_in list --json || json 'd[0]["name"] == "wc"' compose exec -T nimbus2 storm list --json; }
zookeeper_is_missed_by_nobody() {
    compose stop zookeeper1 >/dev/null 2>&1 || return
    wait_until 40 counting_goes_on || return
    wait_until 40 lists_again || return
    compose start zookeeper1 >/dev/null 2>&1 && wait_until 60 containers_healthy zookeeper1 1
}
# `docker stop` of a supervisor moves what it runs to the others before it ends: nothing fails, and nothing is emitted again.
scaled_down() {
    compose up -d --no-build --no-recreate --scale supervisor=2 >/dev/null 2>&1 || return
    wait_until 60 hosts_are 2 || { echo "still on: $(assigned_hosts)"; return 1; }
    counting_goes_on || return
    wait_until 60 containers_healthy supervisor 2
}
nothing_failed() { json 'd["verdict"] == "balanced" and d["totals"]["failed"] == d["totals"]["replayed"] == 0 < d["totals"]["acked"]' storm_in audit wc --json; }
# published SERVICE PORT: where this machine reaches a published port.
published() { compose port "$1" "$2" | sed 's/^0\.0\.0\.0/127.0.0.1/'; }
# What SERVICE answers at PATH of its port: answer SERVICE PORT PATH.
answer() { curl -sS -m 10 "http://$(published "$1" "$2")$3"; }

# To the end of what comes: who writes must not find the pipe closed.
has_info() { grep -i 'info' >/dev/null; }
# The web page's links to logs work from the host, which reaches no container but the ui's.
# rest PATH EXPRESSION: what the Python expression picks out of the REST interface's answer, as `d`.
rest() { answer ui 8080 "/api/v1/$1" | python3 -c "import json, sys; d = json.load(sys.stdin); print($2)"; }
shows_worker_log() {
    local query
    query=$(rest "topology/$(topology_id)" "'host=%s&file=%s/%s/worker.log' % tuple(d['workers'][0][k] for k in ('host', 'topologyId', 'port'))") &&
        answer ui 8080 "/log?$query" | has_info
}
shows_daemon_logs() {
    local host
    host=$(rest supervisor/summary "d['supervisors'][0]['host']") &&
        answer ui 8080 "/daemonlog?host=$host&file=supervisor.log" | has_info &&
        host=$(rest nimbus/summary "d['nimbuses'][0]['host']") &&
        answer ui 8080 "/daemonlog?host=$host&file=nimbus.log" | has_info
}
logs_are_on_the_console() { compose logs --no-color nimbus1 | has_info; }
# Those of the REST interface name the machines: they work inside of the network.
rest_links_work() {
    local link
    for link in "$(rest "topology/$(topology_id)" "d['workers'][0]['workerLogLink']")" \
        "$(rest supervisor/summary "d['supervisors'][0]['logLink']")" "$(rest nimbus/summary "d['nimbuses'][0]['nimbusLogLink']")"; do
        compose exec -T nimbus1 python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' \
            "$link" | has_info || { echo "nothing at $link"; return 1; }
    done
}

# The image that the profile names, or, where no registry can be reached, the same program of Debian.
choose_prometheus() {
    local named=${PROMETHEUS_IMAGE:-prom/prometheus:v2.53.5}
    if docker image inspect "$named" >/dev/null 2>&1 || docker pull -q "$named" >/dev/null 2>&1; then return; fi
    note "$named cannot be had; Debian's prometheus takes its place"
    export PROMETHEUS_IMAGE=$debian_prometheus
}
prometheus_image() {
    [[ ${PROMETHEUS_IMAGE:-} == "$debian_prometheus" ]] || return 0
    docker build -q -t "$debian_prometheus" - <<'DOCKERFILE'
FROM debian:bookworm-slim
RUN apt-get update -q && apt-get install -y -q --no-install-recommends prometheus && rm -rf /var/lib/apt/lists/* \
    && install -d -o prometheus /prometheus
USER prometheus
ENTRYPOINT ["prometheus"]
DOCKERFILE
}
prometheus_up() { compose --profile monitoring up -d --no-build prometheus; }
# Every kind of target is scraped: two nimbuses, three supervisors, the web page, the topology's workers.
everything_is_scraped() {
    json 'sorted((t["labels"]["job"], t["health"]) for t in d["data"]["activeTargets"] if t["labels"]["job"] != "storm-worker")
        == [("storm-nimbus", "up")] * 2 + [("storm-supervisor", "up")] * 3 + [("storm-ui", "up")]
        and sum(t["labels"]["job"] == "storm-worker" and t["health"] == "up" for t in d["data"]["activeTargets"]) >= 3' \
        answer prometheus 9090 /api/v1/targets
}
# What Grafana would show is there: each panel's expression has a value.
dashboards_have_data() {
    "$root/Tests/EndToEnd/dashboards.py" ask "http://$(published prometheus 9090)" wc \
        "$here"/monitoring/grafana/dashboards/*.json
}
rules_are_loaded() { json 'sum(len(g["rules"]) for g in d["data"]["groups"]) > 0' answer prometheus 9090 /api/v1/rules; }

gone_after_kill() { [[ -z $(storm_in list --names 2>/dev/null) ]]; }

docker version >/dev/null 2>&1 || die "no docker engine answers; set DOCKER_HOST, or start one"
check "the images are built" images
check "the cluster comes up" compose up -d --no-build --scale supervisor=2
check "all containers are healthy" wait_until 120 all_healthy 2
check "two supervisors are registered" wait_until 40 supervisors_are 2
check "the example is submitted from the host with one command" client jar /opt/storm/examples/WordCount wc \
    --output /tmp/counts.tsv /usr/share/common-licenses/GPL-3 -c topology.workers=2
check "storm health in a container" json 'd["healthy"]' storm_in health --json
check "the web page's REST interface answers on its port" json 'd["supervisors"] == 2' answer ui 8080 /api/v1/cluster/summary
check "storm list shows it" json 'd[0]["name"] == "wc" and d[0]["status"] == "ACTIVE"' storm_in list --json
check "its two workers run on two machines" wait_until 40 hosts_are 2
check "both report" wait_until 60 beats_are 2
check "counts appear" wait_until 60 counts_appear
check "counting goes on" counting_goes_on
check "the web page shows the log of a worker" wait_until 20 shows_worker_log
check "and those of a supervisor and a nimbus" wait_until 20 shows_daemon_logs
check "the links of the REST interface lead to them, too" rest_links_work
check "docker logs shows what nimbus says" logs_are_on_the_console
check "scaled up to three supervisors" compose up -d --no-build --no-recreate --scale supervisor=3
check "the third one is registered" wait_until 60 supervisors_are 3
check "rebalance to three workers" client rebalance wc -n 3
check "they run on three machines" wait_until 90 hosts_are 3
check "counting goes on after the rebalance" counting_goes_on
check "one supervisor less: its slots are emptied first" scaled_down
check "nothing has failed, in a rebalance and a stopped supervisor" wait_until 20 nothing_failed
check "and one more again" compose up -d --no-build --no-recreate --scale supervisor=3
choose_prometheus
check "an image of Prometheus" prometheus_image
check "the profile monitoring's Prometheus comes up" prometheus_up
check "it scrapes every daemon and every worker" wait_until 90 everything_is_scraped
check "it has the alert rules" rules_are_loaded
check "every panel of the dashboards has data" wait_until 90 dashboards_have_data
check "a supervisor's container crashes and heals" supervisor_heals
check "each nimbus crashes, and the cluster answers" nimbus_heals
check "one ZooKeeper server of three stops, and nobody misses it" zookeeper_is_missed_by_nobody
check "the topology is killed" client kill wc -w 2
check "it is gone" wait_until 60 gone_after_kill
[[ $keep ]] || check "the cluster goes down" compose --profile monitoring down --volumes --timeout 30
if [[ ! $keep ]]; then
    check "the smallest cluster comes up" single up -d --no-build
    check "it takes a topology" wait_until 60 single exec -T nimbus storm jar /opt/storm/examples/WordCount small --output /tmp/counts.tsv \
        /usr/share/common-licenses/GPL-3
    check "which counts" wait_until 60 single exec -T supervisor test -s /tmp/counts.tsv.live
    check "and goes down" single down --volumes --timeout 30
fi
check_summary
