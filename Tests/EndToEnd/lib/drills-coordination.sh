# shellcheck shell=bash
# Drills that end ZooKeeper servers, or empty them. What runs needs none of them. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

kill_zookeeper() {
    local name
    name=$(zookeeper_with_mode "$1") || { fault "no $1 among the ZooKeeper servers"; return; }
    incident
    daemon_kill "$name"
    sleep $((session_seconds + 2))
    zookeeper_start "$name"
    sleep 2
}
drill_zookeeper_follower_kill() {
    drill_begin zookeeper-follower-kill && kill_zookeeper follower
    nothing_happened
    drill_end
}
drill_zookeeper_leader_kill() {
    drill_begin zookeeper-leader-kill && kill_zookeeper leader
    nothing_happened
    drill_end
}

# The whole ensemble is away (DRILL_AWAY_SECONDS); a worker that dies meanwhile is restarted by its supervisor alone.
drill_ensemble_away() {
    local name pid before
    if drill_begin ensemble-away; then
        before=$(worker_pids | sort)
        for name in "${zookeepers[@]}"; do daemon_kill "$name"; done
        sleep $((session_seconds + 2))
        must "a worker died with ZooKeeper" test "$before" == "$(worker_pids | sort)"
        pid=$(task_pid work 0)
        incident
        kill -KILL "$pid"
        sleep $((${DRILL_AWAY_SECONDS:-60} - session_seconds - 2))
        for name in "${zookeepers[@]}"; do zookeeper_start "$name"; done
        wait_until 40 ensemble_serves || fault "ZooKeeper does not come back"
        # What a wrong reassignment would need.
        sleep $((session_seconds + 6))
        expect "not three workers after ZooKeeper came back" workers_are 3
    fi
    drill_verdict
    within reopenedMilliseconds 500
    within flowsAgainMilliseconds 1000
    within lastReplayMilliseconds 1000
    within fullRateMilliseconds 2000
    # In the second of the kill fewer may come.
    within slowSeconds 1
    must "workers were restarted besides the one that was killed" reopened_at_most_one_worker
    drill_end
}
# Eight tasks with a diary in three workers: the killed worker has some of them.
reopened_at_most_one_worker() {
    local pids
    pids=$(printf '%s\n' "$drill_folder"/*.records | sed -E 's/.*-([0-9]+)\.records/\1/' | sort -u | wc -l)
    ((pids <= 4))
}

# ZooKeeper has forgotten everything: all daemons say so, running workers go on, code is kept.
drill_zookeeper_wiped() {
    local name before
    if drill_begin zookeeper-wiped; then
        before=$(worker_pids | sort)
        for name in "${zookeepers[@]}"; do daemon_kill "$name"; done
        for name in "${zookeepers[@]}"; do
            rm -rf -- "$cluster_dir/$name/data"
            zookeeper_prepare "$name"
        done
        incident
        for name in "${zookeepers[@]}"; do zookeeper_start "$name"; done
        wait_until 40 ensemble_serves || fault "ZooKeeper does not come back"
        sleep $((session_seconds + 10))
        must "workers were killed or restarted" test "$before" == "$(worker_pids | sort)"
        must "the code is gone from the supervisors" topology_id >/dev/null
        for name in "${nimbuses[@]}"; do
            expect "$name does not say that the store was wiped" wait_until 10 said_since "$incident_ms" \
                "$cluster_dir/$name/logs/nimbus.log" "the coordination store was wiped: it has forgotten all topologies"
        done
        for name in "${supervisors[@]}"; do
            expect "$name does not say what was forgotten" wait_until 10 said_since "$incident_ms" \
                "$cluster_dir/$name/logs/supervisor.log" "ZooKeeper was wiped: it has forgotten $drill_name-"
        done
        # No nimbus knows the topology any more.
        drill_has_ledger=""
    fi
    drill_verdict
    none failed
    none replayed
    # Nobody knows the topology any more: its workers are ended here.
    local pids
    mapfile -t pids < <(worker_pids)
    cluster_storm kill -w 0 "$drill_name" >/dev/null 2>&1 || true
    for name in "${supervisors[@]}"; do daemon_kill "$name"; done
    ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null || true
    wait_until 10 workers_are 0 || fault "workers are left"
    for name in "${supervisors[@]}"; do rm -rf -- "$cluster_dir/$name/local"; mkdir -p -- "$cluster_dir/$name/local"; done
    drill_report
}
