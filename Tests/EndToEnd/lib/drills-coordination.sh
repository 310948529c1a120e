# shellcheck shell=bash
# Drills that end nimbuses and ZooKeeper servers. None of them is needed by what runs. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# nothing_happened: no message failed, no worker was restarted, and the flow did not stop.
nothing_happened() {
    drill_verdict
    expect "something failed" test "$(json_number failed <<<"$verdict")" == 0
    expect "a worker was restarted" test -z "$(json_number reopenedMilliseconds <<<"$verdict")"
    within longestGapMilliseconds 250
}
# The other nimbus leads; so long after the old one's session that it may have been the lease that ended.
new_leader() { local leader; leader=$(nimbus_leader) && [[ $leader != "$1" ]] && nimbus_answers; }
expect_new_leader() {
    local started
    started=$(now_ms)
    expect "no new leader" wait_until $(((session_seconds + 2) * drill_patience)) new_leader "$1"
    note "$drill_name: the new leader answered after $(($(now_ms) - started)) ms"
}

drill_nimbus_leader_kill() {
    local leader
    if drill_begin nimbus-leader-kill; then
        leader=$(nimbus_leader) || fault "nobody leads"
        incident
        daemon_kill "$leader"
        expect_new_leader "$leader"
        nimbus_start "$leader"
        sleep 3
    fi
    nothing_happened
    drill_end
}

# A leader that sleeps longer than its session must not act on what it believed before.
drill_nimbus_stopped() {
    local leader
    if drill_begin nimbus-stopped; then
        leader=$(nimbus_leader) || fault "nobody leads"
        incident
        daemon_signal "$leader" STOP
        expect_new_leader "$leader"
        daemon_signal "$leader" CONT
        sleep 4
        expect "the old leader does not say that it lost the leadership" \
            grep -q "no longer the leader" "$cluster_dir/$leader/logs/nimbus.log"
    fi
    nothing_happened
    drill_end
}

# The leader dies while a topology comes in. The client is told, or it is done; after one more attempt it runs, once.
drill_nimbus_kill_in_submit() {
    local leader client status=0 output=$cluster_dir/submit.out
    drill_name=nimbus-kill-in-submit
    drill_folder=$cluster_dir/check-$drill_name
    drill_faults=()
    cluster_mend || true
    leader=$(nimbus_leader) || fault "nobody leads"
    incident
    cluster_storm jar "$bin/Checker" "$drill_name" --folder "$drill_folder" --rate "$drill_rate" \
        -c topology.workers=3 >"$output" 2>&1 &
    client=$!
    # While the code is on its way, or just after.
    sleep "0.$((RANDOM % 6 + 1))"
    daemon_kill "$leader"
    wait "$client" || status=$?
    note "$drill_name: the client ended with $status: $(tail -n 1 "$output")"
    expect_new_leader "$leader"
    nimbus_start "$leader"
    if ((status != 0)) && ! cluster_storm list 2>/dev/null | grep -q "^$drill_name "; then
        expect "the second attempt failed" cluster_storm jar "$bin/Checker" "$drill_name" --folder "$drill_folder" \
            --rate "$drill_rate" -c topology.workers=3
    fi
    expect "no messages flow" wait_until 40 flowing "$drill_rate"
    expect "not exactly three workers" wait_until 20 workers_are 3
    drill_verdict
    drill_end
}

# The leader dies while a topology is being killed: it goes all the same.
drill_nimbus_kill_in_kill() {
    local leader
    if drill_begin nimbus-kill-in-kill; then
        drill_verdict
        leader=$(nimbus_leader) || fault "nobody leads"
        cluster_storm kill -w 3 "$drill_name" >/dev/null || fault "kill was refused"
        incident
        daemon_kill "$leader"
        expect_new_leader "$leader"
        expect "its workers are left" wait_until 30 workers_are 0
        expect "the topology is still listed" wait_until 30 topology_is_gone
        nimbus_start "$leader"
    fi
    drill_report
}
topology_is_gone() { nimbus_answers && ! cluster_storm list 2>/dev/null | grep -q "^$drill_name "; }

drill_nimbus_kill_in_rebalance() {
    local leader
    if drill_begin nimbus-kill-in-rebalance; then
        leader=$(nimbus_leader) || fault "nobody leads"
        cluster_storm rebalance "$drill_name" -w 2 -n 2 >"$cluster_dir/rebalance.out" 2>&1 ||
            fault "rebalance was refused: $(tail -n 1 "$cluster_dir/rebalance.out")"
        incident
        daemon_kill "$leader"
        expect_new_leader "$leader"
        nimbus_start "$leader"
        expect "not two workers after the rebalance" wait_until 40 workers_are 2
        sleep 3
    fi
    drill_verdict
    drill_end
}

kill_zookeeper() {
    local name
    name=$(zookeeper_with_mode "$1") || { fault "no $1 among the ZooKeeper servers"; return; }
    incident
    daemon_kill "$name"
    sleep $((session_seconds + 4))
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
        expect "a worker died with ZooKeeper" test "$before" == "$(worker_pids | sort)"
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
    within lastReplayMilliseconds 1500
    expect "not the full rate while ZooKeeper was away: $(json_number slowSeconds <<<"$verdict") slow seconds" \
        no_slow_seconds
    expect "workers were restarted besides the one that was killed" reopened_at_most_one_worker
    drill_end
}
# In the second of the kill fewer may come.
no_slow_seconds() { (($(json_number slowSeconds <<<"$verdict") <= 1)); }
# Eight tasks with a diary in three workers: the killed worker has some of them.
reopened_at_most_one_worker() {
    local pids
    pids=$(printf '%s\n' "$drill_folder"/*.records | sed -E 's/.*-([0-9]+)\.records/\1/' | sort -u | wc -l)
    ((pids <= 4))
}

# ZooKeeper has forgotten everything: daemons say so, running workers go on, code is kept.
drill_zookeeper_wiped() {
    local name before logs=("$cluster_dir"/*/logs/*.log)
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
        expect "workers were killed or restarted" test "$before" == "$(worker_pids | sort)"
        expect "the code is gone from the supervisors" topology_id >/dev/null
        expect "no daemon says that ZooKeeper was wiped" grep -qiE 'wiped|emptied|forgotten|lost its data' "${logs[@]}"
    fi
    drill_verdict
    expect "something failed" test "$(json_number failed <<<"$verdict")" == 0
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
