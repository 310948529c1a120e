# shellcheck shell=bash
# Drills in which a daemon that lives loses its ZooKeeper session: its connection, and none of its neighbours', is cut for
# longer than the time-out. Sourced by drills.sh.
# shellcheck disable=SC2154  # set by the files sourced around this one

# znode_session PATH: the session that keeps an ephemeral znode; nothing when there is no such znode.
znode_session() { cluster_storm zk get "$1" --json 2>/dev/null | sed -nE 's/.*"session" *: *"([^"]*)".*/\1/p' | head -n 1; }
znode_is_there() { [[ $(znode_session "$1") ]]; }
znode_is_gone() { ! cluster_storm zk get "$1" >/dev/null 2>&1 && ensemble_serves; }
# znode_has_other_session PATH SESSION
znode_has_other_session() { local now; now=$(znode_session "$1") && [[ $now && $now != "$2" ]]; }

supervisor_znode() { printf 'supervisors/%s\n' "$(<"$cluster_dir/$1/local/supervisor/supervisor-id")"; }
nimbus_znode() { printf 'nimbuses/%s:6627\n' "$(machine_ip "$1")"; }
# worker_znode PID: of a worker with the first task of the bolt in the middle.
worker_znode() {
    local file=("$drill_folder/work-0-"*"-$1.records") port
    port=${file[0]##*/work-0-}
    printf 'workerbeats/%s/%s-%s\n' "$(topology_id)" "$(<"$cluster_dir/$(machine_of "$1")/local/supervisor/supervisor-id")" \
        "${port%%-*}"
}
# assignment: the znode with all that tells whether anybody has written it.
assignment() { cluster_storm zk get "assignments/$(topology_id)" --json; }

# expire_session MACHINE PID PATH: cuts the process off from ZooKeeper until the ephemeral znode is gone, and for the seconds
# after that if given; it must make the znode again, in another session.
expire_session() {
    local before
    before=$(znode_session "$3")
    [[ $before ]] || { fault "nobody keeps $3"; return 1; }
    incident
    process_cut "$1" "$2" 2181 || { fault "the process cannot be cut off: is there no firewall here?"; return 1; }
    # Up to two thirds of the time-out may pass before its client gives up a connection, which is heard in part.
    expect "the session of $3 does not expire" wait_until $((session_seconds * 2 + 4)) znode_is_gone "$3"
    ((${4:-0} == 0)) || sleep "$4"
    process_mend "$1"
    expect "$3 does not come back in another session" wait_until 20 znode_has_other_session "$3" "$before"
    note "$drill_name: session of $3 was $before, is $(znode_session "$3")"
}

# session_begin NAME: as drill_begin; sets `assigned`, which session_end compares.
session_begin() {
    drill_begin "$1" || return
    assigned=$(assignment) || { fault "the assignment cannot be read"; return 1; }
}
session_end() {
    must "something was assigned anew" test "${assigned:-}" == "$(assignment)"
    nothing_happened
    drill_end
}

# A leader without its session leads no more, although its clients still reach it; another one does, and only that one.
drill_nimbus_session_expired() {
    local leader assigned="" lost
    if session_begin nimbus-session-expired; then
        leader=$(nimbus_leader) || fault "nobody leads"
        lost=$(lost_leaderships "$leader")
        expire_session "$leader" "${daemon_pid[$leader]}" "$(nimbus_znode "$leader")" || true
        expect "the old leader does not say that it lost the leadership" \
            test "$(lost_leaderships "$leader")" -gt "$lost"
        expect_new_leader "$leader"
        must "not exactly one leader" test "$(leaders | wc -l)" == 1
    fi
    session_end
}
lost_leaderships() { grep -c "no longer the leader" "$cluster_dir/$1/logs/nimbus.log" || true; }
# leaders: the machines of all nimbuses whose process said last that it leads.
leaders() {
    local name line
    for name in "${nimbuses[@]}"; do
        daemon_lives "$name" || continue
        line=$(awk '/nimbus: nimbus listens/ { last = "" } /nimbus: (leads|no longer the leader)/ { last = $0 }
            END { print last }' "$cluster_dir/$name/logs/nimbus.log")
        [[ $line != *"nimbus: leads"* ]] || printf '%s\n' "$name"
    done
}

# A supervisor is only a name to the others: without it its workers are as alive as before.
drill_supervisor_session_expired() {
    local pid machine assigned=""
    if session_begin supervisor-session-expired; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        # Longer than nimbus waits for a machine that is gone.
        expire_session "$machine" "${daemon_pid[$machine]}" "$(supervisor_znode "$machine")" 3 || true
        must "the supervisor ended" daemon_lives "$machine"
    fi
    session_end
}

# A worker whose supervisor is there keeps its tasks until nimbus.task.timeout.secs (15).
drill_worker_session_expired() {
    local pid assigned=""
    if session_begin worker-session-expired; then
        pid=$(task_pid work 0)
        expire_session "$(machine_of "$pid")" "$pid" "$(worker_znode "$pid")" || true
        must "the worker is another process" test "$pid" == "$(task_pid work 0)"
    fi
    session_end
}
