# shellcheck shell=bash
# A cluster of daemons that this script starts one by one, so that any of them can be killed and started again. Sourced
# after on-a-cluster.sh; it takes the place of its cluster_start. The caller sets `storm` and `scratch`.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

scratch=${scratch:-}
storm=${storm:-}
nimbus_port=""
ui_port=""
declare -A daemon_pid=()
own_daemons=(dev-zookeeper nimbus supervisor ui)

free_ports() {
    python3 -c '
import socket, sys
all = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in all: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in all))' "$1"
}

# daemon_start NAME: it dies with this script.
daemon_start() {
    (cd -- "$cluster_dir" && exec env "CHECK_MARK=$check_mark" setsid setpriv --pdeathsig KILL \
        "$storm" "$1" --config "$cluster_dir/conf/storm.yaml" -c "storm.local.dir=$cluster_dir/$1" \
        -c "storm.log.dir=$cluster_dir/logs/$1" </dev/null >>"$cluster_dir/logs/$1.out" 2>&1) &
    daemon_pid[$1]=$!
}
# daemon_kill NAME: kill -9, and waits for its end.
daemon_kill() {
    kill -KILL "${daemon_pid[$1]}" 2>/dev/null || true
    wait "${daemon_pid[$1]}" 2>/dev/null || true
}
cluster_answers() { cluster_storm list >/dev/null 2>&1; }
supervisor_is_there() { [[ $(cluster_storm list --json >/dev/null 2>&1 && curl -s -m 5 "http://127.0.0.1:$ui_port/api/v1/supervisor/summary") == *'"slotsTotal":2'* ]]; }

# daemons_start DIR: returns when the supervisor has joined.
daemons_start() {
    local name ports
    cluster_dir=$1
    read -r -a ports < <(free_ports 5)
    nimbus_port=${ports[1]}
    ui_port=${ports[2]}
    mkdir -p -- "$cluster_dir/conf" "$cluster_dir/logs"
    cat >"$cluster_dir/conf/storm.yaml" <<YAML
storm.zookeeper.servers: ["127.0.0.1"]
storm.zookeeper.port: ${ports[0]}
dev.zookeeper.path: $cluster_dir/zookeeper
nimbus.seeds: ["127.0.0.1"]
nimbus.thrift.port: $nimbus_port
nimbus.http.port: 0
supervisor.http.port: 0
supervisor.slots.ports: [${ports[3]}, ${ports[4]}]
storm.local.hostname: 127.0.0.1
ui.host: 127.0.0.1
ui.port: $ui_port
YAML
    daemon_start dev-zookeeper
    wait_until 40 grep -qs 'zookeeper ready' "$cluster_dir/logs/dev-zookeeper.out" || die "no ZooKeeper: $(tail -n 5 "$cluster_dir/logs/dev-zookeeper.out")"
    for name in nimbus supervisor ui; do daemon_start "$name"; done
    wait_until 60 cluster_answers || die "no nimbus: $(tail -n 5 "$cluster_dir/logs/nimbus.out")"
    wait_until 60 supervisor_is_there || die "no supervisor: $(tail -n 5 "$cluster_dir/logs/supervisor.out")"
}

# daemons_stop: each is asked to stop; 1 when one does not in 30 s.
daemons_stop() {
    local name
    for name in ui supervisor nimbus dev-zookeeper; do
        kill -TERM "${daemon_pid[$name]}" 2>/dev/null || { echo "$name did not run any more"; return 1; }
        wait_until 30 daemon_ended "$name" || { echo "$name does not stop"; return 1; }
    done
}
daemon_ended() { ! kill -0 "${daemon_pid[$1]}" 2>/dev/null; }
